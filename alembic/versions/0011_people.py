"""People: hashes of passwords, digests of API keys, one-time secrets and sessions; and the view of users and keys.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, Text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def _words(*names: str) -> list[Column]:
    return [Column(name, Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables. The new view reads the log from its beginning."""
    bind = op.get_bind()
    stored = sa.MetaData()
    created = lambda: Column("created_at", DateTime(timezone=True), nullable=False)  # noqa: E731 - a column is of one table
    sa.Table(
        "access_secret",
        stored,
        Column("id", Text, primary_key=True),
        *_words("kind", "client"),
        Column("digest", LargeBinary, nullable=False),
        created(),
    )
    sa.Table(
        "access_password",
        stored,
        *[Column(name, Text, primary_key=True) for name in ("client", "login", "id")],
        *_words("hash"),
        created(),
    )
    sessions = sa.Table(
        "access_session",
        stored,
        Column("digest", LargeBinary, primary_key=True),
        *_words("client", "login", "how"),
        Column("version", BigInteger, nullable=False),
        created(),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
    sa.Index("access_session_by_user", sessions.c.client, sessions.c.login)
    stored.create_all(bind)

    views = sa.MetaData(schema="views")
    sa.Table(
        "member",
        views,
        *[Column(name, _WORD, primary_key=True) for name in ("client", "login")],
        *_words("name", "roles_json", "locations_json"),
        *[Column(name, Boolean, nullable=False) for name in ("enabled", "with_password")],
        *_words("invited_until", "identities_json", "added_at", "added_by", "changed_at", "changed_by"),
        Column("version", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "api_key",
        views,
        *[Column(name, _WORD, primary_key=True) for name in ("client", "key")],
        *_words("name", "roles_json", "locations_json", "issued_at", "issued_by", "expires_at"),
        *_words("revoked_at", "revoked_by"),
        Column("position", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    # On SQLite views of a journal that is gone may lie there still.
    views.drop_all(bind, checkfirst=True)
    views.create_all(bind)
    op.execute("DELETE FROM views.bookmark WHERE view = 'people'")


def downgrade() -> None:
    """Take it away: nobody can sign in then, and who may do what stays in the facts."""
    for table in ("member", "api_key"):
        op.drop_table(table, schema="views")
    for table in ("access_session", "access_password", "access_secret"):
        op.drop_table(table)
    op.execute("DELETE FROM views.bookmark WHERE view = 'people'")
