"""Writing to the vault: one writer at a time, and what is overwritten is gone from the files."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from adapters.database import WRITE_FIRST

_BEFORE_WRITING: Final = (
    "secure_delete = ON",
    "temp_store = MEMORY",  # what is written anew stays out of temporary files
)


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes. On SQLite it overwrites with zeros what it deletes or replaces."""
    with engine.connect().execution_options(**WRITE_FIRST) as connection:
        if engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - it is connected
            for pragma in _BEFORE_WRITING:  # neither can be set within a transaction
                driver.execute(f"PRAGMA {pragma}").fetchall()
        with connection.begin():
            yield connection


def wipe(engine: sa.Engine, *tables: sa.Table) -> None:
    """Let nothing of what was overwritten lie about in write-ahead logs or dead rows, as far as others do not hold it.

    On SQLite the tables are written anew and the write-ahead log is emptied: best effort, for a reader who is busy in
    an old snapshot keeps it until the next time. On PostgreSQL the tables are vacuumed; its own write-ahead log is for
    the operator to expire.
    """
    if engine.dialect.name == "sqlite":
        _write_anew(engine, tables)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM {table.name}")  # the name of one of our tables


def _write_anew(engine: sa.Engine, tables: Sequence[sa.Table]) -> None:
    """Empty tables, so that all their pages are filled with zeros, and write their rows again.

    A full page that is split leaves copies of what moved, in the table and in its indexes, and ``secure_delete``
    overwrites the row that counts, not the copy.
    """
    with writing(engine) as connection:
        for table in tables:
            names = table.columns.keys()
            copy = sa.Table(
                "rewritten",
                sa.MetaData(),
                *(sa.Column(column.name, column.type) for column in table.columns),
                prefixes=["TEMPORARY"],
            )
            copy.create(connection)
            connection.execute(copy.insert().from_select(names, sa.select(table)))
            connection.execute(table.delete())
            connection.execute(table.insert().from_select(names, sa.select(copy).order_by(*copy.columns)))
            copy.drop(connection)


def now() -> dt.datetime:
    """The time that rows are stamped with, UTC."""
    return dt.datetime.now(dt.UTC)
