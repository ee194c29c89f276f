"""The read side: tables of the views, all in the schema ``views`` (on SQLite the attached file)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

tables = sa.MetaData(schema="views")

_WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _table(name: str, *columns: sa.Column[Any] | sa.Index) -> sa.Table:
    return sa.Table(name, tables, *columns, sqlite_with_rowid=False)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, _WORD, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _place(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


_table("bookmark", _key("view"), _whole("position"))

_table(
    "connection",
    _key("client"),
    _key("connection"),
    _text("system"),
    _text("name"),
    _text("environment"),
    _text("credential"),
    _count("credential_version"),
    _count("configuration"),
    _text("options_json"),
    _text("overrides_json"),
    _text("established_at"),
    _whole("position"),
)

_table(
    "location",
    _key("client"),
    _key("location"),
    _text("connection"),
    _text("system"),
    _text("name"),
    _text("number"),
    _text("zone"),
    _text("day_starts"),
    _text("source_json"),
    _whole("position"),
)

_table(
    "day",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _text("state"),
    _count("generation"),
    _count("version"),
    _whole("position"),
    _text("recorded_at"),
    _text("connection"),
    _count("configuration"),
    _text("capture"),
    _whole("net_sales_cents"),
    _whole("gross_sales_cents"),
    _count("tickets"),
    _whole("guests"),
    _count("issue_count"),
    _count("attempts"),
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Index("day_by_date", "client", "business_date", "location"),
)

_table(
    "ticket",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("ticket"),
    _text("number"),
    _text("opened_at"),
    _text("closed_at"),
    _text("service_type"),
    _text("revenue_center"),
    _text("server"),
    _whole("guests"),
    _whole("gross_cents"),
    _whole("discounts_cents"),
    _whole("net_cents"),
    _whole("tax_cents"),
    _whole("tips_cents"),
    _whole("adjustment_cents"),
    _count("generation"),
    _whole("position"),
)

_table(
    "labor",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("punch"),
    _text("employee"),
    _text("job"),
    _text("job_name"),
    _text("clock_in"),
    _text("clock_out"),
    _text("rate"),
    _count("worked_seconds"),
    _whole("pay_cents"),
    _text("stated_hours", nullable=True),
    _whole("stated_pay_cents", nullable=True),
    _whole("declared_tips_cents"),
    _whole("charge_tips_cents"),
    _text("terminal"),
    _text("excluded"),
    _flag("unknown_employee"),
    _count("generation"),
    _whole("position"),
)

_table(
    "employee",
    _key("client"),
    _key("location"),
    _key("employee"),
    _text("connection"),
    _text("person"),
    _text("first_name"),
    _text("last_name"),
    _text("address"),
    _text("phone"),
    _text("ssn"),
    _text("email"),
    _text("date_of_birth"),
    _text("pos_id"),
    _text("payroll_id"),
    _text("hire_date"),
    _flag("active"),
    _flag("listed"),
    _text("jobs_json"),
    _whole("position"),
)

_table(
    "job",
    _key("client"),
    _key("location"),
    _key("job"),
    _text("connection"),
    _text("name"),
    _text("code"),
    _text("rate"),
    _flag("listed"),
    _whole("position"),
)

_table(
    "poll",
    _key("client"),
    _place("position"),
    sa.Column("location", _WORD, nullable=False),
    sa.Column("business_date", _WORD, nullable=False),
    _text("kind"),
    sa.Column("outcome", _WORD, nullable=False),
    _text("connection"),
    _count("configuration"),
    _text("failure"),
    _text("message"),
    _text("resource"),
    _flag("retryable"),
    _text("retry_at"),
    _count("generation", nullable=True),
    _count("added"),
    _count("changed"),
    _count("removed"),
    _count("requests"),
    _whole("read_bytes"),
    _text("rows_json"),
    _text("started_at"),
    _text("ended_at"),
    _text("recorded_at"),
    _text("actor"),
    _text("reason"),
    _text("command"),
    _text("capture"),
    sa.Index("poll_by_day", "client", "location", "business_date", "position"),
)

_table(
    "record_history",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("kind"),
    _key("key"),
    _place("position"),
    _count("place"),
    _text("operation"),
    _count("generation"),
)


def upgrade() -> None:
    """Make the schema and its tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SCHEMA views")
    else:
        # A file that an earlier journal left behind: its views are of facts that are not there any more.
        tables.drop_all(op.get_bind(), checkfirst=True)
    tables.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    """Drop them: views can be built again from the journal."""
    tables.drop_all(op.get_bind(), checkfirst=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA views")
