"""Queries about people: whose data is to be forgotten or was, who read what, and when somebody worked last."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Engine, Select, Table, func, or_, select, true, tuple_

from projections import tables
from projections.asking import MOST_ROWS, Among, rows_of
from projections.people_rows import ApiKeyRow, MemberRow, PersonRow, ReadingRow
from projections.walls import reading
from projections.words import instant_of


def last_worked(engine: Engine, client: str, people: Collection[tuple[str, str]]) -> dict[tuple[str, str], dt.date]:
    """The business dates of the last punches of people, by location and employee; deleted days count as well.

    Who has none is left out.
    """
    columns = tables.labor.c
    asked = select(columns.location, columns.employee, func.max(columns.business_date)).where(
        columns.client == client,
        columns.location.in_({location for location, _ in people}),
        columns.employee.in_({employee for _, employee in people}),
    )
    with reading(engine, client) as connection:
        found = connection.execute(asked.group_by(columns.location, columns.employee)).all()
    dates = {(location, employee): dt.date.fromisoformat(newest) for location, employee, newest in found}
    return {one: dates[one] for one in people if one in dates}


def punch_days(
    engine: Engine, client: str, location: str, employee: str, *, after: dt.date | None = None, limit: int = MOST_ROWS
) -> list[dt.date]:
    """Business dates on which an employee has punches at a location, past a date."""
    columns = tables.labor.c
    asked = select(columns.business_date).where(
        columns.client == client, columns.location == location, columns.employee == employee
    )
    if after is not None:
        asked = asked.where(columns.business_date > after.isoformat())
    with reading(engine, client) as connection:
        found = connection.scalars(asked.distinct().order_by(columns.business_date).limit(limit))
        return [dt.date.fromisoformat(date) for date in found]


def people(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    within: Collection[str] | None = None,
    after: tuple[str, str, str] | None = None,
    limit: int = 100,
) -> list[PersonRow]:
    """People whose data was restricted, held or destroyed, by location, employee and connection, past ``after``.

    Args:
        engine: of the database.
        client: whose.
        location: one location, or None for all.
        within: the locations that may be told of, or None for all.
        after: location, employee and connection of the last row of the page before.
        limit: rows of the page.
    """
    columns = tables.person.c
    key = (columns.location, columns.employee, columns.connection)
    asked = _of(tables.person, client, location=location)
    if within is not None:
        asked = asked.where(columns.location.in_(sorted(within)))
    if after is not None:
        asked = asked.where(tuple_(*key) > after)
    return [PersonRow(**row) for row in _rows(engine, client, asked.order_by(*key), limit)]


def readings(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    employee: str | None = None,
    within: Collection[str] | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[ReadingRow]:
    """Who read what of whose personal data, newest first, from before the position and place ``after``.

    Args:
        engine: of the database.
        client: whose.
        location: of one location, or None for all.
        employee: of one employee, or None for all.
        within: the locations that may be told of, or None for all and for searches that found nobody.
        after: position and place of the last row of the page before.
        limit: rows of the page.
    """
    columns = tables.reading.c
    asked = _of(tables.reading, client, location=location, employee=employee)
    if within is not None:
        asked = asked.where(columns.location.in_(sorted(within)))
    if after is not None:
        asked = asked.where(tuple_(columns.position, columns.place) < after)
    newest_first = asked.order_by(columns.position.desc(), columns.place.desc())
    return [ReadingRow(**row) for row in _rows(engine, client, newest_first, limit)]


def _of(table: Table, client: str, **equal: str | None) -> Select[Any]:
    asked = select(table).where(table.c.client == client)
    for name, value in equal.items():
        if value is not None:
            asked = asked.where(table.c[name] == value)
    return asked


def _rows(engine: Engine, client: str, asked: Select[Any], limit: int) -> list[dict[str, Any]]:
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} rows, not {limit}.")
    with reading(engine, client) as connection:
        return [_typed(row) for row in connection.execute(asked.limit(limit)).mappings()]


def _typed(row: Mapping[Any, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_at"):
            typed[name] = instant_of(value)
        elif name == "due":
            typed[name] = dt.date.fromisoformat(value) if value else None
        elif name.endswith("_json"):
            typed[name.removesuffix("_json")] = msgspec.json.decode(value)
        else:
            typed[name] = value
    return typed


def find_member(engine: Engine, client: str, login: str, *, among: Among = None) -> MemberRow | None:
    """A user, or None where this client has none of that login at locations that the reader may see."""
    columns = tables.member.c
    asked = select(tables.member).where(columns.client == client, columns.login == login)
    found = rows_of(engine, client, asked.where(_at(columns.locations_json, among)), MemberRow, 1)
    return replace(found[0], locations=_told(found[0].locations, among)) if found else None


def members(
    engine: Engine, client: str, *, among: Among = None, after: str = "", limit: int = MOST_ROWS
) -> list[MemberRow]:
    """The client's users by login, past the login ``after``: those who may act at locations that the reader may see."""
    columns = tables.member.c
    asked = select(tables.member).where(columns.client == client, columns.login > after)
    asked = asked.where(_at(columns.locations_json, among))
    rows = rows_of(engine, client, asked.order_by(columns.login), MemberRow, limit)
    return [replace(row, locations=_told(row.locations, among)) for row in rows]


def api_keys(
    engine: Engine, client: str, *, among: Among = None, after: str = "", limit: int = MOST_ROWS
) -> list[ApiKeyRow]:
    """The client's API keys by id, past the id ``after``, those that stand no more too; as with users."""
    columns = tables.api_key.c
    asked = select(tables.api_key).where(columns.client == client, columns.key > after)
    asked = asked.where(_at(columns.locations_json, among))
    rows = rows_of(engine, client, asked.order_by(columns.key), ApiKeyRow, limit)
    return [replace(row, locations=_told(row.locations, among)) for row in rows]


def _at(locations: ColumnElement[str], among: Among) -> ColumnElement[bool]:
    """Who may act everywhere, or at one of the locations; read from the JSON itself, in which an id is quoted."""
    if among is None:
        return true()
    return or_(locations == "null", *[func.replace(locations, f'"{one}"', "") != locations for one in sorted(among)])


def _told(locations: list[str] | None, among: Among) -> list[str] | None:
    """Where somebody may act, as far as the reader may know."""
    return locations if locations is None or among is None else [one for one in locations if one in among]
