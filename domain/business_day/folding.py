"""Folding: ``fold(facts) -> day``, the second of the three functions that carry daybook."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, assert_never

from domain.business_day.day import APPROVED, COMPLETED, NEW_DAY, NO_FEED, BusinessDay, Feed
from domain.differences import apply
from domain.facts import (
    Attempt,
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayConfirmedClosed,
    DayDeleted,
    DayPolled,
    DayReopened,
    LateChangeObserved,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
)
from domain.facts.catalogue import DayFact

_SOLD: Final = ("ticket", "late-void")
"""Kinds of records that net sales are counted from: with a change of them nobody's word stands that it was closed."""


def evolve(day: BusinessDay, fact: DayFact) -> BusinessDay:
    """The day after one more fact. Total: it accepts whatever was recorded, and guards nothing."""
    return fold([fact], day)


def fold(facts: Iterable[DayFact], day: BusinessDay = NEW_DAY) -> BusinessDay:
    """The day after these facts, in their order: the second of the three functions that carry daybook.

    ``day`` is left as it was. Records are gathered in one pass, so that a day of 50,000 tickets folds in its size.
    """
    records = {kind: dict(known) for kind, known in day.records.items()}
    version = day.version
    for fact in facts:
        version += 1
        if isinstance(fact, RecordsChanged):
            apply(records, fact.changes)
            if day.closed and any(change.kind in _SOLD for change in fact.changes):
                day = replace(day, closed=False)
        else:
            day = _noted(day, fact)
    return replace(day, version=version, records=records)


_Noted = (
    DayPolled
    | PollUnchanged
    | PollFailed
    | DayCompensated
    | LateChangeObserved
    | DayCompleted
    | DayApproved
    | DayReopened
    | DayDeleted
    | DayConfirmedClosed
)


def _noted(day: BusinessDay, fact: _Noted) -> BusinessDay:
    match fact:
        case DayPolled():
            day = replace(
                day,
                generation=fact.generation,
                zone=fact.zone,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                deleted=day.deleted and not day.comes_back(fact.attempt, fact.kinds),
            )
            return _read(_tried(day, fact.attempt), fact.attempt, fact.capture, fact.notes, fact.kinds)
        case PollUnchanged():
            return _read(_tried(day, fact.attempt), fact.attempt, fact.capture)
        case PollFailed():
            return _tried(day, fact.attempt)
        case DayCompensated():
            return replace(day, generation=fact.generation)
        case LateChangeObserved():
            late = {(change.kind, change.key): bytes(change.after) for change in fact.changes}
            return replace(day, late={**day.late, **late}, late_more=fact.more)
        case DayCompleted() | DayApproved() | DayReopened() | DayDeleted() | DayConfirmedClosed():
            return _decided(day, fact)
        case _:
            assert_never(fact)


def _decided(
    day: BusinessDay, fact: DayCompleted | DayApproved | DayReopened | DayDeleted | DayConfirmedClosed
) -> BusinessDay:
    """The day after somebody decided about it."""
    match fact:
        case DayCompleted():
            return replace(day, settled=COMPLETED)
        case DayApproved():
            return replace(day, settled=APPROVED)
        case DayReopened():
            return replace(day, settled="", late={}, late_more=0)
        case DayDeleted():
            return replace(day, settled="", late={}, late_more=0, deleted=True, closed=False)
        case DayConfirmedClosed():
            return replace(day, closed=True)
        case _:
            assert_never(fact)


def _tried(day: BusinessDay, attempt: Attempt) -> BusinessDay:
    return replace(day, attempts=day.attempts + 1, tried=attempt.connection)


def _read(
    day: BusinessDay,
    attempt: Attempt,
    capture: str,
    notes: tuple[str, ...] | None = None,
    kinds: tuple[str, ...] = (),
) -> BusinessDay:
    """The day with what a connection's reading of it brought; kinds that it feeds now, no other connection does."""
    known = day.feeds.get(attempt.connection, NO_FEED)
    others = {name: replace(feed, kinds=feed.kinds.difference(kinds)) for name, feed in day.feeds.items()}
    feed = Feed(capture, attempt.configuration, known.notes if notes is None else notes, known.kinds | frozenset(kinds))
    return replace(day, readings=day.readings + 1, feeds={**others, attempt.connection: feed})
