"""What every way in does with personal data: open it, look for people, forget them, and say who read what."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from api.composition import OpenHouse
from api.refusals import NoSuchEmployee
from domain.actors import name_of
from domain.business_date import date_of
from domain.commands.changing_person import ChangedPerson
from domain.commands.forget_person import ForgetPerson, forget_person
from domain.commands.hold_person import HoldPerson, hold_person
from domain.commands.intent import Intent
from domain.commands.open_data import OpenData, Opened, open_data
from domain.commands.shred_person import ShredPerson, shred_person
from domain.identifiers import PersonId, plain
from domain.permissions import Permission
from domain.person import due_on
from domain.records.people import PERSONAL_FIELDS
from projections import people, queries
from projections.asking import MOST_ROWS
from projections.people_rows import PersonRow, ReadingRow
from projections.personnel import matches_with
from projections.rows import (
    EmployeeRow,
)

BECAUSE_DUE: Final = "retention is over"

_AT_ONCE: Final = 25
"""People of HR systems who are looked up together."""


def todays(opened: OpenHouse, client: str) -> Callable[[str], dt.date]:
    """The business date that it is at a location now; each is looked up once."""
    now = opened.house.clock.now()

    @cache
    def today(location: str) -> dt.date:
        place = queries.find_location(opened.engine, client, location)
        if place is None:
            return now.date()
        return date_of(now, place.zone, dt.time.fromisoformat(place.day_starts or "00:00"))

    return today


def employee_of(
    opened: OpenHouse, intent: Intent, permission: Permission, client: str, location: str, employee: str
) -> EmployeeRow:
    """An employee, for somebody who may do that with their data.

    Raises:
        BadIdentifier: the location cannot be one.
        NotPermitted: they may not, wherever it is.
        NoSuchEmployee: there is none, or not at a location of theirs: nobody learns which.
    """
    place = plain(location, "location")
    opened.house.permit(intent.asks(permission, client))
    found = queries.find_employee(opened.engine, client, place, employee) if intent.rights.reach(place) else None
    if found is None:
        raise NoSuchEmployee(f"There is no employee {employee[:80]!r} at the location {place!r}.")
    return found


def person_of_row(row: EmployeeRow) -> PersonId:
    """Who an employee is to the vault and the journal."""
    return PersonId(row.client, row.connection, row.location, row.employee)


def sealed_of(row: EmployeeRow) -> dict[str, str]:
    """What is sealed of an employee."""
    return {name: getattr(row, name) for name in PERSONAL_FIELDS}


def reveal(opened: OpenHouse, row: EmployeeRow, fields: Sequence[str], intent: Intent) -> Opened:
    """Open fields of an employee's data; see ``open_data``."""
    return open_data(OpenData(person_of_row(row), fields, sealed_of(row), intent), opened.house)


def forget(
    opened: OpenHouse, row: EmployeeRow, intent: Intent, *, expected_version: int | None = None
) -> ChangedPerson:
    """Have an employee forgotten; see ``forget_person``."""
    command = ForgetPerson(
        person_of_row(row),
        _last_worked(opened, row.client, row.location, row.employee),
        intent,
        opened.settings.retention_years,
        expected_version,
    )
    return forget_person(command, opened.house)


def hold(
    opened: OpenHouse, row: EmployeeRow, held: bool, intent: Intent, *, expected_version: int | None = None
) -> ChangedPerson:
    """Place a legal hold on an employee's data, or end it; see ``hold_person``."""
    return hold_person(HoldPerson(person_of_row(row), held, intent, expected_version), opened.house)


@dataclass(frozen=True, slots=True)
class Retained:
    """Somebody whose data was restricted, held or destroyed, and where that stands.

    Attributes:
        row: what is recorded.
        due: the first day on which the data may be destroyed, as the last punch and the setting say now; None unless
            somebody asked for it.
        state: ``held`` by a legal hold, or ``released`` from one; ``scheduled`` to be destroyed, ``overdue``, or
            ``shredded``.
    """

    row: PersonRow
    due: dt.date | None
    state: Literal["held", "released", "scheduled", "overdue", "shredded"]

    @property
    def person(self) -> PersonId:
        """Who."""
        return PersonId(self.row.client, self.row.connection, self.row.location, self.row.employee)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        row = self.row
        return {
            "location": row.location,
            "employee": row.employee,
            "connection": row.connection,
            "state": self.state,
            "due": self.due,
            "restricted": _mark(row.restricted_at, row.restricted_by, row.restricted_because),
            "held": _mark(row.held_at, row.held_by, row.held_because),
            "shredded_at": row.shredded_at,
            "version": row.version,
        }


