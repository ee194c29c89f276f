"""Labor lookback: a poll of a business day also reads the labor of the days before, and they follow what it says."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.replay_day import ApplyReplay, ReplayDay, apply_replay
from domain.facts import DayCompensated, RecordsChanged
from domain.identifiers import ConnectionId
from domain.permissions import EVERYTHING
from domain.records import Break, Punch, decode
from domain.summary import summarize
from tests.domain.time_clock import CLOCK, DAY, Place

SPRING = dt.date(2027, 3, 20)
"""A polling day two weeks after which the clocks went forward on 2027-03-14, six days back."""

AUTUMN = dt.date(2026, 11, 7)
"""A polling day; the clocks went back on 2026-11-01, six days back."""

LATE_SPRING, LATE_AUTUMN = dt.date(2027, 3, 28), dt.date(2026, 11, 15)
"""Polling days 14 days after the clocks changed: the change is on the oldest day of the window."""

BACK = (0, 1, 13, 14, 15)
"""Business days before the polling day; its own is not over, and nothing is recorded of it."""

CASES = [
    (polling, starts, back, done)
    for polling in (SPRING, AUTUMN, LATE_SPRING, LATE_AUTUMN)
    for starts in ("00:00", "04:00")
    for back in BACK
    for done in ("edit", "add", "delete")
]


def change(place: Place, date: dt.date, done: str) -> dict[str, float]:
    """Something is done at the point of sale above store; the hours of the day's punches afterwards."""
    if done == "edit":
        place.edits("s1", clock_out=place.at(date, 18))
        return {"s1": 9, "s2": 8}
    if done == "add":
        place.clocks("s3", date, 2, begins=20, terminal="HQ")
        return {"s1": 8, "s2": 8, "s3": 2}
    del place.clock.punches["s1"]
    return {"s2": 8}


def hours(place: Place, date: dt.date) -> dict[str, float]:
    """The hours of a day's punches."""
    found = {}
    for key, punch in place.punches(date).items():
        assert punch.clock_out
        found[key] = (punch.clock_out - punch.clock_in).total_seconds() / 3600
    return found


@pytest.mark.parametrize(("polling", "starts", "back", "done"), CASES)
def test_how_far_a_poll_looks_back(polling: dt.date, starts: str, back: int, done: str) -> None:
    """Up to 14 business days back a day is compensated, once; the day before that is observed; today has nothing."""
    place = Place(starts=starts, today=polling, overtime_weekly_hours="0")
    date, yesterday = polling - back * DAY, polling - DAY
    place.clocks("s1", date)
    place.clocks("s2", date, employee="bob", begins=8)
    before = [polling - step * DAY for step in range(16, 0, -1)]
    place.poll(*before)
    was = hours(place, date)
    expected = change(place, date, done)
    for _ in range(2):
        place.poll(yesterday)
    counts = {"edit": (0, 1, 0), "add": (1, 0, 0), "delete": (0, 0, 1)}[done]
    if back == 0:
        assert (was, hours(place, date), place.facts(date)) == ({}, {}, [])
    elif back == 1:
        assert (hours(place, date), place.day(date).generation, place.compensations(date)) == (expected, 2, [])
    elif back < 15:
        assert hours(place, date) == expected
        assert place.compensations(date) == [("labor-lookback", yesterday, *counts)]
        assert place.observed(date) == []
    else:
        assert (hours(place, date), place.observed(date)) == (was, [("before-lookback", 1)])
        assert place.compensations(date) == []
    others = [other for other in before if other not in {date, yesterday}]
    assert [other for other in others if place.compensations(other) or place.observed(other)] == []


MONDAY = dt.date(2026, 11, 9)
WEEK = [MONDAY + step * DAY for step in range(7)]
NEXT_MONDAY = MONDAY + 7 * DAY


@pytest.fixture
def place() -> Place:
    """A location where Ann works 8 hours from Monday to Friday, polled until Saturday."""
    place = Place(overtime_weekly_hours="0")
    for number, date in enumerate(WEEK[:5], start=1):
        place.clocks(f"d{number}", date)
    place.poll(*WEEK[:6])
    return place


def test_a_change_carries_before_and_after_and_the_poll_that_saw_it(place: Place) -> None:
    """The compensation names the day that was read and its capture; the change states the punch as it was and is."""
    place.extends("d1", 2)
    outcome = place.poll(WEEK[6])
    *_, head, changed = place.facts(MONDAY)
    assert isinstance(head, DayCompensated)
    assert isinstance(changed, RecordsChanged)
    assert (head.origin, head.read_date, head.connection) == ("labor-lookback", WEEK[6], "clock")
    assert head.capture == place.day(WEEK[6]).capture
    (one,) = changed.changes
    before, after = (decode("punch", data) for data in (one.before, one.after))
    assert isinstance(before, Punch)
    assert isinstance(after, Punch)
    assert (after.terminal, before.terminal) == ("HQ", "")
    assert outcome.compensated == {MONDAY: 1}


