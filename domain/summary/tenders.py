"""Counting up what the tickets were paid with, and what of it is cash."""

from collections.abc import Iterable, Mapping
from typing import Final

from domain.summary.counting import UNNAMED
from domain.summary.lines import TenderLine
from domain.summary.sold import TakenPayment

CASH: Final = "cash"


def is_cash(tender: str, kind: str) -> bool:
    """A tender is cash if its type says so; where it has none, if it is called so."""
    return (kind.strip() or tender.strip()).lower() == CASH


class Tenders:
    """Payments by tender, and the cash on each drawer."""

    def __init__(self) -> None:
        # (tender, type) → payments, amount, tips with gratuities, gratuities
        self._taken: dict[tuple[str, str], list[int]] = {}
        self._given_back: dict[tuple[str, str], int] = {}  # (tender, drawer) → amount
        self._drawers: dict[str, int] = {}
        self._known: Mapping[str, str] = {}

    def know(self, types: Mapping[str, str]) -> None:
        """The types that tenders have on the whole day, where less than all of it is counted."""
        self._known = types

    @property
    def types(self) -> dict[str, str]:
        """The type that each tender has which something was paid with."""
        return {tender: self._type_of(tender) for tender, _ in self._taken}

    def taken(self, payments: Iterable[TakenPayment]) -> tuple[int, int]:
        """Count the payments of a ticket; answers their amounts and their tips."""
        amounts = tips = 0
        taken = self._taken
        for payment in payments:
            key = (payment.tender, payment.tender_type)
            try:
                sums = taken[key]
            except KeyError:
                sums = taken[key] = [0, 0, 0, 0]
            amount, tip = payment.amount_cents, payment.tip_cents
            if payment.gratuity_cents:
                tip += payment.gratuity_cents
                sums[3] += payment.gratuity_cents
            sums[0] += 1
            sums[1] += amount
            sums[2] += tip
            amounts += amount
            tips += tip
            if payment.drawer:
                self._book(payment.drawer, amount + tip if is_cash(*key) else 0)
        return amounts, tips

    def given_back(self, tender: str, drawer: str, cents: int) -> None:
        """Count a refund; what type its tender is, the payments say."""
        self._given_back[tender, drawer] = self._given_back.get((tender, drawer), 0) + cents

    @property
    def lines(self) -> tuple[TenderLine, ...]:
        """A line for each tender and type, in their order."""
        refunds: dict[tuple[str, str], int] = {}
        for (tender, _), cents in self._given_back.items():
            key = (tender, self._type_of(tender))
            refunds[key] = refunds.get(key, 0) + cents
        return tuple(
            [self._line(key, refunds.get(key, 0)) for key in sorted(self._taken.keys() | refunds.keys())],
        )

    def _line(self, key: tuple[str, str], refunds: int) -> TenderLine:
        count, amount, tips, gratuities = self._taken.get(key, (0, 0, 0, 0))
        tender, kind = key
        return TenderLine(tender or UNNAMED, kind, is_cash(*key), count, amount - refunds, tips, gratuities, refunds)

    @property
    def drawers(self) -> dict[str, int]:
        """The cash booked on each drawer that is named; empty where none is."""
        booked = dict(self._drawers)
        for (tender, drawer), cents in self._given_back.items():
            if drawer and is_cash(tender, self._type_of(tender)):
                booked[drawer] = booked.get(drawer, 0) - cents
        return booked

    def _book(self, drawer: str, cents: int) -> None:
        self._drawers[drawer] = self._drawers.get(drawer, 0) + cents

    def _type_of(self, tender: str) -> str:
        """The type that the day's payments with the tender have; of several the first."""
        if tender in self._known:
            return self._known[tender]
        return min((kind for name, kind in self._taken if name == tender), default="")
