"""Looking back on labor: one ranged question for all days, and the polled day is never given up for earlier ones."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running
from domain.business_date import window
from domain.ports.captures import Capture
from domain.ports.source import DayRequest, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE
from tests.support.tray_stage import DATE, KEY, ZONE, Answer, Asked, Stage, entry, staged

DAY = window(DATE, ZONE)
SINCE = window(DATE - dt.timedelta(days=14), ZONE).starts_at
OLD = entry(8, **{"in": "2026-11-12T13:00:00Z", "out": "2026-11-12T21:00:00Z", "businessDate": "2026-11-12"})
OLDER = entry(9, **{"in": "2026-11-08T13:00:00Z", "out": "2026-11-08T21:00:00Z", "businessDate": "2026-11-08"})
MOVED = {**OLD, "out": "2026-11-12T22:00:00Z", "terminal": "HQ"}
OWN = entry(1)
REQUEST = DayRequest("main", "tray", "pier", DAY, {"venue": "V100"}, labor_from=SINCE)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A venue with time entries of two earlier days and of the day."""
    with staged() as stage:
        stage.rows["time-entries"] = [OLDER, OLD, OWN]
        yield stage


def fetch(stage: Stage, request: DayRequest = REQUEST) -> Capture:
    """The day, read."""
    source = SYSTEM.connect(stage.url, KEY, MemoryVault(), HERE)
    try:
        return source.fetch(request).capture
    finally:
        source.close()


def asked(stage: Stage) -> list[tuple[str, str]]:
    """The hours of each first page of time entries that was asked for."""
    return [
        (one.parameters["from"], one.parameters["to"])
        for one in stage.asked
        if one.resource == "time-entries" and "cursor" not in one.parameters
    ]


def told(capture: Capture) -> tuple[set[str], str, str]:
    """The ids of the time entries of a capture, and the hours that it says it has."""
    rows = [row for page in capture.of("time-entries") for row in json.loads(page.data)]
    return {row["id"] for row in rows}, capture.parameters["from"], capture.parameters["to"]


ALL = ("2026-11-06T05:00:00Z", "2026-11-21T05:00:00Z")
ALONE = ("2026-11-20T05:00:00Z", "2026-11-21T05:00:00Z")


def test_all_hours_are_one_question_that_is_asked_twice(stage: Stage) -> None:
    """Paged, read and read again; the capture holds the earlier days, and reading it says which hours it knows."""
    capture = fetch(stage)
    assert asked(stage) == [ALL, ALL]
    assert told(capture) == ({"t1", "t8", "t9"}, *ALL)
    assert SYSTEM.read(capture, DAY).labor == (SINCE, DAY.ends_at)


def test_nobody_looks_back_who_does_not_ask_for_it(stage: Stage) -> None:
    """Without it the question, and the capture, are those of the day."""
    stage.rows["time-entries"] = [OWN]
    capture = fetch(stage, dataclasses.replace(REQUEST, labor_from=None))
    assert (asked(stage), told(capture)) == ([ALONE, ALONE], ({"t1"}, *ALONE))


def narrowed(stage: Stage, answers: dict[int, list[dict[str, Any]]]) -> None:
    """The n-th answer about time entries has these rows; about the day alone only its own."""
    stage.page_rows = 100

    def tamper(request: Asked, answer: Answer) -> Answer:
        if request.resource != "time-entries":
            return answer
        rows = [OWN] if request.parameters["from"] == ALONE[0] else answers.get(request.nth)
        if rows is not None:
            answer.body = json.dumps({**json.loads(answer.body), "data": rows}).encode()
        return answer

    stage.tamper = tamper


OUTSIDE = entry(7, **{"in": "2026-10-12T13:00:00Z", "out": "2026-10-12T21:00:00Z"})


