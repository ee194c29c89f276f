"""Changing what is recorded of a person: decided on the fresh state, and once for each command."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_person
from domain.commands.recording import MOST_DECISIONS, NotTheVersion
from domain.facts.catalogue import PersonFact
from domain.identifiers import PersonId
from domain.person import NEW_PERSON, Person, fold
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal

Decision = Callable[[Person], tuple[PersonFact, ...]]
"""The facts that a command adds to a person as they are."""


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    """What a command recorded of a person.

    Attributes:
        after: the person as they are afterwards.
        receipt: where it is recorded, or None where nothing is, because it was so already.
        again: it was recorded before; now it was only answered.
    """

    after: Person
    receipt: Receipt | None = None
    again: bool = False


def change_person(
    person: PersonId, intent: Intent, house: House, decide: Decision, *, expected_version: int | None = None
) -> ChangedPerson:
    """Decide on the person as they are now, and record; a lost race is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        person: whom.
        intent: who and why.
        house: the ports.
        decide: what is recorded.
        expected_version: the version of the person's stream that the caller saw, or None for whatever is there.

    Raises:
        NotTheVersion: it is not at that version.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known = NEW_PERSON
    lost = 0
    while True:
        known = load_person(house.journal, person, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(person.client, intent.command)
        if done:
            return _recorded(person, intent, house, decide, done, again=True)
        if expected_version is not None and known.version != expected_version:
            raise NotTheVersion(
                f"What is recorded of the employee {person.employee!r} of {person.location} is at version "
                f"{known.version}, not at {expected_version}: look again, then decide."
            )
        facts = decide(known)
        if not facts:
            return ChangedPerson(known)
        try:
            receipt = house.journal.append([Recording(person.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return _recorded(person, intent, house, decide, receipt, again=False)


def _recorded(
    person: PersonId, intent: Intent, house: House, decide: Decision, receipt: Receipt, *, again: bool
) -> ChangedPerson:
    entries = list(house.journal.stream(person.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, PersonFact)]
    known = fold(fact for by, fact in told if by.command != intent.command)
    facts = [fact for by, fact in told if by.command == intent.command]
    reasons = {by.reason for by, _ in told if by.command == intent.command}
    if reasons != {intent.reason} or not _decides(decide, known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return ChangedPerson(fold(facts, known), receipt, again)


def _decides(decide: Decision, known: Person, facts: list[PersonFact]) -> bool:
    """The command leads to just these facts."""
    try:
        return list(decide(known)) == facts
    except Refusal:
        return False
