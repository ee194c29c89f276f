"""The journal's recorder on SQLite: the library's, with several writing processes in mind."""

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from eventsourcing.persistence import ConnectionPoolClosedError, PersistenceError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from adapters.journal.committing import Commit, commit_in_order
from adapters.journal.mapping import Row, row_of
from adapters.journal.reading import ADD_SEAL, Dialect, Queries
from adapters.journal.sealing import merkle_root
from adapters.journal.settings import JournalSettings, NotMigrated
from domain.ports.journal import JournalUnavailable, Seal

TABLE: Final = "facts"


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


DIALECT: Final = Dialect(
    position="facts.rowid",  # with the table's name, since every table of SQLite has a rowid
    # CROSS JOIN keeps the order of the loops: seals outside, the few facts of each inside.
    client_facts=(
        "SELECT {fact} FROM seals CROSS JOIN facts ON facts.rowid BETWEEN first_position AND last_position "
        "WHERE client = ? AND last_position >= ? AND first_position <= ? AND facts.rowid BETWEEN ? AND ? "
        "ORDER BY last_position, facts.rowid"
    ),
    to_database=_text,
    to_moment=dt.datetime.fromisoformat,
)


class Connection(SQLiteConnection):
    """A connection whose writing transactions take the lock when they begin.

    The library begins without it; a transaction that has read and then wants to write fails at once when another
    process wrote in between.
    """

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """A transaction and its cursor; all errors are the library's."""
        begin = "BEGIN IMMEDIATE" if commit else "BEGIN"
        with _Transaction(self, begin=begin, commit=commit) as cursor, cursor:
            yield cursor

    def wait_for_locks(self, seconds: float) -> None:
        """Wait so long, from now on, for locks of other processes."""
        self._sqlite_conn.execute(f"PRAGMA busy_timeout = {max(1, int(seconds * 1000))}")


class _Transaction(SQLiteTransaction):
    def __init__(self, connection: Connection, *, begin: str, commit: bool) -> None:
        super().__init__(connection, commit=commit)
        self._begin = begin

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        try:
            cursor.execute(self._begin)
        except sqlite3.Error as error:
            # The library translates errors on the way out only.
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return cursor


