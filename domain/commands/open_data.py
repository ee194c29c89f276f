"""Open data: read fields of a person's data, field by field, which is recorded before anything is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from domain.commands.changing_person import ChangedPerson, change_person
from domain.commands.intent import Intent
from domain.identifiers import PersonId
from domain.permissions import Permission
from domain.person import Way, checked_fields, decide_open
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class OpenData:
    """Open personal data.

    Attributes:
        person: whose.
        fields: which.
        sealed: what is sealed of the person, by field; what is not there is not known.
        intent: who and why.
        way: field by field, or as an export.
    """

    person: PersonId
    fields: Sequence[str]
    sealed: Mapping[str, str]
    intent: Intent
    way: Way = "field"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened.

    Attributes:
        values: by field; empty where none is known.
        changed: what was recorded of it.
    """

    values: dict[str, str] = field(repr=False)
    changed: ChangedPerson


def open_data(command: OpenData, house: House) -> Opened:
    """Open fields of a person's data, and record who did and why. What cannot be recorded is not answered.

    Raises:
        NotPermitted: the role may not.
        BadPersonalField: a field is none.
        DataRestricted, PersonForgotten: nothing opens any more.
        VaultLocked: what is sealed does not open.
        CommandReused, StreamMoved: see ``change_person``.
    """
    person, intent = command.person, command.intent
    house.permit(intent.asks(Permission.REVEAL, person.client, person.location))
    asked = {name: command.sealed.get(name, "") for name in checked_fields(command.fields)}
    decide = partial(
        decide_open, location=person.location, employee=person.employee, fields=tuple(asked), way=command.way
    )
    changed = change_person(person, intent, house, decide)
    # Recorded first: an opening that fails then is one too many in the record, and never one too few.
    return Opened(house.vault.open(person.client, person.person, asked), changed)
