"""Replay many business days: first what would change, then, if asked, day by day, whatever becomes of single ones."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded
from domain.commands.replay_day import (
    ApplyReplay,
    BroughtNothing,
    MovesBetweenDays,
    ReplayDay,
    apply_replay,
    replay_day,
)
from domain.differences import operations
from domain.identifiers import ConnectionId, DayId
from domain.permissions import NotPermitted, Permission
from domain.polling import BadConfiguration
from domain.ports.captures import NoCapture
from domain.ports.house import House
from domain.ports.source import SourceFailure
from domain.refusals import NotFound, NotYet, Refusal

MOST_DAYS: Final = 1000
"""Business days of all locations together that one replay goes through at most."""


class BadRange(Refusal):
    """The days to replay are none, or too many."""


@dataclass(frozen=True, slots=True)
class ReplayRange:
    """Derive many business days again.

    Attributes:
        days: which, in the order in which they are gone through.
        connections: whose configuration is meant, by location.
        configuration: the version to derive them under, or None for the one that each is recorded with.
        options: polling options to put over that version, by name.
    """

    days: tuple[DayId, ...]
    connections: Mapping[str, ConnectionId]
    configuration: int | None = None
    options: Mapping[str, Any] | None = None

    def of(self, day: DayId) -> ReplayDay:
        """The replay of one of the days."""
        return ReplayDay(day, self.connections[day.location], self.configuration, self.options)


@dataclass(frozen=True, slots=True)
class DayReplayed:
    """What came of one day.

    Attributes:
        day: which.
        outcome: ``differs`` or ``unchanged`` where nothing was to be recorded; ``applied``, ``staged`` (the day is
            approved) or ``unchanged`` where it was; ``not-replayable``; ``failed``.
        reason: why it is one of the last two, or empty.
        added: records, likewise changed and removed.
        beside: other business days that it says something about, and of how many records.
        totals: by how many cents figures would move, by their name in the summary.
        standing: records of other days' readings that stand as they are.
        approved: the day is approved: what differs waits until it is reopened.
    """

    day: DayId
    outcome: Literal["differs", "unchanged", "applied", "staged", "not-replayable", "failed"]
    reason: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0
    beside: Mapping[dt.date, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    standing: int = 0
    approved: bool = False


def days_between(
    client: str, locations: Sequence[str], first: dt.date, last: dt.date, most: int = MOST_DAYS
) -> tuple[DayId, ...]:
    """The business days of some locations, by date, then location: going on after one is going on from its date.

    Raises:
        BadRange: there are none, or too many.
    """
    count = max((last - first).days + 1, 0) * len(locations)
    if not count:
        raise BadRange(f"There is no business day between {first} and {last}.")
    if count > most:
        raise BadRange(f"These are {count} business days, and at most {most} are replayed at once: take fewer.")
    dates = [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
    return tuple([DayId(client, location, date) for date in dates for location in sorted(locations)])


def preview(command: ReplayRange, house: House) -> Iterator[DayReplayed]:
    """What would change, day by day, each beside the others as they are now. Writes nothing.

    Raises:
        BadConfiguration, NoSuchConfiguration, JournalUnavailable: of the first day that meets it.
    """
    for day in command.days:
        yield _kept_apart(day, partial(_previewed, command, day, house))


def apply_range(command: ReplayRange, intent: Intent, house: House) -> Iterator[DayReplayed]:
    """Derive the days again and record what differs, one commit each: a day that was done stays done.

    Whoever goes on after an interruption, or does all of it again, finds the days that were done unchanged.

    Raises:
        NotPermitted: the role may not do that.
        CommandReused: the command's id was used for something else.
        BadConfiguration, MovesBetweenDays, NoSuchConfiguration, JournalUnavailable: of the first day that meets it.
    """
    for client, location in sorted({(day.client, day.location) for day in command.days}):
        house.permit(intent.asks(Permission.REPLAY, client, location))
    for day in command.days:
        yield _kept_apart(day, partial(_applied, command, day, intent, house))


def _kept_apart(day: DayId, do: Callable[[], DayReplayed]) -> DayReplayed:
    """What comes of one day; what concerns it alone does not stop the others."""
    try:
        return do()
    except SourceFailure as failure:
        return DayReplayed(day, "not-replayable", failure.message)
    except (NothingRecorded, BroughtNothing, NoCapture) as refusal:
        return DayReplayed(day, "not-replayable", str(refusal))
    except (NotYet, NotPermitted, BadConfiguration, MovesBetweenDays, NotFound, CommandReused):
        raise  # of every day alike
    except Refusal as refusal:
        return DayReplayed(day, "failed", str(refusal))


def _previewed(command: ReplayRange, day: DayId, house: House) -> DayReplayed:
    found = replay_day(command.of(day), house)
    return DayReplayed(
        day,
        "differs" if found.recorded else "unchanged",
        "",
        **operations(found.changes),
        beside=found.beside,
        totals=found.totals,
        standing=found.standing,
        approved=found.approved,
    )


def _applied(command: ReplayRange, day: DayId, intent: Intent, house: House) -> DayReplayed:
    """One day, by a command of its own that the same request leads to again."""
    own = hashlib.sha256(f"{intent.command} {day.stream}".encode()).hexdigest()[:32]
    alone = replace(intent, command=own, correlation=intent.correlation or intent.command)
    done = apply_replay(ApplyReplay(command.of(day), alone), house)
    return DayReplayed(
        day, done.outcome, "", done.added, done.changed, done.removed, done.compensated, approved=done.staged
    )
