"""What is known about a file once its header is read: what was seen of each column, and how rows are told apart."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from adapters.files.checking.cells import parser_for, unknown_cell
from adapters.files.checking.header import Header
from adapters.files.checking.memory import Memory, Minutes, Moments
from adapters.files.dating import Days
from adapters.files.kinds import Column, Kind
from adapters.files.kinds.rules import EMPTY
from adapters.files.limits import Limits
from adapters.files.problems import BadCell


class Taken(NamedTuple):
    """Rows that were checked and are good.

    Attributes:
        rows: the canonical JSON texts of their cells in official order, joined by commas.
        days: their business dates, None of a row that has none; None where nothing dates rows.
        keys: their keys; None where the kind has none, or where they are answered apart.
    """

    rows: list[str]
    days: list[dt.date | None] | None
    keys: list[str] | None


class Columns:
    """The columns of one file.

    Attributes:
        kind: the file's kind.
        header: where its columns stand.
        days: puts rows into business days, or None where nothing dates them.
        known: what was seen of each official column that the file has.
        unknown: the same of columns that are not kept, by their place in the file.
        names: the official names in the order of the file, empty where a column is unknown.
    """

    def __init__(self, kind: Kind, header: Header, limits: Limits, days: Days | None) -> None:
        self.kind = kind
        self.header = header
        self.days = days if days is not None and days.columns else None
        minutes = Minutes()
        self.known = {
            column.name: _memory(column, limits, minutes) for column in kind.columns if column.name in header.at
        }
        self.unknown = {
            index: Memory(unknown_cell if label else _nameless_cell) for index, label in header.unknown.items()
        }
        self.names = [""] * header.width
        for name, index in header.at.items():
            self.names[index] = name
        self._memories = (*self.known.values(), *self.unknown.values())
        self._most = limits.memory_cells
        # Without a column that the identity needs every row would look like every other.
        whole = all(name in header.at for name in kind.identity if name in kind.required)
        self._identity = [(name, kind.columns[kind.positions[name]].type) for name in kind.identity if whole]

    def stumbled(self) -> bool:
        """Whether there was something to say about a cell or a date since this was last asked."""
        found = False
        for memory in self._memories:
            found |= memory.stumbled
            memory.stumbled = False
        if self.days is not None:
            found |= self.days.stumbled
            self.days.stumbled = False
        return found

    def forget(self) -> None:
        """Start anew where more is remembered than may be."""
        for memory in self._memories:
            memory.forget(self._most)
        if self.days is not None:
            self.days.forget(self._most)

    def keys(self, columns: Sequence[Sequence[str]]) -> list[str] | None:
        """The keys of rows, given the canonical JSON texts of the kind's identity; None where there is none.

        Of a date the time does not count, and a flag that is empty is one that is not set.
        """
        if not self._identity:
            return None
        texts: list[Sequence[str]] = []
        for (_, type_), column in zip(self._identity, columns, strict=True):
            if type_ == "day":
                texts.append([f'{text[:11]}"' for text in column])
            elif type_ == "flag":
                texts.append([EMPTY if text == '"false"' else text for text in column])
            else:
                texts.append(column)
        return list(map(",".join, zip(*texts, strict=True)))


def _memory(column: Column, limits: Limits, minutes: Minutes) -> Memory:
    parse = parser_for(column, limits.cell_characters)
    if column.type == "moment":
        return Moments(parse, minutes)
    return Memory(parse, verbatim=column.type in {"key", "name", "text"})


def _nameless_cell(cell: str) -> str:
    if cell.strip():
        raise BadCell("too-many-cells", "The cell stands in a column that has no header: a comma may lack its quotes.")
    return ""
