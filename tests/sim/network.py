"""A network without sockets: the POS answers in the same thread, and the real HTTP client parses what comes.

What the POS sends below HTTP (half an answer, silence, a reset) is played piece by piece; waiting for it moves the
world's clock and never the machine's.
"""

import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any, Final, cast

import httpcore
from starlette.applications import Starlette
from starlette.types import Message, Scope

from adapters.pos.tray.simulator.faults.registry import Wire
from adapters.pos.tray.simulator.server import TRANSPORT
from tests.sim.clock import SimClock

REFUSALS: Final[dict[str, Callable[[], Exception]]] = {
    "network_refused": lambda: httpcore.ConnectError("connection refused"),
    "network_no_such_host": lambda: httpcore.ConnectError("name or service not known"),
    "network_untrusted": lambda: httpcore.ConnectError("certificate verify failed"),
    "network_connect_timeout": lambda: httpcore.ConnectTimeout("connecting took too long"),
    "network_write_timeout": lambda: httpcore.WriteTimeout("sending took too long"),
    "network_hung_up": lambda: httpcore.ReadError("connection reset by peer"),
}
"""What can go wrong before the POS is reached, by the name under which it is armed."""

_PIECES: Final = 4096


class Network(httpcore.NetworkBackend):
    """Every connection leads to one POS.

    Attributes:
        armed: refusals that come next, in order.
        fired: how often each of them came.
        requests: how many reached the POS.
        after_answer: called when the POS has answered one, before anything of it is read.
    """

    def __init__(self, app: Starlette, clock: SimClock, rng: random.Random) -> None:
        self._app = app
        self._clock = clock
        self._rng = rng
        self.armed: list[str] = []
        self.fired: dict[str, int] = {}
        self.requests = 0
        self.after_answer: Callable[[], None] | None = None

    def refuse(self, stage: str) -> None:
        """Fail here, if that is what is armed next."""
        if self.armed and (self.armed[0] in {"network_write_timeout", "network_hung_up"}) == (stage == "send"):
            name = self.armed.pop(0)
            self.fired[name] = self.fired.get(name, 0) + 1
            if name.endswith("timeout"):
                self._clock.sleep(5)
            raise REFUSALS[name]()  # noqa: RSE102 - a function that makes it

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the POS, whatever the address."""
        assert (host, local_address, socket_options or ()) == ("127.0.0.1", None, ())
        assert port
        assert timeout is None or timeout > 0
        self.refuse("connect")
        return _Stream(self, self._app, self._clock, self._rng)


class _Stream(httpcore.NetworkStream):
    """One connection: collects a request, lets the POS answer it, and hands out the answer in pieces."""

    def __init__(self, network: Network, app: Starlette, clock: SimClock, rng: random.Random) -> None:
        self._network = network
        self._app = app
        self._clock = clock
        self._rng = rng
        self._request = b""
        self._pieces: Iterator[bytes | float | None] = iter(())
        self._left = b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        assert timeout is None or timeout > 0
        self._network.refuse("send")
        self._request += buffer
        if self._request.endswith(b"\r\n\r\n"):
            request, self._request = self._request, b""
            self._network.requests += 1
            self._pieces = iter(answered(self._app, request))
            if self._network.after_answer:
                self._network.after_answer()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = 30.0 if timeout is None else timeout
        while not self._left:
            piece = next(self._pieces, b"")
            if piece is None:
                raise httpcore.ReadError("connection reset by peer")
            if isinstance(piece, float):
                self._clock.sleep(min(piece, limit))
                limit -= piece
                if limit <= 0:
                    raise httpcore.ReadTimeout("nothing came")
                continue
            if not piece:
                return b""
            self._left = piece
        size = min(max_bytes, self._rng.randint(1, _PIECES) if self._rng.random() < 0.2 else max_bytes)
        given, self._left = self._left[:size], self._left[size:]
        return given

    def close(self) -> None:
        self._pieces = iter(())

    def get_extra_info(self, info: str) -> Any:
        return None if info != "is_readable" else False


class _Wire(Wire):
    """The naked connection of a fault below HTTP: what it does is noted, and nobody waits."""

    def __init__(self, pieces: list[bytes | float | None]) -> None:
        self._pieces = pieces

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._pieces.append(data)

    async def pause(self, seconds: float) -> bool:
        """Let the reader wait."""
        self._pieces.append(seconds)
        return True

    async def hang_up(self, *, reset: bool = False) -> None:
        """End the connection, politely or with a reset."""
        self._pieces.append(None if reset else b"")


def answered(app: Starlette, request: bytes) -> list[bytes | float | None]:
    """What the POS sends to a request: bytes, seconds in which nothing comes, None for a reset, empty for the end."""
    head, *lines = request.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = head.split(" ")
    path, _, query = target.partition("?")
    pairs = [line.partition(": ") for line in lines]
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, _, value in pairs]
    pieces: list[bytes | float | None] = []
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        TRANSPORT: _Wire(pieces),
    }

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = b"".join(name + b": " + value + b"\r\n" for name, value in message["headers"])
            pieces.append(f"HTTP/1.1 {message['status']} OK\r\n".encode() + given + b"\r\n")
        else:
            pieces.append(bytes(message.get("body", b"")))

    for _ in cast("Awaitable[None]", app(scope, receive, send)).__await__():
        raise AssertionError("The POS waits for something in a world where nothing happens meanwhile.")
    return pieces
