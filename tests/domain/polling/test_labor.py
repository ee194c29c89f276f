"""Labor options: shifts split over business days, and shifts of 24 hours and more, with their numbers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_date import zone
from domain.business_day import NEW_DAY, BusinessDay, decide_compensation, decide_poll, fold
from domain.facts import DayCompensated
from domain.polling import Frame, Translation, frame_of, options_for, translate
from domain.polling.labor import compile_labor
from domain.polling.source_day import SourceDay
from domain.records import Break, Employee, Punch, decode
from domain.records.punch import hours, pay_cents, worked_seconds
from domain.summary import summarize
from tests.domain.build import attempt
from tests.domain.polling.strategies import ZONES, punches
from tests.support.laws import examples

NEW_YORK = "America/New_York"
SATURDAY = dt.date(2026, 11, 14)
VSD: dict[str, Any] = {"vsd_for_actual": True, "specify_business_day_start_time": "04:00"}
LONG: dict[str, Any] = {"allow_24_hour_punches": True}
DAY = dt.timedelta(days=1)
CLOCK = zone(NEW_YORK)


def local(text: str) -> dt.datetime:
    """An instant of a New York wall clock: ``"14 22:00"`` is the 14th of November 2026."""
    return dt.datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=CLOCK).astimezone(dt.UTC)


def shift(begins: str, ends: str | None, *pauses: tuple[str, str], rate: str = "12.00", **fields: Any) -> Punch:
    """A punch with unpaid breaks."""
    rests = tuple(Break(local(start), local(end)) for start, end in pauses)
    plain = {"clock_out": None if ends is None else local(ends), "rate": Decimal(rate), "breaks": rests}
    return Punch("s1", "e1", "j1", local(begins), SATURDAY, **{**plain, **fields})


def frame(date: dt.date = SATURDAY, zone: str = NEW_YORK, **chosen: Any) -> Frame:
    """A business day."""
    return frame_of(date, zone, dt.time(0), options_for(chosen))


def parts(punch: Punch, date: dt.date = SATURDAY, zone: str = NEW_YORK, **chosen: Any) -> list[tuple[dt.date, Punch]]:
    """What a punch is on which day."""
    return list(compile_labor(options_for(chosen), frame(date, zone, **chosen))(punch))


def figures(found: list[tuple[dt.date, Punch]]) -> list[tuple[int, str, str, str]]:
    """Day of the month, key, hours and pay."""
    return [
        (date.day, part.key, str(hours(worked_seconds(part)).normalize()), f"{pay_cents(part) / 100:.2f}")
        for date, part in found
    ]


NIGHT = shift(
    "14 22:00",
    "15 06:00",
    ("15 03:45", "15 04:15"),
    declared_tips_cents=500,
    charge_tips_cents=2_000,
    stated_hours=Decimal("7.5"),
    stated_pay_cents=9_000,
    sales_cents=40_000,
    terminal="T1",
)


def test_a_night_shift_is_split_at_the_start_of_the_day() -> None:
    """22:00 to 06:00, start 04:00, break 03:45 to 04:15, at 12.00: 5.75 h = 69.00 and 1.75 h = 21.00."""
    found = parts(NIGHT, **VSD)
    assert figures(found) == [(14, "s1#1", "5.75", "69.00"), (15, "s1#2", "1.75", "21.00")]
    assert figures(parts(NIGHT)) == [(14, "s1", "7.5", "90.00")]
    (_, first), (_, second) = found
    assert first.breaks == (Break(local("15 03:45"), local("15 04:00")),)
    assert second.breaks == (Break(local("15 04:00"), local("15 04:15")),)
    assert (first.clock_in, first.clock_out) == (local("14 22:00"), local("15 04:00"))
    assert (second.clock_in, second.clock_out) == (local("15 04:00"), local("15 06:00"))


def test_what_was_paid_or_stated_for_the_shift_stays_on_the_first_part() -> None:
    """Tips, the source's hours and pay, and sales count once; who, where and the booked date are of both."""
    (_, first), (_, second) = parts(NIGHT, **VSD)
    assert (first.declared_tips_cents, first.charge_tips_cents, first.sales_cents) == (500, 2_000, 40_000)
    assert (first.stated_hours, first.stated_pay_cents) == (Decimal("7.5"), 9_000)
    assert (second.declared_tips_cents, second.charge_tips_cents, second.sales_cents) == (0, 0, None)
    assert (second.stated_hours, second.stated_pay_cents) == (None, None)
    assert {(part.id, part.employee, part.terminal, part.business_date) for part in (first, second)} == {
        ("s1", "e1", "T1", SATURDAY)
    }


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("14 22:00", "15 03:59:59", [(14, "s1")]),
        ("14 22:00", "15 04:00:00", [(14, "s1")]),
        ("14 22:00", "15 04:00:01", [(14, "s1#1"), (15, "s1#2")]),
        ("14 04:00", "15 04:00", [(14, "s1")]),
        ("14 03:59:59", "14 04:00:01", [(13, "s1#1"), (14, "s1#2")]),
        ("14 04:00", "14 04:00", [(14, "s1")]),
    ],
)
def test_which_shifts_span_the_start(begins: str, ends: str, expected: list[tuple[int, str]]) -> None:
    """A shift that ends just when the day begins does not span it; one second later it does."""
    found = parts(shift(begins, ends), **VSD, **LONG)
    assert [(date.day, part.key) for date, part in found] == expected