class _Pool(SQLiteConnectionPool):
    def _create_connection(self) -> Connection:
        connection = sqlite3.connect(self.db_name, uri=True, check_same_thread=False, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return Connection(connection, max_age=self.max_age)

    def put_connection(self, conn: SQLiteConnection) -> None:
        """Take a connection back; one that comes back after the pool was closed is closed now."""
        with self._put_condition:
            if not self._closed:
                super().put_connection(conn)
            elif self._in_use.pop(id(conn), None):
                conn.close()
                self._put_condition.notify()

    def close(self) -> None:
        """Close what nobody uses; each other connection is closed by the thread that has it, when it is done.

        The library closes those too, from this thread: SQLite then frees statements that another thread is stepping
        through, and the process dies of a segmentation fault.
        """
        with self._put_condition:
            self._closed = True
            while self._pool:
                self._pool.popleft().close()


class Datastore(SQLiteDatastore):
    """Connections to a file that Alembic made, in the WAL mode that it was given then."""

    def __init__(self, path: Path, settings: JournalSettings) -> None:
        where = f"{path.absolute().as_uri()}?mode=rw"  # a file that is gone is an error, never an empty database
        super().__init__(where, originator_id_type="text")
        self.pool = _Pool(
            db_name=where,
            pool_size=settings.connections,
            max_overflow=0,
            pool_timeout=settings.deadline_seconds,
        )
        self._writing = threading.Lock()
        self._deadline_seconds = settings.deadline_seconds

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """A connection, for writing one at a time in this process.

        The pool has a lock for writers too, but readers queue behind whoever waits for it.
        """
        until = time.monotonic() + self._deadline_seconds
        if commit and not self._writing.acquire(timeout=self._deadline_seconds):
            raise JournalUnavailable("The journal is being written to without end by this process: try again later.")
        try:
            connection = self.pool.get_connection(timeout=max(0.0, until - time.monotonic()))
            try:
                if isinstance(connection, Connection):
                    connection.wait_for_locks(until - time.monotonic())
                yield connection
            finally:
                self.pool.put_connection(connection)
        finally:
            if commit:
                self._writing.release()


class SQLiteRecorder(SQLiteApplicationRecorder):
    """Stores facts and seals in one transaction; positions are never used twice, even after a deletion."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore, events_table_name=TABLE)
        self.insert_events_statement = (
            "INSERT INTO facts (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )
        self.read = Queries(DIALECT, self._fetch)

    def construct_create_table_statements(self) -> list[str]:
        """The library's table with its position as a column of its own, so that numbers are not used again."""
        return [
            (
                f"CREATE TABLE IF NOT EXISTS {self.events_table_name} ("
                "rowid INTEGER PRIMARY KEY AUTOINCREMENT, "
                "originator_id TEXT NOT NULL, "
                "originator_version INTEGER NOT NULL, "
                "topic TEXT NOT NULL, "
                "state BLOB NOT NULL, "
                "UNIQUE (originator_id, originator_version))"
            )
        ]

    def record(self, commit: Commit) -> Seal:
        """Store a commit with its seal, or answer the seal that its command has already."""
        leaves: list[bytes] = []
        rows = list(commit.rows(leaves))  # before the lock is taken: other processes can write meanwhile
        root = merkle_root(leaves)
        with _errors(), self.datastore.transaction(commit=True) as cursor:

            def fetch(query: str, parameters: Sequence[Any] = (), /) -> list[Any]:
                cursor.execute(query, parameters)
                return list(cursor.fetchall())

            queries = Queries(DIALECT, fetch)
            return commit_in_order(
                queries,
                commit,
                insert=lambda: (self._insert_rows(cursor, rows), root),
                # The database is this process, so that its time is ours; SQLite's own has milliseconds only.
                now=lambda: dt.datetime.now(dt.UTC),
                add_seal=lambda seal: cursor.execute(ADD_SEAL, queries.seal_row(seal)),
            )

    def settle(self) -> None:
        """Wait until whoever holds the write lock has committed."""
        with _errors(), self.datastore.transaction(commit=True):
            pass

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any) -> list[int]:
        if not stored_events:
            return []
        rows = [row_of(event) for event in stored_events]
        first = self._insert_rows(c, rows)
        return list(range(first, first + len(rows)))

    def _insert_rows(self, cursor: SQLiteCursor, rows: Sequence[Row]) -> int:
        cursor.executemany(self.insert_events_statement, rows)
        # Numbers given in one transaction that holds the write lock have no holes.
        cursor.execute("SELECT last_insert_rowid()")
        return int(cursor.fetchone()[0]) - len(rows) + 1

    def _fetch(self, query: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        with _errors(), self.datastore.transaction(commit=False) as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())


def open_sqlite(path: Path, settings: JournalSettings) -> SQLiteRecorder:
    """The recorder on a file.

    Raises:
        NotMigrated: there is no such file, or no journal in it.
        JournalUnavailable: it cannot be read.
    """
    if not path.exists():
        raise NotMigrated(f"There is no database at {path}: run the migrations first.")
    recorder = SQLiteRecorder(Datastore(path, settings))
    try:
        recorder.read.last_seal()
    except BaseException:
        recorder.close()
        raise
    return recorder


@contextmanager
def _errors() -> Iterator[None]:
    """Errors of the library and of the pool as those of the port."""
    try:
        yield
    except ConnectionPoolClosedError as error:
        raise JournalUnavailable("The journal was closed: open it again.") from error
    except sqlite3.Error as error:  # opening a connection is outside the library's translation
        raise JournalUnavailable(f"The journal's file cannot be used now: {error}.") from error
    except PersistenceError as error:
        cause: object = error.__cause__ or error
        if isinstance(cause, sqlite3.OperationalError) and "no such table" in str(cause):
            raise NotMigrated("The database has no journal in it: run the migrations first.") from error
        if isinstance(cause, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise JournalUnavailable(f"The journal's file cannot be used now: {cause}.") from error
