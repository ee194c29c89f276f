"""Writing to the vault: one writer at a time, and what is overwritten is gone from the files."""

import contextlib
import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from adapters.database import WRITE_FIRST


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes. On SQLite it overwrites with zeros what it deletes or replaces."""
    with engine.connect().execution_options(**WRITE_FIRST) as connection:
        if engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - it is connected
            driver.execute("PRAGMA secure_delete = ON").fetchall()  # before the transaction begins
        with connection.begin():
            yield connection


def wipe(engine: sa.Engine, *tables: sa.Table) -> None:
    """Let nothing of what was overwritten lie about in write-ahead logs or dead rows, as far as others do not hold it.

    On SQLite the write-ahead log is emptied: best effort, for a reader who is busy in an old snapshot keeps it until
    the next time. On PostgreSQL the tables are vacuumed; its own write-ahead log is for the operator to expire.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM {table.name}")  # the name of one of our tables


def now() -> dt.datetime:
    """The time that rows are stamped with, UTC."""
    return dt.datetime.now(dt.UTC)
