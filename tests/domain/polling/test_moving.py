"""Days that are dated anew: whatever is switched between two polls, a ticket or deposit is on exactly one day."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.business_date import Window
from domain.business_day import BusinessDay
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.connection import decide_configure
from domain.facts import DayApproved, DayCompensated, LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.polling import Frame, Options, frame_of, options_for, source_dates
from domain.polling.frame import redates
from domain.polling.source_day import SourceDay
from domain.polling.steps import date_rule
from domain.polling.times import corrected_by
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DayRequest, Fetched
from domain.ports.vault import Vault
from domain.records import Deposit, Punch, Ticket, decode
from domain.records.punch import pay_cents, worked_seconds
from domain.settling import decide_complete
from tests.domain.build import item, paid, ticket
from tests.domain.polling.strategies import booked
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.laws import examples
from tests.support.scripted import NotExamined

CONNECTION = ConnectionId("main", "pos")
ANNA = Intent("cli:anna", "because")
ZONE = "America/New_York"
FIRST = dt.date(2026, 10, 27)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(13)]
DAY = dt.timedelta(days=1)
CLOCK_STANDS_AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


@dataclass
class Venue(NotExamined):
    """A source that answers, for the dates it is asked for, what it has booked on them."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    deposits: list[Deposit] = field(default_factory=list)
    punches: list[Punch] = field(default_factory=list)
    key: str = "venue"
    title: str = "Venue"
    location_ids: tuple[str, ...] = ("venue",)
    default_options: Mapping[str, Any] = field(default_factory=dict)
    options: frozenset[str] = frozenset(Options.__struct_fields__)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pushes: bool = False

    def connect(self, environment: str, secret: str, vault: Vault, limits: object = None) -> "Venue":
        """Itself."""
        assert (environment, secret, bool(vault)) == ("https://pos.example.com", "s3cret", True)
        assert limits
        return self

    def fetch(self, request: DayRequest) -> Fetched:
        """Tickets of these dates, punches that overlap the day, and deposits made in the days that are asked for."""
        dates = request.dates or (request.window.date,)
        since = request.window.starts_at - request.deposit_lookback_days * DAY
        until = request.window.ends_at + request.deposit_days * DAY
        tickets = [one for _, one in sorted(self.tickets.items()) if one.business_date in dates]
        deposits = [one for one in self.deposits if one.created_at and since <= one.created_at < until]
        starts, ends = request.window.starts_at, request.window.ends_at
        punches = [one for one in self.punches if one.clock_in < ends and (one.clock_out or ends) > starts]
        data = msgspec.json.encode([[date.isoformat() for date in dates], tickets, deposits, punches])
        return Fetched(Capture(self.key, 1, {}, (Page("all", 1, data),)), 1, len(data), {})

    def read(self, capture: Capture, window: Window) -> SourceDay:
        """What a capture says."""
        assert window.date in DAYS
        dates, tickets, deposits, punches = msgspec.json.decode(
            capture.pages[0].data, type=tuple[list[dt.date], list[Ticket], list[Deposit], list[Punch]]
        )
        return SourceDay({"ticket": tickets, "deposit": deposits, "punch": punches}, (), frozenset(dates))

    def close(self) -> None:
        """Nothing."""


class StoppedClock:
    """A clock that stands long after all days."""

    def now(self) -> dt.datetime:
        """The time at which it stands."""
        return CLOCK_STANDS_AT


