"""Punches that managers edit, add and strike out: given a day, when decided, then these facts and this labor."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.facts import DayApproved, DayCompleted, OverlayEntered
from domain.overlays import (
    BadPunch,
    ConflictOpen,
    DayIsApproved,
    NoSuchPunch,
    PunchFields,
    decide_add_punch,
    decide_edit_punch,
    decide_strike_punch,
    decide_withdraw,
)
from domain.overlays.punches import MOST_BREAKS, MOST_EDITS
from domain.polling import Options
from domain.records import Break
from tests.domain.build import DATE, at, breaks, punch
from tests.domain.overlays.days import LONG_PLACE, OPEN, PLACE, Story, utc


def edit(story: Story, key: str = "s1", **fields: Any) -> None:
    """Edit a punch."""
    story.record(decide_edit_punch(story.day, key, PunchFields(**fields), PLACE))


def test_a_clock_out_that_somebody_forgot() -> None:
    """Given an open punch, when a manager says when it ended, then it counts, and the source's stays recorded."""
    story = Story(OPEN)
    assert story.summary.labor_pay_cents == 0
    edit(story, clock_out=at("22:00"))
    (fact,) = story.last
    assert isinstance(fact, OverlayEntered)
    assert (fact.kind, fact.key, fact.change.operation, fact.generation) == ("punch", "s1", "changed", 1)
    assert fact.source == fact.before
    shown = story.shown()
    assert shown
    assert (shown.clock_out, shown.excluded) == (at("22:00"), "")
    assert (story.hours, story.summary.labor_pay_cents) == (8, 12_000)
    assert b'"clock_out":' not in story.day.records["punch"]["s1"]


def test_24_hours_until_a_manager_corrects_it_to_8() -> None:
    """A shift without clock-out counts 24.00 h, 360.00 at 15.00, until it is corrected to 8.00 h: that is -240.00."""
    story = Story(OPEN, options=Options(allow_24_hour_punches=True))
    before = story.summary
    assert (float(before.labor_hours), before.labor_pay_cents) == (24, 36_000)
    assert [issue.code for issue in before.issues] == ["assumed_clock_out"]
    story.record(decide_edit_punch(story.day, "s1", PunchFields(clock_out=at("22:00")), LONG_PLACE))
    after = story.summary
    assert (float(after.labor_hours), after.labor_pay_cents - before.labor_pay_cents) == (8, -24_000)
    assert after.issues == ()


def test_an_assumed_clock_out_follows_the_clock_in() -> None:
    """Where 24 hours are assumed and only the clock-in is corrected, 24 hours are assumed from there."""
    story = Story(OPEN, options=Options(allow_24_hour_punches=True))
    story.record(decide_edit_punch(story.day, "s1", PunchFields(clock_in=at("15:00")), LONG_PLACE))
    shown = story.shown()
    assert shown
    assert (shown.clock_out, shown.assumed_out) == (utc("15:00", 1), True)
    story.record(decide_edit_punch(story.day, "s1", PunchFields(rate=Decimal(20)), LONG_PLACE))
    assert (story.hours, story.summary.labor_pay_cents) == (24, 48_000)


def test_only_what_is_given_changes() -> None:
    """Job, rate, breaks and tips change one by one; the job takes its name, the rate stays until it is given."""
    story = Story(punch())
    edit(story, job="j2")
    edit(story, breaks=breaks(("17:00", "17:30")), declared_tips_cents=500)
    shown = story.shown()
    assert shown
    assert (shown.job, shown.job_name, shown.rate, shown.declared_tips_cents) == ("j2", "Cook", Decimal("15.00"), 500)
    assert [line.name for line in story.summary.labor] == ["Cook"]
    assert story.hours == Decimal("7.5")
    edit(story, breaks=())
    assert story.hours == 8


def test_times_of_any_offset_are_one_instant() -> None:
    """A time with another offset says the same: what is recorded is UTC."""
    story = Story(OPEN)
    new_york = dt.timezone(dt.timedelta(hours=-4))
    starts, ends = (at(text).astimezone(new_york) for text in ("18:00", "18:30"))
    edit(story, clock_out=at("22:00").astimezone(new_york), breaks=(Break(starts, ends),))
    shown = story.day.shown["punch"]["s1"]
    assert b'"clock_out":"2026-10-31T22:00:00Z"' in shown
    assert b'"starts_at":"2026-10-31T18:00:00Z"' in shown


