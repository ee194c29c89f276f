"""Changing a stored journal behind its back, as somebody with the database's password could."""

import sqlite3
from collections.abc import Iterable

import psycopg

from adapters.database import database_url

Statement = tuple[str, tuple[object, ...]]


def is_sqlite(url: str) -> bool:
    """Whether the URL is SQLite's."""
    return database_url(url).drivername == "sqlite"


def position_column(url: str) -> str:
    """What the library calls the position."""
    return "rowid" if is_sqlite(url) else "notification_id"


def query(url: str, statement: str, parameters: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Rows of a query, whose parameters are written ``?``."""
    if is_sqlite(url):
        with sqlite3.connect(str(database_url(url).database)) as connection:
            rows = connection.execute(statement, parameters).fetchall()
        connection.close()
        return rows
    with psycopg.connect(url) as postgres:
        return postgres.execute(statement.replace("?", "%s").encode(), parameters).fetchall()


def tamper(url: str, statements: Iterable[Statement]) -> None:
    """Run statements (parameters are written ``?``) with the guards taken away first."""
    if is_sqlite(url):
        with sqlite3.connect(str(database_url(url).database)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement, parameters in statements:
                connection.execute(statement, parameters)
        connection.close()
        return
    with psycopg.connect(url) as postgres:
        for table in ("facts", "seals"):
            postgres.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        for statement, parameters in statements:
            postgres.execute(statement.replace("?", "%s").encode(), parameters)
