"""Translating: ``translate(source day, options, frame) -> records``, the first of the three functions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from domain.identifiers import OURS
from domain.polling.configuration import Options
from domain.polling.frame import Frame
from domain.polling.labor import compile_labor
from domain.polling.looking_back import NO_LOOK, LookedBack, looked_back
from domain.polling.people import compile_people, lacks_payroll_id
from domain.polling.shares import Shares
from domain.polling.source_day import SourceDay
from domain.polling.steps import compile_steps, date_rule, doubt_rule
from domain.polling.times import corrected_by
from domain.records import ROSTER_KINDS, Deposit, Employee, LateVoid, Punch, Record, Ticket, canonical
from domain.refusals import Refusal

DERIVATION: Final = 2
"""The version of our translation: raised whenever the same capture and options lead to other records."""

BLANK_PAYROLL_ID: Final = "blank-payroll-id"
"""The code of the note on an employee whose field for the payroll id is blank."""

TAX_DIFFERS: Final = "sales-item-tax-differs"
"""The code of the note on a ticket whose sales items' tax is not the check's, by more than rounding."""

WHOLE_VENUE: Final = "deposit-of-whole-venue"
"""The code of the note on a deposit that names no revenue center, at a location that keeps some of its venue's."""

MOST_NOTED: Final = 50
"""Records noted by name under one code; how many more there are is noted as well."""

_LONGEST_KEY: Final = 200

_OPENED_LONG_BEFORE: Final = dt.timedelta(days=1)
# An offset moves an instant by up to two days, and a start of day by one.
_AROUND_OPENING: Final = range(-3, 4)

Records = dict[str, dict[str, bytes]]
"""Canonical bytes by kind and key."""


class TwiceTheSame(Refusal):
    """A source named two records alike in one day, so neither can be told from the other."""


class BadKey(Refusal):
    """A source named a record by something that is no name: empty, very long, not printable, or one of ours."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a source said about one day, in our words.

    Attributes:
        records: canonical bytes by kind and key, of the kinds of the day that were read.
        roster: the same for employees, jobs and other reference data.
        notes: codes of what reading found out about the source, and of records that a person should look at
            (``blank-payroll-id:17``).
        elsewhere: by business date, records that the reading holds and that are of another day; empty for a date on
            which one of them may stand by another configuration.
        seen: by kind, the source's ids of the tickets, punches (with all their parts) and deposits that stand in
            ``records`` or ``elsewhere``: whatever is recorded of them on any other day stands there no longer.
        dates: business dates of the source that were read whole; tickets that it booked on others were not looked at.
        left: by kind, the source's ids of tickets and punches that the reading holds and leaves to the reading of the
            day that tells them: until then they stay where they stand.
        labor: what of it is about the labor of other days.
    """

    records: Records
    roster: Records
    notes: tuple[str, ...] = field(default=())
    elsewhere: Mapping[dt.date, Records] = field(default_factory=dict)
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dates: frozenset[dt.date] = frozenset()
    left: Mapping[str, frozenset[str]] = field(default_factory=dict)
    labor: LookedBack = NO_LOOK


def translate(day: SourceDay, options: Options, frame: Frame) -> Translation:
    """The records of a day as a source told it, under these options.

    Pure: the same day, options and frame give the same bytes. Tickets are taken one by one, so that a large day never
    stands in memory as objects.

    Raises:
        TwiceTheSame: two records of one kind carry the same key.
        BadKey: a record's key cannot be a key.
    """
    words = _Words(frame.date)
    shares = Shares(options, frame)
    labor = looked_back(frame, options, day.labor)
    if options.disable_deposits_import:
        words.begin("deposit")  # none count, whatever was read before the option was switched on
    for kind, records in day.records.items():
        words.begin(kind)
        if kind == "ticket":
            _tickets(records, options, frame, shares, words)
        elif kind == "punch":
            _punches(records, options, frame, labor.dates, words)
        else:
            _others(kind, records, options, frame, shares, words)
    if shares.on and "ticket" in day.records:
        words.begin("remainder")
        for remainder in shares.remainders():
            words.add(remainder, frame.date)
    kinds = words.days.pop(frame.date)
    return Translation(
        {kind: kinds[kind] for kind in sorted(kinds.keys() - ROSTER_KINDS)},
        {kind: kinds[kind] for kind in sorted(kinds.keys() & ROSTER_KINDS)},
        (*day.notes, *words.notes()),
        words.days,
        {kind: frozenset(ids) for kind, ids in words.seen.items()},
        day.dates or frozenset({frame.date}),
        {kind: frozenset(ids) for kind, ids in words.left.items()},
        labor,
    )


