"""Made-up days that are consistent, written down in files by whatever habits a source may have."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

from tests.adapters.files.assembling.build import (
    Row,
    comped,
    discount,
    modified,
    paid,
    refund,
    row,
    sale,
    tax,
    void,
)

CONVENTIONS: Final = (
    "contract",
    "payments_include_tips",
    "parents_include_modifiers",
    "amounts_are_after_discounts",
)
REFUNDS: Final = (
    "none",
    "beside",
    "held",
    "in payments",
    "in payments, tax netted",
    "in lines",
    "in lines, tax not netted",
)


@dataclass(frozen=True)
class Habits:
    """How a source writes its days down.

    Attributes:
        convention: which figures contain which.
        voids_listed: lines that were voided stay in Sales Detail.
        restated: item-level comps stand in Discounts as well.
        inside: amounts of lines have the inclusive taxes in them.
        bare_parents: parents have a row of their own beside those of their modifiers.
        refunds: one of :data:`REFUNDS`.
        charges: checks may have surcharges and non-sales revenue.
    """

    convention: str = "contract"
    voids_listed: bool = False
    restated: bool = False
    inside: bool = True
    bare_parents: bool = False
    refunds: str = "none"
    charges: bool = True


@dataclass
class Truth:
    """What really happened on a check, in cents: net of refunds."""

    net_sales: int = 0
    tax: int = 0
    paid: int = 0
    discounts: int = 0
    tips: int = 0


@dataclass
class Written:
    """A day: its files, and what really happened, by check number."""

    files: dict[str, list[Row]] = field(default_factory=dict)
    truths: dict[str, Truth] = field(default_factory=dict)

    def add(self, kind: str, *rows: Row) -> None:
        """Add rows to a file."""
        self.files.setdefault(kind, []).extend(rows)


FILES: Final = (
    "sales_detail",
    "payments",
    "discounts",
    "voids",
    "refunds",
    "surcharges",
    "non_sales_revenue",
    "tax_details",
)

habits: Final = st.builds(
    Habits,
    convention=st.sampled_from(CONVENTIONS),
    voids_listed=st.booleans(),
    restated=st.booleans(),
    inside=st.booleans(),
    bare_parents=st.booleans(),
    refunds=st.sampled_from(REFUNDS),
)


def written(habits: Habits, checks: int, seed: int) -> Written:
    """A consistent day.

    The amounts of a check are made of powers of five, so that no two different readings of it leave the same: what the
    identity proves there, it proves by reason and not by chance.
    """
    day = Written({kind: [] for kind in FILES})
    for number in range(checks):
        chance = random.Random(f"{seed}:{number}")
        amounts = _Amounts(chance, plain=number < 3, charges=habits.charges)
        _check(day, str(1001 + number), habits, amounts, chance)
    return day


def shown(cents: int) -> str:
    """Cents as files have them."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def maybe(cents: int) -> str:
    """The same, an empty cell where there is none."""
    return shown(cents) if cents else ""


def _powers() -> Iterator[int]:
    power = 1
    while True:
        yield power
        power *= 5


class _Amounts:
    """The amounts of a check in cents, 0 where it has none; one that is plain has all that proves a convention."""

    def __init__(self, chance: random.Random, *, plain: bool, charges: bool) -> None:
        powers = _powers()

        def some(*, always: bool = False, proves: bool = False, allowed: bool = True) -> int:
            power, there = next(powers), proves if plain else chance.random() < 0.6
            return power if always or (there and allowed) else 0

        self.tip, self.gratuity = some(proves=True), some(proves=True)
        self.fee, self.deposit = some(allowed=charges), some(allowed=charges)
        self.comp, self.off = some(proves=True), some(proves=True)
        self.sales_tax, self.vat = some(always=True), some()
        self.tax_back = some(always=True)
        self.modifier, self.voided, self.soup = some(proves=True), some(), some()
        self.burger = some(always=True)


