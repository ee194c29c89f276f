"""The shapes of requests and answers, for the OpenAPI document and for tests; answers are written without them."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON

Amount = Annotated[str, Field(pattern=r"^-?\d+\.\d{2}$", description="An amount of money.", examples=["480.00"])]
Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="A decimal number.", examples=["7.5000"])]
BusinessDate = Annotated[dt.date, Field(description="A business date, YYYY-MM-DD.", examples=["2026-11-21"])]
Instant = Annotated[dt.datetime, Field(description="An instant, UTC.", examples=["2026-11-21T22:10:00Z"])]


class Shape(BaseModel):
    """An answer: exactly these members."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """A problem, as RFC 9457 has it; some carry further members."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Names the kind of problem; see `/problems`.", examples=["/problems/poll-failed"])
    title: str
    status: int
    detail: str = Field(description="A sentence about this occurrence.")
    instance: str = Field(default="", description="The id of the request, which is also in the log.")


class ProblemKind(Shape):
    """A kind of problem."""

    type: str
    status: int
    title: str


class ProblemKinds(Shape):
    """All kinds of problems."""

    data: list[ProblemKind]


class Health(Shape):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Shape):
    """Everything that the service needs is in order."""

    status: Literal["ready"]
    checks: dict[str, str] = Field(description="What was looked at, and how it is.")
    position: int = Field(description="The last position of the log.")
    lag_seconds: float = Field(description="How far the views are behind the log.")
    walls: str = Field(
        description="`up` where row-level security keeps clients apart as well, else why it does not; no matter for "
        "readiness."
    )


class Location(Shape):
    """A location that a connection feeds."""

    location: str
    name: str
    number: str
    zone: str = Field(description="IANA time zone.")
    day_starts: str = Field(description="Wall-clock time at which the business day begins, HH:MM.")
    connection: str
    system: str
    source: dict[str, str] = Field(description="The system's own ids.")
    position: int


class Locations(Shape):
    """A page of the client's locations."""

    data: list[Location]
    next: str | None = Field(description="The cursor of the next page.")


class ChosenCompany(Shape):
    """A company that a connection has chosen."""

    company: str = Field(description="Our id of it, the same for every connection.")
    organization: str = Field(description="The source's.")
    name: str
    lost: bool = Field(description="The source no longer shows it to this connection.")


class ConnectionTest(BaseModel):
    """What came of a test, without what it showed."""

    of: Literal["draft", "connection", "edit", "renewal"]
    passed: bool
    credential_version: int
    environment: str = ""
    identity: str = ""
    asked: bool = True
    failure: str = ""
    message: str = ""


class Connection(Shape):
    """A connection to a system; its secret is never shown."""

    connection: str
    system: str
    name: str
    environment: str
    credential: str = Field(description="The fingerprint of the secret in use.")
    credential_version: int
    configuration: int = Field(description="The newest version of its polling configuration.")
    options: dict[str, Any]
    overrides: dict[str, dict[str, Any]]
    stage: Literal["draft", "established", "suspended", "disconnected"]
    revision: int = Field(description="Counts everything that was decided about it; the ETag.")
    maker: str = Field(description="Who made it; empty where that was not recorded.")
    admin: str = Field(description="Who is responsible for it; empty: the operator.")
    admin_trouble: str = Field(description="Why the admin cannot be that any more; empty where they can.")
    visibility: Literal["private", "shared"]
    editable: bool = Field(description="The caller may edit it.")
    values: dict[str, Any] | None = Field(description="Of the system's form, without secrets; null where not editable.")
    companies: list[ChosenCompany] | None = Field(description="The chosen ones; null where the caller may not edit it.")
    lost_locations: list[str] | None = Field(description="Locations that its source no longer shows.")
    test: ConnectionTest | None = Field(description="What came of the newest test.")
    drafted_at: Instant | None
    tested_at: Instant | None
    established_at: Instant | None
    valid_until: Instant | None = Field(
        description="Until when the source's grant is good; null where it does not end."
    )
    renewal: str = Field(description="That it has to be renewed, from some days before on; else empty.")
    suspended_at: Instant | None
    reason: str = Field(description="Why it is suspended.")
    disconnected_at: Instant | None
    position: int


class Connections(Shape):
    """A page of the client's connections."""

    data: list[Connection]
    next: str | None = Field(description="The cursor of the next page.")


class Mark(Shape):
    """What somebody said about a business day."""

    at: Instant
    by: str = Field(description="Who, for example `cli:anna`.")
    reason: str


class Day(Shape):
    """Where a business day stands."""

    location: str
    date: BusinessDate
    state: str
    generation: int = Field(description="Counts the polls that found a difference.")
    version: int = Field(description="The version of the day's stream; the ETag.")
    position: int = Field(description="The log position of the day's newest fact.")
    recorded_at: Instant
    connection: str
    configuration: int = Field(description="The version of the polling configuration it was translated with.")
    capture: str = Field(description="The digest of the source's newest answer.")
    attempts: int
    closings: int = Field(description="How often the day was approved: the number of its newest closing.")
    closing: str = Field(description="SHA-256 of the summary of that closing, hex; empty where there is none.")
    net_sales: Amount
    gross_sales: Amount
    tickets: int
    guests: int
    issue_count: int
    deletion: Mark | None = Field(description="Who deleted its summary; null once it was read again.")
    closed: Mark | None = Field(description="Who confirmed that the place was closed; null once there are sales.")


class Ticket(Shape):
    """A sales ticket in short; its history has every line."""

    ticket: str
    number: str
    opened_at: Instant
    closed_at: Instant | None
    service_type: str
    revenue_center: str
    server: str
    guests: int
    gross: Amount
    discounts: Amount
    net: Amount
    tax: Amount
    tips: Amount
    adjustment: Amount
    generation: int
    position: int