def test_30_hours_may_span_three_days() -> None:
    """From 23:00 on the 14th to 05:00 on the 16th with a start of 04:00: 5, 24 and 1 hours, 360.00 at 12.00 in all."""
    found = parts(shift("14 23:00", "16 05:00"), **VSD, **LONG)
    assert figures(found) == [(14, "s1#1", "5", "60.00"), (15, "s1#2", "24", "288.00"), (16, "s1#3", "1", "12.00")]


def test_more_than_three_days_are_nobodys_shift() -> None:
    """A clock-out that was forgotten for days is not split: its hours stand whole where it began."""
    found = parts(shift("14 23:00", "17 05:00"), **VSD, **LONG)
    assert figures(found) == [(14, "s1", "54", "648.00")]


def test_a_shift_that_counts_no_hours_is_not_split() -> None:
    """Excluded punches are shown once, on the day where they began, whole."""
    for punch, day, reason in (
        (shift("14 23:00", "16 05:00"), 14, "24_hours_or_more"),
        (shift("14 23:00", None), 14, "no_clock_out"),
        (shift("15 05:00", "15 03:00"), 15, "out_before_in"),
    ):
        ((date, found),) = parts(punch, **VSD)
        assert (date.day, found.key, found.excluded, worked_seconds(found)) == (day, "s1", reason, 0)


@pytest.mark.parametrize(
    ("lasts", "excluded", "seconds", "pay"),
    [
        (dt.timedelta(hours=23, minutes=59, seconds=59), "", 86_399, 36_000),
        (dt.timedelta(hours=24), "24_hours_or_more", 86_400, 36_000),
        (dt.timedelta(hours=24, seconds=1), "24_hours_or_more", 86_401, 36_000),
        (dt.timedelta(hours=30), "24_hours_or_more", 108_000, 45_000),
        (dt.timedelta(0), "", 0, 0),
        (None, "no_clock_out", 86_400, 36_000),
    ],
)
def test_24_hours_and_more(lasts: dt.timedelta | None, excluded: str, seconds: int, pay: int) -> None:
    """At 15.00: 23:59:59 counts; 24 hours and no clock-out count by the option, and are excluded visibly without."""
    punch = shift("14 10:00", None, rate="15.00")
    punch = msgspec.structs.replace(punch, clock_out=None if lasts is None else punch.clock_in + lasts)
    ((_, plain),) = parts(punch)
    assert plain.excluded == excluded
    assert (worked_seconds(plain), pay_cents(plain)) == ((0, 0) if excluded else (seconds, pay))
    ((_, counted),) = parts(punch, **LONG)
    assert (worked_seconds(counted), pay_cents(counted), counted.excluded) == (seconds, pay, "")
    assert counted.assumed_out == (lasts is None)


def test_a_clock_out_before_the_clock_in_counts_under_no_option() -> None:
    """A punch that ends before it begins counts no hours, also where long ones do."""
    for chosen in ({}, LONG, {**VSD, **LONG}):
        ((_, found),) = parts(shift("14 10:00", "14 09:00"), **chosen)
        assert (found.excluded, worked_seconds(found)) == ("out_before_in", 0)


def test_an_assumed_clock_out_is_ours() -> None:
    """An open shift ends 24 hours after it began, says that this is ours, and its unpaid breaks still count."""
    ((_, open_shift),) = parts(shift("14 10:00", None, ("14 12:00", "14 12:30")), **LONG)
    assert (open_shift.clock_out, open_shift.assumed_out) == (local("15 10:00"), True)
    assert worked_seconds(open_shift) == 23.5 * 3600


