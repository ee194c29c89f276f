"""Points: every statement that reaches a database and every request that leaves, counted, and broken at one of them."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from unittest.mock import patch

import httpcore
import httpx
import psycopg
from eventsourcing.sqlite import SQLiteConnection, SQLiteCursor
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from adapters.http.transport import GuardedTransport

Mode = Literal["error", "lost", "killed"]
"""``error``: nothing is done, and that is told. ``lost``: it is done, and an error is told. ``killed``: it is done, and
the process is gone before it is told."""

MODES: Final[tuple[Mode, ...]] = ("error", "lost", "killed")
TOLD: Final = "the sweep broke it"


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Points:
    """Counts points, and breaks the one of a number.

    Attributes:
        at: the number, from 1; 0: none.
        mode: how it breaks.
        passed: points so far.
        counting: what happens now is counted.
        dead: the process is gone: nothing of it reaches anything any more.
        breaking: the point that breaks is being passed.
        where: what the broken point was.
        kinds: points by what they are.
        connections: to databases, that were made since the process began.
    """

    at: int = 0
    mode: Mode = "error"
    passed: int = 0
    counting: bool = False
    dead: bool = False
    breaking: bool = False
    where: str = ""
    kinds: dict[str, int] = field(default_factory=dict)
    connections: list[Any] = field(default_factory=list)
    _thread: int = field(default_factory=threading.get_ident)
    _inside: bool = False

    @contextmanager
    def counted(self) -> Iterator[None]:
        """What is done in the block is counted, and may break."""
        self.counting, before = True, self.counting
        try:
            yield
        finally:
            self.counting = before

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is done in the block is not counted, and does not break."""
        self.counting, before = False, self.counting
        try:
            yield
        finally:
            self.counting = before

    def cut(self) -> None:
        """Cut all connections, as the system does for a process that is gone: what was not committed is not."""
        for connection in self.connections:
            with suppress(Exception):
                if isinstance(connection, sqlite3.Connection):
                    connection.rollback()
            with suppress(Exception):
                connection.close()
        self.connections.clear()

    def through(self, kind: str, text: str, act: Callable[[], Any], failure: Callable[[], Exception]) -> Any:
        """Pass a point: do what is done there, unless it breaks.

        Args:
            kind: ``statement``, ``commit`` or ``request``.
            text: what it is, for whoever reads of a violation.
            act: does it.
            failure: the error of its kind.
        """
        if self._inside or threading.get_ident() != self._thread:
            return act()
        if self.dead:
            raise Killed
        if not self.counting:
            return act()
        self.passed += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        breaks = self.passed == self.at
        if breaks:
            self.where = f"{kind} {self.at} ({self.mode}): {' '.join(text.split())[:90]}"
            if self.mode == "error":
                raise failure()
        self._inside, self.breaking = True, breaks
        try:
            came = act()
        finally:
            self._inside = self.breaking = False
        if not breaks:
            return came
        if self.mode == "killed":
            self.dead = True
            raise Killed
        raise failure()


@contextmanager
def hooked(points: Points) -> Iterator[Points]:
    """Everything of this thread that reaches a database or leaves by HTTP passes these points."""
    with ExitStack() as closing:
        for wrapped in (_statements, _commits, _connections, _requests):
            for target, name, wrapper in list(wrapped(points)):
                closing.enter_context(patch.object(target, name, wrapper))
        listeners = _Listening(points)
        event.listen(Engine, "before_cursor_execute", listeners.before)
        closing.callback(event.remove, Engine, "before_cursor_execute", listeners.before)
        event.listen(Engine, "after_cursor_execute", listeners.after)
        closing.callback(event.remove, Engine, "after_cursor_execute", listeners.after)
        yield points


