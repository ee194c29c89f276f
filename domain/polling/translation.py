"""Translating: ``translate(source day, options, frame) -> records``, the first of the three functions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from domain.polling.configuration import Options
from domain.polling.frame import Frame
from domain.polling.labor import compile_labor
from domain.polling.people import compile_people
from domain.polling.shares import Shares
from domain.polling.source_day import SourceDay
from domain.polling.steps import compile_steps, date_rule
from domain.records import ROSTER_KINDS, Deposit, Employee, Punch, Record, Ticket, canonical
from domain.refusals import Refusal

DERIVATION: Final = 2
"""The version of our translation: raised whenever the same capture and options lead to other records."""

_LONGEST_KEY: Final = 200

Records = dict[str, dict[str, bytes]]
"""Canonical bytes by kind and key."""


class TwiceTheSame(Refusal):
    """A source named two records alike in one day, so neither can be told from the other."""


class BadKey(Refusal):
    """A source named a record by something that is no name: empty, very long, or not printable."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a source said about one day, in our words.

    Attributes:
        records: canonical bytes by kind and key, of the kinds of the day that were read.
        roster: the same for employees, jobs and other reference data.
        notes: codes of what reading found out about the source.
        elsewhere: by business date, records that the reading holds and that are of another day.
        seen: by kind, the source's ids of the tickets, punches (with all their parts) and deposits that stand in
            ``records`` or ``elsewhere``: whatever is recorded of them on any other day stands there no longer.
        dates: business dates of the source that were read whole; tickets that it booked on others were not looked at.
    """

    records: Records
    roster: Records
    notes: tuple[str, ...] = field(default=())
    elsewhere: Mapping[dt.date, Records] = field(default_factory=dict)
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dates: frozenset[dt.date] = frozenset()


def translate(day: SourceDay, options: Options, frame: Frame) -> Translation:
    """The records of a day as a source told it, under these options.

    Pure: the same day, options and frame give the same bytes. Tickets are taken one by one, so that a large day never
    stands in memory as objects.

    Raises:
        TwiceTheSame: two records of one kind carry the same key.
        BadKey: a record's key cannot be a key.
    """
    words = _Words(frame.date)
    if options.disable_deposits_import:
        words.begin("deposit")  # none count, whatever was read before the option was switched on
    for kind, records in day.records.items():
        words.begin(kind)
        if kind == "ticket":
            _tickets(records, options, frame, words)
        elif kind == "punch":
            _punches(records, options, frame, words)
        else:
            _others(kind, records, options, frame, words)
    kinds = words.days.pop(frame.date)
    return Translation(
        {kind: kinds[kind] for kind in sorted(kinds.keys() - ROSTER_KINDS)},
        {kind: kinds[kind] for kind in sorted(kinds.keys() & ROSTER_KINDS)},
        tuple(day.notes),
        words.days,
        {kind: frozenset(ids) for kind, ids in words.seen.items()},
        day.dates or frozenset({frame.date}),
    )


def _tickets(records: Iterable[Record], options: Options, frame: Frame, words: "_Words") -> None:
    steps = compile_steps(options, frame)
    date_of = date_rule(options, frame)
    shares = Shares(options, frame)
    for ticket in cast("Iterable[Ticket]", records):
        settled = ticket
        for step in steps:
            settled = step(settled)
        date = date_of(settled)
        if date != frame.date and date == ticket.business_date and not frame.wide:
            continue  # on another day for the source and for us alike: it is read with that one
        words.saw("ticket", ticket.id)
        kept = shares.kept(settled, date)
        if kept is not None:
            words.add(kept, date)
    for remainder in shares.remainders():
        words.add(remainder, frame.date)


def _punches(records: Iterable[Record], options: Options, frame: Frame, words: "_Words") -> None:
    parts_of = compile_labor(options, frame)
    for punch in cast("Iterable[Punch]", records):
        for date, part in parts_of(punch):
            words.saw("punch", part.id)
            words.add(part, date)


def _others(kind: str, records: Iterable[Record], options: Options, frame: Frame, words: "_Words") -> None:
    if kind == "deposit" and options.disable_deposits_import:
        return
    known_as = compile_people(options)
    oldest = frame.date - dt.timedelta(days=options.number_of_lookback_days)
    for record in records:
        if isinstance(record, Deposit):
            if oldest <= record.business_date <= frame.date:
                words.saw("deposit", record.id)
                words.add(record, record.business_date)
        elif isinstance(record, Employee):
            words.add(known_as(record), frame.date)
        else:
            words.add(record, frame.date)


class _Words:
    """Canonical bytes by date, kind and key, each key once a date."""

    def __init__(self, date: dt.date) -> None:
        self.days: dict[dt.date, Records] = {date: {}}
        self.seen: dict[str, set[str]] = {}
        self._date = date

    def begin(self, kind: str) -> None:
        self.days[self._date][kind] = {}

    def saw(self, kind: str, name: str) -> None:
        self.seen.setdefault(kind, set()).add(name)

    def add(self, record: Record, date: dt.date) -> None:
        kind, key, data = canonical(record)
        if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
            raise BadKey(
                f"The source names a {kind} by {key[:40]!r}: a name has 1 to {_LONGEST_KEY} printable characters."
            )
        known = self.days.setdefault(date, {}).setdefault(kind, {})
        if key in known:
            raise TwiceTheSame(f"The source names two records {kind}/{key} in one day.")
        known[key] = data