@pytest.mark.parametrize(
    ("begins", "wall_ends"),
    [
        ("2026-10-31T23:00", "2026-11-01 22:00"),
        ("2027-03-13T22:00", "2027-03-14 23:00"),
        ("2026-11-14T22:00", "2026-11-15 22:00"),
    ],
)
def test_24_hours_are_24_hours_when_the_clocks_change(begins: str, wall_ends: str) -> None:
    """An open shift counts 24 elapsed hours on the nights of change too, whatever the wall clock then says."""
    began = dt.datetime.fromisoformat(begins).replace(tzinfo=CLOCK)
    punch = msgspec.structs.replace(shift("14 10:00", None, rate="15.00"), clock_in=began.astimezone(dt.UTC))
    ((_, found),) = list(compile_labor(options_for(LONG), frame(began.date(), **LONG))(punch))
    assert (pay_cents(found), worked_seconds(found)) == (36_000, 24 * 3600)
    assert found.clock_out
    assert f"{found.clock_out.astimezone(CLOCK):%Y-%m-%d %H:%M}" == wall_ends


@pytest.mark.parametrize(("date", "elapsed"), [("2026-10-31", 9), ("2027-03-13", 7), ("2026-11-14", 8)])
def test_a_night_of_23_to_7(date: str, elapsed: int) -> None:
    """23:00 to 07:00 is 9 hours across the autumn change and 7 across the spring one; its parts say so too."""
    day = dt.date.fromisoformat(date)
    begins = dt.datetime.combine(day, dt.time(23), tzinfo=CLOCK).astimezone(dt.UTC)
    ends = dt.datetime.combine(day + DAY, dt.time(7), tzinfo=CLOCK).astimezone(dt.UTC)
    punch = msgspec.structs.replace(NIGHT, clock_in=begins, clock_out=ends, breaks=())
    whole = parts(punch, day)
    split = parts(punch, day, **VSD)
    assert [worked_seconds(part) for _, part in whole] == [elapsed * 3600]
    assert [worked_seconds(part) for _, part in split] == [(elapsed - 3) * 3600, 3 * 3600]


def test_an_open_shift_that_is_split() -> None:
    """Both options: an open shift from 22:00 is 6 hours of its day and 18 of the next, by our clock-out."""
    found = parts(shift("14 22:00", None), **VSD, **LONG)
    assert figures(found) == [(14, "s1#1", "6", "72.00"), (15, "s1#2", "18", "216.00")]
    assert all(part.assumed_out for _, part in found)


@pytest.mark.parametrize(
    ("pause", "first", "second"),
    [
        (Break(local("15 03:00"), local("15 05:00"), paid=True), 1, 1),
        (Break(local("15 03:00"), None), 1, 0),
        (Break(local("15 05:00"), None), 0, 1),
        (Break(local("15 04:00"), local("15 04:00")), 0, 1),
        (Break(local("15 03:00"), local("15 02:00")), 1, 0),
        (Break(local("15 03:30"), local("15 04:00")), 1, 0),
        (Break(local("14 21:00"), local("14 23:00")), 1, 0),
        (Break(local("15 05:30"), local("15 07:00")), 0, 1),
    ],
)
def test_where_a_break_goes(pause: Break, first: int, second: int) -> None:
    """Breaks are cut as the shift is, paid ones too; one that nobody ended, or that is none, stays where it began."""
    found = parts(msgspec.structs.replace(NIGHT, breaks=(pause,)), **VSD)
    assert [len(part.breaks) for _, part in found] == [first, second]
    whole = parts(msgspec.structs.replace(NIGHT, breaks=(pause,)))
    assert sum(worked_seconds(part) for _, part in found) == worked_seconds(whole[0][1])


def test_parts_pay_what_the_shift_pays() -> None:
    """At 7.33 two parts of an hour and twenty seconds would each be rounded; the second gets what the first left."""
    punch = shift("15 03:00:20", "15 05:00:20", rate="7.333")
    found = parts(punch, **VSD)
    assert sum(pay_cents(part) for _, part in found) == pay_cents(punch) == 1_467
    assert [part.worked_before for _, part in found] == [0, 3_580]


def test_without_the_option_a_punch_is_told_by_its_own_day_only() -> None:
    """The day after sees the night shift as well, and does not tell it."""
    assert parts(NIGHT, SATURDAY + DAY, specify_business_day_start_time="04:00") == []
    assert len(parts(NIGHT, SATURDAY, specify_business_day_start_time="04:00")) == 1
    assert len(parts(NIGHT, SATURDAY + DAY, **VSD)) == 2


