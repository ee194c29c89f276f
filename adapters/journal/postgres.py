"""The journal's recorder on PostgreSQL: the library's, without its pipeline, by COPY under an advisory lock."""

import datetime as dt
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import psycopg
import psycopg.errors
from eventsourcing.persistence import (
    InterfaceError,
    InternalError,
    OperationalError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresDatastore
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.rows import DictRow, dict_row, tuple_row
from sqlalchemy import URL

from adapters.journal.committing import Commit, commit_in_order
from adapters.journal.mapping import Row, row_of
from adapters.journal.reading import ADD_SEAL, Dialect, Queries
from adapters.journal.sealing import merkle_root
from adapters.journal.settings import JournalSettings, NotMigrated
from domain.ports.journal import JournalUnavailable, Seal

TABLE: Final = "facts"
ORDERING_LOCK: Final = 0x6461_7962_6F6F_6B4A
"""The advisory lock that orders commits ("daybookJ"): unlike a table lock it needs no more than INSERT and SELECT."""

CHUNK_BYTES: Final = 128 * 1024
"""COPY sends about so much at once."""

RECONNECT_SECONDS: Final = 2.0
"""So long the pool tries again by itself; then the next call does, at once: an outage leaves no long pause behind."""

BETWEEN_ATTEMPTS_SECONDS: Final = 0.1

_COPY: Final = (
    "COPY public.facts (originator_id, originator_version, topic, state, notification_id) FROM STDIN (FORMAT BINARY)"
)
# Facts lie in the order of their index. Before its first statistics the planner expects few of them, and would rather
# gather them by a bitmap and sort them on disk.
_SESSION: Final = "SET idle_in_transaction_session_timeout = {idle_ms}; SET enable_bitmapscan = off"
_COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TRAILER: Final = b"\xff\xff"
_FIELDS_AND_LENGTH: Final = struct.Struct(">hi").pack
_LENGTH: Final = struct.Struct(">i").pack
_BIGINT: Final = struct.Struct(">iq").pack

Answer = TypeVar("Answer")


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)


DIALECT: Final = Dialect(
    position="facts.notification_id",
    # Ordered inside LATERAL the planner cannot turn the loops around: seals outside, the few facts of each inside.
    client_facts=(
        "SELECT f.* FROM seals CROSS JOIN LATERAL (SELECT {fact} FROM facts "
        "WHERE notification_id BETWEEN seals.first_position AND seals.last_position ORDER BY notification_id) f "
        "WHERE client = ? AND last_position >= ? AND first_position <= ? AND f.notification_id BETWEEN ? AND ? "
        "ORDER BY f.notification_id"
    ),
    to_database=_utc,
    to_moment=_utc,
)


class Connection(psycopg.Connection[DictRow]):
    """A connection that gives up on a server from which nothing comes for a while, even where the network is silent."""

    silence_seconds: float = 10.0

    def wait(self, gen: PQGen[Answer], *args: Any, **kwargs: Any) -> Answer:
        """Drive an exchange with the server as the driver does; close the connection when it stalls."""
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, gen: PQGen[Answer]) -> PQGen[Answer]:
        until = time.monotonic() + self.silence_seconds
        try:
            waiting_for = next(gen)
            while True:
                ready = yield waiting_for
                if ready:
                    until = time.monotonic() + self.silence_seconds
                elif time.monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"the server said nothing for {self.silence_seconds:g} seconds")
                waiting_for = gen.send(ready)
        except StopIteration as done:
            answer: Answer = done.value
            return answer


def bear_silence(connection: psycopg.Connection[Any], seconds: float) -> None:
    """Give up on the server, from now on, when nothing comes from it for so long."""
    if isinstance(connection, Connection):
        connection.silence_seconds = seconds


