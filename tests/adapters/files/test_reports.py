"""Reports: all problems counted, the first thousand kept, and nothing shown that must not be."""

import json

import pytest

from adapters.files import CODES, KINDS
from adapters.files.limits import Limits
from adapters.files.problems import Problem, shown
from tests.adapters.files.build import SALES, as_csv, checked, sample

EMPLOYEES = KINDS["employees"]
PAYMENTS = KINDS["payments"]


def test_all_problems_are_counted_and_the_first_thousand_kept() -> None:
    """Errors and warnings apart, in the order of the rows."""
    bad = [sample(SALES, GuestCount=f"x{number}", OpenTime="11/20/2026") for number in range(3_000)]
    report = checked(as_csv(bad), SALES)
    assert (report.error_count, report.warning_count, report.rows) == (3_000, 3_000, 3_000)
    assert [error.value for error in report.errors] == [f"x{number}" for number in range(1_000)]
    assert [warning.row for warning in report.warnings] == list(range(2, 1_002))
    assert report.counts == {"no-time": 3_000, "not-an-integer": 3_000}
    assert not report.good
    assert list(report.lines())[-1] == "  … and 4000 more: no-time 3000, not-an-integer 3000"
    assert len(list(report.lines())) == 2_002


def test_a_report_is_lines_for_people() -> None:
    """With row, column, value, reason and code."""
    data = as_csv([sample(SALES, CheckNumber="", GuestCount="two"), sample(SALES)])
    assert list(checked(data, SALES).lines()) == [
        "sales-detail: 2 rows, 2 errors, 0 warnings",
        "  error: row 2, CheckNumber: CheckNumber must not be empty. [required]",
        '  error: row 2, GuestCount "two": It is not a whole number: write it like 2 or -2. [not-an-integer]',
    ]
    assert list(checked(b"", SALES).lines())[1] == "  error: file: The file is empty. [empty-file]"


def test_a_report_is_json_for_programs() -> None:
    """Its shape is stable."""
    plain = checked(as_csv([sample(SALES, GuestCount="two")]), SALES).plain()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["errors"] == [
        {
            "severity": "error",
            "row": 2,
            "column": "GuestCount",
            "value": "two",
            "code": "not-an-integer",
            "reason": "It is not a whole number: write it like 2 or -2.",
        }
    ]
    assert list(plain) == [
        "kind",
        "name",
        "rows",
        "size",
        "digest",
        "error_count",
        "warning_count",
        "counts",
        "errors",
        "warnings",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" a ", "a"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
        ("a\nb\tc\x00\x1b[31m", "a\\nb\\tc\\x00\\x1b[31m"),
        ("caf\udce9", "caf\ufffd"),
        ("a\u202eb", "a\\u202eb"),
        ("日本", "日本"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_values_are_shown_on_one_line_and_cut(text: str, expected: str) -> None:
    """Forty characters, controls as escapes, what is no UTF-8 as a replacement."""
    assert shown(text) == expected


def test_values_of_personal_and_card_columns_are_never_shown() -> None:
    """Of a file about people no value at all; elsewhere no guest, no card, no note."""
    long = "Canary" * 1_000
    row = {name: f"{cell}{long}" for name, cell in sample(EMPLOYEES).items()}
    report = checked(as_csv([row, row]), EMPLOYEES)
    assert report.error_count > 20
    assert "Canary" not in json.dumps(report.plain())
    twice = checked(as_csv([sample(EMPLOYEES, EmployeeId="Canary")] * 2), EMPLOYEES)
    assert [error.code for error in twice.errors] == ["duplicate-key"]
    assert "Canary" not in json.dumps(twice.plain())
    payment = sample(PAYMENTS, Payment_GuestName=long, Payment_TenderIdentity="12345", Payment_Time="x")
    found = {error.column: error.value for error in checked(as_csv([payment]), PAYMENTS).errors}
    assert found == {"Payment_GuestName": "", "Payment_TenderIdentity": "", "Payment_Time": "x"}


@pytest.mark.parametrize("column", [column.name for column in PAYMENTS.columns])
def test_a_card_number_is_never_repeated(column: str) -> None:
    """In whatever column it stands, alone or in a text, in one piece or four."""
    for number in ("4111111111111111", "4111 1111 1111 1111", "paid by 4111-1111-1111-1111"):
        report = checked(as_csv([sample(PAYMENTS, **{column: number})]), PAYMENTS)
        assert [(error.column, error.code, error.value) for error in report.errors] == [(column, "card-number", "")]
        assert "1111" not in json.dumps(report.plain()["errors"])


def test_a_number_that_is_there_twice_is_shown_with_its_first_row() -> None:
    """So that both are found."""
    kind = KINDS["tills"]
    (error,) = checked(as_csv([sample(kind), sample(kind)]), kind).errors
    assert (error.row, error.value) == (3, "2026-11-20, 1")
    assert error.reason == "BusinessDate and DrawerNumber are the same as in row 2."


def test_fewer_may_be_kept() -> None:
    """All are counted."""
    data = as_csv([sample(SALES, GuestCount="x")] * 30)
    report = checked(data, SALES, limits=Limits(problems=7))
    assert (len(report.errors), report.error_count) == (7, 30)


def test_every_code_is_explained() -> None:
    """In one line, without a full stop, beginning in lower case."""
    assert all(text == text.strip().rstrip(".") and text[0].islower() for text in CODES.values())
    assert str(Problem("warning", 0, "", "", "no-rows", "Nothing.")) == "warning: file: Nothing. [no-rows]"
