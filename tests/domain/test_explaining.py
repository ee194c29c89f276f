"""Figures and journal lines are traced to their records: the shares add up, whatever the day holds."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import key_parts, key_text
from domain.books import NEW_BOOKS
from domain.effects import ENTRIES, signed
from domain.explaining import Explanation, NoSuchLine, explain_figure, explain_line
from domain.figures import NoSuchFigure, figures, text
from domain.ledger import journal_entries
from domain.records import Deposit, LateVoid, PaidInOut, Payment, Remainder, Till
from domain.summary import summarize
from tests.domain.build import DATE, item, off, paid, punch, ticket
from tests.domain.days import RECORDS, day_of
from tests.support.laws import examples

few = settings(max_examples=examples(60), deadline=None)


def shares(found: Explanation) -> dict[str, str | None]:
    """What each record has, as it is shown."""
    return {f"{share.kind}/{share.key}": text(found.unit, share.value) for share in found.shares}


@pytest.mark.slow
@few
@given(records=RECORDS)
def test_the_shares_of_every_figure_add_up(records: tuple[Any, ...]) -> None:
    """Of every figure that is known the shares add up to it exactly; a ratio is made of two others instead."""
    day = day_of(*records)
    summary = summarize(day)
    for where, value in figures(summary).items():
        found = explain_figure(day, where.name)
        assert (found.value, found.name) == (value, where.name)
        if value is None or found.unit == "percent":
            assert found.shares == ()
        else:
            assert sum(Decimal(share.value) for share in found.shares) == value, where.name
            assert all(share.value for share in found.shares) or found.unit == "hours"
        assert len({(share.kind, share.key) for share in found.shares}) == len(found.shares)


@few
@given(records=RECORDS)
def test_the_shares_of_every_journal_line_add_up(records: tuple[Any, ...]) -> None:
    """Of every line of every entry the shares add up to it, debits positive and credits negative."""
    day = day_of(*records)
    entries = journal_entries(summarize(day), NEW_BOOKS)
    for entry in ENTRIES:
        for line in getattr(entries, entry).lines:
            found = explain_line(day, entry, line.key)
            assert found.value == signed(line)
            assert sum(Decimal(share.value) for share in found.shares) == signed(line), line.key


T1 = ticket(
    "t1", items=(item("10.00"), item("4.00", name="Beer", category="Bar")), payments=(paid("14.00", "3.00"),), tax="0"
)
T2 = ticket("t2", items=(item("20.00"),), discounts=(off("5.00"),), payments=(Payment("p", "Visa", 1500, drawer="2"),))
DAY = day_of(
    T1,
    T2,
    punch("s1"),
    punch("s2", clock_out="14:20"),
    punch("s3", clock_out="14:20"),
    Deposit("d1", 1_000, DATE, number="7"),
    PaidInOut("m1", "out", "Ice", 200),
    LateVoid("v1", "t0", DATE, 300),
    Till("2", 100, closed=True),
    Remainder("Patio", gross_cents=4_000),
)

FIGURES: list[tuple[str, dict[str, str]]] = [
    ("net_sales", {"late-void/v1": "-3.00", "ticket/t1": "14.00", "ticket/t2": "15.00"}),
    ("by_category/Food", {"ticket/t1": "10.00", "ticket/t2": "20.00"}),
    ("by_category.quantity/Food", {"ticket/t1": "1", "ticket/t2": "1"}),
    ("by_category_and_service_type/Bar", {"ticket/t1": "4.00"}),
    ("payments/Visa", {"ticket/t2": "15.00"}),
    ("payments.tips/Cash/(none)", {"ticket/t1": "3.00"}),
    ("discounts_by_name/Staff/discount", {"ticket/t2": "5.00"}),
    ("guests", {"ticket/t1": "2", "ticket/t2": "2"}),
    ("deposits/7", {"deposit/d1": "10.00"}),
    # What is short: the deposit, less what each record put into the drawers.
    ("over_short", {"deposit/d1": "10.00", "paid-in-out/m1": "2.00", "ticket/t1": "-17.00"}),
    ("paid_outs/Ice/cash", {"paid-in-out/m1": "2.00"}),
    ("labor/Server", {"punch/s1": "120.00", "punch/s2": "5.00", "punch/s3": "5.00"}),
    # 8 h and twice 20 minutes are 8.6667 h together, and 8.6666 h if each is rounded alone.
    ("labor.hours/Server", {"punch/s1": "8.0001", "punch/s2": "0.3333", "punch/s3": "0.3333"}),
    ("labor_hours", {"punch/s1": "8.0001", "punch/s2": "0.3333", "punch/s3": "0.3333"}),
    ("labor_percent", {}),
    ("tills.difference/2", {"till/2": "-1.00"}),
    ("unassigned", {"remainder/Patio": "40.00"}),
    ("issue_count", {"remainder/Patio": "1"}),
]


@pytest.mark.parametrize(("name", "expected"), FIGURES, ids=[name for name, _ in FIGURES])
def test_what_a_figure_is_made_of(name: str, expected: dict[str, str]) -> None:
    """Each record that has a part in the figure is named, with its share."""
    assert shares(explain_figure(DAY, name)) == expected


def test_figures_that_follow_from_others() -> None:
    """Where a figure is a difference or a ratio of others, these are named with their values."""
    made = {figure.name: text(figure.unit, figure.value) for figure in explain_figure(DAY, "labor_percent").made_of}
    assert made == {"labor_pay": "130.00", "net_sales": "26.00"}
    net = explain_figure(DAY, "net_sales").made_of
    assert [figure.name for figure in net] == ["gross_sales", "discounts", "late_voids"]


def test_what_is_unknown_has_no_shares() -> None:
    """Without a deposit over/short is unknown, and nobody has a share in it."""
    found = explain_figure(day_of(T1), "over_short")
    assert (found.value, found.shares) == (None, ())
    assert text(found.unit, found.value) is None


LINES: list[tuple[str, str, dict[str, str]]] = [
    ("sales", "sales/Food/Dine In", {"ticket/t1": "-10.00", "ticket/t2": "-20.00"}),
    ("sales", "tender/Visa", {"ticket/t2": "15.00"}),
    ("sales", "cash-clearing", {"deposit/d1": "0.00", "paid-in-out/m1": "0.00", "ticket/t1": "-17.00"}),
    ("labor", "wages/Server", {"punch/s1": "120.00", "punch/s2": "5.00", "punch/s3": "5.00"}),
    ("statistical", "guests", {"ticket/t1": "2", "ticket/t2": "2"}),
    ("statistical", "hours/Server", {"punch/s1": "8.0001", "punch/s2": "0.3333", "punch/s3": "0.3333"}),
]


@pytest.mark.parametrize(("entry", "key", "expected"), LINES, ids=[key for _, key, _ in LINES])
def test_what_a_journal_line_is_made_of(entry: str, key: str, expected: dict[str, str]) -> None:
    """Each record that has a part in the line is named; what comes to nothing is not."""
    found = explain_line(DAY, entry, key)
    assert found.name == key
    assert shares(found) == {name: value for name, value in expected.items() if value != "0.00"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsense", "has no figure 'nonsense'. It has: tickets, "),
        ("net_sales/Food", "has no figure"),
        ("by_category", "write by_category/NAME"),
        ("by_category/Food/More", "write by_category/NAME"),
        ("by_category.tips/Food", "no column 'tips', but: quantity, gross"),
        ("by_category/Merch", "Of that table it has: by_category.gross/Bar, by_category.gross/Food."),
        ("deposits.count/9", "deposits.count/7"),
        ("a//b", "not written as a key"),
        ("capture", "has no figure"),
    ],
)
def test_figures_that_are_none(name: str, said: str) -> None:
    """A name that is no figure, or no row of the day, is refused with what there is."""
    with pytest.raises(NoSuchFigure) as refused:
        explain_figure(DAY, name)
    assert said in str(refused.value)


def test_tables_with_many_rows_name_some() -> None:
    """Of a long table twenty rows are named and the others counted."""
    many = day_of(*[Deposit(f"d{number:02}", 100, DATE, number=f"{number:02}") for number in range(25)])
    with pytest.raises(NoSuchFigure, match=r"deposits.amount/19 and 5 more"):
        explain_figure(many, "deposits/x")
    with pytest.raises(NoSuchFigure, match=r"it has: none"):
        explain_figure(day_of(), "deposits/x")


@pytest.mark.parametrize(
    ("entry", "key", "said"),
    [
        ("bank", "x", "no journal entry 'bank', but: sales, labor, statistical"),
        ("sales", "tender/Amex", "has no line 'tender/Amex'. It has: tender/Cash, tender/Visa"),
        ("labor", "", "not written as a key"),
    ],
)
def test_lines_that_are_none(entry: str, key: str, said: str) -> None:
    """An entry or a line that the day does not have is refused with what there is."""
    with pytest.raises(NoSuchLine) as refused:
        explain_line(DAY, entry, key)
    assert said in str(refused.value)


@few
@given(names=st.lists(st.text(min_size=1, max_size=20), max_size=3))
def test_names_are_read_back_as_they_are(names: list[str]) -> None:
    """A name may hold anything, slashes, backslashes and letters that do not print: written and read it is itself."""
    assert key_parts(key_text(("sales", *names))) == ("sales", *names)


def test_long_names_are_explained_too() -> None:
    """A source may call a category what it likes, also past what can be mapped to an account."""
    long = "Food & Drink " * 40
    day = day_of(ticket(items=(item("10.00", category=long),), payments=(paid("10.00"),)))
    assert shares(explain_figure(day, f"by_category/{long}")) == {"ticket/t1": "10.00"}
