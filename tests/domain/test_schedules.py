"""Schedules: entered whole, published as they stand, with every problem told at once."""

import datetime as dt
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facts.schedules import ScheduleChanged, ScheduleFact, SchedulePublished, ShiftChange
from domain.identifiers import ScheduleId, schedule_of
from domain.outward import Shift, document_bytes, document_of
from domain.outward.schedules import published_document
from domain.schedule import (
    MOST_SHIFTS,
    NEW_SCHEDULE,
    BadShifts,
    Beside,
    NothingToPublish,
    Schedule,
    WantedShift,
    Workplace,
    decide_enter,
    decide_publish,
    fold,
)

WEEK: Final = dt.date(2026, 11, 23)
BEGINS: Final = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
NAMED: Final = ScheduleId("main", "pier", WEEK)
PLACE: Final = Workplace(
    BEGINS, BEGINS + dt.timedelta(days=7), {"E1": True, "E2": True, "E9": False}, frozenset({"J1", "J2"})
)


def at(hours: float) -> dt.datetime:
    """A moment of the week."""
    return BEGINS + dt.timedelta(hours=hours)


def shift(starts: float, ends: float, employee: str = "E1", job: str = "J1", **more: object) -> WantedShift:
    """A shift that is wanted, from and to so many hours of the week."""
    return WantedShift(employee, job, at(starts), at(ends), **more)  # type: ignore[arg-type]


def entered(*wanted: WantedShift, after: Schedule = NEW_SCHEDULE, place: Workplace = PLACE) -> Schedule:
    """A schedule after these were entered."""
    return fold(decide_enter(after, wanted, place, "w-"), after)


def problems_of(*wanted: WantedShift, after: Schedule = NEW_SCHEDULE, place: Workplace = PLACE) -> list[str]:
    """What is wrong with these."""
    with pytest.raises(BadShifts) as caught:
        decide_enter(after, wanted, place, "w-")
    return [str(problem) for problem in caught.value.problems]


def test_a_schedule_is_entered_changed_and_published() -> None:
    """Shifts have ids that stay; what is published stays so until it is published again."""
    first = entered(shift(10, 18), shift(10, 16, "E2"))
    assert (first.stage, list(first.shifts)) == ("draft", ["w-0001", "w-0002"])
    published = fold(decide_publish(first), first)
    assert (published.stage, published.publications) == ("published", 1)
    assert decide_publish(published) == ()
    changed = entered(shift(10, 19), shift(34, 40), after=published)
    assert changed.stage == "changed"
    assert {id_: one.ends_at for id_, one in changed.shifts.items()} == {
        "w-0001": "2026-11-24T00:00:00Z",
        "w-0003": "2026-11-24T21:00:00Z",
    }
    assert published_document(NAMED, changed) == published_document(NAMED, published)
    again = fold(decide_publish(changed), changed)
    assert [one.id for one in published_document(NAMED, again).shifts] == ["w-0001", "w-0003"]


def test_facts_say_before_and_after() -> None:
    """A change tells what was added, changed and removed, and where it came from; entered again nothing is told."""
    first = entered(shift(10, 18), shift(34, 40))
    wanted = [shift(10, 19, id="w-0001"), shift(58, 60, "E2")]
    (fact,) = decide_enter(first, wanted, PLACE, "w-", source="week.csv")
    assert fact.source == "week.csv"
    assert [(change.id, change.before is None, change.after is None) for change in fact.changes] == [
        ("w-0001", False, False),
        ("w-0002", False, True),
        ("w-0003", True, False),
    ]
    assert decide_enter(fold([fact], first), wanted, PLACE, "w-") == ()


def test_what_is_published_is_a_document() -> None:
    """The document has all published shifts by id, and is the same from its bytes."""
    state = entered(shift(10, 18))
    state = fold(decide_publish(state), state)
    document = published_document(NAMED, state)
    assert document.shifts == (Shift("w-0001", "E1", "J1", "2026-11-23T15:00:00Z", "2026-11-23T23:00:00Z"),)
    assert document_of(document_bytes(document)) == document
    assert published_document(NAMED, NEW_SCHEDULE).shifts == ()
    assert NAMED.key == "schedule:pier:2026-11-23"


