"""The tables of captures."""

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

PAGES: Final = sa.Table(
    "capture_pages",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),  # zstd
    sa.Column("size", sa.Integer, nullable=False),  # bytes before compression
)

CAPTURES: Final = sa.Table(
    "captures",
    METADATA,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("manifest", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
)
