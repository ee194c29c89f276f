"""Views as of a moment: the same views, made in memory from the facts until then, and asked by the same queries.

So what is shown as of a moment is what was shown at it, to the byte, whatever a view holds and however it is asked.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from domain.facts import Entry
from domain.identifiers import ConnectionId, DayId, client_of
from domain.ports.journal import Journal
from projections import queries
from projections.asking import MOST_ROWS, Among
from projections.batches import Batch
from projections.catching_up import advance, collecting_paused
from projections.folds import Folds
from projections.rows import DayRow
from projections.tables import SCHEMA, metadata
from projections.views import days, labor, rosters, tickets, watch
from projections.views.view import View
from projections.writing import Writer

OF_A_DAY: Final[tuple[View, ...]] = (labor.VIEW, tickets.VIEW, days.VIEW, watch.VIEW)
"""The views that one business day's facts fill."""


@contextmanager
def day_views_as_of(journal: Journal, day: DayId, position: int) -> Iterator[Engine]:
    """The views of one business day as they were at a position of the log.

    Args:
        journal: where its facts are.
        day: which.
        position: the end of a commit.
    """
    entries = list(journal.stream(day.stream, until=position))
    with _made_of(journal, entries, OF_A_DAY) as engine:
        yield engine


def days_as_of(
    engine: Engine,
    journal: Journal,
    client: str,
    position: int,
    *,
    location: str | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    after: tuple[dt.date, str] | None = None,
    limit: int = 100,
    among: Among = None,
) -> list[DayRow]:
    """Business days by date, then location, as they were at a position of the log; see :func:`queries.days`.

    The live views have to have reached the position. Days that have not changed since are theirs; the others are made.
    """
    found: list[DayRow] = []
    while True:
        page = queries.days(
            engine, client, location=location, start=start, end=end, after=after, limit=limit, among=among
        )
        for row in page:
            then = row if row.position <= position else _day_as_of(journal, row, position)
            if then is not None:
                found.append(then)
                if len(found) == limit:
                    return found
        if len(page) < limit:
            return found
        after = (page[-1].business_date, page[-1].location)


def _day_as_of(journal: Journal, row: DayRow, position: int) -> DayRow | None:
    day = DayId(row.client, row.location, row.business_date)
    with day_views_as_of(journal, day, position) as engine:
        return queries.day(engine, day.client, day.location, day.date)


@contextmanager
def rosters_as_of(engine: Engine, journal: Journal, client: str, position: int) -> Iterator[Engine]:
    """Employees, jobs and other reference data of all locations of a client as they were at a position of the log.

    Args:
        engine: of the live views, which have to have reached the position: they know the connections.
        journal: where their facts are.
        client: whose.
        position: the end of a commit.
    """
    names = [ConnectionId(client, name).stream for name in _connections(engine, client)]
    entries = [entry for name in names for entry in journal.stream(name, until=position)]
    entries.sort(key=lambda entry: entry.position)
    with _made_of(journal, entries, (rosters.VIEW,)) as made:
        yield made


def _connections(engine: Engine, client: str) -> Iterator[str]:
    after = ""
    while True:
        page = queries.connections(engine, client, after=after)
        yield from (row.connection for row in page)
        if len(page) < MOST_ROWS:
            return
        after = page[-1].connection


@contextmanager
def _made_of(journal: Journal, entries: Sequence[Entry], views: Sequence[View]) -> Iterator[Engine]:
    engine = create_engine("sqlite://", creator=_memory, poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            Writer(connection).begin_bookmarks(view.name for view in views)
            if entries:
                batch = Batch(0, entries, Folds(journal))
                # Facts that others have in the same commits are not here to tell where these end.
                batch.ends = _ends(journal, entries)
                with collecting_paused():
                    advance(connection, views, batch)
        yield engine
    finally:
        engine.dispose()


def _memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute(f"ATTACH DATABASE ':memory:' AS {SCHEMA}")
    return connection


def _ends(journal: Journal, entries: Sequence[Entry]) -> dict[int, int]:
    """Where the commits end of the last facts of each stream, by their positions: views ask for no others."""
    newest = {entry.stream: entry for entry in entries}
    return {entry.position: _end(journal, entry) for entry in newest.values()}


def _end(journal: Journal, entry: Entry) -> int:
    receipt = journal.receipt(client_of(entry.stream), entry.provenance.command)
    return entry.position if receipt is None else receipt.position
