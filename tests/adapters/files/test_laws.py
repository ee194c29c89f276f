"""Laws: a file says the same in every dress, every planted error is found and nothing else, both ways agree."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files import KINDS, Column, Dating, Kind
from adapters.files.checking import memory
from adapters.files.checking.plain import Plain
from adapters.files.kinds.columns import Type
from adapters.files.limits import Limits
from adapters.files.reading import source
from tests.adapters.files.build import PLAIN, as_csv, as_xlsx, checked, pages
from tests.support.laws import examples

Row = dict[str, str]
"""A row: cells by official name, in a form that any dress of it has to come back to."""

LETTERS = st.characters(exclude_categories=("C", "Z"), exclude_characters="\u2028\u2029")
WORDS = st.text(LETTERS, min_size=1, max_size=8).filter(lambda text: sum(letter.isdigit() for letter in text) < 5)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
MOMENTS = st.datetimes(dt.datetime(2026, 11, 1), dt.datetime(2026, 11, 5)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
AMOUNTS = st.integers(-(10**9), 10**9).map(lambda cents: f"{cents / 100:.2f}")
CELLS: dict[Type, st.SearchStrategy[str]] = {
    "key": st.one_of(WORDS, st.integers(0, 99_999).map(str)),
    "digits": st.integers(0, 99).map(lambda number: f"{number:02d}"),
    "name": TEXTS,
    "text": st.lists(TEXTS, min_size=1, max_size=3).map("\n".join),
    "last-four": st.integers(0, 9_999).map(lambda number: f"{number:04d}"),
    "money": AMOUNTS,
    "price": st.integers(0, 10_000).map(lambda cents: f"{cents / 100:.2f}"),
    "measure": st.integers(0, 10_000).map(lambda number: f"{number / 1000:.3f}"),
    "integer": st.integers(-999, 999).map(str),
    "ordinal": st.integers(0, 999).map(str),
    "flag": st.sampled_from(["true", "false"]),
    "rate-type": st.sampled_from(["Percentage", "Fixed"]),
    "moment": MOMENTS.map(lambda at: f"{at:%m/%d/%Y %H:%M:%S}"),
    "day": MOMENTS.map(lambda at: f"{at:%m/%d/%Y %H:%M:%S}"),
    "birthdate": st.dates(dt.date(1950, 1, 1), dt.date(2010, 1, 1)).map(lambda at: f"{at:%Y/%m/%d}"),
}
WRONG: dict[Type, tuple[str, ...]] = {
    "key": ("x" * 65, "a\x00", "4111111111111111"),
    "digits": ("a", "1.0", "-1"),
    "name": ("x" * 201, "two\nlines", "caf\udce9"),
    "text": ("bell\x07", "4111 1111 1111 1111"),
    "last-four": ("12345", "4111111111111111"),
    "money": ("$1", "1,000.00", "(1)", "1e3", "nan", "99999999999"),
    "price": ("-1", "x"),
    "measure": ("-0.5", "5%"),
    "integer": ("1.5", "x"),
    "ordinal": ("-1", "1.5"),
    "flag": ("yes", "2"),
    "rate-type": ("percent",),
    "moment": ("02/30/2026", "2026-11-20", "11/20/2026 24:00", "11/20/26"),
    "day": ("02/30/2026", "20.11.2026"),
    "birthdate": ("02/13/1988", "1988/02/30"),
}


@st.composite
def good_rows(draw: st.DrawFn, kind: Kind, least: int = 0, most: int = 12) -> list[Row]:
    """Rows of a kind in which nothing is wrong."""
    found: list[Row] = []
    for number in range(draw(st.integers(least, most))):
        row = {column.name: draw(cell(column)) for column in kind.columns}
        for name in kind.identity[-1:] if kind.key == "tills" else kind.identity[:1]:
            row[name] = str(number)
        for rule in kind.rules:
            if hasattr(rule, "starred"):  # a whole comp, promo or modifier, or none
                there = draw(st.integers(0, 4)) == 0 or "Comp_CompName" in rule.columns
                for column in kind.columns:
                    if column.name in rule.columns:
                        row[column.name] = draw(CELLS[column.type]) if there else ""
        if kind.key == "labor-detail":
            start, minutes = draw(MOMENTS), draw(st.integers(0, 1_000))
            row["ClockInDate"] = row["ClockInTime"] = f"{start:%m/%d/%Y %H:%M:%S}"
            row["ClockOutTime"] = f"{start + dt.timedelta(minutes=minutes):%m/%d/%Y %H:%M:%S}"
            row["IsPaidBreak"] = "" if row["IsUnpaidBreak"] == "true" else row["IsPaidBreak"]
        found.append(row)
        if draw(st.booleans()) and not kind.identity and found:
            found.append(dict(found[-1]))  # rows of one check begin alike
    return found


def cell(column: Column) -> st.SearchStrategy[str]:
    """A good cell of a column."""
    return CELLS[column.type] if column.required else st.one_of(st.just(""), CELLS[column.type])


ANY_KIND = st.sampled_from(list(KINDS.values()))


@st.composite
def dressed(draw: st.DrawFn, kind: Kind, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as CSV in some dress: order, case and spaces of headers, quotes, line ends, empty rows and cells."""
    names = draw(st.permutations(kind.headers))
    case = draw(st.sampled_from([str.upper, str.lower, str.title]))
    pad = draw(st.sampled_from(["", " ", "\u00a0", "\t "]))
    more = draw(st.integers(0, 2))
    text = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL)
    writer.writerow([*(f"{pad}{case(name)}{pad}" for name in names), *[""] * more])
    for row in rows:
        writer.writerow([*(f"{pad}{row[name]}{pad}" for name in names), *[""] * more])
        if draw(st.booleans()):
            text.write(draw(st.sampled_from(["\n", ",\n", " , ,\n"])))
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return mark + text.getvalue().replace("\n", end).encode()  # the line ends inside quotes, too


