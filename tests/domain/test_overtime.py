"""Overtime on business days: whatever changes punches, in the same commit the days of the week follow."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.books import Books
from domain.business_day import BusinessDay, fold
from domain.business_day.generations import compensated
from domain.commands.changing_day import change_day
from domain.commands.intent import Intent
from domain.commands.overtime import overtime_recordings
from domain.differences import changes
from domain.facts import DayCompensated, DayPolled, PollUnchanged
from domain.ledger import journal_entries
from domain.records import Overtime, canonical, decode
from domain.summary import plain_summary, summarize, summary_bytes
from tests.domain.build import punch
from tests.domain.days import day_of
from tests.domain.time_clock import DAY, Place
from tests.support.laws import examples

MONDAY = dt.date(2026, 11, 9)
WEEK = [MONDAY + step * DAY for step in range(7)]
FRIDAY, SATURDAY, SUNDAY = WEEK[4:]


@pytest.fixture
def place() -> Place:
    """A location where Ann works 8 hours at 15.00 from Monday to Friday, polled day by day."""
    return five_days()


def five_days(**options: Any) -> Place:
    """The same under options."""
    place = Place(**options)
    for number, date in enumerate(WEEK[:5], start=1):
        place.clocks(f"d{number}", date)
    place.poll(*WEEK[:5])
    return place


def test_five_days_of_eight_hours_have_no_overtime(place: Place) -> None:
    """Five times 8 h at 15.00 make 600.00."""
    assert (place.pay(*WEEK), [date for date in WEEK if place.overtime(date)]) == (60_000, [])


def test_two_more_hours_on_monday_cost_overtime_on_friday(place: Place) -> None:
    """Monday edited to 10 h: Monday +30.00 and Friday +15.00, compensations there, and on no other day: 645.00."""
    before = {date: place.pay(date) for date in WEEK}
    place.extends("d1", 2)
    outcome = place.poll(SATURDAY)
    moved = {date: place.pay(date) - before[date] for date in WEEK if place.pay(date) != before[date]}
    assert (moved, place.pay(*WEEK)) == ({MONDAY: 3000, FRIDAY: 1500}, 64_500)
    assert {date: place.compensations(date) for date in WEEK if place.compensations(date)} == {
        MONDAY: [("labor-lookback", SATURDAY, 0, 1, 0)],
        FRIDAY: [("overtime", SATURDAY, 1, 0, 0)],
    }
    assert outcome.compensated == {MONDAY: 1, FRIDAY: 1}
    assert place.overtime(FRIDAY) == {"d5": Overtime("d5", "ann", 7200, Decimal("15.00"), Decimal("1.5"), "weekly")}
    place.extends("d1", -2)
    place.poll(SATURDAY)
    assert (place.pay(*WEEK), place.overtime(FRIDAY)) == (60_000, {})


def test_the_summary_and_the_journal_entry_show_it(place: Place) -> None:
    """Hours and premium by job and of the day; pay, wages and labor percent hold the premium."""
    place.extends("d1", 2)
    place.poll(SATURDAY)
    summary = place.summary(FRIDAY)
    (line,) = summary.labor
    assert [line.hours, line.overtime_hours, line.pay_cents, line.premium_cents] == [8, 2, 13_500, 1500]
    assert [summary.labor_hours, summary.labor_overtime_hours, summary.labor_premium_cents] == [8, 2, 1500]
    assert summary.labor_pay_cents == 13_500


def test_a_first_poll_has_its_overtime_in_its_own_generation(place: Place) -> None:
    """Saturday's hours are all past forty: one generation, with the punch and its overtime."""
    place.clocks("d6", SATURDAY, 5)
    outcome = place.poll(SATURDAY)
    assert (outcome.generation, outcome.added, place.pay(SATURDAY)) == (1, 2, 5 * 2250)
    polled, *_ = place.facts(SATURDAY)
    assert isinstance(polled, DayPolled)
    assert (polled.added, polled.parts, "overtime" in polled.kinds) == (2, 1, False)


