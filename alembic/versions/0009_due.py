"""Watch: how each day stands as far as polling it again is concerned. The new view reads the log from its beginning.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, Text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    bind = op.get_bind()
    columns = [
        *[Column(name, _WORD, primary_key=True) for name in ("client", "location", "business_date")],
        Column("state", Text, nullable=False),
        Column("generation", Integer, nullable=False),
        Column("generation_at", Text, nullable=False),
        Column("net_sales_cents", BigInteger, nullable=False),
        Column("unchanged", Integer, nullable=False),
        Column("tried_at", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        *[Column(name, Text, nullable=False) for name in ("failure", "message")],
        Column("retryable", Boolean, nullable=False),
        Column("retry_at", Text, nullable=False),
        *[
            Column(f"{mark}_{name}", Text, nullable=False)
            for mark in ("deleted", "closed")
            for name in ("at", "by", "because")
        ],
        Column("position", BigInteger, nullable=False),
    ]
    index = sa.Index("watch_by_retry", "client", "retry_at")
    table = sa.Table("watch", sa.MetaData(schema="views"), *columns, index, sqlite_with_rowid=False)
    # On SQLite views of a journal that is gone may lie there still.
    table.drop(bind, checkfirst=True)
    table.create(bind)
    op.execute("DELETE FROM views.bookmark WHERE view = 'watch'")


def downgrade() -> None:
    """Take it away; nothing is lost by it."""
    op.drop_table("watch", schema="views")
    op.execute("DELETE FROM views.bookmark WHERE view = 'watch'")
