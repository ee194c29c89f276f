"""Changing a business day by a decision of somebody: on the fresh state, and once for each command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from domain.business_day import ASK, NEW_DAY, BusinessDay, fold, with_conflicts
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.recording import MOST_DECISIONS, NotTheVersion
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId, day_of
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal

Decision = Callable[[BusinessDay], tuple[DayFact, ...]]
"""The facts that a command adds to a day as it is; none where nothing changes."""

Beside = Callable[[BusinessDay, BusinessDay], list[Recording]]
"""What the day, as it is after the decision, means for other streams (and behind its own facts for its own): recorded
in the same commit."""


@dataclass(frozen=True, slots=True)
class DayChanged:
    """What a command changed on a day.

    Attributes:
        before: the day as it was decided on.
        after: as it is afterwards.
        facts: what was recorded on it.
        receipt: where it is recorded, or None where nothing is, because nothing changed.
        again: it was recorded before; now it was only answered.
        beside: facts that the command recorded on other days.
    """

    before: BusinessDay
    after: BusinessDay
    facts: tuple[DayFact, ...] = ()
    receipt: Receipt | None = None
    again: bool = False
    beside: Mapping[DayId, tuple[DayFact, ...]] = field(default_factory=dict)


def change_day(
    day: DayId,
    intent: Intent,
    house: House,
    decide: Decision,
    *,
    expected_version: int | None = None,
    beside: Beside = lambda _before, _after: [],
    punch_conflicts: str = ASK,
) -> DayChanged:
    """Decide on the day as it is now, and record; a lost race (polls come in between) is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        day: which.
        intent: who and why, and the command's id.
        house: the ports.
        decide: the facts that the command adds to the day.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
        beside: what the day after the decision means for other streams, and for facts behind its own on its stream.
        punch_conflicts: the policy where the decision changes records that were edited here.

    Raises:
        NotTheVersion: the day is not at ``expected_version``.
        CommandReused: the command's id was used for something else.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """

    def whole(known: BusinessDay) -> tuple[DayFact, ...]:
        return with_conflicts(known, decide(known), punch_conflicts)

    known = NEW_DAY
    lost = 0
    while True:
        known = load_day(house.journal, day, known=known)
        # Asked after the day was loaded: given twice at once, the command may be among what is known by now.
        done = _recorded(day, intent, house, whole)
        if done:
            return done
        _check_version(known, expected_version)
        facts = whole(known)
        if not facts:
            return DayChanged(known, known)
        try:
            house.journal.append(_recordings(day, known, facts, beside), intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            recorded = _recorded(day, intent, house, whole)
            assert recorded is not None  # noqa: S101 - by us or by them, just now
            return replace(recorded, again=False)


def _check_version(known: BusinessDay, expected: int | None) -> None:
    if expected is not None and expected != known.version:
        raise NotTheVersion(f"The day is at version {known.version}, not {expected}: look at it again, then decide.")


def _recordings(day: DayId, known: BusinessDay, facts: tuple[DayFact, ...], beside: Beside) -> list[Recording]:
    """What is recorded in one commit: facts of the day, with those behind them, and what they mean for others."""
    more = beside(known, fold(facts, known))
    own = tuple([fact for recording in more if recording.stream == day.stream for fact in recording.facts])
    others = [recording for recording in more if recording.stream != day.stream]
    return [Recording(day.stream, known.version, (*facts, *own)), *others]


def _recorded(day: DayId, intent: Intent, house: House, decide: Decision) -> DayChanged | None:
    """What this command recorded before, or None if it is new.

    Raises:
        CommandReused: it was something else.
    """
    receipt = house.journal.receipt(day.client, intent.command)
    if receipt is None:
        return None
    (seal,) = house.journal.seals(after=receipt.commit - 1, limit=1)
    told: dict[DayId, list[DayFact]] = {}
    same_reason = True
    for entry in house.journal.log(after=seal.first_position - 1, limit=seal.leaves, client=day.client):
        of = day_of(entry.stream)
        same_reason = same_reason and entry.provenance.reason == intent.reason
        if of is not None and isinstance(entry.fact, DayFact):
            told.setdefault(of, []).append(entry.fact)
    facts = tuple(told.pop(day, []))
    before = load_day(house.journal, day, until=seal.first_position - 1)
    if not facts or not same_reason or not _decides(decide, before, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    beside = {other: tuple(made) for other, made in told.items()}
    return DayChanged(before, fold(facts, before), facts, receipt, again=True, beside=beside)


def _decides(decide: Decision, before: BusinessDay, facts: tuple[DayFact, ...]) -> bool:
    """The command leads to these facts; behind them stand only those that followed from them."""
    try:
        decided = decide(before)
        return bool(decided) and facts[: len(decided)] == decided
    except Refusal:
        return False
