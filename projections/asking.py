"""How views are asked: rows of one client, in their shapes, bounded, and of days that are shown."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, or_, select

from domain.business_day import MISSING
from projections import tables
from projections.walls import reading
from projections.words import instant_of

_R = TypeVar("_R")

Among = Collection[str] | None
"""The only locations that a reader may see, or None for all of the client's."""

MOST_ROWS: Final = 500
"""Rows of one page at most."""


def of_client(table: Table, client: str, among: Among = None, **equal: str | None) -> Select[Any]:
    """All rows of a client in a table, at these locations, with these values in columns where one is given."""
    asked = select(table).where(table.c.client == client)
    if among is not None:
        asked = asked.where(table.c.location.in_(sorted(among)))
    for name, value in equal.items():
        if value is not None:
            asked = asked.where(table.c[name] == value)
    return asked


def shown_on(table: Table, client: str, location: str, date: dt.date) -> Select[Any]:
    """Rows of what is recorded on a day, unless the day is missing: then it was deleted, and shows nothing."""
    return of_shown_days(select(table), table).where(
        table.c.client == client, table.c.location == location, table.c.business_date == date.isoformat()
    )


def of_shown_days(asked: Select[Any], table: Table) -> Select[Any]:
    """Only rows of days that are not deleted: these keep their rows and show none.

    A rebuild takes the tables away in the order of their names: whoever reads two at once names them so as well,
    for else both would wait for each other.
    """
    days, rows = tables.day.c, table.c
    same = and_(days.client == rows.client, days.location == rows.location, days.business_date == rows.business_date)
    return asked.join_from(tables.day, table, same).where(is_shown())


def is_shown() -> ColumnElement[bool]:
    """The day is not deleted: missing, though it was read once."""
    return or_(tables.day.c.state != MISSING, tables.day.c.generation == 0)


def rows_of(engine: Engine, client: str, asked: Select[Any], shape: Callable[..., _R], limit: int) -> list[_R]:
    """The first rows of a question about one client's data, each in its shape; 1 to 500, or it is a ValueError."""
    return shaped(reading(engine, client), asked, shape, limit)


def shaped(opened: Connection, asked: Select[Any], shape: Callable[..., _R], limit: int) -> list[_R]:
    """As :func:`rows_of`, with a connection of one's own, which is given back."""
    with opened as connection:
        if not 0 < limit <= MOST_ROWS:
            raise ValueError(f"A page has 1 to {MOST_ROWS} rows, not {limit}.")
        return [shape(**typed(row)) for row in connection.execute(asked.limit(limit)).mappings()]


def typed(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The columns with the types that people program with: dates, instants, and JSON read."""
    typed: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_at") or name in {"clock_in", "clock_out", "invited_until", "valid_until"}:
            typed[name] = instant_of(value)
        elif name in {"business_date", "read_date"}:
            typed[name] = dt.date.fromisoformat(value) if value else None
        elif name.endswith("_json"):
            typed[name.removesuffix("_json")] = msgspec.json.decode(value)
        else:
            typed[name] = value
    return typed