class Datastore(PostgresDatastore):
    """Bounded connections to a database that Alembic made."""

    def __init__(self, url: URL, settings: JournalSettings) -> None:
        super().__init__("", "", "", "", "", originator_id_type="text", single_row_tracking=True)
        where = {**url.query, **url.translate_connect_args(username="user", database="dbname")}

        def configure(connection: psycopg.Connection[DictRow]) -> None:
            connection.autocommit = True
            # Whatever the role's default: what is read under the ordering lock must be read after it was taken.
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            connection.execute(_SESSION.format(idle_ms=int(settings.idle_seconds * 1000)).encode())

        def ping(connection: psycopg.Connection[DictRow]) -> None:
            bear_silence(connection, settings.connect_seconds)
            ConnectionPool.check_connection(connection)
            bear_silence(connection, settings.deadline_seconds)

        # The library's pool takes host, port and names only; this one takes all that a URL may say.
        self.pool = ConnectionPool(
            connection_class=Connection,
            kwargs={
                "connect_timeout": max(1, int(settings.connect_seconds)),
                "application_name": "daybook journal",
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 3,
                "tcp_user_timeout": int(settings.deadline_seconds * 1000),
                **where,
                "row_factory": dict_row,
            },
            min_size=1,
            max_size=settings.connections,
            open=False,
            configure=configure,
            check=ping,
            timeout=settings.connect_seconds,
            reconnect_timeout=RECONNECT_SECONDS,
        )

    def register_type_adapters(self) -> None:
        """Nothing: rows are sent by COPY, not as arrays of a type; so a recorder is made without a server."""