def _check(day: Written, number: str, habits: Habits, amounts: _Amounts, chance: random.Random) -> None:
    truth = Truth(
        amounts.burger + amounts.modifier + amounts.soup - amounts.comp - amounts.off,
        amounts.sales_tax + amounts.vat,
        0,
        amounts.comp + amounts.off,
        amounts.tip + amounts.gratuity,
    )
    truth.paid = truth.net_sales + truth.tax + amounts.fee + amounts.deposit
    day.truths[number] = truth
    _sold(day, number, habits, amounts)
    _reduced(day, number, habits, amounts)
    _charged(day, number, amounts)
    paid_in_all = truth.paid + (truth.tips if habits.convention == "payments_include_tips" else 0)
    gratuity = {"Payment_AutogratuityAmount": maybe(amounts.gratuity)}
    day.add("payments", paid(shown(paid_in_all), number, "2", maybe(amounts.tip), **gratuity))
    if amounts.soup and habits.refunds != "none" and chance.random() < 0.6:
        _refunded(day, number, habits, amounts)


HEAD: Final = {"EmployeeNumber": "101", "GuestCount": "2"}


def _sold(day: Written, number: str, habits: Habits, amounts: _Amounts) -> None:
    stated = amounts.burger + amounts.vat * habits.inside
    if habits.convention == "amounts_are_after_discounts":
        stated -= amounts.comp + amounts.off
    if habits.convention == "parents_include_modifiers":
        stated += amounts.modifier
    cells = {"gross": shown(stated), **(comped("Staff", shown(amounts.comp)) if amounts.comp else {}), **HEAD}
    if amounts.modifier:
        day.add("sales_detail", modified("2101", shown(amounts.modifier), number, **cells))
    if not amounts.modifier or habits.bare_parents:
        day.add("sales_detail", sale(number, **cells))
    if amounts.soup:
        day.add("sales_detail", sale(number, "2", "2002", shown(amounts.soup), **HEAD))


def _reduced(day: Written, number: str, habits: Habits, amounts: _Amounts) -> None:
    if amounts.comp and habits.restated:
        day.add("discounts", discount("Staff", shown(amounts.comp), number))
    if amounts.off:
        day.add("discounts", discount("Manager", shown(amounts.off), number, kind="Promo"))
    if amounts.voided:
        if habits.voids_listed:
            day.add("sales_detail", sale(number, "3", "2003", shown(amounts.voided), **HEAD))
        day.add("voids", void(shown(amounts.voided), "2003", number, Void_Name="Cold"))


def _charged(day: Written, number: str, amounts: _Amounts) -> None:
    day.add("tax_details", tax(shown(amounts.sales_tax), "1", number))
    if amounts.vat:
        day.add("tax_details", tax(shown(amounts.vat), "2", number))
    if amounts.fee:
        fee = {"Surcharge_Amount": shown(amounts.fee), "Surcharge_Name": "Fee"}
        day.add("surcharges", row(Surcharge_CheckNumber=number, **fee))
    if amounts.deposit:
        deposit = {"NonSalesRevenue_Amount": shown(amounts.deposit), "NonSalesRevenue_Name": "Event Deposit"}
        day.add("non_sales_revenue", row(NonSalesRevenue_CheckNumber=number, **deposit))


def _refunded(day: Written, number: str, habits: Habits, amounts: _Amounts) -> None:
    """The soup is given back, with tax that was part of the check's."""
    total = amounts.soup + amounts.tax_back
    back = {"Refund_ItemNumber": "2002", "Refund_TaxNumber": "1"}
    day.add("refunds", refund(shown(total), shown(amounts.tax_back), number, **back))
    truth = day.truths[number]
    truth.net_sales -= amounts.soup
    truth.tax -= amounts.tax_back
    truth.paid -= total
    if habits.refunds in {"held", "in lines", "in lines, tax not netted"}:
        day.add("sales_detail", sale(number, "4", "2002", shown(-amounts.soup), **HEAD))
    if habits.refunds in {"held", "in lines", "in payments, tax netted"}:
        day.add("tax_details", tax(shown(-amounts.tax_back), "1", number))
    if habits.refunds in {"held", "in payments", "in payments, tax netted"}:
        day.add("payments", paid(shown(-total), number, "2"))