def test_a_repoll_does_not_take_overtime_away(place: Place) -> None:
    """No source states it, so no source can miss it: the day's own poll finds nothing that differs."""
    place.extends("d1", 2)
    place.poll(SATURDAY)
    assert (place.poll(FRIDAY).outcome, place.pay(FRIDAY)) == ("unchanged", 13_500)


def test_days_that_are_polled_late_move_overtime_of_days_that_were_polled_before() -> None:
    """Only recorded days count: with Monday, which came last, Friday has overtime."""
    place = Place()
    for number, date in enumerate(WEEK[:5], start=1):
        place.clocks(f"d{number}", date, 10)
    place.poll(*reversed(WEEK[1:5]))
    assert place.overtime(FRIDAY) == {}
    outcome = place.poll(MONDAY)
    assert (outcome.compensated, place.overtime(FRIDAY)["d5"].seconds) == ({FRIDAY: 1}, 36_000)
    assert place.compensations(FRIDAY) == [("overtime", MONDAY, 1, 0, 0)]


def test_a_punch_that_goes_to_another_employee_takes_its_hours_along(place: Place) -> None:
    """Ann's overtime of Friday goes, and Bob's week is worked out anew."""
    place.clocks("b", FRIDAY, 8, employee="bob", begins=10)
    place.extends("d1", 2)
    place.poll(FRIDAY)
    assert set(place.overtime(FRIDAY)) == {"d5"}
    for key in ("d1", "d2", "d3", "d4"):
        place.edits(key, employee="bob")
    place.poll(SATURDAY)
    assert {key: one.employee for key, one in place.overtime(FRIDAY).items()} == {"b": "bob"}
    assert place.overtime(FRIDAY)["b"].seconds == 7200


def test_an_approved_day_observes_other_overtime(place: Place) -> None:
    """Friday was approved: its pay stays, and what overtime would be is listed."""
    place.approve(FRIDAY)
    place.extends("d1", 2)
    place.poll(SATURDAY)
    assert (place.pay(FRIDAY), place.observed(FRIDAY)) == (12_000, [("overtime", 1)])
    assert place.pay(MONDAY) == 15_000
    place.poll(FRIDAY)
    assert place.observed(FRIDAY) == [("overtime", 1)]


def test_a_rule_that_changes_counts_from_the_next_poll_of_a_day(place: Place) -> None:
    """Recorded days keep the rule that they were recorded with: until they are repolled, and then only these."""
    place.extends("d1", 2)
    place.poll(SATURDAY)
    place.configure(overtime_multiplier="2", overtime_daily_hours="9")
    place.poll(SUNDAY)
    assert place.overtime(FRIDAY)["d5"].multiplier == Decimal("1.5")
    assert place.overtime(MONDAY) == {}
    assert place.poll(FRIDAY).outcome == "unchanged"
    # of Monday's ten hours one is overtime of the day by this rule, so that only one of Friday's is past forty
    assert (place.overtime(FRIDAY)["d5"].multiplier, place.overtime(FRIDAY)["d5"].seconds) == (Decimal(2), 3600)
    assert place.overtime(MONDAY) == {}
    place.poll(MONDAY)
    assert place.overtime(MONDAY)["d1"].rule == "daily"


def test_an_unchanged_repoll_under_another_rule_is_an_attempt_and_a_compensation(place: Place) -> None:
    """The source says the same, and the overtime is another: both are recorded, and the answer tells how much."""
    place.configure(overtime_daily_hours="7")
    outcome = place.poll(MONDAY)
    *_, unchanged, head, _ = place.facts(MONDAY)
    assert isinstance(unchanged, PollUnchanged)
    assert isinstance(head, DayCompensated)
    assert (outcome.outcome, outcome.generation, outcome.added) == ("unchanged", 2, 1)
    assert place.replay(MONDAY).changes == ()


