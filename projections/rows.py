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
    """A punch: our hours and pay beside what the source states.

    Attributes:
        clock_out: None while nobody clocked out.
        rate: per hour, a decimal string.
        stated_hours: a decimal string, or None where the source states none.
        excluded: why it counts no hours, or empty.
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
    generation: int
    position: int


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
        outcome: ``polled``, ``unchanged`` or ``failed``.
        failure: the kind of failure, or empty.
        retry_at: not before, where the source said so.
        generation: that it began or found standing; None where it failed.
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
