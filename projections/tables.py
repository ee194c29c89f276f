"""The tables of the read side; alembic/versions make them, from 0003_views.py on, and a test proves both equal.

The client (tenant) is first in every key. Amounts are whole cents. Business dates are ``YYYY-MM-DD``. Instants are
ISO 8601 in UTC as facts write them, ``2026-11-21T22:10:00Z``, with six digits of a fraction only where there is one:
text that is the same on SQLite and PostgreSQL and passes from the record to the row untouched. The empty text stands
for *not there* unless a column may be NULL. Columns that end in ``_json`` hold JSON text.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA: Final = "views"
"""On PostgreSQL a schema; on SQLite the attached file ``views.db``."""

metadata: Final = MetaData(schema=SCHEMA)

# Keys compare byte by byte on every database, so that pages are in one order everywhere, and cheap to compare.
_WORD: Final = Text().with_variant(Text(collation="C"), "postgresql")


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    # Without the rowid the primary key is the table: one tree to write instead of two.
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def _key(name: str) -> Column[Any]:
    return Column(name, _WORD, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, BigInteger, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=nullable)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _place(name: str) -> Column[Any]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


bookmark: Final = _table("bookmark", _key("view"), _whole("position"))
"""How far each view has read: the position of the last fact that is in its rows."""

connection: Final = _table(
    "connection",
    _key("client"),
    _key("connection"),
    _text("system"),
    _text("name"),
    _text("environment"),
    _text("credential"),  # the fingerprint of the secret
    _count("credential_version"),
    _count("configuration"),  # its newest version
    _text("options_json"),
    _text("overrides_json"),
    _text("established_at"),
    _text("stage"),
    _count("revision"),  # everything that was decided about it
    _text("maker"),
    _text("admin"),
    _text("visibility"),
    _text("values_json"),  # of the system's form, without secrets
    _text("companies_json"),  # the chosen ones: name by the source's id
    _text("lost_json"),  # chosen companies and our locations that are no longer visible
    _text("drafted_at"),
    _text("tested_at"),
    _text("test_json"),  # what came of the newest test, without what it showed; null before the first
    Column("valid_until", _WORD, nullable=False),  # empty where the grant does not end
    _text("suspended_at"),
    _text("reason"),  # why it is suspended
    _text("disconnected_at"),
    _whole("position"),
    Index("connection_by_end", "client", "valid_until"),
)

feeder: Final = _table(
    "feeder",
    _key("client"),
    _key("location"),
    _key("connection"),
    _text("system"),
    _text("name"),
    _text("number"),
    _text("zone"),
    _text("day_starts"),
    _text("source_json"),
    _flag("over"),  # the connection is disconnected
    _whole("added"),  # the position at which the location was added to it
    _whole("position"),
    Index("feeder_by_connection", "client", "connection"),
)
"""Every connection that feeds a location or did; the location is shown with one of them."""

company: Final = _table(
    "company",
    _key("client"),
    _key("company"),
    _text("system"),
    _text("environment"),
    _text("organization"),  # the source's own id
    _text("name"),
    _count("connections"),  # that have chosen it and stand
    _whole("position"),
)
"""Companies, each once, however many connections see it."""

company_connection: Final = _table(
    "company_connection",
    _key("client"),
    _key("company"),
    _key("connection"),
    _text("organization"),
    _text("name"),
    _flag("standing"),  # the connection is established and not over
    _flag("lost"),  # it no longer sees the company
    _whole("position"),
    Index("company_by_connection", "client", "connection"),
)

tenant: Final = _table(
    "tenant",
    _key("client"),
    Column("customer", _WORD, nullable=False),
    _text("name"),
    _text("customer_name"),
    _text("added_at"),
    _whole("position"),
    Index("tenant_by_customer", "customer", "client"),
)
"""Clients that were added to a customer."""

location: Final = _table(
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

day: Final = _table(
    "day",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _text("state"),
    _count("generation"),
    _count("version"),  # of the day's stream
    _whole("position"),  # the end of the commit of its newest fact: as of it, all of that is known
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
    _count("closings"),
    _text("closing"),
    Column("document", LargeBinary, nullable=False),  # summary_bytes(summarize(day))
    Index("day_by_date", "client", "business_date", "location"),
)

ticket: Final = _table(
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

labor: Final = _table(
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
    _flag("edited_by_us"),
    _flag("conflict"),
    _count("generation"),
    _whole("position"),
)

overtime: Final = _table(
    "overtime",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("punch"),
    _text("employee"),
    _count("seconds"),
    _text("rate"),
    _text("multiplier"),
    _text("rule"),
    _whole("premium_cents"),
    _count("generation"),
    _whole("position"),
)
"""What of a punch is overtime; beside the punches, because it changes where they do not."""

employee: Final = _table(
    "employee",
    _key("client"),
    _key("location"),
    _key("employee"),
    _text("connection"),
    _text("person"),
    _text("first_name"),  # this one and the next six are sealed
    _text("last_name"),
    _text("address"),
    _text("phone"),
    _text("ssn"),
    _text("email"),
    _text("date_of_birth"),
    _text("middle_name"),  # sealed too
    _text("pos_id"),
    _text("payroll_id"),
    _text("hire_date"),
    _flag("active"),
    _flag("listed"),
    _text("jobs_json"),
    _whole("position"),
)

job: Final = _table(
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

reference: Final = _table(
    "reference",
    _key("client"),
    _key("location"),
    _key("kind"),
    _key("number"),
    _text("connection"),
    _text("name"),
    _flag("listed"),
    _text("record_json"),  # the record, personal fields sealed
    _whole("position"),
)
"""Menu items, tenders, tax definitions and house accounts."""

poll: Final = _table(
    "poll",
    _key("client"),
    _place("position"),
    Column("location", _WORD, nullable=False),
    Column("business_date", _WORD, nullable=False),
    _text("kind"),
    Column("outcome", _WORD, nullable=False),
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
    _text("files_json"),
    _text("started_at"),
    _text("ended_at"),
    _text("recorded_at"),
    _text("actor"),
    _text("reason"),
    _text("command"),
    _text("capture"),
    Index("poll_by_day", "client", "location", "business_date", "position"),
)

late_change: Final = _table(
    "late_change",
    _key("client"),
    _key("business_date"),
    _key("location"),
    _key("kind"),
    _key("key"),
    _count("version"),  # of the fact, in the day's stream
    _whole("position"),
    _text("recorded_at"),
    _text("origin"),
    _text("read_date"),
    _text("connection"),
    _text("capture"),
    Column("before", LargeBinary, nullable=False),  # canonical bytes of the record, or null
    Column("after", LargeBinary, nullable=False),
)
"""What approved days do not take until they are reopened."""

record_history: Final = _table(
    "record_history",
    _key("client"),
    _key("location"),
    _key("business_date"),  # empty for employees and jobs, which outlast a day
    _key("kind"),
    _key("key"),
    _place("position"),
    _count("place"),  # index of the change inside the fact
    _text("operation"),
    _count("generation"),  # 0 for employees and jobs
)
"""Which fact holds which change of a record; what changed is read from the journal."""

mention: Final = _table(
    "mention",
    _key("client"),
    _key("id"),
    _key("meaning"),  # what the id is there: `ticket`, `receipt number`, `employee`, `capture`, …
    _key("stream"),
    _key("record"),  # KIND/KEY where the id leads to one record, else empty
    _place("position"),
)
"""Which fact names which id, also ids of records that are gone since."""
overlay: Final = _table(
    "overlay",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("kind"),
    _key("key"),
    _text("ours_json"),  # what is shown; null where it was struck out
    _text("source_json"),  # of a punch what the source said when that was decided; else null
    _count("generation"),
    _text("actor"),
    _text("reason"),
    _text("recorded_at"),
    _whole("position"),
)
"""What people entered on our side and did not withdraw; who and why are of the newest entry."""

conflict: Final = _table(
    "conflict",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _key("kind"),
    _key("key"),
    _text("ours_json"),
    _text("theirs_json"),
    _count("generation"),
    _text("actor"),  # of what saw it
    _text("recorded_at"),
    _whole("position"),
)
"""Changes at the sources to what people entered, which nobody has decided on."""
watch: Final = _table(
    "watch",
    _key("client"),
    _key("location"),
    _key("business_date"),
    _text("state"),
    _count("generation"),
    _text("generation_at"),  # when it was recorded; empty before the first
    _whole("net_sales_cents"),
    _count("unchanged"),  # polls since then that found nothing new
    _text("tried_at"),  # when the newest poll ended, import files aside; empty before the first
    _count("failures"),  # polls that failed, in a row, since somebody deleted the day if somebody did
    _text("failure"),  # of the newest poll; empty where it did not fail
    _text("message"),
    _flag("retryable"),
    _text("retry_at"),
    _text("deleted_at"),  # empty unless the day is deleted
    _text("deleted_by"),
    _text("deleted_because"),
    _text("closed_at"),  # empty unless it is confirmed that the place was closed
    _text("closed_by"),
    _text("closed_because"),
    _whole("position"),
    Index("watch_by_retry", "client", "retry_at"),
)
"""How each day stands as far as polling it again is concerned."""

member: Final = _table(
    "member",
    _key("client"),
    _key("login"),
    _text("name"),
    _text("roles_json"),
    _text("locations_json"),  # null for all of the client's
    _flag("enabled"),
    _flag("with_password"),
    _text("invited_until"),  # until when a one-time secret stands; empty where none does
    _text("identities_json"),  # issuer and subject of each
    _text("added_at"),
    _text("added_by"),
    _text("changed_at"),  # the newest change of any kind
    _text("changed_by"),
    _count("version"),  # of the stream, with the newest fact about them
    _whole("position"),
)
"""Users of each client."""

api_key: Final = _table(
    "api_key",
    _key("client"),
    _key("key"),
    _text("name"),
    _text("roles_json"),
    _text("locations_json"),  # null for all of the client's
    _text("issued_at"),
    _text("issued_by"),
    _text("expires_at"),
    _text("revoked_at"),  # empty unless it is revoked
    _text("revoked_by"),
    _whole("position"),
)
"""API keys of each client, those that stand no more too."""
person: Final = _table(
    "person",
    _key("client"),
    _key("location"),
    _key("employee"),
    _key("connection"),
    _count("version"),  # of the person's stream
    _text("restricted_at"),  # empty unless nothing opens any more
    _text("restricted_by"),
    _text("restricted_because"),
    _text("due"),  # the first day on which the data may be destroyed, as it was then
    _text("held_at"),  # empty unless a legal hold keeps the data
    _text("held_by"),
    _text("held_because"),
    _text("shredded_at"),  # empty until the data is destroyed
    _text("shredded_by"),
    _whole("position"),
)
"""People whose data somebody restricted, held or destroyed; never the data."""

reading: Final = _table(
    "reading",
    _key("client"),
    _place("position"),
    _place("place"),  # one for each that a search found, from 0
    Column("location", _WORD, nullable=False),  # empty where a search found nobody
    Column("employee", _WORD, nullable=False),
    _text("connection"),
    _text("way"),  # `field`, `export` or `search`
    _text("fields_json"),
    _text("actor"),
    _text("reason"),
    _text("recorded_at"),
    _text("command"),
    Index("reading_by_employee", "client", "location", "employee", "position"),
)
"""Who read what of whose personal data."""