class PostgresRecorder(PostgresApplicationRecorder):
    """Stores facts and seals in one transaction, one writer after the other, so that readers pass over nothing."""

    def __init__(self, datastore: PostgresDatastore, settings: JournalSettings | None = None) -> None:
        super().__init__(datastore, events_table_name=TABLE)
        self._settings = settings or JournalSettings()
        # Of the library's DDL the table and its index: neither the array type nor the function, which takes no lock.
        kept = ("CREATE TABLE", "CREATE UNIQUE INDEX")
        self.sql_create_statements = [
            statement for statement in self.sql_create_statements if statement.as_string().startswith(kept)
        ]
        self.lock_table_statements = [
            sql.SQL("SET LOCAL lock_timeout = {}").format(int(self._settings.deadline_seconds * 1000)),
            sql.SQL("SELECT pg_advisory_xact_lock({})").format(ORDERING_LOCK),
        ]
        self.read = Queries(DIALECT, self._fetch)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> list[int]:
        """Store events as the library would, and answer their positions."""
        if not stored_events:
            return []
        rows = [row_of(event) for event in stored_events]
        with self._ordered() as cursor, self._copying(cursor, len(rows)) as (first, copy):
            for chunk in _chunks(rows, first):
                copy.write(chunk)
        return list(range(first, first + len(rows)))

    def record(self, commit: Commit) -> Seal:
        """Store a commit with its seal, or answer the seal that its command has already."""
        return self._patiently(lambda: self._record(commit))

    def settle(self) -> None:
        """Wait until whoever holds the ordering lock has committed."""

        def once() -> None:
            with self.datastore.transaction(commit=True) as cursor:
                self._lock_table(cursor)

        self._patiently(once)

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()

    def _record(self, commit: Commit) -> Seal:
        with self._ordered() as cursor:
            fetch = _fetching(cursor)
            queries = Queries(DIALECT, fetch)
            return commit_in_order(
                queries,
                commit,
                insert=lambda: self._insert(cursor, commit),
                now=lambda: _utc(fetch("SELECT clock_timestamp()")[0][0]),
                add_seal=lambda seal: _execute(cursor, ADD_SEAL, queries.seal_row(seal)),
            )

    def _insert(self, cursor: "psycopg.Cursor[DictRow]", commit: Commit) -> tuple[int, bytes]:
        leaves: list[bytes] = []
        with self._copying(cursor, len(commit)) as (first, copy):
            # Facts are mapped and hashed while the server is busy with those sent before.
            for chunk in _chunks(commit.rows(leaves), first):
                copy.write(chunk)
            return first, merkle_root(leaves)

    @contextmanager
    def _ordered(self) -> Iterator["psycopg.Cursor[DictRow]"]:
        """A transaction that holds the ordering lock and tells listeners."""
        with self.datastore.transaction(commit=True) as cursor:
            self._lock_table(cursor)
            self._notify_channel(cursor)
            yield cursor

    @contextmanager
    def _copying(self, cursor: "psycopg.Cursor[DictRow]", count: int) -> Iterator[tuple[int, "psycopg.Copy"]]:
        """The first of so many positions, and the COPY that stores rows in them."""
        first = self._reserve(cursor, count)
        with cursor.copy(_COPY) as copy:
            yield first, copy

    @staticmethod
    def _reserve(cursor: "psycopg.Cursor[DictRow]", count: int) -> int:
        """Take positions from the sequence; under the ordering lock they have no holes among them."""
        query = (
            "SELECT min(id), max(id) FROM "
            "(SELECT nextval('public.facts_notification_id_seq') AS id FROM generate_series(1, ?)) AS reserved"
        )
        first, last = _fetching(cursor)(query, (count,))[0]
        if last - first + 1 != count:
            raise OperationalError("somebody takes positions from the sequence without the ordering lock")
        return int(first)

    def _fetch(self, query: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        def once() -> list[Any]:
            with self.datastore.get_connection() as connection, connection.cursor() as cursor:
                return _fetching(cursor)(query, parameters)

        return self._patiently(once)

    def _patiently(self, call: Callable[[], Answer]) -> Answer:
        """Try again where the connection broke or the server restarts, a bounded number of times and seconds."""
        began = time.monotonic()
        for attempt in range(1, self._settings.attempts + 1):
            try:
                return call()
            except (OperationalError, InterfaceError, InternalError) as error:
                late = time.monotonic() - began > self._settings.deadline_seconds / 2
                if (
                    attempt == self._settings.attempts
                    or late
                    or isinstance(error.__cause__, psycopg.errors.LockNotAvailable)
                ):
                    raise JournalUnavailable(f"The journal's database cannot be used now: {error}") from error
            except PersistenceError as error:
                if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
                    raise NotMigrated("The database has no journal in it: run the migrations first.") from error
                raise
            time.sleep(BETWEEN_ATTEMPTS_SECONDS)
        raise AssertionError("unreachable")


def open_postgres(url: URL, settings: JournalSettings) -> PostgresRecorder:
    """The recorder on a database; connects when it is first used."""
    return PostgresRecorder(Datastore(url, settings), settings)


def _execute(cursor: "psycopg.Cursor[Any]", query: str, parameters: Sequence[Any]) -> None:
    cursor.execute(query.replace("?", "%s").encode(), parameters)


def _fetching(cursor: "psycopg.Cursor[DictRow]") -> Callable[..., list[Any]]:
    def fetch(query: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        with cursor.connection.cursor(row_factory=tuple_row, binary=True) as reader:
            _execute(reader, query, parameters)
            return reader.fetchall()

    return fetch


def _chunks(rows: Iterable[Row], first: int) -> Iterator[bytes]:
    """The rows as COPY's binary format has them, each numbered, in chunks of about :data:`CHUNK_BYTES`."""
    streams: dict[str, bytes] = {}
    names: dict[str, bytes] = {}
    parts = [_COPY_HEADER]
    size = 0
    for position, (stream, version, name, state) in enumerate(rows, first):
        if stream not in streams:
            text = stream.encode()
            streams[stream] = _FIELDS_AND_LENGTH(5, len(text)) + text
        if name not in names:
            text = name.encode()
            names[name] = _LENGTH(len(text)) + text
        parts += (streams[stream], _BIGINT(8, version), names[name], _LENGTH(len(state)), state, _BIGINT(8, position))
        size += len(state)
        if size >= CHUNK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    parts.append(_COPY_TRAILER)
    yield b"".join(parts)
