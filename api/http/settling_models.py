"""The shapes of saying where a day stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Instant, Shape

State = Literal["completed", "approved", "in progress"]


class StateRequest(BaseModel):
    """What a day is to be, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: State = Field(description="`in progress` takes completion or approval back.")
    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["all checks are in"]
    )


class StateAnswer(Shape):
    """Where the day stands now."""

    location: str
    date: BusinessDate
    state: State
    generation: int
    version: int = Field(description="The version of the day's stream; the ETag.")
    changed: bool = Field(description="false where it stood so already: then nothing is recorded.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str
