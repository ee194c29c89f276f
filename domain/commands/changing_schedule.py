"""Changing a schedule: decided on the fresh state, and once for each command."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_schedule
from domain.commands.recording import MOST_DECISIONS, NotTheVersion
from domain.facts.schedules import ScheduleFact
from domain.identifiers import ScheduleId
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.schedule import NEW_SCHEDULE, Schedule, fold

Decision = Callable[[Schedule], tuple[ScheduleFact, ...]]
"""The facts that a command adds to a schedule as it is."""

Same = Callable[[Schedule, list[ScheduleFact]], bool]
"""Whether a command wants the schedule to be as it was after these facts of its id."""


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """What a command changed on a schedule.

    Attributes:
        before: as it was decided on.
        after: as it is afterwards.
        receipt: where it is recorded, or None where nothing is, because nothing changed.
        again: it was recorded before; now it was only answered.
    """

    before: Schedule
    after: Schedule
    receipt: Receipt | None = None
    again: bool = False


def change_schedule(
    named: ScheduleId,
    intent: Intent,
    house: House,
    decide: Decision,
    same: Same,
    *,
    expected_version: int | None = None,
) -> ScheduleChange:
    """Decide on the schedule as it is now, and record; a lost race is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        named: which.
        intent: who and why.
        house: the ports.
        decide: what is recorded.
        same: tells what this command recorded from what another one of its id did.
        expected_version: the version that the caller saw, or None for whatever is there.

    Raises:
        NotTheVersion: it is not at that version.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NEW_SCHEDULE
    lost = 0
    while True:
        known = load_schedule(house.journal, named, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(named.client, intent.command)
        if done:
            return _recorded(named, intent, house, same, done, again=True)
        if expected_version is not None and known.version != expected_version:
            raise NotTheVersion(
                f"The schedule of {named.location} in the week of {named.week} is at version {known.version}, not at "
                f"{expected_version}: look again, then decide."
            )
        facts = decide(known)
        if not facts:
            return ScheduleChange(known, known)
        try:
            receipt = house.journal.append([Recording(named.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return _recorded(named, intent, house, same, receipt, again=False)


def _recorded(
    named: ScheduleId, intent: Intent, house: House, same: Same, receipt: Receipt, *, again: bool
) -> ScheduleChange:
    entries = list(house.journal.stream(named.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, ScheduleFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = [fact for by, fact in told if by.command == intent.command]
    reasons = {by.reason for by, _ in told if by.command == intent.command}
    after = fold(facts, known)
    if reasons != {intent.reason} or not same(after, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return ScheduleChange(known, after, receipt, again)
