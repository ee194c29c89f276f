"""Recording a reading of a business day, by a poll or an import: decided on the fresh state, in one commit."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

import msgspec

from domain.business_date import Window
from domain.business_day import NEW_DAY, BusinessDay, decide_compensation, decide_poll, with_conflicts
from domain.commands.around import Around
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.overtime import Rules, last_of, with_overtime
from domain.connection import NEW_CONNECTION, Connection, decide_roster
from domain.facts import (
    Attempt,
    ConflictRaised,
    DayCompensated,
    DayPolled,
    GenerationStaged,
    LateChangeObserved,
    PollFailed,
    PollUnchanged,
)
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId, day_of
from domain.polling import Options, Translation, translate
from domain.polling.frame import Frame
from domain.polling.looking_back import looks_back
from domain.polling.translation import BadKey, TwiceTheSame
from domain.ports.captures import Capture
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.source import SourceFailure, System
from domain.refusals import Conflict
from domain.summary import summarize

MOST_DECISIONS: Final = 200
"""How often a lost race is decided again before giving up: as many polls of one day may run at once."""

_REACH: Final = 3
"""Days before and after a day that its reading may say something about: a punch may span three, or a ticket be dated
one day beside the neighbour that the source booked it on, and days may have begun at another time when they were
recorded. An offset of the clock reaches further by itself."""


class Overtaken(Exception):
    """Another reading was recorded while this one read, and what this one read may be older."""


class NotTheVersion(Conflict):
    """What was to change is not at the version that the caller saw."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a poll or an import; each is recorded.

    Attributes:
        outcome: ``polled`` (a new generation), ``staged`` (one that waits, because the day is approved), ``unchanged``
            or ``failed``.
        generation: the day's generation afterwards; of what is staged the number that it will have.
        receipt: where it is recorded.
        added: records, likewise changed and removed; of what is staged beside what was approved.
        failure: the fact of the failure, where it failed.
        compensated: other business days that changed by it, and by how many records.
        observed: changes that other, approved days no longer take.
        conflicts: changes to what was entered here, of this day and others; each is listed until it is decided.
    """

    outcome: Literal["polled", "staged", "unchanged", "failed"]
    generation: int
    receipt: Receipt
    added: int = 0
    changed: int = 0
    removed: int = 0
    failure: PollFailed | None = None
    compensated: dict[dt.date, int] = field(default_factory=dict)
    observed: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A business day that was read whole.

    Attributes:
        translation: what was read, in our words.
        attempt: how it was read.
        capture: the digest of the answers.
        window: the business day.
    """

    translation: Translation
    attempt: Attempt
    capture: str
    window: Window


@dataclass(frozen=True, slots=True)
class Target:
    """What a reading is recorded on.

    Attributes:
        day: which business day.
        connection: the connection that was read.
        intent: who and why.
        expected_version: the stream version that the caller saw, or None for whatever is there.
    """

    day: DayId
    connection: ConnectionId
    intent: Intent
    expected_version: int | None = None


Decision = Callable[[BusinessDay, Connection], tuple[tuple[Fact, ...], tuple[Fact, ...]]]
"""The facts of the day and of the connection."""


def read_capture(system: System, capture: Capture, frame: Frame, options: Options) -> Translation:
    """Translate a capture; what cannot be read is the source's failure, not ours.

    Raises:
        SourceFailure: ``malformed``: the answer holds values that have no meaning.
    """
    try:
        translation = translate(system.read(capture, source_window(frame)), options, frame)
        # What is recorded is recorded for ever, and every view sums it up: what cannot be summed up must not get there.
        for records in (translation.records, *translation.elsewhere.values()):
            summarize(replace(NEW_DAY, records=records, zone=frame.zone))
    except (BadKey, TwiceTheSame, msgspec.DecodeError, ValueError, ArithmeticError) as error:
        raise SourceFailure(
            "malformed", f"The source's answer has a value that means nothing ({type(error).__name__})."
        ) from error
    return translation


def source_window(frame: Frame) -> Window:
    """The business day in the source's own time, which the frame's offset corrects."""
    own = frame.window
    return Window(own.date, own.zone, own.starts_at - frame.offset, own.ends_at - frame.offset)


def expected(day: BusinessDay, target: Target) -> BusinessDay:
    """The day, if it is at the version that the caller saw.

    Raises:
        NotTheVersion: it is not.
    """
    if target.expected_version is not None and target.expected_version != day.version:
        raise NotTheVersion(
            f"The day is at version {day.version}, not {target.expected_version}: look at it again, then decide."
        )
    return day


