"""Poll a business day: fetch it whole, translate it, and record what differs. Repolling is the same command."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.commands.age import check_age
from domain.commands.loading import load_connection
from domain.commands.recording import (
    Outcome,
    Overtaken,
    Reading,
    Target,
    look,
    read_capture,
    record,
    record_reading,
    recorded_outcome,
    source_window,
)
from domain.connection import Connection
from domain.connection.standing import check_usable
from domain.facts import Attempt, PollFailed
from domain.permissions import Permission
from domain.polling.frame import source_dates
from domain.polling.looking_back import labor_from
from domain.ports.house import House
from domain.ports.source import BadEndpoint, DayRequest, SourceFailure
from domain.refusals import NotFound, NotYet, Refusal

MOST_READINGS: Final = 3
"""How often the source is read again because another poll was recorded meanwhile and says otherwise."""


class DayNotOver(NotYet):
    """The business day has not ended at the location: a day is polled when it is over."""


class NotPolled(Refusal):
    """The location's days come in import files: there is nothing to poll."""


@dataclass(frozen=True, slots=True)
class PollDay(Target):
    """Poll one business day; its connection is the one that feeds the location's tickets."""


def poll_day(command: PollDay, house: House) -> Outcome:
    """Poll one business day of one location.

    Never records part of a day: a failure of any kind leaves the attempt, and nothing else. A command that was recorded
    before is not done again; what it recorded is answered. Where the options let a reading say something about other
    business days, these are compensated in the same commit.

    Raises:
        NotPermitted: the role may not poll there.
        DayTooOld: the day lies too far back for the role.
        DayNotOver: it is too early.
        NotPolled: the location's days come in files.
        NotConnected: the connection does not feed the location.
        IsSuspended, IsDisconnected, AccessIsLost: nothing is polled through the connection, or not there.
        NotTheVersion: ``expected_version`` is not the day's.
        StreamMoved: the race was lost too often.
        JournalUnavailable: the database is away.
    """
    house.permit(command.intent.asks(Permission.POLL, command.day.client, command.day.location))
    done = recorded_outcome(command, house)
    if done:
        return done
    seen = look(command, house)
    connection = seen.connection
    if house.system(connection.system).pushes:
        raise NotPolled(
            f"The days of {command.day.location} come in import files: there is nothing to poll. Use `daybook import`."
        )
    check_usable(connection, command.day.location)
    check_age(command.day, connection, command.intent, house)
    window = connection.frame(command.day.location, command.day.date).window
    started_at = house.clock.now()
    if window.ends_at > started_at:
        raise DayNotOver(
            f"The business day {command.day.date} of {command.day.location} ends at "
            f"{window.ends_at:%Y-%m-%d %H:%M} UTC: poll it then."
        )
    attempt = Attempt(
        kind="repoll" if seen.day.generation else "poll",
        connection=command.connection.connection,
        configuration=connection.configuration.version,
        started_at=started_at,
        ended_at=started_at,
    )
    try:
        for _ in range(MOST_READINGS):
            try:
                return record_reading(command, house, _read(command, house, seen.connection, attempt), seen)
            except Overtaken:
                seen = look(command, house, known=seen)
        raise SourceFailure("changed-while-reading", "Other polls of this day were recorded while this one read it.")
    except SourceFailure as failure:
        failed = _failed(failure, attempt, house.clock.now())
        return record(command, house, seen, lambda _day, _connection: ((failed,), ()))


def _read(command: PollDay, house: House, connection: Connection, attempt: Attempt) -> Reading:
    location = connection.at(command.day.location)
    options = connection.configuration.at(command.day.location)
    frame = connection.frame(command.day.location, command.day.date)
    begins = labor_from(frame, options)
    request = DayRequest(
        client=command.day.client,
        connection=command.connection.connection,
        location=command.day.location,
        window=source_window(frame),
        source=location.source,
        include_inactive=options.include_inactive_employees,
        deposit_days=options.deposit_days,
        deposit_lookback_days=options.number_of_lookback_days,
        deposits=not options.disable_deposits_import,
        consolidated=options.use_consolidate_api,
        dates=source_dates(frame, options),
        labor_from=begins - frame.offset if begins else None,
    )
    try:
        with house.source(command.connection, connection) as source:
            fetched = source.fetch(request)
    except BadEndpoint as refusal:
        raise SourceFailure("bad-endpoint", str(refusal)) from refusal
    except NotFound:
        # Its secret: another may have taken its place since the connection was loaded.
        if load_connection(house.journal, command.connection).version == connection.version:
            raise
        raise Overtaken from None
    translation = read_capture(house.system(connection.system), fetched.capture, frame, options)
    attempt = msgspec.structs.replace(
        attempt,
        ended_at=house.clock.now(),
        configuration=connection.configuration.version,
        requests=fetched.requests,
        read_bytes=fetched.read_bytes,
        rows=dict(fetched.rows),
    )
    digest = house.captures.keep(command.day.client, fetched.capture)
    return Reading(translation, attempt, digest, frame.window)


def _failed(failure: SourceFailure, attempt: Attempt, now: dt.datetime) -> PollFailed:
    read = msgspec.structs.replace(
        attempt, ended_at=now, requests=failure.requests, read_bytes=failure.read_bytes, rows=dict(failure.rows)
    )
    return PollFailed(read, failure.failure, failure.message, failure.retryable, failure.retry_at, failure.resource)
