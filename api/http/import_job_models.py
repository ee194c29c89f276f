"""The shapes of requests and answers about data import jobs."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Instant, Shape
from domain.connection import MOST_LOCATIONS
from domain.facts import Period
from domain.facts.import_jobs import PartOutcome, PeriodKind, RunOutcome, Why
from domain.import_jobs import MOST_DAYS
from domain.names import LONGEST_NAME

_REASON = Field(min_length=1, max_length=LONGEST_REASON, description="Kept with what is recorded.")
_Name = Annotated[str, Field(max_length=LONGEST_NAME, description="What people call it.", examples=["Every night"])]
_Companies = Annotated[
    list[str], Field(max_length=MOST_LOCATIONS, description="Chosen companies, by the source's ids.")
]
_Locations = Annotated[list[str], Field(max_length=MOST_LOCATIONS, description="Chosen locations.")]
_DataSets = Annotated[list[str], Field(max_length=20, description="Of the system's data sets.", examples=[["sales"]])]
_PERIOD = "`range` takes `first` and `last`, `last-days` takes `days`, `everything` takes nothing."


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PeriodRequest(_Asked):
    """Which business days."""

    kind: PeriodKind = Field(description=_PERIOD)
    first: Annotated[dt.date, Field(strict=False)] | None = None
    last: Annotated[dt.date, Field(strict=False)] | None = None
    days: int = Field(default=0, ge=0, le=MOST_DAYS)

    @property
    def meant(self) -> Period:
        """The period of a job."""
        return Period(self.kind, self.first, self.last, self.days)


class ImportJobRequest(_Asked):
    """What is to be imported. Without companies and locations all of one's own are meant that the connection feeds."""

    id: str = Field(max_length=64, description="Its id, which stays.", examples=["nightly"])
    name: _Name
    connection: str = Field(max_length=64, description="The id of the connection that is polled.")
    period: PeriodRequest
    companies: _Companies = []
    locations: _Locations = []
    data_sets: _DataSets = []
    reason: str = _REASON


class ImportJobPatch(_Asked):
    """What is to be another. What is not given stays; companies and locations take the place of each other."""

    name: _Name | None = None
    period: PeriodRequest | None = None
    companies: _Companies | None = None
    locations: _Locations | None = Field(default=None, description="All of them; none of both: all there are.")
    data_sets: _DataSets | None = Field(default=None, description="All of them; none: all that the system has.")
    reason: str = _REASON


class ScheduleRequest(_Asked):
    """When it runs by itself."""

    at: str | None = Field(max_length=5, description="Every day at this time, HH:MM; null: never.", examples=["05:00"])
    zone: str | None = Field(
        default=None, max_length=64, description="The clock's IANA zone; without it that of the first location."
    )
    reason: str = _REASON


class ReasonRequest(_Asked):
    """Why."""

    reason: str = _REASON


class JobPeriod(Shape):
    """Which business days."""

    kind: PeriodKind = Field(description=_PERIOD)
    first: BusinessDate | None
    last: BusinessDate | None
    days: int | None


class JobSchedule(Shape):
    """When a job runs by itself: every day."""

    at: str = Field(description="HH:MM, wall-clock time.")
    zone: str = Field(description="IANA time zone.")


class ImportJob(Shape):
    """A data import job."""

    job: str
    name: str
    connection: str
    period: JobPeriod
    chosen: Literal["all", "companies", "locations"] = Field(description="How its locations are meant.")
    companies: list[str] | None = Field(description="The source's ids; null where one may not edit the connection.")
    locations: list[str] = Field(description="Those that are meant now, of one's own.")
    data_sets: list[str]
    schedule: JobSchedule | None
    next_at: Instant | None = Field(description="When it runs by itself the next time; null: never.")
    ended: bool
    revision: int = Field(description="Counts what was decided about it: what If-Match names.")
    runs: int = Field(description="How many there were.")
    added_at: Instant
    added_by: str
    changed_at: Instant
    changed_by: str
    position: int


class ImportJobs(Shape):
    """A page of data import jobs."""

    data: list[ImportJob]
    next: str | None = Field(description="The cursor of the next page.")


class ImportJobAnswer(Shape):
    """What came of a decision about a job."""

    job: str
    revision: int
    changed: bool = Field(description="False where it was so already.")
    position: int | None
    command: str


class RunDays(Shape):
    """How far a run came, in business days."""

    planned: int
    read: int = Field(description="Polled whole, whether anything differed or not.")
    failed: int
    refused: int
    left: int = Field(description="To be done still; of a run that is over: never done.")


class RunLocation(RunDays):
    """The part of a run that is of one location."""

    location: str
    first: BusinessDate
    last: BusinessDate


class RunLeftOut(Shape):
    """What the job asks for and the run does not bring."""

    location: str
    why: Why
    first: BusinessDate | None = Field(description="Of the days that are left out; null where it is about all.")
    last: BusinessDate | None
    data_set: str | None = Field(description="That is left out; null: all of them.")
    reason: str = Field(description="A sentence for a person.")


class RunPart(Shape):
    """One business day of one location that was polled for a run, or could not be."""

    location: str
    date: BusinessDate
    outcome: PartOutcome = Field(description="`refused`: it was not polled, and nothing of the day is recorded.")
    generation: int
    failure: str = Field(description="The kind of failure or refusal; else empty.")
    message: str
    recorded_at: Instant
    actor: str
    position: int


class ImportRun(Shape):
    """A run of a data import job; for who has some locations what is of these."""

    job: str
    run: int
    connection: str
    outcome: RunOutcome | Literal["running"] = Field(
        description="`partial` wherever a day failed or was refused, or something was left out; `failed`: no day was "
        "read."
    )
    confirmation: str = Field(description="A sentence for a person.")
    days: RunDays
    locations: list[RunLocation]
    left_out: list[RunLeftOut]
    data_sets: list[str] = Field(description="Those that it brings.")
    scheduled: BusinessDate | None = Field(description="The date of the schedule that it is for.")
    started_at: Instant
    started_by: str
    reason: str
    ended_at: Instant | None
    position: int


class ImportRuns(Shape):
    """A page of runs, newest first."""

    data: list[ImportRun]
    next: str | None = Field(description="The cursor of the next page.")


class WholeImportRun(ImportRun):
    """A run with its parts."""

    parts: list[RunPart] = Field(description="Those that are done, newest day first.")


class ImportRunAnswer(WholeImportRun):
    """A run as far as it came in this request; the worker does what is left."""

    command: str
