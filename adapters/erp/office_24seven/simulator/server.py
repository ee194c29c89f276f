"""Serving: the vendor on a port of this machine, and of nobody else's."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.erp.office_24seven.simulator.faults import AFTER
from adapters.erp.office_24seven.simulator.vendor import Answer, Vendor

RETRY_AFTER: Final = 7
_MOST_BYTES: Final = 4 * 2**20
_SILENT_SECONDS: Final = 30.0
_BEFORE: Final = {
    "unavailable": Answer(503, {"error": {"name": "Unavailable", "message": "Not now."}}, {}),
    "too-many": Answer(429, {"error": {"name": "TooMany", "message": "Wait."}}, {"retry-after": str(RETRY_AFTER)}),
    "redirect": Answer(302, {}, {"location": "https://elsewhere.example.com/"}),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def do_GET(self) -> None:
        self._play("GET")

    def do_POST(self) -> None:
        self._play("POST")

    def do_PATCH(self) -> None:
        self._play("PATCH")

    def _play(self, method: str) -> None:
        vendor = self.server.vendor
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
        body = self.rfile.read(length)
        if parts.path == "/simulator/faults" and method == "POST":
            vendor.board.arm(**json.loads(body))
            self._say(Answer(200, {}, {}))
            return
        fault = vendor.board.due(method, parts.path)
        if fault and fault not in AFTER:
            self._refuse(fault, method, parts.path)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = vendor.answer(method, parts.path, parts.query, headers, body)
        vendor.requests.append((method, parts.path, answer.status))
        self._deliver(fault, answer)

    def _refuse(self, fault: str, method: str, path: str) -> None:
        vendor = self.server.vendor
        vendor.requests.append((method, path, 0))
        if fault == "hang-up":
            self._hang_up()
        elif fault == "expired-token":
            vendor.expire()
            self._say(vendor.answer("GET", "/v1/accounts", "", {}, b""))
        else:
            self._say(_BEFORE[fault])

    def _deliver(self, fault: str, answer: Answer) -> None:
        if fault == "silence":
            self.server.vendor.stopping.wait(_SILENT_SECONDS)
            self._hang_up()
        elif fault == "cut-answer":
            self._say(answer, cut=True)
            self._hang_up()
        elif fault in {"gateway-error", "gateway-timeout"}:
            self._say(Answer(502 if fault == "gateway-error" else 504, "<html>Bad gateway</html>", {}))
        elif fault == "unreadable":
            self._say(Answer(answer.status, "Done!", answer.headers))
        else:
            self._say(answer)

    def _say(self, answer: Answer, *, cut: bool = False) -> None:
        html = isinstance(answer.content, str)
        body = answer.content.encode() if html else json.dumps(answer.content, default=_plain).encode()
        self.send_response_only(answer.status)
        self.send_header("Content-Type", "text/html" if html else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, vendor: Vendor, port: int) -> None:
        self.vendor = vendor
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *arguments: Any) -> None:
        """Who hung up early is no concern of ours."""


@dataclass(frozen=True, slots=True)
class Running:
    """A vendor that is being served.

    Attributes:
        vendor: it.
        url: the address of the API, for instance ``http://127.0.0.1:40123/v1``.
    """

    vendor: Vendor
    url: str


@contextmanager
def running(vendor: Vendor, port: int = 0) -> Iterator[Running]:
    """Serve a vendor on 127.0.0.1 from a thread; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(vendor, port)
    vendor.stopping.clear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Running(vendor, f"http://127.0.0.1:{server.server_port}/v1")
    finally:
        vendor.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError
