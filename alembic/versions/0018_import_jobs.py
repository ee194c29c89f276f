"""Data import jobs, their runs and the parts of these.

Revision ID: 0018
Revises: 0017
"""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WORD = Text().with_variant(Text(collation="C"), "postgresql")


def _keys(*names: str) -> list[Column[Any]]:
    return [Column(name, _WORD, primary_key=True) for name in names]


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _counts(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _position() -> Column[Any]:
    return Column("position", BigInteger, nullable=False)


def _run() -> Column[Any]:
    return Column("run", BigInteger, primary_key=True, autoincrement=False)


def _tables() -> list[Table]:
    job = [
        *_keys("client", "job"),
        *_texts("name"),
        Column("connection", _WORD, nullable=False),
        *_texts("period_json", "companies_json", "locations_json", "data_sets_json", "schedule_json", "scheduled"),
        Column("ended", Boolean, nullable=False),
        *_counts("revision", "runs"),
        *_texts("added_at", "added_by", "changed_at", "changed_by"),
        _position(),
    ]
    run = [
        *_keys("client", "job"),
        _run(),
        *_texts("connection", "spans_json", "left_out_json", "data_sets_json", "scheduled"),
        *_texts("started_at", "started_by", "reason", "command"),
        Column("ended_at", _WORD, nullable=False),
        _position(),
        Index("import_run_by_end", "client", "ended_at"),
    ]
    part = [
        *_keys("client", "job"),
        _run(),
        *_keys("location", "business_date"),
        *_texts("outcome"),
        *_counts("generation"),
        *_texts("failure", "message", "recorded_at", "actor"),
        _position(),
    ]
    named = {"import_job": job, "import_run": run, "import_part": part}
    return [Table(name, MetaData(schema="views"), *columns, sqlite_with_rowid=False) for name, columns in named.items()]


def upgrade() -> None:
    """Make the tables; the view reads them from the log, where nothing of them is before this release."""
    bind = op.get_bind()
    # On SQLite views of a journal that is gone may lie there still.
    for table in _tables():
        table.drop(bind, checkfirst=True)
        table.create(bind)


def downgrade() -> None:
    """Take them away; nothing is lost by it."""
    bind = op.get_bind()
    for table in _tables():
        table.drop(bind, checkfirst=True)
    op.execute("DELETE FROM views.bookmark WHERE view = 'import-jobs'")
