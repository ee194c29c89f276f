"""Replay a business day: derive it again from the answers that we hold, say what would differ, record it if asked."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.business_day import APPROVED, BusinessDay, decide_replay
from domain.commands.changing_day import change_day
from domain.commands.deriving import (
    BroughtNothing,
    Derivation,
    Derived,
    MovesBetweenDays,
    NoSuchConfiguration,
    ReplayDay,
    check_recordable,
    derive,
)
from domain.commands.intent import Intent
from domain.commands.loading import load_books, load_day
from domain.commands.overtime import overtime_recordings
from domain.commands.replaying_beside import said_of_others
from domain.differences import changes
from domain.effects import Effect, amounts_moved, effect, figure_effects
from domain.facts import Change, DayCompensated, LateChangeObserved, ReplayApplied, ReplayStaged
from domain.facts.catalogue import DayFact
from domain.identifiers import BooksId
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording
from domain.summary import summarize

__all__ = [
    "ApplyReplay",
    "BroughtNothing",
    "Derivation",
    "MovesBetweenDays",
    "NoSuchConfiguration",
    "ReplayDay",
    "ReplayResult",
    "apply_replay",
    "replay_day",
]


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay found.

    Attributes:
        generation: the recorded generation that was compared; of an approved day on which something waits the one that
            it would be.
        capture: the digest of the answer that it was derived from, of the connection that feeds the tickets.
        configuration: the version that it was derived under.
        changes: what would turn the recorded records into the derived ones.
        effect: what that means for figures and journal lines.
        derivations: what it was derived from, and under which versions, by connection.
        beside: other business days that the derivation says something about, and of how many records.
        totals: by how many cents the figures of the day and of those others would move, by their name in the summary.
        standing: records that readings of other days brought or changed: they stand as they are.
        approved: the day is approved: what differs would wait until it is reopened.
        recorded: the facts that would record it: none where there is nothing to record.
    """

    generation: int
    capture: str
    configuration: int
    changes: tuple[Change, ...]
    effect: Effect
    derivations: tuple[Derivation, ...] = ()
    beside: Mapping[dt.date, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    standing: int = 0
    approved: bool = False
    recorded: int = 0

    @property
    def differs(self) -> bool:
        """A record, a figure or a journal line would be another."""
        return bool(self.changes or self.effect.figures or self.effect.lines)


@dataclass(frozen=True, slots=True)
class ApplyReplay:
    """Derive a business day again, and record what differs.

    Attributes:
        replay: which day, and under what.
        intent: who and why.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
    """

    replay: ReplayDay
    intent: Intent
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it.

    Attributes:
        outcome: ``applied`` (a new generation), ``staged`` (the day is approved: it waits) or ``unchanged``.
        day: as it is now.
        receipt: where it is recorded; None where there was nothing to record.
        again: it was recorded before; now it was only answered.
        added: records, likewise changed and removed; of what is staged beside what was approved.
        compensated: other business days that changed by it, and by how many records.
        observed: changes that other, approved days do not take.
    """

    outcome: Literal["applied", "staged", "unchanged"]
    day: BusinessDay
    receipt: Receipt | None
    again: bool = False
    added: int = 0
    changed: int = 0
    removed: int = 0
    compensated: Mapping[dt.date, int] = field(default_factory=dict)
    observed: int = 0

    @property
    def staged(self) -> bool:
        """It waits until the day is reopened."""
        return self.outcome == "staged"


def replay_day(command: ReplayDay, house: House) -> ReplayResult:
    """Translate the newest captures of the day again with the code of today, and compare. Writes nothing.

    Raises:
        NothingRecorded: the day has no generation.
        NoSuchConfiguration: the connection has no such version.
        BroughtNothing: another configuration is asked for of a connection that has no part in the day.
        BadConfiguration: the options to try do not fit.
        NoCapture: an answer is no longer kept.
        SourceFailure: an answer cannot be read by today's code.
    """
    found = derive(command, house)
    day, after = found.day, found.after
    recorded = len(decide_replay(day, found.derived))
    others = said_of_others(command.day, found, house) if recorded else {}
    made = effect(day, after, load_books(house.journal, BooksId(command.day.client)))
    totals = amounts_moved(made.figures)
    for told in others.values():
        moved = amounts_moved(figure_effects(summarize(told.before), summarize(told.after)))
        for name, cents in moved.items():
            totals[name] = totals.get(name, 0) + cents
    return ReplayResult(
        day.generation,
        day.capture,
        after.configuration,
        tuple(changes(day.records, after.records)),
        made,
        tuple([answer.derivation for answer in found.answers]),
        {other.date: sum(_records(fact) for fact in told.facts) for other, told in others.items()},
        {name: cents for name, cents in totals.items() if cents},
        sum(len(keys) for keys in found.standing.values()),
        load_day(house.journal, command.day).settled == APPROVED,
        recorded,
    )


def apply_replay(command: ApplyReplay, house: House) -> Applied:
    """Derive the day again and record what differs, as compensating changes of the day and of others.

    An approved day does not take it: there it waits until the day is reopened. Where nothing differs, nothing is
    recorded; a day that was derived under another version or with other options says so from then on.

    Raises:
        NotPermitted: the role may not do that.
        MovesBetweenDays: the options are of no version, and move records between days as no version does.
        NotTheVersion: the day is not at ``expected_version``.
        CommandReused: the command's id was used for something else.
        StreamMoved: the race was lost too often.
        NothingRecorded, NoSuchConfiguration, BroughtNothing, BadConfiguration, NoCapture, SourceFailure: see
            :func:`replay_day`.
    """
    day_id, intent = command.replay.day, command.intent
    house.permit(intent.asks(Permission.REPLAY, day_id.client, day_id.location))
    newest: list[Derived] = []

    def decide(day: BusinessDay) -> tuple[DayFact, ...]:
        newest[:] = [derive(command.replay, house, version=day.version)]
        check_recordable(newest[0], day_id.location)
        return decide_replay(day, newest[0].derived)

    def beside(before: BusinessDay, after: BusinessDay) -> list[Recording]:
        told = said_of_others(day_id, newest[0], house)
        others = {other: (said.before, said.facts) for other, said in told.items()}
        return overtime_recordings(house, day_id, before, after, others=others)

    changed = change_day(day_id, intent, house, decide, expected_version=command.expected_version, beside=beside)
    told = {other.date: count for other, facts in changed.beside.items() if (count := _compensated(facts))}
    observed = sum(_observed(fact) for facts in changed.beside.values() for fact in facts)
    if not changed.facts:
        return Applied("unchanged", changed.after, None)
    header = changed.facts[0]
    assert isinstance(header, ReplayApplied | ReplayStaged)  # noqa: S101 - deciding leads to nothing else
    outcome: Literal["applied", "staged"] = "applied" if isinstance(header, ReplayApplied) else "staged"
    counts = (header.added, header.changed, header.removed)
    return Applied(outcome, changed.after, changed.receipt, changed.again, *counts, told, observed)


def _records(fact: DayFact) -> int:
    """How many records a fact about another day tells of."""
    return _compensated((fact,)) + _observed(fact)


def _compensated(facts: tuple[DayFact, ...]) -> int:
    return sum(fact.added + fact.changed + fact.removed for fact in facts if isinstance(fact, DayCompensated))


def _observed(fact: DayFact) -> int:
    return len(fact.changes) if isinstance(fact, LateChangeObserved) else 0
