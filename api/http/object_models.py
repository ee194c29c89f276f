"""The shapes of objects that are synchronized outward."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.days import LONGEST_REASON
from api.http.models import Shape
from domain.commands.review_objects import MOST_REVIEWED, Found
from domain.commands.synchronize_objects import MOST_OBJECTS
from domain.facts.objects import Level, ObjectType, Step
from domain.outward import Category, CircuitState, State

At = Annotated[dt.datetime | None, Field(description="An instant, UTC, or null.")]


class SyncedObject(Shape):
    """An object that another system is told of."""

    connection: str
    key: str = Field(examples=["je:pier:2026-11-20:sales"])
    type: ObjectType
    category: Category
    location: str = Field(description="Empty where it is of none.")
    date: dt.date | None = Field(description="Business date, or first of the week; null where it is of none.")
    version: int = Field(description="Of what is to stand at the other system.")
    document: str = Field(description="Digest of that.")
    empty: bool = Field(description="Nothing is to stand there any more.")
    state: State
    waiting: bool = Field(description="An error that is tried again by itself, at `retry_at`.")
    retryable: bool = Field(description="An error that may go away by itself.")
    retry_at: At
    message: str = Field(description="The last one.")
    failure: str = Field(description="The kind of the last failure; empty unless it is an error.")
    external_id: str = Field(description="The other system's id of what stands there.")
    posted_version: int = Field(description="Of what stands there; 0: nothing does.")
    posted_reference: str
    posted_document: str
    attempts: int
    ends_at: At
    looked_at: At
    registered_at: At
    changed_at: At
    derived: int = Field(description="The position of the log as of which it was derived.")
    position: int


class Objects(Shape):
    """A page of objects, and how many there are in each state with these filters."""

    data: list[SyncedObject]
    counts: dict[State, int] = Field(description="Whatever the state that is asked for.")
    next: str | None = Field(description="The cursor of the next page; null: there is none.")


class ObjectAttempt(Shape):
    """An attempt at telling the other system."""

    attempt: int
    step: Step
    version: int
    reference: str = Field(description="Under which the other system knows it.")
    document: str
    level: Level
    started_at: At
    ends_at: At
    outcome: Literal["running", "unknown", "succeeded", "failed"]
    failure: str
    message: str
    external_id: str
    found: bool = Field(description="It was there already.")
    retry_at: At
    looks: int = Field(description="How often the other system answered that it does not show it.")
    ended_at: At
    actor: str
    began: int
    position: int


class ObjectDocument(Shape):
    """A document, as it is or was to stand at the other system; personal data is masked."""

    digest: str
    content: dict[str, Any]


class ObjectDetail(Shape):
    """An object with its newest attempts and documents."""

    object: SyncedObject
    attempts: list[ObjectAttempt] = Field(description="Newest first, at most 100.")
    documents: list[ObjectDocument] = Field(description="What is wanted, what stands there, what was sent: at most 20.")


class ObjectName(BaseModel):
    """Which object."""

    model_config = ConfigDict(extra="forbid", strict=True)

    connection: str = Field(min_length=1, max_length=64)
    key: str = Field(min_length=1, max_length=200, examples=["je:pier:2026-11-20:sales"])


class ObjectsRequest(BaseModel):
    """Which objects, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    objects: list[ObjectName] = Field(min_length=1, max_length=MOST_OBJECTS)
    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["the account exists now"]
    )


class ObjectOutcome(Shape):
    """What came of the request for one object."""

    connection: str
    key: str
    outcome: Literal["accepted", "refused", "not-found"]
    state: State | None = Field(description="In which it is; null: there is no such object.")
    message: str = Field(description="Why not; empty where it will be synchronized.")
    version: int | None
    position: int | None


class ObjectsAnswer(Shape):
    """An outcome for each object, in the order of the request; one that is named twice is told of once."""

    outcomes: list[ObjectOutcome]
    accepted: int
    refused: int
    command: str


class ReviewRequest(BaseModel):
    """Which objects are to be looked at, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    objects: list[ObjectName] = Field(min_length=1, max_length=MOST_REVIEWED)
    reason: str = Field(
        min_length=1, max_length=LONGEST_REASON, description="Kept with it.", examples=["the auditor asks"]
    )


class ObjectReviewed(Shape):
    """What the other system shows of one object."""

    connection: str
    key: str
    found: Found = Field(
        description="As it was written, changed or deleted there; `not-looked`: nothing is to be looked at; `unknown`: "
        "the other system could not be asked."
    )
    state: State | None = Field(description="In which it is now; null: there is no such object.")
    message: str
    position: int | None = Field(description="Where a change is recorded.")


class ReviewAnswer(Shape):
    """What is found of each object, in the order of the request; one that is named twice is told of once."""

    outcomes: list[ObjectReviewed]
    command: str


class CircuitShown(Shape):
    """How it stands with what goes out over a connection."""

    connection: str
    name: str
    system: str
    company: str | None = Field(description="Our id of the company, which shares its budget among connections.")
    state: CircuitState = Field(description="`open`: nothing goes out for a while; `half-open`: one does, to see.")
    since: At
    failures: int = Field(description="Of the connection, in a row.")
    again_at: At
    at_once: int = Field(description="Attempts at the same time, at most.")
    running: int
    per_minute: int = Field(description="Attempts and look-ups in a minute, at most.")
    last_minute: int


class Circuits(Shape):
    """The connections that objects go out over."""

    data: list[CircuitShown]