def reading(date: dt.date, *found: Punch, **chosen: Any) -> Translation:
    """What reading a day finds of labor."""
    return translate(SourceDay({"punch": found}), options_for(chosen), frame(date, **chosen))


class Books:
    """Days as polls and the compensations of their neighbours leave them."""

    def __init__(self) -> None:
        self.days: dict[dt.date, BusinessDay] = {}

    def poll(self, date: dt.date, *found: Punch, **chosen: Any) -> list[dt.date]:
        """Poll a day; answers the other days that changed."""
        translation = reading(date, *found, **chosen)
        window = frame(date, **chosen).window
        day = self.days.get(date, NEW_DAY)
        changed = []
        for step in (-2, -1, 1, 2):
            other = date + step * DAY
            known = self.days.get(other, NEW_DAY)
            made = decide_compensation(
                known, other, translation, read_date=date, attempt=attempt("repoll"), capture="c"
            )
            if made:
                assert {fact.origin for fact in made if isinstance(fact, DayCompensated)} == {"split-shift"}
                self.days[other] = fold(made, known)
                changed.append(other)
        made = decide_poll(day, translation, attempt=attempt("repoll"), capture="c", window=window)
        self.days[date] = fold(made, day)
        return changed

    def keys(self, date: dt.date) -> list[str]:
        """The punches of a day."""
        return sorted(self.days[date].records["punch"])

    def pay(self) -> Decimal:
        """What all days pay."""
        return sum((Decimal(summarize(day).labor_pay_cents) / 100 for day in self.days.values()), Decimal(0))


def test_an_edit_that_makes_part_2_vanish_compensates_the_other_day() -> None:
    """Sunday has part 2 of Saturday's shift; Saturday's repoll after the edit takes it from Sunday, as a fact there."""
    books = Books()
    books.poll(SATURDAY, NIGHT, **VSD)
    books.poll(SATURDAY + DAY, NIGHT, **VSD)
    assert (books.keys(SATURDAY), books.keys(SATURDAY + DAY), books.pay()) == (["s1#1"], ["s1#2"], Decimal("90.00"))
    shorter = msgspec.structs.replace(NIGHT, clock_out=local("15 02:00"), breaks=())
    assert books.poll(SATURDAY, shorter, **VSD) == [SATURDAY + DAY]
    assert (books.keys(SATURDAY), books.keys(SATURDAY + DAY), books.pay()) == (["s1"], [], Decimal("48.00"))


def test_an_edit_seen_on_the_second_day_compensates_the_first() -> None:
    """A shift that ends later than Saturday's poll saw changes Saturday with Sunday's; Sunday gets its part."""
    books = Books()
    books.poll(SATURDAY, msgspec.structs.replace(NIGHT, clock_out=local("15 03:00"), breaks=()), **VSD)
    assert books.poll(SATURDAY + DAY, NIGHT, **VSD) == [SATURDAY]
    assert (books.keys(SATURDAY), books.keys(SATURDAY + DAY), books.pay()) == (["s1#1"], ["s1#2"], Decimal("90.00"))


def test_switching_the_option_keeps_the_hours() -> None:
    """Off, the repoll of the day where it began makes the shift whole again, and takes the part from the next day."""
    books = Books()
    off = {"specify_business_day_start_time": "04:00"}
    books.poll(SATURDAY, NIGHT, **VSD)
    books.poll(SATURDAY + DAY, NIGHT, **VSD)
    assert books.poll(SATURDAY, NIGHT, **off) == [SATURDAY + DAY]
    assert (books.keys(SATURDAY), books.keys(SATURDAY + DAY), books.pay()) == (["s1"], [], Decimal("90.00"))


def test_a_manager_corrects_a_shift_without_clock_out() -> None:
    """Open, it counts 24 h = 360.00 at 15.00; corrected to 8 h the day has 120.00: a compensation of −240.00."""
    books = Books()
    books.poll(SATURDAY, shift("14 10:00", None, rate="15.00"), **LONG)
    assert books.pay() == Decimal("360.00")
    books.poll(SATURDAY, shift("14 10:00", "14 18:00", rate="15.00"), **LONG)
    assert books.pay() == Decimal("120.00")


def test_a_punch_of_somebody_who_is_not_listed_counts() -> None:
    """A terminated employee's punch counts its hours and says that the employee is not known, split or not."""
    found = parts(msgspec.structs.replace(NIGHT, unknown_employee=True), **VSD)
    assert [part.unknown_employee for _, part in found] == [True, True]
    assert sum(worked_seconds(part) for _, part in found) == 7.5 * 3600


