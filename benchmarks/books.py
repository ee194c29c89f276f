"""Books over HTTP in a process of their own: as slow as a real system, and they know every reference again."""

import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import httpx
import msgspec

from benchmarks.measuring import ROOT, sound
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.outward import document_bytes
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.systems import Budget, Profile
from domain.ports.target import Done, Effect, OutcomeUncertain, TargetFailure
from tests.support.scripted import Scripted

ANSWER_SECONDS: Final = 0.05
"""What the books take to answer; a real gateway takes longer."""

PROFILE: Final = Profile(
    kind="erp",
    summary="Books that are measured against.",
    capabilities=frozenset({"master-data"}),
    form={"properties": {"environment": {}, "password": {"writeOnly": True}}},
    hosts=("*",),
    budget=Budget(2, 1_000_000),
)


class Told(msgspec.Struct, frozen=True):
    """What the books are told."""

    reference: str
    document: str


@dataclass
class HttpBooks(Scripted):
    """The system of these books, and the target that writes to them."""

    key: str = "books"
    title: str = "Books"
    profile: Profile = PROFILE
    takes: frozenset[ObjectType] = frozenset({"account"})
    url: str = ""

    def __post_init__(self) -> None:
        self.client = httpx.Client(trust_env=False, timeout=10)

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> "HttpBooks":
        """Itself."""
        sound(bool(filled.secret) and limits is not None, "The connection has no secret.")
        return self

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Bring about an effect."""
        sound(until is not None, "An attempt has an end.")
        try:
            answer = tell(self.client, self.url, effect.reference, document_bytes(effect.document))
        except httpx.HTTPError as error:
            raise OutcomeUncertain(type(error).__name__) from error
        if answer.status_code != 200:
            raise TargetFailure("unavailable", "The books are away.")
        return Done(effect.reference, found=answer.json()["found"])

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Nothing gets lost here."""
        raise AssertionError((effect, until))


def tell(client: httpx.Client, url: str, reference: str, document: bytes) -> httpx.Response:
    """One request to the books."""
    return client.post(url, content=msgspec.json.encode(Told(reference, document.decode())))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    known: Final[set[str]] = set()
    lock: Final = threading.Lock()

    def do_POST(self) -> None:
        """Keep a reference."""
        told = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])), type=Told)
        time.sleep(ANSWER_SECONDS)
        with self.lock:
            found = told.reference in self.known
            self.known.add(told.reference)
        self._answer({"found": found})

    def do_GET(self) -> None:
        """How many references are known."""
        self._answer({"known": len(self.known)})

    def _answer(self, content: Any) -> None:
        body = msgspec.json.encode(content)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's
        """Say nothing."""


@contextmanager
def books_served() -> Iterator[str]:
    """The address of books that serve on 127.0.0.1 for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.books"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().decode().strip()
        sound(bool(line), "The books did not start.")
        yield line
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


def main() -> None:
    """Serve until standard input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}/\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
