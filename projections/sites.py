"""Building sites: where views are built anew, and how they take the place of the live ones, on each database."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.schema import CreateIndex, CreateTable

from domain.refusals import NotYet
from projections.tables import SCHEMA, bookmark
from projections.walls import wall_in

NEXT: Final = "views_next"
"""On PostgreSQL a schema, on SQLite an attached file."""

NEXT_FILE: Final = "views-next.db"
LOCK_FILE: Final = "views-next.lock"

_RUNNING: Final = "Views are being rebuilt by somebody else already: wait until that has ended."

LOCK: Final = 0x6461_7962_6F6F_6B52
"""The advisory lock of rebuilding on PostgreSQL: "daybookR"."""

SWAP_LOCK_SECONDS: Final = 2
"""How long the swap waits at a time for readers who hold a table: readers who come after it wait behind it."""


class RebuildRunning(NotYet):
    """Views are being rebuilt by somebody else already: wait until that has ended."""


class Site(Protocol):
    """A building site that is ours alone until it is closed.

    Attributes:
        connection: the only one that reaches it.
    """

    connection: Connection

    def settle(self) -> None:
        """Everything is built: prepare it for readers."""
        ...

    def begin_swap(self) -> None:
        """Bound the waiting of the transaction that swaps."""
        ...

    def swap(self) -> None:
        """Put the tables in the place of the live ones, inside the caller's transaction."""
        ...


def opened_site(engine: Engine, tables: Sequence[Table]) -> AbstractContextManager[Site]:
    """A site with these tables and the bookmarks, empty, whatever an earlier rebuild left; cleaned up at the end.

    Raises:
        RebuildRunning: somebody else is building.
    """
    return _postgres_site(engine, tables) if engine.dialect.name == "postgresql" else _sqlite_site(engine, tables)


def _create(connection: Connection, tables: Sequence[Table]) -> None:
    there: Any = {"schema_translate_map": {SCHEMA: NEXT}}
    for table in (bookmark, *tables):
        connection.execute(CreateTable(table), execution_options=there)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index), execution_options=there)


class _PostgresSite:
    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self._tables = tables

    def settle(self) -> None:
        with self.connection.begin():
            for table in self._tables:
                self.connection.execute(text(f"ANALYZE {NEXT}.{table.name}"))

    def begin_swap(self) -> None:
        self.connection.execute(text(f"SET LOCAL lock_timeout = '{SWAP_LOCK_SECONDS}s'"))

    def swap(self) -> None:
        for table in sorted(self._tables, key=lambda table: table.name):
            self.connection.execute(text(f"DROP TABLE {SCHEMA}.{table.name}"))
            self.connection.execute(text(f"ALTER TABLE {NEXT}.{table.name} SET SCHEMA {SCHEMA}"))


@contextmanager
def _postgres_site(engine: Engine, tables: Sequence[Table]) -> Iterator[Site]:
    with engine.connect() as connection:
        with connection.begin():
            # Of the session, not of the transaction: it goes with the connection, however that ends.
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
                raise RebuildRunning(_RUNNING)
        try:
            with connection.begin():
                connection.execute(text(f"DROP SCHEMA IF EXISTS {NEXT} CASCADE"))
                connection.execute(text(f"CREATE SCHEMA {NEXT}"))
                _create(connection, tables)
                wall_in(connection, tables, NEXT)
            yield _PostgresSite(connection, tables)
            with connection.begin():
                connection.execute(text(f"DROP SCHEMA {NEXT} CASCADE"))
        finally:
            if not connection.invalidated:
                with connection.begin():
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


class _SqliteSite:
    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self._tables = tables

    def settle(self) -> None:
        pass

    def begin_swap(self) -> None:
        pass  # the engine's connections wait a bounded time anyway

    def swap(self) -> None:
        # Rows are replaced, not tables: readers keep their snapshot of the file until they begin anew.
        for table in self._tables:
            self.connection.execute(text(f"DELETE FROM {SCHEMA}.{table.name}"))  # noqa: S608 - our own names
            self.connection.execute(
                text(f"INSERT INTO {SCHEMA}.{table.name} SELECT * FROM {NEXT}.{table.name}")  # noqa: S608
            )


@contextmanager
def _sqlite_site(engine: Engine, tables: Sequence[Table]) -> Iterator[Site]:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        views = next(row[2] for row in driver.execute("PRAGMA database_list") if row[1] == SCHEMA)
        with _alone(Path(views).with_name(LOCK_FILE)):
            file = Path(views).with_name(NEXT_FILE)
            _remove(file)
            driver.execute(f"ATTACH DATABASE ? AS {NEXT}", (str(file),))
            try:
                # If we die, the file is thrown away: it needs no safety.
                driver.execute(f"PRAGMA {NEXT}.journal_mode = MEMORY")
                driver.execute(f"PRAGMA {NEXT}.synchronous = OFF")
                with connection.begin():
                    _create(connection, tables)
                yield _SqliteSite(connection, tables)
            finally:
                if connection.in_transaction():
                    connection.rollback()
                driver.execute(f"DETACH DATABASE {NEXT}")
                _remove(file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold the lock of an otherwise empty database; the operating system frees it, however we end."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RebuildRunning(_RUNNING) from error
        yield


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-journal", f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