def test_edited_back_it_is_the_sources_again() -> None:
    """An edit that says what the source says withdraws what was entered; one that changes nothing records nothing."""
    story = Story(punch())
    edit(story, clock_out=at("23:00"))
    edit(story, clock_out=at("23:00"), rate=Decimal("15.0"))
    assert story.last == ()
    edit(story, clock_out=at("22:00"))
    assert story.names == ["OverlayWithdrawn"]
    assert (story.day.overlays, story.day.shown) == ({}, story.day.records)


def test_a_punch_that_nobody_clocked_is_added() -> None:
    """Somebody forgot to clock in: the punch counts under a key that no source can use, at the employee's rate."""
    story = Story(punch())
    added = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    story.record(decide_add_punch(story.day, "e1", added, DATE, PLACE))
    story.record(decide_add_punch(story.day, "e2", PunchFields(utc("16:00"), utc("17:00"), job="j2"), DATE, PLACE))
    story.record(
        decide_add_punch(story.day, "e2", PunchFields(utc("16:00"), utc("17:00"), (), "j2", Decimal(1)), DATE, PLACE)
    )
    assert list(story.day.shown["punch"]) == ["s1", "daybook:1", "daybook:2", "daybook:3"]
    assert story.summary.labor_pay_cents == 12_000 + 6_400 + 1_800 + 100
    assert list(story.day.records["punch"]) == ["s1"]


def test_a_punch_is_struck_out() -> None:
    """A struck punch is shown no longer and counts nothing; one that was added here is just withdrawn."""
    story = Story(punch())
    story.record(decide_strike_punch(story.day, "s1"))
    assert story.names == ["OverlayEntered"]
    assert (story.shown(), story.summary.labor_pay_cents) == (None, 0)
    with pytest.raises(NoSuchPunch, match="struck out: withdraw that first"):
        edit(story, rate=Decimal(1))
    added = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    story.record(decide_add_punch(story.day, "e1", added, DATE, PLACE))
    story.record(decide_strike_punch(story.day, "daybook:2"))
    assert story.names == ["OverlayWithdrawn"]
    story.record(decide_withdraw(story.day, "punch", "s1"))
    assert (story.day.overlays, story.day.shown) == ({}, story.day.records)


TOO_MANY = tuple(Break(at("17:00"), at("17:01")) for _ in range(MOST_BREAKS + 1))
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "Say what is to change"),
    ({"clock_out": at("14:00")}, "has to come after"),
    ({"clock_in": at("22:00")}, "has to come after"),
    ({"clock_out": utc("14:01", 3)}, "more than 72 hours"),
    ({"clock_in": utc("03:59")}, "not of this business day"),
    ({"clock_in": utc("04:00", 1), "clock_out": utc("05:00", 1)}, "not of this business day"),
    ({"clock_out": dt.datetime(2026, 10, 31, 22)}, "needs its offset"),  # noqa: DTZ001 - that is the point
    ({"breaks": (Break(dt.datetime(2026, 10, 31, 17)),)}, "needs its offset"),  # noqa: DTZ001
    ({"breaks": (Break(at("17:00")),)}, "A break has an end"),
    ({"breaks": breaks(("17:00", "17:00"))}, "A break has an end"),
    ({"breaks": breaks(("13:00", "17:00"))}, "between the clock-in and the clock-out"),
    ({"breaks": breaks(("17:00", "22:01"))}, "between the clock-in and the clock-out"),
    ({"breaks": TOO_MANY}, "up to 20 breaks"),
    ({"job": "j9"}, "no job 'j9' at this location. Its jobs: j1, j2"),
    ({"rate": Decimal("-0.01")}, "A rate is 0 to 10000"),
    ({"rate": Decimal("10000.01")}, "A rate is 0 to 10000"),
    ({"rate": Decimal("1.23456")}, "up to 4 places"),
    ({"rate": Decimal("NaN")}, "A rate is 0 to 10000"),
    ({"declared_tips_cents": -1}, "Declared tips"),
    ({"declared_tips_cents": 10_000_001}, "Declared tips"),
]