def test_a_replay_under_another_rule_shows_what_it_would_change(place: Place) -> None:
    """Figures too; nothing is written."""
    place.extends("d1", 2)
    place.poll(SATURDAY)
    assert place.replay(FRIDAY).changes == ()
    tried = place.replay(FRIDAY, options={"overtime_weekly_hours": "30"})
    (change,) = tried.changes
    after = decode("overtime", change.after)
    assert isinstance(after, Overtime)
    assert after.seconds == 8 * 3600
    assert {figure.name for figure in tried.effect.figures} >= {"labor_pay", "labor_premium", "labor_overtime_hours"}
    assert place.replay(FRIDAY, options={"overtime_weekly_hours": "0"}).changes[0].operation == "removed"


def test_labor_is_whole_at_every_location_of_a_venue(place: Place) -> None:
    """Overtime hangs on no revenue center: each location has the labor of the whole venue, and so its overtime."""
    shared = five_days(use_revenue_centers=["Bar"])
    for here in (place, shared):
        here.extends("d1", 2)
        here.poll(SATURDAY)
    assert shared.overtime(FRIDAY) == place.overtime(FRIDAY)


def test_a_night_over_the_beginning_of_the_week() -> None:
    """Split at the start of the day its hours are of both weeks; booked whole they are of Sunday's."""
    for vsd, seconds in ((True, 6 * 3600), (False, 0)):
        place = five_days(vsd_for_actual=vsd)
        place.clocks("n", MONDAY - DAY, 8, begins=22)
        place.poll(MONDAY - DAY, SATURDAY)
        assert sum(one.seconds for one in place.overtime(FRIDAY).values()) == seconds


def test_no_day_is_loaded_twice_for_one_decision(place: Place) -> None:
    """Looking back and the workweek ask for the same days: each is read once, and days to come are not looked for."""
    place.extends("d1", 2)
    asked: list[tuple[str, int]] = []
    stream = place.house.journal.stream

    def noting(name: str, *, after: int = 0, **given: Any) -> Any:
        asked.append((name, after))
        return stream(name, after=after, **given)

    place.house.journal.stream = noting  # type: ignore[assignment,method-assign]
    place.poll(SATURDAY)
    whole = [name for name, after in asked if after == 0 and name == place.id_of(MONDAY).stream]
    assert len(whole) == 1


def test_a_poll_without_labor_looks_for_no_other_day() -> None:
    """No punch changed and none is there: nothing of the week is loaded."""
    place = Place(labor_lookback_days=0)
    asked: set[str] = set()
    stream = place.house.journal.stream

    def noting(name: str, **given: Any) -> Any:
        asked.add(name)
        return stream(name, **given)

    place.house.journal.stream = noting  # type: ignore[assignment,method-assign]
    place.poll(FRIDAY)
    assert {name for name in asked if name.startswith("business-day")} == {place.id_of(FRIDAY).stream}


def edited(day: BusinessDay, key: str, **fields: Any) -> Any:
    """What a decision of a person on a punch is like, for who builds such: here a compensating generation."""
    punch = decode("punch", day.records["punch"][key])
    after = canonical(msgspec.structs.replace(punch, **fields))[2]
    found = changes({"punch": {key: day.records["punch"][key]}}, {"punch": {key: after}})
    return tuple(compensated(day.generation + 1, found, "manual", MONDAY, "", 0, ""))


def test_a_person_who_changes_a_punch_moves_overtime_in_the_same_commit(place: Place) -> None:
    """One entry for whoever decides about punches: facts on the day itself, behind its own, and on others."""
    place.configure(overtime_daily_hours="9")
    place.poll(MONDAY)
    out = place.at(MONDAY, 21)
    states: list[BusinessDay] = []

    def decide(day: BusinessDay) -> Any:
        states.append(day)
        return edited(day, "d1", clock_out=out)

    intent = Intent("test", "because")
    for again in (False, True):
        changed = change_day(
            place.id_of(MONDAY),
            intent,
            place.house,
            decide,
            beside=lambda _before, after: overtime_recordings(place.house, place.id_of(MONDAY), states[-1], after),
        )
        assert changed.again is again
        assert set(changed.beside) == {place.id_of(FRIDAY)}
    assert (place.overtime(MONDAY)["d1"].rule, place.overtime(MONDAY)["d1"].seconds) == ("daily", 3 * 3600)
    # by Friday's own rule, which knows no daily overtime, all of Monday's twelve hours fill the week
    assert place.overtime(FRIDAY)["d5"].seconds == 4 * 3600
    assert [f.origin for f in place.facts(FRIDAY) if isinstance(f, DayCompensated)] == ["overtime"]


