"""Required columns, columns that are required together, rules over a row, and numbers that are there twice."""

import pytest

from adapters.files import KINDS, Kind
from adapters.files.kinds.rules import Together
from tests.adapters.files.build import LABOR, SALES, as_csv, least, sample, told, warned

REQUIRED = [(kind, name) for kind in KINDS.values() for name in kind.required]
OPTIONAL = [
    (kind, column.name)
    for kind in KINDS.values()
    for column in kind.columns
    if not column.required and not any(column.name in rule.columns for rule in kind.rules)
]
TOGETHER = [
    (kind, rule, name)
    for kind in KINDS.values()
    for rule in kind.rules
    if isinstance(rule, Together)
    for name in rule.columns
]
COMP = {"Comp_CompName": "Spill", "Comp_Amount": "2.00"}
PROMO = {"Promo_PromoName": "Lunch", "Promo_Amount": "3.00"}
NEITHER = dict.fromkeys(COMP | PROMO, "")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_the_sample_row_and_the_least_row_are_good(kind: Kind) -> None:
    """All columns filled, and only those that must be."""
    assert told(as_csv([sample(kind)]), kind) == []
    assert told(as_csv([least(kind)]), kind) == []
    assert warned(as_csv([least(kind)]), kind) == []


@pytest.mark.parametrize(("kind", "name"), REQUIRED, ids=lambda value: getattr(value, "key", value))
def test_a_required_cell_must_not_be_empty(kind: Kind, name: str) -> None:
    """Neither nothing nor spaces are a value."""
    for nothing in ("", "  "):
        assert told(as_csv([sample(kind), sample(kind, **{name: nothing})]), kind)[:1] == [(3, name, "required")]


@pytest.mark.parametrize(("kind", "name"), REQUIRED, ids=lambda value: getattr(value, "key", value))
def test_a_required_column_must_be_there(kind: Kind, name: str) -> None:
    """One error names it, however many rows lack it."""
    headers = [header for header in kind.headers if header != name]
    rows = [least(kind)] * (1 if kind.identity and name not in kind.identity else 3)
    assert told(as_csv(rows, headers), kind) == [(1, name, "missing-column")]


@pytest.mark.parametrize(("kind", "name"), OPTIONAL, ids=lambda value: getattr(value, "key", value))
def test_an_optional_column_may_be_empty_or_missing(kind: Kind, name: str) -> None:
    """Both say the same."""
    headers = [header for header in kind.headers if header != name]
    assert told(as_csv([sample(kind, **{name: ""})]), kind) == []
    assert told(as_csv([sample(kind)], headers), kind) == []


@pytest.mark.parametrize(("kind", "rule", "name"), TOGETHER, ids=lambda value: getattr(value, "key", str(value)[-40:]))
def test_of_a_comp_promo_or_modifier_all_that_is_starred_is_required(kind: Kind, rule: Together, name: str) -> None:
    """Any column of the group says that there is one; then exactly the starred ones that are empty are errors."""
    full = sample(kind)
    alone = {column: full[column] if column == name else "" for column in rule.columns}
    missing = [(2, column, "required-together") for column in rule.starred if column != name]
    assert told(as_csv([sample(kind, **alone)]), kind) == missing
    assert told(as_csv([sample(kind, **dict.fromkeys(rule.columns, ""))]), kind) == []
    assert told(as_csv([sample(kind, **dict.fromkeys(set(rule.columns) - set(rule.starred), ""))]), kind) == []


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        (NEITHER, [(2, "Comp_CompName", "required")]),
        ({**COMP, **dict.fromkeys(PROMO, "")}, []),
        ({**PROMO, **dict.fromkeys(COMP, "")}, []),
        ({**PROMO, **COMP}, []),
        ({**PROMO, "Comp_CompName": "Spill", "Comp_Amount": ""}, [(2, "Comp_Amount", "required-together")]),
    ],
)
def test_a_discount_is_a_comp_or_a_promo_or_both(cells: dict[str, str], errors: list[object]) -> None:
    """One of the two pairs is there."""
    kind = KINDS["discounts"]
    assert told(as_csv([least(kind, **cells)]), kind) == errors