class Tickets(Shape):
    """A page of tickets."""

    data: list[Ticket]
    next: str | None = Field(description="The cursor of the next page.")


class Punch(Shape):
    """A time punch with what follows from it, and what the source states."""

    punch: str
    employee: str
    job: str
    job_name: str
    clock_in: Instant
    clock_out: Instant | None
    rate: Number
    hours: Number
    pay: Amount
    stated_hours: Number | None
    stated_pay: Amount | None
    declared_tips: Amount
    charge_tips: Amount
    terminal: str
    excluded: str
    unknown_employee: bool
    edited_by_us: bool = Field(description="It is shown as somebody entered it here, not as the source says it.")
    conflict: bool = Field(description="The source changed it since then, and nobody has decided which side stands.")
    generation: int
    position: int
    overtime_hours: Number
    premium: Amount = Field(description="What overtime is paid on top of the rate; part of the pay.")
    overtime_rule: str = Field(description="`daily`, `weekly` or both; empty where there is no overtime.")


class Labor(Shape):
    """The labor of a business day."""

    location: str
    date: BusinessDate
    punches: int
    hours: Number
    pay: Amount
    overtime_hours: Number
    premium: Amount = Field(description="Of the pay, what overtime is paid on top of the rates.")
    data: list[Punch]


class JobRate(Shape):
    """Pay per hour in one job."""

    job: str
    rate: Number


class Employee(Shape):
    """An employee. Of personal data the names are shown, the last digits of the SSN, and whether the rest is known."""

    employee: str
    location: str
    connection: str
    first_name: str | None = Field(description="null once the person was forgotten.")
    last_name: str | None = Field(description="null once the person was forgotten.")
    forgotten: bool = Field(description="Nothing of the personal data opens any more.")
    ssn_last_four: str | None = Field(description="Of the social security number the last four digits, where known.")
    is_minor: bool | None = Field(
        description="Not 18 yet on today's business date; null where the date of birth is not known."
    )
    personal: dict[str, Literal["sealed"] | None] = Field(
        description="Address, phone, SSN, e-mail and date of birth: `sealed` where known. "
        "`POST /v1/employees/{location}/{employee}/openings` opens them."
    )
    pos_id: str
    payroll_id: str
    hire_date: str
    active: bool
    listed: bool
    jobs: list[JobRate]
    position: int


class Employees(Shape):
    """A page of employees."""

    data: list[Employee]
    next: str | None = Field(description="The cursor of the next page.")


class ImportedFile(Shape):
    """An import file that was read."""

    kind: str
    name: str
    digest: str
    rows: int


class Poll(Shape):
    """An attempt at reading a day."""

    position: int
    location: str
    date: BusinessDate
    kind: Literal["poll", "repoll", "import"]
    outcome: Literal["polled", "staged", "unchanged", "failed"]
    connection: str
    configuration: int
    failure: str
    message: str
    resource: str
    retryable: bool
    retry_at: Instant | None
    generation: int | None
    added: int
    changed: int
    removed: int
    requests: int
    read_bytes: int
    rows: dict[str, int]
    files: list[ImportedFile] = Field(description="What an import read.")
    started_at: Instant
    ended_at: Instant
    recorded_at: Instant
    actor: str
    reason: str
    command: str
    capture: str


class Polls(Shape):
    """A page of attempts, newest first."""

    data: list[Poll]
    next: int | None = Field(description="The `after` of the next page, with older attempts.")


class PollRequest(BaseModel):
    """Why a day is to be polled."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with the poll.", examples=["late void at the POS"]
    )


class OtherDay(Shape):
    """Another business day that a poll said something about."""

    date: BusinessDate
    records: int = Field(description="Records that changed there.")


class PollAnswer(Shape):
    """What came of a poll."""

    outcome: Literal["polled", "staged", "unchanged"] = Field(
        description="`staged`: the day is approved; what differs waits until it is reopened."
    )
    location: str
    date: BusinessDate
    generation: int
    added: int
    changed: int
    removed: int
    position: int = Field(description="Read with `min_position` at least this to see it.")
    recorded_at: Instant
    command: str
    compensated: list[OtherDay] = Field(
        default=[], description="Other business days that changed by it, with compensating facts; absent: none did."
    )
    observed: int = Field(
        default=0,
        description="Changes that other, approved days do not take until they are reopened; absent: none.",
    )
    conflicts: int = Field(
        default=0, description="Changes to what was entered here: each is listed until it is decided; absent: none."
    )


class FieldChange(Shape):
    """A field before and after."""

    path: str
    before: Any
    after: Any


class RecordChange(Shape):
    """A record that differs."""

    record: str
    operation: Literal["added", "changed", "removed"]
    fields: list[FieldChange]


class Derivation(Shape):
    """What one connection brought to a day, and how it was derived again."""

    connection: str
    system: str
    capture: str = Field(description="The digest of the answer that it was derived from.")
    recorded: int = Field(description="The version of the configuration that the day is recorded under.")
    configuration: int = Field(description="The version that it was derived under.")
    options: dict[str, Any] = Field(description="What was tried over that version.")


class Provenance(Shape):
    """Who recorded it, and why."""

    actor: str
    command: str
    reason: str
    cause: str
    correlation: str


class Fact(Shape):
    """A recorded fact."""

    position: int
    stream: str
    version: int
    name: str
    fact_version: int
    recorded_at: Instant
    provenance: Provenance
    data: dict[str, Any]


class Facts(Shape):
    """A stretch of the log."""

    data: list[Fact]
    next: int = Field(description="The `after` to go on from, now or later.")
