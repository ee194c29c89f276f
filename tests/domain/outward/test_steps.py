"""The next step of an object: given what happened, when it is asked, then this and no other effect."""

import datetime as dt

import pytest

from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    LookedUp,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    OutcomeUnknown,
    RemoteChanged,
)
from domain.outward import (
    NOT_SHOWN,
    Planned,
    decide_failure,
    decide_not_shown,
    decide_register,
    decide_start,
    decide_success,
    decide_unknown,
    fold,
    is_overdue,
    next_step,
)
from domain.outward.deciding import OutwardRules
from tests.domain.outward.objects import (
    ASKED,
    CHANGED,
    GONE,
    KEY,
    LATER,
    NOON,
    REGISTERED,
    STORIES,
    after,
    posted,
    standing,
    started,
)

EMPLOYEE = ObjectRegistered("employee", "doc-1", "pier")
CLOSED = AttemptFailed(2, "closed-period", "October is closed.", retryable=True, retry_at=NOON)


def test_what_is_not_there_is_created() -> None:
    """Given a registered entry, then version 1 is created."""
    assert next_step(after(REGISTERED)) == Planned("create", 1, "doc-1")


def test_what_stands_there_needs_nothing() -> None:
    """Given an entry that was posted, then there is no step."""
    assert next_step(standing("success")) is None


def test_a_changed_entry_is_taken_back_and_then_written_anew_linked() -> None:
    """Given a posted entry that changed, then version 1 is reversed, and version 2 created in its place."""
    changed = standing("desynchronized")
    assert next_step(changed) == Planned("reverse", 1, "doc-1", "no-1", f"{KEY}:v1", level="top")
    reversed_ = fold(posted(2, "reverse"), changed)
    assert (reversed_.state, reversed_.posted) == ("pending", None)
    assert next_step(reversed_) == Planned("create", 2, "doc-2", related=f"{KEY}:v1")
    assert fold(posted(3, "create", 2), reversed_).state == "success"


def test_an_entry_of_a_closed_period_is_corrected_in_the_open_one() -> None:
    """Given a reversal that was refused as its period is closed, then the difference goes in, and all later ones."""
    refused = fold([started(2, "reverse"), CLOSED], standing("desynchronized"))
    assert (refused.state, refused.waiting) == ("error", True)
    assert next_step(refused) == Planned("delta", 2, "", "no-1", f"{KEY}:v1")
    corrected = fold([started(3, "delta", 2, "difference"), AttemptSucceeded(3, "no-3")], refused)
    assert corrected.state == "success"
    assert corrected.posted is not None
    assert (corrected.posted.document, corrected.posted.reference) == ("doc-2", f"{KEY}:v2:d")
    again = fold([ObjectChanged(3, "doc-3")], corrected)
    assert next_step(again) == Planned("delta", 3, "", "no-3", f"{KEY}:v2:d")


def test_an_entry_that_is_no_more_is_taken_back_only() -> None:
    """Given a posted entry of a day that now has none, then it is reversed, and nothing comes in its place."""
    gone = after(*STORIES["success"], GONE)
    assert next_step(gone) == Planned("reverse", 1, "doc-1", "no-1", f"{KEY}:v1", level="top")
    taken = fold(posted(2, "reverse"), gone)
    assert (taken.state, next_step(taken)) == ("success", None)


def test_what_was_never_there_and_is_no_more_needs_nothing() -> None:
    """Given an entry that was not sent yet, when its day has none any more, then there is nothing to do."""
    known = after(REGISTERED, GONE)
    assert (known.state, next_step(known)) == ("success", None)


def test_master_data_is_written_over() -> None:
    """Given an employee that changed, then the record at the other side is updated."""
    known = after(EMPLOYEE, ASKED, *posted(), CHANGED)
    assert next_step(known) == Planned("update", 2, "doc-2", "no-1")
    updated = fold([started(2, "update", 2), AttemptSucceeded(2)], known)
    assert updated.posted is not None
    assert (updated.state, updated.posted.external_id) == ("success", "no-1")