STARTS = st.sampled_from(["", "00:00", "02:30", "04:00", "23:30"])


@settings(max_examples=examples(300), deadline=None)
@given(punches(), STARTS, st.sampled_from(ZONES), st.booleans())
def test_splitting_conserves_hours_pay_and_tips(punch: Punch, starts: str, zone: str, long: bool) -> None:
    """Whatever the breaks and zone, the parts' hours and pay are the unsplit shift's, to the second and cent."""
    chosen: dict[str, Any] = {"specify_business_day_start_time": starts, "allow_24_hour_punches": long}
    own = frame(SATURDAY, zone, **chosen).date_of(punch.clock_in)
    ((date, whole),) = parts(punch, own, zone, **chosen)
    split = parts(punch, own, zone, **chosen, vsd_for_actual=True)
    assert date == split[0][0] == own
    assert sum(worked_seconds(part) for _, part in split) == worked_seconds(whole)
    assert sum(pay_cents(part) for _, part in split) == pay_cents(whole)
    assert sum(part.declared_tips_cents + part.charge_tips_cents for _, part in split) == (
        punch.declared_tips_cents + punch.charge_tips_cents
    )
    assert [part.stated_pay_cents for _, part in split] == [punch.stated_pay_cents, *[None] * (len(split) - 1)]
    assert [day for day, _ in split] == [own + step * DAY for step in range(len(split))]
    day = frame(own, zone, **chosen)
    for place, (other, part) in enumerate(split):
        assert part.clock_in in day.window_of(other)
        if len(split) > 1:
            assert part.part == place + 1
            assert part.clock_out is not None
            assert part.clock_out <= day.window_of(other).ends_at
    assert parts(punch, own + DAY, zone, **chosen, vsd_for_actual=True) == split


@settings(deadline=None)
@given(punches(), STARTS, st.booleans(), st.booleans())
def test_parts_are_not_split_again(punch: Punch, starts: str, long: bool, split: bool) -> None:
    """What the options made of a punch, they leave as it is."""
    chosen: dict[str, Any] = {
        "specify_business_day_start_time": starts,
        "allow_24_hour_punches": long,
        "vsd_for_actual": split,
    }
    own = frame(SATURDAY, **chosen).date_of(punch.clock_in)
    for date, part in parts(punch, own, **chosen):
        assert parts(part, date, **chosen) == [(date, part)]


@pytest.mark.parametrize(
    ("field", "pos_id", "payroll_id", "expected", "kept"),
    [
        ("", "77", "P1", "P1", ""),
        ("pos_id", "77", "P1", "77", "P1"),
        ("id", "77", "P1", "e1", "P1"),
        ("pos_id", "", "P1", "", "P1"),
        ("pos_id", "  ", "P1", "", "P1"),
        ("pos_id", "77", "", "77", ""),
        ("pos_id", "P1", "P1", "P1", ""),
    ],
)
def test_custom_payroll_id_field(field: str, pos_id: str, payroll_id: str, expected: str, kept: str) -> None:
    """Another field stands in; blank stays blank and says so, and never falls back on the source's, which is kept."""
    employee = Employee("e1", "p1", pos_id=pos_id, payroll_id=payroll_id)
    chosen = options_for({"custom_payroll_id_field": field})
    translation = translate(SourceDay({"employee": [employee]}), chosen, frame())
    found = decode("employee", translation.roster["employee"]["e1"])
    assert isinstance(found, Employee)
    assert (found.payroll_id, found.source_payroll_id) == (expected, kept)
    assert translation.notes == (("blank-payroll-id:e1",) if field and not expected else ())
    again = translate(SourceDay({"employee": [found]}), chosen, frame())
    assert again.roster == translation.roster


def test_a_blank_payroll_id_reaches_a_person() -> None:
    """The day lists it among its issues, by the employee's id; of many fifty, and how many more."""
    people = [Employee(f"e{number:03d}", "p") for number in range(60)]
    chosen = options_for({"custom_payroll_id_field": "pos_id"})
    translation = translate(SourceDay({"employee": people, "ticket": []}), chosen, frame())
    assert (len(translation.notes), translation.notes[-1]) == (51, "blank-payroll-id:and 10 more")
    day = fold(decide_poll(NEW_DAY, translation, attempt=attempt(), capture="c", window=frame().window))
    issues = summarize(day).issues
    assert [issue.code for issue in issues] == ["blank_payroll_id"] * 51
    assert (issues[0].record, issues[-1].record) == ("employee/e000", "")
    assert "and 10 more" in issues[-1].message