class Books:
    """A house with one location, and what its days hold."""

    def __init__(self, *tickets: Ticket, deposits: tuple[Deposit, ...] = (), **options: Any) -> None:
        self.venue = Venue({one.id: one for one in tickets}, list(deposits))
        self.house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), {"venue": self.venue})
        location = LocationAdded("L1", "Pier", ZONE, {"venue": "V1"})
        connect_system(
            ConnectSystem(
                CONNECTION, "venue", "Pier", "https://pos.example.com", "s3cret", (location,), ANNA, options=options
            ),
            self.house,
        )

    def configure(self, **options: Any) -> None:
        """Switch to other options; no recorded day changes by that."""
        connection = load_connection(self.house.journal, CONNECTION)
        facts = decide_configure(connection, options, {})
        if facts:
            self.house.journal.append(
                [Recording(CONNECTION.stream, connection.version, facts)], Intent("cli:anna").provenance
            )

    def poll(self, date: dt.date) -> Outcome:
        """Poll or repoll one day."""
        return poll_day(PollDay(DayId("main", "L1", date), CONNECTION, Intent("cli:anna")), self.house)

    def poll_all(self) -> None:
        """Poll every day, oldest first."""
        for date in DAYS:
            self.poll(date)

    def day(self, date: dt.date) -> BusinessDay:
        """A day as recorded."""
        return load_day(self.house.journal, DayId("main", "L1", date))

    def where(self, kind: str = "ticket") -> dict[str, list[dt.date]]:
        """The days of each record."""
        found: dict[str, list[dt.date]] = {}
        for date in DAYS:
            for key in self.day(date).records.get(kind, {}):
                found.setdefault(key, []).append(date)
        return found


def expected_date(one: Ticket, chosen: dict[str, Any]) -> dt.date:
    """The business day of a ticket under options."""
    options = options_for(chosen)
    frame: Frame = frame_of(FIRST, ZONE, dt.time(0), options)
    return date_rule(options, frame)(corrected_by(frame.offset)(one))


def utc(text: str) -> dt.datetime:
    """An instant in October and November 2026: ``"10-31 03:40"``."""
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=dt.UTC)


def sold(key: str, opened: str, closed: str | None, date: dt.date) -> Ticket:
    """A ticket of 10.00 that the source booked on a date."""
    return ticket(
        key,
        opened_at=utc(opened),
        closed_at=None if closed is None else utc(closed),
        business_date=date,
        items=(item("10.00"),),
        payments=(paid("10.00"),),
    )


OCTOBER_30, OCTOBER_31 = dt.date(2026, 10, 30), dt.date(2026, 10, 31)
LATE = sold("t1", "10-31 03:40", "10-31 04:20", OCTOBER_31)  # 23:40 on the 30th to 00:20 on the 31st


@pytest.mark.parametrize("second", [OCTOBER_30, OCTOBER_31])
def test_switching_open_time_between_two_polls(second: dt.date) -> None:
    """Opened 23:40 on the 30th, closed 00:20: whichever day is repolled after the switch, it counts once."""
    books = Books(LATE)
    books.poll(OCTOBER_30)
    books.poll(OCTOBER_31)
    assert books.where() == {"t1": [OCTOBER_31]}
    books.configure(open_time=True)
    assert books.where() == {"t1": [OCTOBER_31]}
    outcome = books.poll(second)
    assert books.where() == {"t1": [OCTOBER_30]}
    assert len(outcome.compensated) == 1
    books.configure()
    books.poll(OCTOBER_31)
    assert books.where() == {"t1": [OCTOBER_31]}


def test_what_another_days_reading_moved_says_so() -> None:
    """The day that lost a ticket by its neighbour's poll has a compensation that names the day that was read."""
    books = Books(LATE)
    books.poll(OCTOBER_30)
    books.poll(OCTOBER_31)
    books.configure(open_time=True)
    books.poll(OCTOBER_30)
    facts = [entry.fact for entry in books.house.journal.stream(DayId("main", "L1", OCTOBER_31).stream)]
    (made,) = [fact for fact in facts if isinstance(fact, DayCompensated)]
    assert (made.origin, made.read_date, made.removed) == ("dated", OCTOBER_30, 1)


def test_after_a_switch_one_reading_puts_a_ticket_right() -> None:
    """Switched back to closings, the 30th's repoll says where its ticket is now, and the 31st gets it at once."""
    books = Books(LATE, open_time=True)
    books.poll_all()
    assert books.where() == {"t1": [OCTOBER_30]}
    books.configure(specify_business_day_start_time="00:00")
    books.poll(OCTOBER_30)
    assert books.where() == {"t1": [OCTOBER_31]}


