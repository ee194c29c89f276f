"""Queries about personnel: employees of HR systems, who of them is whom at the points of sale, how pulls stand."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, select, tuple_

from projections.asking import MOST_ROWS, Among, rows_of
from projections.personnel_tables import hr_employee, hr_match, personnel
from projections.tables import connection as connection_table
from projections.tables import employee as pos_employee


@dataclass(frozen=True, slots=True)
class HrRow:
    """An employee of an HR system; the eight personal fields are sealed (``sealed:…``) or empty.

    Attributes:
        person: the name of the person's key in the vault.
        jobs: ``{"id": …, "name": …, "rate": …}`` each, of which the last two may be missing.
    """

    client: str
    connection: str
    employee: str
    person: str
    first_name: str
    last_name: str
    address: str
    phone: str
    ssn: str
    email: str
    date_of_birth: str
    middle_name: str
    payroll_id: str
    title: str
    department: str
    hire_date: str
    active: bool
    listed: bool
    jobs: list[dict[str, str]]
    position: int


@dataclass(frozen=True, slots=True)
class MatchRow:
    """Who an employee at a point of sale is to an HR system.

    Attributes:
        hr: who it is; empty where that is not settled.
        decided_by: who linked them; empty where a rule found them.
    """

    client: str
    location: str
    employee: str
    connection: str
    state: str
    rule: str
    hr: str
    candidates: list[str]
    decided_by: str
    decided_at: dt.datetime | None
    position: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An employee at a point of sale, and who it is to an HR system: ``unmatched`` where nobody knows.

    Attributes:
        connection: to the HR system; empty where the state is ``unmatched``.
    """

    client: str
    location: str
    employee: str
    person: str
    first_name: str
    last_name: str
    payroll_id: str
    active: bool
    connection: str
    state: str
    rule: str
    hr: str
    candidates: list[str]
    decided_by: str
    decided_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PersonnelRow:
    """How the pulls of a connection stand.

    Attributes:
        version: of the stream.
        tried_at: when the newest pull ended.
        pulled_at: when the newest one ended that did not fail.
        whole_at: when everybody was read last.
        failures: in a row, the newest the last of them.
    """

    client: str
    connection: str
    version: int
    tried_at: dt.datetime | None
    pulled_at: dt.datetime | None
    whole_at: dt.datetime | None
    watermark: str
    failures: int
    failure: str
    message: str
    retry_at: dt.datetime | None
    position: int


def standing(engine: Engine, client: str, connection: str) -> PersonnelRow | None:
    """How the pulls of a connection stand; None where it was never pulled."""
    columns = personnel.c
    asked = select(personnel).where(columns.client == client, columns.connection == connection)
    found = rows_of(engine, client, asked, PersonnelRow, 1)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A connection that is pulled.

    Attributes:
        stage: in its life.
    """

    connection: str
    stage: str


def connections_to(engine: Engine, client: str, systems: Collection[str]) -> list[LinkRow]:
    """A client's connections to these systems, by id; at most 500."""
    columns = connection_table.c
    asked = select(columns.connection, columns.stage).where(
        columns.client == client, columns.system.in_(sorted(systems))
    )
    return rows_of(engine, client, asked.order_by(columns.connection), LinkRow, MOST_ROWS)


