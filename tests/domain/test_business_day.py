"""The business day: given what happened, when it is polled, then these facts."""

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_day import NEW_DAY, BusinessDay, decide_poll, evolve, fold
from domain.facts import ABSENT, Change, DayPolled, PollFailed, PollUnchanged, RecordsChanged
from domain.facts.catalogue import DayFact
from domain.polling import Translation
from domain.records import canonical
from tests.domain.build import attempt, day_window, item, paid, punch, ticket, translated


def polled(day: BusinessDay, translation: Translation, capture: str = "capture-1") -> tuple[DayFact, ...]:
    """The facts of a whole reading."""
    return decide_poll(day, translation, attempt=attempt(), capture=capture, window=day_window())


def day_with(*records: object) -> BusinessDay:
    """The day after a first poll that found these records."""
    return fold(polled(NEW_DAY, translated(*records)))


LUNCH = ticket("t1", items=(item("10.00"),), payments=(paid("10.00"),))
DINNER = ticket("t2", items=(item("20.00"),), payments=(paid("20.00"),))
VOIDED_LUNCH = ticket("t1", items=(item("9.00"),), payments=(paid("9.00"),))


def test_the_first_poll_adds_every_record() -> None:
    """Given nothing, when two tickets and a punch are read, then generation 1 adds the three of them."""
    facts = polled(NEW_DAY, translated(LUNCH, DINNER, punch()))
    begins, changed = facts
    assert isinstance(begins, DayPolled)
    assert (begins.generation, begins.added, begins.changed, begins.removed, begins.parts) == (1, 3, 0, 0, 1)
    assert isinstance(changed, RecordsChanged)
    assert [(change.kind, change.key, change.operation) for change in changed.changes] == [
        ("punch", "s1", "added"),
        ("ticket", "t1", "added"),
        ("ticket", "t2", "added"),
    ]
    assert all(bytes(change.before) == b"null" for change in changed.changes)


def test_a_closed_day_is_a_generation_too() -> None:
    """Given nothing, when the source has nothing either, then the day is polled and empty, not missing."""
    facts = polled(NEW_DAY, translated())
    assert [type(fact) for fact in facts] == [DayPolled]
    assert NEW_DAY.state == "missing"
    assert fold(facts).state == "in progress"


def test_an_unchanged_repoll_is_one_attempt_and_nothing_else() -> None:
    """Given a polled day, when the same is read again, then one fact says so and no record moves."""
    day = day_with(LUNCH, punch())
    (fact,) = polled(day, translated(LUNCH, punch()), "capture-2")
    assert fact == PollUnchanged(attempt(), 1, "capture-2")
    after = evolve(day, fact)
    assert (after.generation, after.records, after.attempts) == (1, day.records, 2)
    assert after.capture == "capture-2"


def test_a_repoll_says_before_and_after() -> None:
    """Given two tickets, when one changed, one vanished and one came, then each stands before and after."""
    day = day_with(LUNCH, DINNER)
    late = ticket("t3")
    begins, changed = polled(day, translated(VOIDED_LUNCH, late))
    assert isinstance(begins, DayPolled)
    assert (begins.generation, begins.added, begins.changed, begins.removed) == (2, 1, 1, 1)
    assert isinstance(changed, RecordsChanged)
    assert changed.changes == (
        Change("ticket", "t1", *map(msgspec.Raw, _settled(LUNCH, VOIDED_LUNCH))),
        Change("ticket", "t2", msgspec.Raw(_settled(DINNER)[0]), ABSENT),
        Change("ticket", "t3", ABSENT, msgspec.Raw(_settled(late)[0])),
    )
    assert [change.operation for change in changed.changes] == ["changed", "removed", "added"]


def _settled(*tickets: object) -> list[bytes]:
    return [next(iter(translated(each).records["ticket"].values())) for each in tickets]


