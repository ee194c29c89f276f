"""A stage: a small HTTP server that plays a Tray venue row by row, and misbehaves exactly as a test tells it."""

import contextlib
import datetime as dt
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "canary-key-0815"
DATE = dt.date(2026, 11, 20)
ZONE = "America/New_York"
SERVER_TIME = "2026-11-21T12:00:00Z"
Rows = list[dict[str, Any]]


@dataclass
class Answer:
    """What goes out: status, headers and body; or ``raw`` bytes, one after the other with pauses, past HTTP."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    raw: list[bytes] | None = None
    pause: float = 0.0
    reset: bool = False


@dataclass(frozen=True)
class Asked:
    """One request: its resource, its parameters, how many of the resource came before it, and its headers."""

    resource: str
    parameters: dict[str, str]
    nth: int
    headers: dict[str, str]

    @property
    def sweeps(self) -> bool:
        """It asks what changed."""
        return "modifiedSince" in self.parameters


Tamper = Callable[[Asked, Answer], Answer]


class Stage:
    """The venue's rows, the tampering, and the log of what was asked."""

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {**day_rows(), "venues": [venue(100), venue(101)]}
        self.page_rows = 2
        self.tamper: Tamper = lambda _, answer: answer
        self.changed: dict[str, Rows] = {}
        self.asked: list[Asked] = []
        self.url = ""
        self.stopping = threading.Event()

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """The answer to one request, tampered with."""
        parts = urlsplit(path)
        resource = parts.path.rsplit("/", 1)[1]
        nth = sum(1 for asked in self.asked if asked.resource == resource)
        asked = Asked(resource, dict(parse_qsl(parts.query)), nth, headers)
        self.asked.append(asked)
        rows = self.changed.get(resource, []) if asked.sweeps else self.rows[resource]
        begin = int(asked.parameters.get("cursor", "0"))
        end = begin + self.page_rows
        cursor = str(end) if end < len(rows) else None
        return self.tamper(asked, Answer(body=page(rows[begin:end], cursor)))


def page(rows: Rows, cursor: str | None = None) -> bytes:
    """An answer of the contract."""
    return compact({"data": rows, "nextCursor": cursor, "serverTime": SERVER_TIME})


def compact(value: Any) -> bytes:
    """JSON without spaces, as servers write it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@contextmanager
def staged() -> Iterator[Stage]:
    """A stage that is being served on this machine."""
    stage = Stage()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = stage.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            with contextlib.suppress(OSError):
                self.play(answer)

        do_POST = do_GET  # noqa: N815 - the name that the server looks for

        def play(self, answer: Answer) -> None:
            if answer.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                self.connection.close()
                self.close_connection = True
            elif answer.raw is not None:
                self.close_connection = True
                for piece in answer.raw:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    if stage.stopping.wait(answer.pause):
                        return
            else:
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                else:
                    self.close_connection = True
                self.end_headers()
                self.wfile.write(answer.body)

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    stage.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stage
    finally:
        stage.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def venue(number: int, **more: Any) -> dict[str, Any]:
    """A venue that the key opens."""
    return {
        "id": f"V{number}",
        "name": f"Venue {number}",
        "zone": ZONE,
        "organizationId": "ORG-1",
        "organizationName": "Harbor Restaurants",
        **more,
    }


def item(number: int, price: str, **more: Any) -> dict[str, Any]:
    """A line of a check: one piece, no tax, not voided, unless told."""
    return {
        "id": f"i{number}",
        "parentId": None,
        "name": f"Item {number}",
        "category": "Food",
        "quantity": 1,
        "price": price,
        "taxes": [],
        "void": None,
        **more,
    }


def payment(number: int, amount: str, tip: str = "0.00", **more: Any) -> dict[str, Any]:
    """A payment on a check."""
    return {"id": f"p{number}", "tender": "Cash", "amount": amount, "tip": tip, "void": None, **more}


def check(number: int, items: Rows, payments: Rows, tax: str = "0.00", **more: Any) -> dict[str, Any]:
    """A check of the day."""
    return {
        "id": f"c{number}",
        "number": str(1000 + number),
        "openedAt": "2026-11-20T17:00:00Z",
        "closedAt": "2026-11-20T18:00:00Z",
        "zone": ZONE,
        "businessDate": DATE.isoformat(),
        "serviceType": "Dine In",
        "revenueCenter": "Bar",
        "server": "s1",
        "guests": 2,
        "items": items,
        "discounts": [],
        "payments": payments,
        "taxTotal": tax,
        **more,
    }


def payments_of(checks: Rows) -> Rows:
    """The rows of the resource ``payments`` that belong to checks."""
    return [
        {**entry, "checkId": row["id"], "businessDate": row["businessDate"], "at": row["closedAt"], "zone": row["zone"]}
        for row in checks
        for entry in row["payments"]
    ]


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A time entry of the day: 8:00 to 16:00 in New York."""
    return {
        "id": f"t{number}",
        "staffId": "s1",
        "jobId": "j1",
        "actualRate": "14.00",
        "in": "2026-11-20T13:00:00Z",
        "out": "2026-11-20T21:00:00Z",
        "zone": ZONE,
        "businessDate": DATE.isoformat(),
        "breaks": [],
        "declaredTips": "0.00",
        "chargeTips": "0.00",
        "terminal": "POS 1",
        "modifiedAt": "2026-11-20T21:00:00Z",
        "hours": "8.00",
        "pay": "112.00",
        **more,
    }


def person(number: int, **more: Any) -> dict[str, Any]:
    """Somebody on the staff list."""
    return {
        "id": f"s{number}",
        "firstName": f"First-{number}-canary",
        "lastName": f"Last-{number}-canary",
        "address": "1 Canary St",
        "phone": "(555) 555-0100",
        "ssn": f"900-11-000{number}",
        "email": f"canary{number}@example.com",
        "dateOfBirth": "1990-01-01",
        "posId": "1001",
        "hireDate": "2020-01-01",
        "payrollId": "P1",
        "active": True,
        "jobs": [{"jobId": "j1", "rate": "14.00"}],
        **more,
    }


def deposit(number: int, **more: Any) -> dict[str, Any]:
    """A deposit of the day."""
    return {
        "id": f"d{number}",
        "number": "7",
        "amount": "50.00",
        "businessDate": DATE.isoformat(),
        "createdAt": "2026-11-20T22:00:00Z",
        "closedAt": None,
        "by": "s1",
        "zone": ZONE,
        **more,
    }


def day_rows() -> dict[str, Rows]:
    """A small day: three checks on two pages, and something in every resource."""
    checks = [
        check(1, [item(1, "10.00"), item(2, "2.50", quantity=2)], [payment(1, "16.00", "3.00")], "1.00"),
        check(2, [item(1, "8.00")], [payment(1, "4.00"), payment(2, "4.00")]),
        check(3, [item(1, "5.25")], [payment(1, "5.25")]),
    ]
    rows: dict[str, Rows] = {
        "checks": checks,
        "payments": payments_of(checks),
        "voids": [],
        "time-entries": [entry(1)],
        "staff": [person(1), person(2)],
        "jobs": [{"id": "j1", "code": "SRV", "name": "Server", "rate": "14.00"}],
        "deposits": [deposit(1)],
        "paid-in-out": [
            {
                "id": "x1",
                "type": "out",
                "name": "Ice",
                "amount": "5.00",
                "affectsCash": True,
                "at": "2026-11-20T19:00:00Z",
                "by": "s1",
                "notes": None,
                "businessDate": DATE.isoformat(),
                "zone": ZONE,
            }
        ],
    }
    return deepcopy(rows)
