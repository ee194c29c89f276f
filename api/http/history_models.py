"""The shapes of histories, and of what says so."""

from typing import Literal

from pydantic import Field

from api.http.models import BusinessDate, FieldChange, Instant, Shape


class Attempt(Shape):
    """How a source was read."""

    kind: Literal["poll", "repoll", "import"]
    started_at: Instant
    ended_at: Instant


class Source(Shape):
    """Which answer of which source says so; empty where a person decided it."""

    connection: str
    configuration: int = Field(description="The version of the connection's configuration in use; 0: none.")
    capture: str = Field(description="The digest of the answer.")
    read_date: BusinessDate | None = Field(description="The business day that was read, where it is another one.")
    attempt: Attempt | None


class Origin(Source):
    """Where a fact has it from, and the day's generation that it is of."""

    generation: int = Field(description="Of the day; 0 where the fact is of none.")


class HistoryStep(Shape):
    """One fact in the history of a day or a record."""

    position: int
    version: int = Field(description="The fact's place in its stream.")
    recorded_at: Instant
    actor: str
    reason: str
    command: str
    cause: str
    correlation: str
    name: str = Field(description="The fact's permanent name.")
    sentence: str = Field(description="What happened, for a person.")
    operation: str = Field(
        description="Where a record was asked for `added`, `changed` or `removed`, or `observed`: it came to light "
        "after the approval and changes nothing; of what people entered over it `entered`, `withdrawn`, `agreed`, "
        "`conflict-raised` or `conflict-resolved`; else empty."
    )
    fields: list[FieldChange] = Field(description="What differs, where a record was asked for.")
    origin: Origin


class History(Shape):
    """The history of a business day or a record, oldest first."""

    location: str
    date: BusinessDate
    record: str | None
    field: str | None
    data: list[HistoryStep]
    next: int | None = Field(description="The `after` of the next page.")
