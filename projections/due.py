"""What is due, asked of the views: a page of locations at a time, with all their days in the window."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from sqlalchemy import Engine, select

from domain.business_day import MISSING
from domain.due import Deletion, Due, Failed, Halt, Place, Rules, Watched, first_date, what_is_due
from domain.due.renewing import Renewal, renewal
from domain.polling import BadConfiguration, Options, PollingConfiguration
from domain.polling.frame import frame_of
from projections import queries
from projections.asking import MOST_ROWS, Among
from projections.rows import ConnectionRow, LocationRow
from projections.standing import ending
from projections.tables import location as location_table
from projections.tables import watch
from projections.walls import reading
from projections.words import instant_of, instant_text

LOCATIONS_AT_ONCE: Final = 200
"""Locations whose days are read at once."""

_COLUMNS: Final = (
    watch.c.location,
    watch.c.business_date,
    watch.c.state,
    watch.c.net_sales_cents,
    watch.c.generation_at,
    watch.c.unchanged,
    watch.c.tried_at,
    watch.c.failures,
    watch.c.failure,
    watch.c.message,
    watch.c.retryable,
    watch.c.retry_at,
    watch.c.deleted_at,
    watch.c.deleted_by,
    watch.c.deleted_because,
    watch.c.closed_at,
)


def due(
    engine: Engine,
    client: str,
    now: dt.datetime,
    rules: Rules,
    *,
    pushing: Collection[str],
    location: str | None = None,
    after: tuple[str, dt.date] | None = None,
    among: Among = None,
) -> Iterator[Due]:
    """What has to be polled, now or later, by location, and of each the newest day first. Read as it is asked for.

    Args:
        engine: of the database.
        client: whose.
        now: by the clock.
        rules: the bounds.
        pushing: keys of the systems whose days are not polled but come in files.
        location: one location, or None for all.
        after: location and date of the last one of the page before.
        among: the only locations that the reader may see, or None for all.
    """
    asked_for_patience = held(engine, client, now)
    for rows in _locations(engine, client, location, after, among):
        places = _places(engine, client, rows, asked_for_patience, pushing, now)
        days = _days(engine, client, places, now, rules)
        for place in places:
            for found in what_is_due(place, days.get(place.location, {}), now, rules):
                if after is None or (place.location, -found.date.toordinal()) > (after[0], -after[1].toordinal()):
                    yield found


def due_page(found: Iterator[Due], limit: int) -> list[Due]:
    """The first of what is due.

    Raises:
        ValueError: the limit is not 1 to 500.
    """
    if not 0 < limit <= MOST_ROWS:
        raise ValueError(f"A page has 1 to {MOST_ROWS} rows, not {limit}.")
    return list(islice(found, limit))


def _locations(
    engine: Engine, client: str, location: str | None, after: tuple[str, dt.date] | None, among: Among
) -> Iterator[list[LocationRow]]:
    begun = location if after is None or location is not None else after[0]  # its older days are still to come
    if begun is not None and (among is None or begun in among):
        found = queries.find_location(engine, client, begun)
        if found:
            yield [found]
    if location is not None:
        return
    reached = "" if after is None else after[0]
    while rows := queries.locations(engine, client, after=reached, limit=LOCATIONS_AT_ONCE, among=among):
        yield rows
        reached = rows[-1].location


def _places(
    engine: Engine,
    client: str,
    rows: Sequence[LocationRow],
    held: Mapping[str, dt.datetime],
    pushing: Collection[str],
    now: dt.datetime,
) -> list[Place]:
    known = {name: queries.find_connection(engine, client, name) for name in {row.connection for row in rows}}
    return [_place(row, known[row.connection], held.get(row.connection), pushing, now) for row in rows]


def _place(
    row: LocationRow,
    connection: ConnectionRow | None,
    held: dt.datetime | None,
    pushing: Collection[str],
    now: dt.datetime,
) -> Place:
    """The location by the clock that its days go by, which polling options may have changed."""
    starts = dt.time.fromisoformat(row.day_starts)
    since, options = None, Options()
    over, halt = False, None
    if connection is not None:
        over, halt = connection.stage not in {"established", "suspended"}, _halt(connection, row.location)
        since = connection.established_at
        configuration = PollingConfiguration(connection.configuration, connection.options, connection.overrides)
        # One that a newer release recorded stops the polls of its own location, and nobody else's.
        with suppress(BadConfiguration):
            options = configuration.at(row.location)
    frame = frame_of(now.date(), row.zone, starts, options)
    polled = row.system not in pushing
    return Place(row.location, row.connection, frame.zone, frame.starts, since, polled, held, halt, over)


def _halt(connection: ConnectionRow, location: str) -> Halt | None:
    """Why nothing is polled at a location, as its connection stands."""
    if connection.stage == "suspended":
        because = f" because '{connection.reason}'" if connection.reason else ""
        return Halt("suspended", f"the connection is suspended{because}", "resume the connection")
    if location in connection.lost["locations"]:
        reason = "the source no longer shows the location to the connection"
        return Halt("access-lost", reason, "give the connection access there, then test it again")
    return None


def held(engine: Engine, client: str, now: dt.datetime) -> dict[str, dt.datetime]:
    """Until when sources asked to be left alone, by connection: what one location was told goes for the others too."""
    same = (location_table.c.client == watch.c.client) & (location_table.c.location == watch.c.location)
    asked = (
        select(location_table.c.connection, watch.c.retry_at)
        .join_from(location_table, watch, same)
        .where(watch.c.client == client, watch.c.retry_at > instant_text(now), watch.c.failure == "rate-limited")
    )
    found: dict[str, dt.datetime] = {}
    with reading(engine, client) as connection:
        for name, text in connection.execute(asked):
            until = instant_of(text)
            if until is not None and until > now:
                found[name] = max(until, found.get(name, until))
    return found


def _days(
    engine: Engine, client: str, places: Sequence[Place], now: dt.datetime, rules: Rules
) -> dict[str, dict[dt.date, Watched]]:
    """What is recorded of the days in the window, by location and date."""
    first = min(first_date(place, now, rules) for place in places)
    asked = select(*_COLUMNS).where(
        watch.c.client == client,
        watch.c.location.in_([place.location for place in places]),
        watch.c.business_date >= first.isoformat(),
    )
    found: dict[str, dict[dt.date, Watched]] = {}
    with reading(engine, client) as connection:
        for row in connection.execute(asked):
            date = dt.date.fromisoformat(row.business_date)
            found.setdefault(row.location, {})[date] = _watched(date, row)
    return found


def _watched(date: dt.date, row: Any) -> Watched:
    if row.state != MISSING and (row.net_sales_cents or row.closed_at):  # most days: there is nothing more to know
        return Watched(date, row.state, net_sales_cents=row.net_sales_cents, closed=bool(row.closed_at))
    failed = deletion = None
    if row.failures:
        failed = Failed(row.failures, row.failure, row.message, row.retryable, instant_of(row.retry_at))
    deleted_at = instant_of(row.deleted_at)
    if deleted_at:
        deletion = Deletion(deleted_at, row.deleted_by, row.deleted_because)
    return Watched(
        date,
        row.state,
        instant_of(row.generation_at),
        row.net_sales_cents,
        row.unchanged,
        instant_of(row.tried_at),
        failed,
        deletion,
    )


def renewals(engine: Engine, client: str, now: dt.datetime, days: int) -> list[Renewal]:
    """Connections whose grants end within so many days, or have ended; what ends first in front."""
    rows = ending(engine, client, now + dt.timedelta(days=days))
    found = (renewal(row.connection, row.name, row.valid_until, now, days) for row in rows)
    return [one for one in found if one]
