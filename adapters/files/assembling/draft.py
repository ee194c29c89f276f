"""A ticket while it is put together: its lines and what settles them, before it is decided how they belong together."""

from dataclasses import dataclass, field

from domain.records import Discount, Item, NonSale, Payment, Refund, Surcharge, Tax, VoidEntry, VoidMark


@dataclass(slots=True)
class Voided:
    """A row of Voids: what it says of a line that may or may not be among the ticket's.

    Attributes:
        id: on the ticket.
        number: of the menu item, or empty.
        amount_cents: without sign.
        quantity_milli: thousandths, without sign.
        mark: why, when and by whom.
    """

    id: str
    number: str
    amount_cents: int
    quantity_milli: int
    mark: VoidMark


@dataclass(slots=True)
class Refunded:
    """A row of Refunds, and what it is where the ticket's own lines have to hold it.

    Attributes:
        refund: beside the lines.
        line: what was sold, taken back; without tax.
        payment: what was paid, given back; with tax.
    """

    refund: Refund
    line: Item
    payment: Payment


@dataclass(slots=True)
class Draft:
    """What the files say about one check.

    Attributes:
        items: lines of Sales Detail, modifiers after their parents.
        repeats: lines that may have been sold as often as they stand in the file, or stand in it more than once.
        given: comps and promos of the lines.
        stated: rows of Discounts, which may say the same once more.
        payments: as stated.
        voided: rows of Voids.
        refunded: rows of Refunds.
        taxes: rows of Tax Details, summed by name.
        entries: the payment sides of voided lines, once that is decided.
    """

    items: list[Item] = field(default_factory=list)
    repeats: list[Item] = field(default_factory=list)
    given: list[Discount] = field(default_factory=list)
    stated: list[Discount] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    voided: list[Voided] = field(default_factory=list)
    refunded: list[Refunded] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)
    surcharges: list[Surcharge] = field(default_factory=list)
    non_sales: list[NonSale] = field(default_factory=list)
    entries: list[VoidEntry] = field(default_factory=list)

    @property
    def plain(self) -> bool:
        """It has nothing but lines that were sold once, with their comps and promos, and payments: nothing is open."""
        return not (self.repeats or self.stated or self.voided or self.refunded or self.taxes)

    @property
    def left_cents(self) -> int:
        """What the identity leaves: credits less debits, as the files state them.

        Taxes that are inside the prices count with these; rows of Voids and Refunds count on neither side; tips stand
        on both.
        """
        return (
            sum([item.amount_cents for item in self.items])
            + sum([charge.amount_cents for charge in self.surcharges])
            + sum([sale.amount_cents for sale in self.non_sales])
            + sum([tax.amount_cents for tax in self.taxes if not tax.inclusive])
            - sum([payment.amount_cents for payment in self.payments])
            - sum([discount.amount_cents for discount in self.given])
            - sum([discount.amount_cents for discount in self.stated])
        )
