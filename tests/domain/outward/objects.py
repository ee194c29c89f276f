"""Objects in every state, and what happens to them, for tests of the state machine."""

import datetime as dt
from typing import Final

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    LineDifference,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    OutcomeUnknown,
    Step,
    SyncRequested,
)
from domain.outward import NEW_OBJECT, OutwardRules, State, SyncObject, fold, reference

KEY: Final = "je:pier:2026-11-01:sales"
NOON: Final = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
LATER: Final = NOON + dt.timedelta(minutes=10)
RULES: Final = OutwardRules()

REGISTERED: Final = ObjectRegistered("sales-entry", "doc-1", "pier", "2026-11-01", 7)
ASKED: Final = SyncRequested("synchronize", 1)
CHANGED: Final = ObjectChanged(2, "doc-2", (LineDifference("sales/Food", "credit 4.80", "credit 5.00"),), 9)
GONE: Final = ObjectChanged(2, "doc-0", (), 9, empty=True)


def started(
    attempt: int = 1, step: Step = "create", version: int = 1, document: str = "", *, until: dt.datetime = NOON
) -> AttemptStarted:
    """An attempt that began."""
    told = document or f"doc-{version}"
    return AttemptStarted(attempt, step, version, reference(KEY, version, step), told, until)


def posted(attempt: int = 1, step: Step = "create", version: int = 1) -> tuple[ObjectFact, ...]:
    """An attempt that succeeded."""
    return started(attempt, step, version), AttemptSucceeded(attempt, f"no-{attempt}", "Done.")


REFUSED: Final = AttemptFailed(1, "rejected", "It does not have the account 4010.")
BUSY: Final = AttemptFailed(1, "unavailable", "It cannot work now.", retryable=True, retry_at=NOON)

STORIES: Final[dict[State, tuple[ObjectFact, ...]]] = {
    "not-integrated": (REGISTERED,),
    "pending": (REGISTERED, ASKED),
    "processing": (REGISTERED, ASKED, started()),
    "verifying": (REGISTERED, ASKED, started(), OutcomeUnknown(1, "No answer came in time.")),
    "success": (REGISTERED, ASKED, *posted()),
    "desynchronized": (REGISTERED, ASKED, *posted(), CHANGED),
    "error": (REGISTERED, ASKED, started(), REFUSED),
}
"""How an object comes to be in each state."""

WAITING: Final = (REGISTERED, ASKED, started(), BUSY)
"""An error that is tried again by itself."""


def after(*facts: ObjectFact) -> SyncObject:
    """The object after these facts."""
    return fold(facts)


def standing(state: State) -> SyncObject:
    """An object in a state."""
    return fold(STORIES[state], NEW_OBJECT)
