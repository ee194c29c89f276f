"""Schedules as CSV: one row for each shift, with Employee, Job, Start and End; headers in any order and any case."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = ("Employee", "Job", "Start", "End")
MOST_BYTES: Final = 2 * 2**20
MOST_ROWS: Final = 5_000
LONGEST_CELL: Final = 200


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a file.

    Attributes:
        row: as a spreadsheet shows it, where the header is 1; 0 for the file as a whole.
        column: the official name, or empty for the row as a whole.
        message: a sentence.
    """

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row of a schedule, as it is written.

    Attributes:
        row: as a spreadsheet shows it.
        employee: the point of sale's id.
        job: likewise.
        start: a time.
        end: a time.
    """

    row: int
    employee: str
    job: str
    start: str
    end: str


def read_schedule(data: bytes) -> tuple[list[ScheduleRow], list[CellProblem]]:
    """The rows of a file, and everything that is wrong with it; empty rows are passed over.

    Args:
        data: the file: UTF-8, commas, quotes, any line ends.
    """
    problems: list[CellProblem] = []
    text = _text(data, problems)
    rows: list[ScheduleRow] = []
    places: dict[str, int] = {}
    for number, cells in _records(text, problems):
        if not any(cell.strip() for cell in cells):
            continue
        if not places:
            places = _header(number, cells, problems)
            if problems:
                break
            continue
        if len(rows) >= MOST_ROWS:
            problems.append(CellProblem(number, "", f"the file has more than {MOST_ROWS:,} shifts"))
            break
        found = _row(number, cells, places, problems)
        if found is not None:
            rows.append(found)
    if not places and not problems:
        problems.append(CellProblem(0, "", "the file is empty"))
    return rows, problems


def _text(data: bytes, problems: list[CellProblem]) -> str:
    """The text of a file; empty where it has none."""
    if len(data) > MOST_BYTES:
        problems.append(CellProblem(0, "", f"the file has more than {MOST_BYTES:,} bytes"))
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(CellProblem(0, "", "the file is not UTF-8: save it as CSV UTF-8"))
        return ""
    if "\0" in text:
        problems.append(CellProblem(0, "", "the file has NUL characters: it is no CSV"))
        return ""
    return text


def _records(text: str, problems: list[CellProblem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append(CellProblem(begins, "", "its quotes do not pair up, or a cell is too long"))
            return
        yield begins, cells
        begins = reader.line_num + 1


def _header(number: int, cells: list[str], problems: list[CellProblem]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in cells]
    for column in COLUMNS:
        count = names.count(column.casefold())
        if count != 1:
            message = "the column is not there" if not count else "the column is there twice"
            problems.append(CellProblem(number, column, message))
    known = {column.casefold() for column in COLUMNS}
    for name, cell in zip(names, cells, strict=True):
        if name and name not in known:
            shown = "".join(letter if letter.isprintable() else "?" for letter in cell.strip()[:40])
            problems.append(CellProblem(number, shown, f"there is no such column: take {', '.join(COLUMNS)}"))
    return {column: names.index(column.casefold()) for column in COLUMNS if column.casefold() in names}


def _row(number: int, cells: list[str], places: dict[str, int], problems: list[CellProblem]) -> ScheduleRow | None:
    before = len(problems)
    if len(cells) > max(places.values()) + 1 and any(cell.strip() for cell in cells[max(places.values()) + 1 :]):
        problems.append(CellProblem(number, "", "the row has more cells than the header"))
    found: dict[str, str] = {}
    for column, place in places.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if not cell:
            problems.append(CellProblem(number, column, "it is empty and must not be"))
        elif len(cell) > LONGEST_CELL or not cell.isprintable():
            problems.append(CellProblem(number, column, "it is too long, or has control characters"))
        found[column] = cell
    if len(problems) > before:
        return None
    return ScheduleRow(number, found["Employee"], found["Job"], found["Start"], found["End"])
