"""The shapes of personnel: pulls, employees of HR systems, and who of them is whom at the points of sale."""

from typing import Literal

from pydantic import Field

from api.http.models import Instant, Shape
from api.http.person_models import LinkedRecord, OpeningRequest, ReasonRequest

State = Literal["linked", "matched", "ambiguous", "suggested", "unmatched"]
Rule = Literal["manual", "payroll-id", "ssn", "email", "name-and-birth-date"]


class PullRequest(ReasonRequest):
    """Why, and who is to be read."""

    whole: bool = Field(default=False, description="Read everybody, so that who is missing is gone.")


class PullAnswer(Shape):
    """What came of a pull."""

    connection: str
    outcome: Literal["pulled", "failed"]
    way: Literal["whole", "incremental"]
    failure: str | None = Field(description="The kind, where it failed: nothing of it counts.")
    message: str | None
    retry_at: Instant | None = Field(description="Not before, where the source said so.")
    seen: int = Field(description="Employees that were read.")
    added: int
    changed: int
    gone: int = Field(description="Who is on the list no more: not active from now on, and not deleted.")
    passes: int = Field(description="Over the list, until nobody could be lost.")
    requests: int
    position: int
    recorded_at: Instant
    command: str


class LinkRequest(ReasonRequest):
    """Who it is, and why."""

    connection: str = Field(min_length=1, max_length=64, description="The connection to the HR system.")
    hr: str = Field(min_length=1, max_length=200, description="The HR system's id of the employee.")


class LinkAnswer(Shape):
    """Who somebody is now."""

    location: str
    employee: str
    connection: str
    state: State
    hr: str | None = Field(description="The HR system's id; null where it is not settled.")
    changed: bool
    position: int | None
    recorded_at: Instant | None
    command: str


class HrMatch(Shape):
    """Who an employee at a point of sale is to an HR system."""

    location: str
    employee: str
    connection: str
    state: State
    rule: Rule | None = Field(description="The strongest one that says so.")
    hr: str | None
    candidates: list[str]
    decided_by: str | None = Field(description="Who linked them; null where a rule found them.")
    decided_at: Instant | None


class HrJobShape(Shape):
    """A job that somebody is employed in."""

    id: str
    name: str
    rate: str | None = Field(description="Pay per hour.")


class HrPerson(Shape):
    """An employee as an HR system knows them."""

    connection: str
    employee: str
    first_name: str | None = Field(description="null once the person was forgotten, as all of personal data.")
    last_name: str | None
    payroll_id: str
    title: str
    department: str
    hire_date: str
    active: bool
    listed: bool = Field(description="The system's list still has them.")
    jobs: list[HrJobShape]
    forgotten: bool
    ssn_last_four: str | None
    is_minor: bool | None
    personal: dict[str, Literal["sealed"] | None] = Field(description="What is known of the rest.")


class HrEmployeeShape(HrPerson):
    """An employee of an HR system, and who they are at the points of sale."""

    matches: list[HrMatch]


class HrEmployees(Shape):
    """A page of them."""

    data: list[HrEmployeeShape]
    next: str | None


class StaffMatch(Shape):
    """An employee at a point of sale, and who it is to an HR system."""

    location: str
    employee: str
    first_name: str | None
    last_name: str | None
    payroll_id: str
    active: bool
    connection: str | None = Field(description="To the HR system; null where nobody knows.")
    state: State
    rule: Rule | None
    hr: str | None
    candidates: list[str]
    decided_by: str | None
    decided_at: Instant | None


class StaffMatches(Shape):
    """A page of them."""

    data: list[StaffMatch]
    next: str | None


class Difference(Shape):
    """What an HR system says otherwise than the point of sale; nothing is chosen."""

    field: str = Field(description="`rate/JOB` for the pay rate in a job.", examples=["hire_date"])
    pos: str | bool
    hr: str | bool


class BesideHr(Shape):
    """What one HR system says of somebody."""

    match: HrMatch
    employee: HrPerson | None = Field(description="null where it is not settled who they are.")
    conflicts: list[Difference]


class Beside(Shape):
    """What HR systems say of an employee at a point of sale."""

    location: str
    employee: str
    data: list[BesideHr]


class HrOpeningRequest(OpeningRequest):
    """Which fields, and why."""


class HrOpeningAnswer(Shape):
    """What was opened."""

    connection: str
    employee: str
    fields: dict[str, str | None] = Field(description="null where it is not known.")
    position: int = Field(description="Where the opening is recorded.")
    recorded_at: Instant
    command: str


class HrErasureAnswer(Shape):
    """What became of somebody's data."""

    connection: str
    employee: str
    version: int
    forgotten: bool
    due: str | None = Field(description="The first day on which it may be destroyed.")
    changed: bool
    position: int | None
    recorded_at: Instant | None
    linked: list[LinkedRecord] = Field(description="The other records of the same person, within reach.")
    out_of_reach: int = Field(description="How many more there are at other locations.")
    command: str
