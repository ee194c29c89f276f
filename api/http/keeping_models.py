"""The shapes of keeping days: deleting one, confirming that the place was closed, and what is due."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Instant, Shape
from domain.due import Why


class KeepingRequest(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["the till was wrong"]
    )


class KeepingAnswer(Shape):
    """Where the day stands now."""

    location: str
    date: BusinessDate
    state: Literal["missing", "in progress", "completed", "approved"]
    generation: int
    version: int = Field(description="The version of the day's stream; the ETag.")
    deleted: bool
    closed: bool
    changed: bool = Field(description="false where it was so already: then nothing is recorded.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str


class DueDay(Shape):
    """A business day that has to be polled, now or later."""

    location: str
    date: BusinessDate
    connection: str
    why: Why
    reason: str = Field(description="A sentence for a person.")
    since: Instant = Field(description="When it began to be missing.")
    due: bool = Field(description="It has to be polled now; false: it waits.")
    not_before: Instant | None = Field(description="Until when it waits; null where polling is not what it waits for.")
    to_do: str = Field(description="What a person has to do; empty where it goes away by itself.")


class DueRenewal(Shape):
    """A connection that has to be renewed."""

    connection: str
    name: str
    valid_until: Instant = Field(description="When the source's grant ends.")
    ended: bool = Field(description="It has ended.")
    reason: str = Field(description="A sentence for a person.")


class DuePull(Shape):
    """An HR system that has to be pulled, now or later."""

    connection: str
    way: Literal["whole", "incremental"]
    reason: str = Field(description="A sentence for a person.")
    due: bool = Field(description="It has to be pulled now; false: it waits.")
    not_before: Instant = Field(description="Until when it waits.")


class DueDays(Shape):
    """A page of what is due."""

    now: Instant = Field(description="The clock by which it is so.")
    data: list[DueDay]
    renewals: list[DueRenewal] = Field(description="Connections whose grants end soon, or have ended; the first 500.")
    pulls: list[DuePull] = Field(description="HR systems that have to be pulled; for who has all locations.")
    next: str | None = Field(description="The cursor of the next page.")
