"""Forget a person: nothing of their data opens from now on, and it is destroyed once retention allows."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from domain.commands.changing_person import ChangedPerson, change_person
from domain.commands.intent import Intent
from domain.identifiers import PersonId
from domain.permissions import Permission
from domain.person import RETENTION_YEARS, decide_forget
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Forget a person.

    Attributes:
        person: whom.
        last_worked: the business date of the last punch, or None where there is none.
        intent: who and why.
        years: for how long data on wages is kept after it.
        expected_version: the version of the person's stream that the caller saw, or None for whatever is there.
    """

    person: PersonId
    last_worked: dt.date | None
    intent: Intent
    years: int = RETENTION_YEARS
    expected_version: int | None = None


def forget_person(command: ForgetPerson, house: House) -> ChangedPerson:
    """Restrict a person's data at once, and record when it may be destroyed. Again it changes nothing.

    Raises:
        NotPermitted: the role may not.
        LegalHold: a legal hold keeps the data.
        NotTheVersion, CommandReused, StreamMoved: see ``change_person``.
    """
    person, intent = command.person, command.intent
    house.permit(intent.asks(Permission.ERASE, person.client, person.location))
    decide = partial(
        decide_forget,
        location=person.location,
        employee=person.employee,
        last_worked=command.last_worked,
        years=command.years,
        today=house.clock.now().date(),
    )
    changed = change_person(person, intent, house, decide, expected_version=command.expected_version)
    house.vault.restrict(person.client, person.person)  # also where that was recorded and no more
    return changed