def edit(place: Place, done: str) -> None:
    """What may happen to Tuesday's punch."""
    date = WEEK[1]
    if done == "to another employee":
        place.edits("d2", employee="bob")
    elif done == "re-rated":
        place.edits("d2", rate=20)
    elif done == "a break is entered":
        place.edits("d2", breaks=(Break(place.at(date, 12), place.at(date, 12.5)),))
    elif done == "deleted":
        del place.clock.punches["d2"]
    elif done == "to the day before":
        place.edits("d2", clock_in=place.at(MONDAY, 9), clock_out=place.at(MONDAY, 17))
    elif done == "to the polled day":
        place.edits("d2", clock_in=place.at(WEEK[6], 9), clock_out=place.at(WEEK[6], 17))
    elif done == "to before the window":
        old = MONDAY - 9 * DAY
        place.edits("d2", clock_in=place.at(old, 9), clock_out=place.at(old, 17))


@pytest.mark.parametrize("vsd", [False, True])
@pytest.mark.parametrize(
    ("done", "where"),
    [
        ("to another employee", 1),
        ("re-rated", 1),
        ("a break is entered", 1),
        ("deleted", None),
        ("to the day before", 0),
        ("to the polled day", 6),
        ("to before the window", None),
    ],
)
def test_whatever_happens_to_a_punch(done: str, where: int | None, vsd: bool) -> None:
    """It is on the day where the source has it, as the source has it, and on no other."""
    place = Place(overtime_weekly_hours="0", vsd_for_actual=vsd)
    for number, date in enumerate(WEEK[:5], start=1):
        place.clocks(f"d{number}", date)
    place.poll(*WEEK[:6])
    edit(place, done)
    place.poll(WEEK[6])
    assert [WEEK.index(date) for date in WEEK if "d2" in place.punches(date)] == ([] if where is None else [where])
    if where is not None:
        source = place.clock.punches["d2"]
        assert place.punches(WEEK[where])["d2"] == msgspec.convert(source, Punch, from_attributes=True)
    assert place.poll(WEEK[6]).outcome == "unchanged"


def test_a_punch_that_moved_to_before_what_it_was_read_on_leaves_the_later_day(place: Place) -> None:
    """Repolling Monday finds there what Wednesday had: it is on Monday alone, before any other poll."""
    place.edits("d3", clock_in=place.at(MONDAY, 18), clock_out=place.at(MONDAY, 22))
    outcome = place.poll(MONDAY)
    assert outcome.compensated == {WEEK[2]: 1}
    assert ("d3" in place.punches(MONDAY), "d3" in place.punches(WEEK[2])) == (True, False)
    assert place.compensations(WEEK[2]) == [("labor-lookback", MONDAY, 0, 0, 1)]


def test_an_unchanged_lookback_records_nothing(place: Place) -> None:
    """A poll of a later day adds its attempt there, and not a fact anywhere else."""
    before = {date: place.day(date).version for date in WEEK[:6]}
    place.poll(WEEK[6])
    assert {date: place.day(date).version for date in WEEK[:6]} == before


def test_who_left_since_and_what_jobs_are_called_by_now_changes_no_punch_of_before(place: Place) -> None:
    """The list of people and the names of jobs are today's: the punches of earlier days did not change by them."""
    for key, punch in list(place.clock.punches.items()):
        place.clock.punches[key] = msgspec.structs.replace(punch, unknown_employee=True, job_name="Head cook")
    assert place.poll(WEEK[6]).compensated == {}
    place.extends("d1", 1)
    place.poll(WEEK[6])
    punch = place.punches(MONDAY)["d1"]
    assert (punch.unknown_employee, punch.job_name) == (False, "")
    place.edits("d2", employee="bob", job="server")
    place.poll(WEEK[6])
    punch = place.punches(WEEK[1])["d2"]
    assert (punch.unknown_employee, punch.job_name) == (True, "Head cook")


def test_a_day_that_was_never_read_gets_nothing(place: Place) -> None:
    """Its own poll brings all of it: a part of a day would look like a day."""
    place.clocks("x", MONDAY - DAY)
    place.poll(WEEK[6])
    assert place.facts(MONDAY - DAY) == []


def test_an_approved_day_is_only_observed(place: Place) -> None:
    """What it would have taken is kept, once, and counts when the day is reopened and repolled."""
    place.approve(MONDAY)
    pay = place.pay(MONDAY)
    place.extends("d1", 2)
    outcome = place.poll(WEEK[6])
    place.poll(WEEK[6])
    assert (place.observed(MONDAY), place.pay(MONDAY), outcome.observed) == ([("labor-lookback", 1)], pay, 1)
    assert [i.code for i in place.summary(MONDAY).issues] == ["changes_after_approval"]