def test_a_reading_that_leaves_a_ticket_to_its_neighbour_keeps_it() -> None:
    """A check that the source books and closes a day later now stays where it stands until that day is read."""
    books = Books(sold("t1", "10-30 20:00", "10-30 21:00", OCTOBER_30), specify_business_day_start_time="00:00")
    books.poll_all()
    assert books.where() == {"t1": [OCTOBER_30]}
    books.venue.tickets["t1"] = sold("t1", "10-30 20:00", "10-31 10:00", OCTOBER_31)
    books.poll(OCTOBER_30)
    assert books.where() == {"t1": [OCTOBER_30]}
    books.poll(OCTOBER_31)
    assert books.where() == {"t1": [OCTOBER_31]}


def test_a_tab_that_was_open_for_days_counts_once() -> None:
    """Opened on the 29th, closed on the 4th: by opening and back, it moves over six days, and never stands on two."""
    tab = sold("tab", "10-29 22:00", "11-04 22:00", dt.date(2026, 11, 4))
    books = Books(tab, open_time=True)
    books.poll_all()
    assert books.where() == {"tab": [dt.date(2026, 10, 29)]}
    books.configure()
    books.poll(dt.date(2026, 11, 4))
    assert books.where() == {"tab": [dt.date(2026, 11, 4)]}
    books.configure(open_time=True)
    books.poll(dt.date(2026, 11, 4))
    assert books.where() == {"tab": [dt.date(2026, 10, 29)]}


def test_a_clock_that_was_far_off_either_way() -> None:
    """Three days early by one offset, a day late by the next: one repoll takes it from the one to the other."""
    early = sold("t1", "10-31 05:00", "10-31 05:00", OCTOBER_31)  # 01:00 on the 31st
    books = Books(early, offset_time_zone="-26", specify_business_day_start_time="23:30")
    books.poll_all()
    assert books.where() == {"t1": [dt.date(2026, 10, 28)]}
    books.configure(offset_time_zone="26")
    books.poll(dt.date(2026, 11, 1))
    assert books.where() == {"t1": [dt.date(2026, 11, 1)]}


def test_a_ticket_that_vanished_vanishes() -> None:
    """A check that the source has no longer leaves the day where it was dated, with that day's repoll."""
    books = Books(LATE, open_time=True)
    books.poll_all()
    del books.venue.tickets["t1"]
    books.poll(OCTOBER_30)
    assert books.where() == {}


def test_an_approved_day_keeps_what_it_has() -> None:
    """The other day gets its ticket; what the approved one would have lost is observed there, and changes nothing."""
    books = Books(LATE)
    books.poll_all()
    approved = DayId("main", "L1", OCTOBER_31)
    day = books.day(OCTOBER_31)
    settled = (*decide_complete(day), DayApproved(day.generation, "0" * 64))
    books.house.journal.append([Recording(approved.stream, day.version, settled)], Intent("cli:anna").provenance)
    books.configure(open_time=True)
    outcome = books.poll(OCTOBER_30)
    assert (outcome.added, outcome.compensated, outcome.observed) == (1, {}, 1)
    assert books.where() == {"t1": [OCTOBER_30, OCTOBER_31]}


