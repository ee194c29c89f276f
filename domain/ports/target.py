"""Targets: systems that objects are written to, each effect once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, get_args, runtime_checkable

from domain.facts.objects import Level, ObjectType, Step
from domain.forms import Filled
from domain.outward.documents import Document
from domain.ports.source import DEFAULT_LIMITS, Limits

Failure = Literal[
    "not-authorized",  # the credentials are wrong, were revoked, or do not open this company
    "bad-endpoint",  # the address cannot be used
    "rejected",  # it understood and will not: an account that it does not have, a field that it does not take
    "closed-period",  # the date lies in a period that is closed
    "not-there",  # what is to be reversed or updated is not there any more
    "unmapped",  # a line has no account, or the location no id at the system; nothing was sent
    "not-taken",  # the system does not take objects of this type
    "rate-limited",  # too many requests; `retry_at` says when again
    "unavailable",  # it cannot work now, and says that it did nothing
    "connection-failed",  # nothing was sent: refused, no such host, no trust in its certificate
    "unexpected-answer",  # not an answer of the contract, to something that changes nothing
    "too-large",  # past the limits
]
"""The kind of a failure after which the other side has nothing of it, for certain; permanent names."""

FAILURES: Final = frozenset(get_args(Failure))

RETRYABLE: Final[frozenset[Failure]] = frozenset(
    {"rate-limited", "unavailable", "connection-failed", "unexpected-answer"}
)
"""Failures that go away by themselves."""


class TargetFailure(Exception):
    """Nothing was done at the other side, for certain.

    Attributes:
        failure: the kind.
        message: a sentence for a person: no secrets, no personal data.
        retry_at: not before, where the system said so.
    """

    def __init__(self, failure: Failure, message: str, *, retry_at: dt.datetime | None = None) -> None:
        super().__init__(message)
        self.failure: Failure = failure
        self.message = message
        self.retry_at = retry_at

    @property
    def retryable(self) -> bool:
        """Trying the same again later can help."""
        return self.failure in RETRYABLE


class OutcomeUncertain(Exception):
    """It was sent, and what came of it is not known: a timeout, a cut connection, a gateway's 5xx, an answer in pieces.

    Attributes:
        message: a sentence for a person.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect at the other side. Equal references are the same effect.

    Attributes:
        type: of the object.
        key: of the object.
        step: what is done.
        reference: deterministic, see :func:`domain.outward.reference`; the system keeps it or its fingerprint.
        document: what is written; of a ``reverse``, what was posted and is taken back; of a ``delta``, the difference.
        level: at which the transaction is entered.
        place: the system's own ids of the location, where the object is of one.
        external_id: what is reversed or updated, where it is known.
        date: on which a reversal or delta is entered, ``YYYY-MM-DD``; empty: the document's own.
        opened: personal data in clear, by our names; never kept, logged or put into a message.
        related: the reference of what is reversed or corrected.
    """

    type: ObjectType
    key: str
    step: Step
    reference: str
    document: Document
    level: Level = "top"
    place: Mapping[str, str] = field(default_factory=dict)
    external_id: str = ""
    date: str = ""
    opened: Mapping[str, str] = field(default_factory=dict, repr=False)
    related: str = ""


@dataclass(frozen=True, slots=True)
class PartDone:
    """What came of a part of an effect, for example of one shift of a schedule.

    Attributes:
        key: of the part.
        done: it stands at the other side.
        message: why not.
    """

    key: str
    done: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The effect is there.

    Attributes:
        external_id: the system's id of it.
        message: what the system said.
        found: it was there already.
        altered: it is there, and says something else than what was written.
        parts: part by part, where the system tells them apart.
    """

    external_id: str = ""
    message: str = ""
    found: bool = False
    altered: bool = False
    parts: tuple[PartDone, ...] = ()


class Target(Protocol):
    """A connected system that objects are written to. May be used by several threads at once."""

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Bring about an effect, once: one that the system knows by its reference is answered as found.

        Sends nothing a second time after an uncertain outcome.

        Args:
            effect: which.
            until: nothing is sent after it, and no answer is waited for.

        Raises:
            TargetFailure: nothing was done, for certain.
            OutcomeUncertain: it may have been done.
        """
        ...

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Whether the system has an effect, by its reference; changes nothing. None: it does not show it.

        Raises:
            TargetFailure: it could not be asked.
        """
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


@runtime_checkable
class WritableSystem(Protocol):
    """A :class:`~domain.ports.source.System` of the catalogue that takes objects; it has the capability to say so."""

    @property
    def takes(self) -> frozenset[ObjectType]:
        """The types of objects that it takes."""
        ...

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Target:
        """What objects are written to; sends nothing yet.

        Args:
            filled: the form, with its secret.
            limits: bounds on each request, and where requests may go.

        Raises:
            BadEndpoint: the address or a secret cannot be used.
        """
        ...
