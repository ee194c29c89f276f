"""Bulk writes by the raw driver: ``executemany`` on SQLite, ``COPY`` on PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    CursorResult,
    Executable,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from projections.tables import SCHEMA, bookmark

Row = tuple[Any, ...]

_KINDS: Final = {Text: "text", BigInteger: "int8", Integer: "int4", Boolean: "bool", LargeBinary: "bytea"}
"""What PostgreSQL calls the types of our columns."""

_MOST_PARAMETERS: Final = 900
"""In one statement on SQLite, which long took no more than 999."""


# Every name in a statement here is that of one of our tables or columns, never anything that was given.


class Writer:
    """Writes rows of views inside the caller's transaction. Rows are tuples in the order of the table's columns.

    On PostgreSQL rows are on their way when :meth:`add` and :meth:`put` answer: the server stores them while the caller
    goes on computing. The next call, and leaving the ``with`` block, waits for them.

    Args:
        connection: in a transaction; used by nobody else meanwhile.
        schema: where the tables are.
    """

    def __init__(self, connection: Connection, schema: str = SCHEMA) -> None:
        self._connection: Final = connection
        self._schema: Final = schema
        self._copies: Final = connection.dialect.name == "postgresql"
        self._sending: Final = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._sending.__exit__(kind, error, trace)

    @property
    def sending(self) -> bool:
        """Rows are on their way to a server that is busy with them."""
        return self._copies

    def settle(self) -> None:
        """Wait until all rows are stored."""
        self._sending.close()

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement on tables of the views, in the schema that is written."""
        self.settle()
        return self._connection.execute(statement, execution_options={"schema_translate_map": {SCHEMA: self._schema}})

    def begin_bookmarks(self, views: Iterable[str]) -> None:
        """Give views that have none a bookmark at the beginning of the log."""
        self.settle()
        name = self._name(bookmark)
        for view in sorted(views):
            self._connection.execute(
                text(f"INSERT INTO {name} (view, position) VALUES (:view, 0) ON CONFLICT DO NOTHING"),  # noqa: S608
                {"view": view},
            )

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows whose keys are not there yet."""
        if not rows:
            return
        if self._copies:
            self._copy(table, rows)
        else:
            self._insert(table, rows)

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows, in place of those with the same keys; each key at most once."""
        if not rows:
            return
        if self._copies:
            width = len(table.primary_key.columns)  # keys come first in every table
            self.remove(table, [row[:width] for row in rows])
            self._copy(table, rows)
        else:
            self._many(f"INSERT OR REPLACE INTO {self._name(table)} VALUES ({_marks(table)})", rows)  # noqa: S608

    def remove(self, table: Table, keys: Sequence[Row]) -> None:
        """Remove the rows of these primary keys; one that is not there is no matter."""
        if not keys:
            return
        names = [column.name for column in table.primary_key.columns]
        if self._copies:
            kinds = ["bigint" if column.type.python_type is int else "text" for column in table.primary_key.columns]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            matches = " AND ".join(f't."{name}" = k."{name}"' for name in names)
            named = ", ".join(f'"{name}"' for name in names)
            statement = f"DELETE FROM {self._name(table)} t USING unnest({arrays}) AS k({named}) WHERE {matches}"  # noqa: S608
            self.settle()
            self._connection.exec_driver_sql(statement, tuple([list(part) for part in zip(*keys, strict=True)]))
        else:
            matches = " AND ".join(f'"{name}" = ?' for name in names)
            self._many(f"DELETE FROM {self._name(table)} WHERE {matches}", keys)  # noqa: S608

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        # Several rows a statement: the driver spends as much on a statement as on a row.
        width = len(table.columns)
        together = _MOST_PARAMETERS // width
        statement, marks = f"INSERT INTO {self._name(table)} VALUES ", f"({_marks(table)})"  # noqa: S608
        whole = len(rows) - len(rows) % together
        if whole:
            lots = [tuple(chain.from_iterable(rows[at : at + together])) for at in range(0, whole, together)]
            self._many(statement + ", ".join([marks] * together), lots)
        if whole < len(rows):
            self._many(statement + marks, rows[whole:])

    def _many(self, statement: str, rows: Sequence[Row]) -> None:
        self._connection.exec_driver_sql(statement, list(rows))

    def _copy(self, table: Table, rows: Sequence[Row]) -> None:
        self.settle()
        driver: Any = self._connection.connection
        cursor = self._sending.enter_context(driver.cursor())
        copy = self._sending.enter_context(cursor.copy(f"COPY {self._name(table)} FROM STDIN (FORMAT BINARY)"))
        copy.set_types([_KINDS[type(column.type)] for column in table.columns])
        write = copy.write_row
        for row in rows:
            write(row)

    def _name(self, table: Table) -> str:
        return f'"{self._schema}"."{table.name}"'


def as_row(table: Table, fields: Mapping[str, Any]) -> Row:
    """The fields in the order of the table's columns."""
    return tuple(fields[column.name] for column in table.columns)


def _marks(table: Table) -> str:
    return ", ".join("?" * len(table.columns))
