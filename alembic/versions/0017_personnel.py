"""Employees of systems of personnel, and who of them is whom.

Revision ID: 0017
Revises: 0016
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, Text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")
_TABLES = ("personnel", "hr_employee", "hr_match")


def _keys(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _position() -> Column[Any]:
    return Column("position", BigInteger, nullable=False)


def upgrade() -> None:
    """Make the view's tables."""
    bind = op.get_bind()
    views = sa.MetaData(schema="views")
    sa.Table(
        "personnel",
        views,
        *_keys("client", "connection"),
        Column("version", Integer, nullable=False),
        *_texts("tried_at", "pulled_at", "whole_at", "watermark"),
        Column("failures", Integer, nullable=False),
        *_texts("failure", "message", "retry_at"),
        _position(),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "hr_employee",
        views,
        *_keys("client", "connection", "employee"),
        *_texts("person", "first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth"),
        *_texts("middle_name", "payroll_id", "title", "department", "hire_date"),
        *[Column(name, Boolean, nullable=False) for name in ("active", "listed")],
        *_texts("jobs_json"),
        _position(),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "hr_match",
        views,
        *_keys("client", "location", "employee", "connection"),
        *_texts("state", "rule"),
        Column("hr", _WORD, nullable=False),
        *_texts("candidates_json", "decided_by", "decided_at"),
        _position(),
        sa.Index("hr_match_by_hr", "client", "connection", "hr"),
        sqlite_with_rowid=False,
    )
    # On SQLite views of a journal that is gone may lie there still.
    views.drop_all(bind, checkfirst=True)
    views.create_all(bind, checkfirst=False)
    op.execute("DELETE FROM views.bookmark WHERE view = 'personnel'")


def downgrade() -> None:
    """Take them away; nothing is lost by it."""
    for table in reversed(_TABLES):
        op.drop_table(table, schema="views")
    op.execute("DELETE FROM views.bookmark WHERE view = 'personnel'")
