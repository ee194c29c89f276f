"""What somebody hostile sends: forged cursors, fields that are not theirs to set, bodies and headers that are bombs."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import quote

import pytest

from api.http.cursors import write_cursor
from tests.access.requests import SAMPLES, operations, parts, send
from tests.access.town import DATES, HERE, OPERATOR, THERE, Town, principal

PAGED = ("/v1/dss", "/v1/employees", "/v1/jobs", "/v1/locations", "/v1/due", "/v1/connections")
FIELDS = ("client", "actor", "version", "rights", "id_", "recorded_at", "__proto__")


THEIRS_TO_SAY = {("addClient", "client"), ("signIn", "client")}
"""Who adds a client names it, and who signs in says where; both are bodies' own fields, and say nothing of rights."""


def forged(question: list[str], key: list[str]) -> str:
    """A cursor as one would write it who knows everything but the key that it is signed with."""
    check = hashlib.sha256(json.dumps([question, key], separators=(",", ":")).encode()).hexdigest()
    return base64.urlsafe_b64encode(json.dumps([check[:32], key], separators=(",", ":")).encode()).decode().rstrip("=")


@pytest.mark.parametrize("path", PAGED)
def test_cursors_are_signed(town: Town, path: str) -> None:
    """Forged, damaged, of another list, another filter, another client or another store: begin again."""
    given = town.get(OPERATOR, path, limit=1)["next"]
    assert town.ask(OPERATOR, "GET", path, params={"cursor": given, "limit": 1}).status_code == 200
    _, key = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    name = path.removeprefix("/v1/")
    question = {"dss": [HERE, "dss", "", "", "", ""], "employees": [HERE, name, "", ""], "jobs": [HERE, name, "", ""]}
    asked = question.get(name, [HERE, name, ""] if name == "due" else [HERE, name])
    bad = [
        forged(asked, key),
        forged(asked, ["\U0010ffff" for _ in key]),
        # Outside of a request there is another key, as in every other store.
        write_cursor(asked, key),
        given[:-1] + ("A" if given[-1] != "A" else "B"),
        given + "A",
        given[::-1],
        given.upper(),
        "",
        "=" * 40,
        "é",
        base64.urlsafe_b64encode(b"[" * 200).decode(),
    ]
    for cursor in bad:
        answer = town.ask(OPERATOR, "GET", path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-cursor"), cursor
    elsewhere = "/v1/jobs" if path != "/v1/jobs" else "/v1/dss"
    assert town.ask(OPERATOR, "GET", elsewhere, params={"cursor": given}).status_code == 400
    assert town.ask(principal("operator", client=THERE), "GET", path, params={"cursor": given}).status_code == 400


def bodies(town: Town) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation that takes a JSON body."""
    return [one for one in operations(town) if "application/json" in one[2].get("requestBody", {}).get("content", {})]


def test_every_body_has_a_sample(town: Town) -> None:
    """So that a new operation is tried by all of these tests."""
    assert {one["operationId"] for _, _, one in bodies(town)} == {
        name for name, sample in SAMPLES.items() if sample.body is not None
    }


def test_fields_that_nobody_may_set(town: Town) -> None:
    """An unknown field is refused on every body, by its name; nothing is recorded."""
    head = town.opened.journal.head()
    for method, path, operation in bodies(town):
        sample = SAMPLES[operation["operationId"]]
        values = parts(town, sample)
        for field in FIELDS:
            if (operation["operationId"], field) in THEIRS_TO_SAY:
                continue
            body = {**sample.body, field: "x"}
            answer = town.ask(OPERATOR, method, path.format(**values), json=body, headers=sample.headers)
            assert answer.status_code == 422, (path, field, answer.text)
            assert any(field in error["location"] for error in answer.json()["errors"])
    assert town.opened.journal.head() == head


def test_the_document_says_so(town: Town) -> None:
    """No object in a body takes further members, but those that map names to values."""
    schemas = (town.app.openapi_schema or {})["components"]["schemas"]
    seen: set[str] = set()

    def walk(schema: Any) -> None:
        if isinstance(schema, list):
            for one in schema:
                walk(one)
        if not isinstance(schema, dict):
            return
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            assert "properties" not in schemas[name] or schemas[name].get("additionalProperties") is False, name
            walk(schemas[name])
        for value in schema.values():
            walk(value)

    for _, _, operation in bodies(town):
        walk(operation["requestBody"]["content"]["application/json"]["schema"])
    assert seen


def test_an_upload_has_no_other_fields(town: Town) -> None:
    """Neither an unknown one nor one of the request's own facts."""
    for field in FIELDS:
        files = {"location": (None, "alpha"), field: (None, "x"), "file": ("d.csv", b"x\n1\n")}
        answer = town.ask(OPERATOR, "POST", "/v1/imports", files=files)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad-upload"), field


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (b"[" * 200_000, {400}),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {400}),
        (b'{"reason": ' + b"9" * 500_000 + b"}", {400, 422}),
        (b'{"reason": 1e999999}', {400, 422}),
        (b'{"reason": "' + b"x" * 2_000_000 + b'"}', {413}),
        (b'{"reason": "a", "reason": "b"}', {200, 201, 404, 409, 412, 422, 428}),
        (b"\xff\xfe\x00", {400}),
        (b"null", {422}),
        (b"", {422}),
    ],
)
def test_bodies_that_are_bombs(town: Town, content: bytes, statuses: set[int]) -> None:
    """Nested too deeply, too large, no number, no text: a problem, by every operation that takes a body."""
    headers = {"Content-Type": "application/json", "If-Match": '"999999"'}
    for method, path, operation in bodies(town):
        sample = SAMPLES[operation["operationId"]]
        values = parts(town, sample)
        answer = town.ask(OPERATOR, method, path.format(**values), content=content, headers=headers)
        assert answer.status_code in statuses, (path, answer.text[:300])


