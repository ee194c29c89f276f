"""Schedules of locations by week.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def _schedule() -> Table:
    return Table(
        "schedule",
        MetaData(schema="views"),
        *[Column(name, _WORD, primary_key=True) for name in ("client", "location", "week")],
        *[Column(name, Integer, nullable=False) for name in ("version", "publications", "numbered")],
        *[Column(name, Text, nullable=False) for name in ("shifts_json", "published_json")],
        *[Column(name, Text, nullable=False) for name in ("changed_at", "changed_by", "published_at", "published_by")],
        Column("position", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Make the table."""
    bind = op.get_bind()
    # On SQLite views of a journal that is gone may lie there still.
    _schedule().drop(bind, checkfirst=True)
    _schedule().create(bind)
    op.execute(sa.text("DELETE FROM views.bookmark WHERE view = 'schedules'"))


def downgrade() -> None:
    """Take it away; nothing is lost by it."""
    _schedule().drop(op.get_bind(), checkfirst=True)
    op.execute(sa.text("DELETE FROM views.bookmark WHERE view = 'schedules'"))