class _Listening:
    """Statements of SQLAlchemy over SQLite, whose driver cannot be wrapped: each is broken before it or after it."""

    def __init__(self, points: Points) -> None:
        self._points = points

    def before(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Where nothing is to be done."""
        if connection.dialect.name == "sqlite" and (self._points.mode == "error" or self._points.dead):
            self._pass(statement)

    def after(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Where it is done, and not told."""
        if connection.dialect.name == "sqlite" and self._points.mode != "error":
            self._pass(statement)

    def _pass(self, statement: str) -> None:
        failure = OperationalError(statement, {}, sqlite3.OperationalError(TOLD))
        self._points.through("statement", statement, lambda: None, lambda: failure)


_Wrapped = Iterator[tuple[Any, str, Any]]
"""Functions that are points, each with what takes its place."""


def _lite() -> Exception:
    return sqlite3.OperationalError(TOLD)


def _heavy() -> Exception:
    return psycopg.OperationalError(TOLD)


def _statements(points: Points) -> _Wrapped:
    """Statements of the journal on SQLite, and all on PostgreSQL."""

    def wrapped(inner: Any, failure: Callable[[], Exception]) -> Any:
        def wrapper(self: Any, query: Any, *given: Any, **named: Any) -> Any:
            return points.through("statement", str(query), lambda: inner(self, query, *given, **named), failure)

        return wrapper

    for name in ("execute", "executemany"):
        yield SQLiteCursor, name, wrapped(getattr(SQLiteCursor, name), _lite)
        yield psycopg.Cursor, name, wrapped(getattr(psycopg.Cursor, name), _heavy)
    yield psycopg.Cursor, "copy", wrapped(psycopg.Cursor.copy, _heavy)
    yield psycopg.ServerCursor, "execute", wrapped(psycopg.ServerCursor.execute, _heavy)


def _commits(points: Points) -> _Wrapped:
    """Commits of both drivers."""

    def wrapped(inner: Any, failure: Callable[[], Exception]) -> Any:
        return lambda self: points.through("commit", "COMMIT", lambda: inner(self), failure)

    yield psycopg.Connection, "commit", wrapped(psycopg.Connection.commit, _heavy)
    yield SQLiteConnection, "commit", wrapped(SQLiteConnection.commit, _lite)
    yield psycopg.Transaction, "__exit__", _leaving(psycopg.Transaction.__exit__, points)
    inner_commit: Any = DefaultDialect.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        if self.name == "sqlite":
            points.through("commit", "COMMIT", lambda: inner_commit(self, connection), _lite)
        else:
            inner_commit(self, connection)

    yield DefaultDialect, "do_commit", do_commit


def _connections(points: Points) -> _Wrapped:
    """Connections that are made, to be cut when the process is gone."""
    made = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = made(*given, **named)
        points.connections.append(connection)
        return connection

    yield sqlite3, "connect", connect
    yield sqlite3.dbapi2, "connect", connect
    inner_init: Any = psycopg.Connection.__init__

    def init(self: Any, *given: Any, **named: Any) -> None:
        inner_init(self, *given, **named)
        points.connections.append(self)

    yield psycopg.Connection, "__init__", init


def _requests(points: Points) -> _Wrapped:
    """Requests of all adapters."""
    inner_request = GuardedTransport.handle_request

    def handle_request(self: Any, request: httpx.Request) -> httpx.Response:
        def act() -> httpx.Response:
            response = inner_request(self, request)
            if points.breaking:  # the answer is on its way until the other side has done what it was told
                response.read()
            return response

        error = httpcore.ConnectError if points.mode == "error" else httpcore.ReadTimeout
        text = f"{request.method} {request.url.path}"
        told: httpx.Response = points.through("request", text, act, lambda: error(TOLD))
        return told

    yield GuardedTransport, "handle_request", handle_request


def _leaving(inner: Any, points: Points) -> Any:
    """The end of a transaction of the journal on PostgreSQL; one that breaks before it is rolled back."""

    def wrapper(self: Any, kind: Any, error: Any, trace: Any) -> Any:
        if kind is not None or points.dead:
            return inner(self, kind, error, trace)
        ended = False

        def act() -> Any:
            nonlocal ended
            ended = True
            return inner(self, None, None, None)

        try:
            return points.through("commit", "COMMIT", act, _heavy)
        except BaseException as broken:
            if not ended:
                inner(self, type(broken), broken, broken.__traceback__)
            raise

    return wrapper