def test_every_problem_is_told_at_once() -> None:
    """Unknown and former employees, unknown jobs, times, ids and overlaps, each with its place."""
    assert problems_of(
        shift(10, 18, "E7", "J7", row=1),
        shift(10, 9, row=2),
        shift(-1, 4, "E9", row=3),
        shift(20, 44, row=4),
        shift(30, 31, id="nobody", row=5),
        shift(170, 171, "E2", row=6),
    ) == [
        "shift 1, employee: nobody of this id works here, as far as the point of sale says",
        "shift 1, job: the point of sale has no job of this id",
        "shift 2, end: it is not after the start",
        "shift 3, employee: who has this id does not work here any more",
        "shift 3, start: it is not in this week, which is 2026-11-23 05:00 to 2026-11-30 05:00 UTC",
        "shift 4, end: a shift is shorter than 24 hours",
        "shift 5, id: there is no shift 'nobody' in this week: leave the id out",
        "shift 5, start: the employee works shift 4 at that time",
        "shift 6, start: it is not in this week, which is 2026-11-23 05:00 to 2026-11-30 05:00 UTC",
    ]


def test_nobody_works_two_shifts_at_once() -> None:
    """Overlaps of one employee are refused, also with the weeks beside; one after the other is fine."""
    assert entered(shift(10, 14), shift(14, 18), shift(10, 18, "E2")).shifts.keys() == {"w-0001", "w-0002", "w-0003"}
    assert problems_of(shift(10, 20, row=1), shift(12, 13, row=2), shift(19, 21, row=3)) == [
        "shift 2, start: the employee works shift 1 at that time",
        "shift 3, start: the employee works shift 1 at that time",
    ]
    beside = (Beside("E1", at(-4), at(2)), Beside("E1", at(-3), at(-2)), Beside("E2", at(167), at(170)))
    place = Workplace(PLACE.begins, PLACE.ends, PLACE.employees, PLACE.jobs, beside)
    assert problems_of(shift(1, 5, row=1), shift(160, 168, "E2", row=2), place=place) == [
        "shift 1, start: the employee works a shift of the week beside at that time",
        "shift 2, start: the employee works a shift of the week beside at that time",
    ]


def test_ids_and_bounds() -> None:
    """An id can be given once; a week has so many shifts at most; many problems are counted in the sentence."""
    first = entered(shift(10, 18))
    assert problems_of(shift(10, 12, id="w-0001", row=1), shift(13, 14, id="w-0001", row=2), after=first) == [
        "shift 2, id: another shift has this id"
    ]
    assert "1,000 shifts at most" in problems_of(*[shift(1, 2)] * (MOST_SHIFTS + 1))[0]
    with pytest.raises(BadShifts, match="and 2 more"):
        decide_enter(NEW_SCHEDULE, [shift(2, 1, row=row) for row in range(7)], PLACE, "w-")
    with pytest.raises(NothingToPublish, match="enter them first"):
        decide_publish(NEW_SCHEDULE)


def test_many_changes_are_several_facts() -> None:
    """250 changes a fact."""
    place = Workplace(PLACE.begins, PLACE.ends, {f"E{n}": True for n in range(400)}, PLACE.jobs)
    facts = decide_enter(NEW_SCHEDULE, [shift(1, 2, f"E{n}") for n in range(400)], place, "w-")
    assert [len(fact.changes) for fact in facts] == [250, 150]
    assert len(fold(facts).shifts) == 400


def test_folding_is_total() -> None:
    """Whatever was recorded is taken, a removal of what is not there as well."""
    facts: list[ScheduleFact] = [ScheduleChanged((ShiftChange("x", shift(1, 2).shift, None),)), SchedulePublished(3, 0)]
    state = fold(facts)
    assert (state.version, state.shifts, state.publications, state.stage) == (2, {}, 3, "published")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(["E1", "E2"]), st.integers(0, 13), st.integers(1, 11)), max_size=8)))
def test_what_is_entered_is_what_stands(weeks: list[list[tuple[str, int, int]]]) -> None:
    """However often it is entered anew, what stands is what was entered last, and ids are never used for two shifts."""
    state = NEW_SCHEDULE
    names: dict[str, str] = {}
    for week in weeks:
        free = {(employee, half): hours for employee, half, hours in week}
        wanted = [shift(12 * half, 12 * half + hours, employee) for (employee, half), hours in free.items()]
        state = entered(*wanted, after=state)
        assert sorted(map(repr, state.shifts.values())) == sorted(repr(one.shift) for one in wanted)
        assert decide_enter(state, wanted, PLACE, "w-") == ()
        for id_, one in state.shifts.items():
            assert names.setdefault(id_, f"{one.employee} {one.starts_at}") == f"{one.employee} {one.starts_at}"


def test_streams() -> None:
    """A schedule has a stream of its own, which leads back to it; others do not."""
    assert schedule_of(NAMED.stream) == NAMED
    assert schedule_of("business-day:main:pier:2026-11-23") is None
