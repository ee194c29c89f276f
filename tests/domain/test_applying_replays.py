"""Recording replays: given recorded days, when one is derived again and applied, then it is what was derived."""

import datetime as dt
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_day import BusinessDay
from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion, Outcome
from domain.commands.replay_day import (
    Applied,
    ApplyReplay,
    MovesBetweenDays,
    ReplayDay,
    ReplayResult,
    apply_replay,
    replay_day,
)
from domain.commands.replay_range import BadRange, DayReplayed, ReplayRange, apply_range, days_between, preview
from domain.commands.settle_day import SettleDay, settle_day
from domain.effects import Effect, signed
from domain.facts import DayCompensated, LateChangeObserved, LocationAdded, ReplayApplied, ReplayStaged
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId
from domain.permissions import NotPermitted, rights_of
from domain.polling import BadConfiguration
from domain.ports.house import House
from domain.records import Deposit, Ticket
from domain.summary import summarize
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.laws import examples
from tests.support.scripted import Scripted, StoppedClock

CONNECTION = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
NEXT = DATE + dt.timedelta(days=1)
ITEMS = tuple(item("1.25", "0.10", name=f"i{number}") for number in range(3))
LUNCH = ticket("t1", tax="0.31", items=ITEMS, payments=(paid("4.06"),), service_type="Dine  In")
CHECK_TAX = {"use_item_level_taxes": False}


def a_house(pos: Scripted) -> House:
    """A house of fakes with a connection that feeds L1 and L2."""
    clock = StoppedClock(dt.datetime(2026, 11, 9, tzinfo=dt.UTC))
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), clock, {"scripted": pos})
    places = tuple(LocationAdded(key, key, "America/New_York", {"venue": f"V-{key}"}) for key in ("L1", "L2"))
    intent = Intent("cli:anna")
    connect_system(ConnectSystem(CONNECTION, "scripted", "Tray", "https://x.example", "s3cret", places, intent), made)
    return made


@pytest.fixture
def pos() -> Scripted:
    """A system whose days are what the test says."""
    return Scripted()


@pytest.fixture
def house(pos: Scripted) -> House:
    """A house with one day that was polled."""
    made = a_house(pos)
    pos.says(DATE, LUNCH)
    poll(made)
    return made


def configure(house: House, **options: Any) -> None:
    """Set options for all locations."""
    configure_connection(ConfigureConnection(CONNECTION, Intent("cli:anna"), put=options), house)


def poll(house: House, date: dt.date = DATE) -> Outcome:
    """Poll a day of L1."""
    return poll_day(PollDay(replace(DAY, date=date), CONNECTION, Intent("cli:anna")), house)


def replay(house: House, date: dt.date = DATE, **fields: Any) -> ReplayResult:
    """What deriving a day again would change."""
    return replay_day(ReplayDay(replace(DAY, date=date), CONNECTION, **fields), house)


def applied(house: House, date: dt.date = DATE, version: int | None = None, **fields: Any) -> Applied:
    """Derive a day again and record it."""
    intent = fields.pop("intent", Intent("cli:anna", "the taxes were wrong"))
    return apply_replay(ApplyReplay(ReplayDay(replace(DAY, date=date), CONNECTION, **fields), intent, version), house)


def known(house: House, date: dt.date = DATE) -> BusinessDay:
    """A day as recorded."""
    return load_day(house.journal, replace(DAY, date=date))


def settled(house: House, *states: Any) -> None:
    """Settle the day, step by step."""
    for state in states:
        settle_day(SettleDay(DAY, state, Intent("cli:anna", "checked")), house)


def last(house: House, date: dt.date = DATE) -> Fact:
    """The newest fact of a day that carries no changes."""
    facts = [entry.fact for entry in house.journal.stream(replace(DAY, date=date).stream)]
    return next(fact for fact in reversed(facts) if not hasattr(fact, "part"))


def keys(house: House, date: dt.date = DATE) -> set[str]:
    """The keys of a day's tickets."""
    return set(known(house, date).records.get("ticket", {}))


