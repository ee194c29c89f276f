"""The tables of the read side; alembic/versions make them, from 0003_views.py on, and a test proves both equal.

The client (tenant) is first in every key. Amounts are whole cents. Business dates are ``YYYY-MM-DD``. Instants are
ISO 8601 in UTC as facts write them, ``2026-11-21T22:10:00Z``, with six digits of a fraction only where there is one:
text that is the same on SQLite and PostgreSQL and passes from the record to the row untouched. The empty text stands
for *not there* unless a column may be NULL. Columns that end in ``_json`` hold JSON text.
"""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary

from projections.columns import SCHEMA, WORD, count, flag, key, metadata, place, table, text, whole
from projections.import_tables import import_job, import_part, import_run
from projections.object_tables import attempted, synced
from projections.people_tables import api_key, member, person, reading
from projections.personnel_tables import hr_employee, hr_match, personnel
from projections.schedule_tables import schedule

__all__ = [
    "SCHEMA",
    "api_key",
    "attempted",
    "hr_employee",
    "hr_match",
    "import_job",
    "import_part",
    "import_run",
    "member",
    "metadata",
    "person",
    "personnel",
    "reading",
    "schedule",
    "synced",
]

bookmark: Final = table("bookmark", key("view"), whole("position"))
"""How far each view has read: the position of the last fact that is in its rows."""

connection: Final = table(
    "connection",
    key("client"),
    key("connection"),
    text("system"),
    text("name"),
    text("environment"),
    text("credential"),  # the fingerprint of the secret
    count("credential_version"),
    count("configuration"),  # its newest version
    text("options_json"),
    text("overrides_json"),
    text("established_at"),
    text("stage"),
    count("revision"),  # everything that was decided about it
    text("maker"),
    text("admin"),
    text("visibility"),
    text("values_json"),  # of the system's form, without secrets
    text("companies_json"),  # the chosen ones: name by the source's id
    text("lost_json"),  # chosen companies and our locations that are no longer visible
    text("drafted_at"),
    text("tested_at"),
    text("test_json"),  # what came of the newest test, without what it showed; null before the first
    Column("valid_until", WORD, nullable=False),  # empty where the grant does not end
    text("suspended_at"),
    text("reason"),  # why it is suspended
    text("disconnected_at"),
    whole("position"),
    Index("connection_by_end", "client", "valid_until"),
)

feeder: Final = table(
    "feeder",
    key("client"),
    key("location"),
    key("connection"),
    text("system"),
    text("name"),
    text("number"),
    text("zone"),
    text("day_starts"),
    text("source_json"),
    flag("over"),  # the connection is disconnected
    text("purpose"),  # `days`: it feeds them; `objects`: it is told of what becomes of them
    whole("added"),  # the position at which the location was added to it
    whole("position"),
    Index("feeder_by_connection", "client", "connection"),
)
"""Every connection that feeds a location or did; the location is shown with one of them."""

company: Final = table(
    "company",
    key("client"),
    key("company"),
    text("system"),
    text("environment"),
    text("organization"),  # the source's own id
    text("name"),
    count("connections"),  # that have chosen it and stand
    whole("position"),
)
"""Companies, each once, however many connections see it."""

company_connection: Final = table(
    "company_connection",
    key("client"),
    key("company"),
    key("connection"),
    text("organization"),
    text("name"),
    flag("standing"),  # the connection is established and not over
    flag("lost"),  # it no longer sees the company
    whole("position"),
    Index("company_by_connection", "client", "connection"),
)

tenant: Final = table(
    "tenant",
    key("client"),
    Column("customer", WORD, nullable=False),
    text("name"),
    text("customer_name"),
    text("added_at"),
    whole("position"),
    Index("tenant_by_customer", "customer", "client"),
)
"""Clients that were added to a customer."""

location: Final = table(
    "location",
    key("client"),
    key("location"),
    text("connection"),
    text("system"),
    text("name"),
    text("number"),
    text("zone"),
    text("day_starts"),
    text("source_json"),
    whole("position"),
)

day: Final = table(
    "day",
    key("client"),
    key("location"),
    key("business_date"),
    text("state"),
    count("generation"),
    count("version"),  # of the day's stream
    whole("position"),  # the end of the commit of its newest fact: as of it, all of that is known
    text("recorded_at"),
    text("connection"),
    count("configuration"),
    text("capture"),
    whole("net_sales_cents"),
    whole("gross_sales_cents"),
    count("tickets"),
    whole("guests"),
    count("issue_count"),
    count("attempts"),
    count("closings"),
    text("closing"),
    Column("document", LargeBinary, nullable=False),  # summary_bytes(summarize(day))
    Index("day_by_date", "client", "business_date", "location"),
)

ticket: Final = table(
    "ticket",
    key("client"),
    key("location"),
    key("business_date"),
    key("ticket"),
    text("number"),
    text("opened_at"),
    text("closed_at"),
    text("service_type"),
    text("revenue_center"),
    text("server"),
    whole("guests"),
    whole("gross_cents"),
    whole("discounts_cents"),
    whole("net_cents"),
    whole("tax_cents"),
    whole("tips_cents"),
    whole("adjustment_cents"),
    count("generation"),
    whole("position"),
)

labor: Final = table(
    "labor",
    key("client"),
    key("location"),
    key("business_date"),
    key("punch"),
    text("employee"),
    text("job"),
    text("job_name"),
    text("clock_in"),
    text("clock_out"),
    text("rate"),
    count("worked_seconds"),
    whole("pay_cents"),
    text("stated_hours", nullable=True),
    whole("stated_pay_cents", nullable=True),
    whole("declared_tips_cents"),
    whole("charge_tips_cents"),
    text("terminal"),
    text("excluded"),
    flag("unknown_employee"),
    flag("edited_by_us"),
    flag("conflict"),
    count("generation"),
    whole("position"),
)

