"""What people enter, and conflicts with the sources: two tables, and two columns of labor, which is built anew.

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def _text(*names: str, nullable: bool = False) -> list[Column[Any]]:
    return [Column(name, Text, nullable=nullable) for name in names]


def _key(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _whole(*names: str, nullable: bool = False) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=nullable) for name in names]


def _count(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _flag(*names: str) -> list[Column[Any]]:
    return [Column(name, Boolean, nullable=False) for name in names]


def _labor(metadata: MetaData, *more_flags: str) -> None:
    sa.Table(
        "labor",
        metadata,
        *_key("client", "location", "business_date", "punch"),
        *_text("employee", "job", "job_name", "clock_in", "clock_out", "rate"),
        *_count("worked_seconds"),
        *_whole("pay_cents"),
        *_text("stated_hours", nullable=True),
        *_whole("stated_pay_cents", nullable=True),
        *_whole("declared_tips_cents", "charge_tips_cents"),
        *_text("terminal", "excluded"),
        *_flag("unknown_employee", *more_flags),
        *_count("generation"),
        *_whole("position"),
        sqlite_with_rowid=False,
    )


def _tables(*, newer: bool) -> MetaData:
    metadata = MetaData(schema="views")
    _labor(metadata, *(["edited_by_us", "conflict"] if newer else []))
    if newer:
        place = ("client", "location", "business_date", "kind", "key")
        sa.Table(
            "overlay",
            metadata,
            *_key(*place),
            *_text("ours_json", "source_json"),
            *_count("generation"),
            *_text("actor", "reason", "recorded_at"),
            *_whole("position"),
            sqlite_with_rowid=False,
        )
        sa.Table(
            "conflict",
            metadata,
            *_key(*place),
            *_text("ours_json", "theirs_json"),
            *_count("generation"),
            *_text("actor", "recorded_at"),
            *_whole("position"),
            sqlite_with_rowid=False,
        )
    return metadata


def _begin_anew(*, before: MetaData, after: MetaData) -> None:
    """Other tables, and their views read the log from its beginning."""
    before.drop_all(op.get_bind(), checkfirst=True)
    # On SQLite views of a journal that is gone may lie there still.
    after.drop_all(op.get_bind(), checkfirst=True)
    after.create_all(op.get_bind(), checkfirst=False)
    op.execute("DELETE FROM views.bookmark WHERE view IN ('labor', 'overlays')")


def upgrade() -> None:
    """Bring the tables to the shape of today."""
    _begin_anew(before=_tables(newer=False), after=_tables(newer=True))


def downgrade() -> None:
    """Bring them back to the shape of before."""
    _begin_anew(before=_tables(newer=True), after=_tables(newer=False))
