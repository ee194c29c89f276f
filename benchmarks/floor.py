"""The floor of polling: fetch, parse, hash and append the same bytes, with plain httpx, json and the driver."""

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Protocol

import httpx
import psycopg

from benchmarks.measuring import Stopwatch, Taken
from benchmarks.pos import Pos
from benchmarks.store import SQLITE, Store
from domain.business_date import window

PAGE_ROWS: Final = 500
LOOKBACK: Final = dt.timedelta(days=14)


class Row(NamedTuple):
    """A row as the floor keeps it."""

    date: str
    resource: str
    key: str
    digest: bytes
    body: bytes


def poll_with_floor(store: Store, pos: Pos) -> Taken:
    """Poll all days: append the rows that are new or differ from what was appended last, one commit a day.

    Time entries of earlier days come with each, as daybook asks for them, and are compared with what those days have.
    """
    appended, read, tickets = 0, 0, 0
    watch = Stopwatch()
    with _book(store) as book, reader(pos) as http, watch.running():
        for date in pos.dates:
            name = date.isoformat()
            known = book.digests(name)
            labor = book.labor((date - LOOKBACK).isoformat(), name)
            looked_at = {earlier for earlier, _ in labor}
            everything = list(_rows(http, pos, date))
            rows = [row for row in everything if row.date == name]
            others = [row for row in everything if row.date in looked_at]
            fresh = [row for row in rows if known.get((row.resource, row.key)) != row.digest]
            fresh += [row for row in others if labor.get((row.date, row.key)) != row.digest]
            book.append(fresh)
            read += len(rows)
            appended += len(fresh)
            tickets += sum(row.resource == "checks" for row in rows)
    return Taken(watch.seconds, {"rows": read, "appended": appended, "tickets": tickets})


def reader(pos: Pos) -> httpx.Client:
    """A client that is let in."""
    return httpx.Client(
        base_url=f"{pos.url}/kernel/v1/venues/{pos.venue}", headers={"X-Api-Key": pos.key}, timeout=60, trust_env=False
    )


def questions(pos: Pos, date: dt.date) -> Iterator[tuple[str, dict[str, str]]]:
    """What daybook asks about one day: each resource with its parameters."""
    span = window(date, pos.zone)
    since = window(date - LOOKBACK, pos.zone).starts_at
    begin, end, back = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (span.starts_at, span.ends_at, since))
    day = {"businessDate": date.isoformat()}
    yield "staff", {"includeInactive": "false"}
    yield "jobs", {}
    yield "checks", day
    yield "payments", day
    yield "voids", day
    yield "time-entries", {"from": back, "to": end}
    yield "deposits", {"createdFrom": begin, "createdTo": end}
    yield "paid-in-out", day


def pages(http: httpx.Client, resource: str, parameters: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    """The pages of a resource, parsed."""
    asked = {**parameters, "limit": str(PAGE_ROWS)}
    while True:
        answer = http.get(f"/{resource}", params=asked)
        answer.raise_for_status()
        page = json.loads(answer.content)
        yield page["data"]
        if page["nextCursor"] is None:
            return
        asked["cursor"] = page["nextCursor"]


def _rows(http: httpx.Client, pos: Pos, date: dt.date) -> Iterator[Row]:
    name = date.isoformat()
    for resource, parameters in questions(pos, date):
        for page in pages(http, resource, parameters):
            for row in page:
                body = json.dumps(row, separators=(",", ":")).encode()
                # A payment's id is its check's business only.
                key = f"{row['checkId']}/{row['id']}" if resource == "payments" else row["id"]
                booked = row["businessDate"] if resource == "time-entries" else name
                yield Row(booked, resource, key, hashlib.sha256(body).digest(), body)


_LABOR: Final = (
    "SELECT date, key, digest FROM appended "
    "WHERE date >= ? AND date < ? AND resource = 'time-entries' ORDER BY position"
)


class _Book(Protocol):
    def digests(self, date: str) -> dict[tuple[str, str], bytes]:
        """The newest digests of a day, by resource and key."""
        ...

    def labor(self, since: str, until: str) -> dict[tuple[str, str], bytes]:
        """The newest digests of the time entries of days, by date and key."""
        ...

    def append(self, rows: list[Row]) -> None:
        """Append rows and commit."""
        ...


class _SqliteBook:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # As durable as daybook's own file: WAL, a sync with every commit.
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        connection.executescript(
            "CREATE TABLE IF NOT EXISTS appended (position INTEGER PRIMARY KEY AUTOINCREMENT, date TEXT NOT NULL, "
            "resource TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL);"
            "CREATE INDEX IF NOT EXISTS appended_by_date ON appended (date);"
        )

    def digests(self, date: str) -> dict[tuple[str, str], bytes]:
        query = "SELECT resource, key, digest FROM appended WHERE date = ? ORDER BY position"
        return {(resource, key): digest for resource, key, digest in self._connection.execute(query, (date,))}

    def labor(self, since: str, until: str) -> dict[tuple[str, str], bytes]:
        return {(date, key): digest for date, key, digest in self._connection.execute(_LABOR, (since, until))}

    def append(self, rows: list[Row]) -> None:
        with self._connection:
            self._connection.executemany(
                "INSERT INTO appended (date, resource, key, digest, body) VALUES (?, ?, ?, ?, ?)", rows
            )


class _PostgresBook:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.execute(
            "CREATE TABLE IF NOT EXISTS appended (position bigserial PRIMARY KEY, date text NOT NULL, "
            "resource text NOT NULL, key text NOT NULL, digest bytea NOT NULL, body bytea NOT NULL)"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS appended_by_date ON appended (date)")
        connection.execute("ALTER TABLE appended ALTER COLUMN body SET STORAGE EXTERNAL")  # compressing costs more
        connection.commit()

    def digests(self, date: str) -> dict[tuple[str, str], bytes]:
        query = "SELECT resource, key, digest FROM appended WHERE date = %s ORDER BY position"
        with self._connection.cursor(binary=True) as cursor:
            return {(resource, key): digest for resource, key, digest in cursor.execute(query, (date,))}

    def labor(self, since: str, until: str) -> dict[tuple[str, str], bytes]:
        with self._connection.cursor(binary=True) as cursor:
            found = cursor.execute(_LABOR.replace("?", "%s"), (since, until))
            return {(date, key): digest for date, key, digest in found}

    def append(self, rows: list[Row]) -> None:
        statement = "COPY appended (date, resource, key, digest, body) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["text", "text", "text", "bytea", "bytea"])
            for row in rows:
                copy.write_row(row)
        self._connection.commit()


@contextmanager
def _book(store: Store) -> Iterator[_Book]:
    if store.kind == SQLITE:
        connection = sqlite3.connect(store.path)
        try:
            yield _SqliteBook(connection)
        finally:
            connection.close()
    else:
        with psycopg.connect(store.url) as server:
            yield _PostgresBook(server)
