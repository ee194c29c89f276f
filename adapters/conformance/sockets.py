"""What this process really calls: connects counted at the socket, and names that lead where a trial wants them to."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_COUNTING: Final[list[list[Any]]] = []
_HOOKED: Final[list[bool]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _COUNTING and isinstance(arguments[1], tuple):
        for seen in _COUNTING:
            seen.append(arguments[1])


@contextmanager
def connects() -> Iterator[list[Any]]:
    """The addresses that sockets of this process connect to while the block lasts, whichever library does it."""
    if not _HOOKED:
        sys.addaudithook(_hook)  # there is no way to take one away: it stays, and counts only inside a block
        _HOOKED.append(True)
    seen: list[Any] = []
    _COUNTING.append(seen)
    try:
        yield seen
    finally:
        _COUNTING[:] = [other for other in _COUNTING if other is not seen]


@contextmanager
def names_lead_to(address: str) -> Iterator[list[str]]:
    """Every name resolves to one address while the block lasts; answers the names that were looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolved(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if _is_address(host):
            return real(host, port, *arguments, **named)
        asked.append(str(host))
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, int(port or 0)))]

    socket.getaddrinfo = resolved
    try:
        yield asked
    finally:
        socket.getaddrinfo = real


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
