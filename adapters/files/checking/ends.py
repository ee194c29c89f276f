"""Two habits of Sales Detail that save most of the work.

The rows of one check begin with the same cells, so a row that begins like the one before is not taken apart there
again; and nearly all rows end in the same empty cells.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import chain, compress, pairwise, repeat
from operator import is_
from typing import Final, NamedTuple, TypeVar

from adapters.files.checking.columns import Columns
from adapters.files.kinds.rules import EMPTY
from adapters.files.reading.batches import END, SEPARATOR

_T = TypeVar("_T")

_ALIKE: Final = 0.4
"""The share of rows that must begin like the one before for the first habit to be worth anything."""
_ENDING: Final = 0.8
"""The share of rows that must end in empty cells for the second."""
_TELLING: Final = 50
"""Rows from which on a batch tells whether there is such a habit."""


class LookCarefully(Exception):
    """There is something to say about a row of the batch."""


class Cut(NamedTuple):
    """Records without their first or last cells.

    Attributes:
        cells: how many were cut off each.
        texts: the canonical JSON texts of the cells that were cut off, in official order.
        rest: the records without them.
        days: the business dates that they say, or None.
    """

    cells: int
    texts: list[str]
    rest: list[str]
    days: list[dt.date | None] | None = None


class Heads:
    """Cuts off the cells that the rows of one check have in common."""

    def __init__(self, columns: Columns) -> None:
        wanted = columns.kind.headers[: columns.kind.repeats]
        self._count = _leading(columns.names, wanted)
        self._days = columns.days
        dates = columns.days.columns if columns.days is not None else ()
        if set(dates) & set(wanted) and not set(dates) <= set(wanted):
            self._count = 0
        here = columns.names[: self._count]
        self._memories = [columns.known[name] for name in here]
        self._order = [here.index(name) if name in here else -1 for name in wanted]
        self._dates = [here.index(name) for name in dates if name in here]

    def cut(self, records: Sequence[str]) -> Cut | None:
        """The records without their heads; None where the file has no such habit.

        Raises:
            LookCarefully: a record is too short.
        """
        count = self._count
        if not count:
            return None
        starts: list[int] = []
        heads: list[list[str]] = []
        rest: list[str] = []
        head, length = END, 1
        for record in records:
            if not record.startswith(head):
                cells = record.split(SEPARATOR, count)
                if len(cells) <= count:
                    raise LookCarefully
                length = len(record) - len(cells.pop())
                head = record[:length]
                starts.append(len(rest))
                heads.append(cells)
            rest.append(record[length:])
        if len(records) > _TELLING and len(heads) > (1 - _ALIKE) * len(records):
            self._count = 0
        return self._told(heads, starts, rest)

    def _told(self, heads: list[list[str]], starts: list[int], rest: list[str]) -> Cut:
        """What the heads say, once for each of the rows that have them in common."""
        lengths = [end - start for start, end in pairwise([*starts, len(rest)])]
        columns = [memory.column(cells) for memory, cells in zip(self._memories, zip(*heads, strict=True), strict=True)]
        nothing = [EMPTY] * len(heads)
        texts = map(",".join, zip(*[columns[at] if at >= 0 else nothing for at in self._order], strict=True))
        days = None
        if self._days is not None and self._dates:
            days = _stretched(self._days.of([columns[at] for at in self._dates]), lengths)
        return Cut(len(self._memories), _stretched(texts, lengths), rest, days)


class Tails:
    """Cuts off the cells that are seldom filled."""

    def __init__(self, columns: Columns) -> None:
        kind = columns.kind
        wanted = kind.headers[len(kind.columns) - kind.seldom :]
        self._count = _leading(columns.names[::-1], wanted)
        here = columns.names[len(columns.names) - self._count :]
        self._memories = [columns.known[name] for name in here]
        self._order = [here.index(name) if name in here else -1 for name in wanted]
        self._empty = ",".join([EMPTY] * len(wanted))
        self._rules = [
            (rule, [wanted.index(name) for name in rule.columns])
            for rule in kind.rules
            if set(rule.columns) <= set(wanted)
        ]

    def cut(self, records: Sequence[str]) -> Cut | None:
        """The records without their tails; None where too many of these are filled.

        Raises:
            LookCarefully: a record is too short, or a rule is broken.
        """
        count = self._count
        if not count:
            return None
        ending = SEPARATOR * count
        rest = [record.removesuffix(ending) for record in records]
        filled = list(compress(range(len(records)), map(is_, rest, records)))
        if len(filled) > (1 - _ENDING) * len(records):
            return None
        texts = [self._empty] * len(records)
        tails: list[list[str]] = []
        for at in filled:
            rest[at], *cells = records[at].rsplit(SEPARATOR, count)
            if len(cells) < count:
                raise LookCarefully
            tails.append(cells)
        if tails:
            for at, text in zip(filled, self._told(tails), strict=True):
                texts[at] = text
        return Cut(count, texts, rest)

    def _told(self, tails: list[list[str]]) -> Iterable[str]:
        found = [memory.column(cells) for memory, cells in zip(self._memories, zip(*tails, strict=True), strict=True)]
        nothing = [EMPTY] * len(tails)
        columns = [found[at] if at >= 0 else nothing for at in self._order]
        if any(rule.suspects([columns[at] for at in places]) for rule, places in self._rules):
            raise LookCarefully
        return map(",".join, zip(*columns, strict=True))


def _stretched(values: Iterable[_T], lengths: Sequence[int]) -> list[_T]:
    """Each value as often as its length says."""
    return list(chain.from_iterable(map(repeat, values, lengths)))


def _leading(names: Sequence[str], wanted: Sequence[str]) -> int:
    """How many leading names are the wanted ones, in whatever order; 0 where one of them stands elsewhere."""
    present = {name for name in names if name in wanted}
    return len(present) if set(names[: len(present)]) == present else 0
