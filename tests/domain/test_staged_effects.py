"""What a record amounts to, and by which figures and journal lines two states of a day differ."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.books import Books
from domain.business_day import Feed
from domain.facts import ABSENT, Change
from domain.ledger.effects import LineChange, effect
from domain.records import Deposit, Employee, LateVoid, PaidInOut, Remainder, Till, canonical
from domain.summary.amounts import AMOUNTS, amount_cents, changed_by
from tests.domain.build import DATE, item, off, paid, punch, ticket
from tests.domain.days import balanced, day_of

SOLD = balanced(
    ticket(items=(item("10.00"), item("2.50", name="Soda")), discounts=(off("1.50"),), payments=(paid("11.00"),))
)


@pytest.mark.parametrize(
    ("record", "cents"),
    [
        (SOLD, 11_00),
        (punch(), 120_00),
        (Deposit("d", 640_25, DATE), 640_25),
        (PaidInOut("p", "out", "Flowers", 12_00), 12_00),
        (LateVoid("v", "t0", DATE, 9_00), 9_00),
        (Till("1", 220_00), 220_00),
        (Remainder("Patio", "", gross_cents=100_00, discounts_cents=5_00, late_voids_cents=1_00), 94_00),
        (Employee("e1", "person-1"), 0),
    ],
)
def test_the_amount_of_a_record(record: Any, cents: int) -> None:
    """Net sales of tickets, pay of punches, the amount of money that moved; people have none."""
    kind, key, data = canonical(record)
    assert amount_cents(kind, key, data) == cents
    assert (kind in AMOUNTS) == (not isinstance(record, Employee))
    assert changed_by(Change(kind, key, ABSENT, msgspec.Raw(data))) == cents
    assert changed_by(Change(kind, key, msgspec.Raw(data), ABSENT)) == -cents


def test_an_effect_is_figures_and_journal_lines() -> None:
    """A line that comes, one that goes and one that moves; where a day comes from is no figure."""
    before = day_of(SOLD, punch())
    later = balanced(ticket(items=(item("10.00"), item("4.00", name="Tea", category="Bar")), payments=(paid("14.00"),)))
    after = replace(day_of(later, punch(clock_out="23:00")), generation=2, feeds={"tray": Feed("c", 3)})
    found = effect(before, after, Books())
    figures = {figure.path: (figure.before, figure.after) for figure in found.figures}
    assert figures["net_sales"] == ("11.00", "14.00")
    assert not {"generation", "configuration", "capture"} & figures.keys()
    assert not any(path.startswith("feeds") for path in figures)
    lines = {(line.entry, line.key): (str(line.before), str(line.after), str(line.change)) for line in found.lines}
    assert lines["sales", "sales/Bar/Dine In"] == ("0", "-4.00", "-4.00")
    assert lines["sales", "sales/Food/Dine In"] == ("-12.50", "-10.00", "2.50")
    assert lines["labor", "wages/Server"] == ("120.00", "135.00", "15.00")
    assert lines["statistical", "hours/Server"][1] in {"9.0000", "9"}
    assert any(after == "0" for _, after, _ in lines.values())
    assert (found.before.net_sales_cents, found.after.net_sales_cents) == (1100, 1400)


def test_nothing_differs_of_the_same_day() -> None:
    """Then there is neither a figure nor a line."""
    found = effect(day_of(SOLD), day_of(SOLD), Books())
    assert (found.figures, found.lines) == ((), ())
    assert LineChange("sales", "k", "1", Decimal(1), Decimal(3)).change == 2
