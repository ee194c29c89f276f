"""A till that plays: two stores of one company, every day alike. ``python -m corner_till.playing 0``.

It remembers what it was told of people, jobs and its stores, and can go wrong once where it is told something.
"""

import contextlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

TOKEN = "ct-harbor1"
PERSONAL = ("Quintessa", "Oakenshield")
_DAY = re.compile(r"/stores/(S[12])/days/(\d{4}-\d{2}-\d{2})")
_TOLD = re.compile(r"/stores/(S[12])/(people|jobs)/([^/]+)|/stores/(S[12])/(settings)")
_STALLED = 5


def _cook() -> dict[str, Any]:
    names = {"first_name": PERSONAL[0], "last_name": PERSONAL[1]}
    return {"id": "P1", **names, "email": "quin@corner.example", "active": True, "jobs": ["Cook"], "rates": {}}


def _stores() -> dict[tuple[str, str, str], dict[str, Any]]:
    told: dict[tuple[str, str, str], dict[str, Any]] = {}
    for number in (1, 2):
        store = f"S{number}"
        told[store, "people", "P1"] = _cook()
        told[store, "jobs", "Cook"] = {"id": "Cook", "name": "Cook", "active": True}
        told[store, "settings", ""] = {
            "id": store,
            "name": f"Corner {number}",
            "zone": "America/New_York",
            "active": True,
        }
    return told


@dataclass
class Memory:
    """What a till remembers.

    Attributes:
        told: people, jobs and settings by store and id.
        writes: what it was told that changed something: place and what was said.
        requests: how many arrived.
        fault: what goes wrong with the next request that is to change something; empty: nothing.
        lock: around all of it.
    """

    told: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=_stores)
    writes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: int = 0
    fault: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, store: str, what: str) -> list[dict[str, Any]]:
        """All people or jobs of a store, by id."""
        with self.lock:
            return [told for (place, kind, _), told in sorted(self.told.items()) if (place, kind) == (store, what)]

    def put(self, place: tuple[str, str, str], said: dict[str, Any]) -> str:
        """Remember what is said of something; what is left out stays. Answers why not, or the empty text."""
        with self.lock:
            jobs = {key for store, what, key in self.told if (store, what) == (place[0], "jobs")}
            if place[1] == "people" and not {*said.get("jobs", ()), *said.get("rates", ())} <= jobs:
                return "unknown_job"
            if place[1] == "settings" and "/" not in said.get("zone", "/"):
                return "unknown_zone"
            self.told[place] = {**self.told.get(place, {}), **said}
            self.writes.append(("/".join(place), said))
            return ""


def _day(memory: Memory, store: str, date: str) -> dict[str, Any]:
    sale = {
        "id": f"{date}-1",
        "number": "1",
        "opened": f"{date}T17:00:00Z",
        "closed": f"{date}T17:30:00Z",
        "guests": 2,
        "tax": "0.80",
        "lines": [{"id": "1", "name": "Soup", "category": "Food", "amount": "10.00"}],
        "payments": [{"id": "1", "tender": "Cash", "amount": "10.80"}],
    }
    shift = {
        "id": f"{date}-a",
        "person": "P1",
        "job": "Cook",
        "begins": f"{date}T15:00:00Z",
        "ends": f"{date}T19:00:00Z",
        "rate": "15.00",
    }
    roster = {"people": memory.of(store, "people"), "jobs": memory.of(store, "jobs")}
    return {"store": store, "date": date, "sales": [sale], "shifts": [shift], **roster}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def memory(self) -> Memory:
        found: Memory = self.server.memory  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        if not self._is_known():
            self._answer(401, {})
        elif self.path == "/stores":
            named = {"company": "HARBOR", "company_name": "Harbor Corner Shops"}
            stores = [told for (_, what, _), told in sorted(self.memory.told.items()) if what == "settings"]
            self._answer(200, [{"id": one["id"], "name": one["name"], "zone": one["zone"], **named} for one in stores])
        elif found := _DAY.fullmatch(self.path):
            self._answer(200, _day(self.memory, found[1], found[2]))
        elif (place := _place(self.path)) in self.memory.told:
            self._answer(200, self.memory.told[place])
        else:
            self._answer(404, {})

    def do_PUT(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        if not self._is_known():
            self._answer(401, {})
            return
        place = _place(self.path)
        fault, self.memory.fault = self.memory.fault, ""
        if place is None:
            self._answer(404, {})
        elif fault == "too-many":
            self._answer(429, {}, **{"Retry-After": "7"})
        else:
            self._wrong(fault, self.memory.put(place, said))

    def _wrong(self, fault: str, refused: str) -> None:
        if fault == "silent":
            threading.Event().wait(_STALLED)
            self.close_connection = True
        elif fault == "cut":
            self.send_response_only(200)
            self.send_header("Content-Length", "40")
            self.end_headers()
            self.wfile.write(b"{")
            self.close_connection = True
        elif fault == "gateway":
            self._answer(502, {})
        elif refused:
            self._answer(422, {"error": refused})
        else:
            self._answer(200, {})

    def _is_known(self) -> bool:
        self.memory.requests += 1
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def _answer(self, status: int, content: Any, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response_only(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


def _place(path: str) -> tuple[str, str, str] | None:
    found = _TOLD.fullmatch(path)
    if found is None:
        return None
    return (found[1], found[2], unquote(found[3])) if found[1] else (found[4], found[5], "")


@contextlib.contextmanager
def playing(port: int = 0, memory: Memory | None = None) -> Iterator[str]:
    """A till on this machine; answers its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.memory = memory or Memory()  # type: ignore[attr-defined]
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Play until standard input ends."""
    with playing(int(sys.argv[1])) as url:
        print(url, flush=True)  # noqa: T201 - whoever started it reads where it plays
        sys.stdin.read()


if __name__ == "__main__":
    main()
