"""What was entered over a day's records, and how both become what people see."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

import msgspec

from domain.differences import RecordMap
from domain.facts import (
    ABSENT,
    ConflictRaised,
    ConflictResolved,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
)

Place = tuple[str, str]
"""Kind and key."""

_DEPOSITS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw] | None)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something that was entered on our side.

    Attributes:
        ours: what is shown, in canonical bytes; None where it was struck out.
        source: what the source said when that was decided on; None where it had nothing.
    """

    ours: bytes | None
    source: bytes | None


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A change at the source to what was entered over, which nobody has decided on.

    Attributes:
        ours: as of :class:`domain.facts.ConflictRaised`.
        theirs: the source's record; None where it has it no longer.
        generation: the one that brought it.
    """

    ours: bytes | None
    theirs: bytes | None
    generation: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided on a deposit of the source that stands beside manual ones.

    Attributes:
        counts: it counts beside them, or in their place.
        theirs: the record that was decided on.
    """

    counts: bool
    theirs: bytes


@dataclass(frozen=True, slots=True)
class Entered:
    """Everything that was entered on a day.

    Attributes:
        overlays: by kind and key, in the order of entering.
        conflicts: open ones, by kind and key.
        answers: of deposits of the source, by key, as long as there are manual ones.
        count: how often something was entered: the next key is made of it.
    """

    overlays: Mapping[Place, Overlay] = field(default_factory=dict)
    conflicts: Mapping[Place, OpenConflict] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    count: int = 0

    @property
    def has_deposits(self) -> bool:
        """There are manual deposits."""
        return any(kind == "deposit" for kind, _ in self.overlays)

    def holds(self, key: str) -> bool:
        """A deposit of the source does not count: it is in conflict with manual ones, or was set aside."""
        answer = self.answers.get(key)
        return ("deposit", key) in self.conflicts or (answer is not None and not answer.counts)

    def over(self, records: RecordMap) -> RecordMap:
        """The records as people see them: these ones with what was entered in their place and beside them."""
        if not any(kind in {"punch", "deposit"} for kind, _ in self.overlays):
            return records
        merged = {kind: dict(records.get(kind, {})) for kind in ("punch", "deposit")}
        if self.has_deposits:
            merged["deposit"] = {key: data for key, data in merged["deposit"].items() if not self.holds(key)}
        for (kind, key), overlay in self.overlays.items():
            if kind not in merged:
                continue
            if overlay.ours is None:
                merged[kind].pop(key, None)
            else:
                merged[kind][key] = overlay.ours
        return {**records, **{kind: found for kind, found in merged.items() if found or kind in records}}


NOTHING_ENTERED: Final = Entered()


def entered_with(entered: Entered, fact: OverlayFact) -> Entered:
    """What is entered after one more fact. Total: it accepts whatever was recorded, and guards nothing."""
    place = (fact.kind, fact.key)
    match fact:
        case OverlayEntered():
            ours = Overlay(bytes_of(fact.after), None if fact.kind == "deposit" else bytes_of(fact.source))
            answers = entered.answers
            if fact.kind == "deposit":
                there = _DEPOSITS.decode(fact.source) or {}
                answers = {**{key: Answer(counts=True, theirs=bytes(data)) for key, data in there.items()}, **answers}
            return replace(
                entered, overlays={**entered.overlays, place: ours}, answers=answers, count=entered.count + 1
            )
        case OverlayWithdrawn():
            return _without(entered, place)
        case OverlayAgreed():
            same = bytes_of(fact.after)
            return _closed(replace(entered, overlays={**entered.overlays, place: Overlay(same, same)}), place)
        case ConflictRaised():
            raised = OpenConflict(bytes_of(fact.ours), bytes_of(fact.theirs), fact.generation)
            return replace(entered, conflicts={**entered.conflicts, place: raised})
        case ConflictResolved():
            return _resolved(_closed(entered, place), fact)
        case _:
            assert_never(fact)


def bytes_of(data: msgspec.Raw) -> bytes | None:
    """The bytes of a record that a fact holds; None where it is absent."""
    return None if data == ABSENT else bytes(data)


def raw_of(data: bytes | None) -> msgspec.Raw:
    """A record as a fact holds it."""
    return ABSENT if data is None else msgspec.Raw(data)


def _resolved(entered: Entered, fact: ConflictResolved) -> Entered:
    place, theirs = (fact.kind, fact.key), bytes_of(fact.theirs)
    known = entered.overlays.get(place)
    if fact.kind == "deposit":
        if theirs is None or not entered.has_deposits:
            return entered
        answer = Answer(counts=fact.side != "ours", theirs=theirs)
        return replace(entered, answers={**entered.answers, fact.key: answer})
    if known is None or fact.side != "ours":
        return _without(entered, place)
    return replace(entered, overlays={**entered.overlays, place: replace(known, source=theirs)})


def _without(entered: Entered, place: Place) -> Entered:
    """Without one overlay; with the last manual deposit goes what was decided on those of the source."""
    left = {other: overlay for other, overlay in entered.overlays.items() if other != place}
    entered = _closed(replace(entered, overlays=left), place)
    if place[0] != "deposit" or entered.has_deposits:
        return entered
    open_ = {other: conflict for other, conflict in entered.conflicts.items() if other[0] != "deposit"}
    return replace(entered, conflicts=open_, answers={})


def _closed(entered: Entered, place: Place) -> Entered:
    """Without an open conflict there."""
    if place not in entered.conflicts:
        return entered
    open_ = {other: conflict for other, conflict in entered.conflicts.items() if other != place}
    return replace(entered, conflicts=open_)
