"""The shapes of generations, comparisons, explanations and traces."""

from typing import Literal

from pydantic import Field

from api.http.effect_models import Effect, Name, Unit
from api.http.history_models import Origin, Source
from api.http.models import BusinessDate, Instant, Number, RecordChange, Shape


class Said(Shape):
    """A fact's place, and who recorded it and why."""

    position: int
    version: int
    recorded_at: Instant
    actor: str
    reason: str
    command: str
    cause: str
    correlation: str


class Generation(Said, Source):
    """One generation of a day: who began it, when and why, and what it counts."""

    generation: int
    as_of: int = Field(description="As of this position of the log the generation is there.")
    kind: str = Field(
        description="`poll`, `repoll`, `import`, or why something else changed the day, such as `split-shift`."
    )
    added: int
    changed: int
    removed: int


class Generations(Shape):
    """A page of a day's generations, oldest first."""

    location: str
    date: BusinessDate
    data: list[Generation]
    next: int | None = Field(description="The `after` of the next page.")


class WholeGeneration(Shape):
    """A generation with what it changed and what that means."""

    location: str
    date: BusinessDate
    generation: Generation
    effect: Effect
    data: list[RecordChange]
    next: str | None = Field(description="The cursor of the next page of records.")


class Moment(Shape):
    """A moment of a day that is compared."""

    position: int = Field(description="Facts up to this position of the log count.")
    generation: int
    version: int
    state: str
    configuration: int
    capture: str
    books: int = Field(description="The version of the client's books.")


class Comparison(Shape):
    """What differs between two moments of a day."""

    location: str
    date: BusinessDate
    left: Moment
    right: Moment
    changes: dict[str, int] = Field(description="Records added, changed and removed.")
    effect: Effect
    data: list[RecordChange]
    next: str | None = Field(description="The cursor of the next page of records.")


class Figure(Shape):
    """A figure of the Daily Sales Summary."""

    figure: Name
    unit: Unit
    value: Number | None = Field(description="null: unknown.")


class Figures(Shape):
    """Every figure of a day, by the names that they are explained by."""

    location: str
    date: BusinessDate
    version: int
    as_of: int | None
    data: list[Figure]


class RecordShare(Shape):
    """What one record has in a figure, and the fact that said so last."""

    record: str = Field(description="KIND/KEY; empty for the day as a whole.")
    share: Number
    said: Said | None
    origin: Origin


class _Explained(Shape):
    location: str
    date: BusinessDate
    version: int
    as_of: int | None
    unit: Unit
    value: Number | None
    made_of: list[Figure] = Field(description="Other figures that it follows from.")
    records: int = Field(description="How many records have a share.")
    data: list[RecordShare]
    next: str | None = Field(description="The cursor of the next page of records.")


class FigureExplained(_Explained):
    """A figure with the records that it is made of: their shares add up to it."""

    figure: Name


class LineExplained(_Explained):
    """A journal line with the records that it is made of; debits are positive and credits negative."""

    entry: Literal["sales", "labor", "statistical"]
    key: str
    account: str = Field(description="Where it goes; empty where it is blocked.")


class Traced(Shape):
    """A stream that an id touched."""

    meaning: str = Field(description="What the id is there.", examples=["ticket", "receipt number", "capture"])
    stream: str
    location: str | None
    date: BusinessDate | None
    connection: str | None
    record: str | None = Field(description="KIND/KEY of the record that it leads to.")
    first: int = Field(description="Position of the first fact that names it there.")
    last: int
    facts: int
    link: str = Field(description="What happened there.")
    log: str = Field(description="The log from the first fact on.")


class Trace(Shape):
    """A page of the streams that an id touched, by what it is there."""

    id: str
    data: list[Traced]
    next: str | None = Field(description="The cursor of the next page.")
