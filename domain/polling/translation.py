"""Translating: ``translate(source day, options) -> records``, the first of the three functions that carry daybook."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import msgspec

from domain.polling.configuration import Options
from domain.polling.source_day import SourceDay
from domain.polling.steps import compile_steps
from domain.records import DAY_KINDS, ROSTER_KINDS, Punch, Record, canonical
from domain.records.punch import EXCLUDED_AS_BACKWARDS, EXCLUDED_AS_OPEN, EXCLUDED_AS_TOO_LONG
from domain.refusals import Refusal

DERIVATION: Final = 1
"""The version of our translation: raised whenever the same capture and options lead to other records."""

_A_DAY: Final = dt.timedelta(hours=24)
_LONGEST_KEY: Final = 200


class TwiceTheSame(Refusal):
    """A source named two records alike in one day, so neither can be told from the other."""


class BadKey(Refusal):
    """A source named a record by something that is no name: empty, very long, or not printable."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a source said about one day, in our words.

    Attributes:
        records: canonical bytes by kind and key, of the kinds that belong to the day.
        roster: the same for employees and jobs.
        notes: codes of what reading found out about the source.
    """

    records: dict[str, dict[str, bytes]]
    roster: dict[str, dict[str, bytes]]
    notes: tuple[str, ...] = field(default=())


def translate(day: SourceDay, options: Options) -> Translation:
    """The records of a day as a source told it, under these options.

    Pure: the same day and options give the same bytes. Tickets are taken one by one, so that a large day never stands
    in memory as objects.

    Raises:
        TwiceTheSame: two records of one kind carry the same key.
        BadKey: a record's key cannot be a key.
    """
    steps = compile_steps(options)
    words = _Words()
    for ticket in day.tickets:
        settled = ticket
        for step in steps:
            settled = step(settled)
        words.add(settled)
    for punch in day.punches:
        words.add(counted(punch))
    for group in (day.late_voids, day.deposits, day.paid_in_outs, day.employees, day.jobs):
        for record in group:
            words.add(record)
    records = {kind: words.kinds[kind] for kind in sorted(DAY_KINDS)}
    roster = {kind: words.kinds[kind] for kind in sorted(ROSTER_KINDS)}
    return Translation(records, roster, tuple(day.notes))


def counted(punch: Punch) -> Punch:
    """The punch, marked where it counts no hours: no clock-out, one before the clock-in, or 24 hours and more."""
    if punch.clock_out is None:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_OPEN)
    if punch.clock_out < punch.clock_in:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_BACKWARDS)
    if punch.clock_out - punch.clock_in >= _A_DAY:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_TOO_LONG)
    return punch


class _Words:
    """Canonical bytes by kind and key, each key once."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[str, bytes]] = {kind: {} for kind in DAY_KINDS | ROSTER_KINDS}

    def add(self, record: Record) -> None:
        kind, key, data = canonical(record)
        known = self.kinds[kind]
        if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
            raise BadKey(
                f"The source names a {kind} by {key[:40]!r}: a name has 1 to {_LONGEST_KEY} printable characters."
            )
        if key in known:
            raise TwiceTheSame(f"The source names two records {kind}/{key} in one day.")
        known[key] = data
