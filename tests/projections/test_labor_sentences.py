"""What history says about labor: where a punch was edited, and why a day changed that nobody touched."""

import datetime as dt

import msgspec
import pytest

from domain.differences import field_changes
from domain.facts import ABSENT, Change, DayCompensated, Entry, LateChangeObserved, RecordsChanged
from domain.records import Punch, canonical
from projections.sentences import record_sentence, sentence
from tests.domain.build import punch
from tests.support.facts import BY, CHANGES, NOON

DATE = dt.date(2026, 10, 30)


def raw(record: Punch | None) -> msgspec.Raw:
    """The bytes of a punch, or of none."""
    return ABSENT if record is None else msgspec.Raw(canonical(record)[2])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (punch(), punch(job="j2", terminal="HQ"), "Punch s1 was edited above store: job j1 → j2, terminal empty → HQ."),
        (
            punch(terminal="POS 1"),
            punch(job="j2", terminal="POS 1"),
            "Punch s1 was edited at the POS (POS 1): job j1 → j2.",
        ),
        (punch(), punch(job="j2"), "Punch s1 changed: job j1 → j2."),
        (None, punch(terminal="HQ"), "Punch s1 was added above store."),
        (None, punch(terminal="POS 1"), "Punch s1 was added."),
        (punch(terminal="HQ"), None, "Punch s1 was removed."),
    ],
)
def test_where_a_punch_was_edited(before: Punch | None, after: Punch | None, told: str) -> None:
    """Above store or at the POS, as far as the punch says it; one that vanished says nothing about who took it."""
    change = Change("punch", "s1", raw(before), raw(after))
    assert record_sentence(change, field_changes(change)) == told


def test_a_part_of_a_generation_says_what_was_edited_above_store() -> None:
    """In the list of what changed."""
    edited = Change("punch", "s1", raw(punch()), raw(punch(job="j2", terminal="HQ")))
    fact = RecordsChanged(2, 1, (edited,))
    assert said(fact) == "Part 1 of generation 2: punch s1 changed above store."


def said(fact: RecordsChanged | DayCompensated | LateChangeObserved) -> str:
    """The sentence of a fact."""
    return sentence(Entry("business-day:main:L1:2026-10-31", 1, 1, NOON, BY, fact))


@pytest.mark.parametrize(
    ("origin", "connection", "told"),
    [
        (
            "labor-lookback",
            "tray",
            "Reading 2026-10-30 from tray changed this day (labor found by looking back): generation 3, 1 added.",
        ),
        (
            "overtime",
            "tray",
            "Reading 2026-10-30 from tray changed this day (overtime of the workweek): generation 3, 1 added.",
        ),
        (
            "overtime",
            "",
            "An edit of labor on 2026-10-30 changed this day (overtime of the workweek): generation 3, 1 added.",
        ),
    ],
)
def test_why_a_day_changed_that_nobody_touched(origin: str, connection: str, told: str) -> None:
    """By which day's reading, or by an edit here, and for what reason."""
    assert (
        said(DayCompensated(3, origin, DATE, connection, 1, "c" * 64, 1, 0, 0, 1)).replace("1 record added", "1 added")
        == told
    )


def test_what_is_too_old_for_looking_back() -> None:
    """It is listed, with what to do."""
    fact = LateChangeObserved("before-lookback", DATE, "tray", "c" * 64, CHANGES[:1])
    assert said(fact) == (
        "Reading 2026-10-30 from tray showed 1 change of labor here, before the days that it looks back on; "
        "a repoll takes them."
    )
