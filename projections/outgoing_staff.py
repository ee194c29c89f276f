"""What HR says of the people of a point of sale, and is to go out to it: asked of the views.

Nothing of a point of sale's own roster goes back to it or to another one: only what an HR system says of somebody who
is linked or matched there without doubt, and whom nobody asked to have forgotten.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, and_, func, or_, select

from domain.commands.sending import capture_of
from domain.facts.objects import ObjectType
from domain.identifiers import ObjectId, PersonId
from domain.outward import (
    HrJobOf,
    JobAtPos,
    RecordDocument,
    Registering,
    same_job,
    staff_document,
    staff_job_document,
    told_fields,
)
from projections import tables
from projections.object_tables import synced
from projections.people_tables import person
from projections.personnel_tables import hr_employee, hr_match
from projections.rows import ConnectionRow
from projections.walls import reading

LONGEST_KEY: Final = 150
"""Characters of an object's key; records with longer ids do not go out."""

_SEALED: Final = ("first_name", "last_name", "middle_name", "email", "phone")
_SAID: Final = ("payroll_id", "hire_date")
_HEARD: Final = ("established", "suspended")
"""Stages of connections to HR systems whose word counts: of those that are over it does not any more."""

_Row = Mapping[Any, Any]
_Anew = Callable[[tuple[str, ...], tuple[int, ...]], bool]


def staff(
    engine: Engine, row: ConnectionRow, location: str, types: frozenset[ObjectType], anew: _Anew
) -> Iterator[Registering]:
    """Employees and jobs of a location that HR says something else of than is registered.

    Of employees of whom nothing is to be said any more, what waits to be sent is taken back; what stands there stays.

    Args:
        engine: of the views.
        row: the connection to the point of sale.
        location: one that it feeds.
        types: that go out to it.
        anew: whether something moved since it was looked at, by what it is and how it stands.
    """
    with reading(engine, row.client) as connection:
        waiting = _waiting(connection, row, location)
        moved = anew((row.client, row.connection, "staff", location), _mark(connection, row, location))
        if not moved and not waiting:
            return
        people = _settled(connection, row, location)
        jobs = _jobs(connection, row, location) if moved else []
        known = _registered(connection, row, location) if moved else {}
    if moved:
        documents: dict[str, tuple[ObjectType, RecordDocument, int]] = {}
        if "job" in types:
            documents |= {key: ("job", *found) for key, found in _job_documents(location, people, jobs).items()}
        if "employee" in types:
            fields = told_fields(row.values)
            documents |= {
                key: ("employee", _employee_document(row, one, jobs, fields), _newest(one))
                for key, one in _by_key(location, people).items()
            }
        for key, (kind, document, position) in documents.items():
            one = ObjectId(row.client, row.connection, key)
            if len(key) <= LONGEST_KEY and key.isprintable() and known.get(key) != capture_of(one, document).digest:
                yield Registering(one, kind, document, location, position=position)
    told = _by_key(location, people) if "employee" in types else {}
    for key in waiting:
        if key not in told:
            yield Registering(ObjectId(row.client, row.connection, key), "employee", None, location)


def is_told(engine: Engine, row: ConnectionRow, location: str, employee: str) -> bool:
    """An HR system says something of an employee of a point of sale that may go out to it now."""
    with reading(engine, row.client) as connection:
        return bool(_settled(connection, row, location, employee))


def _by_key(location: str, people: list[_Row]) -> dict[str, _Row]:
    return {f"employee:{location}:{one['employee']}": one for one in people}


def _settled(connection: Connection, row: ConnectionRow, location: str, employee: str | None = None) -> list[_Row]:
    """Employees of the point of sale with what HR says of them; who is not settled, or to be forgotten, is left out."""
    ours, match, theirs, system = tables.employee.c, hr_match.c, hr_employee.c, tables.connection.c
    told = select(synced.c.key).where(
        synced.c.client == ours.client,
        synced.c.connection == ours.connection,
        synced.c.key == "employee:" + ours.location + ":" + ours.employee,
        synced.c.posted_version > 0,
    )
    forgotten = select(person.c.employee).where(
        person.c.client == ours.client,
        person.c.restricted_at != "",
        or_(
            and_(
                person.c.location == ours.location,
                person.c.employee == ours.employee,
                person.c.connection == ours.connection,
            ),
            and_(person.c.location == "", person.c.employee == match.hr, person.c.connection == match.connection),
        ),
    )
    same = and_(match.client == ours.client, match.location == ours.location, match.employee == ours.employee)
    whose = and_(theirs.client == match.client, theirs.connection == match.connection, theirs.employee == match.hr)
    heard = and_(system.client == match.client, system.connection == match.connection)
    asked = (
        select(
            ours.location,
            ours.employee,
            ours.position.label("ours_at"),
            match.state,
            match.position.label("matched_at"),
            *(theirs[name] for name in ("person", *_SEALED, *_SAID, "active", "listed", "jobs_json")),
            theirs.position.label("theirs_at"),
        )
        .join_from(tables.employee, hr_match, same)
        .join(hr_employee, whose)
        .join(tables.connection, heard)
        .where(
            ours.client == row.client,
            ours.location == location,
            ours.connection == row.connection,
            or_(ours.listed, told.exists()),  # whom it lists no more it is told of only where it was before
            match.hr != "",
            system.stage.in_(_HEARD),
            ~forgotten.exists(),
        )
        .order_by(ours.employee, match.connection)
    )
    if employee is not None:
        asked = asked.where(ours.employee == employee)
    found: dict[str, list[_Row]] = {}
    for one in connection.execute(asked).mappings():
        found.setdefault(one["employee"], []).append(one)
    return [chosen for words in found.values() if (chosen := _the_one(words)) is not None]


