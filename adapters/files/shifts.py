"""Breaks belong to the day of their shift, even where they lie past the day's end."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from adapters.files.kinds import Kind

Add = Callable[[Sequence[str], Sequence[dt.date | None] | None], None]
"""Takes canonical rows and their business dates."""

_BATCH: Final = 2_000
_FIND: Final = """
SELECT day FROM shifts WHERE employee = ? AND shift = ? AND start <= ? AND finish >= ? ORDER BY start DESC LIMIT 1
"""
_decode: Final = msgspec.json.Decoder(list[str]).decode


class Shifts:
    """Hands rows of Labor Detail on: shifts at once, breaks at the end with the date of the shift that they lie in.

    Until then breaks, and the times of shifts, wait in an anonymous SQLite database, which goes to disk when it grows.
    A break that lies in no shift of its employee and shift number keeps the date that its own time says.
    """

    def __init__(self, kind: Kind, add: Add) -> None:
        self._add = add
        at = kind.positions
        self._key = (at["EmployeeNumber"], at["ShiftNumber"], at["ClockInTime"], at["ClockOutTime"])
        self._flags = (at["IsUnpaidBreak"], at["IsPaidBreak"])
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE shifts (employee, shift, start, finish, day)")
        self._database.execute("CREATE INDEX by_shift ON shifts (employee, shift, start)")
        self._database.execute("CREATE TABLE breaks (employee, shift, start, day, row)")

    def close(self) -> None:
        """Forget all of them."""
        self._database.close()

    def add(self, rows: Sequence[str], days: Sequence[dt.date | None] | None) -> None:
        """Take some rows with the dates that their own times say."""
        shifts: list[tuple[str, dt.date | None]] = []
        times, breaks = [], []
        for row, day in zip(rows, days or [None] * len(rows), strict=True):
            cells = _decode(f"[{row}]")
            employee, shift, start, finish = (cells[at] for at in self._key)
            if any(cells[at] == "true" for at in self._flags):
                breaks.append((employee, shift, start, _text(day), row))
            else:
                times.append((employee, shift, start, finish, _text(day)))
                shifts.append((row, day))
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO shifts VALUES (?, ?, ?, ?, ?)", times)
        self._database.executemany("INSERT INTO breaks VALUES (?, ?, ?, ?, ?)", breaks)
        self._database.execute("COMMIT")
        self._add([row for row, _ in shifts], [day for _, day in shifts])

    def finish(self) -> None:
        """Hand the breaks on, in the order in which they came."""
        rows: list[str] = []
        days: list[dt.date | None] = []
        for row, day in self._placed():
            rows.append(row)
            days.append(day)
            if len(rows) == _BATCH:
                self._add(rows, days)
                rows, days = [], []
        self._add(rows, days)

    def _placed(self) -> Iterator[tuple[str, dt.date | None]]:
        breaks = self._database.execute("SELECT employee, shift, start, day, row FROM breaks ORDER BY rowid")
        for employee, shift, start, day, row in breaks:
            found = self._database.execute(_FIND, (employee, shift, start, start)).fetchone()
            text = day if found is None else found[0]
            yield row, None if text is None else dt.date.fromisoformat(text)


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
