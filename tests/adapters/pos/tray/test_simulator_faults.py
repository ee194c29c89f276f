"""The split endpoints of the simulated POS, which shares no code with the adapter: every fault of its catalogue."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.patience import Timing
from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running
from adapters.pos.tray.simulator.faults import CATALOGUE
from domain.business_date import window
from domain.ports.source import DayRequest, Limits, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE, limits_here
from tests.support.skipping import SkippingClock

DATE = dt.date(2026, 11, 1)
VENUE = "V100"
DAY = DayRequest("acme", "conn-1", "loc-1", window(DATE, "America/New_York"), {"venue": VENUE})
LIMITS = limits_here(answer_bytes=8 * 2**20, longest_pause=0.02)
# Short deadlines only where a fault is about time: on a busy machine an honest answer may take as long.
SHORT = dataclasses.replace(LIMITS, read_timeout=1.0, request_timeout=2.0, attempts=3)
# Where no answer can come, nobody need wait for it for long.
NONE = dataclasses.replace(LIMITS, read_timeout=0.4, request_timeout=0.6, attempts=2)
SLOW = {"silence", "stall", "slow_drip"}
CLOCK = SkippingClock()
TIMING = Timing(CLOCK.sleep, CLOCK.monotonic, CLOCK.now)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A venue with two pages of checks, on a port of this machine."""
    settings = TrayPosSettings(
        seed=1,
        staff=12,
        tickets=510,
        items=2,
        first=DATE - dt.timedelta(days=1),
        last=DATE + dt.timedelta(days=1),
        now=lambda: dt.datetime(2026, 11, 10, tzinfo=dt.UTC),
        seconds=CLOCK.seconds,
    )
    with running(TrayPos(settings)) as served:
        yield served


@pytest.fixture
def pos(served: Running) -> Iterator[TrayPos]:
    """The POS as drawn, without faults."""
    yield served.pos
    served.pos.disarm()
    served.pos.reset()


def fetch(served: Running, limits: Limits = LIMITS) -> Any:
    """Read the day, with little patience."""
    source = SYSTEM.connect(served.url, "tray-key-one", MemoryVault(), limits, timing=TIMING)
    try:
        return source.fetch(DAY)
    finally:
        source.close()


ALWAYS: dict[str, Any] = {"times": None}
SMALL: dict[str, Any] = {"parameters": {"bytes": 9 * 2**20}}

# fault, how it is armed (once, at the checks, unless told), what comes of it (None: the whole day)
TABLE: list[tuple[str, dict[str, Any], str | None]] = [
    ("status_400", {}, "bad-request"),
    ("status_401", {}, "not-authorized"),
    ("status_403", {}, "forbidden"),
    ("status_404", {}, "unknown-venue"),
    ("status_409", {}, "day-not-closed"),
    ("status_408", {}, None),
    ("status_500", {}, None),
    ("status_500", ALWAYS, "unavailable"),
    ("status_502", {"times": 4}, None),
    ("status_503", {"times": 5}, "unavailable"),
    ("status_503", {"parameters": {"retryAfter": 1}}, None),
    ("status_504", {}, None),
    ("status_429_seconds", {}, None),
    ("status_429_date", {}, None),
    ("status_429_missing", {}, None),
    ("error_body_200", {}, "unexpected-answer"),
    ("html_login_page", {}, "unexpected-answer"),
    ("redirect", {}, "redirected"),
    ("truncated_json", {}, "malformed"),
    ("bad_utf8", {}, "malformed"),
    ("byte_order_mark", {}, "malformed"),
    ("huge_page", SMALL, "too-large"),
    ("gzip_bomb", {"parameters": {"bytes": 64 * 2**20}}, "too-large"),
    ("double_gzip", {}, "unexpected-answer"),
    ("duplicate_page", {"after": 1}, "duplicate-rows"),
    ("missing_page", {}, "changed-while-reading"),
    ("out_of_order", {}, None),
    ("repeated_cursor", ALWAYS, "repeated-cursor"),
    ("endless_cursors", ALWAYS, "duplicate-rows"),
    ("empty_page_with_next", {}, None),
    ("duplicate_row", {}, "duplicate-rows"),
    ("duplicate_keys", {}, "malformed"),
    ("not_a_number", {}, "malformed"),
    ("infinity", {}, "malformed"),
    ("enormous_integer", {}, "malformed"),
    ("float_money", {}, "malformed"),
    ("missing_field", {}, "malformed"),
    ("unknown_field", ALWAYS, None),
    ("null_field", {}, "malformed"),
    ("wrong_type", {}, "malformed"),
    ("nul_in_text", {}, "malformed"),
    ("deep_nesting", {}, "malformed"),
    ("wrong_zone", {"times": None}, None),
    ("nested_list_cut", {}, None),
    ("nested_list_cut", {"parameters": {"at": 1}}, "changed-while-reading"),
    ("date_filter_ignored", ALWAYS, "out-of-window"),
    ("rows_outside_window", {}, "out-of-window"),
    ("wrong_venue_rows", {}, "changed-while-reading"),
    ("clock_skew", {}, None),
    ("clock_skew", {"parameters": {"seconds": -600}}, None),
    ("future_punch", {"resource": "time-entries"}, "out-of-window"),
    ("silence", ALWAYS, "timeout"),
    ("silence", {}, None),
    ("stall", ALWAYS, "timeout"),
    ("stall", {}, None),
    ("slow_drip", ALWAYS, "timeout"),
    ("slow_drip", {}, None),
    ("reset", ALWAYS, "connection-failed"),
    ("reset", {}, None),
    ("short_content_length", {}, "malformed"),
    ("short_body", ALWAYS, "connection-failed"),
    ("short_body", {}, None),
    ("unterminated_chunked", ALWAYS, "connection-failed"),
    ("unterminated_chunked", {}, None),
    # What happens before the first answer is part of the day; afterwards the day has changed.
    ("void_after_close", {}, None),
    ("void_after_close", {"resource": "voids"}, "changed-while-reading"),
    ("late_tip", {}, None),
    ("late_tip", {"resource": "payments"}, "changed-while-reading"),
    ("split_check", {}, None),
    ("split_check", {"after": 1}, "duplicate-rows"),
    ("transferred_item", {}, None),
    ("transferred_item", {"after": 2}, "changed-while-reading"),
    ("inactive_punch", {"resource": "time-entries"}, None),
    ("auto_clock_out", {"resource": "time-entries"}, None),
    ("auto_clock_out", {"resource": "time-entries", "after": 1}, "changed-while-reading"),
    ("sales_change_under_labor", {"resource": "time-entries"}, "changed-while-reading"),
    ("row_inserted_between_pages", {}, "duplicate-rows"),
    ("row_deleted_between_pages", {}, "changed-while-reading"),
    ("row_edited_between_pages", {}, "changed-while-reading"),
]


