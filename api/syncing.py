"""Synchronizing a connection by hand: what is due at the caller's locations, and the last day that is over at each."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Engine, select

from api.composition import OpenHouse
from api.connections import check_seen, reached
from api.plain import plain_beside
from api.refusals import KeyReused
from api.texts import counted
from api.work.asking import found
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import NotPolled, PollDay, poll_day
from domain.commands.recording import Outcome
from domain.connection import Connection
from domain.identifiers import ConnectionId, DayId, day_of
from domain.permissions import Permission
from domain.polling import BadConfiguration
from domain.ports.journal import JournalUnavailable
from domain.refusals import Refusal
from projections.tables import mention
from projections.walls import reading

MOST_DAYS: Final = 30
"""Business days of all locations together that are polled at once; what is due beyond them is left to the worker."""

MOST_TRIED: Final = 5
"""Business days of one location that are polled at once."""


@dataclass(frozen=True, slots=True)
class DaySynced:
    """What came of one business day: how its poll ended, or why there was none."""

    day: DayId
    outcome: Outcome | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of synchronizing.

    Attributes:
        connection: its id.
        name: what people call it.
        locations: those of the caller that it feeds, and what came of their days; all of them, and no others.
        left: by location how many days more are due.
        again: it was done before under the same command; now it was only answered.
    """

    connection: str
    name: str
    locations: Mapping[str, tuple[DaySynced, ...]]
    left: Mapping[str, int]
    again: bool = False

    @property
    def days(self) -> list[DaySynced]:
        """Those of all locations."""
        return [day for days in self.locations.values() for day in days]

    @property
    def position(self) -> int:
        """The position of the log that shows all of it; 0 where nothing was recorded."""
        return max((day.outcome.receipt.position for day in self.days if day.outcome), default=0)


def sync(opened: OpenHouse, connection: ConnectionId, intent: Intent) -> Synced:
    """Poll a connection now, at exactly the locations of whoever asks.

    At each of them the last business day that is over, whatever is recorded of it, and what else is due, the most
    urgent first. Each day is a commit of its own; one that fails or is refused does not stop the others. The same
    command again answers what it did.

    Raises:
        NotPermitted: the role may not poll.
        NotConnected: there is no such connection, or it feeds none of their locations.
        NotPolled: its days come in files.
        KeyReused: the command was given before for something else.
        JournalUnavailable: the database is away.
    """
    opened.house.permit(intent.asks(Permission.POLL, connection.client))
    check_seen(opened, connection, intent.rights)
    known = load_connection(opened.journal, connection)
    if opened.house.system(known.system).pushes:
        raise NotPolled(f"The days of {known.name!r} come in import files: there is nothing to poll.")
    theirs = sorted(reached(known.locations, intent.rights))
    before = [day for day in _done_before(opened, connection, intent) if day.location in theirs]
    wanted = _wanted(opened, connection, known, theirs)
    chosen = before or _first_of(wanted)
    left = Counter(day.location for day in wanted if day not in chosen)
    done: dict[str, list[DaySynced]] = {location: [] for location in theirs}
    for day in chosen:
        done[day.location].append(_polled(opened, connection, day, intent))
    return Synced(
        connection.connection,
        known.name,
        {location: tuple(days) for location, days in done.items()},
        left,
        bool(before),
    )


def _wanted(opened: OpenHouse, connection: ConnectionId, known: Connection, theirs: Sequence[str]) -> list[DayId]:
    """The last day that is over at each location, and what else is due there now, the most urgent first."""
    client, now = connection.client, opened.house.clock.now()
    last = [DayId(client, location, date) for location in theirs for date in _last_over(known, location, now)]
    due = [one for one in found(opened, client, among=frozenset(theirs)) if one.is_due(now)]
    waiting = [
        DayId(client, one.location, one.date)
        for one in sorted(due, key=lambda one: one.urgency)
        if one.connection == connection.connection
    ]
    return list(dict.fromkeys([*last, *waiting]))


