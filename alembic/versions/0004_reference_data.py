"""Reference data, names of files, middle names: the views begin anew, because what they hold has another shape.

Revision ID: 0004
Revises: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")
_UNCHANGED = ("connection", "location", "day", "ticket", "labor", "job", "record_history", "bookmark")


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _key(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _position() -> Column[Any]:
    return Column("position", BigInteger, nullable=False)


def _employee(metadata: MetaData, *more_names: str) -> None:
    sa.Table(
        "employee",
        metadata,
        *_key("client", "location", "employee"),
        *_text("connection", "person", "first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth"),
        *_text(*more_names),
        *_text("pos_id", "payroll_id", "hire_date"),
        Column("active", Boolean, nullable=False),
        Column("listed", Boolean, nullable=False),
        *_text("jobs_json"),
        _position(),
        sqlite_with_rowid=False,
    )


def _poll(metadata: MetaData, *more_names: str) -> None:
    sa.Table(
        "poll",
        metadata,
        *_key("client"),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("location", _WORD, nullable=False),
        Column("business_date", _WORD, nullable=False),
        *_text("kind"),
        Column("outcome", _WORD, nullable=False),
        *_text("connection"),
        Column("configuration", Integer, nullable=False),
        *_text("failure", "message", "resource"),
        Column("retryable", Boolean, nullable=False),
        *_text("retry_at"),
        Column("generation", Integer, nullable=True),
        *[Column(name, Integer, nullable=False) for name in ("added", "changed", "removed", "requests")],
        Column("read_bytes", BigInteger, nullable=False),
        *_text("rows_json", *more_names),
        *_text("started_at", "ended_at", "recorded_at", "actor", "reason", "command", "capture"),
        sa.Index("poll_by_day", "client", "location", "business_date", "position"),
        sqlite_with_rowid=False,
    )


def _tables(*, newer: bool) -> MetaData:
    metadata = MetaData(schema="views")
    _employee(metadata, *(["middle_name"] if newer else []))
    _poll(metadata, *(["files_json"] if newer else []))
    if newer:
        sa.Table(
            "reference",
            metadata,
            *_key("client", "location", "kind", "number"),
            *_text("connection", "name"),
            Column("listed", Boolean, nullable=False),
            *_text("record_json"),
            _position(),
            sqlite_with_rowid=False,
        )
    return metadata


def _begin_anew(*, before: MetaData, after: MetaData) -> None:
    """Other tables, and all of them empty: the views read the log from its beginning."""
    before.drop_all(op.get_bind(), checkfirst=True)
    # On SQLite views of a journal that is gone may lie there still.
    after.drop_all(op.get_bind(), checkfirst=True)
    after.create_all(op.get_bind(), checkfirst=False)
    for name in _UNCHANGED:
        op.execute(f"DELETE FROM views.{name}")  # noqa: S608 - our own names


def upgrade() -> None:
    """Bring the tables to the shape of today."""
    _begin_anew(before=_tables(newer=False), after=_tables(newer=True))


def downgrade() -> None:
    """Bring them back to the shape of before."""
    _begin_anew(before=_tables(newer=True), after=_tables(newer=False))