@pytest.mark.parametrize(("name", "arming", "expected"), TABLE, ids=[f"{n}-{a}-{e or 'whole'}" for n, a, e in TABLE])
def test_a_fault_of_the_simulator_ends_in_its_failure_or_in_the_whole_day(
    served: Running, pos: TrayPos, name: str, arming: dict[str, Any], expected: str | None
) -> None:
    """Each fault is recognized for what it is, or overcome; never is part of a day taken for the whole."""
    pos.arm(name, **{"resource": "checks", **arming})
    limits = (NONE if expected == "timeout" else SHORT) if name in SLOW else LIMITS
    if name == "status_429_missing":
        limits = dataclasses.replace(LIMITS, longest_pause=2.5)
    if expected is None:
        fetched = fetch(served, limits)
        day = SYSTEM.read(fetched.capture, DAY.window)
        assert sum(1 for _ in day.records["ticket"]) == fetched.rows["checks"] == len(pos.day(VENUE, DATE).tickets)
        return
    with pytest.raises(SourceFailure) as failed:
        fetch(served, limits)
    assert failed.value.failure == expected, failed.value.message


def test_the_table_has_every_fault_of_the_catalogue() -> None:
    """A fault that somebody adds to the simulator must get its row here, unless it is one of archives."""
    assert {name for name, _, _ in TABLE} == {name for name, fault in CATALOGUE.items() if fault.parcel is None}


def test_an_undisturbed_day_is_read_as_the_simulator_reckons_it(served: Running, pos: TrayPos) -> None:
    """Counts and totals are the POS's own truth."""
    fetched = fetch(served)
    day = SYSTEM.read(fetched.capture, DAY.window)
    truth = pos.truth(VENUE, DATE)
    tickets = list(day.records["ticket"])
    live = [item for ticket in tickets for item in ticket.items if item.void is None]
    assert len(tickets) == truth["ticketCount"]
    assert sum(ticket.guests for ticket in tickets) == truth["guestCount"]
    assert f"{sum(item.amount_cents for item in live) / 100:.2f}" == truth["grossSales"]
    assert f"{sum(d.amount_cents for t in tickets for d in t.discounts) / 100:.2f}" == truth["discounts"]["total"]
    assert f"{sum(p.tip_cents for t in tickets for p in t.payments) / 100:.2f}" == truth["tips"]
    assert (
        f"{sum(p.amount_cents + p.tip_cents for t in tickets for p in t.payments) / 100:.2f}" == truth["paymentsTotal"]
    )
    assert f"{sum(ticket.stated_tax_cents for ticket in tickets) / 100:.2f}" == truth["checkTaxTotal"]
    began = [punch for punch in day.records["punch"] if punch.clock_in in DAY.window]
    assert len(began) == truth["labor"]["punches"]
    assert str(sum(punch.stated_hours or 0 for punch in began)) == truth["labor"]["hours"]
    assert day.notes == ()


def test_the_same_day_read_twice_is_the_same_capture(served: Running, pos: TrayPos) -> None:
    """An unchanged day has the same digest, so that a repoll finds nothing."""
    vault = MemoryVault()
    source = SYSTEM.connect(served.url, "tray-key-one", vault, HERE)
    first, second = source.fetch(DAY), source.fetch(DAY)
    source.close()
    assert first.capture == second.capture
    assert first.capture.digest == second.capture.digest
