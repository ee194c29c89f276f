"""The shapes that queries answer; amounts in whole cents, instants in UTC."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from domain.business_day import MISSING


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection; its locations are found by :func:`projections.queries.locations`.

    Attributes:
        credential: the fingerprint of the secret in use.
        configuration: the newest version of the polling configuration.
        options: options by name that differ from the system's defaults.
        overrides: options by location, over those.
        stage: in its life: ``draft``, ``established``, ``suspended`` or ``disconnected``.
        revision: counts everything that was decided about it: what a command expects.
        maker: who made it; empty where that was not recorded.
        admin: who is responsible for it; empty: the operator.
        visibility: who else may edit it.
        values: what was filled in of the system's form, without secrets.
        companies: the chosen ones: name by the source's id.
        lost: chosen ``companies`` and ``locations`` of ours that are no longer visible.
        test: what came of the newest test, without what it showed; None before the first.
        valid_until: until when the source's grant is good; None where it does not end.
        reason: why it is suspended.
        position: of its newest fact here.
    """

    client: str
    connection: str
    system: str
    name: str
    environment: str
    credential: str
    credential_version: int
    configuration: int
    options: dict[str, Any]
    overrides: dict[str, dict[str, Any]]
    established_at: dt.datetime | None
    stage: str
    revision: int
    maker: str
    admin: str
    visibility: str
    values: dict[str, Any]
    companies: dict[str, str]
    lost: dict[str, list[str]]
    drafted_at: dt.datetime | None
    tested_at: dt.datetime | None
    test: dict[str, Any] | None
    valid_until: dt.datetime | None
    suspended_at: dt.datetime | None
    reason: str
    disconnected_at: dt.datetime | None
    position: int


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location and the connection that feeds it.

    Attributes:
        number: in the books; empty where it has none.
        day_starts: ``HH:MM``.
        source: the system's own ids.
    """

    client: str
    location: str
    connection: str
    system: str
    name: str
    number: str
    zone: str
    day_starts: str
    source: dict[str, str]
    position: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """A business day with the figures that lists show.

    Attributes:
        version: of the day's stream: what a command expects.
        position: of its newest fact.
        recorded_at: of its newest fact.
        connection: polled last.
        attempts: polls, whatever came of them.
        closings: how often it was approved.
        closing: SHA-256 of the summary of the newest closing, hex; empty where there is none.
        document: the Daily Sales Summary: ``summary_bytes(summarize(day))``.
    """

    client: str
    location: str
    business_date: dt.date
    state: str
    generation: int
    version: int
    position: int
    recorded_at: dt.datetime
    connection: str
    configuration: int
    capture: str
    net_sales_cents: int
    gross_sales_cents: int
    tickets: int
    guests: int
    issue_count: int
    attempts: int
    closings: int
    closing: str
    document: bytes

    @property
    def deleted(self) -> bool:
        """Somebody deleted its summary, and no reading brought it back since."""
        return self.state == MISSING and self.generation > 0


@dataclass(frozen=True, slots=True)
class MarkRow:
    """What somebody said about a day: who, when, and why."""

    at: dt.datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with its sums.

    Attributes:
        closed_at: None while it is open.
        net_cents: gross − discounts.
        tips_cents: on payments.
        adjustment_cents: what its identity left unexplained.
        generation: the one that brought its newest change.
        position: of the fact with its newest change.
    """

    client: str
    location: str
    business_date: dt.date
    ticket: str
    number: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    service_type: str
    revenue_center: str
    server: str
    guests: int
    gross_cents: int
    discounts_cents: int
    net_cents: int
    tax_cents: int
    tips_cents: int
    adjustment_cents: int
    generation: int
    position: int


