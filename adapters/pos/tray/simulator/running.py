"""Start and stop: the POS on a port of this machine, and of nobody else's."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


class _Server(uvicorn.Server):
    """A server that ends as soon as it is told to, where it would look and wait a tenth of a second each."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """End; from any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(2):  # until connections that are idle are closed
            await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        for server in self.servers:
            await server.wait_closed()


def _server(pos: TrayPos) -> _Server:
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
    return _Server(config)


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
        server.end()
        thread.join(_STOP_SECONDS)
        listening.close()