def _first_of(wanted: Sequence[DayId]) -> list[DayId]:
    """As many as are polled at once."""
    chosen: list[DayId] = []
    for day in wanted:
        if sum(one.location == day.location for one in chosen) < MOST_TRIED:
            chosen.append(day)
    return chosen[:MOST_DAYS]


def _last_over(known: Connection, location: str, now: dt.datetime) -> Iterator[dt.date]:
    """The last business date that is over at a location, by the clock that its polls go by."""
    # What a newer release configured stops the polls of its own location, and nobody else's.
    with suppress(BadConfiguration):
        frame = known.frame(location, now.date())
        date = frame.date_of(now)
        while frame.window_of(date).ends_at > now:
            date -= dt.timedelta(days=1)
        yield date


def _polled(opened: OpenHouse, connection: ConnectionId, day: DayId, intent: Intent) -> DaySynced:
    """One day, by a command of its own that the same request leads to again."""
    own = hashlib.sha256(f"sync {intent.command} {day.stream}".encode()).hexdigest()[:32]
    alone = replace(intent, command=own, correlation=intent.command)
    try:
        return DaySynced(day, poll_day(PollDay(day, connection, alone), opened.house))
    except JournalUnavailable:
        raise
    except Refusal as refusal:
        return DaySynced(day, refused=str(refusal))


def _done_before(opened: OpenHouse, connection: ConnectionId, intent: Intent) -> list[DayId]:
    """The days that this command polled before, by what its facts are tied together with.

    Raises:
        KeyReused: the command did something else, or gave another reason.
    """
    reused = KeyReused("The Idempotency-Key was used before for another request: use a new one for this one.")
    if opened.journal.receipt(connection.client, intent.command) is not None:
        raise reused
    streams = _tied_together(opened.engine, connection.client, intent.command)
    for position in streams.values():
        entry = opened.journal.log(after=position - 1, limit=1, client=connection.client)[0]
        attempt = getattr(entry.fact, "attempt", None)
        of_ours = attempt is None or attempt.connection == connection.connection
        if not of_ours or entry.provenance.reason != intent.reason:
            raise reused
    days = [day_of(stream) for stream in streams]
    return [day for day in days if day is not None]


def _tied_together(engine: Engine, client: str, correlation: str) -> dict[str, int]:
    """The first fact of every stream that has this correlation, in the order of the log."""
    columns = mention.c
    asked = select(columns.stream, columns.position).where(
        columns.client == client, columns.id == correlation, columns.meaning == "correlation"
    )
    with reading(engine, client) as connection:
        rows = sorted((position, stream) for stream, position in connection.execute(asked))
    first: dict[str, int] = {}
    for position, stream in rows:
        first.setdefault(stream, position)
    return first


def sentence_of(synced: Synced) -> str:
    """The confirmation, for a person."""
    names = ", ".join(synced.locations)
    counts = Counter(day.outcome.outcome if day.outcome else "refused" for day in synced.days)
    came = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    left = sum(synced.left.values())
    more = f" {counted(left, 'more day')} {'is' if left == 1 else 'are'} due." if left else ""
    return f"{synced.name}: synchronized {counted(len(synced.locations), 'location')} ({names}); days: {came}.{more}"


def plain_synced(synced: Synced) -> dict[str, Any]:
    """What came of it, as HTTP and the command line answer it."""
    return {
        "connection": synced.connection,
        "confirmation": sentence_of(synced),
        "locations": [
            {
                "location": location,
                "days": [_plain_day(day) for day in days],
                "left": synced.left.get(location, 0),
            }
            for location, days in synced.locations.items()
        ],
        "position": synced.position or None,
    }


def _plain_day(synced: DaySynced) -> dict[str, Any]:
    outcome = synced.outcome
    if outcome is None:
        return {"date": synced.day.date.isoformat(), "outcome": "refused", "message": synced.refused}
    return {
        "date": synced.day.date.isoformat(),
        "outcome": outcome.outcome,
        "message": outcome.failure.message if outcome.failure else "",
        "generation": outcome.generation,
        "added": outcome.added,
        "changed": outcome.changed,
        "removed": outcome.removed,
        **plain_beside(outcome),
    }