def retention(
    opened: OpenHouse,
    client: str,
    *,
    location: str | None = None,
    within: Collection[str] | None = None,
    after: tuple[str, str, str] | None = None,
    limit: int = 100,
) -> list[Retained]:
    """A page of people whose data was restricted, held or destroyed; see :func:`projections.people.people`."""
    rows = people.people(opened.engine, client, location=location, within=within, after=after, limit=limit)
    worked = _worked(opened, client, rows)
    today = opened.house.clock.now().date()
    return [_retained(opened, row, worked.get((row.location, row.employee, row.connection)), today) for row in rows]


def all_retention(opened: OpenHouse, client: str, within: Collection[str] | None = None) -> Iterator[Retained]:
    """All of them, a page at a time; of some locations those that are there."""
    after: tuple[str, str, str] | None = None
    while True:
        page = retention(opened, client, within=within, after=after, limit=MOST_ROWS)
        yield from page
        if len(page) < MOST_ROWS:
            return
        after = (page[-1].row.location, page[-1].row.employee, page[-1].row.connection)


def shred_due(opened: OpenHouse, client: str, intent_for: Callable[[], Intent]) -> list[PersonId]:
    """Destroy the data of everybody for whom that is due, and answer whose it was. The views have to be up to date.

    Whoever has some locations does it at these. What an interrupted call recorded and did not do is done as well.
    """
    done: list[PersonId] = []
    for one in all_retention(opened, client, intent_for().rights.locations):
        person = one.person
        if one.state == "shredded":
            opened.house.vault.forget(client, person.person)
        elif one.state == "overdue":
            worked = _worked(opened, client, [one.row]).get((person.location, person.employee, person.connection))
            shred_person(ShredPerson(person, worked, intent_for(), opened.settings.retention_years), opened.house)
            done.append(person)
        elif one.row.restricted_at is not None:
            opened.house.vault.restrict(client, person.person)
    return done


def plain_reading(row: ReadingRow) -> dict[str, Any]:
    """Who read what of whose personal data, as JSON."""
    return {
        "position": row.position,
        "recorded_at": row.recorded_at,
        "actor": row.actor,
        "reason": row.reason,
        "way": row.way,
        "fields": row.fields,
        "location": row.location,
        "employee": row.employee,
        "connection": row.connection,
        "command": row.command,
    }


def reading_line(row: ReadingRow) -> str:
    """The same on one line."""
    whose = f"{row.location or row.connection}/{row.employee}" if row.employee else "nobody"
    did = {"field": "opened", "export": "exported", "search": "searched by"}[row.way]
    what = f"{name_of(row.actor)} {did} {', '.join(row.fields)}: {row.reason}"
    return f"{row.recorded_at:%Y-%m-%d %H:%M:%S}Z  {whose}  {what}"


def plain_changed(row: EmployeeRow, changed: ChangedPerson) -> dict[str, Any]:
    """What became of a person's data, as JSON."""
    receipt = changed.receipt
    return {
        "location": row.location,
        "employee": row.employee,
        "version": changed.after.version,
        "forgotten": changed.after.due is not None or changed.after.shredded,
        "due": changed.after.due,
        "held": changed.after.held,
        "shredded": changed.after.shredded,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


def _retained(opened: OpenHouse, row: PersonRow, worked: dt.date | None, today: dt.date) -> Retained:
    due = None
    if row.due is not None:
        due = max(row.due, due_on(worked, opened.settings.retention_years, row.due))
    state: Literal["held", "released", "scheduled", "overdue", "shredded"]
    if row.shredded_at is not None:
        state = "shredded"
    elif row.held_at is not None:
        state = "held"
    elif due is None:
        state = "released"
    else:
        state = "overdue" if due <= today else "scheduled"
    return Retained(row, due, state)


def _last_worked(opened: OpenHouse, client: str, location: str, employee: str) -> dt.date | None:
    return people.last_worked(opened.engine, client, [(location, employee)]).get((location, employee))


def _worked(opened: OpenHouse, client: str, rows: Sequence[PersonRow]) -> dict[tuple[str, str, str], dt.date]:
    """When people worked last; those of HR systems at any point of sale where they are known to be somebody."""
    ours = [(row.location, row.employee) for row in rows if row.location]
    theirs = [(row.connection, row.employee) for row in rows if not row.location]
    same: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for start in range(0, len(theirs), _AT_ONCE):
        matches = matches_with(opened.engine, client, theirs[start : start + _AT_ONCE])
        same |= {whom: [(one.location, one.employee) for one in found] for whom, found in matches.items()}
    asked = [*ours, *(one for found in same.values() for one in found)]
    worked = people.last_worked(opened.engine, client, asked) if asked else {}
    found = {}
    for row in rows:
        known = [(row.location, row.employee)] if row.location else same[row.connection, row.employee]
        newest = max((worked[one] for one in known if one in worked), default=None)
        if newest is not None:
            found[row.location, row.employee, row.connection] = newest
    return found


def _mark(at: dt.datetime | None, by: str, because: str) -> dict[str, Any] | None:
    return None if at is None else {"at": at, "by": by, "reason": because}
