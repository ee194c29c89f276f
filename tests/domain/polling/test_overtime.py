"""Which hours are overtime, by which rule, and what they are paid on top of the rate."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_date import window
from domain.polling import BadConfiguration, options_for
from domain.polling.labor import split_over_days
from domain.polling.overtime import OvertimeRule, overtime_of, rule_of
from domain.records import Overtime, Punch
from domain.records.overtime import premium_cents
from domain.records.punch import EXCLUDED_AS_OPEN, EXCLUDED_AS_TOO_LONG, pay_cents, worked_seconds
from tests.domain.build import frame_for

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 11, 9)
SUNDAY = MONDAY - DAY
WEEK = [MONDAY + step * DAY for step in range(7)]
AUTUMN_SUNDAY, SPRING_SUNDAY = dt.date(2026, 11, 1), dt.date(2027, 3, 14)
WEEKLY = OvertimeRule()
DAILY = OvertimeRule(weekly_seconds=0, daily_seconds=8 * 3600)
BOTH = OvertimeRule(daily_seconds=8 * 3600)
Week = dict[dt.date, list[Punch]]


def shift(key: str, date: dt.date, hours: float, *, begins: float = 9, **fields: Any) -> Punch:
    """A shift of so many elapsed hours, from so many after midnight."""
    start = window(date, "America/New_York").starts_at + dt.timedelta(hours=begins)
    plain: dict[str, Any] = {
        "employee": "ann",
        "job": "cook",
        "clock_in": start,
        "clock_out": start + dt.timedelta(hours=hours),
        "business_date": date,
        "rate": Decimal("15.00"),
    }
    return Punch(**{"id": key, **plain, **fields})


def days(*hours: float, first: dt.date = MONDAY) -> Week:
    """A shift of Ann on each day, ``d1`` on the first."""
    dates = [first + step * DAY for step in range(len(hours))]
    return {date: [shift(f"d{number}", date, hours[number - 1])] for number, date in enumerate(dates, start=1)}


def found(week: Week, rule: OvertimeRule = WEEKLY) -> dict[str, tuple[float, str]]:
    """Hours of overtime and their rule by punch, of all days."""
    made = [overtime for date in sorted(week) for overtime in overtime_of(date, week, rule)]
    return {overtime.punch: (overtime.seconds / 3600, overtime.rule) for overtime in made}


def with_more(week: Week, *punches: Punch) -> Week:
    """The week with further punches, each on the date that it is booked on."""
    for punch in punches:
        week.setdefault(punch.business_date, []).append(punch)
    return week


NIGHT = shift("n", SUNDAY, 8, begins=22)


@pytest.mark.parametrize(
    ("week", "rule", "expected"),
    [
        # nothing past forty hours
        (days(8, 8, 8, 8, 8), WEEKLY, {}),
        # Monday's two more hours push Friday's last two past forty
        (days(10, 8, 8, 8, 8), WEEKLY, {"d5": (2, "weekly")}),
        # the day on which the forty are reached, and all that comes after
        (days(10, 10, 10, 10.5, 8, 3), WEEKLY, {"d4": (0.5, "weekly"), "d5": (8, "weekly"), "d6": (3, "weekly")}),
        # by the day: each for itself; hours past eight
        (days(10, 8, 8, 8, 8), DAILY, {"d1": (2, "daily")}),
        # by both: what is overtime of the day does not count towards the week's forty
        (days(10, 8, 8, 8, 8), BOTH, {"d1": (2, "daily")}),
        (days(10, 8, 8, 8, 8, 1), BOTH, {"d1": (2, "daily"), "d6": (1, "weekly")}),
        (days(8, 8, 8, 8, 7, 10), BOTH, {"d6": (9, "daily and weekly")}),
        # two shifts of a day: the later one ends it
        (with_more(days(5), shift("late", MONDAY, 5, begins=16)), DAILY, {"late": (2, "daily")}),
        (with_more(days(8, 8, 8, 8, 4), shift("late", WEEK[4], 5, begins=16)), WEEKLY, {"late": (1, "weekly")}),
        (with_more(days(8, 8, 8, 8, 9), shift("early", WEEK[4], 2, begins=5)), WEEKLY, {"d5": (3, "weekly")}),
        # shifts that overlap both count: hours are the punches', whatever the hours of the day
        (with_more(days(5), shift("at once", MONDAY, 5, begins=10)), DAILY, {"at once": (2, "daily")}),
        # others' hours are theirs
        (with_more(days(8, 8, 8, 8, 8), shift("bob", MONDAY, 9, employee="bob")), WEEKLY, {}),
        # what counts no hours counts none here
        (with_more(days(8, 8, 8, 8, 8), shift("open", MONDAY, 9, excluded=EXCLUDED_AS_OPEN)), WEEKLY, {}),
        (with_more(days(8, 8, 8, 8, 8), shift("long", MONDAY, 25, excluded=EXCLUDED_AS_TOO_LONG)), WEEKLY, {}),
        # a shift without clock-out that an option counts 24 hours
        (with_more(days(8, 8), shift("x", WEEK[2], 24, assumed_out=True)), WEEKLY, {}),
        (with_more(days(8, 9), shift("x", WEEK[2], 24, assumed_out=True)), WEEKLY, {"x": (1, "weekly")}),
        # a night over the beginning of the week, booked whole: Sunday's week has it
        (with_more(days(8, 8, 8, 8, 8), NIGHT), WEEKLY, {}),
        # the week begins on Sunday: it is in
        (with_more(days(8, 8, 8, 8, 8), NIGHT), OvertimeRule(weekday=6), {"d5": (8, "weekly")}),
        # the clocks go back on Sunday the 1st: 23:00 on Saturday to 07:00 are nine hours, and forward seven
        (
            with_more(days(8, 8, 8, 8, first=AUTUMN_SUNDAY - 6 * DAY), shift("n", AUTUMN_SUNDAY - DAY, 9, begins=23)),
            WEEKLY,
            {"n": (1, "weekly")},
        ),
        (
            with_more(days(8, 8, 8, 8, first=SPRING_SUNDAY - 6 * DAY), shift("n", SPRING_SUNDAY - DAY, 7, begins=23)),
            WEEKLY,
            {},
        ),
        # no rule, and one that pays no more
        (days(20, 20, 20), OvertimeRule(weekly_seconds=0), {}),
        (days(20, 20, 20), OvertimeRule(multiplier=Decimal(1)), {}),
    ],
)
def test_which_hours_are_overtime(week: Week, rule: OvertimeRule, expected: dict[str, tuple[float, str]]) -> None:
    """The last hours of the day or the week, in the order in which they were worked."""
    assert found(week, rule) == expected


def test_a_night_that_is_split_at_the_start_of_the_day_counts_in_both_weeks() -> None:
    """Two hours of it are of Sunday's week and six of Monday's, which these push past forty."""
    frame = frame_for(date=SUNDAY)
    week = days(8, 8, 8, 8, 8)
    for date, part in split_over_days(NIGHT, frame):
        week.setdefault(date, []).append(part)
    assert found(week) == {"d5": (6, "weekly")}


def test_two_jobs_in_one_week_are_paid_each_by_its_rate() -> None:
    """The hours past forty are paid by the rate of the shift that they were worked in."""
    week = days(8, 8, 8, 8, 6)
    with_more(week, shift("bar", WEEK[4], 4, begins=17, job="bar", rate=Decimal("20.00")))
    ((overtime),) = overtime_of(WEEK[4], week, WEEKLY)
    assert (overtime.punch, overtime.rate, premium_cents(overtime)) == ("bar", Decimal("20.00"), 2000)


@pytest.mark.parametrize(
    ("seconds", "rate", "multiplier", "cents"),
    [
        (7200, "15.00", "1.5", 1500),
        (3600, "15.00", "2", 1500),
        (3600, "14.37", "1.5", 719),  # 7.185
        (1, "15.00", "1.5", 0),
        (3, "12.00", "1.5", 1),  # half a cent
        (3600, "0", "1.5", 0),
    ],
)
def test_what_overtime_is_paid_on_top(seconds: int, rate: str, multiplier: str, cents: int) -> None:
    """Hours × rate × (multiplier less one), rounded half-up once."""
    assert premium_cents(Overtime("p", "e", seconds, Decimal(rate), Decimal(multiplier), "weekly")) == cents


def test_the_rule_is_what_the_options_say() -> None:
    """Forty hours at 1.5 from Monday on unless somebody chose otherwise."""
    assert rule_of(options_for({})) == WEEKLY
    chosen = {
        "overtime_weekly_hours": "37.5",
        "overtime_daily_hours": 10,
        "overtime_multiplier": "2.00",
        "workweek_starts": "sunday",
    }
    assert rule_of(options_for(chosen)) == OvertimeRule(135_000, 36_000, Decimal(2), 6)


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("labor_lookback_days", -1, "labor_lookback_days: take 0 to 60 days."),
        ("labor_lookback_days", 61, "labor_lookback_days: take 0 to 60 days."),
        ("overtime_weekly_hours", "169", "overtime_weekly_hours: take 0 to 168 hours, in whole minutes"),
        ("overtime_weekly_hours", "-1", "overtime_weekly_hours: take 0 to 168 hours, in whole minutes"),
        ("overtime_weekly_hours", "forty", "overtime_weekly_hours: 'forty' is not a number"),
        ("overtime_daily_hours", "25", "overtime_daily_hours: take 0 to 24 hours"),
        ("overtime_daily_hours", "8.001", "overtime_daily_hours: take 0 to 24 hours, in whole minutes"),
        ("overtime_daily_hours", "8.00001", "overtime_daily_hours: '8.00001' has more than four places."),
        ("overtime_multiplier", "0.5", "overtime_multiplier: take 1 to 10"),
        ("overtime_multiplier", "11", "overtime_multiplier: take 1 to 10"),
        ("workweek_starts", "Monday", "workweek_starts: take one of monday, tuesday"),
    ],
)
def test_what_the_options_may_not_say(option: str, value: Any, why: str) -> None:
    """A value without meaning is refused before it is recorded, and says what to take."""
    with pytest.raises(BadConfiguration) as refused:
        options_for({option: value})
    assert why in str(refused.value)


rules = st.builds(
    OvertimeRule,
    weekly_seconds=st.sampled_from([0, 20 * 3600, 40 * 3600]),
    daily_seconds=st.sampled_from([0, 6 * 3600, 8 * 3600]),
    multiplier=st.sampled_from([Decimal("1.5"), Decimal(2)]),
    weekday=st.integers(0, 6),
)
shifts = st.lists(
    st.tuples(
        st.integers(0, 9), st.integers(0, 20), st.integers(1, 15 * 3600), st.sampled_from(["ann", "bob"]), st.booleans()
    ),
    max_size=14,
)


def drawn(given_: list[tuple[int, int, int, str, bool]]) -> Week:
    """Shifts on ten days around a week, each with a key of its own; some count no hours."""
    week: Week = {}
    for number, (day, begins, seconds, employee, counts) in enumerate(given_):
        date = MONDAY - DAY + day * DAY
        excluded = "" if counts else EXCLUDED_AS_OPEN
        punch = shift(f"p{number}", date, seconds / 3600, begins=begins, employee=employee, excluded=excluded)
        with_more(week, punch)
    return week


def everything(week: Week, rule: OvertimeRule) -> list[Overtime]:
    """The overtime of all days."""
    return [overtime for date in sorted(week) for overtime in overtime_of(date, week, rule)]


@given(shifts, rules)
def test_regular_hours_and_overtime_are_what_was_worked(given_: Any, rule: OvertimeRule) -> None:
    """No punch has more overtime than hours, and the regular hours of a week and a day never pass the rule's."""
    week = drawn(given_)
    extra = {overtime.punch: overtime.seconds for overtime in everything(week, rule)}
    regular: dict[tuple[str, dt.date], int] = {}
    daily: dict[tuple[str, dt.date], int] = {}
    for date, punches in week.items():
        for punch in punches:
            left = worked_seconds(punch) - extra.get(punch.key, 0)
            assert 0 <= left <= worked_seconds(punch)
            for sums, since in ((regular, rule.week_of(date)[0]), (daily, date)):
                sums[punch.employee, since] = sums.get((punch.employee, since), 0) + left
    assert all(seconds <= rule.weekly_seconds for seconds in regular.values() if rule.weekly_seconds)
    assert all(seconds <= rule.daily_seconds for seconds in daily.values() if rule.daily_seconds)