def _the_one(words: list[_Row]) -> _Row | None:
    """Whose word counts, where several HR systems know somebody: that of the one to which a person linked them."""
    linked = [one for one in words if one["state"] == "linked"] or words
    return linked[0] if len(linked) == 1 else None


def _newest(one: _Row) -> int:
    return max(int(one[name]) for name in ("ours_at", "matched_at", "theirs_at"))


def _employee_document(row: ConnectionRow, one: _Row, jobs: list[JobAtPos], fields: frozenset[str]) -> RecordDocument:
    known = ((job, same_job(job, jobs)) for job in _hr_jobs(one))
    return staff_document(
        one["employee"],
        (one["person"], PersonId(row.client, row.connection, one["location"], one["employee"]).person),
        {name: one[name] for name in _SEALED},
        {name: one[name] for name in _SAID},
        ((theirs, job) for theirs, job in known if job is not None),
        fields,
        active=bool(one["active"] and one["listed"]),
    )


def _job_documents(location: str, people: list[_Row], jobs: list[JobAtPos]) -> dict[str, tuple[RecordDocument, int]]:
    """The jobs that HR says the people of a location have, each once; of two names the first person's counts."""
    found: dict[str, tuple[RecordDocument, int]] = {}
    for one in people:
        for job in _hr_jobs(one):
            if job.name:
                document = staff_job_document(job, same_job(job, jobs))
                found.setdefault(f"job:{location}:{job.id}", (document, _newest(one)))
    return found


def _hr_jobs(one: _Row) -> list[HrJobOf]:
    told = msgspec.json.decode(one["jobs_json"])
    return [HrJobOf(job["id"], job.get("name", ""), str(job.get("rate") or "")) for job in told]


def _jobs(connection: Connection, row: ConnectionRow, location: str) -> list[JobAtPos]:
    columns = tables.job.c
    asked = select(columns.job, columns.name).where(
        columns.client == row.client,
        columns.location == location,
        columns.connection == row.connection,
        columns.listed,
    )
    return [JobAtPos(job, name) for job, name in connection.execute(asked.order_by(columns.job))]


def _waiting(connection: Connection, row: ConnectionRow, location: str) -> list[str]:
    """Employees of whom something may go out still."""
    columns = synced.c
    asked = select(columns.key).where(
        columns.client == row.client,
        columns.connection == row.connection,
        columns.state != "success",
        columns.type == "employee",
        columns.location == location,
    )
    return list(connection.scalars(asked.order_by(columns.key)))


def _registered(connection: Connection, row: ConnectionRow, location: str) -> dict[str, str]:
    """The documents that are registered, by key; of what is not to stand there none."""
    columns = synced.c
    asked = select(columns.key, columns.document).where(
        columns.client == row.client,
        columns.connection == row.connection,
        columns.location == location,
        columns.category == "master",
        ~columns.empty,
    )
    return {one.key: one.document for one in connection.execute(asked)}


def _mark(connection: Connection, row: ConnectionRow, location: str) -> tuple[int, ...]:
    """What moves when something of it may be another."""
    ours, match, job = tables.employee.c, hr_match.c, tables.job.c
    counted = [
        select(func.max(ours.position), func.count()).where(
            ours.client == row.client, ours.location == location, ours.connection == row.connection
        ),
        select(func.max(match.position), func.count()).where(match.client == row.client, match.location == location),
        select(func.max(hr_employee.c.position), func.count()).where(hr_employee.c.client == row.client),
        select(func.max(job.position), func.count()).where(
            job.client == row.client, job.location == location, job.connection == row.connection
        ),
        select(func.max(person.c.position), func.count()).where(person.c.client == row.client),
        select(func.count(), func.count()).where(
            tables.connection.c.client == row.client, tables.connection.c.stage.in_(_HEARD)
        ),
    ]
    return (row.position, *(int(part or 0) for asked in counted for part in connection.execute(asked).one()))