def test_a_replay_is_recorded_only_when_asked(house: House) -> None:
    """The dry run says what would differ, journal lines too, and writes nothing; applied, the day is that."""
    configure(house, **CHECK_TAX)
    head = house.journal.head()
    found = replay(house, configuration=2)
    assert house.journal.head() == head
    assert {(line.key, signed(line.before), signed(line.after)) for line in found.effect.lines} == {
        ("tax/Sales Tax", -30, -31),
        ("adjustment/item_check_tax_difference", -1, 0),
    }
    done = applied(house, configuration=2)
    assert (done.outcome, done.added, done.changed, done.removed, done.again) == ("applied", 0, 1, 0, False)
    fact = last(house)
    assert isinstance(fact, ReplayApplied)
    assert (fact.generation, fact.connection, fact.feeds[0].configuration, fact.feeds[0].options) == (2, "tray", 2, {})
    day = known(house)
    assert (day.generation, day.configuration, summarize(day).tax_cents) == (2, 2, 31)
    assert replay(house).changes == ()
    assert poll(house).outcome == "unchanged"


def test_a_day_says_which_options_it_was_derived_with(house: House) -> None:
    """Options that were put over a version are the day's own until it is polled again, and a replay repeats them."""
    done = applied(house, options={**CHECK_TAX, "open_time": False})
    assert done.outcome == "applied"
    day = known(house)
    assert (day.configuration, dict(day.feeds["tray"].options)) == (1, {**CHECK_TAX, "open_time": False})
    assert summarize(day).feeds[0].options == {**CHECK_TAX, "open_time": False}
    again = replay(house)
    assert (again.changes, again.recorded, again.derivations[0].anew) == ((), 0, False)
    more = replay(house, options={"trim_service_type_name": True})
    assert more.derivations[0].options == {**CHECK_TAX, "open_time": False, "trim_service_type_name": True}
    assert replay(house, configuration=1).changes != ()
    assert poll(house).changed == 1
    assert dict(known(house).feeds["tray"].options) == {}


def test_options_that_are_in_force_already_are_none(house: House) -> None:
    """Putting over a version what it says itself is deriving the day as it is recorded: nothing is recorded."""
    done = applied(house, options={"use_item_level_taxes": True})
    assert (done.outcome, done.receipt) == ("unchanged", None)


def test_another_version_that_changes_nothing_is_recorded_once(house: House) -> None:
    """The day says from then on that it is derived under it; a second time there is nothing to record."""
    configure(house, include_inactive_employees=True)
    assert replay(house, configuration=2).recorded == 1
    done = applied(house, configuration=2)
    assert (done.outcome, done.changed, known(house).configuration) == ("applied", 0, 2)
    head = house.journal.head()
    assert (applied(house, configuration=2).outcome, house.journal.head()) == ("unchanged", head)


def test_applying_is_once_for_each_command(house: House) -> None:
    """The same command again answers what was recorded; for another replay its id is refused."""
    intent = Intent("cli:anna", "taxes", command="cmd-1")
    first = applied(house, options=CHECK_TAX, intent=intent)
    again = applied(house, options=CHECK_TAX, intent=intent)
    assert (again.again, again.receipt, again.outcome, again.changed) == (True, first.receipt, "applied", 1)
    with pytest.raises(CommandReused):
        applied(house, options={"trim_service_type_name": True}, intent=intent)


def test_applying_is_refused(house: House) -> None:
    """To a role that may not, and where the day is not at the version that the caller saw; nothing is recorded."""
    head = house.journal.head()
    with pytest.raises(NotPermitted, match=r"days\.apply-replay"):
        applied(house, options=CHECK_TAX, intent=Intent("cli:eve", "why", rights=rights_of("auditor")))
    with pytest.raises(NotTheVersion):
        applied(house, version=1, options=CHECK_TAX)
    with pytest.raises(BadConfiguration):
        applied(house, options={"nonsense": 1})
    assert house.journal.head() == head