@dataclass(frozen=True, slots=True)
class LaborRow:
    """A punch: our hours and pay beside what the source states; the pay holds the premium of overtime.

    Attributes:
        clock_out: None while nobody clocked out.
        rate: per hour, a decimal string.
        stated_hours: a decimal string, or None where the source states none.
        excluded: why it counts no hours, or empty.
        edited_by_us: it is shown as somebody entered it here, not as the source says it.
        conflict: the source changed it since then, and nobody has decided.
        overtime_seconds: of it that are overtime.
        premium_cents: what these are paid on top of the rate.
        overtime_rule: by which they are, or empty.
    """

    client: str
    location: str
    business_date: dt.date
    punch: str
    employee: str
    job: str
    job_name: str
    clock_in: dt.datetime
    clock_out: dt.datetime | None
    rate: str
    worked_seconds: int
    pay_cents: int
    stated_hours: str | None
    stated_pay_cents: int | None
    declared_tips_cents: int
    charge_tips_cents: int
    terminal: str
    excluded: str
    unknown_employee: bool
    edited_by_us: bool
    conflict: bool
    generation: int
    position: int
    overtime_seconds: int = 0
    premium_cents: int = 0
    overtime_rule: str = ""


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """An employee as the source knows them; the eight personal fields are sealed (``sealed:…``) or empty.

    Attributes:
        person: the name of the person's key in the vault.
        jobs: ``{"job": …, "rate": …}`` each.
    """

    client: str
    location: str
    employee: str
    connection: str
    person: str
    first_name: str
    last_name: str
    address: str
    phone: str
    ssn: str
    email: str
    date_of_birth: str
    middle_name: str
    pos_id: str
    payroll_id: str
    hire_date: str
    active: bool
    listed: bool
    jobs: list[dict[str, str]]
    position: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job that employees work in; the rate is a decimal string."""

    client: str
    location: str
    job: str
    connection: str
    name: str
    code: str
    rate: str
    listed: bool
    position: int


@dataclass(frozen=True, slots=True)
class PollRow:
    """An attempt to poll a day, or to import files for it.

    Attributes:
        kind: ``poll``, ``repoll`` or ``import``.
        outcome: ``polled``, ``staged`` (the day is approved), ``unchanged`` or ``failed``.
        failure: the kind of failure, or empty.
        retry_at: not before, where the source said so.
        generation: that it began, staged or found standing; None where it failed.
        rows: control totals: rows by resource.
        files: of an import, each with ``kind``, ``name``, ``digest`` and ``rows``.
    """

    client: str
    position: int
    location: str
    business_date: dt.date
    kind: str
    outcome: str
    connection: str
    configuration: int
    failure: str
    message: str
    resource: str
    retryable: bool
    retry_at: dt.datetime | None
    generation: int | None
    added: int
    changed: int
    removed: int
    requests: int
    read_bytes: int
    rows: dict[str, int]
    files: list[dict[str, Any]]
    started_at: dt.datetime
    ended_at: dt.datetime
    recorded_at: dt.datetime
    actor: str
    reason: str
    command: str
    capture: str


@dataclass(frozen=True, slots=True)
class LateChangeRow:
    """A change that came to light after a day's approval and waits until it is reopened.

    Attributes:
        kind: of the record, with its key.
        version: of the fact that tells it, in the day's stream; its position in the log beside it.
        recorded_at: of that fact.
        origin: ``poll``, ``import``, ``replay``, or why another day's reading says it.
        read_date: the business day that was read; None where it was the day itself.
        connection: that told it.
        capture: the digest of the answer that tells it.
        before: canonical bytes of the record as it was approved, or ``null``.
        after: canonical bytes of the record as it would be, or ``null``.
    """

    client: str
    location: str
    business_date: dt.date
    kind: str
    key: str
    version: int
    position: int
    recorded_at: dt.datetime
    origin: str
    read_date: dt.date | None
    connection: str
    capture: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A menu item, tender, tax definition or house account.

    Attributes:
        kind: ``menu-item``, ``tender``, ``tax-definition`` or ``house-account``.
        number: what other records refer to it by.
        listed: the newest list of its source still has it.
        record: all its fields, personal ones sealed (``sealed:…``) or empty.
    """

    client: str
    location: str
    kind: str
    number: str
    connection: str
    name: str
    listed: bool
    record: dict[str, Any]
    position: int


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """Something that somebody entered on a day.

    Attributes:
        kind: ``punch``, ``deposit``, ``comment`` or ``tag``.
        key: under which it was entered.
        ours: what is shown, in the fields of its record; None where a punch is struck out.
        source: of a punch what the source said when that was decided; else None.
        generation: the day's generation that it was entered over.
        actor: who entered it; ``reason`` why, ``recorded_at`` when.
    """

    client: str
    location: str
    business_date: dt.date
    kind: str
    key: str
    ours: dict[str, Any] | None
    source: dict[str, Any] | None
    generation: int
    actor: str
    reason: str
    recorded_at: dt.datetime
    position: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A change at the source to what was entered here, which nobody has decided on.

    Attributes:
        kind: ``punch`` or ``deposit``.
        key: of the source's record.
        ours: what is shown; of a deposit those that were entered here, by key; None where a punch is struck out.
        theirs: the source's record; None where it has it no longer.
        generation: the one that brought it.
        actor: who recorded what saw it; ``recorded_at`` when.
    """

    client: str
    location: str
    business_date: dt.date
    kind: str
    key: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    generation: int
    actor: str
    recorded_at: dt.datetime
    position: int
