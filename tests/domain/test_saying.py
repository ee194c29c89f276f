"""What facts say about records: one registry, and generations by their shape."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from domain.facts import FACTS, Change, OverlayFact
from domain.facts.saying import OPERATIONS, Beginning, Saying, Told, beginning, saying, told
from tests.support.facts import ATTEMPT, CHANGES, EXAMPLES, HR_CHANGES

SAYINGS = {
    "business-day.records-changed": Saying(CHANGES),
    "connection.roster-changed": Saying(CHANGES[:1]),
    "personnel.changed": Saying(HR_CHANGES),
    "business-day.late-change-observed": Saying(CHANGES[:1], applied=False),
    "business-day.changes-staged": Saying(CHANGES, applied=False),
}


@pytest.mark.parametrize("name", FACTS)
def test_what_each_fact_says_about_records(name: str) -> None:
    """Facts with changes of records say them, and whether they stand; all others say nothing of records."""
    fact: Any = EXAMPLES[name]
    if isinstance(fact, OverlayFact):
        assert saying(fact) == Saying((fact.change,), operation=OPERATIONS[type(fact)])
    else:
        assert saying(fact) == SAYINGS.get(name, Saying(()))


@pytest.mark.parametrize("name", FACTS)
def test_no_changes_are_passed_over(name: str) -> None:
    """Whatever fact has a field of changes is registered."""
    shape, _ = FACTS[name]
    holds = any(field.type == tuple[Change, ...] for field in msgspec.structs.fields(shape))
    assert holds is (name in SAYINGS)


def test_generations_begin_by_their_shape() -> None:
    """A poll, a compensation, an applied replay and what comes in on reopening begin one; nothing else does."""
    begun = {name: found for name, fact in EXAMPLES.items() if (found := beginning(fact))}
    assert begun == {
        "business-day.polled": Beginning(2, "repoll", 1, 1, 1, 1, None),
        "business-day.compensated": Beginning(3, "split-shift", 1, 1, 1, 1, dt.date(2026, 10, 30)),
        "business-day.staged-applied": Beginning(3, "reopened", 1, 1, 1, 1, None),
        "business-day.replay-applied": Beginning(3, "replay", 1, 1, 1, 1, None),
    }
    waits = [name for name, fact in EXAMPLES.items() if beginning(fact, held_back=True) and name not in begun]
    assert waits == ["business-day.generation-staged", "business-day.replay-staged"]


def test_where_a_fact_has_it_from() -> None:
    """A fact that was read says from which connection, under which configuration, and which answer says so."""
    assert told(EXAMPLES["business-day.polled"]) == Told("main", 3, "c" * 64, ATTEMPT)
    assert told(EXAMPLES["business-day.compensated"]) == Told("main", 3, "c" * 64, None)
    assert told(EXAMPLES["business-day.replay-applied"]) == Told("main", 3, "c" * 64, None)
    assert told(EXAMPLES["connection.roster-changed"]) == Told("", 0, "c" * 64, None)
    assert told(EXAMPLES["business-day.completed"]) == Told("", 0, "", None)
