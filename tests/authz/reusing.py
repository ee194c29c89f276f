"""Reads that break off, and who gets their connection from the pool next."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from adapters.database import open_engine
from adapters.journal import open_journal
from adapters.walls import READER, reading
from projections.catching_up import catch_up
from projections.tables import metadata
from tests.projections.stage import DATE, Stage, sale, varied_history

CLIENTS: Final = ("ours", "theirs")
_BROKEN: Final = (
    "SELECT 1 / 0",
    "SELECT * FROM views.no_such_table",
    "SELECT * FROM facts",
    "DELETE FROM views.day",
    "",
)


@dataclass(frozen=True, slots=True)
class Reuse:
    """What came of it.

    Attributes:
        rounds: reads that broke off.
        leaked: how often who came next was a reader still, read for somebody still, or saw another client's rows.
        backends: of the database, that served all of them.
    """

    rounds: int
    leaked: int
    backends: int


def two_clients(url: str) -> None:
    """Fill a migrated database: two clients whose locations, connections, tickets and employees have the same ids."""
    engine, journal = open_engine(url), open_journal(url)
    for client in CLIENTS:
        stage = Stage(journal, engine, client)
        varied_history(stage)
        stage.poll(sale(f"only {client}", 100), day=stage.day("L1", DATE + dt.timedelta(days=3)))
    catch_up(engine, journal)
    journal.close()
    engine.dispose()


def reuse(url: str, clients: tuple[str, ...], rounds: int) -> Reuse:
    """Let so many reads break off, each in one of several ways, and look at what the pool hands out next."""
    engine = open_engine(url)
    table = metadata.tables["views.ticket"]
    asked = "SELECT current_user, current_setting('daybook.client', true), pg_backend_pid()"
    backends, leaked = set[int](), 0
    for number in range(rounds):
        before, after = clients[number % 2], clients[(number + 1) % 2]
        try:
            with reading(engine, before) as connection:
                _break_off(connection, number)
        except (DBAPIError, KeyError):
            pass
        else:
            raise AssertionError("The read did not break off.")
        with engine.connect() as connection:
            who, whose, backend = connection.execute(text(asked)).one()
            backends.add(backend)
        with reading(engine, after) as connection:
            seen = {row.client for row in connection.execute(select(table))}
        leaked += (who == READER) or bool(whose) or seen != {after}
    engine.dispose()
    return Reuse(rounds, leaked, len(backends))


def _break_off(connection: Connection, number: int) -> None:
    connection.execute(select(metadata.tables["views.ticket"])).first()
    broken = _BROKEN[number % len(_BROKEN)]
    if broken:
        connection.execute(text(broken))
    raise KeyError(number)
