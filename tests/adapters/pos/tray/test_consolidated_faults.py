"""The consolidated API against the simulated POS, which shares no code with it: every fault of its catalogue."""

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
from domain.ports.source import RETRYABLE, DayRequest, Fetched, Limits, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import limits_here
from tests.support.skipping import SkippingClock

DATE = dt.date(2026, 11, 1)
VENUE = "V100"
KEY = "tray-key-one"
DAY = DayRequest("acme", "conn-1", "loc-1", window(DATE, "America/New_York"), {"venue": VENUE}, consolidated=True)
LIMITS = limits_here(answer_bytes=8 * 2**20, longest_pause=0.02)
SHORT = dataclasses.replace(LIMITS, read_timeout=1.0, request_timeout=2.0, attempts=3)
# Where no answer can come, nobody need wait for it for long.
NONE = dataclasses.replace(LIMITS, read_timeout=0.4, request_timeout=0.6, attempts=2)
SLOW = {"silence", "stall", "slow_drip"}
CLOCK = SkippingClock()
TIMING = Timing(CLOCK.sleep, CLOCK.monotonic, CLOCK.now)
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A venue with a hundred and twenty checks of few items, on a port of this machine."""
    settings = TrayPosSettings(
        seed=1,
        staff=12,
        tickets=120,
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


def fetch(served: Running, limits: Limits = LIMITS) -> Fetched:
    """Read the day from archives, with little patience."""
    source = SYSTEM.connect(served.url, KEY, MemoryVault(), limits, timing=TIMING)
    try:
        return source.fetch(DAY)
    finally:
        source.close()


ALWAYS: dict[str, Any] = {"times": None}
AGAIN: dict[str, Any] = {"after": 1}
LABOR: dict[str, Any] = {"resource": "consolidated/labor"}

# fault, how it is armed (once; at the sales archive, or at the checks in it, unless told), what comes of it (None: the
# whole day)
TABLE: list[tuple[str, dict[str, Any], str | None]] = [
    # Seals: nothing is unzipped of what does not open.
    ("archive_wrong_key", {}, "malformed"),
    ("archive_wrong_key", LABOR, "malformed"),
    ("archive_wrong_tag", {}, "malformed"),
    ("archive_wrong_tag", AGAIN, "malformed"),
    ("archive_changed", {}, "malformed"),
    ("archive_truncated", {}, "malformed"),
    ("archive_truncated", {"parameters": {"bytes": 0}}, "malformed"),
    ("archive_truncated", {"parameters": {"bytes": 8}}, "malformed"),
    ("archive_truncated", {"parameters": {"bytes": 52}}, "malformed"),
    ("archive_moved", {}, "malformed"),
    ("archive_moved", {"parameters": {"asked": {"createdTo": "2026-11-09T04:00:00Z"}}}, "malformed"),
    ("archive_moved", {**LABOR, "parameters": {"asked": {"includeInactive": "true"}}}, "malformed"),
    ("archive_of_another_venue", {}, "malformed"),
    ("archive_kept", AGAIN, "unexpected-answer"),
    ("archive_unknown_version", {}, "malformed"),
    ("archive_in_clear", {}, "malformed"),
    # Zips.
    ("zip_bomb", {}, "too-large"),
    ("zip_bomb", {"parameters": {"bytes": 32 * MEGABYTE}}, "too-large"),
    ("zip_bomb", {"parameters": {"entry": "manifest.json", "bytes": MEGABYTE}}, "too-large"),
    ("zip_lying_size", {}, "malformed"),
    ("zip_lying_size", {"parameters": {"entry": "manifest.json", "bytes": MEGABYTE}}, "malformed"),
    ("zip_short_entry", {}, "malformed"),
    ("zip_bad_checksum", {}, "malformed"),
    ("zip_bad_checksum", {**LABOR, "parameters": {"entry": "staff.json"}}, "malformed"),
    ("zip_bad_checksum", {"parameters": {"entry": "manifest.json"}}, "malformed"),
    ("zip_slip", {}, "malformed"),
    ("zip_slip", {"parameters": {"name": "/etc/checks.json"}}, "malformed"),
    ("zip_slip", {"parameters": {"name": "checks.json/"}}, "malformed"),
    ("zip_slip", {"parameters": {"name": "checks.json\0.txt"}}, "malformed"),
    ("zip_slip", {"parameters": {"name": "CHECKS.JSON"}}, "malformed"),
    ("zip_slip", {"parameters": {"name": "./checks.json"}}, "malformed"),
    ("zip_two_names", {}, "malformed"),
    ("zip_missing_entry", {}, "malformed"),
    ("zip_missing_entry", {"parameters": {"entry": "manifest.json"}}, "malformed"),
    ("zip_missing_entry", {**LABOR, "parameters": {"entry": "jobs.json"}}, "malformed"),
    ("zip_extra_entry", {}, "malformed"),
    ("zip_extra_entry", {"parameters": {"name": "staff.json"}}, "malformed"),
    ("zip_many_entries", {}, "too-large"),
    ("zip_many_entries", {"parameters": {"count": 60_000}}, "too-large"),
    ("zip_many_entries", {"parameters": {"count": 50}}, "malformed"),
    ("zip_duplicate_entry", {}, "malformed"),
    ("zip_overlapping", {}, "malformed"),
    ("zip_encrypted_entry", {}, "malformed"),
    ("zip_unknown_method", {}, "malformed"),
    ("zip_nested", {}, "malformed"),
    ("zip_before", {}, "malformed"),
    ("zip_after", {}, "malformed"),
    ("zip_none", {}, "malformed"),
    # What is in them.
    ("manifest_miscounts", {}, "malformed"),
    ("manifest_of_another", {}, "out-of-window"),
    ("manifest_of_another", {"parameters": {"fields": {"venueId": "V101"}}}, "wrong-venue"),
    ("manifest_of_another", {"parameters": {"fields": {"part": "labor"}}}, "malformed"),
    ("manifest_of_another", {"parameters": {"fields": {"version": 2}}}, "malformed"),
    ("manifest_of_another", {"parameters": {"fields": {"rows": {"checks": 120}}}}, "malformed"),
    ("manifest_of_another", {"parameters": {"fields": {"rows": {"checks": -1}}}}, "malformed"),
    ("manifest_of_another", {"parameters": {"fields": {"unknown": [1]}}}, None),
    ("entry_replaced", {}, "malformed"),
    ("entry_replaced", {"parameters": {"text": "[]"}}, "malformed"),
    ("entry_replaced", {"parameters": {"entry": "voids.json", "text": ""}}, "malformed"),
    ("entry_replaced", {"parameters": {"entry": "manifest.json", "text": "[]"}}, "malformed"),
    ("entry_replaced", {"parameters": {"entry": "manifest.json", "text": '{"part":"a","part":"b"}'}}, "malformed"),
    # The answer around an archive.
    ("status_400", {}, "bad-request"),
    ("status_401", {}, "not-authorized"),
    ("status_403", {}, "forbidden"),
    ("status_404", {}, "unknown-venue"),
    ("status_409", {}, "day-not-closed"),
    ("status_409", LABOR, "day-not-closed"),
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
    ("error_body_200", {}, "malformed"),
    ("html_login_page", {}, "unexpected-answer"),
    ("redirect", {}, "redirected"),
    ("truncated_json", {}, "malformed"),
    ("bad_utf8", {}, "malformed"),
    ("byte_order_mark", {}, "malformed"),
    ("huge_page", {"parameters": {"bytes": 9 * MEGABYTE}}, "too-large"),
    ("gzip_bomb", {"parameters": {"bytes": 64 * MEGABYTE}}, "unexpected-answer"),
    ("double_gzip", {}, "unexpected-answer"),
    ("silence", ALWAYS, "timeout"),
    ("silence", {}, None),
    ("stall", ALWAYS, "timeout"),
    ("slow_drip", ALWAYS, "timeout"),
    ("reset", ALWAYS, "connection-failed"),
    ("reset", {}, None),
    ("short_content_length", {}, "malformed"),
    ("short_body", ALWAYS, "connection-failed"),
    ("unterminated_chunked", ALWAYS, "connection-failed"),
    # The rows in it.
    ("duplicate_page", {}, None),
    ("missing_page", {}, None),
    ("out_of_order", {}, None),
    ("out_of_order", AGAIN, None),
    ("repeated_cursor", {}, None),
    ("endless_cursors", {}, None),
    ("empty_page_with_next", {}, None),
    ("duplicate_row", {}, "duplicate-rows"),
    ("duplicate_keys", {}, "malformed"),
    ("not_a_number", {}, "malformed"),
    ("infinity", {}, "malformed"),
    ("enormous_integer", {}, "malformed"),
    ("float_money", {}, "malformed"),
    ("float_money", {"resource": "time-entries"}, "malformed"),
    ("missing_field", {}, "malformed"),
    ("unknown_field", {}, None),
    ("unknown_field", AGAIN, None),
    ("null_field", {}, "malformed"),
    ("wrong_type", {}, "malformed"),
    ("wrong_type", AGAIN, "malformed"),
    ("nul_in_text", {}, "malformed"),
    ("nul_in_text", {"resource": "staff"}, "malformed"),
    ("deep_nesting", {}, "malformed"),
    ("wrong_zone", ALWAYS, None),
    ("wrong_zone", {}, "changed-while-reading"),
    ("nested_list_cut", {}, None),
    ("nested_list_cut", {"parameters": {"at": 1}}, "changed-while-reading"),
    ("date_filter_ignored", ALWAYS, "out-of-window"),
    ("date_filter_ignored", {"resource": "time-entries"}, "out-of-window"),
    ("date_filter_ignored", {"resource": "deposits"}, "out-of-window"),
    ("rows_outside_window", {}, "out-of-window"),
    ("wrong_venue_rows", {}, "changed-while-reading"),
    ("clock_skew", {}, None),
    ("future_punch", {"resource": "time-entries"}, "out-of-window"),
    # What happens before the first archive is part of the day; afterwards the day has changed.
    ("void_after_close", {}, None),
    ("void_after_close", AGAIN, "changed-while-reading"),
    ("late_tip", {}, None),
    ("late_tip", {"resource": "payments"}, "changed-while-reading"),
    ("late_tip", AGAIN, "changed-while-reading"),
    ("split_check", {}, None),
    ("split_check", AGAIN, "changed-while-reading"),
    ("transferred_item", {}, None),
    ("transferred_item", {"resource": "payments", "after": 1}, "changed-while-reading"),
    ("sales_change_under_labor", {"resource": "time-entries"}, "changed-while-reading"),
    ("inactive_punch", {"resource": "time-entries"}, None),
    ("auto_clock_out", {"resource": "time-entries"}, None),
    ("row_inserted_between_pages", {}, None),
    ("row_deleted_between_pages", {}, None),
    ("row_edited_between_pages", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arming", "expected"), TABLE, ids=[f"{n}-{a}-{e or 'whole'}" for n, a, e in TABLE])
def test_a_fault_of_an_archive_ends_in_its_failure_or_in_the_whole_day(
    served: Running, pos: TrayPos, name: str, arming: dict[str, Any], expected: str | None
) -> None:
    """Each fault is recognized for what it is, or overcome; never is part of a day taken for the whole."""
    fault = CATALOGUE[name]
    of_rows = fault.trap is not None or fault.page is not None
    pos.arm(name, **{"resource": "checks" if of_rows else "consolidated/sales", **arming})
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
    assert failed.value.retryable == (expected in RETRYABLE)
    assert failed.value.resource
    assert KEY not in str(failed.value)
    assert failed.value.message.endswith(".")


def test_the_table_of_archives_has_every_fault_of_the_catalogue() -> None:
    """A fault that somebody adds to the simulator must get its row here."""
    assert {name for name, _, _ in TABLE} == set(CATALOGUE)