@pytest.mark.parametrize(
    "bad",
    [
        [OUTSIDE, OWN],  # before all hours that were asked for
        [OLD, OLD, OWN],  # twice
        [{**OLD, "actualRate": None}, OWN],  # not of the contract
        [{**OLD, "in": "yesterday"}, OWN],  # no time
        [{**OLD, "venueId": "V999"}, OWN],  # of another venue
    ],
)
def test_bad_rows_of_earlier_days_do_not_cost_the_day(stage: Stage, bad: list[dict[str, Any]]) -> None:
    """The labor of the day alone is asked for then; the capture says from when it knows labor."""
    narrowed(stage, {0: bad})
    capture = fetch(stage)
    assert told(capture) == ({"t1"}, *ALONE)
    assert asked(stage) == [ALL, ALONE, ALONE]
    said = SYSTEM.read(capture, DAY)
    assert (said.labor, said.notes) == ((DAY.starts_at, DAY.ends_at), ("lookback-left-out",))


def test_a_day_whose_own_labor_is_bad_fails(stage: Stage) -> None:
    """Nothing of it counts."""
    stage.rows["time-entries"] = [OUTSIDE, OWN]
    with pytest.raises(SourceFailure) as failed:
        fetch(stage)
    assert (failed.value.failure, failed.value.resource) == ("out-of-window", "time-entries")


def test_an_answer_that_never_comes_is_no_reason_to_ask_for_less(stage: Stage) -> None:
    """The source is not there: the attempt fails as it does without looking back."""
    stage.tamper = lambda request, answer: Answer(403, b"{}") if request.resource == "time-entries" else answer
    with pytest.raises(SourceFailure) as failed:
        fetch(stage)
    assert (failed.value.failure, asked(stage)) == ("forbidden", [ALL])


@pytest.mark.parametrize(
    "again",
    [[OLDER, MOVED, OWN], [OLDER, OWN], [OLDER, OLD, {**OLD, "id": "t7"}, OWN]],
    ids=["edited", "taken away", "added"],
)
def test_earlier_days_that_change_while_they_are_read_are_left_out(stage: Stage, again: list[dict[str, Any]]) -> None:
    """Of them nothing is known whole, of the day everything: the next poll looks back again."""
    narrowed(stage, {0: [OLDER, OLD, OWN], 1: again})
    assert told(fetch(stage)) == ({"t1"}, *ALONE)


@pytest.mark.parametrize("again", [[OLD, {**OWN, "terminal": "HQ"}], [OLD], [OLD, OWN, entry(2)]])
def test_a_day_that_changes_while_it_is_read_fails(stage: Stage, again: list[dict[str, Any]]) -> None:
    """Its own labor differed between two readings."""
    narrowed(stage, {0: [OLD, OWN], 1: again})
    with pytest.raises(SourceFailure) as failed:
        fetch(stage)
    assert (failed.value.failure, failed.value.resource) == ("changed-while-reading", "time-entries")


def test_earlier_days_that_change_on_a_day_without_labor(stage: Stage) -> None:
    """Nothing of the day's own is there, and that is known whole."""
    narrowed(stage, {0: [OLD], 1: [MOVED]})
    capture = fetch(stage)
    assert told(capture) == (set(), *ALONE)


def test_both_ways_of_reading_look_back_alike() -> None:
    """One labor archive holds all hours: the capture is the split endpoints', to the byte."""
    last, now = dt.date(2026, 11, 4), dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    settings = TrayPosSettings(
        seed=3,
        tickets=20,
        first=last - dt.timedelta(days=6),
        last=last,
        now=lambda: now,
    )
    with running(TrayPos(settings)) as served:
        venue = settings.venues[0]
        day = window(last, venue.zone, venue.day_start)
        since = window(last - dt.timedelta(days=14), venue.zone, venue.day_start).starts_at
        source = SYSTEM.connect(served.url, venue.api_key, MemoryVault(), HERE)
        request = DayRequest("main", "tray", "pier", day, {"venue": venue.id}, labor_from=since)
        split, zipped = (source.fetch(dataclasses.replace(request, consolidated=way)).capture for way in (False, True))
        source.close()
    assert split == zipped
    assert SYSTEM.read(split, day).labor == (since, day.ends_at)
    dates = {row["businessDate"] for page in split.of("time-entries") for row in json.loads(page.data)}
    assert len(dates) == 7
