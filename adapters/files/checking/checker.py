"""A batch of records in, its good rows and everything that is wrong out."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from adapters.files.checking.carefully import Carefully
from adapters.files.checking.columns import Columns
from adapters.files.checking.duplicates import Keys
from adapters.files.checking.header import Header
from adapters.files.checking.plain import Plain
from adapters.files.dating import Days
from adapters.files.kinds import Kind
from adapters.files.limits import Limits
from adapters.files.problems import Problem, shown
from adapters.files.reading.batches import SEPARATOR, Batch


class Checked(NamedTuple):
    """A batch that was checked.

    Attributes:
        read: how many rows it has, without empty ones.
        rows: the canonical JSON texts of the cells of good rows, joined by commas.
        days: the business dates of these; None where nothing dates them.
        problems: what is wrong with the others, or doubtful, in the order of the rows.
    """

    read: int
    rows: list[str]
    days: list[dt.date | None] | None
    problems: list[Problem]


class Checker:
    """Checks the batches of one file, in order."""

    def __init__(self, kind: Kind, header: Header, limits: Limits, days: Days | None) -> None:
        self._kind = kind
        self._columns = Columns(kind, header, limits, days)
        self._plain = Plain(self._columns)
        self._carefully = Carefully(self._columns)
        self._keys = Keys() if kind.identity else None

    def close(self) -> None:
        """Forget what was seen."""
        if self._keys is not None:
            self._keys.close()

    def take(self, batch: Batch) -> Checked:
        """Check a batch."""
        self._columns.forget()
        taken = self._plain.take(batch.records) if batch.records else None
        if taken is None:
            tidied = _tidy(batch, self._columns.header.width)
            if tidied is not batch and tidied.records:
                batch, taken = tidied, self._plain.take(tidied.records)
        if taken is not None:
            problems = self._twice(taken.keys, batch.numbers)
            return Checked(len(batch.records), taken.rows, taken.days, problems)
        careful = self._carefully.take(batch)
        self._columns.stumbled()
        problems = careful.problems + self._twice(careful.keys, careful.numbers)
        problems.sort(key=lambda problem: problem.row)
        return Checked(careful.read, careful.taken.rows, careful.taken.days, problems)

    def _twice(self, keys: list[str] | None, numbers: Sequence[int]) -> list[Problem]:
        """Rows whose numbers were there before."""
        if self._keys is None or keys is None:
            return []
        names = [name for name in self._kind.identity if not name.endswith("Break")]
        reason = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} the same as in row"
        problems = []
        for at, first in self._keys.add(keys, numbers):
            texts = "" if self._kind.private else ", ".join(filter(None, msgspec.json.decode(f"[{keys[at]}]")))
            problems.append(
                Problem("error", numbers[at], names[0], shown(texts), "duplicate-key", f"{reason} {first}.")
            )
        return problems


def _tidy(batch: Batch, width: int) -> Batch:
    """The batch without empty rows and without empty cells past the header; itself where it has none of these."""
    numbers: list[int] = []
    records: list[str] = []
    changed = False
    for number, record in zip(batch.numbers, batch.records, strict=True):
        if not record.strip():
            changed = True
            continue
        if record.count(SEPARATOR) >= width:
            cells = record.split(SEPARATOR)
            if not any(cell.strip() for cell in cells[width:]):
                changed = True
                record = SEPARATOR.join(cells[:width])  # noqa: PLW2901  # the tidied one takes its place
        numbers.append(number)
        records.append(record)
    return Batch(numbers, records) if changed else batch
