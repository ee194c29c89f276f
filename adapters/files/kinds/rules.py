"""What holds between the cells of one row: columns that are required together, times that follow each other."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import gt, ne
from typing import Final, NamedTuple, Protocol

EMPTY: Final = '""'
"""An empty cell in canonical JSON."""

_CLOCK_CHANGE: Final = dt.timedelta(hours=3)


class Broken(NamedTuple):
    """A rule that a row breaks: the column to blame, the code and a sentence."""

    column: str
    code: str
    reason: str


class Rule(Protocol):
    """A rule over some columns of a row."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        ...

    def judge(self, cells: Sequence[str]) -> Iterator[Broken]:
        """What is wrong with a row, given the canonical texts of :attr:`columns`."""
        ...

    def suspects(self, columns: Sequence[Sequence[str]]) -> bool:
        """Whether any row of a batch may break it, given its columns as canonical JSON texts; may err on one side."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """Columns that are required where any of a group has a value.

    Attributes:
        noun: what the group describes, for example ``modifier``.
        starred: the columns that are then required.
        others: the columns that are not, but say that there is one.
    """

    noun: str
    starred: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The whole group."""
        return self.starred + self.others

    def judge(self, cells: Sequence[str]) -> Iterator[Broken]:
        """Each required column that is missing, where the row has any of the group."""
        if any(cells):
            for column, cell in zip(self.starred, cells, strict=False):
                if not cell:
                    yield Broken(column, "required-together", f"The row has a {self.noun}, which needs {column}.")

    def suspects(self, columns: Sequence[Sequence[str]]) -> bool:
        """Exactly where one of the columns is filled in a row in which a required one is not."""
        rows = len(columns[0])
        empty = {column.count(EMPTY) for column in columns}
        if empty <= {rows} or (empty == {0} and not self.others):
            return False
        filled = [list(map(ne, column, repeat(EMPTY))) for column in columns]
        first, others = filled[0], filled[len(self.starred) :]
        if any(column != first for column in filled[1 : len(self.starred)]):
            return True
        return any(any(map(gt, other, first)) for other in others)


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of some columns has a value.

    Attributes:
        choices: the columns.
        reason: a sentence for a row that has none.
    """

    choices: tuple[str, ...]
    reason: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to choose from."""
        return self.choices

    def judge(self, cells: Sequence[str]) -> Iterator[Broken]:
        """The first of the columns, where all are empty."""
        if not any(cells):
            yield Broken(self.choices[0], "required", self.reason)

    def suspects(self, columns: Sequence[Sequence[str]]) -> bool:
        """Exactly where all are empty."""
        return any(all(cell == EMPTY for cell in cells) for cells in zip(*columns, strict=True))


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """The times of a punch follow each other, as far as can be said without a time zone.

    A clock-out that seems to lie before the clock-in may be right on the night when the clocks are put back; who knows
    the zone decides that. By three hours it never is.
    """

    day: str = "ClockInDate"
    start: str = "ClockInTime"
    end: str = "ClockOutTime"

    @property
    def columns(self) -> tuple[str, ...]:
        """Date, in and out."""
        return (self.day, self.start, self.end)

    def judge(self, cells: Sequence[str]) -> Iterator[Broken]:
        """A clock-out before its clock-in; a clock-in date that is not the clock-in's."""
        day, start, end = (dt.datetime.fromisoformat(cell) if cell else None for cell in cells)
        if start and end and end <= start - _CLOCK_CHANGE:
            yield Broken(self.end, "out-before-in", f"{self.end} lies before {self.start}.")
        if day and start and abs((day.date() - start.date()).days) > 1:
            yield Broken(self.day, "dates-differ", f"{self.day} and {self.start} are more than a day apart.")

    def suspects(self, columns: Sequence[Sequence[str]]) -> bool:
        """Exactly where a row breaks it."""
        return any(True for row in zip(*columns, strict=True) for _ in self.judge([cell.strip('"') for cell in row]))


@dataclass(frozen=True, slots=True)
class NotBoth:
    """Of two flags at most one is set."""

    first: str
    second: str
    reason: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The two flags."""
        return (self.first, self.second)

    def judge(self, cells: Sequence[str]) -> Iterator[Broken]:
        """The second, where both are set."""
        if all(cell == "true" for cell in cells):
            yield Broken(self.second, "contradiction", self.reason)

    def suspects(self, columns: Sequence[Sequence[str]]) -> bool:
        """Exactly where both are set."""
        return ('"true"', '"true"') in zip(*columns, strict=True)
