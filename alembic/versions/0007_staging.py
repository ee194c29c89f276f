"""Closings on days, and changes after approval: the views begin anew, because what they hold has another shape.

Revision ID: 0007
Revises: 0006
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")
_UNCHANGED = (
    "connection",
    "location",
    "ticket",
    "labor",
    "employee",
    "job",
    "reference",
    "poll",
    "record_history",
    "overlay",
    "conflict",
    "mention",
    "bookmark",
)


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _key(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _count(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _whole(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


def _tables(*, newer: bool) -> MetaData:
    metadata = MetaData(schema="views")
    sa.Table(
        "day",
        metadata,
        *_key("client", "location", "business_date"),
        *_text("state"),
        *_count("generation", "version"),
        *_whole("position"),
        *_text("recorded_at", "connection"),
        *_count("configuration"),
        *_text("capture"),
        *_whole("net_sales_cents", "gross_sales_cents"),
        *_count("tickets"),
        *_whole("guests"),
        *_count("issue_count", "attempts"),
        *([*_count("closings"), *_text("closing")] if newer else []),
        Column("document", LargeBinary, nullable=False),
        sa.Index("day_by_date", "client", "business_date", "location"),
        sqlite_with_rowid=False,
    )
    if newer:
        sa.Table(
            "late_change",
            metadata,
            *_key("client", "business_date", "location", "kind", "key"),
            *_count("version"),
            *_whole("position"),
            *_text("recorded_at", "origin", "read_date", "connection", "capture"),
            Column("before", LargeBinary, nullable=False),
            Column("after", LargeBinary, nullable=False),
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
