"""Problems: every 4xx and 5xx is application/problem+json of a registered type, and nothing leaks."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from api.http import create_app, models
from api.http.problems import all_kinds, kind_of, status_of
from domain.refusals import Refusal
from tests.api.bad_requests import BAD, DAY
from tests.api.site import Client, Site


@pytest.mark.parametrize(("method", "path", "arguments", "status", "code"), BAD)
def test_bad_requests(polled: Site, method: str, path: str, arguments: dict[str, Any], status: int, code: str) -> None:
    """Each bad request is answered with its problem, and records nothing."""
    head = polled.opened.journal.head()
    answer = polled.client.send(method, path, **{**arguments, "headers": dict(arguments.get("headers", {}))})
    _is_problem(answer, status, code, empty=method == "HEAD")
    assert polled.opened.journal.head() == head


def _is_problem(answer: httpx.Response, status: int, code: str, *, empty: bool = False) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    if empty:
        return
    problem = models.Problem.model_validate_json(answer.content)
    assert (problem.type, problem.status) == (f"/problems/{code}", status)
    assert problem.title
    assert problem.detail
    assert problem.instance == f"urn:uuid:{answer.headers['daybook-request']}"
    assert code in {kind.code for kind in all_kinds()}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8200", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8200"])
def test_names_of_this_machine(polled: Site, host: str) -> None:
    """The names of this machine are served."""
    assert polled.client.get("/healthz", headers={"Host": host}).status_code == 200


def test_validation_lists_every_place_and_no_value(polled: Site) -> None:
    """A 422 names each place and what is wrong there, and never repeats what was sent."""
    answer = polled.client.post(f"{DAY}/polls", {"reason": 4711, "password": "hunter2"})
    errors = answer.json()["errors"]
    assert {error["location"] for error in errors} == {"body.reason", "body.password"}
    assert all(error["message"] for error in errors)
    assert "4711" not in answer.text
    assert "hunter2" not in answer.text


def test_unforeseen_errors_show_nothing(polled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault inside is a 500 with an id and nothing else; the id is in the log."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret hunter2 in /etc/passwd")

    monkeypatch.setattr("projections.queries.locations", broken)
    answer = polled.client.get("/v1/locations")
    _is_problem(answer, 500, "internal-error")
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


def test_database_away(polled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away or locked is 503 with Retry-After, without its words."""

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("host db.internal is locked"))

    monkeypatch.setattr("projections.queries.position", away)
    monkeypatch.setattr("projections.queries.locations", away)
    answer = polled.client.get("/v1/locations")
    _is_problem(answer, 503, "journal-unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert "db.internal" not in answer.text
    assert polled.client.get("/healthz").status_code == 200
    ready = polled.client.get("/readyz")
    _is_problem(ready, 503, "not-ready")
    assert ready.json()["checks"]["database"] == "not usable"


def test_every_refusal_is_registered_with_a_status() -> None:
    """Each kind of refusal has its own code, a title and a status of 4xx or 5xx, and /problems lists it."""
    kinds = all_kinds()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert 400 <= kind.status < 600
        assert kind.title
        assert kind.title[0].isupper()
    assert status_of(Refusal) == 422
    assert kind_of(Refusal("x")).code == "refusal"


def test_types_lead_somewhere(polled: Site) -> None:
    """The type of a problem is the address of its description, and an unknown one is a problem itself."""
    for kind in all_kinds():
        answer = polled.client.get(kind.type)
        assert (answer.status_code, answer.json()["type"]) == (200, kind.type)
    _is_problem(polled.client.get("/problems/none-such"), 404, "no-such-problem")


def test_broken_bodies_end(polled: Site) -> None:
    """A body that stops before its end, or whose length is no number, is a bad request."""
    app = polled.client.app
    for length in (b"10", b"x"):
        status, body = _raw(app, length)
        assert (status, json.loads(body)["type"]) == (400, "/problems/bad-request")


def _raw(app: Any, length: bytes) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []
    messages: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", length)]
    path = f"{DAY}/polls"
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_slow_bodies_end(polled: Site) -> None:
    """A body that does not arrive in time is given up."""
    settings = polled.opened.settings
    object.__setattr__(polled.opened, "settings", settings.model_copy(update={"body_seconds": 0.1}))
    try:
        client = Client(create_app(polled.opened))
    finally:
        object.__setattr__(polled.opened, "settings", settings)

    async def dripping() -> Any:
        yield b"{"
        await asyncio.sleep(1)
        yield b"}"

    answer = client.send("POST", f"{DAY}/polls", content=dripping(), headers={"Content-Type": "application/json"})
    _is_problem(answer, 408, "body-too-slow")