def test_values_nested_too_deeply(town: Town) -> None:
    """Where a body maps names to anything, anything ends somewhere."""
    deep: Any = "x"
    for _ in range(300):
        deep = {"a": [deep]}
    for operation_id, body in (
        ("configureConnection", {"options": {"has_mpf_tax": deep}, "overrides": {}}),
        ("configureConnection", {"options": {}, "overrides": {"alpha": {"has_mpf_tax": deep}}}),
        ("replayDay", {"options": {"has_mpf_tax": deep}}),
        ("putAccounts", {"accounts": {"sales/*": deep}}),
    ):
        method, path, _ = next(one for one in bodies(town) if one[2]["operationId"] == operation_id)
        values = {"location": "alpha", "connection": "tray", "date": str(DATES[1])}
        given = {**body, "reason": "r"}
        answer = town.ask(OPERATOR, method, path.format(**values), json=given, headers={"If-Match": "*"})
        assert answer.status_code in {400, 422}, answer.text[:300]


LINES = ("\r\nSet-Cookie: a=b", "\nX-Injected: 1", "\x00", "\u2028level=error", "\x1b[31m", "\x85")


class Lines:
    """A log that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **values: Any) -> None:
        """A line."""
        self.told.append((event, values))

    exception = info


@pytest.mark.parametrize("text", LINES)
def test_no_line_of_anybody_else_in_headers_or_logs(town: Town, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line break in a parameter is refused; none comes into a header, and nothing that was sent into the log."""
    log = Lines()
    monkeypatch.setattr("api.http.guard._LOG", log)
    sent = quote(f"hostile{text}")
    day = f"/v1/days/alpha/{DATES[0]}"
    for path in (
        f"/v1/dss?location={sent}",
        f"/v1/polls?limit=1&location={sent}",
        f"/v1/days/{sent}/{DATES[0]}",
        f"/v1/trace/{sent}",
        f"{day}/history?limit=1&record=ticket/{sent}",
        f"/{sent}",
    ):
        answer = town.ask(OPERATOR, "GET", path)
        assert answer.status_code in {400, 404}, answer.text
        assert not {"set-cookie", "x-injected"} & set(answer.headers)
    for name in ("Idempotency-Key", "If-Match", "User-Agent", "Daybook-Role", "X-Forwarded-For"):
        headers = {"Content-Type": "application/json", name: f"hostile{text}".encode()}
        town.ask(OPERATOR, "POST", f"{day}/comments", json={"text": "c", "reason": "r"}, headers=headers)
    town.ask(OPERATOR, f"HOSTILE{sent}"[:20], day)
    assert len(log.told) == 12
    for event, values in log.told:
        assert event == "request"
        assert set(values) == {"method", "route", "status", "duration_ms"}
        assert "hostile" not in str(values).lower()


def test_reasons_are_one_line(town: Town) -> None:
    """What is kept and shown for ever holds no line break and no control character, on every write."""
    head = town.opened.journal.head()
    for method, path, operation in bodies(town):
        sample = SAMPLES[operation["operationId"]]
        if "reason" not in sample.body:
            continue
        values = parts(town, sample)
        for text in LINES:
            body = {**sample.body, "reason": f"fine{text}er"}
            answer = town.ask(OPERATOR, method, path.format(**values), json=body, headers=sample.headers)
            assert answer.status_code == 422, (path, text, answer.text)
    assert town.opened.journal.head() == head


def test_every_problem_of_the_samples_is_registered(town: Town) -> None:
    """All operations once, at a place that is there and at one that is not: problems are of registered types."""
    for method, path, operation in operations(town):
        for location, connection in (("alpha", "tray"), ("xyzzy", "plugh"), ("a b", "a b")):
            answer = send(town, OPERATOR, method, path, operation, location=location, connection=connection)
            assert str(answer.status_code) in operation["responses"], (method, path, answer.status_code)
    assert len(town.codes) > 10
