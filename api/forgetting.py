"""Forgetting a human: an employee at a point of sale and in HR systems, each record with its own facts and retention.

Who is whom is what is settled: linked by people, or matched by rules.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from api import personnel as hr
from api import persons
from api.composition import OpenHouse
from domain.commands.changing_person import ChangedPerson
from domain.commands.intent import Intent
from domain.commands.loading import load_person
from domain.identifiers import PersonId
from domain.permissions import Permission
from domain.person import LegalHold
from projections import personnel, queries
from projections.personnel import HrRow
from projections.rows import EmployeeRow

MOST_LINKED: Final = 100
"""Records of one human, at most."""

Row = EmployeeRow | HrRow


@dataclass(frozen=True, slots=True)
class Same:
    """A record of the same human, and what became of it.

    Attributes:
        row: which.
        changed: what was recorded; None where it was left as it is.
        forgotten: nothing of it opens any more.
    """

    row: Row
    changed: ChangedPerson | None
    forgotten: bool

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        person = person_of(self.row)
        return {
            "connection": person.connection,
            "location": person.location or None,
            "employee": person.employee,
            "forgotten": self.forgotten,
            "due": None if self.changed is None else self.changed.after.due,
            "changed": self.changed is not None and self.changed.receipt is not None,
        }


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of somebody's records.

    Attributes:
        changed: of the record that was named.
        linked: the others of the same human, as far as they are within reach.
        out_of_reach: how many there are at other locations; who they are is not told.
    """

    changed: ChangedPerson
    linked: tuple[Same, ...]
    out_of_reach: int

    def plain(self) -> dict[str, Any]:
        """The other records, as JSON."""
        return {"linked": [one.plain() for one in self.linked], "out_of_reach": self.out_of_reach}


def person_of(row: Row) -> PersonId:
    """Who somebody is to the vault and the journal."""
    return hr.person_of_row(row) if isinstance(row, HrRow) else persons.person_of_row(row)


def forget(
    opened: OpenHouse, row: Row, intent: Intent, *, expected: int | None = None, with_linked: bool = True
) -> Forgotten:
    """Have somebody forgotten, with every record of theirs that is linked or matched, unless that is not wanted.

    A legal hold on any of those that are to be forgotten refuses all of it, before anything is recorded. Each has its
    own facts; what a crash leaves undone the same again does.

    Raises:
        NotPermitted: they may not.
        LegalHold: a legal hold keeps one of the records.
        NotTheVersion, CommandReused, StreamMoved: see ``change_person``; the version is that of the named record.
    """
    opened.house.permit(intent.asks(Permission.ERASE, row.client))
    others, hidden = same_human(opened, row, intent)
    if with_linked:
        _check_holds(opened, others)
    changed = _forget(opened, row, intent, expected)
    linked = []
    for other in others:
        if with_linked:
            told = _forget(opened, other, for_another(intent, person_of(other)), None)
            linked.append(Same(other, told, forgotten=True))
        else:
            linked.append(Same(other, None, _is_forgotten(opened, person_of(other))))
    return Forgotten(changed, tuple(linked), hidden)


def same_human(opened: OpenHouse, row: Row, intent: Intent) -> tuple[list[Row], int]:
    """The other records of the same human within reach, and how many there are at locations out of reach.

    From each record to those that are linked or matched to it, and on from these; the views have to be up to date.
    """
    found: dict[PersonId, Row] = {person_of(row): row}
    hidden: set[PersonId] = set()
    waiting = [row]
    while waiting:
        for other in beside(opened, waiting.pop()):
            person = person_of(other)
            if not intent.rights.reach(person.location):
                hidden.add(person)
            elif person not in found and len(found) <= MOST_LINKED:
                found[person] = other
                waiting.append(other)
    del found[person_of(row)]
    return [found[person] for person in sorted(found)], len(hidden)


def beside(opened: OpenHouse, row: Row) -> Iterator[Row]:
    """The records that are linked or matched to one."""
    if isinstance(row, HrRow):
        whom = (row.connection, row.employee)
        for match in personnel.matches_with(opened.engine, row.client, [whom])[whom]:
            employee = queries.find_employee(opened.engine, row.client, match.location, match.employee)
            if employee is not None:
                yield employee
        return
    for match in personnel.matches_of(opened.engine, row.client, row.location, row.employee):
        theirs = None
        if match.hr:
            theirs = personnel.find_hr_employee(opened.engine, row.client, match.connection, match.hr)
        if theirs is not None:
            yield theirs


def _check_holds(opened: OpenHouse, rows: list[Row]) -> None:
    for row in rows:
        person = person_of(row)
        known = load_person(opened.journal, person)
        if known.held and known.due is None and not known.shredded:
            raise LegalHold(
                f"A legal hold keeps the data of the employee {person.employee!r} of "
                f"{person.location or person.connection}, who is the same person: nothing was forgotten. End the hold, "
                "or forget this record alone (without what is linked)."
            )


def _forget(opened: OpenHouse, row: Row, intent: Intent, expected: int | None) -> ChangedPerson:
    if isinstance(row, HrRow):
        return hr.forget(opened, row, intent, expected=expected)
    return persons.forget(opened, row, intent, expected_version=expected)


def for_another(intent: Intent, person: PersonId) -> Intent:
    """The same intent for another record: a command of its own, the same whenever it is given again."""
    own = hashlib.sha256(person.stream.encode()).hexdigest()[:16]
    return replace(intent, command=f"{intent.command[:80]}/{own}")


def _is_forgotten(opened: OpenHouse, person: PersonId) -> bool:
    known = load_person(opened.journal, person)
    return known.due is not None or known.shredded