TICKETS = st.builds(
    lambda opened, lasts, own: booked(
        ticket(
            opened_at=utc("10-31 12:00") + dt.timedelta(minutes=opened),
            closed_at=None if lasts is None else utc("10-31 12:00") + dt.timedelta(minutes=opened + lasts),
        ),
        ZONE,
        own,
    ),
    st.integers(-24 * 60, 72 * 60),
    st.one_of(st.none(), st.integers(0, 300), st.integers(0, 70 * 60)),
    st.sampled_from([dt.time(0), dt.time(4), dt.time(6)]),
)
CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "open_time": st.booleans(),
        "specify_business_day_start_time": st.sampled_from(["", "00:00", "04:00", "13:30", "23:30"]),
        "observes_daylight_savings_time": st.booleans(),
        "offset_time_zone": st.sampled_from(["0", "0.5", "-1", "5.5", "-9", "13", "26", "-26"]),
        "use_item_level_taxes": st.booleans(),
    },
)
STEPS = st.lists(st.one_of(CHOSEN, st.sampled_from(DAYS)), max_size=8)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TICKETS, min_size=1, max_size=4), CHOSEN, STEPS)
def test_a_ticket_is_on_exactly_one_day_always(
    found: list[Ticket], chosen: dict[str, Any], steps: list[dict[str, Any] | dt.date]
) -> None:
    """Whatever is switched and whatever day is repolled in between, no ticket is lost and none is recorded twice."""
    tickets = [msgspec.structs.replace(one, id=f"t{place}") for place, one in enumerate(found)]
    books = Books(*tickets, **chosen)
    books.poll_all()
    once = Counter(one.id for one in tickets)
    for step in steps:
        if isinstance(step, dt.date):
            books.poll(step)
        else:
            chosen = step
            books.configure(**chosen)
        assert {key: len(dates) for key, dates in books.where().items()} == once
    books.poll_all()
    assert books.where() == {one.id: [expected_date(one, chosen)] for one in tickets}
    kept = decode("ticket", books.day(expected_date(tickets[0], chosen)).records["ticket"]["t0"])
    assert isinstance(kept, Ticket)
    assert kept.business_date == tickets[0].business_date


NIGHT = Punch(
    "s1", "e1", "j1", utc("11-01 03:00"), OCTOBER_31, utc("11-01 11:00"), rate=Decimal("12.00")
)  # Saturday 23:00 to Sunday 06:00, over the night when the clocks go back


def worked(books: Books) -> dict[str, list[tuple[int, str, int]]]:
    """Of each punch the days, keys and seconds of what is recorded of it."""
    found: dict[str, list[tuple[int, str, int]]] = {}
    for date in DAYS:
        for key, data in sorted(books.day(date).records.get("punch", {}).items()):
            punch = decode("punch", data)
            assert isinstance(punch, Punch)
            found.setdefault(punch.id, []).append((date.day, key, worked_seconds(punch)))
    return found


def test_a_part_stays_until_the_day_of_its_shift_is_read() -> None:
    """Switched off, Sunday's repoll sees the shift that is Saturday's: its part stays until Saturday has it all."""
    chosen: dict[str, Any] = {"specify_business_day_start_time": "04:00"}
    books = Books(**chosen, vsd_for_actual=True)
    books.venue.punches = [NIGHT]
    books.poll_all()
    split = {"s1": [(31, "s1#1", 6 * 3600), (1, "s1#2", 2 * 3600)]}
    assert worked(books) == split
    books.configure(**chosen)
    books.poll(dt.date(2026, 11, 1))
    assert worked(books) == split
    books.poll(OCTOBER_31)
    assert worked(books) == {"s1": [(31, "s1", 8 * 3600)]}


def test_a_punch_outside_the_hours_that_were_read_stays() -> None:
    """Clocked in at 02:00, it is the day before's with a start of 04:00; with midnight that day no longer sees it."""
    small_hours = msgspec.structs.replace(NIGHT, clock_in=utc("11-03 07:00"), clock_out=utc("11-03 08:00"))
    books = Books(specify_business_day_start_time="04:00")
    books.venue.punches = [small_hours]
    books.poll_all()
    assert worked(books) == {"s1": [(2, "s1", 3600)]}
    books.configure(specify_business_day_start_time="00:00")
    books.poll(dt.date(2026, 11, 2))
    assert worked(books) == {"s1": [(2, "s1", 3600)]}
    books.poll(dt.date(2026, 11, 3))
    assert worked(books) == {"s1": [(3, "s1", 3600)]}
    books.configure(specify_business_day_start_time="04:00")
    books.poll(dt.date(2026, 11, 3))
    assert worked(books) == {"s1": [(3, "s1", 3600)]}
    books.poll(dt.date(2026, 11, 2))
    assert worked(books) == {"s1": [(2, "s1", 3600)]}


