"""An object as of some moment: what is to stand at the other side, what stands there, and what is under way."""

import datetime as dt
from typing import Final, Literal

import msgspec

from domain.facts.objects import Level, ObjectType, Step

State = Literal["not-integrated", "pending", "processing", "verifying", "success", "desynchronized", "error"]
"""Where an object stands.

``not-integrated``: the other side was never told. ``pending``: it will be. ``processing``: it is being told.
``verifying``: it was told, and what came of it is looked up. ``success``: it has what it should. ``desynchronized``: it
has something else. ``error``: it refused or could not be told; *waiting* where that is tried again by itself.
"""

STATES: Final[tuple[State, ...]] = (
    "not-integrated",
    "pending",
    "processing",
    "verifying",
    "success",
    "desynchronized",
    "error",
)

FINANCE: Final[frozenset[ObjectType]] = frozenset({"sales-entry", "labor-entry", "statistical-entry"})
"""Journal entries: what was posted is never changed in place, but reversed."""

Category = Literal["finance", "master", "schedule", "notice"]
"""What an object belongs to. Notices are by themselves: no data of anybody's books, and nobody can look them up."""

NOT_SHOWN: Final = "not-shown"
"""The failure of an attempt whose outcome was not known, after the other side did not show it again and again."""


def category_of(kind: ObjectType) -> Category:
    """What an object of a type belongs to."""
    if kind in FINANCE:
        return "finance"
    return kind if kind in {"schedule", "notice"} else "master"


class Posted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands at the other side.

    Attributes:
        version: of the object.
        reference: under which it was written last.
        external_id: its id there.
        document: the capture of what stands there in sum; of an entry that a delta corrected what it comes to.
        step: by which.
        level: at which.
        altered: it is not what we wrote any more.
        closed: it cannot be reversed; what differs goes into the open period.
    """

    version: int
    reference: str
    external_id: str
    document: str
    step: Step
    level: Level = "top"
    altered: bool = False
    closed: bool = False


class Try(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attempt whose outcome is not known yet.

    Attributes:
        attempt: counts, from 1.
        step: what is done.
        version: that is written, or taken back.
        reference: of the effect.
        document: the capture of what is sent.
        content: the capture of what stands there when it is done; of a reversal none.
        level: at which.
        until: nothing is sent after it.
        related: the reference of what is reversed or corrected.
        looks: how often the other side answered that it does not show it.
    """

    attempt: int
    step: Step
    version: int
    reference: str
    document: str
    content: str
    level: Level
    until: dt.datetime
    related: str = ""
    looks: int = 0


class SyncObject(msgspec.Struct, frozen=True, omit_defaults=True):
    """An object as of some moment.

    Attributes:
        version: how many facts it has: the version of its stream; 0 where there is none.
        type: what it is.
        location: ours; empty where it is of none.
        date: business date, or first of the week; empty where it is of none.
        current: the newest version of what is to stand at the other side.
        document: the capture of that.
        empty: nothing is to stand there.
        position: as of which the document was derived.
        state: where it stands.
        message: the last one, for a person.
        failure: the kind of the last failure; empty unless the state is ``error``.
        retryable: the worker may try again by itself.
        retry_at: not before; with it an error is *waiting*.
        failures: attempts that failed, in a row.
        attempts: how many there were.
        posted: what stands at the other side; None: nothing.
        running: the attempt that is being made, or looked up.
        doubt: what was sent, never shown, and so may arrive still: no other effect goes out before it is certain.
        reversed: the reference of what was taken back last, for what comes in its place.
        redone: how often somebody changed or deleted there what was written, since this version is to stand there.
    """

    version: int = 0
    type: ObjectType = "sales-entry"
    location: str = ""
    date: str = ""
    current: int = 0
    document: str = ""
    empty: bool = False
    position: int = 0
    state: State = "not-integrated"
    message: str = ""
    failure: str = ""
    retryable: bool = False
    retry_at: dt.datetime | None = None
    failures: int = 0
    attempts: int = 0
    posted: Posted | None = None
    running: Try | None = None
    doubt: Try | None = None
    reversed: str = ""
    redone: int = 0

    @property
    def category(self) -> Category:
        """What it belongs to."""
        return category_of(self.type)

    @property
    def waiting(self) -> bool:
        """It failed, and is tried again by itself at :attr:`retry_at`."""
        return self.state == "error" and self.retryable and self.retry_at is not None

    @property
    def in_sync(self) -> bool:
        """What stands at the other side is what is to stand there, for certain."""
        if self.running is not None or self.doubt is not None:
            return False
        if self.posted is None:
            return self.empty
        return self.posted.document == self.document and not self.posted.altered


NEW_OBJECT: Final = SyncObject()


class Planned(msgspec.Struct, frozen=True):
    """The next effect of an object.

    Attributes:
        step: what is done.
        version: that is written; of a reversal, the one that is taken back.
        document: the capture of what is sent; of a delta empty, for it has to be worked out.
        external_id: of what is reversed, updated or corrected.
        related: the reference of what is reversed or corrected.
        again: it was sent before, and never shown: the same again, under the same reference.
        level: at which, where that is decided already.
    """

    step: Step
    version: int
    document: str
    external_id: str = ""
    related: str = ""
    again: Try | None = None
    level: Level | None = None


def next_step(known: SyncObject) -> Planned | None:
    """What is to be done next, of the current version and what stands there; None where nothing is. Pure."""
    posted, doubt = known.posted, known.doubt
    if doubt is not None:
        known_id = posted.external_id if posted else ""
        return Planned(doubt.step, doubt.version, doubt.document, known_id, doubt.related, doubt, doubt.level)
    if known.in_sync:
        return None
    if posted is None:
        return Planned("create", known.current, known.document, related=known.reversed)
    if known.category != "finance":
        return Planned("update", known.current, known.document, posted.external_id)
    if posted.closed:
        return Planned("delta", known.current, "", posted.external_id, posted.reference)
    return Planned("reverse", posted.version, posted.document, posted.external_id, posted.reference, level=posted.level)
