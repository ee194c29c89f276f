"""The tables of what proves who somebody is."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

SECRETS: Final = sa.Table(
    "access_secret",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),  # looked up before anybody knows whose it is
    sa.Column("kind", sa.Text, nullable=False),  # `dbk` or `dbo`
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),  # SHA-256 of a secret of 256 bits
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)
"""API keys and one-time secrets."""

PASSWORDS: Final = sa.Table(
    "access_password",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),  # the one in force is named by a fact
    sa.Column("hash", sa.Text, nullable=False),  # argon2id, with its parameters
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

SESSIONS: Final = sa.Table(
    "access_session",
    METADATA,
    sa.Column("digest", sa.LargeBinary, primary_key=True),  # SHA-256 of the token
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("how", sa.Text, nullable=False),  # `password` or `oidc`
    sa.Column("version", sa.BigInteger, nullable=False),  # of the people when it began
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)
sa.Index("access_session_by_user", SESSIONS.c.client, SESSIONS.c.login)
