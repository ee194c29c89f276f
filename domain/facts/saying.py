"""What facts say about records: the one place that history, generations, traces and explanations learn it from.

A fact that carries changes of records is registered in :data:`SAYINGS`. One that begins a generation is known by its
shape: it has a ``generation`` and counts records as ``added``, ``changed`` and ``removed``.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from domain.facts.attempts import Attempt
from domain.facts.catalogue import Fact
from domain.facts.connection import RosterChanged
from domain.facts.day import LateChangeObserved, RecordsChanged
from domain.facts.overlays import (
    ConflictRaised,
    ConflictResolved,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
)
from domain.facts.personnel import PersonnelChanged
from domain.facts.replays import ReplayApplied, ReplayStaged
from domain.facts.staging import ChangesStaged, DerivedFeed, GenerationStaged, StagedApplied
from domain.facts.values import Change

_COUNTS: Final = ("generation", "added", "changed", "removed")
_HELD_BACK: Final = (GenerationStaged, ReplayStaged)
"""They count what an approved day does not take: the generation begins when that is applied."""

_ORIGINS: Final[dict[type[Fact], str]] = {
    ReplayApplied: "replay",
    ReplayStaged: "replay",
    StagedApplied: "reopened",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What a fact says about records.

    Attributes:
        changes: each before and after.
        applied: they stand from now on; else they came to light and change nothing.
        operation: what happened to the record where it is about what people entered over it, else empty: the change
            says it.
    """

    changes: tuple[Change, ...]
    applied: bool = True
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A fact that begins a generation of a business day.

    Attributes:
        generation: its number.
        origin: ``poll``, ``repoll`` or ``import`` where the day itself was read, ``replay`` where it was derived again,
            ``reopened`` where it took what had waited; else why another reading says something about it.
        added: records; likewise changed and removed.
        parts: how many facts with changes follow.
        read_date: the business day that was read, where it is another one.
    """

    generation: int
    origin: str
    added: int
    changed: int
    removed: int
    parts: int
    read_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Told:
    """Where a fact has it from, as far as it says so itself.

    Attributes:
        connection: that was read; empty where the fact names none.
        configuration: the version of its configuration in use, 0 where the fact names none.
        capture: the digest of the answer, or empty.
        attempt: how it was read, or None.
    """

    connection: str
    configuration: int
    capture: str
    attempt: Attempt | None


def _applied(fact: Any) -> Saying:
    return Saying(fact.changes)


def _observed(fact: Any) -> Saying:
    return Saying(fact.changes, applied=False)


OPERATIONS: Final[dict[type[OverlayFact], str]] = {
    OverlayEntered: "entered",
    OverlayWithdrawn: "withdrawn",
    OverlayAgreed: "agreed",
    ConflictRaised: "conflict-raised",
    ConflictResolved: "conflict-resolved",
}
"""What each fact about an overlay does to its record."""


def _overlaid(fact: Any) -> Saying:
    return Saying((fact.change,), operation=OPERATIONS[type(fact)])


SAYINGS: Final[dict[type[Fact], Callable[[Any], Saying]]] = {
    RecordsChanged: _applied,
    RosterChanged: _applied,
    PersonnelChanged: _applied,
    LateChangeObserved: _observed,
    ChangesStaged: _observed,
    **dict.fromkeys(OPERATIONS, _overlaid),
}
"""The facts that say something about records, and how to read it from them."""

_NOTHING: Final = Saying(())


def saying(fact: Fact) -> Saying:
    """What a fact says about records; of most facts nothing."""
    says = SAYINGS.get(type(fact))
    return _NOTHING if says is None else says(fact)


def beginning(fact: Fact, *, held_back: bool = False) -> Beginning | None:
    """The generation that a fact begins, or None where it begins none.

    Args:
        fact: any.
        held_back: also one that waits until the approved day is reopened.
    """
    if (isinstance(fact, _HELD_BACK) and not held_back) or not all(hasattr(fact, name) for name in _COUNTS):
        return None
    found: Any = fact
    attempt = _attempt(fact)
    origin = _ORIGINS.get(type(fact)) or str(getattr(fact, "origin", "") or (attempt.kind if attempt else ""))
    counts = (found.added, found.changed, found.removed)
    return Beginning(found.generation, origin, *counts, getattr(fact, "parts", 0), getattr(fact, "read_date", None))


def told(fact: Fact) -> Told:
    """Where a fact has it from."""
    attempt = _attempt(fact)
    feeds: tuple[DerivedFeed, ...] = getattr(fact, "feeds", ())
    if feeds:
        meant = getattr(fact, "connection", "")
        # Where several connections feed the day, the tickets' says most.
        feed = max(feeds, key=lambda feed: (feed.connection == meant, "ticket" in feed.kinds))
        return Told(feed.connection, feed.configuration, feed.capture, attempt)
    return Told(
        attempt.connection if attempt else str(getattr(fact, "connection", "")),
        attempt.configuration if attempt else int(getattr(fact, "configuration", 0)),
        str(getattr(fact, "capture", "")),
        attempt,
    )


def _attempt(fact: Fact) -> Attempt | None:
    attempt = getattr(fact, "attempt", None)
    return attempt if isinstance(attempt, Attempt) else None
