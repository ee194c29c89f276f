"""Start and stop: the POS on a port of this machine, and of nobody else's."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.pos.tray.simulator.pos import TrayPos
from adapters.pos.tray.simulator.server import TRANSPORT, create_app

_HOST = "127.0.0.1"
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


class _LendingProtocol(H11Protocol):
    """HTTP/1.1 as usual, but a request's scope carries its connection, for the faults that act below HTTP."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = transport
            await inner(scope, receive, send)

        self.app = app


@dataclass(frozen=True, slots=True)
class Running:
    """A POS that is being served.

    Attributes:
        pos: the POS.
        url: where, for instance ``http://127.0.0.1:40123``.
        port: its port.
    """

    pos: TrayPos
    url: str
    port: int


def _server(pos: TrayPos) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(pos),
        http=_LendingProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,  # the process that we are in decides about logging
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's algorithm off only then; with it an answer takes 40 ms more.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
    except OSError:
        listening.close()
        raise
    return listening


@contextmanager
def running(pos: TrayPos, port: int = 0) -> Iterator[Running]:
    """Serve a POS on 127.0.0.1 from a thread; port 0 takes a free one.

    Raises:
        OSError: the port is taken.
        TimeoutError: the server did not come up.
    """
    listening = _listen(port)
    taken = int(listening.getsockname()[1])
    server = _server(pos)
    pos.stopping.clear()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name=f"tray-pos-{taken}", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                message = "The simulated POS did not come up."
                raise TimeoutError(message)
            time.sleep(0.005)
        yield Running(pos, f"http://{_HOST}:{taken}", taken)
    finally:
        pos.stopping.set()
        server.should_exit = True
        thread.join(_STOP_SECONDS)
        listening.close()


def serve(pos: TrayPos, port: int) -> None:
    """Serve a POS on 127.0.0.1 until interrupted; Ctrl-C ends it with KeyboardInterrupt.

    Raises:
        OSError: the port is taken.
    """
    listening = _listen(port)
    pos.stopping.clear()
    try:
        _server(pos).run(sockets=[listening])
    finally:
        pos.stopping.set()
        listening.close()