def test_a_day_before_the_window_says_so_until_it_is_repolled() -> None:
    """An issue names it; the day's own repoll takes the change, and it is no issue any more."""
    place = Place(labor_lookback_days=3, overtime_weekly_hours="0")
    place.clocks("old", MONDAY)
    place.poll(*WEEK[:3])
    place.extends("old", 2)
    outcome = place.poll(WEEK[3])
    assert (place.observed(MONDAY), outcome.observed) == ([("before-lookback", 1)], 1)
    (issue,) = place.summary(MONDAY).issues
    assert issue.code == "changes_before_lookback"
    assert place.summary(MONDAY).labor_hours == Decimal(8)
    place.poll(MONDAY)
    assert place.summary(MONDAY).issues == ()
    assert place.summary(MONDAY).labor_hours == Decimal(10)


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_looks_back_where_it_is_switched_off(days: int) -> None:
    """Of one day only its own labor is read; with none neither."""
    place = Place(labor_lookback_days=days)
    place.clocks("d1", MONDAY)
    place.poll(*WEEK[:2])
    del place.clock.punches["d1"]
    place.poll(WEEK[1])
    assert [request.labor_from for request in place.clock.requests] == [None] * 3
    assert list(place.punches(MONDAY)) == ["d1"]


def test_how_many_days_is_a_matter_of_configuration() -> None:
    """Three days are the polled one and the two before; one request reads them and the one before."""
    place = Place(labor_lookback_days=3)
    place.poll(WEEK[6])
    (request,) = place.clock.requests
    assert request.labor_hours == (place.at(WEEK[3], 0), place.at(NEXT_MONDAY, 0))


def test_what_could_not_be_read_whole_says_nothing(place: Place) -> None:
    """A source that could only give the day's own labor leaves the days before as they are, and the day is read."""
    del place.clock.punches["d1"]
    place.clock.forgets_before[WEEK[6]] = place.at(WEEK[6], 0)
    outcome = place.poll(WEEK[6])
    assert (outcome.outcome, outcome.compensated, list(place.punches(MONDAY))) == ("polled", {}, ["d1"])
    place.clock.forgets_before[WEEK[6]] = place.at(MONDAY, 1)  # Monday is not in it whole
    assert place.poll(WEEK[6]).compensated == {}
    place.clock.forgets_before.clear()
    assert place.poll(WEEK[6]).compensated == {MONDAY: 1}


def test_labor_that_another_connection_feeds_is_not_touched(place: Place) -> None:
    """Punches that came from files, or that nobody fed yet, are not this source's to change."""
    day = place.day(MONDAY)
    assert day.feeder("punch") == "clock"
    other = ConnectionId("main", "clock")
    place.clock.kinds = ("deposit",)
    place.poll(MONDAY - DAY)  # a day without labor
    place.clock.kinds = ("punch", "deposit")
    place.clocks("x", MONDAY - DAY)
    assert poll_day(PollDay(place.id_of(WEEK[6]), other, Intent("t", rights=EVERYTHING)), place.house).compensated == {}
    assert place.punches(MONDAY - DAY) == {}


def test_a_night_over_the_start_of_the_day_is_split_on_days_that_are_looked_back_on() -> None:
    """An edit that makes the second part vanish takes it from the day after, and the parts add up to the shift."""
    place = Place(vsd_for_actual=True, overtime_weekly_hours="0")
    place.clocks("n", MONDAY, 8, begins=22)
    place.poll(*WEEK[:3])
    assert (list(place.punches(MONDAY)), list(place.punches(WEEK[1]))) == (["n#1"], ["n#2"])
    place.edits("n", clock_out=place.at(MONDAY, 23.5))
    place.poll(WEEK[3])
    assert (list(place.punches(MONDAY)), list(place.punches(WEEK[1]))) == (["n"], [])
    assert place.pay(*WEEK) == 2250
    place.edits("n", clock_out=place.at(MONDAY, 30))
    place.poll(WEEK[4])
    assert (list(place.punches(MONDAY)), list(place.punches(WEEK[1]))) == (["n#1"], ["n#2"])
    assert place.pay(*WEEK) == 12000


def test_punches_of_before_another_start_of_the_day_stand_until_their_hours_are_read() -> None:
    """What is recorded outside the hours that a reading held proves nothing by its absence."""
    place = Place(labor_lookback_days=2, overtime_weekly_hours="0")
    place.clocks("early", MONDAY, 2, begins=1)
    place.poll(MONDAY)
    place.configure(labor_lookback_days=2, overtime_weekly_hours="0", specify_business_day_start_time="04:00")
    place.poll(WEEK[2])
    assert ([*place.punches(MONDAY)], place.observed(MONDAY)) == (["early"], [])
    place.poll(MONDAY)
    assert ([*place.punches(MONDAY)], place.observed(MONDAY)) == ([], [])
    place.poll(MONDAY - DAY)
    assert [*place.punches(MONDAY - DAY)] == ["early"]


