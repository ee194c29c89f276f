"""Rows of eight kinds of files become tickets, check by check."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from adapters.files.assembling import rows
from adapters.files.assembling.by_check import ByCheck
from adapters.files.assembling.choices import Choice, Way, proved
from adapters.files.assembling.conventions import Convention, Open, add_discounts_back, convert, settle
from adapters.files.assembling.discounts import restated, stated_in
from adapters.files.assembling.draft import Draft
from adapters.files.assembling.heads import Head, bare_head, head_of
from adapters.files.assembling.lines import Lines
from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.refunds import refund_ways, refunded_in
from adapters.files.assembling.sales import Sales
from adapters.files.assembling.settlements import non_sales_in, payments_in, surcharges_in
from adapters.files.assembling.taxes import inclusive_ways, summed, taxes_in
from adapters.files.assembling.voids import void_ways, voided_in
from adapters.files.assembling.words import of_day
from domain.business_date import Window
from domain.ports.captures import Capture
from domain.records import Ticket

TICKET_FILES: Final = (
    "sales-detail",
    "payments",
    "discounts",
    "voids",
    "refunds",
    "surcharges",
    "non-sales-revenue",
    "tax-details",
)
"""Kinds of files that tickets are made of; one of them is enough to say something about the day's tickets."""


class Tickets:
    """The tickets of a capture, joined by check number.

    Attributes:
        without_details: tickets of checks that are not in Sales Detail: what other files say of them is kept.
        convention: which figures contain which, as the day's tickets prove it.
    """

    def __init__(self, capture: Capture, window: Window, reference: Reference, clock: LocalTime) -> None:
        """Sort the rows out by check.

        Raises:
            ValueError: a row has a word that means nothing.
            msgspec.DecodeError: a page is not of the contract.
        """
        self._window = window
        self._of_day = of_day("", window.date)
        self._reference = reference
        self._clock = clock
        self._lines = Lines(reference)

        def pages(kind: str) -> list[bytes]:
            return [page.data for page in capture.of(kind)]

        see = _Eyes(reference)
        self._sales = Sales(capture.of("sales-detail"))
        self._payments = ByCheck(rows.PaymentRow, pages("payments"), see.payments)
        self._discounts = ByCheck(rows.DiscountRow, pages("discounts"), see.discounts)
        self._voids = ByCheck(rows.VoidRow, pages("voids"), see.voids)
        self._refunds = ByCheck(rows.RefundRow, pages("refunds"), see.refunds)
        self._surcharges = ByCheck(rows.SurchargeRow, pages("surcharges"), see.staff)
        self._non_sales = ByCheck(rows.NonSaleRow, pages("non-sales-revenue"), see.staff)
        self._taxes = ByCheck(rows.TaxRow, pages("tax-details"), see.taxes)
        others = (
            self._payments,
            self._discounts,
            self._voids,
            self._refunds,
            self._surcharges,
            self._non_sales,
            self._taxes,
        )
        self._beside = {number for kind in others for number in kind.numbers}
        bare = self._beside - self._sales.numbers
        self._numbers = sorted(bare.union(self._sales.numbers))
        self.without_details = len(bare)
        # What is not paid proves nothing.
        paid = [number for number in self._numbers if number in self._payments.numbers]
        self.convention: Convention = settle(opened for _, opened in map(self._open, paid))

    def __iter__(self) -> Iterator[Ticket]:
        """Tickets one by one, in the order of their numbers; only the one at hand is put together."""
        return map(self._ticket, self._numbers)

    def _open(self, number: str) -> tuple[Head, Open]:
        """What the files say of a check, and what they leave open."""
        head, draft = self._draft(number)
        return head, self._opened(draft)

    def _opened(self, draft: Draft) -> Open:
        if draft.plain:
            return Open(draft, [], None)
        found = (_repeats(draft), void_ways(draft, self._reference), refund_ways(draft), inclusive_ways(draft))
        return Open(draft, [choice for choice in found if choice is not None], restated(draft))

    def _ticket(self, number: str) -> Ticket:
        head, opened = self._open(number)
        convention = self.convention
        if convention != "contract":
            if opened.holds("contract") and not opened.holds(convention):
                convention = "contract"  # this ticket proves it for itself
            convert(opened.draft, convention)
            opened = self._opened(opened.draft)
        draft, net = opened.draft, convention == "amounts_are_after_discounts"
        if opened.choices or opened.discounts is not None:
            left, choices = opened.proof(convention if net else "contract")
            for way in proved(left, choices, len(draft.items)):
                way.apply(draft)
        if net:
            if opened.discounts is not None:
                opened.discounts[0].apply(draft)
            add_discounts_back(draft)
        return self._finished(number, head, draft)

    def _draft(self, number: str) -> tuple[Head, Draft]:
        reference, clock = self._reference, self._clock
        told = self._sales.of(number)
        head = head_of(told, clock) if told else self._bare_head(number)
        instant = partial(clock.maybe, not_before=head.opened_at)
        center = head.revenue_center
        draft = Draft()
        if told:
            reference.refers_to("employee", [same.head.server for same in told])
            sales = told[0].rows if len(told) == 1 else [row for same in told for row in same.rows]
            self._lines.add(draft, sales, head.server, center, instant)
        if number not in self._beside:
            return head, draft
        # Most checks have one payment, one tax and nothing else.
        if payments := self._payments.of(number):
            draft.payments = payments_in(payments, reference, instant)
        if taxes := self._taxes.of(number):
            draft.taxes = taxes_in(taxes, reference)
        if discounts := self._discounts.of(number):
            draft.stated = stated_in(discounts, instant)
        if voids := self._voids.of(number):
            draft.voided = voided_in(voids, instant)
        if surcharges := self._surcharges.of(number):
            draft.surcharges = surcharges_in(surcharges, instant, center)
        if non_sales := self._non_sales.of(number):
            draft.non_sales = non_sales_in(non_sales, instant, center)
        if refunds := self._refunds.of(number):
            draft.refunded = refunded_in(draft, refunds, reference, instant, head.service_type, center)
        return head, draft

    def _bare_head(self, number: str) -> Head:
        """The head of a check that is not in Sales Detail."""
        timed = (self._payments, self._voids, self._refunds, self._surcharges, self._non_sales)
        found: list[Any] = [row for kind in timed for row in kind.of(number)]
        times = [row.at for row in found]
        times += [at for row in self._discounts.of(number) for at in (row.comp_at, row.promo_at)]
        return bare_head(times, [row.center for row in found], self._window.starts_at, self._clock)

    def _finished(self, number: str, head: Head, draft: Draft) -> Ticket:
        taxes = tuple(summed(draft.taxes))
        date = self._window.date
        return Ticket(
            number + self._of_day,
            number,
            date,
            head.opened_at,
            head.closed_at,
            head.service_type,
            head.revenue_center,
            head.server,
            head.guests,
            tuple(draft.items),
            (*draft.given, *draft.stated),
            tuple(draft.payments),
            tuple(draft.entries),
            stated_tax_cents=sum([tax.amount_cents for tax in taxes]),
            stated_taxes=taxes,
            surcharges=tuple(draft.surcharges),
            non_sales=tuple(draft.non_sales),
            refunds=tuple([refunded.refund for refunded in draft.refunded]),
            table=head.table,
            clock=head.clock,
        )


