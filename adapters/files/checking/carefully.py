"""The careful way through a batch: row by row and cell by cell, saying everything that is wrong."""

import datetime as dt
from typing import Final, NamedTuple

from adapters.files.checking.columns import Columns, Taken
from adapters.files.checking.memory import unquoted
from adapters.files.kinds.rules import EMPTY
from adapters.files.problems import BadCell, DoubtfulCell, Problem, shown
from adapters.files.reading.batches import REFUSED, REFUSED_ROW, SEPARATOR, TYPED_DATE, Batch

_BREAKS: Final = ("IsUnpaidBreak", "IsPaidBreak")


class Careful(NamedTuple):
    """A batch that was looked at row by row.

    Attributes:
        taken: the good rows.
        keys: the keys of all rows whose own cells for it are good, whatever else is wrong with the row, so that a file
            is told of its duplicates together with everything else; None where the kind has none.
        numbers: the row numbers of these.
        problems: everything that there is to say, in the order of the rows.
        read: rows that are not empty.
    """

    taken: Taken
    keys: list[str] | None
    numbers: list[int]
    problems: list[Problem]
    read: int


class Carefully:
    """The careful way, for one file."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        kind = columns.kind
        self._hidden = {
            column.name
            for column in kind.columns
            if kind.private or column.personal or column.type in {"last-four", "text"}
        }

    def take(self, batch: Batch) -> Careful:
        """The good rows of a batch, and what is wrong with the others."""
        problems: list[Problem] = []
        good: list[_Row] = []
        keyed: list[_Row] = []
        count = 0
        identity = self._columns.kind.identity
        for number, record in zip(batch.numbers, batch.records, strict=True):
            if not record.strip():
                continue
            count += 1
            row = _Row(number, self._columns.header.width)
            self._check(row, record)
            problems.extend(row.problems)
            if not any(problem.severity == "error" for problem in row.problems):
                good.append(row)
            if row.texts and row.bad.isdisjoint(identity):
                keyed.append(row)
        names = self._columns.kind.headers
        taken = Taken(
            [",".join([row.texts.get(name, EMPTY) for name in names]) for row in good],
            None if self._columns.days is None else [row.day for row in good],
            None,
        )
        keys = self._columns.keys([[row.texts.get(name, EMPTY) for row in keyed] for name in identity])
        return Careful(taken, keys, [row.number for row in keyed], problems, count)

    def _check(self, row: "_Row", record: str) -> None:
        if record.startswith(REFUSED_ROW):
            self._refused(row, record)
            return
        cells = record.split(SEPARATOR)
        if len(cells) < row.width:
            row.error("", "", "too-few-cells", f"The row has {len(cells)} cells, the header {row.width}.")
            return
        if any(cell.strip() for cell in cells[row.width :]):
            row.error("", "", "too-many-cells", f"The row has {len(cells)} cells, the header {row.width}.")
            return
        for name, memory in self._columns.known.items():
            cell = cells[self._columns.header.at[name]]
            row.texts[name], bad = memory.told(cell)
            if bad is not None:
                row.tell(name, self._value(name, cell, bad), bad)
        for index, memory in self._columns.unknown.items():
            _, bad = memory.told(cells[index])
            if bad is not None:
                row.tell(self._columns.header.unknown[index] or f"column {index + 1}", "", bad)
        self._judge(row, cells)
        self._date(row, cells)

    def _refused(self, row: "_Row", record: str) -> None:
        """A record that its reader could not take apart."""
        if record[1:].startswith("bad-quotes"):
            row.error("", "", "bad-quotes", "The quotes do not pair up: a quote inside a cell is written twice.")
        else:
            row.error("", "", "too-long", "A cell is far too long: a quote may be open.")

    def _judge(self, row: "_Row", cells: list[str]) -> None:
        """The rules over several cells; one that looks at a bad cell has nothing to say."""
        for rule in self._columns.kind.rules:
            if not row.bad.isdisjoint(rule.columns):
                continue
            for broken in rule.judge([unquoted(row.texts.get(name, EMPTY)) for name in rule.columns]):
                at = self._columns.header.at.get(broken.column)
                value = "" if at is None or broken.column in self._hidden else visible(cells[at])
                row.error(broken.column, value, broken.code, broken.reason)

    def _date(self, row: "_Row", cells: list[str]) -> None:
        days = self._columns.days
        if days is None or not row.bad.isdisjoint(days.columns):
            return
        name = next((name for name in days.columns if row.texts.get(name, EMPTY) != EMPTY), "")
        if not name:
            return
        try:
            row.day = days.told(row.texts[name])
            days.check(row.day, is_break=any(row.texts.get(flag) == '"true"' for flag in _BREAKS))
        except BadCell as bad:
            row.tell(name, visible(cells[self._columns.header.at[name]]), bad)

    def _value(self, name: str, cell: str, bad: BadCell) -> str:
        return "" if name in self._hidden or bad.code == "card-number" else visible(cell)


class _Row:
    """What is found out about one row."""

    def __init__(self, number: int, width: int) -> None:
        self.number = number
        self.width = width
        self.texts: dict[str, str] = {}
        self.day: dt.date | None = None
        self.bad: set[str] = set()
        self.problems: list[Problem] = []

    def tell(self, column: str, value: str, bad: BadCell) -> None:
        """Say what is wrong with a cell."""
        if isinstance(bad, DoubtfulCell):
            self.problems.append(Problem("warning", self.number, column, value, bad.code, bad.reason))
        else:
            self.bad.add(column)
            self.error(column, value, bad.code, bad.reason)

    def error(self, column: str, value: str, code: str, reason: str) -> None:
        """Say what is wrong with the row."""
        self.problems.append(Problem("error", self.number, column, value, code, reason))


def visible(cell: str) -> str:
    """A cell as it may stand in a message, without the marks of the readers."""
    if cell.startswith(REFUSED):
        cell = cell.partition(" ")[2]
    return shown(cell.removeprefix(TYPED_DATE).replace("T", " ", int(cell.startswith(TYPED_DATE))))
