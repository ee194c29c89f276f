"""What a poll answers: read from the facts that it recorded, whichever they are."""

import datetime as dt

import pytest

from domain.commands.recording import Outcome, outcome_of
from domain.facts import (
    ConflictRaised,
    DayCompensated,
    Fact,
    GenerationStaged,
    LateChangeObserved,
    PollFailed,
    PollUnchanged,
)
from domain.identifiers import DayId
from domain.ports.journal import Receipt
from tests.support.facts import EXAMPLES

RECEIPT = Receipt(9, dt.datetime(2026, 11, 2, 5, 0, tzinfo=dt.UTC), 4)
SATURDAY = dt.date(2026, 10, 31)

_BY_TYPE: dict[type, Fact] = {type(fact): fact for fact in EXAMPLES.values()}
UNCHANGED, COMPENSATED, RAISED = _BY_TYPE[PollUnchanged], _BY_TYPE[DayCompensated], _BY_TYPE[ConflictRaised]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param((UNCHANGED,), Outcome("unchanged", 2, RECEIPT), id="nothing new"),
        pytest.param((UNCHANGED, RAISED), Outcome("unchanged", 2, RECEIPT, conflicts=1), id="a conflict alone"),
        pytest.param((UNCHANGED, COMPENSATED), Outcome("unchanged", 3, RECEIPT, 1, 1, 1), id="overtime of other hours"),
        pytest.param(
            (UNCHANGED, RAISED, COMPENSATED), Outcome("unchanged", 3, RECEIPT, 1, 1, 1, conflicts=1), id="both"
        ),
    ],
)
def test_an_unchanged_day_may_still_have_conflicts_and_overtime_by_other_days(
    facts: tuple[Fact, ...], expected: Outcome
) -> None:
    """Its records are what they were; what came beside them is counted, in whatever order it was recorded."""
    assert outcome_of(facts, 2, RECEIPT) == expected


def test_what_was_staged_or_failed_says_so() -> None:
    """A staged generation carries the number that it will have; a failure leaves the one that stands."""
    staged, failed = _BY_TYPE[GenerationStaged], _BY_TYPE[PollFailed]
    assert isinstance(failed, PollFailed)
    assert outcome_of((staged,), 2, RECEIPT) == Outcome("staged", 3, RECEIPT, 1, 1, 1)
    assert outcome_of((failed,), 2, RECEIPT) == Outcome("failed", 2, RECEIPT, failure=failed)


def test_other_days_are_counted_by_their_changed_records_and_by_what_they_no_longer_take() -> None:
    """Compensations by date, late changes of approved days with those that were too many to list."""
    late = _BY_TYPE[LateChangeObserved]
    beside: dict[DayId, tuple[Fact, ...]] = {DayId("main", "harbor", SATURDAY): (COMPENSATED, late, RAISED)}
    outcome = outcome_of((UNCHANGED,), 2, RECEIPT, beside)
    assert (outcome.compensated, outcome.observed, outcome.conflicts) == ({SATURDAY: 3}, 5, 1)
