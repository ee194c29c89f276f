"""One request that may change something: what was not sent is certain, and what was sent without an answer is not."""

import datetime as dt
import socket
from contextlib import closing
from typing import Any

import pytest

from adapters.conformance.sockets import connects
from adapters.http import Answered, check_answered, gate, open_client, send
from domain.ports.reach import Reach
from domain.ports.source import SourceFailure
from domain.ports.target import OutcomeUncertain, TargetFailure
from tests.support.reach import LOOPBACK, limits_here
from tests.support.tray_stage import Answer, Stage, staged

NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
XML = {"Content-Type": "text/xml"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


def post(stage: Stage, answer: Answer, *, url: str = "", reach: Reach = LOOPBACK, **more: Any) -> Answered:
    """Post to a system that answers so."""
    limits = limits_here(**{"answer_bytes": 1000, **more.pop("limits", {})})
    with open_client(gate("any", (), reach), limits, secrets={}) as client:
        stage.tamper = lambda *_: answer
        until = more.pop("until", NOON + dt.timedelta(seconds=30))
        return send(
            client,
            "POST",
            url or f"{stage.url}/kernel/v1/venues/V1/jobs",
            limits,
            until=until,
            content=b"<request/>",
            now=lambda: NOON,
            **more,
        )


def test_an_answer_of_any_status() -> None:
    """The whole answer comes back, and says nothing of its body by itself; what was asked goes out as it is."""
    with staged() as stage:
        answered = post(stage, Answer(400, b"<no/>", XML), headers=XML, parameters={"a": "b"})
        assert (answered.status, answered.body) == (400, b"<no/>")
        assert "<no/>" not in repr(answered)
        assert stage.asked[0].parameters == {"a": "b"}
        assert stage.asked[0].headers["content-type"] == "text/xml"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Answer(reset=True), "unexpected-answer"),
        (Answer(raw=[b""]), "unexpected-answer"),
        (Answer(raw=[HEAD + b"Content-Length: 50\r\n\r\n<a>"]), "unexpected-answer"),
        (Answer(raw=[HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08"]), "unexpected-answer"),
        (Answer(200, b"x", {**XML, "Content-Encoding": "br"}), "unexpected-answer"),
        (Answer(200, b"x" * 2000, XML), "too-large"),
        (Answer(raw=[HEAD, b"X: y\r\n"], pause=5.0), "unavailable"),
    ],
)
def test_sent_without_an_answer(answer: Answer, failure: str) -> None:
    """What may have changed something is uncertain; what changes nothing is a failure, and can be asked again."""
    limits = {"request_timeout": 0.3}
    with staged() as stage:
        with pytest.raises(OutcomeUncertain) as uncertain:
            post(stage, answer, limits=limits)
        with pytest.raises(TargetFailure) as failed:
            post(stage, answer, limits=limits, changes=False)
        assert failed.value.failure == failure
        assert len(stage.asked) == 2
        for message in (uncertain.value.message, failed.value.message):
            assert message
            assert "127.0.0.1" not in message


def test_an_answer_that_comes_after_the_last_moment() -> None:
    """Nobody waits longer than until then, however patient they are."""
    answer = Answer(raw=[HEAD], pause=5.0)
    with staged() as stage, pytest.raises(OutcomeUncertain):
        post(stage, answer, until=NOON + dt.timedelta(seconds=0.2))


def test_what_was_not_sent() -> None:
    """Where nobody listens, after the last moment, and where it may not go, it is a failure for certain."""
    with staged() as stage, closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        cases: list[tuple[dict[str, Any], str, bool]] = [
            ({"url": nowhere}, "connection-failed", True),
            ({"until": NOON}, "connection-failed", True),
            ({"reach": Reach()}, "bad-endpoint", False),
            ({"url": "https://elsewhere.example.com/"}, "bad-endpoint", False),
        ]
        for more, failure, retryable in cases:
            with pytest.raises(TargetFailure) as failed:
                post(stage, Answer(), **more)
            assert (failed.value.failure, failed.value.retryable) == (failure, retryable)
        assert stage.asked == []


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Answer(200), ""),
        (Answer(404), ""),
        (Answer(429), "rate-limited"),
        (Answer(401), "not-authorized"),
        (Answer(403), "not-authorized"),
        (Answer(302, b"", {"Location": "https://elsewhere.example.com"}), "bad-endpoint"),
        (Answer(408), "unavailable"),
        (Answer(500), "unavailable"),
        (Answer(524), "unavailable"),
    ],
)
def test_statuses_that_mean_the_same_everywhere(answer: Answer, failure: str) -> None:
    """A gateway's error after a change is uncertain; a refusal is certain; others are the adapter's to judge."""
    with staged() as stage:
        answered = post(stage, answer)
    for changes in (True, False):
        if not failure:
            check_answered(answered, changes=changes)
            continue
        uncertain = changes and failure == "unavailable"
        with pytest.raises(OutcomeUncertain if uncertain else TargetFailure) as raised:
            check_answered(answered, changes=changes)
        assert uncertain or getattr(raised.value, "failure") == failure  # noqa: B009


def test_when_to_come_again() -> None:
    """It is when the system said, from now; where it said nothing, nobody makes up a time."""
    for headers, wanted in (({"Retry-After": "7"}, NOON + dt.timedelta(seconds=7)), ({}, None)):
        with staged() as stage:
            answered = post(stage, Answer(429, b"", headers))
        with pytest.raises(TargetFailure) as failed:
            check_answered(answered, now=lambda: NOON)
        assert failed.value.retry_at == wanted


@pytest.mark.parametrize(("kept", "connections"), [(True, 1), (False, 3)])
def test_connections_that_are_not_kept(kept: bool, connections: int) -> None:
    """Each request has one of its own, which nobody can close in the moment in which it is used again."""
    with staged() as stage, open_client(gate("any", (), LOOPBACK), limits_here(), secrets={}, kept=kept) as client:
        stage.tamper = lambda *_: Answer(200, b"", XML)
        with connects() as seen:
            for _ in range(3):
                until = NOON + dt.timedelta(seconds=30)
                url = f"{stage.url}/kernel/v1/venues/V1/jobs"
                send(client, "POST", url, limits_here(), until=until, content=b"x", now=lambda: NOON)
    assert len(seen) == connections


def test_nothing_is_sent_late_whatever_it_waited_for() -> None:
    """The moment is looked at again when the first byte goes out: connecting and queueing take their time."""
    times = iter([NOON, NOON + dt.timedelta(seconds=31)])
    with staged() as stage, open_client(gate("any", (), LOOPBACK), limits_here(), secrets={}) as client:
        until = NOON + dt.timedelta(seconds=30)
        with pytest.raises(TargetFailure) as failed:
            send(client, "POST", stage.url, limits_here(), until=until, content=b"x", now=lambda: next(times))
        assert failed.value.failure == "connection-failed"
        assert stage.asked == []


def test_our_own_budget_says_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a request back on our side has sent nothing, and its time is passed on."""
    later = NOON + dt.timedelta(seconds=40)

    def kept_back(*_: Any, **__: Any) -> Any:
        raise SourceFailure("rate-limited", "It was asked often enough.", retry_at=later)

    with staged() as stage, open_client(gate("any", (), LOOPBACK), limits_here(), secrets={}) as client:
        monkeypatch.setattr(client, "send", kept_back)
        until = NOON + dt.timedelta(seconds=30)
        with pytest.raises(TargetFailure) as failed:
            send(client, "POST", stage.url, limits_here(), until=until, content=b"x", now=lambda: NOON)
    assert (failed.value.failure, failed.value.retry_at) == ("rate-limited", later)