def _tickets(records: Iterable[Record], options: Options, frame: Frame, shares: Shares, words: "_Words") -> None:
    corrected = corrected_by(frame.offset)
    steps = compile_steps(options)
    date_of = date_rule(options, frame)
    doubtful = doubt_rule(options)
    long_before = frame.window.starts_at - _OPENED_LONG_BEFORE
    saw = words.seen.setdefault("ticket", set()).add
    for source in cast("Iterable[Ticket]", records):
        ticket = corrected(source)
        date = date_of(ticket)
        if date != frame.date and date == ticket.business_date and not frame.wide:
            words.leave("ticket", ticket.id)  # it is on another day for the source and for us alike
            continue
        saw(ticket.id)
        if ticket.opened_at < long_before:
            opened = frame.date_of(ticket.opened_at)
            words.look_at([opened + dt.timedelta(days=step) for step in _AROUND_OPENING])
        for step in steps:
            ticket = step(ticket)
        kept = shares.kept(ticket, date)
        if kept is None:
            words.look_at([date])
            continue
        if date == frame.date and doubtful(ticket):
            words.note(TAX_DIFFERS, ticket.id)
        words.add(kept, date)


def _punches(
    records: Iterable[Record], options: Options, frame: Frame, dates: frozenset[dt.date], words: "_Words"
) -> None:
    corrected = corrected_by(frame.offset)
    parts_of = compile_labor(options, frame, dates)
    for punch in cast("Iterable[Punch]", records):
        parts = parts_of(corrected(punch))
        if not parts:
            words.leave("punch", punch.id)
            continue
        words.saw("punch", punch.id)
        for date, part in parts:
            words.add(part, date)


def _others(
    kind: str, records: Iterable[Record], options: Options, frame: Frame, shares: Shares, words: "_Words"
) -> None:
    if kind == "deposit" and options.disable_deposits_import:
        return
    corrected = corrected_by(frame.offset)
    known_as = compile_people(options)
    for source in records:
        record = corrected(source)
        if isinstance(record, Deposit):
            _deposit(record, options, frame, shares, words)
        elif isinstance(record, Employee):
            employee = known_as(record)
            if lacks_payroll_id(employee, options):
                words.note(BLANK_PAYROLL_ID, employee.id)
            words.add(employee, frame.date)
        elif not isinstance(record, LateVoid) or shares.keeps(record, frame.date):
            words.add(record, frame.date)


def _deposit(deposit: Deposit, options: Options, frame: Frame, shares: Shares, words: "_Words") -> None:
    date = deposit.business_date
    if date == frame.date or _found_by_looking_back(deposit, options, frame):
        words.saw("deposit", deposit.id)
        if shares.keeps(deposit, date):
            words.add(deposit, date)
            if shares.on and not deposit.revenue_center and date == frame.date:
                words.note(WHOLE_VENUE, deposit.id)


def _found_by_looking_back(deposit: Deposit, options: Options, frame: Frame) -> bool:
    """It is of an earlier day, and was made in the days that are looked back on, by the polled day's date.

    Never so late that a poll of the day that it is for would not find it: what one poll attaches, another must not
    detach.
    """
    date, back = deposit.business_date, options.number_of_lookback_days
    if not back or date > frame.date:
        return False
    made = date if deposit.created_at is None else frame.date_of(deposit.created_at)
    return (frame.date - made).days <= back and (made - date).days <= options.deposit_days


class _Words:
    """Canonical bytes by date, kind and key, each key once a date."""

    def __init__(self, date: dt.date) -> None:
        self.days: dict[dt.date, Records] = {date: {}}
        self.seen: dict[str, set[str]] = {}
        self.left: dict[str, set[str]] = {}
        self._date = date
        self._noted: dict[str, list[str]] = {}

    def begin(self, kind: str) -> None:
        self.days[self._date][kind] = {}

    def saw(self, kind: str, name: str) -> None:
        self.seen.setdefault(kind, set()).add(name)

    def leave(self, kind: str, name: str) -> None:
        self.left.setdefault(kind, set()).add(name)

    def look_at(self, dates: Iterable[dt.date]) -> None:
        for date in dates:
            self.days.setdefault(date, {}).setdefault("ticket", {})

    def note(self, code: str, name: str) -> None:
        self._noted.setdefault(code, []).append(name)

    def notes(self) -> list[str]:
        """The notes on records, in the order of their names, however the source ordered these."""
        notes = []
        for code, names in sorted(self._noted.items()):
            notes += [f"{code}:{name}" for name in sorted(names)[:MOST_NOTED]]
            if len(names) > MOST_NOTED:
                notes.append(f"{code}:and {len(names) - MOST_NOTED} more")
        return notes

    def add(self, record: Record, date: dt.date) -> None:
        kind, key, data = canonical(record)
        if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
            raise BadKey(
                f"The source names a {kind} by {key[:40]!r}: a name has 1 to {_LONGEST_KEY} printable characters."
            )
        if key.startswith(OURS):
            raise BadKey(
                f"The source names a {kind} by {key[:40]!r}: names that begin so are those of entries made here."
            )
        known = self.days.setdefault(date, {}).setdefault(kind, {})
        if key in known:
            raise TwiceTheSame(f"The source names two records {kind}/{key} in one day.")
        known[key] = data