def hr_employees(
    engine: Engine,
    client: str,
    *,
    connection: str | None = None,
    matched: bool | None = None,
    active: bool | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[HrRow]:
    """Employees of HR systems by connection and id, past ``after``.

    Args:
        engine: of the database.
        client: whose.
        connection: of one connection, or None for all.
        matched: only who is somebody at a point of sale, or only who is not.
        active: only who is employed and listed, or only who is not.
        after: connection and id of the last row of the page before.
        limit: rows of the page.
        among: the only locations that the reader may see: of others nobody is shown who is matched there alone, and
            nobody who is matched nowhere.
    """
    columns = hr_employee.c
    asked = select(hr_employee).where(columns.client == client)
    if connection is not None:
        asked = asked.where(columns.connection == connection)
    if matched is not None:
        somebody = _settled(client, None)
        asked = asked.where(somebody if matched else ~somebody)
    if active is not None:
        at_work = and_(columns.active, columns.listed)
        asked = asked.where(at_work if active else ~at_work)
    if among is not None:
        asked = asked.where(_settled(client, among))
    if after is not None:
        asked = asked.where(tuple_(columns.connection, columns.employee) > after)
    return rows_of(engine, client, asked.order_by(columns.connection, columns.employee), HrRow, limit)


def find_hr_employee(
    engine: Engine, client: str, connection: str, employee: str, *, among: Among = None
) -> HrRow | None:
    """An employee of an HR system, or None where there is none of that id whom the reader may see."""
    columns = hr_employee.c
    asked = select(hr_employee).where(
        columns.client == client, columns.connection == connection, columns.employee == employee
    )
    if among is not None:
        asked = asked.where(_settled(client, among))
    found = rows_of(engine, client, asked, HrRow, 1)
    return found[0] if found else None


def _settled(client: str, among: Among) -> ColumnElement[bool]:
    columns = hr_match.c
    same = and_(columns.connection == hr_employee.c.connection, columns.hr == hr_employee.c.employee)
    asked = select(columns.hr).where(columns.client == client, same)
    return exists(asked if among is None else asked.where(columns.location.in_(sorted(among))))


def matches_with(
    engine: Engine, client: str, whom: Collection[tuple[str, str]], *, among: Among = None
) -> dict[tuple[str, str], list[MatchRow]]:
    """Who these employees of HR systems, by connection and id, are at the points of sale; at most 500 in all."""
    columns = hr_match.c
    found: dict[tuple[str, str], list[MatchRow]] = {one: [] for one in whom}
    if not found:
        return found
    asked = select(hr_match).where(columns.client == client, tuple_(columns.connection, columns.hr).in_(sorted(whom)))
    if among is not None:
        asked = asked.where(columns.location.in_(sorted(among)))
    asked = asked.order_by(columns.location, columns.employee, columns.connection)
    for row in rows_of(engine, client, asked, MatchRow, MOST_ROWS):
        found[row.connection, row.hr].append(row)
    return found


def matches_of(engine: Engine, client: str, location: str, employee: str) -> list[MatchRow]:
    """Who an employee at a point of sale is to each HR system."""
    columns = hr_match.c
    asked = select(hr_match).where(columns.client == client, columns.location == location, columns.employee == employee)
    return rows_of(engine, client, asked.order_by(columns.connection), MatchRow, MOST_ROWS)


def staff_matches(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    connection: str | None = None,
    state: str | None = None,
    after: tuple[str, str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[StaffRow]:
    """Employees at points of sale, each with who it is to an HR system, past location, employee and connection."""
    asked, key = _staff(client, connection)
    where = pos_employee.c
    if location is not None:
        asked = asked.where(where.location == location)
    if among is not None:
        asked = asked.where(where.location.in_(sorted(among)))
    if state is not None:
        asked = asked.where(func.coalesce(hr_match.c.state, "unmatched") == state)
    if after is not None:
        asked = asked.where(tuple_(*key) > after)
    return rows_of(engine, client, asked.order_by(*key), StaffRow, limit)


def _staff(client: str, connection: str | None) -> tuple[Select[Any], tuple[Any, ...]]:
    ours, theirs = pos_employee.c, hr_match.c
    same = and_(
        theirs.client == ours.client,
        theirs.location == ours.location,
        theirs.employee == ours.employee,
        *([] if connection is None else [theirs.connection == connection]),
    )
    told = func.coalesce(theirs.connection, "")
    asked = (
        select(
            ours.client,
            ours.location,
            ours.employee,
            ours.person,
            ours.first_name,
            ours.last_name,
            ours.payroll_id,
            and_(ours.active, ours.listed).label("active"),
            told.label("connection"),
            func.coalesce(theirs.state, "unmatched").label("state"),
            func.coalesce(theirs.rule, "").label("rule"),
            func.coalesce(theirs.hr, "").label("hr"),
            func.coalesce(theirs.candidates_json, "[]").label("candidates_json"),
            func.coalesce(theirs.decided_by, "").label("decided_by"),
            func.coalesce(theirs.decided_at, "").label("decided_at"),
        )
        .join_from(pos_employee, hr_match, same, isouter=True)
        .where(ours.client == client)
    )
    return asked, (ours.location, ours.employee, told)


def everybody(engine: Engine, client: str) -> Iterator["ComparedRow"]:
    """All employees at points of sale, a page at a time, with what they are compared by, sealed."""
    columns = pos_employee.c
    asked = select(
        columns.location,
        columns.employee,
        columns.person,
        columns.payroll_id,
        and_(columns.active, columns.listed).label("active"),
        columns.email,
        columns.first_name,
        columns.last_name,
        columns.date_of_birth,
    ).where(columns.client == client)
    after: tuple[str, str] | None = None
    while True:
        page = asked if after is None else asked.where(tuple_(columns.location, columns.employee) > after)
        found = rows_of(engine, client, page.order_by(columns.location, columns.employee), ComparedRow, MOST_ROWS)
        yield from found
        if len(found) < MOST_ROWS:
            return
        after = (found[-1].location, found[-1].employee)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What an employee at a point of sale is compared by; personal fields sealed."""

    location: str
    employee: str
    person: str
    payroll_id: str
    active: bool
    email: str
    first_name: str
    last_name: str
    date_of_birth: str
