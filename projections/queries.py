"""Queries on the views: functions of an engine, a client and what is asked. Every list is bounded and comes in pages.

A page goes on after the key of the last row of the page before; the keys' order is the order of the list. ``among``
are the only locations that the reader may see: None for all, and of none nothing is found.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Engine,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
)

from domain.identifiers import ConnectionId
from projections import tables
from projections.asking import MOST_ROWS, Among, is_shown, of_client, rows_of, shown_on
from projections.catching_up import bookmarks
from projections.rows import (
    ConflictRow,
    ConnectionRow,
    DayRow,
    EmployeeRow,
    JobRow,
    LaborRow,
    LateChangeRow,
    LocationRow,
    MarkRow,
    OverlayRow,
    PollRow,
    ReferenceRow,
    TicketRow,
)
from projections.walls import reading
from projections.words import instant_of

LOCATION: Final = "location"
"""What an id is, among mentions, where it is that of a location."""


def position(engine: Engine) -> int:
    """The position that every view has reached: a reader surely sees all facts up to it."""
    return min(bookmarks(engine).values())


def clients(engine: Engine, *, after: str = "", limit: int = MOST_ROWS) -> list[str]:
    """The clients that have a connection, by id, past the id ``after``: for who works for all of them."""
    column = tables.connection.c.client
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} rows, not {limit}.")
    asked = select(column).where(column > after).distinct().order_by(column).limit(limit)
    with engine.connect() as connection:  # the owner: no one client's question
        return list(connection.scalars(asked))


def find_location(engine: Engine, client: str, location: str) -> LocationRow | None:
    """A location, or None where this client has none of that id."""
    found = rows_of(engine, client, of_client(tables.location, client, location=location), LocationRow, 1)
    return found[0] if found else None


def locations(
    engine: Engine, client: str, *, after: str = "", limit: int = MOST_ROWS, among: Among = None
) -> list[LocationRow]:
    """The client's locations by id, past the id ``after``."""
    asked = of_client(tables.location, client, among).where(tables.location.c.location > after)
    return rows_of(engine, client, asked.order_by(tables.location.c.location), LocationRow, limit)


def find_connection(engine: Engine, client: str, connection: str) -> ConnectionRow | None:
    """A connection, or None where this client has none of that id."""
    found = rows_of(engine, client, of_client(tables.connection, client, connection=connection), ConnectionRow, 1)
    return found[0] if found else None


def connections(
    engine: Engine, client: str, *, after: str = "", limit: int = MOST_ROWS, among: Among = None
) -> list[ConnectionRow]:
    """The client's connections by id, past the id ``after``; of some locations those that feed one of them."""
    asked = of_client(tables.connection, client).where(tables.connection.c.connection > after)
    if among is not None:
        stream = literal(ConnectionId(client, "").stream).concat(tables.connection.c.connection)
        asked = asked.where(exists(_naming(client, among).where(tables.mention.c.stream == stream)))
    return rows_of(engine, client, asked.order_by(tables.connection.c.connection), ConnectionRow, limit)


def day(engine: Engine, client: str, location: str, date: dt.date) -> DayRow | None:
    """A business day, or None where no attempt on it is recorded."""
    found = rows_of(
        engine, client, of_client(tables.day, client, location=location, business_date=date.isoformat()), DayRow, 1
    )
    return found[0] if found else None


