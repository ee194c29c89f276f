"""Keys of clients over the keys of persons, marks to find people by, and the views of people and readings.

Revision ID: 0012
Revises: 0010

What earlier releases wrapped with the root key itself has the key version 0, and opens as before.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table of clients' keys, the columns of the vault's others, and the view's tables."""
    op.create_table(
        "client_keys",
        Column("client", Text, primary_key=True),
        Column("purpose", Text, primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("wrapped_key", sa.LargeBinary, nullable=False),
        Column("root", Text, nullable=False),
        Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("person_keys", "secrets"):
        op.add_column(table, Column("key_version", Integer, nullable=False, server_default="0"))
    op.add_column("person_keys", Column("restricted_at", sa.DateTime(timezone=True)))
    op.add_column("person_keys", Column("ssn_mark", sa.LargeBinary))
    op.create_index("person_keys_by_ssn", "person_keys", ["client", "ssn_mark"])
    _make_views()


def _make_views() -> None:
    bind = op.get_bind()
    views = sa.MetaData(schema="views")
    sa.Table(
        "person",
        views,
        *[Column(name, _WORD, primary_key=True) for name in ("client", "location", "employee", "connection")],
        Column("version", Integer, nullable=False),
        *[Column(name, Text, nullable=False) for name in ("restricted_at", "restricted_by", "restricted_because")],
        *[Column(name, Text, nullable=False) for name in ("due", "held_at", "held_by", "held_because")],
        *[Column(name, Text, nullable=False) for name in ("shredded_at", "shredded_by")],
        Column("position", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "reading",
        views,
        Column("client", _WORD, primary_key=True),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("place", BigInteger, primary_key=True, autoincrement=False),
        *[Column(name, _WORD, nullable=False) for name in ("location", "employee")],
        *[Column(name, Text, nullable=False) for name in ("connection", "way", "fields_json")],
        *[Column(name, Text, nullable=False) for name in ("actor", "reason", "recorded_at", "command")],
        sa.Index("reading_by_employee", "client", "location", "employee", "position"),
        sqlite_with_rowid=False,
    )
    # On SQLite views of a journal that is gone may lie there still.
    views.drop_all(bind, checkfirst=True)
    views.create_all(bind, checkfirst=False)
    op.execute("DELETE FROM views.bookmark WHERE view = 'persons'")


def downgrade() -> None:
    """Take all of it away: what was sealed or kept since does not open any more."""
    for table in ("reading", "person"):
        op.drop_table(table, schema="views")
    op.execute("DELETE FROM views.bookmark WHERE view = 'persons'")
    op.drop_index("person_keys_by_ssn", "person_keys")
    for column in ("ssn_mark", "restricted_at", "key_version"):
        op.drop_column("person_keys", column)
    op.drop_column("secrets", "key_version")
    op.drop_table("client_keys")
