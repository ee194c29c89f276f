"""Conflicts: what a change at the source means for what was entered over it on our side."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

import msgspec

from domain.business_day.day import BusinessDay
from domain.business_day.folding import fold
from domain.business_day.overlays import Overlay, raw_of
from domain.facts import ConflictRaised, ConflictResolved, DayPolled, OverlayAgreed, RecordsChanged
from domain.facts.catalogue import DayFact
from domain.records import Punch, decode

ASK: Final = "ask"
"""A conflict about a punch stays open until a person decides; the other policies are ``ours`` and ``theirs``."""

EDITABLE: Final = ("clock_in", "clock_out", "breaks", "job", "rate", "declared_tips_cents")
"""Fields of a punch that somebody may edit here."""


def with_conflicts(day: BusinessDay, facts: tuple[DayFact, ...], policy: str = ASK) -> tuple[DayFact, ...]:
    """These facts, and what they mean for what was entered on the day; whoever changes its records asks this.

    What the source says now is held against what it said when the entry was made, so that nothing is missed and nothing
    is told twice, whichever way the records changed. An entry is never overwritten: the source's version is among the
    records, ours is shown.

    Args:
        day: as it is before the facts.
        facts: of a poll, an import, a compensation, or whatever else changes records.
        policy: ``ask``, or which side wins where a punch was changed on both: ``ours`` or ``theirs``.
    """
    if not day.overlays or not any(isinstance(fact, RecordsChanged | DayPolled) for fact in facts):
        return facts
    after = fold(facts, day)
    return (*facts, *_about_punches(after, policy), *_about_deposits(after))


def _about_punches(day: BusinessDay, policy: str) -> Iterator[DayFact]:
    recorded = day.records.get("punch", {})
    for (kind, key), overlay in day.overlays.items():
        if kind != "punch":
            continue
        theirs, conflict = recorded.get(key), day.conflicts.get((kind, key))
        ours, their_raw = raw_of(overlay.ours), raw_of(theirs)
        if _stated(theirs) == _stated(overlay.source):
            if conflict:
                yield ConflictResolved(kind, key, "ours", ours, their_raw, "taken-back", day.generation)
        elif _says_the_same(overlay, theirs):
            yield OverlayAgreed(kind, key, ours, their_raw, day.generation)
        elif conflict is None or conflict.theirs != theirs:
            yield ConflictRaised(kind, key, ours, their_raw, day.generation)
            if policy != ASK:
                yield ConflictResolved(kind, key, policy, ours, their_raw, "policy", day.generation)


def _stated(data: bytes | None) -> Punch | None:
    """A punch as the source states it: whether it counts, and until when where nobody clocked out, our options say."""
    if data is None:
        return None
    punch = _punch(data)
    out = None if punch.assumed_out else punch.clock_out
    return msgspec.structs.replace(punch, clock_out=out, excluded="", assumed_out=False)


def _says_the_same(overlay: Overlay, theirs: bytes | None) -> bool:
    """The source came to say what was edited here, in just the fields that were."""
    if overlay.ours is None or theirs is None:
        return overlay.ours is theirs
    ours, other = _punch(overlay.ours), _punch(theirs)
    source = None if overlay.source is None else _punch(overlay.source)
    edited = [name for name in EDITABLE if source is None or getattr(ours, name) != getattr(source, name)]
    return bool(edited) and all(getattr(ours, name) == getattr(other, name) for name in edited)


def _punch(data: bytes) -> Punch:
    return cast("Punch", decode("punch", data))


def _about_deposits(day: BusinessDay) -> Iterator[DayFact]:
    """A deposit of the source never goes over a manual one; one that was there before, or was accepted, counts."""
    if not day.entered.has_deposits:
        return
    recorded = day.records.get("deposit", {})
    ours = manual_deposits(day)
    for key, theirs in sorted(recorded.items()):
        conflict, answer = day.conflicts.get(("deposit", key)), day.entered.answers.get(key)
        if conflict is not None:
            known = conflict.theirs == theirs
        else:
            known = answer is not None and (answer.counts or answer.theirs == theirs)
        if not known:
            yield ConflictRaised("deposit", key, ours, msgspec.Raw(theirs), day.generation)
    for kind, key in day.conflicts:
        if kind == "deposit" and key not in recorded:
            yield ConflictResolved(kind, key, "ours", ours, raw_of(None), "taken-back", day.generation)


def manual_deposits(day: BusinessDay) -> msgspec.Raw:
    """The deposits that were entered here, by key, as a fact holds them."""
    return _by_key({key: overlay.ours for (kind, key), overlay in day.overlays.items() if kind == "deposit"})


def source_deposits(day: BusinessDay) -> msgspec.Raw:
    """The deposits of the source, by key, as a fact holds them; absent where it has none."""
    recorded = day.records.get("deposit", {})
    return _by_key(recorded) if recorded else raw_of(None)


def _by_key(records: Mapping[str, bytes | None]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({key: raw_of(data) for key, data in sorted(records.items())}))