def _repeats(draft: Draft) -> Choice | None:
    """Lines that stand in the file several times were sold once, or so often if the identity holds only then."""
    if not draft.repeats:
        return None
    amount = sum(item.amount_cents for item in draft.repeats)
    return [Way(0, lambda _: None), Way(amount, lambda draft: draft.items.extend(draft.repeats))]


class _Eyes:
    """Sees what rows refer to, page by page; those of Sales Detail tell it when they are put together."""

    def __init__(self, reference: Reference) -> None:
        self._refers_to = reference.refers_to

    def payments(self, found: list[rows.PaymentRow]) -> None:
        self._refers_to("tender", {row.tender for row in found})
        self.staff(found)

    def discounts(self, found: list[rows.DiscountRow]) -> None:
        self._refers_to("employee", {by for row in found for by in (row.comp_by, row.promo_by)})

    def voids(self, found: list[rows.VoidRow]) -> None:
        self._refers_to("menu-item", {row.number for row in found})
        self.staff(found)

    def refunds(self, found: list[rows.RefundRow]) -> None:
        self._refers_to("menu-item", {row.number for row in found})
        self._refers_to("tender", {row.tender for row in found})
        self._refers_to("tax-definition", {row.tax_number for row in found})
        self._refers_to("employee", {row.manager for row in found})
        self.staff(found)

    def taxes(self, found: list[rows.TaxRow]) -> None:
        self._refers_to("tax-definition", {row.number for row in found})

    def staff(self, found: list[Any]) -> None:
        """What rows of any kind have that says who."""
        self._refers_to("employee", {row.by for row in found})