@pytest.mark.parametrize(("fields", "said"), BAD)
def test_what_is_no_punch_of_the_day(fields: dict[str, Any], said: str) -> None:
    """An edit that makes no punch of this business day is refused in a sentence."""
    with pytest.raises(BadPunch, match=said):
        edit(Story(punch()), **fields)


def test_the_longest_shift_and_the_edges_of_the_day() -> None:
    """72 hours, the first instant of the business day and the last one before the next are taken."""
    story = Story(punch())
    edit(story, clock_in=utc("04:00"), clock_out=utc("04:00", 3))
    edit(story, clock_in=utc("03:59", 1), clock_out=utc("04:00", 1))
    edit(story, rate=Decimal(0))
    assert story.summary.labor_pay_cents == 0


ADDED = {"clock_in": at("16:00"), "clock_out": at("20:00"), "job": "j1"}


@pytest.mark.parametrize(
    ("employee", "fields", "said"),
    [
        ("e9", ADDED, "no employee 'e9' on the roster"),
        ("e1", {**ADDED, "clock_out": None}, "needs a clock-in, a clock-out and a job"),
        ("e1", {**ADDED, "clock_in": None}, "needs a clock-in, a clock-out and a job"),
        ("e1", {**ADDED, "job": None}, "needs a clock-in, a clock-out and a job"),
        ("e1", {**ADDED, "job": "j9"}, "no job 'j9'"),
        ("e1", {**ADDED, "clock_out": at("15:00")}, "has to come after"),
        ("e1", {**ADDED, "rate": Decimal(-1)}, "A rate is 0"),
    ],
)
def test_what_cannot_be_added(employee: str, fields: dict[str, Any], said: str) -> None:
    """Who is not on the roster, and what is no whole punch, is refused in a sentence."""
    story = Story(punch())
    with pytest.raises(BadPunch, match=said):
        decide_add_punch(story.day, employee, PunchFields(**fields), DATE, PLACE)


def test_a_punch_that_is_not_there() -> None:
    """A key that the day does not show is refused, and says where to look."""
    decisions: list[Callable[[Story], Any]] = [
        lambda story: decide_edit_punch(story.day, "s9", PunchFields(rate=Decimal(1)), PLACE),
        lambda story: decide_strike_punch(story.day, "s9"),
    ]
    for decide in decisions:
        with pytest.raises(NoSuchPunch, match="shows no punch 's9'"):
            decide(Story(punch()))


def test_an_approved_day_takes_no_edit() -> None:
    """Approved labor is reopened before it is edited."""
    story = Story(punch())
    story.record((DayCompleted(1), DayApproved(1, "d")))
    fields = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    decisions: list[Callable[[], Any]] = [
        lambda: decide_edit_punch(story.day, "s1", fields, PLACE),
        lambda: decide_add_punch(story.day, "e1", fields, DATE, PLACE),
        lambda: decide_strike_punch(story.day, "s1"),
    ]
    for decide in decisions:
        with pytest.raises(DayIsApproved, match="reopen it first"):
            decide()


def test_what_is_in_conflict_is_resolved_first() -> None:
    """While a punch is in conflict nobody edits or strikes it: which side stands has to be said."""
    story = Story(OPEN)
    edit(story, clock_out=at("22:00"))
    story.poll(punch(clock_out="23:00"))
    decisions: list[Callable[[], Any]] = [
        lambda: decide_edit_punch(story.day, "s1", PunchFields(rate=Decimal(1)), PLACE),
        lambda: decide_strike_punch(story.day, "s1"),
    ]
    for decide in decisions:
        with pytest.raises(ConflictOpen, match="punch/s1 is in conflict"):
            decide()


def test_edits_of_a_day_are_bounded() -> None:
    """The 501st punch that is edited on one day is refused; those that are edited already can be edited again."""
    story = Story(*[punch(f"s{number}") for number in range(MOST_EDITS + 1)])
    for number in range(MOST_EDITS):
        edit(story, f"s{number}", rate=Decimal(1))
    with pytest.raises(BadPunch, match="500 punches of this day are edited"):
        edit(story, f"s{MOST_EDITS}", rate=Decimal(1))
    edit(story, "s0", rate=Decimal(2))
    assert story.names == ["OverlayEntered"]
