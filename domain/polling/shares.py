"""Revenue centers as locations of their own: which part of a venue's tickets a location keeps, and what remains."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from domain.polling.allotment import NO_CENTER, Allotment, allot, centers_of
from domain.polling.apportion import Row
from domain.polling.configuration import LONGEST_NAME, Options
from domain.polling.frame import Frame
from domain.polling.identity import ITEM_CHECK_TAX_DIFFERENCE, REVENUE_CENTER_SPLIT, credits_of
from domain.records import Adjustment, Deposit, LateVoid, Remainder, TaxShare, TenderShare, Ticket

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class Shares:
    """Keeps a location's part of its venue's records, and gathers what it leaves out of the frame's day.

    What names no center is of the center ``(none)``, which a location may keep as any other.
    """

    def __init__(self, options: Options, frame: Frame) -> None:
        self._centers = frozenset(options.use_revenue_centers)
        self._frame = frame
        self._left: dict[str, _Left] = {}

    @property
    def on(self) -> bool:
        """The location keeps some centers only."""
        return bool(self._centers)

    def kept(self, ticket: Ticket, date: dt.date) -> Ticket | None:
        """The location's part of a settled ticket of a business day, or None where it has none."""
        if not self._centers:
            return ticket
        centers = centers_of(ticket)
        if len(centers) == 1:
            if centers[0] in self._centers:
                return _at_home(ticket, centers)
            self._leave(centers[0], ticket, date)
            return None
        kept = [center for center in centers if center in self._centers]
        if len(kept) == len(centers):
            return _at_home(ticket, centers)
        allotment = allot(ticket)
        for center in centers:
            if center not in self._centers:
                self._leave(center, part_of(ticket, allotment, [center]), date)
        return part_of(ticket, allotment, kept) if kept else None

    def keeps(self, record: LateVoid | Deposit, date: dt.date) -> bool:
        """A late void or a deposit of a business day counts here.

        A late void is a sale taken back, and the source does not say where: it is of no center. A deposit is of all
        locations of the venue unless it names a center.
        """
        if not self._centers:
            return True
        deposited = isinstance(record, Deposit)
        center = record.revenue_center if isinstance(record, Deposit) else NO_CENTER
        if center in self._centers or (deposited and not center):
            return True
        if date == self._frame.date:
            left = self._at(center)
            if deposited:
                left.deposits += record.amount_cents
            else:
                left.late_voids += record.amount_cents
        return False

    def remainders(self) -> Iterable[Remainder]:
        """What the other centers have of the frame's day, by center."""
        return [left.remainder(center, self._frame.centers.get(center, "")) for center, left in self._left.items()]

    def _at(self, center: str) -> "_Left":
        known = self._left.get(center)
        return self._left.setdefault(_name(center), _Left()) if known is None else known

    def _leave(self, center: str, part: Ticket, date: dt.date) -> None:
        if date == self._frame.date:
            self._at(center).add(part)


def _name(center: str) -> str:
    """The center's name as the key of a record: a source may call one anything."""
    return "".join([letter if letter.isprintable() else "?" for letter in center[:LONGEST_NAME]])


def _at_home(ticket: Ticket, centers: Sequence[str]) -> Ticket:
    """A ticket of which the location keeps everything: of one of its centers, whichever the ticket names."""
    if (ticket.revenue_center or NO_CENTER) in centers:
        return ticket
    return msgspec.structs.replace(ticket, revenue_center=_shown(centers[0]))


def _shown(center: str) -> str:
    return "" if center == NO_CENTER else center


def part_of(ticket: Ticket, allotment: Allotment, centers: Sequence[str]) -> Ticket:
    """A ticket's part of some of its centers, which stand in the order of their names."""
    of = frozenset([allotment.centers.index(center) for center in centers])
    part = msgspec.structs.replace(
        ticket,
        share=",".join(centers),
        guests=_sum(allotment.guests, of),
        items=_lines(ticket.items, allotment.items, of),
        surcharges=_lines(ticket.surcharges, allotment.surcharges, of),
        non_sales=_lines(ticket.non_sales, allotment.non_sales, of),
        refunds=_lines(ticket.refunds, allotment.refunds, of),
        voids=_lines(ticket.voids, allotment.voids, of),
        discounts=_amounts(ticket.discounts, of, amount_cents=allotment.discounts),
        payments=_amounts(
            ticket.payments,
            of,
            amount_cents=allotment.payments,
            tip_cents=allotment.tips,
            gratuity_cents=allotment.gratuities,
        ),
        taxes=_amounts(ticket.taxes, of, amount_cents=allotment.taxes),
        stated_taxes=_amounts(ticket.stated_taxes, of, amount_cents=allotment.stated_taxes),
        tax_cents=sum([_sum(row, of) for row in allotment.taxes]),
        stated_tax_cents=_sum(allotment.stated_tax, of),
        facilitator_tax_cents=_sum(allotment.facilitator_tax, of),
    )
    return _at_home(msgspec.structs.replace(part, adjustments=_adjustments(part, allotment, of)), centers)


