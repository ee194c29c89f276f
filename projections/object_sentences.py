"""Objects that are synchronized outward, in sentences for people."""

from typing import Final, assert_never

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    LookedUp,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    OutcomeUnknown,
    RemoteChanged,
    Step,
    SyncRefused,
    SyncRequested,
)
from domain.outward.folding import told

_DOES: Final[dict[Step, str]] = {
    "create": "write version {version}",
    "update": "write version {version} over what is there",
    "reverse": "take back version {version}",
    "delta": "bring what is there to version {version} by a difference",
}
_ASKED: Final = {
    "synchronize": "asked for it to be synchronized",
    "force": "asked for it to be synchronized in spite of the error",
    "background": "takes up its synchronization",
}


def object_sentence(fact: ObjectFact, who: str, why: str) -> str:
    """What happened to an object, who did it and why."""
    match fact:
        case ObjectRegistered():
            of = " ".join(part for part in (fact.location, fact.date) if part)
            return f"There is an object to tell the other system of: {fact.type.replace('-', ' ')}{of and f' of {of}'}."
        case ObjectChanged():
            gone = " Nothing is to stand there any more." if fact.empty else ""
            return f"Version {fact.version}. {told(fact.differences)}{gone}"
        case SyncRequested():
            return f"{who} {_ASKED[fact.how]}{why}: version {fact.version}."
        case SyncRefused():
            return f"{who} {_ASKED[fact.how]}{why}, which was refused ({fact.state}): {fact.message}"
        case RemoteChanged():
            return f"At the other system it was {fact.what}. {fact.message}".rstrip()
        case FoundStanding():
            return f"It was looked at, and stands at the other system as it was written: {fact.reference}."
        case AttemptStarted() | AttemptSucceeded() | AttemptFailed() | OutcomeUnknown() | LookedUp():
            return _of_attempt(fact)
        case _:
            assert_never(fact)


def _of_attempt(fact: AttemptStarted | AttemptSucceeded | AttemptFailed | OutcomeUnknown | LookedUp) -> str:
    attempt = f"Attempt {fact.attempt}"
    match fact:
        case AttemptStarted():
            does = _DOES[fact.step].format(version=fact.version)
            return f"{attempt} began to {does}, at the {fact.level} level, as {fact.reference}."
        case AttemptSucceeded():
            found = "was there already" if fact.found else "succeeded"
            there = f" as {fact.external_id}" if fact.external_id else ""
            return f"{attempt} {found}{there}. {fact.message}".rstrip()
        case AttemptFailed():
            later = f" Again at {fact.retry_at:%Y-%m-%d %H:%M:%S} UTC." if fact.retry_at else ""
            return f"{attempt} failed ({fact.failure}): {fact.message}{later}"
        case OutcomeUnknown():
            return f"{attempt} ended with nobody knowing what came of it: {fact.message}"
        case LookedUp():
            shows = "does not show it" if fact.answered else "could not be asked"
            return f"{attempt} was looked up, and the other system {shows}: {fact.message}"