def test_a_moved_window_is_a_generation() -> None:
    """Given a polled day, when the location's zone was corrected, then a new generation records the new window."""
    day = day_with(LUNCH)
    moved = dataclasses.replace(day_window(), zone="America/Chicago")
    facts = decide_poll(day, translated(LUNCH), attempt=attempt(), capture="c", window=moved)
    assert [type(fact) for fact in facts] == [DayPolled]
    assert fold(facts, day).zone == "America/Chicago"


def test_a_failed_attempt_changes_nothing() -> None:
    """Given a polled day, when an attempt fails, then only the attempt counts."""
    day = day_with(LUNCH)
    after = evolve(day, PollFailed(attempt(), "timeout", "No answer.", retryable=True))
    assert (after.attempts, after.version) == (day.attempts + 1, day.version + 1)
    assert (after.records, after.generation, after.capture) == (day.records, day.generation, day.capture)


def test_changes_come_in_lots_of_250() -> None:
    """501 new tickets are three facts of changes, numbered, in the order of kind and key."""
    facts = polled(NEW_DAY, translated(*[ticket(f"t{number:03d}") for number in range(501)]))
    parts = [fact for fact in facts if isinstance(fact, RecordsChanged)]
    assert [(part.part, len(part.changes)) for part in parts] == [(1, 250), (2, 250), (3, 1)]
    keys = [change.key for part in parts for change in part.changes]
    assert keys == sorted(keys)


def test_a_kind_that_was_not_read_does_not_vanish() -> None:
    """Absence becomes a fact only where the kind was read: a reading of labor alone leaves the tickets."""
    day = day_with(LUNCH, punch())
    labor_only = Translation({"punch": {}}, {})
    _, changed = polled(day, labor_only)
    assert isinstance(changed, RecordsChanged)
    assert [(change.kind, change.operation) for change in changed.changes] == [("punch", "removed")]


def test_removing_what_is_not_there_is_harmless() -> None:
    """Folding is total: a removal of an unknown record leaves the day as it is."""
    gone = RecordsChanged(1, 1, (Change("ticket", "t9", ABSENT, ABSENT),))
    assert evolve(NEW_DAY, gone).records == {"ticket": {}}


RECORDS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 4), max_size=6).map(
    lambda found: [ticket(key, guests=guests) for key, guests in found.items()]
)


@given(st.lists(RECORDS, min_size=1, max_size=6))
def test_folding_gives_back_what_was_read_last(readings: list[list[object]]) -> None:
    """Whatever was read in whatever order, the fold of all facts is the last reading, byte for byte."""
    day = NEW_DAY
    facts: list[DayFact] = []
    for reading in readings:
        made = polled(day, translated(*reading))
        facts += made
        day = fold(made, day)
    final = translated(*readings[-1]).records
    assert {kind: dict(known) for kind, known in day.records.items() if known} == {
        kind: known for kind, known in final.items() if known
    }
    assert fold(facts) == day
    step_by_step = NEW_DAY
    for fact in facts:
        step_by_step = evolve(step_by_step, fact)
    assert step_by_step == day


@given(RECORDS, RECORDS)
def test_going_there_and_back_is_two_generations(first: list[object], second: list[object]) -> None:
    """A → B → A can be told apart in the history, and ends where it began."""
    day = fold(polled(NEW_DAY, translated(*first)))
    there = fold(polled(day, translated(*second)), day)
    back = fold(polled(there, translated(*first)), there)
    assert dict(back.records.get("ticket", {})) == dict(day.records.get("ticket", {}))
    same = translated(*first).records == translated(*second).records
    assert back.generation == (1 if same else 3)


@pytest.mark.parametrize("record", [LUNCH, punch()])
def test_equal_records_have_equal_bytes(record: object) -> None:
    """The canonical bytes of a record do not depend on when or how it was made."""
    assert canonical(record) == canonical(msgspec.structs.replace(record))  # type: ignore[arg-type, type-var]
