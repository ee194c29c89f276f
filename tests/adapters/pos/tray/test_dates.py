"""Several business dates of the POS for one of ours, and which deposits and hours are asked for, in both ways."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.questions import BY_DATE, Questions
from adapters.pos.tray.simulator import Edits, Running, TrayPos, TrayPosSettings, running
from adapters.pos.tray.wire import ROWS
from domain.business_date import window
from domain.ports.source import DayRequest, Fetched, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE, limits_here
from tests.support.tray_stage import Stage

VENUE = "V100"
ZONE = "America/New_York"
DATE = dt.date(2026, 11, 3)
NEXT = DATE + dt.timedelta(days=1)
BOTH = (DATE, NEXT)
DAY = DayRequest("acme", "conn-1", "loc-1", window(DATE, ZONE, dt.time(4)), {"venue": VENUE})
Read = Callable[..., Fetched]


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """A venue whose dates begin at midnight, read by somebody whose days begin at 04:00."""
    settings = TrayPosSettings(
        seed=3,
        tickets=30,
        first=DATE - dt.timedelta(days=4),
        last=DATE + dt.timedelta(days=4),
        now=lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
    )
    with running(TrayPos(settings)) as served:
        yield served


@pytest.fixture
def pos(served: Running) -> Iterator[TrayPos]:
    """The POS as drawn."""
    yield served.pos
    served.pos.disarm()
    served.pos.set_now(None)
    served.pos.reset()


@pytest.fixture(params=[False, True], ids=["split", "consolidated"])
def read(request: pytest.FixtureRequest, served: Running, pos: TrayPos) -> Iterator[Read]:
    """Reads a day in one of the two ways."""
    source = SYSTEM.connect(served.url, "tray-key-one", MemoryVault(), HERE)

    def fetch(day: DayRequest = DAY, **changed: Any) -> Fetched:
        return source.fetch(dataclasses.replace(day, consolidated=request.param, **changed))

    yield fetch
    source.close()


def rows(fetched: Fetched, resource: str) -> list[Any]:
    """The rows of a resource."""
    return [row for page in fetched.capture.of(resource) for row in msgspec.json.decode(page.data)]


def test_every_date_is_read_and_every_row_is_of_the_date_that_was_asked(read: Read, pos: TrayPos) -> None:
    """Checks, payments, voids and paid-in-out of both dates; time entries, staff and deposits once."""
    one, other, both = read(dates=(DATE,)), read(dates=(NEXT,)), read(dates=BOTH)
    for resource in ("checks", "payments", "voids", "paid-in-out"):
        assert rows(both, resource) == rows(one, resource) + rows(other, resource)
        assert both.rows[resource] == one.rows[resource] + other.rows[resource]
    for resource in ("time-entries", "staff", "jobs", "deposits"):
        assert rows(both, resource) == rows(one, resource) == rows(other, resource)
    assert {row["businessDate"] for row in rows(both, "checks")} == {"2026-11-03", "2026-11-04"}
    assert both.capture.parameters["businessDate"] == "2026-11-03"
    assert both.capture.parameters["businessDates"] == "2026-11-03 2026-11-04"


def test_no_dates_are_the_windows_own(read: Read) -> None:
    """A capture of the window's date alone is the same whether the date was named or not, and as it always was."""
    plain, named = read(), read(dates=(DATE,))
    assert plain.capture == named.capture
    assert "businessDates" not in plain.capture.parameters


def test_dates_are_read_oldest_first_and_once(read: Read) -> None:
    """The order in which they are given says nothing, nor does giving one twice."""
    assert read(dates=(NEXT, DATE, NEXT)).capture == read(dates=BOTH).capture