def test_what_was_deleted_there_is_created_anew() -> None:
    """Given a record that is gone when it is updated, then it is created at once, with the new version."""
    known = fold([started(2, "update", 2)], after(EMPLOYEE, ASKED, *posted(), CHANGED))
    facts = decide_failure(known, 2, "not-there", "No such employee.", now=NOON, retryable=False)
    assert facts == (
        AttemptFailed(2, "not-there", "No such employee.", retryable=True, retry_at=NOON),
        RemoteChanged("deleted", "No such employee."),
    )
    assert next_step(fold(facts, known)) == Planned("create", 2, "doc-2")


def test_a_reversal_of_what_is_not_there_and_need_not_be_is_done() -> None:
    """Given an entry that was deleted there and is to be taken back, then nothing is left to do."""
    known = fold([started(2, "reverse")], after(*STORIES["success"], GONE))
    facts = decide_failure(known, 2, "not-there", "No such entry.", now=NOON, retryable=False)
    assert fold(facts, known).state == "success"


def test_what_was_changed_there_is_taken_back_though_nothing_changed_here() -> None:
    """Given an entry that somebody edited at the other side, then it is reversed and written anew."""
    known = after(*STORIES["success"], RemoteChanged("changed", "Edited."), ObjectChanged(2, "doc-1"))
    assert (known.state, known.message) == ("desynchronized", "Edited.")
    step = next_step(known)
    assert step is not None
    assert (step.step, step.version) == ("reverse", 1)


SENT = (REGISTERED, ASKED, started(), OutcomeUnknown(1, "No answer came in time."))
LOST = AttemptFailed(1, NOT_SHOWN, "Never shown.", retryable=True, retry_at=NOON)


def test_what_may_arrive_late_is_insisted_on_before_anything_else_is_sent() -> None:
    """Given an effect that was sent and never shown, when the object changed, then the same goes out again first."""
    known = after(*SENT, LOST, CHANGED)
    step = next_step(known)
    assert step is not None
    assert (step.step, step.version, step.document) == ("create", 1, "doc-1")
    begun = decide_start(known, KEY, step, step.document, "entity", LATER)
    assert begun == AttemptStarted(2, "create", 1, f"{KEY}:v1", "doc-1", LATER)
    found = fold([begun, AttemptSucceeded(2, "no-1", found=True)], known)
    assert (found.state, found.doubt) == ("desynchronized", None)
    assert found.posted is not None
    assert found.posted.document == "doc-1"


@pytest.mark.parametrize(
    ("failure", "certain"),
    [("rejected", True), ("closed-period", True), ("unavailable", False), ("connection-failed", False)],
)
def test_only_a_system_that_looked_at_it_ends_the_doubt(failure: str, certain: bool) -> None:
    """That a second sending was not possible says nothing about the first one; that it was looked at does."""
    known = fold([started(2), AttemptFailed(2, failure, "No.")], after(*SENT, LOST))
    assert (known.doubt is None) == certain


@pytest.mark.parametrize(
    ("looks", "minutes", "answered", "gives_up"),
    [
        (0, 10, True, False),
        (1, 4, True, False),
        (1, 10, False, False),
        (1, 10, True, True),
        (5, 5, True, True),
    ],
)
def test_not_shown_counts_only_often_enough_and_late_enough(
    looks: int, minutes: int, answered: bool, gives_up: bool
) -> None:
    """Only the second answer, and five minutes after nothing could be sent any more, makes it a failure."""
    known = after(*SENT, *[LookedUp(1, "Not there.", answered=True)] * looks)
    now = NOON + dt.timedelta(minutes=minutes)
    (fact,) = decide_not_shown(known, 1, "Not there.", answered=answered, now=now)
    assert isinstance(fact, AttemptFailed) == gives_up
    assert isinstance(fact, LookedUp) != gives_up


