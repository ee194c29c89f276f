"""The states of an object: every state times every command and event, as a table."""

from typing import Final

import pytest

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    How,
    LookedUp,
    ObjectChanged,
    ObjectFact,
    OutcomeUnknown,
    RemoteChanged,
    SyncRefused,
    SyncRequested,
)
from domain.outward import (
    STATES,
    NoSuchObject,
    NotToBeAttempted,
    State,
    check_startable,
    decide_sync,
    evolve,
    fold,
)
from domain.outward.state import NEW_OBJECT
from tests.domain.outward.objects import CHANGED, KEY, LATER, NOON, STORIES, WAITING, after, standing, started

# What a request makes of each state: the new state, or nothing where it is refused.
ASKING: Final[dict[How, dict[State, State]]] = {
    "synchronize": {"not-integrated": "pending", "desynchronized": "pending"},
    "force": {"error": "pending"},
    "background": {"not-integrated": "pending", "desynchronized": "pending"},
}

# What an event makes of each state; where the state is not named it stays.
HAPPENING: Final[dict[str, tuple[ObjectFact, dict[State, State]]]] = {
    "changed here": (CHANGED, {"success": "desynchronized"}),
    "changed there": (RemoteChanged("changed", "Somebody edited it."), {"success": "desynchronized"}),
    "deleted there": (RemoteChanged("deleted"), {"success": "desynchronized"}),
    "found standing": (FoundStanding("je:v1"), {}),
    "succeeded": (AttemptSucceeded(1, "4711"), {"processing": "success", "verifying": "success"}),
    "failed": (AttemptFailed(1, "rejected", "No."), {"processing": "error", "verifying": "error"}),
    "unknown": (OutcomeUnknown(1, "No answer."), {"processing": "verifying"}),
    "not shown": (LookedUp(1, "Not there.", answered=True), {"processing": "verifying"}),
    "refused": (SyncRefused("force", "success", "No."), {}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("how", ASKING)
def test_who_may_ask_for_what_in_which_state(state: State, how: How) -> None:
    """Synchronizing takes not integrated and desynchronized, forcing takes errors; all else is refused, with why."""
    known = standing(state)
    (fact,) = decide_sync(known, how, KEY)
    wanted = ASKING[how].get(state)
    if wanted:
        assert fact == SyncRequested(how, known.current)
        assert evolve(known, fact).state == wanted
    else:
        assert isinstance(fact, SyncRefused)
        assert (fact.how, fact.state) == (how, state)
        assert fact.message.endswith(".")
        assert evolve(known, fact) == evolve(known, SyncRefused(how, state, "another message"))
        assert evolve(known, fact).state == state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", HAPPENING)
def test_what_happens_in_which_state(state: State, event: str) -> None:
    """Every event is taken in every state, and changes only those that it concerns."""
    fact, changes = HAPPENING[event]
    assert evolve(standing(state), fact).state == changes.get(state, state)


@pytest.mark.parametrize("state", STATES)
def test_an_attempt_begins_only_where_somebody_asked(state: State) -> None:
    """Nothing is sent but from pending."""
    if state == "pending":
        check_startable(standing(state), NOON, KEY)
        assert evolve(standing(state), started()).state == "processing"
    else:
        with pytest.raises(NotToBeAttempted, match=state):
            check_startable(standing(state), NOON, KEY)


def test_an_error_that_goes_away_by_itself_is_tried_again() -> None:
    """Waiting is an error with a time: not before it, and then without anybody asking; force does not wait for it."""
    known = after(*WAITING)
    assert (known.state, known.waiting) == ("error", True)
    check_startable(known, NOON, KEY)
    with pytest.raises(NotToBeAttempted):
        check_startable(known, NOON.replace(hour=11), KEY)
    assert [fact for how in ("background", "force") for fact in decide_sync(known, how, KEY)] == [
        SyncRequested("background", 1),
        SyncRequested("force", 1),
    ]


def test_pending_is_already_synchronizing() -> None:
    """Whoever forces what is pending is told so, in the words of the product."""
    (refused,) = decide_sync(standing("pending"), "force", KEY)
    assert isinstance(refused, SyncRefused)
    assert "already synchronizing" in refused.message


def test_nobody_asks_for_what_is_not_there() -> None:
    """An object that was never registered can be neither asked for nor attempted."""
    with pytest.raises(NoSuchObject, match="je:pier"):
        decide_sync(NEW_OBJECT, "synchronize", KEY)
    with pytest.raises(NoSuchObject, match="je:pier"):
        check_startable(NEW_OBJECT, LATER, KEY)


@pytest.mark.parametrize("state", STATES)
def test_what_is_told_too_late_changes_nothing(state: State) -> None:
    """An outcome of an attempt that is not the one under way counts for nothing but the version of the stream."""
    known = standing(state)
    for fact in (AttemptSucceeded(9), AttemptFailed(9, "rejected", "No."), OutcomeUnknown(9, "?"), LookedUp(9, "?")):
        told = evolve(known, fact)
        assert told.version == known.version + 1
        assert (told.state, told.posted, told.running) == (known.state, known.posted, known.running)


@pytest.mark.parametrize("state", STATES)
def test_folding_in_parts_is_folding_at_once(state: State) -> None:
    """A fold may be taken up where it was left."""
    story = STORIES[state]
    for at in range(len(story)):
        assert fold(story[at:], fold(story[:at])) == fold(story)


def test_an_error_stays_one_when_something_else_is_to_be_sent_but_is_tried_again() -> None:
    """A change that may be the cure lets the worker try by itself; the error is shown until it is gone."""
    known = evolve(standing("error"), CHANGED)
    assert (known.state, known.retryable, known.message) == ("error", True, "It does not have the account 4010.")
    assert decide_sync(known, "background", KEY) == (SyncRequested("background", 2),)


def test_what_changes_back_to_what_stands_there_is_synchronized() -> None:
    """Nothing is taken back and written again only because somebody changed their mind twice."""
    back = ObjectChanged(3, "doc-1")
    known = evolve(standing("desynchronized"), back)
    assert (known.state, known.current) == ("success", 3)


def test_success_for_a_version_that_is_not_current_is_desynchronized() -> None:
    """What changed while it was sent is still to be told."""
    known = after(*STORIES["processing"], CHANGED, AttemptSucceeded(1, "4711"))
    assert (known.state, known.posted and known.posted.version, known.current) == ("desynchronized", 1, 2)


def test_the_message_of_a_change_says_what_differs() -> None:
    """Desynchronized says which lines differ, from what to what."""
    assert standing("desynchronized").message == "Changed here: sales/Food credit 4.80 → credit 5.00."


def test_a_reading_of_the_table_is_a_started_attempt() -> None:
    """An attempt records at once what is sent, under which reference, and until when."""
    running = standing("processing").running
    assert isinstance(running, object)
    assert running is not None
    assert (running.reference, running.document, running.until) == (f"{KEY}:v1", "doc-1", NOON)
    assert isinstance(started(), AttemptStarted)
