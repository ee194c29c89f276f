"""Deleting a day, confirming that the place was closed, and the age of days: given, when, then."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from domain.business_day import NEW_DAY, BusinessDay, decide_compensation, decide_poll, fold
from domain.commands.age import DayTooOld
from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.confirm_closed import ConfirmClosed, confirm_closed
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion
from domain.commands.replay_day import ReplayDay, replay_day
from domain.commands.settle_day import Settled, SettleDay, State, settle_day
from domain.facts import DayConfirmedClosed, DayDeleted, DayPolled, LocationAdded, PollUnchanged
from domain.identifiers import ConnectionId, DayId
from domain.keeping import HasSales, decide_confirm_closed, decide_delete
from domain.permissions import EVERYTHING, NotPermitted, rights_of
from domain.ports.house import House
from domain.records import Deposit
from domain.settling import NotInThatState
from domain.summary import summarize
from tests.domain.build import DATE, attempt, day_window, item, paid, punch, ticket, translated
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock

CONNECTION = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
LUNCH = ticket("t1", items=(item("10.00"),), payments=(paid("10.00"),))
COMPED = ticket("t1", items=(item("0.00"),))


@pytest.fixture
def pos() -> Scripted:
    """A system whose days are what the test says."""
    return Scripted()


@pytest.fixture
def house(pos: Scripted) -> House:
    """A house of fakes with a connection that feeds L1."""
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": pos})
    place = (LocationAdded("L1", "Pier", "America/New_York", {"venue": "V1"}),)
    command = ConnectSystem(CONNECTION, "scripted", "Tray", "https://x.example", "s3cret", place, Intent("cli:anna"))
    connect_system(command, made)
    return made


def poll(house: House, date: dt.date = DATE, **fields: Any) -> Any:
    """Poll the day."""
    return poll_day(PollDay(replace(DAY, date=date), CONNECTION, Intent("cli:anna", **fields)), house)


def delete(house: House, date: dt.date = DATE, version: int | None = None, **fields: Any) -> Settled:
    """Delete it."""
    intent = Intent("cli:anna", **{"reason": "the till was wrong", **fields})
    return delete_day(DeleteDay(replace(DAY, date=date), CONNECTION, intent, version), house)


def confirm(house: House, **fields: Any) -> Settled:
    """Confirm that the place was closed."""
    return confirm_closed(ConfirmClosed(DAY, Intent("cli:anna", **{"reason": "a holiday", **fields})), house)


def settle(house: House, *states: State) -> None:
    """Take the day through these states."""
    for state in states:
        settle_day(SettleDay(DAY, state, Intent("cli:anna", "checked")), house)


def test_a_deleted_day_is_missing_and_keeps_its_history(pos: Scripted, house: House) -> None:
    """Its summary is empty and its state missing, while every fact and record stays."""
    pos.says(DATE, LUNCH)
    poll(house)
    done = delete(house)
    assert done.receipt is not None
    assert (done.day.state, done.day.generation, done.day.deleted) == ("missing", 1, True)
    assert set(done.day.records["ticket"]) == {"t1"}
    summary = summarize(done.day)
    assert (summary.state, summary.tickets, summary.net_sales_cents, summary.issue_count) == ("missing", 0, 0, 0)
    entries = list(house.journal.stream(DAY.stream))
    assert entries[-1].fact == DayDeleted(1)
    assert entries[-1].provenance.reason == "the till was wrong"


def test_the_next_whole_reading_brings_it_back_as_a_new_generation(pos: Scripted, house: House) -> None:
    """Also where nothing differs: somebody wanted it anew, and the history shows that it is."""
    pos.says(DATE, LUNCH)
    poll(house)
    delete(house)
    outcome = poll(house)
    assert (outcome.outcome, outcome.generation, outcome.added, outcome.changed) == ("polled", 2, 0, 0)
    day = load_day(house.journal, DAY)
    assert (day.state, day.deleted, summarize(day).net_sales_cents) == ("in progress", False, 1000)
    assert poll(house).outcome == "unchanged"


def test_deleting_it_again_records_nothing(pos: Scripted, house: House) -> None:
    """A second deletion finds it deleted; the same command twice is answered with what it recorded."""
    pos.says(DATE, LUNCH)
    poll(house)
    first = delete(house, command="one")
    again = delete(house, command="one")
    assert (again.receipt, again.again) == (first.receipt, True)
    assert delete(house).receipt is None
    with pytest.raises(CommandReused):
        delete(house, command="one", reason="another reason")


def test_what_cannot_be_deleted(pos: Scripted, house: House) -> None:
    """A day that was never read, an approved one, and one that is not at the version that was seen."""
    with pytest.raises(NotInThatState, match="never read whole: there is nothing to delete"):
        delete(house)
    pos.says(DATE, LUNCH)
    poll(house)
    settle(house, "completed", "approved")
    with pytest.raises(NotInThatState, match="approved: reopen it first"):
        delete(house)
    settle(house, "in progress")
    with pytest.raises(NotTheVersion):
        delete(house, version=1)
    with pytest.raises(NotPermitted):
        delete(house, rights=rights_of("auditor"))
    assert delete(house, version=load_day(house.journal, DAY).version).receipt is not None


def test_a_deleted_day_cannot_be_settled_or_replayed(pos: Scripted, house: House) -> None:
    """It was completed once; deleted it is in progress when it comes back, and until then there is nothing of it."""
    pos.says(DATE, LUNCH)
    poll(house)
    settle(house, "completed")
    assert delete(house).day.settled == ""
    with pytest.raises(NotInThatState, match="missing"):
        settle(house, "completed")
    with pytest.raises(NothingRecorded, match="was deleted"):
        replay_day(ReplayDay(DAY, CONNECTION), house)
    poll(house)
    assert load_day(house.journal, DAY).state == "in progress"


def day_of(*records: object) -> BusinessDay:
    """A day that was polled and has these records."""
    facts = decide_poll(NEW_DAY, translated(*records), attempt=attempt(), capture="c", window=day_window())
    return fold(facts)


def test_other_days_leave_a_deleted_day_alone() -> None:
    """What reading another day says of it, its own next poll finds."""
    day = day_of(LUNCH)
    translation = translated()
    moved = {"elsewhere": {DATE: {"ticket": {}}}, "seen": {"ticket": frozenset({"t1"})}}
    for name, value in moved.items():
        object.__setattr__(translation, name, value)
    told: dict[str, Any] = {"read_date": DATE - dt.timedelta(days=1), "attempt": attempt(), "capture": "c2"}
    assert decide_compensation(day, DATE, translation, **told)
    deleted = fold([DayDeleted(1)], day)
    assert decide_compensation(deleted, DATE, translation, **told) == ()


@pytest.mark.parametrize(
    ("kind", "brought", "fed", "back"),
    [
        ("poll", (), ("ticket",), True),
        ("repoll", ("deposit",), ("ticket",), True),
        ("import", ("deposit",), ("ticket",), False),
        ("import", ("ticket",), ("ticket",), True),
        ("import", ("deposit",), ("deposit",), True),
    ],
)
def test_which_readings_bring_it_back(kind: str, brought: tuple[str, ...], fed: tuple[str, ...], back: bool) -> None:
    """Every poll; files where they bring the tickets, or nothing else ever did."""
    first = DayPolled(attempt(), 1, "c", "UTC", DAWN, DAWN + DAY_LONG, 0, 0, 0, 0, kinds=fed)
    again = DayPolled(attempt(kind), 2, "c", "UTC", DAWN, DAWN + DAY_LONG, 0, 0, 0, 0, kinds=brought)
    assert fold([first, DayDeleted(1), again]).deleted is not back


DAWN = dt.datetime(2026, 10, 31, 4, tzinfo=dt.UTC)
DAY_LONG = dt.timedelta(hours=24)


def test_files_of_deposits_alone_do_not_bring_back_what_the_point_of_sale_said() -> None:
    """The day takes the deposits and stays missing; the poll that follows shows both."""
    day = fold([DayDeleted(1)], day_of(LUNCH))
    deposit = translated(Deposit("b1", 1000, DATE))
    only = replace(deposit, records={"deposit": deposit.records["deposit"]})
    other = replace_attempt("import", "files")
    taken = fold(decide_poll(day, only, attempt=other, capture="f", window=day_window()), day)
    assert (taken.state, taken.generation) == ("missing", 2)
    again = decide_poll(taken, only, attempt=other, capture="f", window=day_window())
    assert [type(fact) for fact in again] == [PollUnchanged]
    back = fold(decide_poll(taken, translated(LUNCH), attempt=attempt(), capture="c", window=day_window()), taken)
    assert (back.state, back.generation, summarize(back).total_deposit_cents) == ("in progress", 3, 1000)


def replace_attempt(kind: str, connection: str) -> Any:
    """An attempt of this kind, of another connection."""
    made = attempt(kind)
    return type(made)(made.kind, connection, 1, made.started_at, made.ended_at)


def test_a_day_without_sales_is_confirmed_as_closed_once(pos: Scripted, house: House) -> None:
    """Who says so and why is a fact; saying it again records nothing."""
    pos.says(DATE)
    poll(house)
    done = confirm(house)
    assert (done.day.closed, done.day.state) == (True, "in progress")
    last = list(house.journal.stream(DAY.stream))[-1]
    assert (last.fact, last.provenance.reason) == (DayConfirmedClosed(1), "a holiday")
    assert confirm(house).receipt is None
    with pytest.raises(NotPermitted):
        confirm(house, rights=rights_of("auditor"))


def test_sales_that_come_to_light_void_it(pos: Scripted, house: House) -> None:
    """A reading with tickets takes the word back by itself; one of punches alone leaves it."""
    pos.says(DATE)
    poll(house)
    confirm(house)
    pos.says(DATE, punch())
    poll(house)
    assert load_day(house.journal, DAY).closed
    pos.says(DATE, punch(), COMPED)
    poll(house)
    assert not load_day(house.journal, DAY).closed


def test_deleting_voids_it_too(pos: Scripted, house: House) -> None:
    """Whoever wants the day anew does not trust what it is."""
    pos.says(DATE)
    poll(house)
    confirm(house)
    assert not delete(house).day.closed


def test_what_cannot_be_confirmed(pos: Scripted, house: House) -> None:
    """A missing day, one with sales, and an approved one, which is not read again anyway."""
    with pytest.raises(NotInThatState, match="missing"):
        confirm(house)
    pos.says(DATE, LUNCH)
    poll(house)
    with pytest.raises(HasSales, match=r"net sales of 10\.00"):
        confirm(house)
    delete(house)
    with pytest.raises(NotInThatState, match="missing"):
        confirm(house)
    approved = replace(day_of(), settled="approved")
    with pytest.raises(NotInThatState, match="approved"):
        decide_confirm_closed(approved, 0)
    assert decide_delete(replace(day_of(), deleted=True)) == ()


MIDNIGHT_IN_NEW_YORK = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "in_it"),
    [
        (MIDNIGHT_IN_NEW_YORK - dt.timedelta(seconds=1), True),  # November 30 there: 30 days back
        (MIDNIGHT_IN_NEW_YORK, False),  # December 1: 31 days back, though not yet in Chicago
    ],
)
def test_day_30_is_in_and_day_31_is_out_by_the_locations_clock(
    pos: Scripted, house: House, now: dt.datetime, in_it: bool
) -> None:
    """The edge of the window is midnight at the location, to the second, for a poll, a repoll and a deletion alike."""
    assert dt.date(2026, 10, 31) == DATE
    pos.says(DATE, LUNCH)
    house = replace(house, clock=StoppedClock(now))
    if in_it:
        assert poll(house).outcome == "polled"
        assert poll(house).outcome == "unchanged"
        assert delete(house).receipt is not None
        return
    poll(replace(house, clock=StoppedClock(now - dt.timedelta(days=1))))
    sentence = "days before 2026-11-01 are polled, repolled and deleted by the role 'support' alone"
    for refused in (poll, delete):
        with pytest.raises(DayTooOld, match=sentence):
            refused(house)


def test_support_may_touch_days_of_any_age(pos: Scripted, house: House) -> None:
    """The role support polls, repolls and deletes them; the window is a setting."""
    later = StoppedClock(dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
    pos.says(DATE, LUNCH)
    old = replace(house, clock=later)
    assert poll(old, rights=EVERYTHING).outcome == "polled"
    assert delete(old, rights=EVERYTHING).receipt is not None
    with pytest.raises(DayTooOld):
        poll(old)
    assert poll(replace(old, window_days=1000)).outcome == "polled"


def test_what_was_recorded_in_time_is_answered_later(pos: Scripted, house: House) -> None:
    """A command that is repeated when its day has become too old is answered, not refused."""
    pos.says(DATE, LUNCH)
    first = poll(house, command="poll")
    gone = delete(house, command="delete")
    old = replace(house, clock=StoppedClock(dt.datetime(2028, 1, 1, tzinfo=dt.UTC)))
    assert poll(old, command="poll").receipt == first.receipt
    assert delete(old, command="delete").receipt == gone.receipt


def test_the_running_day_counts_from_the_start_of_the_business_day(pos: Scripted, house: House) -> None:
    """Where business days begin at 04:00, the window moves on at 04:00."""
    options = {"specify_business_day_start_time": "04:00"}
    configure_connection(ConfigureConnection(CONNECTION, Intent("cli:anna", "late bar"), options=options), house)
    pos.says(DATE, LUNCH)
    poll(replace(house, clock=StoppedClock(MIDNIGHT_IN_NEW_YORK + dt.timedelta(hours=3, minutes=59))))
    with pytest.raises(DayTooOld):
        poll(replace(house, clock=StoppedClock(MIDNIGHT_IN_NEW_YORK + dt.timedelta(hours=4))))
