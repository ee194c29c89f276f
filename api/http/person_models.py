"""The shapes of personal data: opening it, looking for people, forgetting them, and who read what."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import BusinessDate, Instant, Shape

Field_ = Literal["first_name", "last_name", "address", "phone", "ssn", "email", "date_of_birth", "middle_name"]


class ReasonRequest(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["the W-2 came back"]
    )


class OpeningRequest(ReasonRequest):
    """Which fields, and why."""

    fields: list[Field_] = Field(min_length=1, max_length=8, description="Each is recorded.", examples=[["address"]])


class SearchRequest(ReasonRequest):
    """By which number, and why."""

    ssn: str = Field(
        min_length=9,
        max_length=20,
        repr=False,
        description="All nine digits, with or without dashes; it is recorded nowhere.",
        examples=["900-11-0001"],
    )


class ErasureRequest(ReasonRequest):
    """Why, and of how much."""

    with_linked: bool = Field(
        default=True,
        description="Also the records of the same person that are linked or matched; false: this record alone.",
    )


class HoldRequest(ReasonRequest):
    """Whether a legal hold keeps the data, and why."""

    held: bool = Field(description="false: the hold is over.")


class OpeningAnswer(Shape):
    """What was opened."""

    location: str
    employee: str
    fields: dict[str, str | None] = Field(description="null where it is not known.")
    position: int = Field(description="Where the opening is recorded.")
    recorded_at: Instant
    command: str


class Found(Shape):
    """Somebody who was found."""

    location: str
    employee: str
    connection: str


class SearchAnswer(Shape):
    """Who was found."""

    data: list[Found]
    position: int = Field(description="Where the search is recorded.")
    recorded_at: Instant
    command: str


class PersonAnswer(Shape):
    """What became of a person's data."""

    location: str
    employee: str
    version: int = Field(description="The version of what is recorded of the person; the ETag.")
    forgotten: bool = Field(description="Nothing of the personal data opens any more.")
    due: BusinessDate | None = Field(description="The first day on which the data may be destroyed.")
    held: bool = Field(description="A legal hold keeps the data.")
    shredded: bool = Field(description="The data is destroyed.")
    changed: bool = Field(description="false where it was so already: then nothing is recorded.")
    position: int | None
    recorded_at: Instant | None
    command: str


class LinkedRecord(Shape):
    """Another record of the same person, and what became of it."""

    connection: str
    location: str | None = Field(description="null: of an HR system.")
    employee: str
    forgotten: bool = Field(description="Nothing of the personal data in it opens any more.")
    due: BusinessDate | None = Field(description="The first day on which it may be destroyed; null where it was left.")
    changed: bool = Field(description="false where it was so already, or was left as it is.")


class ErasureAnswer(PersonAnswer):
    """What became of a person's data, in this record and in others."""

    linked: list[LinkedRecord] = Field(description="The other records of the same person, within reach.")
    out_of_reach: int = Field(description="How many more there are at other locations.")


class ExportAnswer(Shape):
    """All that is kept of an employee."""

    location: str
    employee: str
    connection: str
    exported_at: Instant
    actor: str
    reason: str
    personal_data: dict[str, str]
    records: list[dict[str, Any]] = Field(description="The versions of the employee's record, newest first.")
    punches: list[dict[str, Any]]
    personnel: list[dict[str, Any]] = Field(
        description="What HR systems say of the same person, open; of who is forgotten there nothing personal."
    )
    readings: list[dict[str, Any]] = Field(description="Who read what, this export included as soon as views show it.")
    more: bool = Field(description="There is more than one answer holds.")


class Reading(Shape):
    """Somebody read personal data, or looked for somebody by it."""

    position: int
    recorded_at: Instant
    actor: str
    reason: str
    way: Literal["field", "export", "search"]
    fields: list[str] = Field(description="That were read, or searched by; never their values.")
    location: str = Field(description="Empty where a search found nobody, as are the next two.")
    employee: str
    connection: str
    command: str


class Readings(Shape):
    """A page of the record of who read what."""

    data: list[Reading]
    next: str | None = Field(description="The cursor of the next page.")


class RetentionMark(Shape):
    """Who, when and why."""

    at: Instant
    by: str
    reason: str


class Retained(Shape):
    """Somebody whose data was restricted, held or destroyed."""

    location: str
    employee: str
    connection: str
    state: Literal["held", "released", "scheduled", "overdue", "shredded"]
    due: BusinessDate | None = Field(description="The first day on which the data may be destroyed.")
    restricted: RetentionMark | None = Field(description="Since when nothing opens any more.")
    held: RetentionMark | None = Field(description="The legal hold that keeps the data.")
    shredded_at: Instant | None
    version: int


class Retention(Shape):
    """A page of people who are to be forgotten, are held, or were forgotten."""

    data: list[Retained]
    next: str | None = Field(description="The cursor of the next page.")
