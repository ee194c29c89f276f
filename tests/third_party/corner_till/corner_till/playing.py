"""A till that plays: two stores of one company, every day alike. ``python -m corner_till.playing 0``."""

import contextlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "ct-harbor1"
PERSONAL = ("Quintessa", "Oakenshield")
_DAY = re.compile(r"/stores/(S[12])/days/(\d{4}-\d{2}-\d{2})")


def _stores() -> list[dict[str, str]]:
    named = {"company": "HARBOR", "company_name": "Harbor Corner Shops"}
    return [{"id": f"S{n}", "name": f"Corner {n}", "zone": "America/New_York", **named} for n in (1, 2)]


def _day(store: str, date: str) -> dict[str, Any]:
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
    people = [{"id": "P1", "first_name": PERSONAL[0], "last_name": PERSONAL[1]}]
    return {"store": store, "date": date, "sales": [sale], "people": people, "shifts": [shift]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, {})
        elif self.path == "/stores":
            self._answer(200, _stores())
        elif found := _DAY.fullmatch(self.path):
            self._answer(200, _day(found[1], found[2]))
        else:
            self._answer(404, {})

    def _answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def playing(port: int = 0) -> Iterator[str]:
    """A till on this machine; answers its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
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