def test_an_approved_day_stages_a_replay(house: House) -> None:
    """It changes nothing until the day is reopened, is listed as a change after approval, and waits once."""
    settled(house, "completed", "approved")
    assert replay(house, options=CHECK_TAX).approved
    done = applied(house, options=CHECK_TAX)
    assert (done.outcome, done.staged, done.changed) == ("staged", True, 1)
    assert isinstance(last(house), ReplayStaged)
    day = known(house)
    assert (day.state, summarize(day).tax_cents, day.late_changes) == ("approved", 30, 1)
    assert (applied(house, options=CHECK_TAX).outcome, replay(house).changes) == ("unchanged", ())
    assert poll(house).outcome == "staged", "a poll derives it under the configuration in force"
    assert applied(house, options=CHECK_TAX).outcome == "staged"
    settled(house, "in progress")
    day = known(house)
    assert (day.state, summarize(day).tax_cents, dict(day.feeds["tray"].options)) == ("in progress", 31, CHECK_TAX)


def at_night(key: str, date: dt.date) -> Ticket:
    """A ticket of a date that was opened at 23:40 of the evening before."""
    opened = dt.datetime.combine(date, dt.time(3, 40), dt.UTC)
    made = ticket(key, business_date=date, items=(item("5.00"),), payments=(paid("5.00"),))
    return msgspec.structs.replace(made, opened_at=opened, closed_at=opened + dt.timedelta(minutes=40))


def test_what_leaves_a_day_arrives_on_another_in_the_same_commit(house: House, pos: Scripted) -> None:
    """By opening time the check of last night is of the day before: applied, it is on one day, and back again."""
    pos.says(NEXT, at_night("t2", NEXT))
    poll(house, NEXT)
    configure(house, open_time=True)
    assert (keys(house), keys(house, NEXT)) == ({"t1"}, {"t2"})
    found = replay(house, NEXT, configuration=2)
    assert (found.beside, found.totals) == ({DATE: 1}, {})
    done = applied(house, NEXT, configuration=2)
    assert (done.removed, done.compensated, done.observed) == (1, {DATE: 1}, 0)
    assert (keys(house), keys(house, NEXT)) == ({"t1", "t2"}, set())
    assert isinstance(last(house), DayCompensated)
    assert replay(house).changes == ()
    back = applied(house, NEXT, configuration=1)
    assert (back.added, back.compensated) == (1, {DATE: 1})
    assert (keys(house), keys(house, NEXT)) == ({"t1"}, {"t2"})


def test_options_that_move_records_are_configured_first(house: House, pos: Scripted) -> None:
    """Readings to come look for what a version of the configuration moves; what only a replay moved they would miss."""
    pos.says(NEXT, at_night("t2", NEXT))
    poll(house, NEXT)
    assert replay(house, NEXT, options={"open_time": True}).beside == {DATE: 1}
    for options in ({"open_time": True}, {"vsd_for_actual": True}, {"number_of_lookback_days": 3}):
        with pytest.raises(MovesBetweenDays, match="daybook configure"):
            applied(house, NEXT, options=options)
    configure(house, open_time=True)
    configure(house, open_time=False)
    assert applied(house, NEXT, options={"open_time": True}).compensated == {DATE: 1}
    assert poll(house, NEXT).compensated == {DATE: 1}
    assert (keys(house), keys(house, NEXT)) == ({"t1"}, {"t2"})


def test_an_approved_neighbour_observes_what_a_replay_says(house: House, pos: Scripted) -> None:
    """What would arrive on an approved day waits there."""
    pos.says(NEXT, at_night("t2", NEXT))
    poll(house, NEXT)
    settled(house, "completed", "approved")
    configure(house, open_time=True)
    done = applied(house, NEXT, configuration=2)
    assert (done.compensated, done.observed) == ({}, 1)
    assert isinstance(last(house), LateChangeObserved)
    settled(house, "in progress")
    assert keys(house) == {"t1", "t2"}
    assert replay(house).changes == (), "what other readings brought stands, also where it waited"