@pytest.mark.parametrize("offset", ["0", "-3", "26"])
def test_an_offset_moves_what_is_read_and_what_it_is_of(offset: str) -> None:
    """The clock of the source is asked by its own time, and what it says is dated by the location's."""
    place = Place(offset_time_zone=offset, overtime_weekly_hours="0")
    shift = dt.timedelta(hours=int(offset))
    for number, date in enumerate(WEEK[:4]):
        place.clocks(f"d{number}", date, clock_in=place.at(date, 9) - shift, clock_out=place.at(date, 17) - shift)
    place.poll(*WEEK[:5])
    assert [list(place.punches(date)) for date in WEEK[:4]] == [["d0"], ["d1"], ["d2"], ["d3"]]
    place.extends("d0", 1)
    place.poll(WEEK[5])
    assert place.compensations(MONDAY) == [("labor-lookback", WEEK[5], 0, 1, 0)]


def test_a_reading_that_another_one_overtook_is_made_again() -> None:
    """Meanwhile another day's poll found a newer version of Monday: the older answer does not undo it."""
    place = Place(overtime_weekly_hours="0")
    place.clocks("d1", MONDAY)
    place.poll(*WEEK[:3])
    place.extends("d1", 1)

    def meanwhile() -> None:
        place.clock.before_answer = lambda: None
        place.extends("d1", 1)
        place.poll(WEEK[3])

    place.clock.before_answer = meanwhile
    place.poll(WEEK[4])
    assert place.summary(MONDAY).labor_hours == 10
    assert len(place.compensations(MONDAY)) == 1
    assert len(place.clock.requests) == 3 + 1 + 2


def test_a_day_that_a_lookback_changed_meanwhile_is_read_again() -> None:
    """The poll of the day itself is as old as its answer, whoever told something newer."""
    place = Place(overtime_weekly_hours="0")
    place.clocks("d1", MONDAY)
    place.poll(*WEEK[:2])
    place.extends("d1", 1)

    def meanwhile() -> None:
        place.clock.before_answer = lambda: None
        place.extends("d1", 1)
        place.poll(WEEK[1])

    place.clock.before_answer = meanwhile
    assert place.poll(MONDAY).outcome == "unchanged"
    assert place.summary(MONDAY).labor_hours == 10


def test_a_replay_holds_what_was_found_by_looking_back(place: Place) -> None:
    """Labor is derived from the answer that told it last: nothing differs, under whatever configuration."""
    place.extends("d1", 2)
    place.clocks("new", MONDAY, 3, begins=18)
    del place.clock.punches["d2"]
    place.poll(WEEK[6])
    for date in WEEK:
        for tried in ({}, {"labor_lookback_days": 0}, {"allow_24_hour_punches": True}):
            assert place.replay(date, options=tried or None).changes == (), (date, tried)
    found = place.replay(MONDAY, options={"overtime_daily_hours": "9"}).changes
    assert [(change.kind, change.key, change.operation) for change in found] == [
        ("overtime", "d1", "added"),
        ("overtime", "new", "added"),
    ]


def test_a_replay_after_the_days_own_repoll_goes_by_that(place: Place) -> None:
    """Its own answer is newer than what was found by looking back."""
    place.extends("d1", 2)
    place.poll(WEEK[6])
    place.extends("d1", 1)
    place.poll(MONDAY)
    assert place.replay(MONDAY).changes == ()
    assert summarize(place.day(MONDAY)).labor_hours == 11


def test_a_replay_that_was_applied_is_what_the_labor_of_the_day_is_derived_under_from_then_on() -> None:
    """What was found by looking back goes by its own version only until the day is derived again under another."""
    place = Place(overtime_weekly_hours="0")
    place.clocks("night", MONDAY, 6, begins=17)
    place.configure(vsd_for_actual=True)
    place.poll(MONDAY)
    place.extends("night", 3)
    place.poll(WEEK[2])
    assert list(place.punches(MONDAY)) == ["night#1"]
    replay = ReplayDay(place.id_of(MONDAY), CLOCK, configuration=1)
    assert place.replay(MONDAY).changes == ()
    applied = apply_replay(ApplyReplay(replay, Intent("test", "because", rights=EVERYTHING)), place.house)
    assert (applied.outcome, list(place.punches(MONDAY))) == ("applied", ["night"])
    assert place.replay(MONDAY).changes == place.replay(MONDAY, configuration=1).changes == ()
    place.extends("night", 1)
    place.poll(WEEK[3])
    assert list(place.punches(MONDAY)) == ["night#1"]
    assert place.replay(MONDAY).changes == ()
