"""The copy of a file with its problems in front of each row."""

import csv
import io
from typing import Any

import pytest

from adapters.files import KINDS, Dating, Kind
from adapters.files.copying import write_copy
from adapters.files.formulas import ADDED, neutral
from adapters.files.templates import template
from tests.adapters.files.build import PLAIN, SALES, as_csv, as_xlsx, checked, sample, told, wall

TENDERS = KINDS["tenders"]


def copied(data: bytes, kind: Kind, dating: Dating | None = None) -> list[list[str]]:
    """The cells of a copy."""
    out = io.BytesIO()
    report = write_copy(io.BytesIO(data), kind, out, dating=dating)
    assert report == checked(data, kind, dating)
    text = out.getvalue().decode("utf-8", "surrogateescape")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_each_row_says_what_is_wrong_with_it() -> None:
    """In front; rows that are good say nothing, and no cell is changed but for an apostrophe before a formula."""
    data = b'NAME , Number,Type,Extra\r\n"Visa, ""Gold""",1 ,=1+1,-5\r\n,2,"a\nb",\r\n\r\nx,1,,\n'
    assert copied(data, TENDERS) == [
        [f"{ADDED} Extra: Tenders has no column of this name; it is not kept.", "NAME ", " Number", "Type", "Extra"],
        ["", 'Visa, "Gold"', "1 ", "'=1+1", "-5"],
        [
            "Name: Name must not be empty. Type: It has a tab or a line end inside; here it must stand on one line.",
            "",
            "2",
            "a\nb",
            "",
        ],
        ["", ""],
        ["Number: Number is the same as in row 2.", "x", "1", "", ""],
    ]


def test_all_problems_are_in_the_copy() -> None:
    """Not only the first thousand."""
    rows = copied(as_csv([sample(SALES, GuestCount="x")] * 2_500), SALES)
    assert sum(1 for row in rows[1:] if row[0].startswith("GuestCount: ")) == 2_500


def test_rows_that_do_not_fit_the_header_stay_as_they_are() -> None:
    """Nothing is filled up, so that the copy is no better than the file until somebody mends it."""
    data = b'Number,Name,Type\n1,Visa\n2,Cash,a,b\n3,"x"y,\n'
    rows = copied(data, TENDERS)
    assert [row[1:] for row in rows[1:]] == [["1", "Visa"], ["2", "Cash", "a", "b"], ['3,"x"y,']]
    out = io.BytesIO()
    write_copy(io.BytesIO(data), TENDERS, out)
    assert [code for *_, code in told(out.getvalue(), TENDERS)] == ["too-few-cells", "too-many-cells", "too-few-cells"]


def test_a_mended_copy_can_be_imported() -> None:
    """The added column is an unknown one, and not kept."""
    out = io.BytesIO()
    write_copy(io.BytesIO(b"Number,Name\n1,Visa\n2,\n"), TENDERS, out)
    mended = out.getvalue().replace(b"2,\r\n", b"2,Cash\r\n")
    assert told(mended, TENDERS) == []


def test_card_numbers_are_taken_out_of_the_copy() -> None:
    """It may be kept where card numbers must not be."""
    rows = copied(b"Number,Name,X\n4111111111111111,Visa,no 4111 1111 1111 1111!\n", TENDERS)
    assert rows[1][1:] == ["(removed)", "Visa", "no (removed)!"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_takes_a_reason_for_a_formula(start: str) -> None:
    """Whatever the name of a column that stands at its beginning."""
    assert neutral(f"{start}SUM(A1)") == f"'{start}SUM(A1)"
    assert neutral("Name: x") == "Name: x"
    assert copied(as_csv([{**sample(TENDERS), f"{start}x": "\x07"}]), TENDERS)[1][0][:1] not in (
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
    )


def test_bytes_that_are_no_utf8_come_out_as_they_went_in() -> None:
    """The copy is no worse than the file."""
    rows = copied(b"Number,Name\n1,Caf\xe9\n", TENDERS)
    assert rows[1][2] == "Caf\udce9"
    assert rows[1][0] == "Name: It has bytes that are not UTF-8: save the file as CSV UTF-8."


def test_a_file_that_cannot_be_read_on_says_so_in_its_last_row() -> None:
    """Also where it cannot be read at all."""
    assert copied(b'Number,Name\n1,Visa\n2,"open\n', TENDERS)[-1] == [
        "error: row 3: A quote is opened in this row and never closed. [bad-quotes]"
    ]
    assert copied(b"", TENDERS) == [["error: file: The file is empty. [empty-file]"]]


def test_a_workbook_is_copied_as_csv() -> None:
    """Dates are written as their columns want them; of formulas and errors what they show."""
    employees = KINDS["employees"]
    row: list[Any] = list(sample(employees).values())
    row[employees.headers.index("Birthdate")] = wall(1988, 2, 13)
    rows = copied(as_xlsx([employees.headers, row]), employees)
    assert rows[1][1:] == [*list(sample(employees).values())[:11], "1988/02/13 00:00:00", "False"]
    table: list[list[Any]] = [
        ["CheckNumber", "CloseTime", "GuestCount"],
        ["1", wall(2026, 11, 20, 18, 5), "=1+1"],
        ["2", None, "#N/A"],
    ]
    rows = copied(as_xlsx(table), SALES)
    assert [row[1:] for row in rows[1:]] == [["1", "11/20/2026 18:05:00", ""], ["2", "", "#N/A"]]


def test_rows_of_another_day_are_told_in_the_copy_too() -> None:
    """The copy answers the same question as the check."""
    dating = Dating(PLAIN.date_of, wall(2026, 11, 19).date())
    assert "not to 2026-11-19" in copied(template(SALES).encode(), SALES, dating)[1][0]
