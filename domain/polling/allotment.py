"""What each revenue center gets of a ticket whose lines are of several: settled once, for whoever asks for which."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from domain.polling.apportion import Row, share, spread
from domain.polling.identity import ITEM_CHECK_TAX_DIFFERENCE, LATE_VOID
from domain.records import Discount, Item, NonSale, Refund, Surcharge, Tax, Ticket, VoidEntry

NO_CENTER: Final = "(none)"
"""The center of what names none."""

Line = Item | Surcharge | NonSale | Refund
T = TypeVar("T")


def centers_of(ticket: Ticket) -> list[str]:
    """The revenue centers of a ticket's lines, by name; the ticket's own where it has no line."""
    own = ticket.revenue_center or NO_CENTER
    if ticket.surcharges or ticket.non_sales or ticket.refunds:
        lines: list[Line] = [*ticket.items, *ticket.surcharges, *ticket.non_sales, *ticket.refunds]
        return sorted({line.revenue_center or own for line in lines})
    found = {own}
    for item in ticket.items:
        if item.revenue_center:
            found = {item.revenue_center or own for item in ticket.items}
            break
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Allotment:
    """What each center gets of a ticket, in cents; rows of one list stand in the order in which the ticket lists it.

    Attributes:
        centers: by name: the columns.
        items: the column of each item; likewise of each surcharge, non-sale, refund and void entry.
        guests: a number.
        facilitator_tax: a marketplace's.
        stated_tax: the check's.
        taxes: the taxes that count.
        stated_taxes: those that the check states by name.
        discounts: those on a line, with it, and those on the whole ticket.
        payments: without tips and gratuities.
        tips: on the payments.
        gratuities: on the payments.
        adjustments: what the identity leaves, by cause.
        unsettled: what of a center the lines of others settled, where nothing that was paid or taken off can be shared
            out so that it comes out even; zero over all of them.
    """

    centers: list[str]
    items: Row
    surcharges: Row
    non_sales: Row
    refunds: Row
    voids: Row
    guests: Row
    facilitator_tax: Row
    stated_tax: Row
    taxes: list[Row]
    stated_taxes: list[Row]
    discounts: list[Row]
    payments: list[Row]
    tips: list[Row]
    gratuities: list[Row]
    adjustments: list[Row]
    unsettled: Row


def allot(ticket: Ticket) -> Allotment:
    """Share a settled ticket out among the centers of its lines.

    Lines stay with their center, and their discounts, voids and taxes with them. What is of the whole ticket is shared
    out in proportion, to the cent: discounts, guests and a marketplace's tax by what was sold, taxes by the items' own.
    The payments settle what is left on each center, so that the identity of each share leaves what the ticket's does,
    and each payment adds up as well; tips go with them.
    """
    return _Allotting(ticket).done()


@dataclass(frozen=True, slots=True)
class _Settled:
    """By center: discounts on the whole ticket, payments, adjustments line by line, and what nothing settles."""

    discounted: Row
    paid: Row
    adjustments: list[Row]
    unsettled: Row


class _Allotting:
    """Shares one ticket out."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket = ticket
        self._centers = centers_of(ticket)
        self._places = {center: place for place, center in enumerate(self._centers)}
        self._of_item = {item.id: self._of_line(item) for item in ticket.items}
        self._live = [item for item in ticket.items if item.void is None]
        self._beside: list[Surcharge | NonSale] = [*ticket.surcharges, *ticket.non_sales]
        self._nothing = [0] * len(self._centers)
        self._sold = self._by_what_was_sold()
        own = ticket.revenue_center or NO_CENTER
        self._home = self._places.get(own, self._sold.index(max(self._sold)))

    def done(self) -> Allotment:
        ticket = self._ticket
        taxes = [self._tax(tax) for tax in ticket.taxes]
        tax = self._total(taxes)
        difference = share(ticket.stated_tax_cents - ticket.tax_cents, tax, self._sold)
        of_lines = [self._row(ticket.items, self._of_line, _cents), self._row(self._beside, self._of_line, _cents)]
        settled = self._settle([*of_lines, tax], difference)
        tips = [payment.tip_cents for payment in ticket.payments]
        gratuities = [payment.gratuity_cents for payment in ticket.payments]
        return Allotment(
            centers=self._centers,
            items=[self._of_line(item) for item in ticket.items],
            surcharges=[self._of_line(line) for line in ticket.surcharges],
            non_sales=[self._of_line(line) for line in ticket.non_sales],
            refunds=[self._of_line(line) for line in ticket.refunds],
            voids=[self._of_entry(entry) for entry in ticket.voids],
            guests=share(ticket.guests, self._sold),
            facilitator_tax=share(ticket.facilitator_tax_cents, self._sold),
            stated_tax=self._total([tax, difference]),
            taxes=taxes,
            stated_taxes=[self._tax(stated) for stated in ticket.stated_taxes],
            discounts=self._discounts(settled.discounted),
            payments=spread([payment.amount_cents for payment in ticket.payments], settled.paid, self._sold),
            tips=spread(tips, share(sum(tips), settled.paid, self._sold), self._sold),
            gratuities=spread(gratuities, share(sum(gratuities), settled.paid, self._sold), self._sold),
            adjustments=settled.adjustments,
            unsettled=settled.unsettled,
        )

    def _settle(self, credits_: Sequence[Row], difference: Row) -> "_Settled":
        """Share out what settles the ticket, so that on no center anything is left that was not left on the ticket.

        Args:
            credits_: what lines and taxes make each center owe.
            difference: the check's tax less the one that counts.
        """
        ticket = self._ticket
        given = [discount for discount in ticket.discounts if discount.item in self._of_item]
        paired = [entry for entry in ticket.voids if not entry.late]
        late = self._row([entry for entry in ticket.voids if entry.late], self._of_entry, _cents)
        known = {LATE_VOID: _less(self._nothing, late), ITEM_CHECK_TAX_DIFFERENCE: difference}
        owed = self._total([*credits_, *[known[line.cause] for line in ticket.adjustments if line.cause in known]])
        owed = _less(owed, self._row(given, lambda discount: self._of_item[discount.item], _cents))
        owed = _less(owed, self._row(paired, self._of_entry, _cents))
        general = [discount.amount_cents for discount in ticket.discounts if discount.item not in self._of_item]
        discounted = share(sum(general), self._sold)
        left = _less(owed, discounted)
        adjustments = [
            known.get(line.cause) or share(line.amount_cents, left, self._sold) for line in ticket.adjustments
        ]
        others = [row for row, line in zip(adjustments, ticket.adjustments, strict=True) if line.cause not in known]
        paid = self._total([left, *others])
        if any(payment.amount_cents for payment in ticket.payments):
            return _Settled(discounted, paid, adjustments, self._nothing)
        # No payment can even it out: so discounts on the whole ticket do, or what is unexplained, or else it is told.
        if any(general):
            return _Settled(self._total([discounted, paid]), self._nothing, adjustments, self._nothing)
        if others:
            adjustments[-1] = _less(adjustments[-1], paid)
            return _Settled(discounted, self._nothing, adjustments, self._nothing)
        return _Settled(discounted, self._nothing, adjustments, _less(self._nothing, paid))

    def _discounts(self, discounted: Row) -> list[Row]:
        """Rows of the discounts: those on a line are its center's, of the others each center gets so much in all."""
        discounts = self._ticket.discounts
        general = [discount.amount_cents for discount in discounts if discount.item not in self._of_item]
        rows = iter(spread(general, discounted, self._sold))
        return [
            self._row([discount], lambda given: self._of_item[given.item], _cents)
            if discount.item in self._of_item
            else next(rows)
            for discount in discounts
        ]

    def _of_line(self, line: Line) -> int:
        return self._places[line.revenue_center or self._ticket.revenue_center or NO_CENTER]

    def _of_entry(self, entry: VoidEntry) -> int:
        return self._of_item.get(entry.item, self._home)

    def _row(self, entries: Iterable[T], place: Callable[[T], int], cents: Callable[[T], int]) -> Row:
        row = list(self._nothing)
        for entry in entries:
            row[place(entry)] += cents(entry)
        return row

    def _total(self, rows: Sequence[Row]) -> Row:
        return [sum(cells) for cells in zip(self._nothing, *rows, strict=True)]

    def _by_what_was_sold(self) -> Row:
        """Lines that count; where these are nothing, what stands beside them; else equally."""
        rows = (
            self._row(self._live, self._of_line, _cents),
            self._row(self._beside, self._of_line, _cents),
            [1] * len(self._centers),
        )
        return [abs(cents) for cents in next(filter(any, rows))]

    def _tax(self, tax: Tax) -> Row:
        """A tax as the items have it, where theirs add up to it; else in proportion to theirs."""
        key = (tax.name, tax.inclusive)

        def own(item: Item) -> int:
            return sum([part.amount_cents for part in item.taxes if (part.name, part.inclusive) == key])

        every = self._row(self._live, self._of_line, own)
        sales_items = self._row([item for item in self._live if not item.parent], self._of_line, own)
        exact = [row for row in (every, sales_items) if sum(row) == tax.amount_cents]
        return exact[0] if exact else share(tax.amount_cents, every, self._sold)


def _cents(entry: Line | Discount | VoidEntry) -> int:
    return entry.amount_cents


def _less(row: Row, other: Row) -> Row:
    return [have - taken for have, taken in zip(row, other, strict=True)]
