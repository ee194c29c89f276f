"""Serving the simulated HR system on a port of this machine, and of nobody else's."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from adapters.hris.scim.simulator.answering import BASE, Asked, HrService
from adapters.hris.scim.simulator.describing import MEDIA_TYPE

_HOST: Final = "127.0.0.1"
_MOST_BYTES: Final = 2**20


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def _play(self) -> None:
        parts = urlsplit(self.path)
        self.rfile.read(min(int(self.headers.get("content-length") or 0), _MOST_BYTES))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers)
        reply = self.server.service.answer(asked)
        body = b"" if reply.content is None else json.dumps(reply.content).encode()
        self.send_response_only(reply.status)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self) -> None:
        self._play()

    def do_POST(self) -> None:
        self._play()

    def do_PUT(self) -> None:
        self._play()

    def do_PATCH(self) -> None:
        self._play()

    def do_DELETE(self) -> None:
        self._play()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, service: HrService, port: int) -> None:
        self.service = service
        super().__init__((_HOST, port), _Handler)

    def handle_error(self, *_: Any) -> None:
        """Who hung up early is no concern of ours."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is being served.

    Attributes:
        service: it.
        url: its root, for instance ``http://127.0.0.1:40123``.
        base: the SCIM base URL, below which there are Users.
    """

    service: HrService
    url: str
    base: str


@contextlib.contextmanager
def running(service: HrService, port: int = 0) -> Iterator[Running]:
    """Serve it on 127.0.0.1 from a thread; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    server = _Server(service, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    url = f"http://{_HOST}:{server.server_port}"
    try:
        yield Running(service, url, f"{url}{BASE}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
