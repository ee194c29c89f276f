"""Bad requests, each with the status and the problem that answer it."""

import socket
from http.client import HTTPResponse
from typing import Any, Final

from tests.api.site import DATES

DAY: Final = f"/v1/days/alpha/{DATES[0]}"

BAD: Final[list[tuple[str, str, dict[str, Any], int, str]]] = [
    # The most invalid first: addresses.
    ("GET", "/v1/days/al%00pha/2026-01-01", {}, 400, "control-characters"),
    ("GET", "/v1/days/alpha/2026-01-01%0a", {}, 400, "control-characters"),
    ("GET", "/v1/days/al%7Fpha/2026-01-01", {}, 400, "control-characters"),
    ("GET", "/v1/polls?location=%00", {}, 400, "control-characters"),
    ("GET", "/v1/polls?%00=1", {}, 400, "control-characters"),
    ("GET", "/v1/days/%ff/2026-01-01", {}, 400, "control-characters"),
    ("GET", "/v1/dss?from=%C2%85", {}, 400, "control-characters"),
    ("GET", "/v1/polls?location=" + "a" * 9000, {}, 414, "address-too-long"),
    ("GET", "/nothing", {}, 404, "no-such-address"),
    ("GET", "/v1/locations/", {}, 404, "no-such-address"),
    ("GET", "/v1/days/alpha", {}, 404, "no-such-address"),
    ("GET", f"{DAY}/polls", {}, 405, "method-not-allowed"),
    ("DELETE", DAY, {}, 405, "method-not-allowed"),
    ("HEAD", DAY, {}, 405, "method-not-allowed"),
    # Dates and identifiers.
    ("GET", "/v1/days/alpha/0", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/2026-02-30", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/2026-1-1", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/20260101", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/2026-01-01T00:00:00Z", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/%EF%BC%92026-01-01", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/alpha/9999-01-01", {}, 400, "not-a-business-date"),
    ("GET", "/v1/days/al:pha/2026-01-01", {}, 400, "bad-identifier"),
    ("GET", f"/v1/days/{'a' * 65}/2026-01-01", {}, 400, "bad-identifier"),
    ("GET", "/v1/polls?date=1", {}, 400, "not-a-business-date"),
    ("GET", "/v1/polls?location=..", {}, 400, "bad-identifier"),
    ("GET", f"{DAY}/history?record=ticket", {}, 400, "bad-identifier"),
    ("GET", "/v1/dss?from=2026-01-02&to=2026-01-01", {}, 422, "ends-before-it-begins"),
    # Moments.
    ("GET", f"{DAY}/dss?as_of=yesterday", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=2026-01-01", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=2026-01-01T00:00:00", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=2190-01-01T00:00:00Z", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=9999-12-31T23:59:59-14:00", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=999999999999", {}, 400, "bad-moment"),
    ("GET", f"{DAY}/dss?as_of=-1", {}, 400, "bad-moment"),
    # Numbers and names of parameters.
    ("GET", "/v1/facts?limit=0", {}, 422, "invalid-request"),
    ("GET", "/v1/facts?limit=501", {}, 422, "invalid-request"),
    ("GET", "/v1/facts?after=-1", {}, 422, "invalid-request"),
    ("GET", "/v1/facts?after=9223372036854775808", {}, 422, "invalid-request"),
    ("GET", "/v1/facts?after=1e3", {}, 422, "invalid-request"),
    ("GET", "/v1/facts?limit=1&limit=2", {}, 422, "invalid-request"),
    ("GET", "/v1/dss?form=2026-01-01", {}, 422, "invalid-request"),
    ("GET", "/v1/polls?outcome=good", {}, 422, "invalid-request"),
    ("GET", "/v1/locations?min_position=x", {}, 422, "invalid-request"),
    ("GET", "/v1/locations", {"headers": {"Daybook-Min-Position": "-1"}}, 422, "invalid-request"),
    ("GET", "/v1/dss?cursor=x", {}, 400, "bad-cursor"),
    # Bodies.
    ("POST", f"{DAY}/polls", {"content": b"reason=x"}, 415, "not-json"),
    ("POST", f"{DAY}/polls", {"data": {"reason": "x"}}, 415, "not-json"),
    ("POST", f"{DAY}/polls", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "bad-request"),
    ("POST", f"{DAY}/polls", {"content": b"\xff", "headers": {"Content-Type": "application/json"}}, 400, "bad-request"),
    ("POST", f"{DAY}/polls", {"content": b"", "headers": {"Content-Type": "application/json"}}, 422, "invalid-request"),
    (
        "POST",
        f"{DAY}/polls",
        {"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}},
        400,
        "bad-request",
    ),
    ("POST", f"{DAY}/polls", {"json": []}, 422, "invalid-request"),
    ("POST", f"{DAY}/polls", {"json": {}}, 422, "invalid-request"),
    ("POST", f"{DAY}/polls", {"json": {"reason": 1}}, 422, "invalid-request"),
    ("POST", f"{DAY}/polls", {"json": {"reason": ""}}, 422, "invalid-request"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "  "}}, 422, "bad-reason"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "x" * 501}}, 422, "invalid-request"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "nul \0"}}, 422, "bad-reason"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "two\nlines"}}, 422, "bad-reason"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "\u2028"}}, 422, "bad-reason"),
    (
        "POST",
        f"{DAY}/polls",
        {"content": b'{"reason": "\\ud800"}', "headers": {"Content-Type": "application/json"}},
        422,
        "invalid-request",
    ),
    (
        "POST",
        f"{DAY}/polls",
        {"content": b'{"reason": "x", "\\ud800": 1}', "headers": {"Content-Type": "application/json"}},
        422,
        "invalid-request",
    ),
    ("POST", f"{DAY}/polls", {"json": {"reason": "x", "actor": "root"}}, 422, "invalid-request"),
    ("POST", f"{DAY}/replays", {"json": {"apply": True}}, 422, "bad-reason"),
    ("POST", f"{DAY}/polls", {"json": {"reason": "x" * 2_000_000}}, 413, "body-too-large"),
    ("POST", f"{DAY}/polls", {"headers": {"Content-Length": "9" * 30}, "json": {}}, 413, "body-too-large"),
    ("POST", "/v1/days/alpha/0/polls", {"json": {"reason": "x"}}, 400, "not-a-business-date"),
    # Hosts and headers.
    ("GET", DAY, {"headers": {"Host": "evil.example"}}, 421, "not-this-host"),
    ("GET", DAY, {"headers": {"Host": "127.0.0.1.evil.example"}}, 421, "not-this-host"),
    ("GET", DAY, {"headers": {"Host": "localhost:8200@evil"}}, 421, "not-this-host"),
    ("GET", DAY, {"headers": {"Host": ""}}, 421, "not-this-host"),
    ("GET", DAY, {"headers": {"X-Long": "a" * 40_000}}, 431, "headers-too-large"),
    ("GET", DAY, {"headers": {f"X-{number}": "a" for number in range(120)}}, 431, "headers-too-large"),
]


NONSENSE: Final = (
    b"\x16\x03\x01\x00\xa5\x01\x00",
    b"GET\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost\r\n\r\n",
    b"\0" * 50 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
)
"""Bytes that are no request of HTTP."""


def raw(url: str, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """What a server answers to bytes: status, headers by lower-case name, and content."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(sent)
        answer = HTTPResponse(line)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