def days(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    after: tuple[dt.date, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[DayRow]:
    """Business days by date, then location.

    Args:
        engine: of the database.
        client: whose.
        location: one location, or None for all.
        start: first business date.
        end: last business date.
        after: date and location of the last row of the page before.
        limit: rows of the page.
        among: the only locations that the reader may see.
    """
    columns = tables.day.c
    asked = of_client(tables.day, client, among, location=location)
    if start is not None:
        asked = asked.where(columns.business_date >= start.isoformat())
    if end is not None:
        asked = asked.where(columns.business_date <= end.isoformat())
    if after is not None:
        asked = asked.where(tuple_(columns.business_date, columns.location) > (after[0].isoformat(), after[1]))
    return rows_of(engine, client, asked.order_by(columns.business_date, columns.location), DayRow, limit)


def marks(engine: Engine, day: DayRow) -> dict[str, MarkRow | None]:
    """What people said about a day and still stands: its ``deletion``, and that it was ``closed``."""
    asked = of_client(tables.watch, day.client, location=day.location, business_date=day.business_date.isoformat())
    with reading(engine, day.client) as connection:
        found = connection.execute(asked).mappings().first()
    row: Mapping[Any, Any] = found or {}
    deletion = _mark(row, "deleted") if day.deleted else None
    return {"deletion": deletion, "closed": _mark(row, "closed")}


def _mark(row: Mapping[Any, Any], name: str) -> MarkRow | None:
    at = instant_of(row.get(f"{name}_at", ""))
    return None if at is None else MarkRow(at, row[f"{name}_by"], row[f"{name}_because"])


def recorded_days(engine: Engine, client: str, location: str) -> tuple[int, dt.date | None]:
    """How many business days of a location have a generation, and the newest of them."""
    columns = tables.day.c
    asked = select(func.count(), func.max(columns.business_date)).where(
        columns.client == client, columns.location == location, columns.generation > 0
    )
    with reading(engine, client) as connection:
        count, newest = connection.execute(asked).one()
    return count, None if newest is None else dt.date.fromisoformat(newest)


def find_ticket(engine: Engine, client: str, location: str, date: dt.date, ticket: str) -> TicketRow | None:
    """A ticket by its id, or None; a deleted day shows none."""
    asked = shown_on(tables.ticket, client, location, date).where(tables.ticket.c.ticket == ticket)
    found = rows_of(engine, client, asked, TicketRow, 1)
    return found[0] if found else None


def tickets(
    engine: Engine, client: str, location: str, date: dt.date, *, after: str = "", limit: int = 100
) -> list[TicketRow]:
    """The tickets of a day by id, past the id ``after``; of a deleted day none."""
    asked = shown_on(tables.ticket, client, location, date)
    asked = asked.where(tables.ticket.c.ticket > after).order_by(tables.ticket.c.ticket)
    return rows_of(engine, client, asked, TicketRow, limit)


def labor(
    engine: Engine,
    client: str,
    location: str,
    date: dt.date,
    *,
    employee: str | None = None,
    after: str = "",
    limit: int = MOST_ROWS,
) -> list[LaborRow]:
    """The punches of a day by id, past the id ``after``, each with what of it is overtime; of a deleted day none."""
    punch, extra = tables.labor, tables.overtime.c
    same = and_(*[punch.c[name] == extra[name] for name in ("client", "location", "business_date", "punch")])
    premium = func.coalesce(extra.premium_cents, 0)
    newest = case((extra.position > punch.c.position, extra.position), else_=punch.c.position)
    generation = case((extra.generation > punch.c.generation, extra.generation), else_=punch.c.generation)
    made = {"pay_cents": punch.c.pay_cents + premium, "position": newest, "generation": generation}
    columns = [made[column.name].label(column.name) if column.name in made else column for column in punch.c]
    asked = select(
        *columns,
        func.coalesce(extra.seconds, 0).label("overtime_seconds"),
        premium.label("premium_cents"),
        func.coalesce(extra.rule, "").label("overtime_rule"),
    )
    day = tables.day.c
    of_day = and_(*[day[name] == punch.c[name] for name in ("client", "location", "business_date")])
    # Named in alphabetical order, as a rebuild takes them away; see `of_shown_days`.
    asked = asked.select_from(tables.day.join(punch, of_day).outerjoin(tables.overtime, same))
    asked = asked.where(
        punch.c.client == client, punch.c.location == location, punch.c.business_date == date.isoformat()
    )
    asked = asked.where(is_shown())
    if employee is not None:
        asked = asked.where(punch.c.employee == employee)
    return rows_of(engine, client, asked.where(punch.c.punch > after).order_by(punch.c.punch), LaborRow, limit)


def overlays(
    engine: Engine,
    client: str,
    location: str,
    date: dt.date,
    *,
    after: tuple[str, str] = ("", ""),
    limit: int = MOST_ROWS,
) -> list[OverlayRow]:
    """What was entered on a day by kind and key, past the kind and key ``after``."""
    columns = tables.overlay.c
    asked = of_client(tables.overlay, client, location=location, business_date=date.isoformat())
    asked = asked.where(tuple_(columns.kind, columns.key) > after).order_by(columns.kind, columns.key)
    return rows_of(engine, client, asked, OverlayRow, limit)


def conflicts(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    date: dt.date | None = None,
    after: tuple[str, str, str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[ConflictRow]:
    """Open conflicts by date, location, kind and key, past those of the last row of the page before."""
    columns = tables.conflict.c
    order = (columns.business_date, columns.location, columns.kind, columns.key)
    asked = of_client(
        tables.conflict, client, among, location=location, business_date=None if date is None else date.isoformat()
    )
    if after is not None:
        asked = asked.where(tuple_(*order) > after)
    return rows_of(engine, client, asked.order_by(*order), ConflictRow, limit)


def employees(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[EmployeeRow]:
    """Employees by location and id, past the location and id ``after``; personal fields stay sealed."""
    columns = tables.employee.c
    asked = of_client(tables.employee, client, among, location=location)
    if after is not None:
        asked = asked.where(tuple_(columns.location, columns.employee) > after)
    return rows_of(engine, client, asked.order_by(columns.location, columns.employee), EmployeeRow, limit)


def find_employee(engine: Engine, client: str, location: str, employee: str) -> EmployeeRow | None:
    """An employee, or None where the location has none of that id; personal fields stay sealed."""
    found = rows_of(
        engine, client, of_client(tables.employee, client, location=location, employee=employee), EmployeeRow, 1
    )
    return found[0] if found else None


def jobs(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[JobRow]:
    """Jobs by location and id, past the location and id ``after``."""
    columns = tables.job.c
    asked = of_client(tables.job, client, among, location=location)
    if after is not None:
        asked = asked.where(tuple_(columns.location, columns.job) > after)
    return rows_of(engine, client, asked.order_by(columns.location, columns.job), JobRow, limit)


def polls(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    date: dt.date | None = None,
    outcome: str | None = None,
    after: int | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[PollRow]:
    """Attempts, newest first, from before the position ``after`` of the last row of the page before."""
    columns = tables.poll.c
    asked = of_client(
        tables.poll,
        client,
        among,
        location=location,
        business_date=None if date is None else date.isoformat(),
        outcome=outcome,
    )
    if after is not None:
        asked = asked.where(columns.position < after)
    return rows_of(engine, client, asked.order_by(columns.position.desc()), PollRow, limit)


def late_changes(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    after: tuple[dt.date, str, str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[LateChangeRow]:
    """What came to light after approvals and waits, by date, location, kind and key, past the last row before."""
    columns = tables.late_change.c
    asked = of_client(tables.late_change, client, among, location=location)
    key = (columns.business_date, columns.location, columns.kind, columns.key)
    if after is not None:
        asked = asked.where(tuple_(*key) > (after[0].isoformat(), *after[1:]))
    return rows_of(engine, client, asked.order_by(*key), LateChangeRow, limit)


def positions_naming(engine: Engine, client: str, among: Collection[str], *, after: int, limit: int) -> list[int]:
    """The positions of the facts that name one of these locations, past a position; the facts are in the journal."""
    place = tables.mention.c.position
    asked = _naming(client, among).with_only_columns(place).where(place > after).distinct().order_by(place)
    with reading(engine, client) as connection:
        return list(connection.scalars(asked.limit(limit)))


def naming_too(client: str, among: Collection[str], row: FromClause) -> ColumnElement[bool]:
    """The fact that a row of mentions is of also names one of these locations."""
    named = _naming(client, among, tables.mention.alias("place"))
    place = named.get_final_froms()[0].c
    return exists(named.where(place.stream == row.c.stream, place.position == row.c.position))


def _naming(client: str, among: Collection[str], mention: FromClause = tables.mention) -> Select[Any]:
    columns = mention.c
    return select(mention).where(
        columns.client == client, columns.id.in_(sorted(among)), columns.meaning == LOCATION, columns.record == ""
    )


def references(
    engine: Engine,
    client: str,
    kind: str,
    *,
    location: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = MOST_ROWS,
    among: Among = None,
) -> list[ReferenceRow]:
    """Reference data of one kind by location and number, past ``after`` (location, number)."""
    columns = tables.reference.c
    asked = of_client(tables.reference, client, among, kind=kind, location=location)
    if after is not None:
        asked = asked.where(tuple_(columns.location, columns.number) > after)
    return rows_of(engine, client, asked.order_by(columns.location, columns.number), ReferenceRow, limit)