def typed(kind: Kind, row: Mapping[str, str]) -> list[Any]:
    """A row as somebody would enter it into a workbook: numbers as numbers, dates as dates."""
    found: list[Any] = []
    for column in kind.columns:
        text = row[column.name]
        if not text:
            found.append(None)
        elif column.type in {"moment", "day"}:
            found.append(dt.datetime.strptime(text, "%m/%d/%Y %H:%M:%S"))  # noqa: DTZ007  # a wall clock
        elif column.type == "birthdate":
            found.append(dt.datetime.strptime(text, "%Y/%m/%d"))  # noqa: DTZ007  # a calendar date
        elif column.type in {"money", "price", "measure"}:
            found.append(float(text))
        elif column.type in {"integer", "ordinal"}:
            found.append(int(text))
        elif column.type == "flag":
            found.append(text == "true")
        else:
            found.append(f"{text} " if text.startswith("=") else text)
    return found


def formulas(row: Mapping[str, str]) -> bool:
    """Whether writing the row to a workbook would make formulas or errors of its texts, or escape their letters."""
    return any(text.startswith(("=", "#")) or "_x" in text for text in row.values())


@settings(max_examples=examples(80), deadline=None)
@given(st.data(), ANY_KIND)
def test_a_file_says_the_same_in_every_dress(data: st.DataObject, kind: Kind) -> None:
    """The same canonical bytes, sorted by days or not."""
    rows = data.draw(good_rows(kind))
    plain = as_csv(rows, kind.headers)
    other = data.draw(dressed(kind, rows))
    assert pages(other, kind, seal=dict) == pages(plain, kind, seal=dict)
    assert pages(other, kind, PLAIN, seal=dict) == pages(plain, kind, PLAIN, seal=dict)


@settings(max_examples=examples(40), deadline=None)
@given(st.data(), ANY_KIND)
def test_a_workbook_says_the_same_as_csv(data: st.DataObject, kind: Kind) -> None:
    """The same canonical bytes."""
    rows = [row for row in data.draw(good_rows(kind, most=4)) if not formulas(row)]
    book = as_xlsx([kind.headers, *(typed(kind, row) for row in rows)])
    assert pages(book, kind, seal=dict) == pages(as_csv(rows, kind.headers), kind, seal=dict)


@settings(max_examples=examples(100), deadline=None)
@given(st.data(), ANY_KIND)
def test_every_planted_error_is_found_and_nothing_else(data: st.DataObject, kind: Kind) -> None:
    """With its row and its column, however many there are."""
    rows = data.draw(good_rows(kind, least=1))
    in_rules = {name for rule in kind.rules for name in rule.columns}
    columns = [column for column in kind.columns if column.required or column.name not in in_rules]
    planted: dict[tuple[int, str], str] = {}
    for _ in range(data.draw(st.integers(0, 5))):
        at, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(columns))
        wrong = ("", "  ") if column.required and data.draw(st.booleans()) else WRONG[column.type]
        planted[at, column.name] = data.draw(st.sampled_from(wrong))
    alike: set[int] = set()
    for (at, name), bad in planted.items():
        rows[at] = {**rows[at], name: bad}
        alike.add(at)
    report = checked(data.draw(dressed_exactly(kind, rows)), kind)
    numbers = {at + 2: at for at in range(len(rows))}
    assert {(numbers[error.row], error.column) for error in report.errors} == set(planted)
    assert len(report.errors) == len(planted)
    assert report.good == (not planted)


@st.composite
def dressed_exactly(draw: st.DrawFn, kind: Kind, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as CSV with columns in any order, and no row but these."""
    names = draw(st.permutations(kind.headers))
    return as_csv(rows, names, quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])))


@settings(max_examples=examples(100), deadline=None)
@given(st.data(), ANY_KIND, st.sampled_from([None, PLAIN, Dating(PLAIN.date_of, dt.date(2026, 11, 2))]))
def test_the_fast_way_and_the_careful_way_agree(data: st.DataObject, kind: Kind, dating: Dating | None) -> None:
    """On the same rows, good or bad: what one takes the other takes, with the same bytes and dates."""
    rows = data.draw(good_rows(kind, most=30))
    for _ in range(data.draw(st.integers(0, 2)) if rows else 0):
        at, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(kind.columns))
        rows[at] = {**rows[at], column.name: data.draw(st.sampled_from((*WRONG[column.type], "", " 1 ", "0")))}
    csv_file = data.draw(dressed_exactly(kind, rows))
    fast = outcome(csv_file, kind, dating)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plain, "take", lambda *_: None)
        assert outcome(csv_file, kind, dating) == fast


def outcome(data: bytes, kind: Kind, dating: Dating | None) -> object:
    """All that comes of a file."""
    report = checked(data, kind, dating)
    return report, pages(data, kind, dating) if report.good else None


@settings(max_examples=examples(40), deadline=None)
@given(st.data(), ANY_KIND, st.integers(1, 400))
def test_how_much_is_read_at_once_and_remembered_makes_no_difference(
    data: st.DataObject, kind: Kind, at_once: int
) -> None:
    """However little that may be."""
    rows = data.draw(good_rows(kind, most=30))
    csv_file = data.draw(dressed(kind, rows))
    expected = pages(csv_file, kind, PLAIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK_BYTES", at_once)
        patch.setattr(memory, "_MOST_MINUTES", 1)
        assert pages(csv_file, kind, PLAIN, limits=Limits(memory_cells=1)) == expected
