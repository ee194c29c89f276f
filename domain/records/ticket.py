"""Sales tickets, and voids of tickets that were closed on an earlier day."""

import datetime as dt

import msgspec


class Tax(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One tax by its name.

    Attributes:
        name: the tax's name at the source.
        amount_cents: the source's own amount, never recomputed from a rate.
        inclusive: the tax was inside the price that the guest saw.
    """

    name: str
    amount_cents: int
    inclusive: bool = False


class VoidMark(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Why, when and by whom a line was voided."""

    reason: str = ""
    at: dt.datetime | None = None
    by: str = ""


class Item(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of sales details: a menu item or a modifier.

    Attributes:
        id: the line's id on the ticket.
        name: the menu item's name.
        category: the source's category.
        amount_cents: the line's gross amount before discounts and without inclusive taxes; negative when refunded.
        price_cents: the price of one.
        quantity_milli: thousandths; 1000 is one piece.
        parent: the line that a modifier belongs to, or empty.
        taxes: the line's taxes as the source states them.
        void: set when the line was voided; its amount then has a pair among the ticket's void entries.
        number: the menu item's number, where the source numbers its menu.
        revenue_center: where it was sold, if elsewhere than the ticket says.
        by: the employee who added it, by the source's staff id, if another than the ticket's server.
        split_from: the line that this one was split from by an option, or empty.
        source_name: the source's name where an option gave the line another.
        source_category: the source's category where an option put the line into another.
    """

    id: str
    name: str
    category: str
    amount_cents: int
    price_cents: int
    quantity_milli: int = 1000
    parent: str = ""
    taxes: tuple[Tax, ...] = ()
    void: VoidMark | None = None
    number: str = ""
    revenue_center: str = ""
    by: str = ""
    split_from: str = ""
    source_name: str = ""
    source_category: str = ""


class Discount(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A discount, comp or promo; it counts on the payment side of the ticket identity.

    Attributes:
        id: the source's id.
        name: the configured name, for example ``Open Discount``.
        amount_cents: what it takes off, positive (negative when it was taken back by a refund).
        kind: ``discount``, ``comp`` or ``promo``.
        custom_name: what the manager typed, where the source keeps it.
        item: the line it was given on, or empty for the whole ticket.
        at: UTC, when it was given, where the source says so.
        by: the employee who gave it, by the source's staff id.
        drawer: the drawer that it is booked on.
        source_name: the source's name where an option gave it another.
    """

    id: str
    name: str
    amount_cents: int
    kind: str = "discount"
    custom_name: str = ""
    item: str = ""
    at: dt.datetime | None = None
    by: str = ""
    drawer: str = ""
    source_name: str = ""


class Payment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Money (or a charge to an account) that settled a ticket.

    Attributes:
        id: the source's id.
        tender: the tender's name.
        amount_cents: without tip and gratuity; negative when refunded.
        tip_cents: the tip on it.
        gratuity_cents: the automatic gratuity on it, beside the tip; it is owed to the staff as a tip is.
        gratuity_name: what the source calls that.
        number: the tender's number, where the source numbers its tenders.
        tender_type: the tender's type (``cash`` or another word), where the source says so.
        at: UTC.
        by: the employee who took it, by the source's staff id.
        card: the last four digits of the card.
        drawer: the drawer that it is booked on.
    """

    id: str
    tender: str
    amount_cents: int
    tip_cents: int = 0
    gratuity_cents: int = 0
    gratuity_name: str = ""
    number: str = ""
    tender_type: str = ""
    at: dt.datetime | None = None
    by: str = ""
    card: str = ""
    drawer: str = ""


class Surcharge(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A charge on top of the sales, for example a service fee: a credit that is no sale.

    Attributes:
        id: the source's id on the ticket.
        name: what it is called.
        amount_cents: without tax.
        revenue_center: where it was charged, if elsewhere than the ticket says.
        at: UTC.
        by: the employee, by the source's staff id.
    """

    id: str
    name: str
    amount_cents: int
    revenue_center: str = ""
    at: dt.datetime | None = None
    by: str = ""


class NonSale(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Revenue that is no sale yet, for example a gift card or an event deposit: a credit beside the sales.

    Attributes:
        id: the source's id on the ticket.
        name: what it is called.
        amount_cents: what was taken for it.
        quantity_milli: thousandths; 1000 is one.
        revenue_center: where it was taken, if elsewhere than the ticket says.
        at: UTC.
        by: the employee, by the source's staff id.
    """

    id: str
    name: str
    amount_cents: int
    quantity_milli: int = 1000
    revenue_center: str = ""
    at: dt.datetime | None = None
    by: str = ""


class Refund(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Money given back that the source lists beside the ticket's lines: it takes from sales, tax and tender alike.

    So it leaves the ticket identity as it is. Where the source has the refund among its lines as well (negative items
    and payments), these count, and :attr:`in_details` says so.

    Attributes:
        id: the source's id on the ticket.
        name: what it is called.
        amount_cents: all that was given back, tax included, positive.
        tax_cents: the tax in it.
        tax_name: the tax's name.
        tender: how it was given back.
        item: the menu item's number, or empty for a refund of no item.
        quantity_milli: thousandths; 1000 is one.
        service_type: in which it happened, if in another than the ticket says.
        revenue_center: where it happened, if elsewhere than the ticket says.
        at: UTC.
        by: the employee, by the source's staff id.
        manager: the manager who approved it, by the source's staff id.
        drawer: the drawer that it is booked on.
        notes: as typed.
        category: of the refunded item, where that is known.
        in_details: the ticket's own lines hold it already: it counts there, and is only shown here.
    """

    id: str
    name: str
    amount_cents: int
    tax_cents: int = 0
    tax_name: str = ""
    tender: str = ""
    item: str = ""
    quantity_milli: int = 1000
    service_type: str = ""
    revenue_center: str = ""
    at: dt.datetime | None = None
    by: str = ""
    manager: str = ""
    drawer: str = ""
    notes: str = ""
    category: str = ""
    in_details: bool = False


class VoidEntry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The payment side of a voided line: a void is a pair of a detail and this entry.

    Attributes:
        item: the voided line.
        amount_cents: equal to the line's amount.
        matched: the source had a payment record for it; where not, the entry was made so that the pair is whole.
        late: the line was voided on a later business date, where it counts as a :class:`LateVoid`: here the sale
            stands, and what was given back since is an adjustment.
    """

    item: str
    amount_cents: int
    matched: bool = True
    late: bool = False


class Adjustment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What the ticket identity leaves unexplained, as a line of its own; it never disappears into sales.

    Attributes:
        cause: a code such as ``item_check_tax_difference``.
        amount_cents: added to the credit side, this makes the identity hold.
        credits_cents: one of the two figures that disagree (what was sold, or the item-level tax).
        debits_cents: the other (what settled it, or the check-level tax).
    """

    cause: str
    amount_cents: int
    credits_cents: int
    debits_cents: int


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A sales ticket (a check) with everything on it. Key: :attr:`id`.

    ``sum(items) + sum(surcharges) + sum(non_sales) + sum(taxes) + facilitator tax + tips + sum(adjustments)
    = sum(payments) + facilitator tax + tips + sum(discounts) + sum(voids)``, tips with gratuities. The facilitator
    tax stands on both sides, or on none (which is the configuration's choice); refunds that are listed beside the lines
    take from both sides alike.

    Attributes:
        id: the source's permanent id.
        number: the receipt number that people see.
        business_date: the date that the source booked it on.
        opened_at: UTC.
        closed_at: UTC, or None while the ticket is open.
        service_type: for example ``Dine In``.
        revenue_center: for example ``Bar``.
        server: the employee who served, by the source's staff id, or empty.
        guests: guest count.
        taxes: by name, as they count on the day (which is the configuration's choice).
        stated_tax_cents: the tax of the whole check as the source stated it.
        stated_taxes: the check's taxes by name, where the source states them for the check and not for its items.
        tax_cents: what counts: the sum of :attr:`taxes`.
        facilitator_tax_cents: tax that a marketplace collects and pays, as the source stated it; never our own tax.
        facilitator_tax_counts: it counts on both sides of the identity (which is the configuration's choice).
        table: the table's name or number.
        source_service_type: the source's service type where an option gave the ticket another.
        share: which part of the source's ticket this is, where a venue's centers are locations of their own: the
            centers whose lines are on it, comma-separated; empty for a whole ticket.
        clock: how local times that exist twice were read (``first`` or ``second``), where one was.
    """

    id: str
    number: str
    business_date: dt.date
    opened_at: dt.datetime
    closed_at: dt.datetime | None = None
    service_type: str = ""
    revenue_center: str = ""
    server: str = ""
    guests: int = 0
    items: tuple[Item, ...] = ()
    discounts: tuple[Discount, ...] = ()
    payments: tuple[Payment, ...] = ()
    voids: tuple[VoidEntry, ...] = ()
    taxes: tuple[Tax, ...] = ()
    stated_tax_cents: int = 0
    tax_cents: int = 0
    facilitator_tax_cents: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    facilitator_tax_counts: bool = False
    stated_taxes: tuple[Tax, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    non_sales: tuple[NonSale, ...] = ()
    refunds: tuple[Refund, ...] = ()
    table: str = ""
    source_service_type: str = ""
    share: str = ""
    clock: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id


class LateVoid(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A void after the close of its ticket's day: it counts on the business date of the void. Key: :attr:`id`.

    Attributes:
        id: the source's id of the void.
        ticket: the ticket it was on.
        ticket_date: the ticket's business date, earlier than the void's.
        item: the voided line, or empty for the whole ticket.
        amount_cents: what was taken back, positive.
        reason: as the source says it.
        at: UTC.
        by: the employee, by the source's staff id.
    """

    id: str
    ticket: str
    ticket_date: dt.date
    amount_cents: int
    item: str = ""
    reason: str = ""
    at: dt.datetime | None = None
    by: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.id