@given(shifts, rules, st.randoms())
def test_the_order_in_which_punches_are_listed_makes_no_difference(given_: Any, rule: OvertimeRule, rng: Any) -> None:
    """Overtime follows from when work was done, not from how the source lists it."""
    week = drawn(given_)
    turned = {date: rng.sample(punches, len(punches)) for date, punches in week.items()}
    assert everything(turned, rule) == everything(week, rule)


@given(shifts, rules)
def test_employees_may_be_worked_out_one_by_one(given_: Any, rule: OvertimeRule) -> None:
    """Nobody's overtime hangs on what others work."""
    week = drawn(given_)
    alone = [
        one
        for date in sorted(week)
        for name in ("ann", "bob")
        for one in overtime_of(date, week, rule, frozenset({name}))
    ]
    assert sorted(alone, key=lambda one: one.key) == sorted(everything(week, rule), key=lambda one: one.key)


@given(shifts, st.sampled_from([20 * 3600, 40 * 3600]))
def test_splitting_shifts_conserves_weekly_overtime(given_: Any, limit: int) -> None:
    """A shift in two parts on one day has the overtime of the whole, to the second, and the same pay."""
    rule, week = OvertimeRule(weekly_seconds=limit), drawn(given_)
    halves = {date: [part for punch in punches for part in _halves(punch)] for date, punches in week.items()}
    for name in ("ann", "bob"):
        whole, split = (
            sum(one.seconds for one in everything(each, rule) if one.employee == name) for each in (week, halves)
        )
        assert whole == split
    paid = [sum(pay_cents(punch) for punches in each.values() for punch in punches) for each in (week, halves)]
    assert paid[0] == paid[1]


def _halves(punch: Punch) -> list[Punch]:
    seconds = worked_seconds(punch)
    if seconds < 2:
        return [punch]
    middle = punch.clock_in + dt.timedelta(seconds=seconds // 2)
    first = msgspec.structs.replace(punch, clock_out=middle, part=1)
    second = msgspec.structs.replace(punch, clock_in=middle, part=2, worked_before=seconds // 2)
    return [first, second]
