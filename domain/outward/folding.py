"""Folding the facts of an object into how it stands: total, and guarding nothing."""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

import msgspec

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    LineDifference,
    LookedUp,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    OutcomeUnknown,
    RemoteChanged,
    SyncRefused,
    SyncRequested,
)
from domain.outward.state import NEW_OBJECT, NOT_SHOWN, Posted, State, SyncObject, Try

MOST_NAMED: Final = 3
"""Differences that a message names."""

CERTAIN: Final = frozenset({"rejected", "closed-period", "not-there"})
"""Failures by which the other side says of an effect that it looked at it, and has nothing of it."""

_replace = msgspec.structs.replace


def fold(facts: Iterable[ObjectFact], known: SyncObject = NEW_OBJECT) -> SyncObject:
    """The object after these facts, in their order."""
    for fact in facts:
        known = evolve(known, fact)
    return known


def evolve(known: SyncObject, fact: ObjectFact) -> SyncObject:
    """The object after one more fact. Total: it accepts whatever was recorded."""
    known = _replace(known, version=known.version + 1)
    match fact:
        case ObjectRegistered():
            return _replace(
                known,
                type=fact.type,
                location=fact.location,
                date=fact.date,
                current=1,
                document=fact.document,
                position=fact.position,
            )
        case ObjectChanged():
            return _changed(known, fact)
        case SyncRequested():
            return _replace(known, state="pending", message="", failure="", retryable=False, retry_at=None)
        case SyncRefused() | FoundStanding():
            return known
        case RemoteChanged():
            return _remotely(known, fact)
        case AttemptStarted():
            return _started(known, fact)
        case AttemptSucceeded() | AttemptFailed() | OutcomeUnknown() | LookedUp():
            return _of_attempt(known, fact)
        case _:
            assert_never(fact)


def _changed(known: SyncObject, fact: ObjectChanged) -> SyncObject:
    known = _replace(
        known,
        current=fact.version,
        document=fact.document,
        empty=fact.empty,
        position=fact.position or known.position,
        redone=0,
    )
    if known.in_sync:  # back to what stands there: there is nothing to be done
        return _settled(known, "success")
    if known.state == "success":
        return _replace(known, state="desynchronized", message=told(fact.differences))
    if known.state == "error" and known.failure != NOT_SHOWN:  # it is another thing that would be sent now
        return _replace(known, retryable=True)
    return known


def _remotely(known: SyncObject, fact: RemoteChanged) -> SyncObject:
    if known.posted is not None:
        standing = None if fact.what == "deleted" else _replace(known.posted, altered=True)
        known = _replace(known, posted=standing, redone=known.redone + 1)
        if known.in_sync:  # nothing is to stand there
            return _settled(known, "success", fact.message)
    if known.state == "success":
        return _replace(known, state="desynchronized", message=fact.message or f"It was {fact.what} there.")
    return known


def _started(known: SyncObject, fact: AttemptStarted) -> SyncObject:
    again = known.doubt is not None and known.doubt.reference == fact.reference
    content = known.doubt.content if again and known.doubt else known.document
    related = known.posted.reference if known.posted and fact.step in {"reverse", "delta"} else known.reversed
    running = Try(
        fact.attempt,
        fact.step,
        fact.version,
        fact.reference,
        fact.document,
        "" if fact.step == "reverse" else content,
        fact.level,
        fact.until,
        related,
    )
    return _replace(known, state="processing", attempts=fact.attempt, running=running)


def _of_attempt(known: SyncObject, fact: AttemptSucceeded | AttemptFailed | OutcomeUnknown | LookedUp) -> SyncObject:
    running = known.running
    if running is None or running.attempt != fact.attempt:
        return known  # told too late: it was settled otherwise
    match fact:
        case AttemptSucceeded():
            return _succeeded(_replace(known, running=None), running, fact)
        case AttemptFailed():
            return _failed(_replace(known, running=None), running, fact)
        case OutcomeUnknown():
            return _replace(known, state="verifying", message=fact.message)
        case _:  # it was looked up
            return _replace(
                known,
                state="verifying",
                message=fact.message,
                running=_replace(running, looks=running.looks + fact.answered),
            )


def _succeeded(known: SyncObject, done: Try, fact: AttemptSucceeded) -> SyncObject:
    if known.doubt is not None and known.doubt.reference == done.reference:
        known = _replace(known, doubt=None)
    known = _replace(known, failures=0, failure="", retryable=False, retry_at=None, message=fact.message)
    if done.step == "reverse":
        known = _replace(known, posted=None, reversed=known.posted.reference if known.posted else known.reversed)
        return _settled(known, "success" if known.in_sync else "pending", fact.message)
    before = known.posted.external_id if known.posted else ""
    posted = Posted(
        done.version,
        done.reference,
        fact.external_id or before,
        done.content,
        done.step,
        done.level,
        closed=done.step == "delta",
    )
    known = _replace(known, posted=posted)
    return _settled(known, "success" if known.in_sync else "desynchronized", fact.message)


def _failed(known: SyncObject, tried: Try, fact: AttemptFailed) -> SyncObject:
    doubt = known.doubt
    if fact.failure == NOT_SHOWN:
        doubt = tried
    elif doubt is not None and doubt.reference == tried.reference and fact.failure in CERTAIN:
        doubt = None
    posted = known.posted
    if posted is not None and tried.step == "reverse" and fact.failure == "closed-period":
        posted = _replace(posted, closed=True)
    known = _replace(known, doubt=doubt, posted=posted)
    if known.in_sync:  # it changed meanwhile, to what stands there
        return _settled(known, "success", fact.message)
    return _replace(
        known,
        state="error",
        message=fact.message,
        failure=fact.failure,
        retryable=fact.retryable,
        retry_at=fact.retry_at,
        failures=known.failures + 1,
    )


def _settled(known: SyncObject, state: State, message: str = "") -> SyncObject:
    return _replace(known, state=state, message=message, failure="", retryable=False, retry_at=None, failures=0)


def told(differences: Sequence[LineDifference]) -> str:
    """What differs, for a person."""
    named = [f"{one.key} {one.before or 'nothing'} → {one.after or 'nothing'}" for one in differences[:MOST_NAMED]]
    if len(differences) > MOST_NAMED:
        named.append(f"and {len(differences) - MOST_NAMED} more")
    return f"Changed here: {', '.join(named)}." if named else "Changed here."
