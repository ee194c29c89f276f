"""The shapes of schedules."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Instant, Shape
from domain.schedule import MOST_SHIFTS

State = Literal["draft", "published", "changed"]

_Moment = Annotated[
    str, Field(max_length=40, description="An instant with its offset.", examples=["2026-11-24T17:00:00-05:00"])
]
_Key = Annotated[str, Field(min_length=1, max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["week 48"])


class ShiftRequest(BaseModel):
    """A shift as it is to be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: _Key | None = Field(default=None, description="Of the shift that becomes this one; see the operation.")
    employee: _Key = Field(description="The source's staff id, of the location's roster.")
    job: _Key = Field(description="The source's job id.")
    starts_at: _Moment
    ends_at: _Moment


class ScheduleRequest(_Request):
    """The shifts of the week, whole."""

    shifts: list[ShiftRequest] = Field(max_length=MOST_SHIFTS)


class PublishRequest(_Request):
    """Why it is published."""


class PublishedShift(Shape):
    """A shift as it is published."""

    id: str
    employee: str
    job: str
    starts_at: Instant
    ends_at: Instant


class Shift(PublishedShift):
    """A shift as it is entered."""

    published: bool = Field(description="It is published just so.")


class Schedule(Shape):
    """The schedule of a location in a week."""

    location: str
    week: BusinessDate = Field(description="Its first business date.")
    state: State = Field(description="Never published, published as it stands, or changed since.")
    version: int = Field(description="The version of the schedule's stream; the ETag. 0 where nothing was entered.")
    publications: int = Field(description="How often it was published.")
    shifts: list[Shift] = Field(description="As they are entered, by id.")
    published: list[PublishedShift] = Field(description="As they were published last, by id.")


class ScheduleListed(Shape):
    """A schedule in a list."""

    location: str
    week: BusinessDate
    state: State
    version: int
    publications: int
    shifts: int
    changed_at: Instant | None
    changed_by: str | None
    published_at: Instant | None
    published_by: str | None


class Schedules(Shape):
    """A page of schedules, the newest week first."""

    data: list[ScheduleListed]
    next: str | None = Field(description="The cursor of the next page.")


class ScheduleAnswer(Shape):
    """What came of it."""

    location: str
    week: BusinessDate
    state: State
    version: int = Field(description="The version of the schedule's stream; the ETag.")
    publications: int
    shifts: int
    changed: bool = Field(description="false where it is so already: then nothing is recorded.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str


class ScheduleStep(Shape):
    """Something that happened to a schedule."""

    version: int
    position: int
    recorded_at: Instant
    actor: str
    reason: str
    sentence: str


class ScheduleHistory(Shape):
    """What happened to a schedule, in order."""

    data: list[ScheduleStep]
    next: int | None = Field(description="Go on with `after` this version; null at the end.")