@dataclass(frozen=True, slots=True)
class Seen:
    """What was recorded when reading began: what came since is newer than the reading.

    Attributes:
        day: the day that is read.
        connection: the connection that is read.
        others: other days, which the reading may say something about, without their tickets.
    """

    day: BusinessDay
    connection: Connection
    others: Mapping[dt.date, BusinessDay] = field(default_factory=dict)


def look(target: Target, house: House, *, known: Seen | None = None) -> Seen:
    """What is recorded now, before reading begins.

    Raises:
        NotConnected: there is no such connection.
        NotTheVersion: the day is not at the version that the caller saw.
    """
    connection = load_connection(house.journal, target.connection, known=known.connection if known else NEW_CONNECTION)
    day = expected(load_day(house.journal, target.day, known=known.day if known else NEW_DAY), target)
    around = Around(house.journal, target.day, {date: _seen(known, date) for date in _reach(target, house, connection)})
    around.begin()
    return Seen(day, connection, around.all())


def _seen(known: Seen | None, date: dt.date) -> BusinessDay:
    return known.others.get(date, NEW_DAY) if known else NEW_DAY


def record_reading(target: Target, house: House, reading: Reading, seen: Seen) -> Outcome:
    """Record what a reading found that differs, on the day and on others that it says something about.

    Args:
        target: what it is recorded on.
        house: the ports.
        reading: what was read.
        seen: what was recorded when reading began.

    Raises:
        Overtaken: another reading was recorded meanwhile, and says otherwise.
        FedByAnother: an import brings what another connection feeds.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    return record(target, house, seen, partial(_decide, target, reading, seen), reading)


def record(target: Target, house: House, seen: Seen, decide: Decision, reading: Reading | None = None) -> Outcome:
    """Decide on the fresh state, of which some is known, and record; a lost race is decided again."""
    day, connection = seen.day, seen.connection
    around = Around(house.journal, target.day, seen.others)
    lost = 0
    while True:
        around.begin()
        day = expected(load_day(house.journal, target.day, known=day), target)
        connection = load_connection(house.journal, target.connection, known=connection)
        facts, roster = decide(day, connection)
        beside: dict[DayId, tuple[Fact, ...]] = {}
        if reading:
            around.put(target.day.date, day)
            made = _compensations(target, house, reading, connection, around, seen)
            facts, made = with_overtime(
                facts,
                made,
                around,
                Rules(house, target.day, {target.connection.connection: connection}),
                labor=reading.translation.labor,
                connection=target.connection.connection,
                capture=reading.capture,
            )
            beside = {around.id_of(date): other for date, other in sorted(made.items())}
        recordings = [Recording(target.day.stream, day.version, facts)]
        if roster:
            recordings.append(Recording(target.connection.stream, connection.version, roster))
        recordings += [Recording(other.stream, around.at(other.date).version, made) for other, made in beside.items()]
        try:
            receipt = house.journal.append(recordings, target.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Given twice at once, the command may have been recorded by the other: what is recorded is the one answer.
            theirs = None if _is_ours(recordings, receipt, target, house) else recorded_outcome(target, house)
            return theirs or outcome_of(facts, day.generation, receipt, beside)


def _is_ours(recordings: list[Recording], receipt: Receipt, target: Target, house: House) -> bool:
    """What is recorded of the command is what was decided here: it begins where ours would, and with the same fact."""
    before = receipt.position - sum(len(recording.facts) for recording in recordings)
    entries = house.journal.log(after=before, limit=1, client=target.day.client)
    return any(
        entry.provenance.command == target.intent.command and entry.fact == recordings[0].facts[0] for entry in entries
    )


def recorded_outcome(command: Target, house: House) -> Outcome | None:
    """What this command recorded before, or None if it is new: a repeated request is answered, not repeated."""
    receipt = house.journal.receipt(command.day.client, command.intent.command)
    if receipt is None:
        return None
    (seal,) = house.journal.seals(after=receipt.commit - 1, limit=1)
    commit = house.journal.log(after=seal.first_position - 1, limit=seal.leaves, client=command.day.client)
    told: dict[DayId, list[Fact]] = {}
    for entry in commit:
        day = day_of(entry.stream)
        if day is not None:
            told.setdefault(day, []).append(entry.fact)
    facts = told.pop(command.day, [])
    if not facts:
        raise Conflict(f"The id {command.intent.command!r} was used for another command: use a new one.")
    generation = load_day(house.journal, command.day, until=receipt.position).generation
    return outcome_of(facts, generation, receipt, {other: tuple(made) for other, made in told.items()})


def _decide(
    target: Target, reading: Reading, seen: Seen, day: BusinessDay, connection: Connection
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Decide on the fresh state; a reading that may be older than what is recorded must not undo it."""
    facts = decide_poll(
        day, reading.translation, attempt=reading.attempt, capture=reading.capture, window=reading.window
    )
    location = target.day.location
    facts = with_conflicts(day, facts, connection.configuration.at(location).punch_conflicts)
    roster = decide_roster(connection, location, reading.translation.roster, capture=reading.capture)
    overtaken = day.told > seen.day.told and not isinstance(facts[0], PollUnchanged)
    before = seen.connection.roster_changes.get(location, 0)
    if overtaken or (roster and connection.roster_changes.get(location, 0) > before):
        raise Overtaken
    return facts, roster


