"""The shapes of objects that are synchronized outward, of attempts, and of how connections stand with that."""

import datetime as dt
from dataclasses import dataclass

from domain.facts.objects import Level, ObjectType, Step
from domain.outward import Category, Circuit, State


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """An object.

    Attributes:
        location: ours; empty where it is of none.
        date: business date, or first of the week; empty where it is of none.
        version: of what is to stand at the other side.
        document: the capture of that.
        empty: nothing is to stand there.
        retryable: an error that may go away by itself; with ``retry_at`` it is tried again then.
        external_id: the other system's id of what stands there; empty where nothing does.
        posted_version: of what stands there; 0 where nothing does.
        posted_document: the capture of that.
        ends_at: nothing of the attempt under way is sent after it.
        looked_at: since the newest attempt: when it was looked up or at last, or became unknown.
        derived: the position as of which the document was derived.
        position: of its newest fact.
    """

    client: str
    connection: str
    key: str
    type: ObjectType
    category: Category
    location: str
    date: str
    version: int
    document: str
    empty: bool
    state: State
    retryable: bool
    retry_at: dt.datetime | None
    message: str
    failure: str
    external_id: str
    posted_version: int
    posted_reference: str
    posted_document: str
    attempts: int
    ends_at: dt.datetime | None
    looked_at: dt.datetime | None
    registered_at: dt.datetime | None
    changed_at: dt.datetime | None
    derived: int
    position: int

    @property
    def waiting(self) -> bool:
        """It failed, and is tried again by itself."""
        return self.state == "error" and self.retryable and self.retry_at is not None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt at telling another system of an object.

    Attributes:
        outcome: ``running``, ``unknown``, ``succeeded`` or ``failed``.
        found: it was there already.
        looks: how often the other side answered that it does not show it.
        ended_at: when its outcome was recorded.
        began: the position of its beginning.
        position: of what is known last.
    """

    client: str
    connection: str
    key: str
    attempt: int
    step: Step
    version: int
    reference: str
    document: str
    level: Level
    started_at: dt.datetime | None
    ends_at: dt.datetime | None
    outcome: str
    failure: str
    message: str
    external_id: str
    found: bool
    retry_at: dt.datetime | None
    looks: int
    ended_at: dt.datetime | None
    actor: str
    began: int
    position: int


@dataclass(frozen=True, slots=True)
class CircuitRow:
    """How it stands with what goes out over a connection.

    Attributes:
        company: our id of the company that it reaches, which shares its budget; empty where it has none.
        circuit: whether anything goes out.
        at_once: attempts at the same time, at most, of the company.
        per_minute: attempts and look-ups in a minute, at most, of the company.
        last_minute: how many there were.
        running: attempts under way.
    """

    client: str
    connection: str
    name: str
    system: str
    company: str
    circuit: Circuit
    at_once: int
    per_minute: int
    last_minute: int
    running: int