def test_a_check_that_is_on_two_dates_is_on_none(read: Read, pos: TrayPos) -> None:
    """It would count twice."""
    (row, *_) = [msgspec.json.decode(row.text) for row in pos.day(VENUE, DATE).rows("checks")]
    others = [msgspec.json.decode(row.text) for row in pos.day(VENUE, NEXT).rows("checks")]
    pos.put(VENUE, NEXT, "checks", [{**row, "businessDate": NEXT.isoformat()}, *others])
    assert read(dates=(DATE,)).rows["checks"] == 30
    assert read(dates=(NEXT,)).rows["checks"] == 31
    with pytest.raises(SourceFailure) as failed:
        read(dates=BOTH)
    assert (failed.value.failure, failed.value.resource) == ("duplicate-rows", "checks")


def test_a_row_of_the_other_date_is_out_of_place(read: Read, pos: TrayPos) -> None:
    """Both dates are wanted, but not in one answer."""
    pos.arm("rows_outside_window", resource="checks", after=1)
    with pytest.raises(SourceFailure) as failed:
        read(dates=BOTH)
    assert failed.value.failure in {"out-of-window", "duplicate-rows"}


def test_a_change_on_any_of_the_dates_is_found(read: Read, pos: TrayPos) -> None:
    """After both dates have been read, the first or the second of them changes."""
    for after in (2, 3):
        pos.arm("late_tip", resource="checks", after=after)
        with pytest.raises(SourceFailure) as failed:
            read(dates=BOTH)
        assert failed.value.failure == "changed-while-reading"
        pos.reset()
        pos.disarm()


def test_unpaid_checks_on_several_pages_of_several_dates_are_read_twice(served: Running, pos: TrayPos) -> None:
    """Of each date all pages, in place of what changed since."""
    for date in BOTH:
        checks = [msgspec.json.decode(row.text) for row in pos.day(VENUE, date).rows("checks")]
        pos.put(VENUE, date, "checks", [{**row, "payments": []} for row in checks])
    source = SYSTEM.connect(served.url, "tray-key-one", MemoryVault(), limits_here(page_rows=10))
    pos.requests.clear()
    source.fetch(dataclasses.replace(DAY, dates=BOTH))
    asked = [entry["query"] for entry in pos.requests if entry["path"].endswith("/checks")]
    for date in BOTH:
        plain = [query for query in asked if f"businessDate={date}" in query and "modifiedSince" not in query]
        assert len(plain) == 3 + 3
        assert not any("modifiedSince" in query for query in asked)
    pos.arm("row_deleted_between_pages", resource="checks", after=8)
    with pytest.raises(SourceFailure) as failed:
        source.fetch(dataclasses.replace(DAY, dates=BOTH))
    source.close()
    assert failed.value.failure == "changed-while-reading"


def test_deposits_are_asked_from_before_the_day_until_after_it(read: Read, pos: TrayPos) -> None:
    """So many days back and so many on, from the day's own edges."""
    pos.edit(Edits(venue=VENUE, business_date=DATE, deposits_added=1))
    created = {row["id"]: row["createdAt"] for row in rows(read(deposit_lookback_days=3, deposit_days=2), "deposits")}
    assert min(created.values()) < "2026-11-03T09:00:00Z"
    assert max(created.values()) >= "2026-11-04T09:00:00Z"
    for days, ends, parameters in (
        (0, 0, ("2026-11-03T09:00:00Z", "2026-11-04T09:00:00Z")),
        (3, 2, ("2026-10-31T09:00:00Z", "2026-11-06T09:00:00Z")),
    ):
        fetched = read(deposit_lookback_days=days, deposit_days=ends)
        begin, until = parameters
        assert {row["id"] for row in rows(fetched, "deposits")} == {
            name for name, at in created.items() if begin <= at < until
        }
        asked = fetched.capture.parameters
        assert (asked["createdFrom"], asked["createdTo"]) == parameters


def test_deposits_that_are_not_wanted_are_not_asked_for(read: Read, pos: TrayPos) -> None:
    """The capture then has no page of them, which is not the page of a day without deposits."""
    pos.requests.clear()
    fetched = read(deposits=False)
    assert not [entry for entry in pos.requests if "deposits" in entry["path"] or "createdFrom" in entry["query"]]
    assert not list(fetched.capture.of("deposits"))
    assert "deposits" not in fetched.rows
    assert not {"createdFrom", "createdTo"} & set(fetched.capture.parameters)
    pos.put(VENUE, DATE, "deposits", [])
    pos.put(VENUE, DATE - dt.timedelta(days=1), "deposits", [])
    pos.put(VENUE, DATE - dt.timedelta(days=2), "deposits", [])
    pos.put(VENUE, DATE - dt.timedelta(days=3), "deposits", [])
    (page,) = read().capture.of("deposits")
    assert (page.rows, page.data) == (0, b"[]")


