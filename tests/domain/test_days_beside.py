"""Polling one day and what it does to others: given recorded days, when one is polled, then its neighbours follow."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain.business_date import Window
from domain.business_day import BusinessDay
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.connection import decide_configure
from domain.facts import LateChangeObserved, LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DayRequest, Fetched
from domain.records import Deposit, Ticket, canonical, decode
from domain.settling import decide_approve, decide_complete
from domain.summary import summarize
from tests.domain.build import DATE, paid, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import NotExamined

CONNECTION = ConnectionId("main", "tray")
MONDAY = DATE + dt.timedelta(days=2)
WEDNESDAY = MONDAY + dt.timedelta(days=2)


@dataclass
class Pos(NotExamined):
    """A source whose rows stand in one list; it answers those of the dates that it is asked for."""

    rows: list[Any] = field(default_factory=list)
    requests: list[DayRequest] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    key: str = "scripted"
    title: str = "Scripted"
    location_ids: tuple[str, ...] = ("venue",)
    default_options: dict[str, Any] = field(default_factory=dict)
    options: frozenset[str] = frozenset(Options.__struct_fields__)
    presets: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: bool = False
    _answers: list[tuple[DayRequest, list[Any]]] = field(default_factory=list)

    def connect(self, *_: object) -> "Pos":
        """Itself."""
        return self

    def fetch(self, request: DayRequest) -> Fetched:
        """What the rows say now."""
        self.requests.append(request)
        answer = list(self.rows)
        self.before_answer()
        self._answers.append((request, answer))
        page = Page("all", 1, str(len(self._answers) - 1).encode())
        return Fetched(Capture(self.key, 1, {}, (page,)), 1, 1, {})

    def read(self, capture: Capture, asked: Window) -> SourceDay:
        """Tickets of the dates that were asked for, and all deposits."""
        request, answer = self._answers[int(capture.pages[0].data)]
        dates = frozenset(request.dates or (asked.date,))
        named: dict[str, list[Any]] = {"ticket": []} | ({"deposit": []} if request.deposits else {})
        for row in answer:
            kind = canonical(row)[0]
            if kind in named and (not isinstance(row, Ticket) or row.business_date in dates):
                named[kind].append(row)
        return SourceDay(named, dates=dates)

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class Stage:
    """A house with one location, and what happens there."""

    pos: Pos
    house: House

    def poll(self, date: dt.date) -> Outcome:
        """Poll a day."""
        return poll_day(PollDay(DayId("main", "L1", date), CONNECTION, Intent("test", "because")), self.house)

    def day(self, date: dt.date) -> BusinessDay:
        """A day as recorded."""
        return load_day(self.house.journal, DayId("main", "L1", date))

    def configure(self, **options: Any) -> None:
        """Set the options of the connection."""
        connection = load_connection(self.house.journal, CONNECTION)
        facts = decide_configure(connection, options, {})
        if facts:
            self.house.journal.append([Recording(CONNECTION.stream, connection.version, facts)], Intent("t").provenance)

    def approve(self, date: dt.date) -> None:
        """Complete and approve a day."""
        day = self.day(date)
        facts = (*decide_complete(day), *decide_approve(replace(day, settled="completed"), "d" * 64))
        stream = DayId("main", "L1", date).stream
        self.house.journal.append([Recording(stream, day.version, facts)], Intent("t").provenance)

    def where(self, key: str) -> list[dt.date]:
        """The days that hold a ticket."""
        dates = [MONDAY + dt.timedelta(days=step) for step in range(-3, 6)]
        return [date for date in dates if key in self.day(date).records.get("ticket", {})]


class Clock:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        """A week later."""
        return dt.datetime(2026, 11, 12, tzinfo=dt.UTC)


@pytest.fixture
def stage() -> Stage:
    """A connected location."""
    pos = Pos()
    house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), Clock(), {"scripted": pos})
    location = LocationAdded("L1", "Pier", "America/New_York", {"venue": "V1"})
    connect_system(ConnectSystem(CONNECTION, "scripted", "P", "https://x", "s", (location,), Intent("t")), house)
    return Stage(pos, house)


def deposit(created: dt.date, of: dt.date = MONDAY, amount: int = 24663) -> Deposit:
    """Money of a day, entered on another."""
    return Deposit("d1", amount, of, created_at=dt.datetime.combine(created, dt.time(20), tzinfo=dt.UTC))


def check(key: str, opened: dt.datetime, closed: dt.datetime, booked: dt.date) -> Ticket:
    """A check with local New York times, booked on a date."""
    shift = dt.timedelta(hours=5)
    return ticket(
        key,
        opened_at=(opened + shift).replace(tzinfo=dt.UTC),
        closed_at=(closed + shift).replace(tzinfo=dt.UTC),
        business_date=booked,
    )


def test_wednesdays_deposit_for_monday_is_found_on_thursday(stage: Stage) -> None:
    """With n = 3 Thursday's poll, of Wednesday, attaches it: Monday's over/short goes from unknown to 0.00."""
    stage.configure(number_of_lookback_days=3)
    cash = ticket("t1", payments=(paid("246.63"),), business_date=MONDAY)
    stage.pos.rows = [cash]
    for step in range(2):
        stage.poll(MONDAY + dt.timedelta(days=step))
    assert summarize(stage.day(MONDAY)).over_short_cents is None
    stage.pos.rows.append(deposit(WEDNESDAY))
    outcome = stage.poll(WEDNESDAY)
    assert outcome.compensated == {MONDAY: 1}
    assert summarize(stage.day(MONDAY)).over_short_cents == 0
    assert not stage.day(WEDNESDAY).records.get("deposit")
    assert (stage.pos.requests[-1].deposit_lookback_days, stage.pos.requests[-1].deposit_days) == (3, 3)
    assert stage.poll(WEDNESDAY).outcome == "unchanged"
    assert stage.poll(MONDAY).outcome == "unchanged"


@pytest.mark.parametrize(("days", "found"), [(0, False), (1, True), (2, True), (30, True)])
def test_how_far_deposits_are_looked_back_for(stage: Stage, days: int, found: bool) -> None:
    """By when they were made: with one day or more, what was entered on the polled day is found for Monday."""
    stage.configure(number_of_lookback_days=days)
    stage.poll(MONDAY)
    stage.pos.rows.append(deposit(WEDNESDAY))
    assert bool(stage.poll(WEDNESDAY).compensated) == found


def test_a_deposit_attaches_to_exactly_one_day(stage: Stage) -> None:
    """Where the source puts a deposit to another day, it leaves the first one by the same reading."""
    stage.configure(number_of_lookback_days=3)
    tuesday = MONDAY + dt.timedelta(days=1)
    stage.pos.rows = [deposit(MONDAY)]
    for date in (MONDAY, tuesday):
        stage.poll(date)
    stage.pos.rows = [deposit(MONDAY, of=tuesday)]
    outcome = stage.poll(WEDNESDAY)
    assert outcome.compensated == {MONDAY: 1, tuesday: 1}
    assert (stage.day(MONDAY).records["deposit"], len(stage.day(tuesday).records["deposit"])) == ({}, 1)


def test_a_deposit_never_attaches_to_an_approved_day(stage: Stage) -> None:
    """It is observed, with its amount, and changes nothing."""
    stage.configure(number_of_lookback_days=3)
    stage.poll(MONDAY)
    stage.approve(MONDAY)
    stage.pos.rows.append(deposit(WEDNESDAY))
    outcome = stage.poll(WEDNESDAY)
    assert (outcome.compensated, outcome.observed) == ({}, 1)
    day = stage.day(MONDAY)
    assert (day.records.get("deposit"), day.late_changes, day.state) == (None, 1, "approved")
    stream = stage.house.journal.stream(DayId("main", "L1", MONDAY).stream)
    (observed,) = [entry.fact for entry in stream if isinstance(entry.fact, LateChangeObserved)]
    assert b"24663" in bytes(observed.changes[0].after)


def test_deposits_that_are_switched_off_leave_the_day(stage: Stage) -> None:
    """Disabled: none is asked for, and what was polled before is taken back by a repoll: over/short is unknown."""
    stage.pos.rows = [deposit(MONDAY)]
    stage.poll(MONDAY)
    assert summarize(stage.day(MONDAY)).total_deposit_cents == 24663
    stage.configure(disable_deposits_import=True)
    assert stage.poll(MONDAY).removed == 1
    assert stage.pos.requests[-1].deposits is False
    assert summarize(stage.day(MONDAY)).over_short_cents is None


def _night(key: str, closed: dt.time) -> Ticket:
    """A check opened on Monday evening, closed after midnight, booked by the source on Tuesday."""
    tuesday = MONDAY + dt.timedelta(days=1)
    opened = dt.datetime.combine(MONDAY, dt.time(23, 40))
    return check(key, opened, dt.datetime.combine(tuesday, closed), tuesday)


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {"open_time": True}), ({"open_time": True}, {}), ({}, {"specify_business_day_start_time": "04:00"})],
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_switching_how_tickets_are_dated_neither_loses_nor_doubles(
    stage: Stage, before: dict[str, Any], after: dict[str, Any], order: tuple[int, int]
) -> None:
    """A check over midnight is on exactly one of two neighbouring days, whichever was polled before the switch."""
    tuesday = MONDAY + dt.timedelta(days=1)
    stage.pos.rows = [_night("night", dt.time(0, 20))]
    days = (MONDAY, tuesday)
    stage.configure(**before)
    stage.poll(days[order[0]])
    stage.configure(**after)
    stage.poll(days[order[1]])
    assert len(stage.where("night")) == 1
    stage.poll(days[order[0]])
    assert stage.where("night") == [MONDAY if after else tuesday]


def test_a_day_keeps_what_it_lent_from_the_neighbours_date(stage: Stage) -> None:
    """With another start of the day the neighbours' dates are read too; the POS's own date is kept on the ticket."""
    tuesday = MONDAY + dt.timedelta(days=1)
    stage.configure(specify_business_day_start_time="04:00")
    stage.pos.rows = [_night("before four", dt.time(3, 59, 59)), _night("at four", dt.time(4, 0))]
    stage.poll(MONDAY)
    assert stage.pos.requests[-1].dates == (MONDAY - dt.timedelta(days=1), MONDAY, tuesday)
    stage.poll(tuesday)
    assert (stage.where("before four"), stage.where("at four")) == ([MONDAY], [tuesday])
    kept = decode("ticket", stage.day(MONDAY).records["ticket"]["before four"])
    assert isinstance(kept, Ticket)
    assert kept.business_date == tuesday


def test_a_neighbour_that_was_read_anew_meanwhile_wins(stage: Stage) -> None:
    """A reading that would change another day which was polled while it read is read again."""
    stage.configure(number_of_lookback_days=3)
    stage.poll(MONDAY)
    stage.pos.rows = [deposit(WEDNESDAY)]

    def meanwhile() -> None:
        stage.pos.before_answer = lambda: None
        stage.pos.rows = [deposit(WEDNESDAY, amount=100)]
        stage.poll(MONDAY)

    stage.pos.before_answer = meanwhile
    outcome = stage.poll(WEDNESDAY)
    assert (outcome.outcome, outcome.compensated) == ("polled", {})
    assert summarize(stage.day(MONDAY)).total_deposit_cents == 100
    assert len(stage.pos.requests) == 4


def test_options_that_never_reached_over_cost_no_look_at_the_neighbours(stage: Stage) -> None:
    """Where no version of the configuration dated or split across days or looks back, only the day itself is loaded."""
    stage.configure(labor_lookback_days=0)
    asked: list[str] = []
    stream = stage.house.journal.stream

    def noting(name: str, **given: Any) -> Any:
        asked.append(name)
        return stream(name, **given)

    stage.house.journal.stream = noting  # type: ignore[assignment,method-assign]
    stage.poll(MONDAY)
    assert set(asked) == {CONNECTION.stream, DayId("main", "L1", MONDAY).stream}
