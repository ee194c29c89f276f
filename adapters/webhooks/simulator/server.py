"""Serving: the receiver on a port of this machine, and of nobody else's."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from adapters.webhooks.simulator.faults import AFTER
from adapters.webhooks.simulator.receiver import Receiver

PATH: Final = "/hooks"
RETRY_AFTER: Final = 7
_MOST_BYTES: Final = 2**20
_SILENT_SECONDS: Final = 30.0
_LARGE: Final = 2**20

_WAIT: Final = {"retry-after": str(RETRY_AFTER)}
_BEFORE: Final[Mapping[str, tuple[int, Mapping[str, str]]]] = {
    "down": (500, {}),
    "unavailable": (503, _WAIT),
    "too-many": (429, _WAIT),
    "refuse": (400, {}),
    "forget-secret": (401, {}),
    "gone": (410, {}),
    "redirect": (302, {"location": "https://elsewhere.example.com/"}),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def do_GET(self) -> None:
        if self.path != "/simulator/told":
            self._say(404, "nothing here")
            return
        told = [{"id": told.id, **told.content} for told in self.server.receiver.told]
        self._say(200, json.dumps(told))

    def do_POST(self) -> None:
        receiver = self.server.receiver
        length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
        body = self.rfile.read(length)
        if self.path == "/simulator/faults":
            receiver.board.arm(**json.loads(body))
            self._say(200, "armed")
        elif self.path != PATH:
            self._say(404, "nothing here")
        else:
            self._take(receiver, body)

    def _take(self, receiver: Receiver, body: bytes) -> None:
        fault = receiver.board.due()
        if fault in _BEFORE:
            status, headers = _BEFORE[fault]
            receiver.answers.append(status)
            self._say(status, "no", headers)
        elif fault and fault not in AFTER:
            receiver.answers.append(0)
            self._hang_up()
        else:
            named = {name.lower(): value for name, value in self.headers.items()}
            status, said = receiver.receive(named, body)
            receiver.answers.append(status)
            self._answer(fault, status, said)

    def _answer(self, fault: str, status: int, said: str) -> None:
        match fault:
            case "silence":
                self.server.receiver.stopping.wait(_SILENT_SECONDS)
                self._hang_up()
            case "cut-answer":
                self._say(status, said, cut=True)
                self._hang_up()
            case "gateway-error" | "gateway-timeout":
                self._say(502 if fault == "gateway-error" else 504, "<html>Bad gateway</html>")
            case "large-answer":
                self._say(status, "x" * _LARGE)
            case "answered-twice":
                self._say(status, said)
                self._say(status, said)
            case _:
                self._say(status, said)

    def _say(self, status: int, said: str, headers: Mapping[str, str] | None = None, *, cut: bool = False) -> None:
        body = said.encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
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

    def __init__(self, receiver: Receiver, port: int) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *arguments: Any) -> None:
        """Who hung up early is no concern of ours."""


@dataclass(frozen=True, slots=True)
class Running:
    """A receiver that is being served.

    Attributes:
        receiver: it.
        url: where it is told, for instance ``http://127.0.0.1:40123/hooks``.
    """

    receiver: Receiver
    url: str


@contextmanager
def running(receiver: Receiver, port: int = 0) -> Iterator[Running]:
    """Serve a receiver on 127.0.0.1 from a thread; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(receiver, port)
    receiver.stopping.clear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Running(receiver, f"http://127.0.0.1:{server.server_port}{PATH}")
    finally:
        receiver.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
