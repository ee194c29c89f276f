"""Serving the simulated gateway on a port of this machine, and of nobody else's."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from adapters.erp.sage_intacct.simulator.faults import FAULTS, Reply
from adapters.erp.sage_intacct.simulator.gateway import SimulatedGateway

PATH: Final = "/ia/xml/xmlgw.phtml"
_HOST: Final = "127.0.0.1"
_LARGEST: Final = 16 * 2**20
_SILENCE_SECONDS: Final = 120.0
_CONTROL: Final = "/_simulator"


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that is being served.

    Attributes:
        gateway: the gateway.
        url: where, for instance ``http://127.0.0.1:40123``.
    """

    gateway: SimulatedGateway
    url: str


@contextmanager
def running(gateway: SimulatedGateway, port: int = 0) -> Iterator[Running]:
    """Serve a gateway on 127.0.0.1 from a thread; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    stopping = threading.Event()
    server = _server(gateway, port, stopping)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Running(gateway, f"http://{_HOST}:{server.server_port}")
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever hangs up has their reasons."""


def _server(gateway: SimulatedGateway, port: int, stopping: threading.Event) -> _Server:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isascii() or not length.isdigit() or int(length) > _LARGEST:
                self.close_connection = True
                _play(self, Reply(413), stopping)
                return
            body = self.rfile.read(int(length))
            with contextlib.suppress(OSError):
                if self.path == PATH:
                    _play(self, gateway.answer(body), stopping)
                else:
                    _play(self, _controlled(gateway, self.path, body), stopping)

        def do_GET(self) -> None:
            with contextlib.suppress(OSError):
                _play(self, _controlled(gateway, self.path, b""), stopping)

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = _Server((_HOST, port), Handler)
    gateway.endpoint = gateway.endpoint or f"http://{_HOST}:{server.server_port}{PATH}"
    return server


def _play(handler: BaseHTTPRequestHandler, reply: Reply, stopping: threading.Event) -> None:
    if reply.ends == "silent":
        handler.close_connection = True
        _wait_until_given_up(handler.connection, stopping)
        return
    handler.send_response_only(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    if reply.ends == "cut":
        handler.close_connection = True
        handler.wfile.write(reply.body[: len(reply.body) // 2])
    else:
        handler.wfile.write(reply.body)


def _wait_until_given_up(connection: socket.socket, stopping: threading.Event) -> None:
    """Say nothing until whoever asked hangs up."""
    connection.settimeout(0.05)
    for _ in range(int(_SILENCE_SECONDS / 0.05)):
        if stopping.is_set():
            return
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


def _controlled(gateway: SimulatedGateway, path: str, body: bytes) -> Reply:
    """What is told to the simulator itself, by tests and programs in other processes.

    ``GET /_simulator`` answers entries, executed control ids and how many requests came; ``POST /_simulator/faults``
    with ``{"fault": "silent", "times": 1}`` arms one.
    """
    if path == f"{_CONTROL}/faults":
        try:
            told = json.loads(body)
            gateway.arm(str(told["fault"]), int(told.get("times", 1)))
        except (ValueError, KeyError, TypeError, AttributeError):
            return _json({"faults": {name: fault.meaning for name, fault in FAULTS.items()}}, 400)
        return _json({"armed": told["fault"]})
    if path == _CONTROL:
        return _json(seen(gateway))
    return Reply(404)


def seen(gateway: SimulatedGateway) -> dict[str, Any]:
    """What stands in the books, and what came in."""
    books = gateway.books
    return {
        "entries": [
            {**row, "lines": [{"account": line.account, "amount": str(line.amount)} for line in lines]}
            for row, lines in books.entries()
        ],
        "executed": dict(books.executed),
        "requests": len(gateway.requests),
    }


def _json(told: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(told).encode(), {"Content-Type": "application/json"})
