"""The database: one URL, reached with SQLAlchemy, and brought to the schema of this release by Alembic."""

import functools
import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from adapters.walls import keep_behind_walls
from domain.refusals import Refusal

VIEWS_FILE: Final = "views.db"
"""The file beside ``journal.db`` that SQLite keeps the schema ``views`` in."""

WRITE_FIRST: Final = {"sqlite_begin": "IMMEDIATE"}
"""Execution options of a connection whose transactions take SQLite's write locks (of both files) when they begin.

Without them a transaction takes the lock of one file with its first statement that writes there. Begin such a
transaction with a writing statement: one that has read before and finds the file changed since cannot write any more.
"""

_BUSY_SECONDS: Final = 10.0
_WAL_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 5


class BadDatabaseUrl(Refusal):
    """The URL does not say which database is meant, or names one that daybook cannot use."""


def database_url(text: str) -> URL:
    """The URL, checked, with the driver that daybook uses: ``sqlite:////dir/journal.db`` or ``postgresql://…``.

    Raises:
        BadDatabaseUrl: it is neither, or a SQLite database in memory.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadDatabaseUrl(
            "The database URL cannot be read. Write sqlite:////folder/journal.db or "
            "postgresql://user@host:5432/name (a Unix socket: postgresql://user@/name?host=/folder)."
        ) from error
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not url.database or ":memory:" in url.database or url.database.startswith("file:"):
            raise BadDatabaseUrl(
                "SQLite needs a plain file, since several processes share it: sqlite:////folder/journal.db."
            )
        return url.set(drivername="sqlite", database=str(Path(url.database).absolute()), query={})
    raise BadDatabaseUrl(
        f"daybook keeps its data in SQLite or PostgreSQL, not in {url.drivername!r}: "
        "write sqlite:////folder/journal.db or postgresql://user@host:5432/name."
    )


def open_engine(url: str) -> Engine:
    """An engine on the database; nothing is connected yet. Tables with ``schema="views"`` work on both databases.

    On SQLite every connection has the second file ``views.db`` of the same folder attached as schema ``views``, both in
    WAL mode, waits up to 10 seconds for a lock and checks foreign keys. Transactions are real ones: they begin with
    ``BEGIN`` (see :data:`WRITE_FIRST`), and DDL takes part in them.

    Raises:
        BadDatabaseUrl: see :func:`database_url`.
    """
    where = database_url(url)
    return _sqlite_engine(where) if where.drivername == "sqlite" else _postgres_engine(where)


def migrate(url: str) -> str:
    """Bring the database to the schema of this release; answers its revision.

    Safe when several processes do so at once: they wait for each other, and the later ones find nothing to do. A SQLite
    database and its folder are made where they are missing.
    """
    engine = engine_to_migrate(url)
    config = _config()
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    finally:
        engine.dispose()
    return head_revision()


def engine_to_migrate(url: str) -> Engine:
    """An engine on a database that may not be there yet: the folder of SQLite's files is made."""
    where = database_url(url)
    if where.drivername == "sqlite":
        Path(str(where.database)).parent.mkdir(parents=True, exist_ok=True)
    return open_engine(url)


def current_revision(url: str) -> str | None:
    """The revision that the database is at, or None where nothing was migrated yet."""
    where = database_url(url)
    if where.drivername == "sqlite" and not Path(str(where.database)).exists():
        return None  # connecting would make an empty file
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


@functools.cache
def head_revision() -> str:
    """The revision of this release: of the migrations as they were when it was first asked for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def migrations_folder() -> Path:
    """Where the migrations are: beside the packages in the repository, inside ``api`` in an installed wheel."""
    root = Path(__file__).resolve().parents[1]
    installed = root / "api" / "migrations"
    # In an installed wheel `root / "alembic"` is the library, so that the wheel's own folder is looked for first.
    return installed if (installed / "env.py").exists() else root / "alembic"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return config


def _postgres_engine(url: URL) -> Engine:
    defaults = {"connect_timeout": _CONNECT_SECONDS, "application_name": "daybook"}
    arguments = {name: value for name, value in defaults.items() if name not in url.query}
    engine = create_engine(
        url, pool_pre_ping=True, pool_timeout=_BUSY_SECONDS, connect_args=arguments, hide_parameters=True
    )
    keep_behind_walls(engine)
    return engine


def _sqlite_engine(url: URL) -> Engine:
    # What a statement was given stands in no message of a failure: it may be anybody's.
    engine = create_engine(
        url, pool_timeout=_BUSY_SECONDS, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True
    )
    views = str(Path(str(url.database)).with_name(VIEWS_FILE))

    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin late, and commit before DDL
        connection.execute("ATTACH DATABASE ? AS views", (views,))
        use_wal(connection, "main")
        use_wal(connection, "views")
        # Views can be built again and their bookmark is lost together with them, so that they need no sync per commit.
        connection.execute("PRAGMA views.synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def use_wal(connection: sqlite3.Connection, schema: str) -> None:
    """Put one file of a SQLite connection into WAL mode, once for all.

    Raises:
        sqlite3.OperationalError: other processes held the file for half a minute.
    """
    until = time.monotonic() + _WAL_SECONDS
    while connection.execute(f"PRAGMA {schema}.journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute(f"PRAGMA {schema}.journal_mode = WAL")
        except sqlite3.OperationalError:  # changing the mode does not wait for the lock of a process that does the same
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