def test_a_process_that_is_gone_is_noticed_when_its_time_is_over() -> None:
    """Nothing is sent past the time that was recorded, so that nobody has to hold anything in between."""
    known = standing("processing")
    assert not is_overdue(known, NOON)
    assert is_overdue(known, LATER)
    assert not is_overdue(standing("verifying"), LATER)


@pytest.mark.parametrize("state", ["pending", "success", "error"])
def test_what_was_settled_is_not_settled_again(state: str) -> None:
    """Whoever comes too late with an outcome records nothing."""
    known = fold(STORIES[state])  # type: ignore[index]
    decided: list[tuple[ObjectFact, ...]] = [
        decide_success(known, 1, "4711", "Done.", found=False),
        decide_failure(known, 1, "rejected", "No.", now=NOON, retryable=False),
        decide_unknown(known, 1, "?"),
        decide_not_shown(known, 1, "?", answered=True, now=LATER),
    ]
    assert decided == [(), (), (), ()]
    assert decide_unknown(standing("verifying"), 1, "?") == ()


def test_retries_wait_longer_and_longer_and_as_long_as_they_are_asked_to() -> None:
    """A minute, two, four, an hour at most; what the system asks for is honoured up to a day."""
    rules = OutwardRules()
    pauses = [(rules.retry_at(NOON, failures, None) - NOON).total_seconds() for failures in (0, 1, 2, 9, 99)]
    assert pauses == [60, 120, 240, 3600, 3600]
    asked = [NOON + dt.timedelta(seconds=5), NOON + dt.timedelta(hours=2), NOON + dt.timedelta(days=9)]
    assert [rules.retry_at(NOON, 0, one) - NOON for one in asked] == [
        dt.timedelta(minutes=1),
        dt.timedelta(hours=2),
        dt.timedelta(days=1),
    ]


def test_registering_records_only_what_differs() -> None:
    """A new object is registered, another content is a new version, the same again is nothing."""
    given = {"location": "pier", "date": "2026-11-01", "position": 7}
    assert decide_register(fold(()), "sales-entry", "doc-1", **given) == (REGISTERED,)  # type: ignore[arg-type]
    assert decide_register(fold(()), "sales-entry", "doc-0", empty=True) == ()
    assert decide_register(after(REGISTERED), "sales-entry", "doc-1", position=8) == ()
    assert decide_register(after(REGISTERED), "sales-entry", "doc-2", position=9) == (ObjectChanged(2, "doc-2", (), 9),)


def test_a_delta_keeps_its_doubt() -> None:
    """A difference that was sent and never shown is sent again as it was, and what it comes to is remembered."""
    closed = fold([started(2, "reverse"), CLOSED], standing("desynchronized"))
    lost = fold(
        [
            started(3, "delta", 2, "difference"),
            OutcomeUnknown(3, "?"),
            AttemptFailed(3, NOT_SHOWN, "Never.", retryable=True, retry_at=NOON),
            ObjectChanged(3, "doc-3"),
        ],
        closed,
    )
    step = next_step(lost)
    assert step is not None
    assert (step.step, step.version, step.document, step.related) == ("delta", 2, "difference", f"{KEY}:v1")
    done = fold([decide_start(lost, KEY, step, "difference", "top", LATER), AttemptSucceeded(4, "no-4")], lost)
    assert done.posted is not None
    assert (done.state, done.posted.document) == ("desynchronized", "doc-2")


def test_a_failure_keeps_its_time_and_message() -> None:
    """A failure that goes away by itself says when it is tried again; messages are cut, not refused."""
    (failed,) = decide_failure(
        standing("processing"), 1, "unavailable", "x" * 900, now=NOON, retryable=True, asked=LATER
    )
    assert isinstance(failed, AttemptFailed)
    assert (failed.retry_at, len(failed.message)) == (LATER, 500)
    assert fold([failed], standing("processing")).waiting
    assert CHANGED.version == 2
