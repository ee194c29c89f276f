"""Import files for tests: rows of any kind, as CSV in any dress or as xlsx."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from adapters.files import KINDS, Dating, Kind, Report, check, read
from adapters.files.content import cells
from adapters.files.limits import DEFAULT_LIMITS, Limits

SALES = KINDS["sales-detail"]
LABOR = KINDS["labor-detail"]

PLAIN = Dating(lambda moment: moment.date())
"""Business days that start at midnight."""


def early(moment: dt.datetime) -> dt.date:
    """The business date where days start at four in the morning."""
    return (moment - dt.timedelta(hours=4)).date()


def wall(*parts: int) -> dt.datetime:
    """What a clock on the wall shows."""
    return dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  # it knows no zone


def sample(kind: Kind, **changes: str) -> dict[str, str]:
    """The sample row of a kind with some cells changed."""
    return {column.name: column.sample for column in kind.columns} | changes


def least(kind: Kind, **changes: str) -> dict[str, str]:
    """A row with the required cells only, and of a discount its comp."""
    needed = set(kind.required) | {name for choice in kind.one_of[:1] for name in choice}
    return {column.name: column.sample if column.name in needed else "" for column in kind.columns} | changes


def as_csv(rows: Sequence[Mapping[str, str]], headers: Iterable[str] | None = None, **dialect: Any) -> bytes:
    """CSV of rows; the headers are those of the first row unless given."""
    names = list(rows[0]) if headers is None else list(headers)
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def as_xlsx(table: Sequence[Sequence[Any]], formats: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """A workbook of one sheet; formats by row and column, from 1."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(list(row))
    for (row_number, column), code in (formats or {}).items():
        sheet.cell(row_number, column).number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(data: bytes, kind: Kind, dating: Dating | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
    """The report of a file."""
    return check(io.BytesIO(data), kind, dating=dating, limits=limits)


def told(data: bytes, kind: Kind, dating: Dating | None = None, limits: Limits = DEFAULT_LIMITS) -> list[Any]:
    """Row, column and code of every error of a file."""
    report = checked(data, kind, dating, limits)
    return [(problem.row, problem.column, problem.code) for problem in report.errors]


def warned(data: bytes, kind: Kind) -> list[Any]:
    """Row, column and code of every warning of a file."""
    return [(problem.row, problem.column, problem.code) for problem in checked(data, kind).warnings]


def pages(data: bytes, kind: Kind, dating: Dating | None = None, **options: Any) -> dict[dt.date | None, list[bytes]]:
    """The pages of a good file by business date."""
    report, content = read(io.BytesIO(data), kind, dating=dating, **options)
    with content:
        assert report.errors == ()
        return {date: [page.data for page in content.pages(date)] for date in content.dates}


def rows(data: bytes, kind: Kind, dating: Dating | None = None, **options: Any) -> list[dict[str, str]]:
    """The canonical rows of a good file, without empty cells."""
    found = pages(data, kind, dating, **options)
    return [row for some in found.values() for page in some for row in cells(kind, page)]
