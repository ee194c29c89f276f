"""Poll a business day: fetch it whole, translate it, and record what differs. Repolling is the same command."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import msgspec

from domain.business_date import Window
from domain.business_day import NEW_DAY, BusinessDay, decide_poll
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.connection import Connection, decide_roster
from domain.facts import Attempt, DayPolled, PollFailed, PollUnchanged
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId
from domain.polling import Options, Translation, translate
from domain.polling.translation import BadKey, TwiceTheSame
from domain.ports.captures import Capture
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.source import BadEndpoint, DayRequest, SourceFailure, System
from domain.refusals import Conflict, NotYet
from domain.summary import summarize

MOST_DECISIONS: Final = 200
"""How often a lost race is decided again before giving up: as many polls of one day may run at once."""

MOST_READINGS: Final = 3
"""How often the source is read again because another poll was recorded meanwhile and says otherwise."""

DEPOSIT_DAYS: Final = 3
"""Deposits of a day may be entered so many days after its end; cash is mostly taken to the bank the morning after."""


class DayNotOver(NotYet):
    """The business day has not ended at the location: a day is polled when it is over."""


class _Overtaken(Exception):
    """Another poll was recorded while this one read, and what this one read may be older."""


class NotTheVersion(Conflict):
    """The day is not at the version that the caller saw."""


@dataclass(frozen=True, slots=True)
class PollDay:
    """Poll one business day.

    Attributes:
        day: which.
        connection: the connection that feeds the location.
        intent: who and why.
        expected_version: the stream version that the caller saw, or None for whatever is there.
    """

    day: DayId
    connection: ConnectionId
    intent: Intent
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of a poll; each is recorded.

    Attributes:
        outcome: ``polled`` (a new generation), ``unchanged`` or ``failed``.
        generation: the day's generation afterwards.
        receipt: where it is recorded.
        added: records, likewise changed and removed.
        failure: the fact of the failure, where it failed.
    """

    outcome: Literal["polled", "unchanged", "failed"]
    generation: int
    receipt: Receipt
    added: int = 0
    changed: int = 0
    removed: int = 0
    failure: PollFailed | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    translation: Translation
    attempt: Attempt
    capture: str
    window: Window


def poll_day(command: PollDay, house: House) -> PollOutcome:
    """Poll one business day of one location.

    Never records part of a day: a failure of any kind leaves the attempt, and nothing else. A command that was recorded
    before is not done again; what it recorded is answered.

    Raises:
        DayNotOver: it is too early.
        NotConnected: the connection does not feed the location.
        NotTheVersion: ``expected_version`` is not the day's.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
        JournalUnavailable: the database is away.
    """
    done = recorded_outcome(command, house)
    if done:
        return done
    connection = load_connection(house.journal, command.connection)
    window = connection.at(command.day.location).window(command.day.date)
    started_at = house.clock.now()
    if window.ends_at > started_at:
        raise DayNotOver(
            f"The business day {command.day.date} of {command.day.location} ends at "
            f"{window.ends_at:%Y-%m-%d %H:%M} UTC: poll it then."
        )
    day = _expected(load_day(house.journal, command.day), command)
    attempt = Attempt(
        kind="repoll" if day.generation else "poll",
        connection=command.connection.connection,
        configuration=connection.configuration.version,
        started_at=started_at,
        ended_at=started_at,
    )
    try:
        for _ in range(MOST_READINGS):
            seen = (day.readings, connection.roster_changes.get(command.day.location, 0))
            reading = _read(command, house, connection, window, attempt)
            try:
                return _record(command, house, day, connection, partial(_decide, command, reading, seen))
            except _Overtaken:
                day = _expected(load_day(house.journal, command.day, known=day), command)
                connection = load_connection(house.journal, command.connection, known=connection)
        raise SourceFailure("changed-while-reading", "Other polls of this day were recorded while this one read it.")
    except SourceFailure as failure:
        failed = _failed(failure, attempt, house.clock.now())
        return _record(command, house, day, connection, lambda _day, _connection: ((failed,), ()))


def recorded_outcome(command: PollDay, house: House) -> PollOutcome | None:
    """What this command recorded before, or None if it is new: a repeated request is answered, not repeated."""
    receipt = house.journal.receipt(command.day.client, command.intent.command)
    if receipt is None:
        return None
    day = load_day(house.journal, command.day, until=receipt.position)
    for entry in house.journal.stream(command.day.stream, until=receipt.position):
        if entry.provenance.command == command.intent.command:
            return _outcome(entry.fact, day.generation, receipt)
    raise Conflict(f"The id {command.intent.command!r} was used for another command: use a new one.")


