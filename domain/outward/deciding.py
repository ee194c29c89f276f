"""Deciding what happens to an object: pure functions of how it stands, the command and the clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    How,
    Level,
    LineDifference,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    ObjectType,
    OutcomeUnknown,
    RemoteChanged,
    SyncRefused,
    SyncRequested,
)
from domain.outward.naming import reference
from domain.outward.state import Planned, State, SyncObject
from domain.refusals import Conflict, NotFound

MOST_DIFFERENCES: Final = 100
"""Differences that a fact keeps."""

LONGEST_MESSAGE: Final = 500
"""Characters of what another system said that are kept."""

GOES_ON: Final = frozenset({("reverse", "closed-period"), ("reverse", "not-there"), ("update", "not-there")})
"""Steps and failures after which there is another step: it is taken at once, and nobody has to ask."""


class NoSuchObject(NotFound):
    """There is no such object, or not for this client."""


class NotToBeAttempted(Conflict):
    """Nobody asked for the object to be synchronized, or it is being, or it has to wait."""


@dataclass(frozen=True, slots=True)
class OutwardRules:
    """How long things take at most, in seconds.

    Attributes:
        attempt: nothing of an attempt is sent later than this after it began.
        late: after that moment, for what was sent to show at the other side.
        look: between two look-ups of one attempt.
        retry: before the first retry of what failed; doubles with each.
        longest: between two retries at most.
        at_once: attempts of one company at the same time.
        trips: failures of a connection in a row after which nothing more is sent for a while.
        pause: of a connection, after that; doubles with each failure more.
        longest_pause: of a connection.
        review: between two looks at an entry that stands at the other side, whether it still does; 0: nobody looks.
        reviewed: entries of business dates that are longer ago are not looked at any more.
    """

    attempt: float = 60.0
    late: float = 300.0
    look: float = 60.0
    retry: float = 60.0
    longest: float = 3600.0
    at_once: int = 2
    trips: int = 5
    pause: float = 60.0
    longest_pause: float = 900.0
    review: float = 7 * 86_400.0
    reviewed: float = 35 * 86_400.0

    def retry_at(self, now: dt.datetime, failures: int, asked: dt.datetime | None) -> dt.datetime:
        """When what failed is tried again: after so many failures in a row, and not before the system asked for.

        A system that asks for more than a day is asked again after a day.
        """
        pause = min(self.retry * 2 ** min(failures, 20), self.longest)
        own = now + dt.timedelta(seconds=pause)
        return own if asked is None else max(own, min(asked, now + dt.timedelta(days=1)))


DEFAULT_RULES: Final = OutwardRules()

_REFUSED: Final[dict[tuple[How, State], str]] = {
    ("synchronize", "pending"): "It is already synchronizing: it waits for its turn.",
    ("synchronize", "processing"): "It is already synchronizing.",
    ("synchronize", "verifying"): "It was sent, and what came of it is being looked up: nothing is sent before that.",
    ("synchronize", "success"): "It is synchronized: there is nothing to do.",
    ("synchronize", "error"): "It failed: correct what the message says, then force the synchronization.",
    ("force", "not-integrated"): "Only an object with an error can be forced: synchronize this one.",
    ("force", "pending"): "It is already synchronizing: it waits for its turn.",
    ("force", "processing"): "It is already synchronizing.",
    ("force", "verifying"): "It was sent, and what came of it is being looked up: nothing is sent before that.",
    ("force", "success"): "Only an object with an error can be forced: this one is synchronized.",
    ("force", "desynchronized"): "Only an object with an error can be forced: synchronize this one.",
    ("background", "pending"): "It is already synchronizing: it waits for its turn.",
    ("background", "processing"): "It is already synchronizing.",
    ("background", "verifying"): "It was sent, and what came of it is being looked up: nothing is sent before that.",
    ("background", "success"): "It is synchronized: there is nothing to do.",
    ("background", "error"): "It failed for a reason that does not go away by itself.",
}
"""Why a synchronization is refused, by who asks and where the object stands; every other pair is accepted."""


def decide_register(
    known: SyncObject,
    kind: ObjectType,
    document: str,
    *,
    location: str = "",
    date: str = "",
    position: int = 0,
    empty: bool = False,
    differences: tuple[LineDifference, ...] = (),
) -> tuple[ObjectFact, ...]:
    """The fact that there is an object, or that it is another one now; none where it is as recorded.

    Args:
        known: as recorded.
        kind: what it is.
        document: the capture of what is to stand at the other side.
        location: ours, where it is of one.
        date: business date, or first of the week, where it is of one.
        position: as of which the document was derived.
        empty: nothing is to stand there: what was never there is not registered.
        differences: to what is recorded.
    """
    if not known.version:
        return () if empty else (ObjectRegistered(kind, document, location, date, position),)
    if (known.document, known.empty) == (document, empty) or 0 < position < known.position:
        return ()  # as recorded, or derived from an older state of things than what is recorded
    return (ObjectChanged(known.current + 1, document, differences[:MOST_DIFFERENCES], position, empty),)


def decide_sync(known: SyncObject, how: How, key: str) -> tuple[ObjectFact, ...]:
    """The fact that it will be synchronized, or that this is refused, and why.

    Raises:
        NoSuchObject: there is none.
    """
    if not known.version:
        raise NoSuchObject(f"There is no object {key[:200]!r} here: `daybook objects` lists those that there are.")
    refused = _REFUSED.get((how, known.state))
    if (how, known.state) == ("background", "error") and known.retryable:
        refused = None
    return (SyncRefused(how, known.state, refused),) if refused else (SyncRequested(how, known.current),)


def check_startable(known: SyncObject, now: dt.datetime, key: str) -> None:
    """Make sure that an attempt may begin now: it was asked for, or waits no longer.

    Raises:
        NoSuchObject: there is none.
        NotToBeAttempted: it may not.
    """
    if not known.version:
        raise NoSuchObject(f"There is no object {key[:200]!r} here: `daybook objects` lists those that there are.")
    due = known.waiting and known.retry_at is not None and known.retry_at <= now
    if known.state != "pending" and not due:
        raise NotToBeAttempted(f"The object {key[:200]!r} is {known.state}: nothing is sent now.")


def decide_start(
    known: SyncObject, key: str, planned: Planned, document: str, level: Level, until: dt.datetime
) -> AttemptStarted:
    """The fact that the next step is being made.

    Args:
        known: as recorded.
        key: of the object.
        planned: the step.
        document: the capture of what is sent.
        level: of the connection, for what has none yet.
        until: nothing is sent after it.
    """
    if planned.again:
        told = planned.again.reference
    elif planned.step == "reverse":
        told = f"{planned.related}:r"
    else:
        told = reference(key, planned.version, planned.step, known.redone)
    return AttemptStarted(
        known.attempts + 1, planned.step, planned.version, told, document, until, planned.level or level
    )


def decide_success(
    known: SyncObject, attempt: int, external_id: str, message: str, *, found: bool
) -> tuple[ObjectFact, ...]:
    """The fact that an attempt succeeded; none where that attempt was settled otherwise meanwhile."""
    if known.running is None or known.running.attempt != attempt:
        return ()
    return (AttemptSucceeded(attempt, external_id[:LONGEST_MESSAGE], message[:LONGEST_MESSAGE], found),)


def decide_failure(
    known: SyncObject,
    attempt: int,
    failure: str,
    message: str,
    *,
    now: dt.datetime,
    retryable: bool,
    asked: dt.datetime | None = None,
    rules: OutwardRules = DEFAULT_RULES,
) -> tuple[ObjectFact, ...]:
    """The facts that an attempt failed for certain; none where that attempt was settled otherwise meanwhile.

    What is to be taken back or updated and is not there any more was deleted there. What cannot be taken back because
    its period is closed is corrected by a difference. Either way there is another step at once.
    """
    running = known.running
    if running is None or running.attempt != attempt:
        return ()
    message = message[:LONGEST_MESSAGE]
    if (running.step, failure) in GOES_ON:
        failed = AttemptFailed(attempt, failure, message, retryable=True, retry_at=now)
        return (failed, RemoteChanged("deleted", message)) if failure == "not-there" else (failed,)
    again = rules.retry_at(now, known.failures, asked) if retryable else None
    return (AttemptFailed(attempt, failure, message, retryable=retryable, retry_at=again),)


def decide_unknown(known: SyncObject, attempt: int, message: str) -> tuple[ObjectFact, ...]:
    """The fact that nobody knows what came of an attempt; none where somebody does, or it is known to be so."""
    if known.running is None or known.running.attempt != attempt or known.state == "verifying":
        return ()
    return (OutcomeUnknown(attempt, message[:LONGEST_MESSAGE]),)


def is_overdue(known: SyncObject, now: dt.datetime) -> bool:
    """It is being told, and nothing can be sent any more: whoever told it is gone."""
    return known.state == "processing" and known.running is not None and known.running.until < now
