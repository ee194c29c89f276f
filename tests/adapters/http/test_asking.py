"""One request: its whole answer, or the failure that it amounts to."""

import pytest

from adapters.http import answer_of, gate, open_client
from domain.ports.reach import Reach
from domain.ports.source import SourceFailure
from tests.support.reach import LOOPBACK, limits_here
from tests.support.tray_stage import Answer, staged

JSON = {"Content-Type": "application/json"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def ask(answer: Answer, reach: Reach = LOOPBACK, **limits: float) -> bytes:
    """Ask a source that answers so."""
    with staged() as stage, open_client(gate("any", (), reach), limits_here(), secrets={}) as client:
        stage.tamper = lambda *_: answer
        return answer_of(client, f"{stage.url}/kernel/v1/venues/V1/jobs", limits_here(**limits), parameters={"a": "b"})


def test_an_answer() -> None:
    """The body, as it is; a parameter of the media type does not matter."""
    assert ask(Answer(200, b"[]", {"Content-Type": "application/json; charset=utf-8"})) == b"[]"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Answer(400), "bad-request"),
        (Answer(401), "not-authorized"),
        (Answer(403), "forbidden"),
        (Answer(404), "unknown-venue"),
        (Answer(409), "day-not-closed"),
        (Answer(429), "rate-limited"),
        (Answer(500), "unavailable"),
        (Answer(408), "unavailable"),
        (Answer(302, b"", {"Location": "https://elsewhere.example.com"}), "redirected"),
        (Answer(204, b"", JSON), "unexpected-answer"),
        (Answer(200, b"<html>", {"Content-Type": "text/html"}), "unexpected-answer"),
        (Answer(200, b"x" * 2000, JSON), "too-large"),
        (Answer(reset=True), "connection-failed"),
        (Answer(raw=[HEAD + b"Content-Length: 50\r\n\r\n[]"]), "connection-failed"),
        (Answer(200, b"\x1f\x8b\x08", {**JSON, "Content-Encoding": "gzip"}), "connection-failed"),
        (Answer(raw=[HEAD, b"X: y\r\n"], pause=5.0), "timeout"),
    ],
)
def test_what_is_no_answer(answer: Answer, failure: str) -> None:
    """Each is a failure of its kind, and says nothing of address, credentials or answer."""
    with pytest.raises(SourceFailure) as failed:
        ask(answer, answer_bytes=1000, request_timeout=0.3)
    assert failed.value.failure == failure
    assert "127.0.0.1" not in failed.value.message


def test_what_may_not_be_called() -> None:
    """It is a failure of the address, which nobody tries again by itself."""
    with pytest.raises(SourceFailure) as failed:
        ask(Answer(), Reach())
    assert (failed.value.failure, failed.value.retryable) == ("bad-endpoint", False)
