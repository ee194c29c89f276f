"""Objects that are synchronized outward, and the attempts at them.

Revision ID: 0015
Revises: 0014
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def _keys(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _words(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, nullable=False) for name in names]


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _counts(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _flags(*names: str) -> list[Column[Any]]:
    return [Column(name, Boolean, nullable=False) for name in names]


def _wholes(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


def _tables() -> list[Table]:
    synced = [
        *_keys("client", "connection", "key"),
        *_words("type", "category", "location", "date"),
        *_counts("version"),
        *_texts("document"),
        *_flags("empty"),
        *_words("state"),
        *_flags("retryable"),
        *_texts("retry_at", "message", "failure", "external_id"),
        *_counts("posted_version"),
        *_texts("posted_reference", "posted_document"),
        *_counts("attempts"),
        *_texts("ends_at", "looked_at", "registered_at", "changed_at"),
        *_wholes("derived", "position"),
        Column("fold", LargeBinary, nullable=False),
        Index("object_by_state", "client", "state", "connection", "key"),
        Index("object_by_day", "client", "connection", "location", "date"),
    ]
    attempted = [
        *_keys("client", "connection", "key"),
        Column("attempt", BigInteger, primary_key=True, autoincrement=False),
        *_texts("step"),
        *_counts("version"),
        *_texts("reference", "document", "level", "started_at", "ends_at", "outcome", "failure", "message"),
        *_texts("external_id"),
        *_flags("found"),
        *_texts("retry_at"),
        *_counts("looks"),
        *_texts("ended_at", "actor"),
        *_wholes("began", "position"),
        Index("object_attempt_by_position", "client", "connection", "position"),
    ]
    named = {"object": synced, "object_attempt": attempted}
    return [Table(name, MetaData(schema="views"), *columns, sqlite_with_rowid=False) for name, columns in named.items()]


def _feeder(*purpose: Column[Any]) -> Table:
    columns = [
        *_keys("client", "location", "connection"),
        *_texts("system", "name", "number", "zone", "day_starts", "source_json"),
        *_flags("over"),
        *purpose,
        *_wholes("added", "position"),
        Index("feeder_by_connection", "client", "connection"),
    ]
    return Table("feeder", MetaData(schema="views"), *columns, sqlite_with_rowid=False)


def upgrade() -> None:
    """Make the tables, and say what a connection has a location for; both are read from the beginning of the log."""
    bind = op.get_bind()
    for table in (_feeder(*_texts("purpose")),):
        table.drop(bind, checkfirst=True)
        table.create(bind)
    # On SQLite views of a journal that is gone may lie there still.
    for table in _tables():
        table.drop(bind, checkfirst=True)
        table.create(bind)
    _begin_anew()


def downgrade() -> None:
    """Take them away; nothing is lost by it."""
    bind = op.get_bind()
    for table in (*_tables(), _feeder()):
        table.drop(bind, checkfirst=True)
    _feeder().create(bind)
    _begin_anew()


def _begin_anew() -> None:
    for name in ("connection", "location", "company", "company_connection"):
        op.execute(sa.text(f"DELETE FROM views.{name}"))  # noqa: S608 - our own names
    op.execute(sa.text("DELETE FROM views.bookmark WHERE view IN ('connections', 'objects')"))
