"""Folding: ``fold(facts) -> day``, the second of the three functions that carry daybook."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, assert_never

from domain.business_day.day import APPROVED, COMPLETED, NEW_DAY, NO_FEED, OVERTIME, BusinessDay, Feed
from domain.business_day.feeding import derived, read_by
from domain.business_day.holding import held, only_observed, read_while_waiting
from domain.business_day.overlays import entered_with
from domain.differences import RecordMap, apply
from domain.facts import (
    Attempt,
    ChangesStaged,
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayConfirmedClosed,
    DayDeleted,
    DayPolled,
    DayReopened,
    GenerationStaged,
    LateChangeObserved,
    OverlayFact,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
    ReplayApplied,
    ReplayStaged,
    StagedApplied,
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
        elif isinstance(fact, OverlayFact):
            day = replace(day, entered=entered_with(day.entered, fact))
        else:
            day = _noted(day, fact, records, version)
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
    | GenerationStaged
    | ChangesStaged
    | StagedApplied
    | ReplayApplied
    | ReplayStaged
    | DayDeleted
    | DayConfirmedClosed
)


def _noted(day: BusinessDay, fact: _Noted, records: RecordMap, version: int) -> BusinessDay:
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
            feeds = read_by(day.feeds, fact.attempt, fact.capture, fact.notes, fact.kinds)
            return _read(_tried(day, fact.attempt), feeds, fact.attempt.connection)
        case PollUnchanged():
            if day.waiting:
                return _read(_tried(read_while_waiting(day, fact), fact.attempt), day.feeds)
            feeds = read_by(day.feeds, fact.attempt, fact.capture)
            return _read(_tried(day, fact.attempt), feeds, fact.attempt.connection)
        case PollFailed():
            return _tried(day, fact.attempt)
        case DayCompensated():
            # What follows from the hours of other days is ours: it is worked out anew, and no reading says it.
            return replace(day, generation=fact.generation, told=day.told + (fact.origin != OVERTIME))
        case GenerationStaged() | LateChangeObserved() | ChangesStaged() | ReplayStaged():
            if isinstance(fact, GenerationStaged):
                day = _read(_tried(day, fact.attempt), day.feeds)
            return held(day, fact, records, version)
        case StagedApplied() | ReplayApplied():
            return replace(
                day,
                generation=fact.generation,
                told=day.told + 1,
                zone=fact.zone,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                feeds={**day.feeds, **derived(fact.feeds)},
            )
        case _:
            return _decided(day, fact)


def _decided(
    day: BusinessDay, fact: DayCompleted | DayApproved | DayReopened | DayDeleted | DayConfirmedClosed
) -> BusinessDay:
    """The day after somebody decided about it."""
    match fact:
        case DayCompleted():
            return replace(day, settled=COMPLETED)
        case DayApproved():
            return replace(day, settled=APPROVED, closings=fact.number or day.closings + 1, closing=fact.summary)
        case DayReopened():
            return replace(day, settled="", late=only_observed(day), late_more=0, staged=None)
        case DayDeleted():
            return replace(day, settled="", late={}, late_more=0, staged=None, deleted=True, closed=False)
        case DayConfirmedClosed():
            return replace(day, closed=True)
        case _:
            assert_never(fact)


def _tried(day: BusinessDay, attempt: Attempt) -> BusinessDay:
    return replace(day, attempts=day.attempts + 1, tried=attempt.connection)


def _read(day: BusinessDay, feeds: Mapping[str, Feed], connection: str = "") -> BusinessDay:
    """The day after a reading of it; what came too late for looking back, the day's own reading has taken."""
    if day.late and day.settled != APPROVED:
        kinds = feeds.get(connection, NO_FEED).kinds
        kept = {place: late for place, late in day.late.items() if place[0] not in kinds}
        day = replace(day, late=kept, late_more=0)
    return replace(day, readings=day.readings + 1, told=day.told + 1, feeds=feeds)
