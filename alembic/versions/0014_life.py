"""The life of connections, what feeds a location, companies and clients; what is shown of connections begins anew.

Revision ID: 0014
Revises: 0010
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")

_BEFORE = ("system", "name", "environment", "credential")


def _keys(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _counts(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _flags(*names: str) -> list[Column[Any]]:
    return [Column(name, Boolean, nullable=False) for name in names]


def _wholes(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


def _connection(*life: Column[Any] | Index) -> Table:
    return Table(
        "connection",
        MetaData(schema="views"),
        *_keys("client", "connection"),
        *_texts(*_BEFORE),
        *_counts("credential_version", "configuration"),
        *_texts("options_json", "overrides_json", "established_at"),
        *life,
        sqlite_with_rowid=False,
    )


def _with_life() -> Table:
    return _connection(
        *_texts("stage"),
        *_counts("revision"),
        *_texts("maker", "admin", "visibility", "values_json", "companies_json", "lost_json", "drafted_at"),
        *_texts("tested_at", "test_json"),
        Column("valid_until", _WORD, nullable=False),
        *_texts("suspended_at", "reason", "disconnected_at"),
        *_wholes("position"),
        Index("connection_by_end", "client", "valid_until"),
    )


def _tables() -> list[Table]:
    feeder = [
        *_keys("client", "location", "connection"),
        *_texts("system", "name", "number", "zone", "day_starts", "source_json"),
        *_flags("over"),
        *_wholes("added", "position"),
        Index("feeder_by_connection", "client", "connection"),
    ]
    company = [
        *_keys("client", "company"),
        *_texts("system", "environment", "organization", "name"),
        *_counts("connections"),
        *_wholes("position"),
    ]
    link = [
        *_keys("client", "company", "connection"),
        *_texts("organization", "name"),
        *_flags("standing", "lost"),
        *_wholes("position"),
        Index("company_by_connection", "client", "connection"),
    ]
    tenant = [
        *_keys("client"),
        Column("customer", _WORD, nullable=False),
        *_texts("name", "customer_name", "added_at"),
        *_wholes("position"),
        Index("tenant_by_customer", "customer", "client"),
    ]
    named = {"feeder": feeder, "company": company, "company_connection": link, "tenant": tenant}
    return [Table(name, MetaData(schema="views"), *columns, sqlite_with_rowid=False) for name, columns in named.items()]


def upgrade() -> None:
    """Make the tables; connections and locations are read from the beginning of the log again."""
    bind = op.get_bind()
    # On SQLite views of a journal that is gone may lie there still.
    for table in (_with_life(), *_tables()):
        table.drop(bind, checkfirst=True)
        table.create(bind)
    _begin_anew()


def downgrade() -> None:
    """Take them away; nothing is lost by it."""
    bind = op.get_bind()
    for table in _tables():
        table.drop(bind, checkfirst=True)
    op.drop_table("connection", schema="views")
    _connection(*_wholes("position")).create(bind)
    _begin_anew()


def _begin_anew() -> None:
    op.execute("DELETE FROM views.location")
    op.execute(sa.text("DELETE FROM views.bookmark WHERE view IN ('connections', 'tenants')"))
