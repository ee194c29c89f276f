"""Questions about employees as a list of people: how many there are, and a part of them by index."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, and_, false, func, or_, select, tuple_

from projections import tables
from projections.asking import Among, rows_of
from projections.rows import EmployeeRow
from projections.walls import reading

_ORDER: Final = (tables.employee.c.location, tables.employee.c.employee)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to find.

    Attributes:
        among: the only locations that the reader may see, or None for all.
        users: the only ones, by location and employee; None for all.
        employee: only of this id.
        active: only those who are employed and listed, or only those who are not.
        past: only those who changed past this position of the log.
    """

    among: Among = None
    users: Collection[tuple[str, str]] | None = None
    employee: str | None = None
    active: bool | None = None
    past: int = 0


def count(engine: Engine, client: str, wanted: Wanted) -> int:
    """How many there are."""
    asked = select(func.count()).select_from(tables.employee).where(*_where(client, wanted))
    with reading(engine, client) as connection:
        return int(connection.scalar(asked) or 0)


def part(
    engine: Engine, client: str, wanted: Wanted, *, skip: int = 0, after: tuple[str, str] | None = None, limit: int
) -> list[EmployeeRow]:
    """Some of them by location and id: without the first ``skip``, or past a location and id; all sealed."""
    asked = select(tables.employee).where(*_where(client, wanted))
    if after is not None:
        asked = asked.where(tuple_(*_ORDER) > after)
    return rows_of(engine, client, asked.order_by(*_ORDER).offset(skip), EmployeeRow, limit)


def _where(client: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns: Any = tables.employee.c
    asked: list[ColumnElement[bool]] = [columns.client == client]
    if wanted.among is not None:
        asked.append(columns.location.in_(sorted(wanted.among)))
    if wanted.users is not None:
        one_of = [and_(columns.location == place, columns.employee == one) for place, one in sorted(wanted.users)]
        asked.append(or_(*one_of) if one_of else false())
    if wanted.employee is not None:
        asked.append(columns.employee == wanted.employee)
    if wanted.active is not None:
        at_work = and_(columns.active, columns.listed)
        asked.append(at_work if wanted.active else ~at_work)
    if wanted.past:
        asked.append(columns.position > wanted.past)
    return asked