def test_a_file_of_discounts_has_columns_for_one_of_the_two() -> None:
    """Without the columns of either the header is wrong."""
    kind = KINDS["discounts"]
    assert told(as_csv([least(kind)], ["CompPromo_CheckNumber", "Comp_CompName"]), kind)[0] == (
        1,
        "Comp_CompName",
        "missing-column",
    )
    assert told(as_csv([least(kind)], ["CompPromo_CheckNumber", "Comp_CompName", "Comp_Amount"]), kind) == []


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"ClockOutTime": "11/20/2026 12:00:00"}, [(2, "ClockOutTime", "out-before-in")]),
        ({"ClockInDate": "11/22/2026"}, [(2, "ClockInDate", "dates-differ")]),
        ({"IsUnpaidBreak": "1", "IsPaidBreak": "true"}, [(2, "IsPaidBreak", "contradiction")]),
        # The night when the clocks are put back: out an hour "before" in can be right.
        ({"ClockInTime": "11/01/2026 01:50", "ClockOutTime": "11/01/2026 01:10", "ClockInDate": "11/01/2026"}, []),
        ({"ClockOutTime": "11/21/2026 15:57:00"}, []),
        ({"ClockInDate": "11/19/2026"}, []),
        ({"ClockInTime": "bad", "ClockOutTime": "11/20/2026 12:00:00"}, [(2, "ClockInTime", "not-a-date")]),
    ],
)
def test_the_times_of_a_punch_follow_each_other(cells: dict[str, str], errors: list[object]) -> None:
    """As far as can be said without a time zone; and nothing is concluded from a cell that is wrong itself."""
    assert told(as_csv([least(LABOR, **cells)]), LABOR) == errors


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.identity], ids=lambda kind: kind.key)
def test_a_number_is_there_once(kind: Kind) -> None:
    """The second row of the same number is an error that names the first, far apart or near."""
    rows = [sample(kind, **{kind.identity[-1 if kind.key == "tills" else 0]: str(number)}) for number in range(6000)]
    rows[5000] = rows[17]
    assert told(as_csv(rows), kind) == [(5002, kind.identity[0], "duplicate-key")]
    assert told(as_csv([rows[1], rows[2], rows[1]]), kind) == [(4, kind.identity[0], "duplicate-key")]


def test_a_duplicate_is_told_whatever_else_is_wrong_with_its_row() -> None:
    """All errors of a file are told at once; a row whose number is itself bad is no duplicate of anything."""
    kind = KINDS["tax-definitions"]
    bad, nameless = sample(kind, Rate="a lot"), sample(kind, Number="")
    assert told(as_csv([bad, sample(kind), sample(kind, Number="7"), bad, nameless, nameless]), kind) == [
        (2, "Rate", "not-an-amount"),
        (3, "Number", "duplicate-key"),
        (5, "Rate", "not-an-amount"),
        (5, "Number", "duplicate-key"),
        (6, "Number", "required"),
        (7, "Number", "required"),
    ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.identity], ids=lambda kind: kind.key)
def test_rows_without_a_number_of_their_own_may_repeat(kind: Kind) -> None:
    """Two beers are two rows."""
    assert told(as_csv([sample(kind)] * 3), kind) == []


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ({"Number": "1"}, {"Number": " 1"}, True),
        ({"Number": "01"}, {"Number": "1"}, False),
        ({"Number": "a"}, {"Number": "A"}, False),
    ],
)
def test_numbers_are_compared_as_text(first: dict[str, str], second: dict[str, str], twice: bool) -> None:
    """Trimmed, and otherwise as written: 01 is not 1."""
    kind = KINDS["tenders"]
    assert bool(told(as_csv([sample(kind, **first), sample(kind, **second)]), kind)) == twice


@pytest.mark.parametrize(
    ("changes", "twice"),
    [
        ({}, True),
        ({"IsUnpaidBreak": "", "ShiftNumber": "01"}, True),
        ({"ShiftNumber": "2"}, False),
        ({"ClockInTime": "11/20/2026 16:00"}, False),
        ({"IsUnpaidBreak": "1"}, False),
        ({"EmployeeNumber": "0101"}, False),
    ],
)
def test_a_punch_is_its_employee_shift_and_clock_in(changes: dict[str, str], twice: bool) -> None:
    """A break has its own place beside its shift; an empty flag is one that is not set."""
    assert bool(told(as_csv([sample(LABOR), sample(LABOR, **changes)]), LABOR)) == twice


def test_a_till_is_its_drawer_and_day() -> None:
    """Whatever time of day the business date has."""
    kind = KINDS["tills"]
    rows = [sample(kind), sample(kind, BusinessDate="11/20/2026 05:00"), sample(kind, BusinessDate="11/21/2026")]
    assert told(as_csv(rows), kind) == [(3, "BusinessDate", "duplicate-key")]


def test_all_errors_of_a_row_are_told() -> None:
    """Every bad cell, in the order of the official columns."""
    row = sample(SALES, CheckNumber="", CloseTime="02/30/2026", GuestCount="two", ItemSale_GrossAmount="$1")
    assert told(as_csv([sample(SALES), row, sample(SALES)]), SALES) == [
        (3, "CheckNumber", "required"),
        (3, "CloseTime", "no-such-date"),
        (3, "GuestCount", "not-an-integer"),
        (3, "ItemSale_GrossAmount", "not-an-amount"),
    ]


@pytest.mark.parametrize("column", ["CloseTime", "OpenTime", "ItemSale_Comp_Time"])
def test_a_time_without_a_clock_is_a_warning(column: str) -> None:
    """The row is taken all the same."""
    data = as_csv([sample(SALES), sample(SALES, **{column: "11/20/2026"})])
    assert told(data, SALES) == []
    assert warned(data, SALES) == [(3, column, "no-time")]
