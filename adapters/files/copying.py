"""A copy of a file as CSV, with what is wrong with each row in front of it."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

from adapters.files.checking.cards import without_card_numbers
from adapters.files.checking.header import normal, spellings
from adapters.files.dating import Dating
from adapters.files.examining import Examination
from adapters.files.formulas import ADDED, neutral
from adapters.files.kinds import Kind
from adapters.files.limits import DEFAULT_LIMITS, Limits
from adapters.files.problems import Problem
from adapters.files.reading.batches import REFUSED, REFUSED_ROW, SEPARATOR, TYPED_DATE
from adapters.files.reports import Report


def write_copy(
    file: IO[bytes],
    kind: Kind,
    out: IO[bytes],
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    dating: Dating | None = None,
) -> Report:
    """Check a file again and copy it as CSV with a column ``Problems`` put first; answers the report.

    All problems of all rows stand there, however many the report keeps. The column comes first because rows that are
    too short or too long would not line up with one at the end, and none is filled up: who mends the copy and imports
    it gets the same answer about what was not mended. Cells stay as they were, but for card numbers, which are taken
    out, and for what a spreadsheet would run, which an apostrophe is put in front of. The copy begins with a byte order
    mark, so that spreadsheets read its letters right.

    Args:
        file: as for :class:`~adapters.files.examining.Examination`, and so are the others.
        kind: what it is read as.
        out: where the copy is written, binary.
        name: what the file is called, for the report.
        limits: bounds.
        dating: how rows are put into business days.
    """
    examination = Examination(file, kind, name=name, limits=limits, dating=dating)
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="surrogateescape", newline="")
    writer = csv.writer(text)
    years_first: set[int] = set()
    for at, (batch, checked) in enumerate(examination):
        told = _by_row(checked.problems)
        for number, record in zip(batch.numbers, batch.records, strict=True):
            if at == 0:
                years_first = set(_years_first(record, kind))
            first = ADDED if at == 0 else ""
            writer.writerow(
                [neutral(" ".join(filter(None, (first, told.get(number, ""))))), *_cells(record, years_first)]
            )
    if examination.failed is not None:
        writer.writerow([neutral(str(examination.failed))])
    text.flush()
    text.detach()
    return examination.report


def _by_row(problems: Iterable[Problem]) -> dict[int, str]:
    told: dict[int, list[str]] = {}
    for problem in problems:
        told.setdefault(problem.row, []).append(f"{problem.column}: {problem.reason}".removeprefix(": "))
    return {row: " ".join(reasons) for row, reasons in told.items()}


def _years_first(header: str, kind: Kind) -> Iterator[int]:
    """The columns in which dates are written with the year first."""
    types = {column.name: column.type for column in kind.columns}
    known = spellings(kind)
    for at, cell in enumerate(header.split(SEPARATOR)):
        if types.get(known.get(normal(cell), "")) == "birthdate":
            yield at


def _cells(record: str, years_first: set[int]) -> Iterator[str]:
    for at, cell in enumerate(record.split(SEPARATOR)):
        text = cell
        if cell.startswith((REFUSED, REFUSED_ROW)):
            text = cell.partition(" ")[2]
        elif cell.startswith(TYPED_DATE):
            year, month, day, clock = cell[1:5], cell[6:8], cell[9:11], cell[12:]
            text = f"{year}/{month}/{day} {clock}" if at in years_first else f"{month}/{day}/{year} {clock}"
        yield neutral(without_card_numbers(text))
