"""The fast way through a batch in which nothing is wrong, which is nearly every batch.

Cells are looked up column by column in what was seen before, and never touched one by one. As soon as there is anything
to say about a cell or a row the whole batch is given back, and goes through :mod:`adapters.files.checking.carefully`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import Final, NamedTuple

from adapters.files.checking.columns import Columns, Taken
from adapters.files.checking.ends import Heads, LookCarefully, Tails
from adapters.files.kinds.rules import EMPTY
from adapters.files.reading.batches import END, SEPARATOR

_BETWEEN: Final = f"{SEPARATOR}{END}{SEPARATOR}"


class Plain:
    """The fast way, for one file."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._heads = Heads(columns)
        self._tails = Tails(columns)
        self._middles: dict[tuple[int, int], _Middle] = {}

    def take(self, records: Sequence[str]) -> Taken | None:
        """The rows of some records in which nothing is wrong; None where one of them needs a careful look."""
        try:
            taken = self._taken(records)
        except LookCarefully:
            taken = None
        return None if self._columns.stumbled() else taken

    def _taken(self, records: Sequence[str]) -> Taken:
        heads = self._heads.cut(records)
        if heads is not None:
            records = heads.rest
        tails = self._tails.cut(records)
        if tails is not None:
            records = tails.rest
        found = self._middle(heads.cells if heads else 0, tails.cells if tails else 0).take(records)
        days = heads.days if heads and heads.days else found.days
        if days is not None and self._columns.days is not None and not self._columns.days.all_fit(days):
            raise LookCarefully
        pieces = [*([heads.texts] if heads else []), *found.pieces, *([tails.texts] if tails else [])]
        return Taken(list(map(",".join, zip(*pieces, strict=True))), days, found.keys)

    def _middle(self, head: int, tail: int) -> "_Middle":
        if (head, tail) not in self._middles:
            self._middles[head, tail] = _Middle(self._columns, head, tail)
        return self._middles[head, tail]


class _Found(NamedTuple):
    pieces: list[Iterable[str]]
    days: list[dt.date | None] | None
    keys: list[str] | None


class _Middle:
    """What is between heads and tails, or all of the records where they have none."""

    def __init__(self, columns: Columns, head: int, tail: int) -> None:
        kind, header = columns.kind, columns.header
        names = kind.headers[kind.repeats if head else 0 : len(kind.columns) - (kind.seldom if tail else 0)]
        self._columns = columns
        self._width = header.width - head - tail
        self._known = {name: header.at[name] - head for name in names if name in header.at}
        self._unknown = {index - head: memory for index, memory in columns.unknown.items()}
        # Neighbours that the file does not have are one piece of every row.
        self._pieces = [
            (present, list(group)) for present, group in groupby(names, key=lambda name: name in self._known)
        ]
        self._rules = [rule for rule in kind.rules if set(rule.columns) <= set(names)]
        dates = columns.days.columns if columns.days is not None else ()
        self._dates = dates if set(dates) <= set(names) else ()

    def take(self, records: Sequence[str]) -> _Found:
        """The columns of some records, as pieces of their rows.

        Raises:
            LookCarefully: a record has another number of cells, or a rule may be broken.
        """
        count, width = len(records), self._width
        flat = _BETWEEN.join(records).split(SEPARATOR)
        step = width + 1
        # Each record has its cells exactly when every so many cells there is an END, and nowhere else.
        if len(flat) != count * step - 1 or flat[width::step].count(END) != count - 1:
            raise LookCarefully
        texts = {name: self._columns.known[name].column(flat[index::step]) for name, index in self._known.items()}
        for index, memory in self._unknown.items():
            for _ in map(memory.__getitem__, flat[index::step]):
                pass
        nothing = [EMPTY] * count
        if any(rule.suspects([texts.get(name, nothing) for name in rule.columns]) for rule in self._rules):
            raise LookCarefully
        return _Found(self._in_order(texts, count), self._days(texts, nothing), self._keys(texts, nothing))

    def _in_order(self, texts: dict[str, list[str]], count: int) -> list[Iterable[str]]:
        pieces: list[Iterable[str]] = []
        for present, names in self._pieces:
            if present:
                pieces.extend(texts[name] for name in names)
            else:
                pieces.append(repeat(",".join([EMPTY] * len(names)), count))
        return pieces

    def _days(self, texts: dict[str, list[str]], nothing: list[str]) -> list[dt.date | None] | None:
        if self._columns.days is None or not self._dates:
            return None
        return self._columns.days.of([texts.get(name, nothing) for name in self._dates])

    def _keys(self, texts: dict[str, list[str]], nothing: list[str]) -> list[str] | None:
        return self._columns.keys([texts.get(name, nothing) for name in self._columns.kind.identity])