overtime: Final = table(
    "overtime",
    key("client"),
    key("location"),
    key("business_date"),
    key("punch"),
    text("employee"),
    count("seconds"),
    text("rate"),
    text("multiplier"),
    text("rule"),
    whole("premium_cents"),
    count("generation"),
    whole("position"),
)
"""What of a punch is overtime; beside the punches, because it changes where they do not."""

employee: Final = table(
    "employee",
    key("client"),
    key("location"),
    key("employee"),
    text("connection"),
    text("person"),
    text("first_name"),  # this one and the next six are sealed
    text("last_name"),
    text("address"),
    text("phone"),
    text("ssn"),
    text("email"),
    text("date_of_birth"),
    text("middle_name"),  # sealed too
    text("pos_id"),
    text("payroll_id"),
    text("hire_date"),
    flag("active"),
    flag("listed"),
    text("jobs_json"),
    whole("position"),
)

job: Final = table(
    "job",
    key("client"),
    key("location"),
    key("job"),
    text("connection"),
    text("name"),
    text("code"),
    text("rate"),
    flag("listed"),
    whole("position"),
)

reference: Final = table(
    "reference",
    key("client"),
    key("location"),
    key("kind"),
    key("number"),
    text("connection"),
    text("name"),
    flag("listed"),
    text("record_json"),  # the record, personal fields sealed
    whole("position"),
)
"""Menu items, tenders, tax definitions and house accounts."""

poll: Final = table(
    "poll",
    key("client"),
    place("position"),
    Column("location", WORD, nullable=False),
    Column("business_date", WORD, nullable=False),
    text("kind"),
    Column("outcome", WORD, nullable=False),
    text("connection"),
    count("configuration"),
    text("failure"),
    text("message"),
    text("resource"),
    flag("retryable"),
    text("retry_at"),
    count("generation", nullable=True),
    count("added"),
    count("changed"),
    count("removed"),
    count("requests"),
    whole("read_bytes"),
    text("rows_json"),
    text("files_json"),
    text("started_at"),
    text("ended_at"),
    text("recorded_at"),
    text("actor"),
    text("reason"),
    text("command"),
    text("capture"),
    Index("poll_by_day", "client", "location", "business_date", "position"),
)

late_change: Final = table(
    "late_change",
    key("client"),
    key("business_date"),
    key("location"),
    key("kind"),
    key("key"),
    count("version"),  # of the fact, in the day's stream
    whole("position"),
    text("recorded_at"),
    text("origin"),
    text("read_date"),
    text("connection"),
    text("capture"),
    Column("before", LargeBinary, nullable=False),  # canonical bytes of the record, or null
    Column("after", LargeBinary, nullable=False),
)
"""What approved days do not take until they are reopened."""

record_history: Final = table(
    "record_history",
    key("client"),
    key("location"),
    key("business_date"),  # empty for employees and jobs, which outlast a day
    key("kind"),
    key("key"),
    place("position"),
    count("place"),  # index of the change inside the fact
    text("operation"),
    count("generation"),  # 0 for employees and jobs
)
"""Which fact holds which change of a record; what changed is read from the journal."""

mention: Final = table(
    "mention",
    key("client"),
    key("id"),
    key("meaning"),  # what the id is there: `ticket`, `receipt number`, `employee`, `capture`, …
    key("stream"),
    key("record"),  # KIND/KEY where the id leads to one record, else empty
    place("position"),
)
"""Which fact names which id, also ids of records that are gone since."""
overlay: Final = table(
    "overlay",
    key("client"),
    key("location"),
    key("business_date"),
    key("kind"),
    key("key"),
    text("ours_json"),  # what is shown; null where it was struck out
    text("source_json"),  # of a punch what the source said when that was decided; else null
    count("generation"),
    text("actor"),
    text("reason"),
    text("recorded_at"),
    whole("position"),
)
"""What people entered on our side and did not withdraw; who and why are of the newest entry."""

conflict: Final = table(
    "conflict",
    key("client"),
    key("location"),
    key("business_date"),
    key("kind"),
    key("key"),
    text("ours_json"),
    text("theirs_json"),
    count("generation"),
    text("actor"),  # of what saw it
    text("recorded_at"),
    whole("position"),
)
"""Changes at the sources to what people entered, which nobody has decided on."""
watch: Final = table(
    "watch",
    key("client"),
    key("location"),
    key("business_date"),
    text("state"),
    count("generation"),
    text("generation_at"),  # when it was recorded; empty before the first
    whole("net_sales_cents"),
    count("unchanged"),  # polls since then that found nothing new
    text("tried_at"),  # when the newest poll ended, import files aside; empty before the first
    count("failures"),  # polls that failed, in a row, since somebody deleted the day if somebody did
    text("failure"),  # of the newest poll; empty where it did not fail
    text("message"),
    flag("retryable"),
    text("retry_at"),
    text("deleted_at"),  # empty unless the day is deleted
    text("deleted_by"),
    text("deleted_because"),
    text("closed_at"),  # empty unless it is confirmed that the place was closed
    text("closed_by"),
    text("closed_because"),
    whole("position"),
    Index("watch_by_retry", "client", "retry_at"),
)
"""How each day stands as far as polling it again is concerned."""
