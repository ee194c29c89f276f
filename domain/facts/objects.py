"""What happens to an object that is synchronized outward: registered, changed, asked for, attempted, told apart."""

import datetime as dt
from typing import Literal

import msgspec

ObjectType = Literal[
    "sales-entry",
    "labor-entry",
    "statistical-entry",
    "employee",
    "location",
    "job",
    "account",
    "customer",
    "item",
    "schedule",
    "notice",
]
"""What an object is; permanent names. The entries are finance, a schedule is a schedule, a notice tells that something
moved here, and the others are master data."""

How = Literal["synchronize", "force", "background"]
"""Who asks for a synchronization: a person, a person in spite of an error, or the worker."""

Step = Literal["create", "update", "reverse", "delta"]
"""One effect at the other side: something new; the same again with other content (also inactive); taking back what was
posted; and, where that is closed, the difference to it in the open period."""

Level = Literal["top", "entity"]
"""The level at which a transaction is entered."""


class LineDifference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of an object changed.

    Attributes:
        key: of the line, or the name of the field.
        before: as it was, for people; empty where it was not there.
        after: as it is.
    """

    key: str
    before: str = ""
    after: str = ""


class ObjectRegistered(msgspec.Struct, frozen=True, omit_defaults=True):
    """There is something that the other system is to be told of.

    Attributes:
        type: what it is.
        document: the capture that holds it.
        location: ours, where it is of one.
        date: business date, or first date of the week, where it is of one.
        position: as of which the document was derived.
    """

    type: ObjectType
    document: str
    location: str = ""
    date: str = ""
    position: int = 0


class ObjectChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the other system is to be told is another now.

    Attributes:
        version: the new one, from 2.
        document: the capture that holds it.
        differences: to the version before (at most 100).
        position: as of which the document was derived.
        empty: nothing is to stand there any more.
    """

    version: int
    document: str
    differences: tuple[LineDifference, ...] = ()
    position: int = 0
    empty: bool = False


class SyncRequested(msgspec.Struct, frozen=True):
    """Somebody asked for it to be synchronized, and it will be.

    Attributes:
        how: who asks.
        version: that was current.
    """

    how: How
    version: int


class SyncRefused(msgspec.Struct, frozen=True):
    """Somebody asked for it to be synchronized, and that was refused.

    Attributes:
        how: who asked.
        state: it was in.
        message: why, for a person.
    """

    how: How
    state: str
    message: str


class AttemptStarted(msgspec.Struct, frozen=True, omit_defaults=True):
    """From here on the other system may have been told. Recorded before anything is sent.

    Attributes:
        attempt: counts, from 1.
        step: what is done.
        version: that is written; of a reversal, the one that is taken back.
        reference: under which the other system knows it.
        document: the capture of what is written; of a reversal, of what is taken back; of a delta, the difference.
        level: at which.
        until: nothing is sent after this moment, and no answer is waited for.
    """

    attempt: int
    step: Step
    version: int
    reference: str
    document: str
    until: dt.datetime
    level: Level = "top"


class AttemptSucceeded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other system has it.

    Attributes:
        attempt: which.
        external_id: its id there.
        message: what it said, without secrets and personal data.
        found: it was there already: a duplicate was refused, or a look-up showed it.
    """

    attempt: int
    external_id: str = ""
    message: str = ""
    found: bool = False


class AttemptFailed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other system does not have it, for certain.

    Attributes:
        attempt: which.
        failure: the kind, as of :data:`domain.ports.target.Failure`.
        message: a sentence, without secrets and personal data.
        retryable: trying again can help.
        retry_at: not before.
    """

    attempt: int
    failure: str
    message: str
    retryable: bool = False
    retry_at: dt.datetime | None = None


class OutcomeUnknown(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other system may have it or not: nobody sends it again before it was looked up.

    Attributes:
        attempt: which.
        message: what happened.
    """

    attempt: int
    message: str


class LookedUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """The other system was asked whether it has it, and did not show it (yet), or did not answer.

    Attributes:
        attempt: which.
        message: what it said.
        answered: it answered, and it was not there.
    """

    attempt: int
    message: str
    answered: bool = False


class RemoteChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """At the other system it is not what we wrote any more.

    Attributes:
        what: ``changed`` or ``deleted``.
        message: for people.
    """

    what: Literal["changed", "deleted"]
    message: str = ""


class FoundStanding(msgspec.Struct, frozen=True):
    """It was looked at, and the other system shows it as we wrote it.

    Attributes:
        reference: under which it was written.
    """

    reference: str


ObjectFact = (
    ObjectRegistered
    | ObjectChanged
    | SyncRequested
    | SyncRefused
    | AttemptStarted
    | AttemptSucceeded
    | AttemptFailed
    | OutcomeUnknown
    | LookedUp
    | RemoteChanged
    | FoundStanding
)
"""Everything that happens to an object."""
