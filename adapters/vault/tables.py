"""The vault's tables."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

PERSON_KEYS: Final = sa.Table(
    "person_keys",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("wrapped_key", sa.LargeBinary),  # null once it was destroyed
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("destroyed_at", sa.DateTime(timezone=True)),
)

SECRETS: Final = sa.Table(
    "secrets",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ciphertext", sa.LargeBinary),  # null once a later version replaced it
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)
