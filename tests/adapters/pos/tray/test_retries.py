"""Waiting and giving up: never earlier than told, never longer than allowed."""

import datetime as dt
import time
from typing import Any

import pytest

from adapters.http import told_wait
from adapters.pos.tray import SYSTEM
from domain.ports.source import DayRequest, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE
from tests.support.tray_stage import KEY, Answer, Asked, Stage

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
JSON = {"Content-Type": "application/json"}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def refuse(stage: Stage, times: int, status: int = 429, **headers: str) -> None:
    """The first answers of the staff list are a status with headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def tamper(asked: Asked, honest: Answer) -> Answer:
        return Answer(status, b"{}", {**JSON, **named}) if asked.resource == "staff" and asked.nth < times else honest

    stage.tamper = tamper


@pytest.mark.parametrize(
    ("headers", "at_least", "at_most"),
    [
        ({"Retry_After": "7"}, 7.0, 8.0),
        ({"Retry_After": "Sat, 21 Nov 2026 12:00:30 GMT", "Date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 30.0, 31.0),
        # Their clock is ten minutes ahead of ours: what counts is the distance to their own Date.
        ({"Retry_After": "Sat, 21 Nov 2026 12:10:30 GMT", "Date": "Sat, 21 Nov 2026 12:10:00 GMT"}, 30.0, 31.0),
        ({}, 2.0, 4.0),
        ({"Retry_After": "soon"}, 2.0, 4.0),
        ({"Retry_After": "-5"}, 2.0, 4.0),
    ],
    ids=["seconds", "an HTTP date", "an HTTP date of a skewed clock", "missing", "no number", "negative"],
)
def test_too_many_requests_are_waited_out_and_never_asked_early(
    stage: Stage,
    connect: Any,
    request_day: DayRequest,
    patience: Any,
    headers: Any,
    at_least: float,
    at_most: float,
) -> None:
    """One 429 costs one pause: what the source asked for, or a careful guess where it did not say."""
    refuse(stage, 1, **headers)
    connect().fetch(request_day)
    assert len(patience.pauses) == 1
    assert at_least <= patience.pauses[0] < at_most


def test_a_date_without_the_servers_own_is_compared_with_our_clock() -> None:
    """Where the answer has no Date, our clock has to do; a date in the past is no wait."""
    import httpx  # noqa: PLC0415 — only this test builds headers

    later = httpx.Headers({"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"})
    past = httpx.Headers({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"})
    assert told_wait(later, NOON) == 60.0
    assert told_wait(past, NOON) == 0.0


def test_a_wait_past_the_budget_is_a_failure_that_says_when(
    stage: Stage, connect: Any, request_day: DayRequest, patience: Any
) -> None:
    """Asked to wait an hour with ten minutes to spend, it does not wait at all, and says when to come back."""
    refuse(stage, 9, Retry_After="3600")
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert failed.value.failure == "rate-limited"
    assert failed.value.retryable
    assert failed.value.retry_at == NOON + dt.timedelta(hours=1)
    assert failed.value.resource == "staff"
    assert patience.pauses == []


def test_rate_limits_without_end_are_given_up_after_five_attempts(
    stage: Stage, connect: Any, request_day: DayRequest, patience: Any
) -> None:
    """The last refusal says when to come back, also where the source did not."""
    refuse(stage, 99)
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert [round(pause) for pause in patience.pauses] == [3, 6, 12, 24]
    assert failed.value.failure == "rate-limited"
    assert failed.value.retry_at is not None
    assert failed.value.retry_at > NOON


def test_an_absurd_wait_is_still_a_date(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """A wait of thousands of years becomes a week, and no overflow."""
    refuse(stage, 9, Retry_After="9" * 400)
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert failed.value.retry_at == NOON + dt.timedelta(days=7)


def test_pauses_after_errors_grow_with_full_jitter(
    stage: Stage, connect: Any, request_day: DayRequest, patience: Any
) -> None:
    """Half of at most 0.5, 1, 2 and 4 seconds where chance says one half; the failure has no date."""
    refuse(stage, 99, status=503)
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert patience.pauses == [0.25, 0.5, 1.0, 2.0]
    assert failed.value.failure == "unavailable"
    assert failed.value.retry_at is None
    assert failed.value.requests == 5 + sum(asked.resource != "staff" for asked in stage.asked)


def test_an_unavailable_source_that_says_when_is_believed(
    stage: Stage, connect: Any, request_day: DayRequest, patience: Any
) -> None:
    """Retry-After counts with a 503 as well."""
    refuse(stage, 1, status=503, Retry_After="20")
    connect().fetch(request_day)
    assert 20.0 <= patience.pauses[0] < 21.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_not_asked_again(
    stage: Stage, connect: Any, request_day: DayRequest, patience: Any, status: int
) -> None:
    """What will be refused again is asked once."""
    refuse(stage, 99, status=status)
    with pytest.raises(SourceFailure):
        connect().fetch(request_day)
    assert sum(asked.resource == "staff" for asked in stage.asked) == 1
    assert patience.pauses == []


def test_the_whole_fetch_has_a_budget(stage: Stage, connect: Any, request_day: DayRequest, patience: Any) -> None:
    """When waiting has used the time up, it ends, however many attempts are left."""
    refuse(stage, 4, Retry_After="20")
    with pytest.raises(SourceFailure) as failed:
        connect(fetch_timeout=50.0).fetch(request_day)
    assert failed.value.failure == "rate-limited"
    assert sum(patience.pauses) < 50


@pytest.mark.parametrize(
    "pieces",
    [
        [OK + b"Content-Length: 9999\r\n\r\n", *[b" "] * 500],
        [b"HTTP/1.1 200 OK\r\n", *[b"X-Slow: drip\r\n"] * 500],
        [b"", *[b""] * 500],
    ],
    ids=["a body that drips", "a head that drips", "silence"],
)
def test_a_request_ends_at_its_deadline_however_it_drips(
    stage: Stage, connect: Any, request_day: DayRequest, pieces: list[bytes]
) -> None:
    """Something arrives every 20 ms, so that no read ever times out; the deadline of the request does it."""
    stage.tamper = lambda *_: Answer(raw=pieces, pause=0.02)
    began = time.monotonic()
    with pytest.raises(SourceFailure) as failed:
        connect(request_timeout=0.3, attempts=2).fetch(request_day)
    assert failed.value.failure == "timeout"
    assert failed.value.requests == 2
    assert time.monotonic() - began < 3


def test_a_source_that_is_not_there_fails_as_a_connection(patience: Any, request_day: DayRequest) -> None:
    """Nobody listens on the port: five attempts, then a failure that can be retried."""
    source = SYSTEM.connect("http://127.0.0.1:9", KEY, MemoryVault(), HERE, timing=patience.timing)
    with pytest.raises(SourceFailure) as failed:
        source.fetch(request_day)
    source.close()
    assert failed.value.failure == "connection-failed"
    assert len(patience.pauses) == 4
