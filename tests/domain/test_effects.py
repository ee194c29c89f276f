"""What a change of a day means for its figures and journal lines: all of it, to the cent, and nothing else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings

from domain.accounts import AccountMapping
from domain.books import NEW_BOOKS, Books
from domain.business_day import BusinessDay, Feed
from domain.effects import BALANCED, Effect, amounts_moved, effect, figure_effects, shown_changes, signed
from domain.figures import address, figures, read, text
from domain.ledger import journal_entries
from domain.records import Deposit
from domain.summary import summarize
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.domain.days import RECORDS, day_of
from tests.support.laws import examples

few = settings(max_examples=examples(60), deadline=None)


def told(found: Effect) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Before, after and difference of each figure, as they are shown."""
    return {
        one.name: (text(one.unit, one.before), text(one.unit, one.after), text(one.unit, one.difference))
        for one in found.figures
    }


@few
@given(before=RECORDS, after=RECORDS)
def test_an_effect_is_all_that_differs(before: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    """What was, with the effect, is what is: every figure and every line, and only those that differ are listed."""
    left, right = day_of(*before), day_of(*after)
    found = effect(left, right, NEW_BOOKS)
    old, new = figures(summarize(left)), figures(summarize(right))
    listed = {address(one.name): one for one in found.figures}
    for where in {*old, *new}:
        if where in listed:
            one = listed[where]
            assert (one.before, one.after) == (old.get(where), new.get(where))
            assert one.difference is None or one.difference == (one.after or 0) - (one.before or 0)
            assert read(summarize(right), where) == one.after
        else:
            assert old[where] == new[where]
    lines = {(line.entry, line.key): line for line in found.lines}
    for day, side in ((left, "before"), (right, "after")):
        entries = journal_entries(summarize(day), NEW_BOOKS)
        for entry in ("sales", "labor", "statistical"):
            for line in getattr(entries, entry).lines:
                if (entry, line.key) in lines:
                    assert getattr(lines[entry, line.key], side) == line
    for entry in BALANCED:
        assert sum(line.difference for line in found.lines if line.entry == entry) == 0
    assert all(line.difference == signed(line.after) - signed(line.before) for line in found.lines)


@few
@given(records=RECORDS)
def test_no_change_has_no_effect(records: tuple[Any, ...]) -> None:
    """A day beside itself: nothing differs."""
    assert effect(day_of(*records), day_of(*records), NEW_BOOKS) == Effect((), ())


def burger(price: str) -> BusinessDay:
    """A day with one burger."""
    return day_of(ticket(items=(item(price),), payments=(paid(price),)))


def test_an_edited_price() -> None:
    """A burger that got dearer moves sales and cash, in the summary and in the books."""
    found = effect(burger("10.00"), burger("12.50"), NEW_BOOKS)
    figures_told = told(found)
    assert figures_told["net_sales"] == ("10.00", "12.50", "2.50")
    assert figures_told["by_category.gross/Food"] == ("10.00", "12.50", "2.50")
    assert figures_told["payments.amount/Cash/(none)"] == ("10.00", "12.50", "2.50")
    assert "tickets" not in figures_told
    assert [(line.entry, line.key, line.difference) for line in found.lines] == [
        ("sales", "tender/Cash", 250),
        ("sales", "sales/Food/Dine In", -250),
    ]


def test_what_comes_and_goes() -> None:
    """A row or a line that was not there counts from nothing; what was unknown has no difference."""
    with_deposit = day_of(Deposit("d", 500, DATE, number="7"))
    found = effect(day_of(), with_deposit, NEW_BOOKS)
    assert told(found)["over_short"] == (None, "5.00", None)
    assert told(found)["deposits.amount/7"] == (None, "5.00", "5.00")
    gone = effect(with_deposit, day_of(), NEW_BOOKS)
    assert told(gone)["deposits.amount/7"] == ("5.00", None, "-5.00")
    (deposit,) = [line for line in gone.lines if line.key == "deposit/7"]
    assert (deposit.after, deposit.difference) == (None, -500)


def test_where_a_day_comes_from_is_no_effect() -> None:
    """Another generation, configuration or answer alone moves no figure and no line."""
    day = day_of(punch())
    other = replace(day, generation=2, feeds={"tray": Feed("c", 3)})
    assert effect(day, other, NEW_BOOKS) == Effect((), ())


def test_the_amounts_that_move() -> None:
    """Those that stand for themselves, in cents; rows of tables and counts are left out, unknown counts as nothing."""
    found = effect(burger("10.00"), day_of(Deposit("d", 500, DATE), punch()), NEW_BOOKS)
    moved = amounts_moved(found.figures)
    assert (moved["net_sales"], moved["total_deposit"], moved["over_short"]) == (-1000, 500, 500)
    assert moved["labor_pay"] == 12000
    assert {"tickets", "labor_hours", "tax"}.isdisjoint(moved)
    assert not any("/" in name for name in moved)
    assert amounts_moved(figure_effects(summarize(day_of()), summarize(day_of()))) == {}


def test_hours_in_the_statistical_entry() -> None:
    """The statistical line of a job moves by its hours, the labor entry by the pay."""
    found = effect(day_of(punch()), day_of(punch(clock_out="23:30")), NEW_BOOKS)
    assert {(line.entry, line.key): line.difference for line in found.lines} == {
        ("labor", "wages/Server"): 2250,
        ("labor", "accrued-payroll"): -2250,
        ("statistical", "hours/Server"): Decimal("1.5000"),
    }


def test_other_accounts_are_an_effect_too() -> None:
    """The same day in other books: no figure differs, and each line that goes elsewhere is listed."""
    books = Books(1, AccountMapping({"tender/Cash": "1099"}))
    found = effect(burger("10.00"), burger("10.00"), books, books_before=NEW_BOOKS)
    assert found.figures == ()
    ((cash),) = found.lines
    assert (cash.key, cash.difference) == ("tender/Cash", 0)
    assert cash.before is not None
    assert cash.after is not None
    assert (cash.before.account, cash.after.account) == ("1010", "1099")


def test_the_records_that_are_shown_otherwise() -> None:
    """By kind and key, whichever side has records of the kind."""
    before, after = day_of(punch("s1"), punch("s2")), day_of(punch("s2", clock_out="23:00"), Deposit("d", 500, DATE))
    found = [(change.kind, change.key, change.operation) for change in shown_changes(before, after)]
    assert found == [("deposit", "d", "added"), ("punch", "s1", "removed"), ("punch", "s2", "changed")]