def test_three_parts_become_one_shift_of_the_day_before() -> None:
    """30 hours over three days, then a day that starts later than the shift began: the day before has it whole."""
    chosen: dict[str, Any] = {"specify_business_day_start_time": "04:00", "allow_24_hour_punches": True}
    books = Books(**chosen, vsd_for_actual=True)
    books.venue.punches = [msgspec.structs.replace(NIGHT, clock_out=NIGHT.clock_in + dt.timedelta(hours=31))]
    books.poll_all()
    assert worked(books) == {"s1": [(31, "s1#1", 6 * 3600), (1, "s1#2", 24 * 3600), (2, "s1#3", 3600)]}
    books.configure(**{**chosen, "specify_business_day_start_time": "23:30"})
    books.poll(OCTOBER_30)
    assert worked(books) == {"s1": [(30, "s1", 31 * 3600)]}


def test_a_punch_that_vanished_vanishes() -> None:
    """A punch that the source has no longer leaves its day with that day's repoll, and a part leaves with its own."""
    books = Books(specify_business_day_start_time="04:00", vsd_for_actual=True)
    books.venue.punches = [NIGHT]
    books.poll_all()
    books.venue.punches = []
    books.poll(OCTOBER_31)
    books.poll(dt.date(2026, 11, 1))
    assert worked(books) == {}


SHIFTS = st.builds(
    lambda begins, lasts: msgspec.structs.replace(
        NIGHT,
        clock_in=NIGHT.clock_in + dt.timedelta(minutes=begins),
        clock_out=NIGHT.clock_in + dt.timedelta(minutes=begins + lasts),
    ),
    st.integers(-24 * 60, 48 * 60),
    st.one_of(st.integers(1, 23 * 60), st.integers(24 * 60, 40 * 60)),
)
SPLIT = st.fixed_dictionaries(
    {"allow_24_hour_punches": st.just(value=True)},
    optional={
        "vsd_for_actual": st.booleans(),
        "specify_business_day_start_time": st.sampled_from(["", "00:00", "04:00", "13:30", "23:30"]),
    },
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SHIFTS, min_size=1, max_size=3), SPLIT, st.lists(st.one_of(SPLIT, st.sampled_from(DAYS)), max_size=8))
def test_every_hour_is_on_exactly_one_day_always(
    found: list[Punch], chosen: dict[str, Any], steps: list[dict[str, Any] | dt.date]
) -> None:
    """Whatever is switched and repolled in between, the parts of a shift on all days are the shift, to the second."""
    shifts = [msgspec.structs.replace(one, id=f"s{place}") for place, one in enumerate(found)]
    books = Books(**chosen)
    books.venue.punches = shifts
    books.poll_all()
    for step in [*steps, *DAYS]:
        if isinstance(step, dt.date):
            books.poll(step)
        else:
            books.configure(**step)
        assert {key: sum(seconds for *_, seconds in parts) for key, parts in worked(books).items()} == {
            one.id: worked_seconds(one) for one in shifts
        }
    paid_for = sum(
        pay_cents(punch)
        for date in DAYS
        for data in books.day(date).records.get("punch", {}).values()
        if isinstance(punch := decode("punch", data), Punch)
    )
    assert paid_for == sum(map(pay_cents, shifts))


MONDAY = dt.date(2026, 11, 2)


def deposit(made: str | None, date: dt.date = MONDAY, key: str = "d1") -> Deposit:
    """A deposit of 246.63."""
    return Deposit(key, 24_663, date, created_at=None if made is None else utc(made))


def test_a_deposit_is_found_by_looking_back() -> None:
    """Entered on Wednesday for Monday, n = 3: Thursday's poll attaches it to Monday, exactly once."""
    books = Books(deposits=(deposit("11-04 18:00"),), number_of_lookback_days=3)
    books.venue.deposits, late = [], books.venue.deposits
    for step in range(3):
        books.poll(MONDAY + step * DAY)
    assert books.where("deposit") == {}
    books.venue.deposits = late
    outcome = books.poll(MONDAY + 3 * DAY)
    assert (books.where("deposit"), outcome.compensated) == ({"d1": [MONDAY]}, {MONDAY: 1})
    books.poll(MONDAY + 3 * DAY)
    books.poll(MONDAY)
    assert books.where("deposit") == {"d1": [MONDAY]}