def read_capture(system: System, capture: Capture, window: Window, options: Options) -> Translation:
    """Translate a capture; what cannot be read is the source's failure, not ours.

    Raises:
        SourceFailure: ``malformed``: the answer holds values that have no meaning.
    """
    try:
        translation = translate(system.read(capture, window), options)
        # What is recorded is recorded for ever, and every view sums it up: what cannot be summed up must not get there.
        summarize(replace(NEW_DAY, records=translation.records, zone=window.zone))
    except (BadKey, TwiceTheSame, msgspec.DecodeError, ValueError, ArithmeticError) as error:
        raise SourceFailure(
            "malformed", f"The source's answer has a value that means nothing ({type(error).__name__})."
        ) from error
    return translation


def _read(command: PollDay, house: House, connection: Connection, window: Window, attempt: Attempt) -> _Reading:
    location = connection.at(command.day.location)
    options = connection.configuration.at(command.day.location)
    request = DayRequest(
        client=command.day.client,
        connection=command.connection.connection,
        location=command.day.location,
        window=window,
        source=location.source,
        include_inactive=options.include_inactive_employees,
        deposit_days=DEPOSIT_DAYS,
    )
    try:
        with house.source(command.connection, connection) as source:
            fetched = source.fetch(request)
    except BadEndpoint as refusal:
        raise SourceFailure("bad-endpoint", str(refusal)) from refusal
    translation = read_capture(house.system(connection.system), fetched.capture, window, options)
    attempt = msgspec.structs.replace(
        attempt,
        ended_at=house.clock.now(),
        requests=fetched.requests,
        read_bytes=fetched.read_bytes,
        rows=dict(fetched.rows),
    )
    digest = house.captures.keep(command.day.client, fetched.capture)
    return _Reading(translation, attempt, digest, window)


def _failed(failure: SourceFailure, attempt: Attempt, now: dt.datetime) -> PollFailed:
    read = msgspec.structs.replace(
        attempt, ended_at=now, requests=failure.requests, read_bytes=failure.read_bytes, rows=dict(failure.rows)
    )
    return PollFailed(read, failure.failure, failure.message, failure.retryable, failure.retry_at, failure.resource)


def _decide(
    command: PollDay, reading: _Reading, seen: tuple[int, int], day: BusinessDay, connection: Connection
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Decide on the fresh state; a reading that may be older than what is recorded must not undo it."""
    facts = decide_poll(
        day, reading.translation, attempt=reading.attempt, capture=reading.capture, window=reading.window
    )
    roster = decide_roster(connection, command.day.location, reading.translation.roster, capture=reading.capture)
    location = command.day.location
    overtaken = day.readings > seen[0] and not isinstance(facts[0], PollUnchanged)
    if overtaken or (roster and connection.roster_changes.get(location, 0) > seen[1]):
        raise _Overtaken
    return facts, roster


Decision = Callable[[BusinessDay, Connection], tuple[tuple[Fact, ...], tuple[Fact, ...]]]


def _record(command: PollDay, house: House, day: BusinessDay, connection: Connection, decide: Decision) -> PollOutcome:
    """Decide on the fresh state, of which some is known, and record; a lost race is decided again."""
    lost = 0
    while True:
        day = _expected(load_day(house.journal, command.day, known=day), command)
        connection = load_connection(house.journal, command.connection, known=connection)
        facts, roster = decide(day, connection)
        recordings = [Recording(command.day.stream, day.version, facts)]
        if roster:
            recordings.append(Recording(command.connection.stream, connection.version, roster))
        try:
            receipt = house.journal.append(recordings, command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return _outcome(facts[0], day.generation, receipt)


def _outcome(fact: Fact, generation: int, receipt: Receipt) -> PollOutcome:
    """What the first fact of a poll says; every poll begins with one of the three."""
    if isinstance(fact, DayPolled):
        return PollOutcome("polled", fact.generation, receipt, fact.added, fact.changed, fact.removed)
    if isinstance(fact, PollFailed):
        return PollOutcome("failed", generation, receipt, failure=fact)
    return PollOutcome("unchanged", generation, receipt)


def _expected(day: BusinessDay, command: PollDay) -> BusinessDay:
    if command.expected_version is not None and command.expected_version != day.version:
        raise NotTheVersion(
            f"The day is at version {day.version}, not {command.expected_version}: look at it again, then decide."
        )
    return day
