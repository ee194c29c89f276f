"""The shapes of synchronizing a connection by hand."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, OtherDay, Shape


class SyncRequest(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(
        min_length=1,
        max_length=LONGEST_REASON,
        description="Kept with every poll.",
        examples=["the numbers are needed now"],
    )


class SyncedDay(Shape):
    """What came of a business day."""

    date: BusinessDate
    outcome: Literal["polled", "staged", "unchanged", "failed", "refused"] = Field(
        description="`refused`: it was not polled, and nothing is recorded; `message` says why."
    )
    message: str = Field(description="Why it failed or was refused; else empty.")
    generation: int | None = Field(default=None, description="Absent where it was refused, as all of the next ones.")
    added: int | None = None
    changed: int | None = None
    removed: int | None = None
    compensated: list[OtherDay] = Field(default=[], description="Other business days that changed; absent: none did.")
    observed: int = Field(default=0, description="Changes that other, approved days do not take; absent: none.")
    conflicts: int = Field(default=0, description="Changes to what was entered here; absent: none.")


class SyncedLocation(Shape):
    """One of the caller's locations."""

    location: str
    days: list[SyncedDay]
    left: int = Field(description="Days more that are due, for the worker or another request.")


class SyncAnswer(Shape):
    """The confirmation: exactly the caller's locations, and what came of each."""

    connection: str
    confirmation: str = Field(description="A sentence for a person.")
    locations: list[SyncedLocation]
    position: int | None = Field(description="Read with `min_position` at least this to see it; null: nothing is new.")
    command: str
