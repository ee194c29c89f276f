"""Secrets, personal data and bombs: what never leaves, and what never comes in."""

import gzip
import json
import logging
import tracemalloc
from typing import Any

import pytest
import structlog

from adapters.pos.tray import SYSTEM
from domain.ports.source import BadEndpoint, DayRequest, SourceFailure
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE
from tests.support.tray_stage import KEY, Answer, Stage, person

PERSONAL = [
    str(value) for name, value in person(1).items() if name in {"firstName", "ssn", "address", "email", "phone"}
]


def test_the_key_is_sent_and_shown_nowhere(
    stage: Stage, connect: Any, request_day: DayRequest, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    """Neither logs of any library at any level, nor messages, reprs or the capture show the key or a person."""
    caplog.set_level(logging.DEBUG)
    source = connect()
    fetched = source.fetch(request_day)
    stage.tamper = lambda *_: Answer(500, b"", {})
    with structlog.testing.capture_logs() as events, pytest.raises(SourceFailure) as failed:
        source.fetch(request_day)
    printed = capsys.readouterr()
    shown = [caplog.text, printed.out, printed.err, repr(events), str(failed.value), repr(failed.value), repr(source)]
    shown.append(repr(vars(source)) + repr(vars(source._http)))
    shown.extend(page.data.decode() for page in fetched.capture.pages)
    shown.append(fetched.capture.manifest().decode())
    assert {asked.headers["x-api-key"] for asked in stage.asked} == {KEY}
    for secret in [KEY, *PERSONAL]:
        assert not [text[:200] for text in shown if secret in text]
    assert len(events) == 5


def test_sealed_staff_opens_with_the_vault_and_has_only_known_fields(
    stage: Stage, connect: Any, request_day: DayRequest
) -> None:
    """Staff rows keep the contract's fields; what else the source sends of people is dropped."""
    stage.rows["staff"] = [person(1, shoeSize="size-canary", ssn=None)]
    vault = MemoryVault()
    capture = connect(vault).fetch(request_day).capture
    (page,) = capture.of("staff")
    (row,) = json.loads(page.data)
    assert "size-canary" not in page.data.decode()
    assert row["person"] == "conn-1:loc-1:s1"
    assert row["ssn"] == ""
    (employee,) = SYSTEM.read(capture, request_day.window).records["employee"]
    assert employee.first_name.startswith("sealed:")
    opened = vault.open("acme", employee.person, {"first_name": employee.first_name, "email": employee.email})
    assert opened == {"first_name": "First-1-canary", "email": "canary1@example.com"}


def test_somebody_who_was_forgotten_stays_so_although_the_source_lists_them(
    connect: Any, request_day: DayRequest
) -> None:
    """The roster is still read; the erased person has no personal data in it."""
    vault = MemoryVault()
    source = connect(vault)
    source.fetch(request_day)
    vault.forget("acme", "conn-1:loc-1:s1")
    day = SYSTEM.read(source.fetch(request_day).capture, request_day.window)
    assert [employee.last_name != "" for employee in day.records["employee"]] == [False, True]
    assert [employee.payroll_id for employee in day.records["employee"]] == ["P1", "P1"]


def test_captured_pages_hold_the_contracts_fields_and_no_others(
    stage: Stage, connect: Any, request_day: DayRequest
) -> None:
    """A capture is canonical: spaces and unknown fields, which may hold anybody's data, are not kept."""
    rows = b'[ {"id":"j1","name":"Server","code":"SRV", "guest":{"name":"Walter","card":"4111"},"rate":"14.00"} ]'
    body = b'{ "data" : ' + rows + b' ,"nextCursor":null,"serverTime":"2026-11-21T12:00:00Z"}'
    stage.tamper = lambda asked, honest: Answer(body=body) if asked.resource == "jobs" else honest
    (page,) = connect().fetch(request_day).capture.of("jobs")
    assert page.data == b'[{"id":"j1","code":"SRV","name":"Server","rate":"14.00"}]'
    assert page.rows == 1


@pytest.mark.parametrize("packed_twice", [False, True])
def test_a_bomb_costs_no_memory(stage: Stage, connect: Any, request_day: DayRequest, packed_twice: bool) -> None:
    """A quarter of a gigabyte in a megabyte is given up at the limit, having held little more than the limit."""
    bomb = gzip.compress(_packed(64)) if packed_twice else _packed(256)
    coding = "gzip, gzip" if packed_twice else "gzip"
    stage.tamper = lambda *_: Answer(200, bomb, {"Content-Type": "application/json", "Content-Encoding": coding})
    source = connect(answer_bytes=4 * 2**20)
    tracemalloc.start()
    with pytest.raises(SourceFailure) as failed:
        source.fetch(request_day)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert failed.value.failure == ("unexpected-answer" if packed_twice else "too-large")
    assert peak < 16 * 2**20


def _packed(megabytes: int) -> bytes:
    import zlib  # noqa: PLC0415 — only this bomb needs it

    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join([packer.compress(bytes(2**20)) for _ in range(megabytes)]) + packer.flush()


@pytest.mark.parametrize(
    "environment",
    [
        "",
        "tray.example.com",
        "ftp://tray.example.com",
        "http://tray.example.com",
        "http://127.0.0.1.example.com",
        "https://user:pass@tray.example.com",
        "https://tray.example.com?key=1",
        "https://tray.example.com#x",
        "https://",
        "https://[::1",
    ],
)
def test_an_environment_that_must_not_get_the_key_is_refused(environment: str) -> None:
    """Only https, or this machine; nothing in the URL but host, port and path."""
    with pytest.raises(BadEndpoint):
        SYSTEM.connect(environment, KEY, MemoryVault(), HERE)


@pytest.mark.parametrize("environment", ["https://kernel.tray.com", "http://localhost:1/x/", "http://[::1]:8080"])
def test_an_environment_that_may_get_the_key_is_taken(environment: str) -> None:
    """The address is taken as it is, but for a slash at its end; connecting sends nothing."""
    source = SYSTEM.connect(environment, KEY, MemoryVault(), HERE)
    source.close()
    assert repr(source) == f"TraySource({environment.rstrip('/')})"


@pytest.mark.parametrize("secret", ["", "two words", "line\nbreak", "käse", "x" * 2000, "nul\x00"])
def test_a_key_that_cannot_be_a_header_is_refused_without_showing_it(secret: str) -> None:
    """The complaint of the HTTP library would show it."""
    with pytest.raises(BadEndpoint) as refused:
        SYSTEM.connect("https://kernel.tray.com", secret, MemoryVault())
    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize("venue", ["", "../V900", "V100/checks", "V 100", "é"])
def test_a_venue_that_would_leave_its_path_is_refused(
    stage: Stage, connect: Any, request_day: DayRequest, venue: str
) -> None:
    """Nothing is sent for a venue id that is none."""
    request = DayRequest("acme", "c", "l", request_day.window, {"venue": venue})
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request)
    assert failed.value.failure == "unknown-venue"
    assert stage.asked == []


def test_what_is_asked_follows_the_request(stage: Stage, connect: Any, request_day: DayRequest) -> None:
    """Window, inactive employees and the days for deposits are in the questions and in the capture."""
    request = DayRequest("acme", "c", "l", request_day.window, {"venue": "V100"}, include_inactive=True, deposit_days=3)
    parameters = connect().fetch(request).capture.parameters
    asked = {question.resource: question.parameters for question in stage.asked if not question.sweeps}
    assert asked["checks"] == {"businessDate": "2026-11-20", "limit": "500", "cursor": "2"}
    assert asked["staff"] == {"includeInactive": "true", "limit": "500"}
    assert asked["time-entries"]["from"] == "2026-11-20T05:00:00Z"
    assert asked["deposits"]["createdTo"] == "2026-11-24T05:00:00Z"
    assert parameters == {
        "venue": "V100",
        "connection": "c",
        "location": "l",
        "businessDate": "2026-11-20",
        "includeInactive": "true",
        "from": "2026-11-20T05:00:00Z",
        "to": "2026-11-21T05:00:00Z",
        "createdFrom": "2026-11-20T05:00:00Z",
        "createdTo": "2026-11-24T05:00:00Z",
    }