def test_a_later_date_that_is_not_closed_yet_is_passed_over(read: Read, pos: TrayPos) -> None:
    """What of the day is booked on it is not to be had; the capture names only the dates that were read."""
    pos.set_now(window(DATE, ZONE, dt.time(4)).ends_at)
    early = read(dates=(DATE - dt.timedelta(days=1), DATE, NEXT))
    pos.set_now(None)
    late = read(dates=(DATE - dt.timedelta(days=1), DATE))
    assert early.capture.parameters["businessDates"] == "2026-11-02 2026-11-03"
    assert [page for page in early.capture.pages if page.resource != "deposits"] == [
        page for page in late.capture.pages if page.resource != "deposits"
    ]
    assert SYSTEM.read(early.capture, DAY.window).dates == {DATE - dt.timedelta(days=1), DATE}


def test_a_date_that_is_needed_is_not_passed_over(read: Read, pos: TrayPos) -> None:
    """The day's own date and those before it are needed whole, and so is a single one whatever it is."""
    for now, dates in ((DATE, BOTH), (DATE, (DATE,)), (DATE, ()), (NEXT, (NEXT,))):
        pos.set_now(window(now, ZONE).ends_at - dt.timedelta(seconds=1))
        with pytest.raises(SourceFailure) as failed:
            read(dates=dates)
        assert failed.value.failure == "day-not-closed"
    pos.set_now(None)


def test_a_later_date_that_closes_while_it_is_read_is_a_failed_attempt(served: Running, pos: TrayPos) -> None:
    """Only the first question about a date may find it open: its checks without their payments would be a part."""
    source = SYSTEM.connect(served.url, "tray-key-one", MemoryVault(), HERE)
    pos.arm("status_409", resource="payments", after=1)
    with pytest.raises(SourceFailure) as failed:
        source.fetch(dataclasses.replace(DAY, dates=BOTH))
    source.close()
    assert (failed.value.failure, failed.value.resource) == ("day-not-closed", "payments")


def test_the_stage_is_asked_for_each_date_in_turn(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """One resource after the other, each for all dates, and then again: of checks what changed since."""
    stage.rows = {name: [] for name in stage.rows}
    dates = (request_day.window.date, request_day.window.date - dt.timedelta(days=1))
    connect().fetch(dataclasses.replace(request_day, dates=dates))
    asked = [(question.resource, question.parameters.get("businessDate"), question.sweeps) for question in stage.asked]
    assert asked == [
        (resource, date, sweeps and resource == "checks")
        for sweeps in (False, True)
        for resource in ROWS
        for date in (("2026-11-19", "2026-11-20") if resource in BY_DATE else (None,))
    ]


def test_both_ways_of_asking_ask_for_the_same() -> None:
    """What the archives are asked for is what the resources in them are asked for, in as many questions as dates."""
    request = dataclasses.replace(DAY, dates=BOTH, include_inactive=True, deposit_days=1)
    questions = Questions(request)
    assert [question["businessDate"] for question in questions.sales()] == ["2026-11-03", "2026-11-04"]
    first, second = questions.of("checks")
    assert {**first, **questions.of("deposits")[0]} == questions.sales()[0]
    assert second == questions.sales()[1]
    labor = {name: value for resource in ("time-entries", "staff", "jobs") for name, value in once(questions, resource)}
    assert {**labor, "businessDate": "2026-11-03"} == questions.labor()


def once(questions: Questions, resource: str) -> Iterable[tuple[str, str]]:
    """The parameters of a resource that is asked for once."""
    (question,) = questions.of(resource)
    return question.items()