@pytest.mark.parametrize(
    ("made", "polled", "back", "attached"),
    [
        ("11-04 18:00", 3, 3, True),
        ("11-04 18:00", 3, 1, True),  # made within one day before Thursday
        ("11-04 18:00", 3, 0, False),
        ("11-03 18:00", 3, 1, False),
        ("11-03 18:00", 3, 2, True),
        ("11-05 18:00", 3, 1, True),
        ("11-06 18:00", 4, 3, False),  # so late that Monday's own poll would not find it
        ("11-06 18:00", 4, 4, True),
        ("11-02 18:00", 0, 0, True),
        ("11-05 18:00", 0, 0, True),
        ("11-01 18:00", 0, 1, True),
        (None, 2, 3, False),
    ],
)
def test_which_deposits_are_found(made: str | None, polled: int, back: int, attached: bool) -> None:
    """A deposit is found by its own day's poll, or by one that looks back to the day on which it was made."""
    books = Books(number_of_lookback_days=back)
    books.poll(MONDAY)
    books.venue.deposits = [deposit(made)]
    books.poll(MONDAY + polled * DAY)
    assert books.where("deposit") == ({"d1": [MONDAY]} if attached else {})
    if attached:
        books.poll(MONDAY)
        assert books.where("deposit") == {"d1": [MONDAY]}


def test_a_deposit_that_is_moved_is_on_its_new_day_only() -> None:
    """A deposit whose day is corrected at the source leaves the old day with the poll that finds it."""
    books = Books(deposits=(deposit("11-03 18:00"),), number_of_lookback_days=3)
    books.poll_all()
    books.venue.deposits = [deposit("11-03 18:00", MONDAY + DAY)]
    books.poll(MONDAY + DAY)
    assert books.where("deposit") == {"d1": [MONDAY + DAY]}


def test_deposits_of_days_to_come_are_left_to_them() -> None:
    """A deposit that was made ahead is of its own day, and not of the one on which it was made."""
    books = Books(deposits=(deposit("11-01 18:00"),), number_of_lookback_days=3)
    books.poll(dt.date(2026, 11, 1))
    assert books.where("deposit") == {}


def test_disabled_deposits_are_unknown() -> None:
    """Switched off, none is read and what was read before no longer counts."""
    books = Books(deposits=(deposit("11-02 18:00"),), number_of_lookback_days=1)
    books.poll(MONDAY)
    assert books.where("deposit") == {"d1": [MONDAY]}
    books.configure(disable_deposits_import=True)
    books.poll(MONDAY)
    assert books.where("deposit") == {}


@pytest.mark.parametrize(
    ("chosen", "dates"),
    [
        ({}, []),
        ({"number_of_lookback_days": 3, "vsd_for_actual": True}, []),
        ({"open_time": True}, [-1, 0, 1]),
        ({"specify_business_day_start_time": "04:00"}, [-1, 0, 1]),
        ({"observes_daylight_savings_time": False}, [-1, 0, 1]),
        ({"offset_time_zone": "-3", "specify_business_day_start_time": "04:00"}, [-1, 0, 1]),
        ({"offset_time_zone": "26"}, [-2, -1, 0, 1]),
        ({"offset_time_zone": "-26", "specify_business_day_start_time": "23:30"}, [-1, 0, 1, 2, 3]),
    ],
)
def test_which_dates_of_the_source_are_read(chosen: dict[str, Any], dates: list[int]) -> None:
    """Its own date alone unless tickets are dated anew; then the neighbours, and further where the clock is far off."""
    options = options_for(chosen)
    found = source_dates(frame_of(MONDAY, ZONE, dt.time(0), options), options)
    assert [(date - MONDAY).days for date in found] == dates
    assert redates(options) == bool(dates)
