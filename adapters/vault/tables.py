"""The vault's tables."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

LEGACY: Final = 0
"""The key version of what earlier releases wrapped with the root key itself, for all clients alike."""

CLIENT_KEYS: Final = sa.Table(
    "client_keys",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),  # empty: of the whole installation
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("root", sa.Text, nullable=False),  # the id of the root key that opens it
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

PERSON_KEYS: Final = sa.Table(
    "person_keys",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("wrapped_key", sa.LargeBinary),  # null once it was destroyed
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("destroyed_at", sa.DateTime(timezone=True)),  # when it was, and lay in no file any more
    # Of the client's key that wraps it.
    sa.Column("key_version", sa.Integer, nullable=False, server_default=str(LEGACY)),
    sa.Column("restricted_at", sa.DateTime(timezone=True)),  # nothing opens any more from then on
    sa.Column("ssn_mark", sa.LargeBinary),  # a keyed hash; null where no whole number is known
    sa.Index("person_keys_by_ssn", "client", "ssn_mark"),
)

SECRETS: Final = sa.Table(
    "secrets",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ciphertext", sa.LargeBinary),  # empty while it is destroyed; null once it was, or a later one came
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False, server_default=str(LEGACY)),
)


def is_kept(column: sa.ColumnElement[bytes]) -> sa.ColumnElement[bool]:
    """Something is kept there: neither nothing, nor what stands there while it is destroyed."""
    return sa.func.length(column) > 0