def test_an_old_answer_undoes_nothing_that_is_newer(house: House, pos: Scripted) -> None:
    """A ticket that another day's reading corrected since stands; and of days read since, nothing else is touched."""
    configure(house, open_time=True)
    poll(house)
    pos.says(NEXT, at_night("t2", NEXT))
    poll(house, NEXT)
    pos.says(DATE, LUNCH, ticket("t3", items=(item("7.00"),), payments=(paid("7.00"),)))
    poll(house)
    fixed = replace_price(at_night("t2", NEXT), "6.00")
    pos.says(NEXT, fixed)
    assert poll(house, NEXT).compensated == {DATE: 1}
    before = known(house)
    done = applied(house, options={"trim_service_type_name": True, "open_time": True})
    after = known(house)
    assert done.outcome == "applied"
    assert after.records["ticket"]["t2"] == before.records["ticket"]["t2"]
    assert replay(house, options={"trim_service_type_name": False}).standing == 1


def replace_price(known: Ticket, price: str) -> Ticket:
    """The ticket at another price."""
    return msgspec.structs.replace(known, items=(item(price),), payments=(paid(price),))


def test_a_day_of_the_files_that_look_like_parts(house: House, pos: Scripted) -> None:
    """A punch whose own id looks like a part of another is never taken for one when only some may be told."""
    configure(house, vsd_for_actual=True)
    pos.says(NEXT, punch("p1", clock_in="14:00"), punch("p1#2", clock_in="15:00"))
    poll(house, NEXT)
    poll(house)
    assert applied(house, NEXT, options={"trim_service_type_name": True}).compensated == {}


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "use_item_level_taxes": st.booleans(),
        "trim_service_type_name": st.booleans(),
        "open_time": st.booleans(),
        "number_of_lookback_days": st.sampled_from([0, 3]),
        "disable_deposits_import": st.booleans(),
        "vsd_for_actual": st.booleans(),
    },
)
HERE: list[Any] = [LUNCH, at_night("t2", NEXT), punch("p1", clock_out=None), Deposit("d1", 500, DATE)]
READ = st.lists(st.sampled_from(HERE), max_size=3, unique=True)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.tuples(st.sampled_from([DATE, NEXT]), READ | OPTIONS), min_size=1, max_size=5), OPTIONS)
def test_what_was_applied_is_what_is_recorded(
    steps: list[tuple[dt.date, list[Any] | dict[str, Any]]], options: dict[str, Any]
) -> None:
    """After any polls and replays: a replay that is applied leaves nothing to replay, and no ticket on two days."""
    pos = Scripted()
    house = a_house(pos)
    configure(house, open_time=True, vsd_for_actual=True, number_of_lookback_days=3)
    configure(house, open_time=False, vsd_for_actual=False, number_of_lookback_days=0)
    for date in (DATE, NEXT):
        pos.says(date, *([LUNCH] if date == DATE else [at_night("t2", NEXT)]))
        poll(house, date)
    for date, step in steps:
        if isinstance(step, dict):
            applied(house, date, options=step)
        else:
            pos.says(date, *step)
            poll(house, date)
    for date in (DATE, NEXT):
        would = replay(house, date, options=options)
        done = applied(house, date, options=options)
        assert (done.outcome == "unchanged") == (would.recorded == 0)
        if would.recorded:
            assert done.added + done.changed + done.removed == len(would.changes)
        again = replay(house, date)
        assert (again.changes, again.recorded, again.effect) == ((), 0, Effect((), ()))
        assert applied(house, date, options=options).outcome == "unchanged"
        assert keys(house) & keys(house, NEXT) == set()


def ranged(house: House, first: dt.date, to: dt.date, *locations: str, **fields: Any) -> ReplayRange:
    """The replay of a range."""
    days = days_between("main", locations or ("L1",), first, to)
    return ReplayRange(days, dict.fromkeys(locations or ("L1",), CONNECTION), **fields)


def outcomes(found: list[DayReplayed]) -> list[str]:
    """What came of each day."""
    return [day.outcome for day in found]


