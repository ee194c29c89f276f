"""Holding back: what an approved day is told changes nothing until it is reopened, and nothing of it is lost.

Whatever is decided on an approved day is decided on the day that it would be if it were reopened now, and recorded as
what that differs by. So a day that is reopened is the day that it would have been without the approval.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, assert_never

import msgspec

from domain.business_day.day import BEFORE_LOOKBACK, OVERTIME, BusinessDay, Feed, LateChange, Staged
from domain.business_day.feeding import as_told, derived, read_by
from domain.business_day.generations import numbered
from domain.differences import RecordMap, apply, changes, operations, parts
from domain.facts import (
    ABSENT,
    Change,
    ChangesStaged,
    DayCompensated,
    DayPolled,
    GenerationStaged,
    LateChangeObserved,
    PollUnchanged,
    RecordsChanged,
    ReplayApplied,
    ReplayStaged,
    StagedApplied,
)
from domain.facts.catalogue import DayFact

Held = GenerationStaged | ChangesStaged | LateChangeObserved | ReplayStaged

_GONE: Final = bytes(ABSENT)


def as_reopened(day: BusinessDay) -> BusinessDay:
    """The day as it would be if it were reopened now; a day that is not approved is that already."""
    reopened = replace(day, settled="", late=only_observed(day), late_more=0, staged=None)
    if not day.waiting:
        return reopened
    records = {kind: dict(known) for kind, known in day.records.items()}
    apply(records, late_changes(day))
    source = _source(day)
    return replace(
        reopened,
        generation=day.generation + 1,
        records=records,
        feeds=source.feeds,
        zone=source.zone,
        starts_at=source.starts_at,
        ends_at=source.ends_at,
    )


def late_changes(day: BusinessDay) -> list[Change]:
    """What would change if the day were reopened now, beside what was approved, by kind and key."""
    return [
        Change(kind, key, _raw(day.records.get(kind, {}).get(key)), _raw(late.after))
        for (kind, key), late in sorted(day.late.items())
        if late.origin != BEFORE_LOOKBACK
    ]


def only_observed(day: BusinessDay) -> dict[tuple[str, str], LateChange]:
    """What is known of the day and changes it only with its own reading: it is too old for looking back."""
    return {place: late for place, late in day.late.items() if late.origin == BEFORE_LOOKBACK}


def take_staged(day: BusinessDay) -> tuple[DayFact, ...]:
    """The facts with which a day that is being reopened takes what has waited; none where nothing has."""
    if not day.waiting:
        return ()
    found = late_changes(day)
    lots = parts(found)
    reopened = as_reopened(day)
    applied = StagedApplied(
        reopened.generation,
        reopened.zone,
        reopened.starts_at,
        reopened.ends_at,
        **operations(found),
        parts=len(lots),
        feeds=as_told(reopened.feeds),
    )
    return (applied, *numbered(reopened.generation, lots))


def hold_back(day: BusinessDay, facts: Iterable[DayFact]) -> tuple[DayFact, ...]:
    """What is recorded of facts that were decided on the approved day as if it were reopened."""
    facts = tuple(facts)
    held_back: list[DayFact] = []
    header: DayFact | None = None
    for fact in facts:
        if not isinstance(fact, RecordsChanged):
            header = fact
        if isinstance(fact, DayPolled | ReplayApplied):
            held_back += _staged(day, fact, facts)
        elif isinstance(fact, PollUnchanged | LateChangeObserved):
            held_back.append(fact)
        elif isinstance(fact, RecordsChanged) and isinstance(header, DayCompensated):
            held_back.append(
                LateChangeObserved(header.origin, header.read_date, header.connection, header.capture, fact.changes)
            )
    return tuple(held_back)


def _staged(day: BusinessDay, fact: DayPolled | ReplayApplied, facts: Iterable[DayFact]) -> list[DayFact]:
    """A generation that waits, with all that differs from what was approved."""
    kinds = fact.kinds if isinstance(fact, DayPolled) else {*_kinds(derived(fact.feeds)), OVERTIME}
    records = {kind: dict(known) for kind, known in as_reopened(day).records.items()}
    for made in facts:
        if isinstance(made, RecordsChanged):
            apply(records, made.changes)
    found = changes(day.records, {kind: records.get(kind, {}) for kind in kinds})
    lots = parts(found)
    generation = day.generation + 1
    counts = {**operations(found), "parts": len(lots)}
    header: DayFact
    if isinstance(fact, DayPolled):
        header = GenerationStaged(
            fact.attempt,
            generation,
            fact.capture,
            fact.zone,
            fact.starts_at,
            fact.ends_at,
            **counts,
            derivation=fact.derivation,
            notes=fact.notes,
            kinds=fact.kinds,
        )
    else:
        header = ReplayStaged(
            generation,
            fact.connection,
            fact.zone,
            fact.starts_at,
            fact.ends_at,
            **counts,
            derivation=fact.derivation,
            feeds=fact.feeds,
        )
    return [header, *[ChangesStaged(generation, number, lot) for number, lot in enumerate(lots, start=1)]]


def held(day: BusinessDay, fact: Held, records: RecordMap, version: int) -> BusinessDay:
    """The approved day after one more fact that changes nothing yet.

    Args:
        day: before it.
        fact: what waits.
        records: of the day, as they were approved.
        version: of the fact, in the day's stream.
    """
    match fact:
        case GenerationStaged():
            feeds = read_by(_source(day).feeds, fact.attempt, fact.capture, fact.notes, fact.kinds)
            origin = "import" if fact.attempt.kind == "import" else "poll"
            return _anew(day, Staged(feeds, fact.zone, fact.starts_at, fact.ends_at, origin), fact.kinds, fact.parts)
        case ReplayStaged():
            told = derived(fact.feeds)
            staged = Staged({**_source(day).feeds, **told}, fact.zone, fact.starts_at, fact.ends_at, "replay")
            return _anew(day, staged, {*_kinds(told), OVERTIME}, fact.parts)
        case ChangesStaged():
            return _noted(day, [(change, _staged_change(day, change, version)) for change in fact.changes], records)
        case LateChangeObserved():
            told_by = (fact.origin, fact.read_date, fact.connection, fact.capture, version)
            late = [(change, LateChange(bytes(change.after), *told_by)) for change in fact.changes]
            # What an old fact only counted is not less because another day says something.
            more = fact.more if fact.origin == "poll" else max(day.late_more, fact.more)
            return _settled(_noted(replace(day, late_more=more), late, records))
        case _:
            assert_never(fact)


def read_while_waiting(day: BusinessDay, fact: PollUnchanged) -> BusinessDay:
    """The approved day after a reading that says the same as what waits: it changes only where that comes from."""
    source = _source(day)
    return replace(day, staged=replace(source, feeds=read_by(source.feeds, fact.attempt, fact.capture)))


def _anew(day: BusinessDay, staged: Staged, kinds: Iterable[str], more: int) -> BusinessDay:
    """Whatever waited of these kinds makes room for what was staged now, of which so many facts follow."""
    named = frozenset(kinds)
    late = {place: change for place, change in day.late.items() if place[0] not in named}
    after = replace(day, late=late, late_more=0, staged=staged)
    return after if more else _settled(after)


def _noted(day: BusinessDay, late: Iterable[tuple[Change, LateChange]], records: RecordMap) -> BusinessDay:
    """The day with more changes that wait; one back to what was approved waits no more."""
    known = dict(day.late)
    for change, noted in late:
        place = (change.kind, change.key)
        if noted.after == records.get(change.kind, {}).get(change.key, _GONE):
            known.pop(place, None)
        else:
            known[place] = noted
    return replace(day, late=known)


def _settled(day: BusinessDay) -> BusinessDay:
    """The day; where nothing that waits makes a difference any more, it is read as it was approved."""
    staged = day.staged
    if staged is None or len(day.late) > len(only_observed(day)):
        return day
    same_window = (staged.zone, staged.starts_at, staged.ends_at) == (day.zone, day.starts_at, day.ends_at)
    if not same_window or _told_alike(staged.feeds) != _told_alike(day.feeds):
        return day
    return replace(day, feeds=staged.feeds, staged=None)


def _told_alike(feeds: Mapping[str, Feed]) -> dict[str, tuple[object, ...]]:
    """Of each feed what makes a generation of its own."""
    return {name: (feed.notes, feed.kinds) for name, feed in feeds.items()}


def _staged_change(day: BusinessDay, change: Change, version: int) -> LateChange:
    source = _source(day)
    name, feed = next(((name, feed) for name, feed in source.feeds.items() if change.kind in feed.kinds), ("", Feed()))
    return LateChange(bytes(change.after), source.origin, None, name, feed.capture, version)


def _source(day: BusinessDay) -> Staged:
    return day.staged or _as_it_is(day)


def _as_it_is(day: BusinessDay) -> Staged:
    return Staged(day.feeds, day.zone, day.starts_at, day.ends_at)


def _kinds(feeds: Mapping[str, Feed]) -> frozenset[str]:
    return frozenset(kind for feed in feeds.values() for kind in feed.kinds)


def _raw(data: bytes | None) -> msgspec.Raw:
    return ABSENT if data is None else msgspec.Raw(data)
