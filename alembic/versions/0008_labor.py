"""Overtime: a table of its own beside the punches; the views begin anew, because the summary of a day says it too.

Revision ID: 0008
Revises: 0007
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, Integer, MetaData, Text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")
_VIEWS = (
    *("connection", "location", "day", "ticket", "labor", "employee", "job", "reference", "poll", "record_history"),
    *("overlay", "conflict", "mention", "late_change", "bookmark"),
)


def _overtime() -> MetaData:
    metadata = MetaData(schema="views")
    columns: list[Column[Any]] = [
        *[Column(name, _WORD, primary_key=True) for name in ("client", "location", "business_date", "punch")],
        Column("employee", Text, nullable=False),
        Column("seconds", Integer, nullable=False),
        Column("rate", Text, nullable=False),
        Column("multiplier", Text, nullable=False),
        Column("rule", Text, nullable=False),
        Column("premium_cents", BigInteger, nullable=False),
        Column("generation", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
    ]
    sa.Table("overtime", metadata, *columns, sqlite_with_rowid=False)
    return metadata


def _empty_views() -> None:
    for name in _VIEWS:
        op.execute(f"DELETE FROM views.{name}")  # noqa: S608 - our own names


def upgrade() -> None:
    """Add the table, and let the views read the log from its beginning."""
    # On SQLite views of a journal that is gone may lie there still.
    _overtime().drop_all(op.get_bind(), checkfirst=True)
    _overtime().create_all(op.get_bind(), checkfirst=False)
    _empty_views()


def downgrade() -> None:
    """Take it away again."""
    _overtime().drop_all(op.get_bind(), checkfirst=True)
    _empty_views()