def _compensations(
    target: Target, house: House, reading: Reading, connection: Connection, around: Around, seen: Seen
) -> dict[dt.date, tuple[Fact, ...]]:
    """What the reading says about other business days.

    Raises:
        Overtaken: another reading said something about one of these meanwhile.
    """
    policy = connection.configuration.at(target.day.location).punch_conflicts
    found: dict[dt.date, tuple[Fact, ...]] = {}
    location, elsewhere = target.day.location, reading.translation.elsewhere
    redated = _around(target.day.date, connection, location) if connection.ever_redated(location) else set()
    for date in sorted((_reach(target, house, connection) | elsewhere.keys()) - {target.day.date}):
        whole = date in redated or "ticket" in elsewhere.get(date, ())
        day = around.whole(date) if whole else around.at(date)
        made = decide_compensation(
            day,
            date,
            reading.translation,
            read_date=target.day.date,
            attempt=reading.attempt,
            capture=reading.capture,
        )
        made = with_conflicts(day, made, policy)
        if made:
            if date in seen.others and around.at(date).told > seen.others[date].told:
                raise Overtaken
            found[date] = made
    return found


def concerned(date: dt.date, translation: Translation, connection: Connection, location: str) -> set[dt.date]:
    """Other business days that a reading may say something about, by what it names and what it may move."""
    return _around(date, connection, location) | (translation.elsewhere.keys() - {date})


def _reach(target: Target, house: House, connection: Connection) -> set[dt.date]:
    """Other business days that a reading may say something about."""
    date, location = target.day.date, target.day.location
    found = _around(date, connection, location) if connection.ever_reached_over(location) else set()
    options = connection.configuration.at(location)
    if looks_back(options) and not house.system(connection.system).pushes:
        # A punch that is found on an earlier day may stand on any that later polls looked at.
        back = options.labor_lookback_days
        found |= {date + dt.timedelta(days=step) for step in range(-back, back + 1)}
    return {other for other in found if other <= last_of(house)} - {date}


def _around(date: dt.date, connection: Connection, location: str) -> set[dt.date]:
    """Days around a date that its reading may say something about, by any version: what is recorded is of any."""
    offsets = [abs(version.at(location).offset_hours) for version in connection.configurations.values()]
    reach = _REACH + math.ceil(max(offsets, default=0) / 24)
    back = max(reach, connection.configuration.at(location).number_of_lookback_days)
    return {date + dt.timedelta(days=step) for step in range(-back, reach + 1)} - {date}


def outcome_of(
    facts: Iterable[Fact], generation: int, receipt: Receipt, beside: dict[DayId, tuple[Fact, ...]] | None = None
) -> Outcome:
    """What the facts of a reading say; every one begins with one of four."""
    first, *others = facts
    everything = [*facts, *[fact for made in (beside or {}).values() for fact in made]]
    observed = sum(len(fact.changes) + fact.more for fact in everything if isinstance(fact, LateChangeObserved))
    conflicts = sum(isinstance(fact, ConflictRaised) for fact in everything)
    compensated = {
        other.date: count
        for other, made in (beside or {}).items()
        if (count := sum(f.added + f.changed + f.removed for f in made if isinstance(f, DayCompensated)))
    }
    if isinstance(first, DayPolled | GenerationStaged):
        counts = (first.added, first.changed, first.removed)
        came: Literal["polled", "staged"] = "polled" if isinstance(first, DayPolled) else "staged"
        return Outcome(came, first.generation, receipt, *counts, None, compensated, observed, conflicts)
    if isinstance(first, PollFailed):
        return Outcome("failed", generation, receipt, failure=first)
    # What the hours of other days change in the overtime of this one.
    overtime = next((fact for fact in others if isinstance(fact, DayCompensated)), None)
    if overtime is None:
        return Outcome(
            "unchanged", generation, receipt, compensated=compensated, observed=observed, conflicts=conflicts
        )
    counts = (overtime.added, overtime.changed, overtime.removed)
    return Outcome("unchanged", overtime.generation, receipt, *counts, None, compensated, observed, conflicts)
