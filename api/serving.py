"""Serving the HTTP application: a socket, a server, and a clean end."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn

from api.composition import OpenHouse
from api.refusals import PortTaken
from api.settings import Settings, check_listening

# Larger than what the guard takes, so that the guard can say so; past this the server hangs up.
_MOST_HEADER_BYTES: Final = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Listening:
    """A socket that waits for requests.

    Attributes:
        socket: bound and not yet served.
        url: its address, ``http://127.0.0.1:8200``.
    """

    socket: socket.socket
    url: str


@contextmanager
def listen(settings: Settings, port: int | None = None) -> Iterator[Listening]:
    """A listening socket at the address of the settings; port 0 takes a free one.

    Args:
        settings: where.
        port: which; without it that of the settings.

    Raises:
        NotLoopback: others than this machine could reach it, who must not.
        PortTaken: somebody listens there already.
    """
    check_listening(settings)
    host, port = settings.host, settings.port if port is None else port
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: else each answer waits 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((address, port))
            bound.listen(128)
        except OSError as error:
            raise PortTaken(
                f"The port {port} of {host} cannot be had ({error.strerror}): stop what listens there, or choose "
                "another with --port (0 takes a free one)."
            ) from None
        taken = bound.getsockname()[1]
        shown = f"[{address}]" if ":" in address else address
        yield Listening(bound, f"http://{shown}:{taken}")


def serve_until_stopped(opened: OpenHouse, listening: Listening) -> None:
    """Serve until Ctrl-C or SIGTERM: then take nothing new, finish what runs (bounded by a setting), and come back."""
    # Half a second that the other commands need not wait.
    from api.http import create_app  # noqa: PLC0415
    from api.http.malformed import Protocol  # noqa: PLC0415

    config = uvicorn.Config(
        create_app(opened),
        http=Protocol,
        ws="none",
        loop="asyncio",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=max(round(opened.settings.shutdown), 1),
    )
    server = uvicorn.Server(config)
    # The server hands each signal on when it is done; that it ended is all that it was for.
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[listening.socket])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
