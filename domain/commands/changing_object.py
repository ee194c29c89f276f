"""Changing what is recorded of an object: decided on the fresh state, and once for each command."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.commands.recording import MOST_DECISIONS
from domain.facts.objects import ObjectFact
from domain.identifiers import ObjectId
from domain.outward import NEW_OBJECT, SyncObject, fold
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal

Decision = Callable[[SyncObject], tuple[ObjectFact, ...]]
"""The facts that a command adds to an object as it is."""


@dataclass(frozen=True, slots=True)
class ChangedObject:
    """What a command recorded of an object.

    Attributes:
        before: the object as it was decided on.
        after: as it is afterwards.
        facts: what was recorded; none where there was nothing to record.
        receipt: where it is recorded, or None where nothing is.
        again: it was recorded before; now it was only answered.
    """

    before: SyncObject
    after: SyncObject
    facts: tuple[ObjectFact, ...] = ()
    receipt: Receipt | None = None
    again: bool = False


def change_object(object_id: ObjectId, intent: Intent, house: House, decide: Decision) -> ChangedObject:
    """Decide on the object as it is now, and record; a lost race is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        object_id: which.
        intent: who and why; its command is of this object alone.
        house: the ports.
        decide: what is recorded.

    Raises:
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NEW_OBJECT
    lost = 0
    while True:
        known = load_object(house.journal, object_id, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(object_id.client, intent.command)
        if done:
            return _recorded(object_id, intent, house, decide, done, again=True)
        facts = decide(known)
        if not facts:
            return ChangedObject(known, known)
        try:
            receipt = house.journal.append([Recording(object_id.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return _recorded(object_id, intent, house, decide, receipt, again=False)


def _recorded(
    object_id: ObjectId, intent: Intent, house: House, decide: Decision, receipt: Receipt, *, again: bool
) -> ChangedObject:
    entries = list(house.journal.stream(object_id.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, ObjectFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = tuple([fact for by, fact in told if by.command == intent.command])
    reasons = {by.reason for by, _ in told if by.command == intent.command}
    if reasons != {intent.reason} or not _decides(decide, known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return ChangedObject(known, fold(facts, known), facts, receipt, again)


def _decides(decide: Decision, known: SyncObject, facts: tuple[ObjectFact, ...]) -> bool:
    """The command leads to just these facts."""
    try:
        return decide(known) == facts
    except Refusal:
        return False
