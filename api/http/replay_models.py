"""The shapes of replays, of one day and of many."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.effect_models import Effect
from api.http.models import Amount, BusinessDate, Derivation, Instant, OtherDay, RecordChange, Shape

_REASON = "Kept with what is recorded; needed with `apply`."


class _Under(BaseModel):
    """Under which configuration days are to be derived again; empty: the one that each was recorded with."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    configuration: int | None = Field(default=None, ge=1, le=2**31, description="A version of the configuration.")
    options: dict[str, Any] = Field(default={}, description="Polling options to put over that version, by name.")
    apply: bool = Field(default=False, description="Record what differs; without it nothing is written.")
    reason: str | None = Field(default=None, min_length=1, max_length=LONGEST_REASON, description=_REASON)


class ReplayRequest(_Under):
    """How a day is to be derived again, and whether what differs is to be recorded."""

    connection: str | None = Field(
        default=None, description="Whose configuration is meant; without it of the connection that polls the location."
    )


class ConnectionReplayRequest(_Under):
    """Which days of a connection's locations are to be derived again."""

    first: str = Field(alias="from", max_length=40, description="The first business date.", examples=["2026-11-01"])
    last: str = Field(alias="to", max_length=40, description="The last business date.", examples=["2026-11-07"])


class LocationReplayRequest(ConnectionReplayRequest):
    """Which days of a location are to be derived again."""

    connection: str | None = Field(
        default=None, description="Whose configuration is meant; without it of the connection that polls the location."
    )


class ReplayAnswer(Shape):
    """What a replay would change; nothing was written."""

    location: str
    date: BusinessDate
    generation: int
    capture: str
    configuration: int
    approved: bool = Field(description="The day is approved: applied, what differs would wait until it is reopened.")
    derivations: list[Derivation]
    differs: bool
    to_record: bool = Field(description="Applying it would record something: what differs, or another configuration.")
    changes: dict[str, int] = Field(description="Records added, changed and removed.")
    records: list[RecordChange] = Field(description="At most 200 of them.")
    truncated: bool
    effect: Effect = Field(description="What that would mean for figures and journal lines.")
    standing: int = Field(description="Records that readings of other days brought or changed: they stand as they are.")
    beside: list[OtherDay] = Field(description="Other business days that would change by it.")


class AppliedReplay(Shape):
    """What came of a replay that was recorded."""

    outcome: Literal["applied", "staged", "unchanged"] = Field(
        description="`staged`: the day is approved; what differs waits until it is reopened."
    )
    location: str
    date: BusinessDate
    state: str
    generation: int
    version: int = Field(description="The version of the day's stream; the ETag.")
    added: int
    changed: int
    removed: int
    compensated: list[OtherDay] = Field(description="Other business days that changed by it.")
    observed: int = Field(description="Changes that other, approved days do not take until they are reopened.")
    position: int | None = Field(description="Read with `min_position` at least this to see it; null if unchanged.")
    recorded_at: Instant | None
    command: str


class ReplayedDay(Shape):
    """What came of one of many days."""

    location: str
    date: BusinessDate
    outcome: Literal["differs", "unchanged", "applied", "staged", "not-replayable", "failed"]
    reason: str = Field(description="Why it is one of the last two.")
    added: int
    changed: int
    removed: int
    beside: list[OtherDay]
    totals: dict[str, Amount] = Field(description="By how much figures would move, those of days beside included.")
    standing: int
    approved: bool


class ReplayedRange(Shape):
    """What came of many days, by date, then location."""

    applied: bool
    outcomes: dict[str, int] = Field(description="How many days came out how.")
    totals: dict[str, Amount] = Field(description="By how much figures would move in all; of a dry run.")
    days: list[ReplayedDay]