def test_a_range_says_first_what_would_change(house: House, pos: Scripted) -> None:
    """Days that differ with their figures, days that do not, and those that cannot be replayed with the reason."""
    third = NEXT + dt.timedelta(days=1)
    pos.says(NEXT)
    poll(house, NEXT)
    asked = ranged(house, DATE, third, options=CHECK_TAX)
    head = house.journal.head()
    found = list(preview(asked, house))
    assert outcomes(found) == ["differs", "differs", "not-replayable"]
    assert ("has not been polled" in found[2].reason, found[0].totals["tax"], found[0].changed) == (True, 1, 1)
    assert house.journal.head() == head
    done = list(apply_range(asked, Intent("cli:anna", "taxes"), house))
    assert outcomes(done) == ["applied", "applied", "not-replayable"]
    again = list(apply_range(asked, Intent("cli:anna", "taxes"), house))
    assert outcomes(again) == ["unchanged", "unchanged", "not-replayable"], "going on after an interruption"
    commits = [entry.provenance for entry in house.journal.stream(DAY.stream)]
    assert (commits[-1].reason, commits[-1].correlation != commits[-1].command) == ("taxes", True)


def test_a_day_that_cannot_be_read_does_not_stop_the_others(house: House, pos: Scripted) -> None:
    """An answer that is gone, or that means nothing to today's code, is listed; the others are applied."""
    pos.says(NEXT, LUNCH)
    poll(house, NEXT)
    house.captures._kept.pop(("main", known(house).capture))  # type: ignore[attr-defined]
    asked = ranged(house, DATE, NEXT, options=CHECK_TAX)
    assert outcomes(list(apply_range(asked, Intent("cli:anna", "taxes"), house))) == ["not-replayable", "applied"]
    pos.read = lambda *_: (_ for _ in ()).throw(ValueError("nonsense"))  # type: ignore[method-assign]
    (first, second) = preview(asked, house)
    assert (first.outcome, second.outcome, "means nothing" in second.reason) == (
        "not-replayable",
        "not-replayable",
        True,
    )


def test_a_day_that_somebody_else_goes_on_changing_is_listed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict on one day is told with the day."""

    def moved(*_: object) -> Applied:
        raise NotTheVersion("The day is at version 9, not 3.")

    monkeypatch.setattr("domain.commands.replay_range.apply_replay", moved)
    (day,) = apply_range(ranged(house, DATE, DATE), Intent("cli:anna", "taxes"), house)
    assert (day.outcome, day.reason) == ("failed", "The day is at version 9, not 3.")


def test_what_is_of_every_day_alike_stops_a_range(house: House) -> None:
    """Options that do not exist, and a role that may not, are refused at once."""
    with pytest.raises(BadConfiguration):
        list(preview(ranged(house, DATE, NEXT, options={"nonsense": 1}), house))
    with pytest.raises(NotPermitted):
        list(apply_range(ranged(house, DATE, NEXT), Intent("cli:eve", rights=rights_of("auditor")), house))


def test_a_range_of_all_locations_goes_by_date(house: House) -> None:
    """By date, then location: whoever goes on after one goes on from its date."""
    days = ranged(house, DATE, NEXT, "L2", "L1").days
    assert [(day.date, day.location) for day in days] == [(DATE, "L1"), (DATE, "L2"), (NEXT, "L1"), (NEXT, "L2")]


@pytest.mark.parametrize(
    ("first", "to", "said"),
    [
        (NEXT, DATE, "no business day between"),
        (DATE, DATE + dt.timedelta(days=1000), "1001 business days, and at most 1000"),
    ],
)
def test_ranges_that_are_refused(first: dt.date, to: dt.date, said: str) -> None:
    """One without days, and one with too many."""
    with pytest.raises(BadRange, match=said):
        days_between("main", ("L1",), first, to)


def test_a_day_that_was_never_polled(house: House) -> None:
    """There is nothing to derive it from."""
    with pytest.raises(NothingRecorded):
        applied(house, NEXT)
