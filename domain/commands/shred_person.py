"""Shred a person's data: destroy the key that all of it is sealed with, once retention allows."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from domain.commands.changing_person import ChangedPerson, change_person
from domain.commands.intent import Intent
from domain.identifiers import PersonId
from domain.permissions import Permission
from domain.person import RETENTION_YEARS, decide_shred
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ShredPerson:
    """Destroy a person's data.

    Attributes:
        person: whose.
        last_worked: the business date of the last punch as it is known now, or None where there is none.
        intent: who and why.
        years: for how long data on wages is kept after it.
    """

    person: PersonId
    last_worked: dt.date | None
    intent: Intent
    years: int = RETENTION_YEARS


def shred_person(command: ShredPerson, house: House) -> ChangedPerson:
    """Destroy a person's key, and with it whatever it sealed, in facts, captures, views and copies of them.

    Every figure, seal and digest stays as it is. Recorded first: from then on nobody can hold the data any more, and
    where the key outlasts an interruption, the next call destroys it.

    Raises:
        NotPermitted: the role may not.
        RetentionNotOver: nobody asked for it, or it is not due yet.
        LegalHold: a legal hold keeps the data.
        CommandReused, StreamMoved: see ``change_person``.
    """
    person, intent = command.person, command.intent
    house.permit(intent.asks(Permission.ERASE, person.client, person.location))
    decide = partial(
        decide_shred,
        location=person.location,
        employee=person.employee,
        last_worked=command.last_worked,
        years=command.years,
        today=house.clock.now().date(),
    )
    changed = change_person(person, intent, house, decide)
    house.vault.forget(person.client, person.person)
    return changed
