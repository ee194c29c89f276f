"""How the columns of views are declared."""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

SCHEMA: Final = "views"
"""On PostgreSQL a schema; on SQLite the attached file ``views.db``."""

metadata: Final = MetaData(schema=SCHEMA)

# Keys compare byte by byte on every database, so that pages are in one order everywhere, and cheap to compare.
WORD: Final = Text().with_variant(Text(collation="C"), "postgresql")


def table(name: str, *columns: Column[Any] | Index) -> Table:
    """A table of views."""
    # Without the rowid the primary key is the table: one tree to write instead of two.
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def key(name: str) -> Column[Any]:
    """A part of the key: text that compares byte by byte."""
    return Column(name, WORD, primary_key=True)


def text(name: str, *, nullable: bool = False) -> Column[Any]:
    """Text."""
    return Column(name, Text, nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> Column[Any]:
    """A whole number of 64 bits."""
    return Column(name, BigInteger, nullable=nullable)


def count(name: str, *, nullable: bool = False) -> Column[Any]:
    """A whole number of 32 bits."""
    return Column(name, Integer, nullable=nullable)


def flag(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def place(name: str) -> Column[Any]:
    """A part of the key: a position of the log."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)
