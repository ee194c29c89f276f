"""Hold a person's data, or let go of it: a legal hold keeps it from being restricted and destroyed."""

from dataclasses import dataclass
from functools import partial

from domain.commands.changing_person import ChangedPerson, change_person
from domain.commands.intent import Intent
from domain.identifiers import PersonId
from domain.permissions import Permission
from domain.person import decide_hold, decide_release
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class HoldPerson:
    """Place a legal hold, or end it.

    Attributes:
        person: whose data.
        held: False: the hold is over.
        intent: who and why.
        expected_version: the version of the person's stream that the caller saw, or None for whatever is there.
    """

    person: PersonId
    held: bool
    intent: Intent
    expected_version: int | None = None


def hold_person(command: HoldPerson, house: House) -> ChangedPerson:
    """Place a legal hold on a person's data, or end it. Where it is so already nothing is recorded.

    Raises:
        NotPermitted: the role may not.
        DataRestricted: the data is destroyed already.
        NotTheVersion, CommandReused, StreamMoved: see ``change_person``.
    """
    person, intent = command.person, command.intent
    house.permit(intent.asks(Permission.ERASE, person.client, person.location))
    decide = partial(
        decide_hold if command.held else decide_release, location=person.location, employee=person.employee
    )
    return change_person(person, intent, house, decide, expected_version=command.expected_version)
