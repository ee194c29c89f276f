"""Mentions of ids; the index of records knows changes that came after an approval: the views begin anew.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, MetaData, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")
_VIEWS = (
    "connection",
    "location",
    "day",
    "ticket",
    "labor",
    "employee",
    "job",
    "reference",
    "poll",
    "record_history",
    "overlay",
    "conflict",
    "bookmark",
)


def _mention() -> MetaData:
    metadata = MetaData(schema="views")
    sa.Table(
        "mention",
        metadata,
        *[Column(name, _WORD, primary_key=True) for name in ("client", "id", "meaning", "stream", "record")],
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    return metadata


def _begin_anew() -> None:
    """Empty the views: they read the log from its beginning."""
    for name in _VIEWS:
        op.execute(f"DELETE FROM views.{name}")  # noqa: S608 - our own names


def upgrade() -> None:
    """Make the table."""
    # On SQLite views of a journal that is gone may lie there still.
    _mention().drop_all(op.get_bind(), checkfirst=True)
    _mention().create_all(op.get_bind(), checkfirst=False)
    _begin_anew()


def downgrade() -> None:
    """Take it away."""
    _mention().drop_all(op.get_bind(), checkfirst=True)
    _begin_anew()
