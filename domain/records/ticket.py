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


class Discount(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A discount, comp or promo; it counts on the payment side of the ticket identity.

    Attributes:
        id: the source's id.
        name: the configured name, for example ``Open Discount``.
        amount_cents: what it takes off, positive (negative when it was taken back by a refund).
        kind: ``discount``, ``comp`` or ``promo``.
        custom_name: what the manager typed, where the source keeps it.
        item: the line it was given on, or empty for the whole ticket.
    """

    id: str
    name: str
    amount_cents: int
    kind: str = "discount"
    custom_name: str = ""
    item: str = ""


class Payment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Money (or a charge to an account) that settled a ticket.

    Attributes:
        id: the source's id.
        tender: the tender's name.
        amount_cents: without the tip; negative when refunded.
        tip_cents: the tip on it.
    """

    id: str
    tender: str
    amount_cents: int
    tip_cents: int = 0


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

    ``sum(items) + sum(taxes) + tips + sum(adjustments) = sum(payments) + tips + sum(discounts) + sum(voids)``

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
        tax_cents: what counts: the sum of :attr:`taxes`.
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