def _sum(row: Row, of: frozenset[int]) -> int:
    return sum([row[place] for place in of])


def _lines(lines: tuple[T, ...], places: Row, of: frozenset[int]) -> tuple[T, ...]:
    return tuple([line for line, place in zip(lines, places, strict=True) if place in of])


def _amounts(entries: tuple[S, ...], of: frozenset[int], **rows: list[Row]) -> tuple[S, ...]:
    """Entries with their part of each amount; those that have none here are left out."""
    kept = []
    for place, entry in enumerate(entries):
        amounts = {name: _sum(cells[place], of) for name, cells in rows.items()}
        if any(amounts.values()):
            kept.append(msgspec.structs.replace(entry, **amounts))
    return tuple(kept)


def _adjustments(part: Ticket, allotment: Allotment, of: frozenset[int]) -> tuple[Adjustment, ...]:
    """The ticket's adjustments in this part, each with the part's own two figures."""
    causes = [*[line.cause for line in part.adjustments], REVENUE_CENTER_SPLIT]
    rows = [*allotment.adjustments, allotment.unsettled]
    credited = credits_of(part, part.tax_cents)
    lines = []
    for cause, row in zip(causes, rows, strict=True):
        cents = _sum(row, of)
        if cents and cause == ITEM_CHECK_TAX_DIFFERENCE:
            lines.append(Adjustment(cause, cents, part.tax_cents, part.tax_cents + cents))
        elif cents:
            lines.append(Adjustment(cause, cents, credited, credited + cents))
        credited += cents
    return tuple(lines)


@dataclass(slots=True)
class _Left:
    """What is left out of one center, summed up. Amounts in cents."""

    tickets: int = 0
    guests: int = 0
    gross: int = 0
    discounts: int = 0
    surcharges: int = 0
    non_sales: int = 0
    refunds: int = 0
    late_voids: int = 0
    facilitator_tax: int = 0
    adjustments: int = 0
    deposits: int = 0
    taxes: dict[str, int] = field(default_factory=dict)
    tenders: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, ticket: Ticket) -> None:
        """Count a ticket, or the part of one that is of this center."""
        self.tickets += 1
        self.guests += ticket.guests
        for item in ticket.items:
            if item.void is None:
                self.gross += item.amount_cents
        for discount in ticket.discounts:
            self.discounts += discount.amount_cents
        for line in ticket.adjustments:
            self.adjustments += line.amount_cents
        if ticket.facilitator_tax_counts:
            self.facilitator_tax += ticket.facilitator_tax_cents
        for tax in ticket.taxes:
            self.taxes[tax.name] = self.taxes.get(tax.name, 0) + tax.amount_cents
        for paid in ticket.payments:
            amount, tips = self.tenders.get(paid.tender, (0, 0))
            self.tenders[paid.tender] = (amount + paid.amount_cents, tips + paid.tip_cents + paid.gratuity_cents)
        self._add_beside(ticket)

    def _add_beside(self, ticket: Ticket) -> None:
        for charged in ticket.surcharges:
            self.surcharges += charged.amount_cents
        for taken in ticket.non_sales:
            self.non_sales += taken.amount_cents
        for refund in ticket.refunds:
            if not refund.in_details:
                self.refunds += refund.amount_cents

    def remainder(self, center: str, location: str) -> Remainder:
        """The record of it."""
        return Remainder(
            center,
            location,
            self.tickets,
            self.gross,
            self.discounts,
            self.surcharges,
            self.non_sales,
            tuple([TaxShare(name, cents) for name, cents in sorted(self.taxes.items())]),
            tuple([TenderShare(name, *amounts) for name, amounts in sorted(self.tenders.items())]),
            self.guests,
            self.refunds,
            self.late_voids,
            self.facilitator_tax,
            self.adjustments,
            self.deposits,
        )