def test_only_named_employees_are_worked_out_where_the_caller_knows_them(place: Place) -> None:
    """Nobody else's overtime is looked at."""
    before = place.day(MONDAY)
    after = fold(edited(before, "d1", clock_out=place.at(MONDAY, 21)), before)
    day = place.id_of(MONDAY)
    assert overtime_recordings(place.house, day, before, after, frozenset({"bob"})) == []
    (recording,) = overtime_recordings(place.house, day, before, after, frozenset({"ann"}))
    assert recording.stream == place.id_of(FRIDAY).stream


def test_the_labor_entry_balances_with_premiums(place: Place) -> None:
    """Wages are the pay with its premium, against accrued payroll."""
    place.extends("d1", 2)
    place.poll(SATURDAY)
    entry = journal_entries(place.summary(FRIDAY), Books()).labor
    assert sum(line.amount_cents for line in entry.lines if line.side == "debit") == 13_500


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["extend", "shorten", "delete", "add", "give", "rate", "poll"]),
        st.integers(0, 9),
        st.integers(1, 6),
    ),
    max_size=12,
)
DAYS = [MONDAY - 2 * DAY + step * DAY for step in range(10)]


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS, st.booleans(), st.sampled_from(["0", "8"]), st.permutations(DAYS))
def test_lookback_in_any_order_ends_as_polling_everything_afresh(
    edits: list[tuple[str, int, int]],
    vsd: bool,
    daily: str,
    order: list[dt.date],
) -> None:
    """Whatever was edited and polled in whatever order, a poll of the last day makes all as a fresh house has them."""
    options: dict[str, Any] = {"vsd_for_actual": vsd, "overtime_daily_hours": daily, "overtime_weekly_hours": "30"}
    lived, fresh = Place(**options), Place(**options)
    for number, date in enumerate(DAYS):
        lived.clocks(f"a{number}", date, 7, begins=9 + number)
        lived.clocks(f"b{number}", date, 9, employee="bob", begins=20)
    lived.poll(*order)
    for what, number, much in edits:
        key, date = f"a{number}", DAYS[number]
        if what == "poll":
            lived.poll(date)
        elif what == "add":
            lived.clocks(f"c{number}-{much}", date, much, begins=much)
        elif key in lived.clock.punches:
            if what == "delete":
                del lived.clock.punches[key]
            elif what == "give":
                lived.edits(key, employee="bob")
            elif what == "rate":
                lived.edits(key, rate=Decimal(much))
            else:
                lived.extends(key, much if what == "extend" else -1)
    lived.poll(DAYS[-1])
    fresh.clock.punches = dict(lived.clock.punches)
    fresh.poll(*DAYS)
    for date in DAYS:
        told = [{kind: known for kind, known in place.day(date).records.items() if known} for place in (lived, fresh)]
        assert told[0] == told[1], date


def test_a_day_without_overtime_has_the_bytes_that_it_always_had() -> None:
    """Summaries of days without overtime say nothing of it, so that what was approved before keeps its digest."""
    document = summary_bytes(summarize(day_of(punch())))
    assert b"overtime" not in document
    assert b"premium" not in document
    plain = plain_summary(document)
    assert (plain["labor_overtime_hours"], plain["labor_premium"]) == ("0.0000", "0.00")
    (line,) = plain["labor"]
    assert (line["overtime_hours"], line["premium"]) == ("0.0000", "0.00")
