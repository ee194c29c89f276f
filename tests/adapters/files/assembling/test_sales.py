"""Rows of Sales Detail by check: cut apart without being decoded, whatever stands in their cells."""

import json

import msgspec
import pytest

from adapters.files.assembling.sales import Sales
from domain.ports.captures import Page

Cells = list[str]


def cells(check: str, ordinal: str = "1", table: str = "", number: str = "2001") -> Cells:
    """The cells of a row in official order."""
    head = [check, "2026-11-20T18:05:00", "2026-11-20T19:10:30", "Bar", "Dine In", "101", "2", table]
    return [*head, "101", ordinal, number, *[""] * 19]


def told(page: Page) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """By check what its heads say of the table, with ordinals and numbers of their rows."""
    sales = Sales([page])
    return {
        check: [(same.head.table, [(row.ordinal, row.number) for row in same.rows]) for same in sales.of(check)]
        for check in sales.numbers
    }


def test_rows_of_one_check_are_found_together() -> None:
    """Wherever they stand; those that say the same of the check are one, and a check that is not there has none."""
    rows = [cells("1", "2"), cells("1"), cells("01"), cells("1", "3", table="9")]
    page = Page("sales-detail", 4, msgspec.json.encode(rows))
    assert told(page) == {
        "1": [("", [("1", "2001"), ("2", "2001")]), ("9", [("3", "2001")])],
        "01": [("", [("1", "2001")])],
    }
    assert Sales([page]).of("2") == []


@pytest.mark.parametrize("odd", ['a],["b', "],[", ",", '"', "\\", '","', "[[", "]]", "ü", "\u2028", "a\n"])
def test_what_parts_rows_and_cells_may_stand_in_a_cell(odd: str) -> None:
    """In what the check is called by, in its head, and behind it."""
    rows = [cells(odd), cells(odd, "2"), cells("1", table=odd), cells("1", number=odd, table=odd)]
    wanted = {odd: [("", [("1", "2001"), ("2", "2001")])], "1": [(odd, sorted([("1", "2001"), ("1", odd)]))]}
    found = told(Page("sales-detail", 4, msgspec.json.encode(rows)))
    assert {check: [(table, sorted(same)) for table, same in heads] for check, heads in found.items()} == wanted


@pytest.mark.parametrize("written", [{"ensure_ascii": True}, {"indent": 1}, {"separators": (", ", ": ")}])
@pytest.mark.parametrize("rows", [3, 2, 7])
def test_pages_that_are_written_otherwise_say_the_same(written: dict[str, object], rows: int) -> None:
    """With other escapes or white space, and with a count of rows that is not theirs."""
    made = [cells("ü", table="é"), cells("ü", "2", table="é", number="ß"), cells("1")]
    page = Page("sales-detail", rows, json.dumps(made, **written).encode())  # type: ignore[arg-type]
    assert told(page) == {"ü": [("é", [("1", "2001"), ("2", "ß")])], "1": [("", [("1", "2001")])]}


def test_a_row_that_ends_early_has_empty_cells() -> None:
    """Whether it ends in its head or behind it."""
    page = Page("sales-detail", 2, msgspec.json.encode([["1"], cells("2")[:10]]))
    assert told(page) == {"1": [("", [("", "")])], "2": [("", [("1", "")])]}


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"[[1]]", b'[["1",2]]', b'[["1"', b"[[]]]"])
def test_what_is_no_page_of_rows_is_not_read(data: bytes) -> None:
    """It is told by a decoding error, which is the source's failure."""
    with pytest.raises(msgspec.DecodeError):
        told(Page("sales-detail", 1, data))
