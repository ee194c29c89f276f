"""Queries on objects that are synchronized outward, and on the attempts at them."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Engine, Select, and_, func, or_, select, tuple_

from domain.outward import OF_DELTA, Circuit, Outcome, OutwardRules, State, answered, circuit
from projections.asking import MOST_ROWS, Among, rows_of
from projections.object_rows import AttemptRow, CircuitRow, ObjectRow
from projections.object_tables import attempted, synced
from projections.tables import feeder
from projections.walls import reading
from projections.words import instant_of, instant_text

MOST_OUTCOMES: Final = 30
"""Attempts of a connection, the newest, that are looked at to tell how it stands with it."""

_MINUTE: Final = dt.timedelta(minutes=1)
_SHOWN: Final = [column for column in synced.c if column.name != "fold"]


def find_object(engine: Engine, client: str, connection: str, key: str) -> ObjectRow | None:
    """An object, or None where there is none of that key at that connection."""
    columns = synced.c
    asked = select(*_SHOWN).where(columns.client == client, columns.connection == connection, columns.key == key)
    found = rows_of(engine, client, asked, ObjectRow, 1)
    return found[0] if found else None


def connections_of(engine: Engine, client: str, key: str, *, among: Among = None) -> list[str]:
    """The connections that have an object of a key, by id; the first 500."""
    columns = synced.c
    asked = _seen(select(columns.connection).where(columns.client == client, columns.key == key), among)
    with reading(engine, client) as connection:
        return list(connection.scalars(asked.order_by(columns.connection).limit(MOST_ROWS)))


def objects(
    engine: Engine,
    client: str,
    *,
    filters: Mapping[str, str | int] | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[ObjectRow]:
    """Objects by connection and key.

    Args:
        engine: of the database.
        client: whose.
        filters: values by ``key`` (how it begins), ``state``, ``version``, ``category``, ``type``, ``connection``,
            ``location`` or ``date``.
        after: connection and key of the last row of the page before.
        limit: rows of the page.
        among: the only locations that the reader may see; with some, objects of no location are not among them.
    """
    columns = synced.c
    asked = _seen(_filtered(select(*_SHOWN).where(columns.client == client), filters or {}), among)
    if after is not None:
        asked = asked.where(tuple_(columns.connection, columns.key) > after)
    return rows_of(engine, client, asked.order_by(columns.connection, columns.key), ObjectRow, limit)


def counts(
    engine: Engine, client: str, *, filters: Mapping[str, str | int] | None = None, among: Among = None
) -> dict[State, int]:
    """How many objects are in each state; states without any are left out."""
    columns = synced.c
    asked = _seen(_filtered(select(columns.state, func.count()).where(columns.client == client), filters or {}), among)
    with reading(engine, client) as connection:
        return {row[0]: row[1] for row in connection.execute(asked.group_by(columns.state))}


def attempts(engine: Engine, client: str, connection: str, key: str, *, limit: int = 100) -> list[AttemptRow]:
    """The attempts at an object, newest first."""
    columns = attempted.c
    asked = select(attempted).where(columns.client == client, columns.connection == connection, columns.key == key)
    return rows_of(engine, client, asked.order_by(columns.attempt.desc()), AttemptRow, limit)


def writing(engine: Engine, client: str) -> list[str]:
    """The connections that have objects, by id; the first 500."""
    columns = synced.c
    asked = select(columns.connection).where(columns.client == client).distinct().order_by(columns.connection)
    with reading(engine, client) as connection:
        return list(connection.scalars(asked.limit(MOST_ROWS)))


def circuit_of(engine: Engine, client: str, name: str, now: dt.datetime, rules: OutwardRules) -> Circuit:
    """How it stands with a connection, as its newest attempts tell."""
    columns = attempted.c
    asked = (
        select(columns.outcome, columns.failure, columns.ended_at)
        .where(columns.client == client, columns.connection == name, columns.ended_at != "")
        .order_by(columns.position.desc())
        .limit(MOST_OUTCOMES)
    )
    found = []
    with reading(engine, client) as connection:
        for outcome, failure, ended_at in connection.execute(asked):
            at = instant_of(ended_at)
            if at is not None:
                found.append(Outcome(at, answered(outcome, failure)))
    return circuit(found, now, rules)


def last_minute(engine: Engine, client: str, names: Collection[str], now: dt.datetime) -> int:
    """How many attempts, look-ups and looks at what stands there connections had in the minute before."""
    columns = attempted.c
    since = instant_text(now - _MINUTE)
    began = columns.started_at >= since
    looked = and_(columns.looks > 0, columns.ended_at >= since, columns.started_at < since)
    asked = select(func.count()).where(columns.client == client, columns.connection.in_(names), or_(began, looked))
    stood = select(func.count()).where(
        synced.c.client == client,
        synced.c.connection.in_(names),
        synced.c.state.in_(("success", "desynchronized")),
        synced.c.looked_at >= since,
    )
    with reading(engine, client) as connection:
        return int(connection.execute(asked).scalar_one()) + int(connection.execute(stood).scalar_one())


def running(engine: Engine, client: str, name: str, now: dt.datetime) -> int:
    """How many attempts of a connection are under way."""
    columns = synced.c
    asked = select(func.count()).where(
        columns.client == client,
        columns.connection == name,
        columns.state == "processing",
        columns.ends_at >= instant_text(now),
    )
    with reading(engine, client) as connection:
        return int(connection.execute(asked).scalar_one())


def waiting(
    engine: Engine, client: str, name: str, now: dt.datetime, rules: OutwardRules, *, limit: int = MOST_ROWS
) -> list[ObjectRow]:
    """Objects of a connection for which something may be to do now: master data first, then what changed first."""
    columns = synced.c
    # A second more: whether it is time is decided by who has the instants, not their texts.
    by = instant_text(now + dt.timedelta(seconds=1))
    looked = instant_text(now + dt.timedelta(seconds=1 - rules.look))
    states = columns.state
    asked = select(*_SHOWN).where(
        columns.client == client,
        columns.connection == name,
        or_(
            states.in_(("pending", "not-integrated", "desynchronized")),
            and_(states == "error", columns.retryable, columns.retry_at <= by),
            and_(states == "processing", columns.ends_at <= by),
            and_(states == "verifying", columns.looked_at <= looked),
        ),
    )
    return rows_of(engine, client, asked.order_by(columns.category.desc(), columns.position), ObjectRow, limit)


def to_review(
    engine: Engine, client: str, name: str, now: dt.datetime, rules: OutwardRules, *, limit: int
) -> list[ObjectRow]:
    """Entries that stand at the other side and are to be looked at, whether they still do: the longest unseen first."""
    columns = synced.c
    asked = select(*_SHOWN).where(
        columns.client == client,
        columns.connection == name,
        columns.state == "success",
        columns.category == "finance",
        columns.posted_version > 0,
        columns.posted_reference.not_like(f"%{OF_DELTA}"),
        columns.date >= (now - dt.timedelta(seconds=rules.reviewed)).date().isoformat(),
        columns.changed_at <= instant_text(now - dt.timedelta(seconds=rules.review)),
    )
    return rows_of(engine, client, asked.order_by(columns.changed_at), ObjectRow, limit)


def next_at(engine: Engine, client: str, rules: OutwardRules) -> dt.datetime | None:
    """When the next object that waits is to be looked after; None where none waits."""
    columns = synced.c
    asked = [
        (columns.retry_at, and_(columns.state == "error", columns.retryable, columns.retry_at != ""), 0.0),
        (columns.ends_at, columns.state == "processing", 1.0),
        (columns.looked_at, columns.state == "verifying", rules.look),
    ]
    found = []
    with reading(engine, client) as connection:
        for column, where, pause in asked:
            text = connection.execute(select(func.min(column)).where(columns.client == client, where)).scalar()
            at = instant_of(text or "")
            if at is not None:
                found.append(at + dt.timedelta(seconds=pause))
    return min(found, default=None)


def _seen(asked: Select[Any], among: Among) -> Select[Any]:
    return asked if among is None else asked.where(synced.c.location.in_(sorted(among)))


def _filtered(asked: Select[Any], filters: Mapping[str, str | int]) -> Select[Any]:
    for name, value in filters.items():
        if name == "key":
            asked = asked.where(synced.c.key.startswith(str(value), autoescape=True))
        else:
            asked = asked.where(synced.c[name] == value)
    return asked


def reached(engine: Engine, row: CircuitRow, among: Collection[str]) -> bool:
    """A connection has one of these locations."""
    columns = feeder.c
    asked = select(func.count()).where(
        columns.client == row.client, columns.connection == row.connection, columns.location.in_(sorted(among))
    )
    with reading(engine, row.client) as connection:
        return bool(connection.execute(asked).scalar_one())
