"""Connects counted at the socket: what this process really calls, whichever library does it."""

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
    """The addresses that sockets of this process connect to while the block lasts."""
    if not _HOOKED:
        sys.addaudithook(_hook)  # there is no way to take one away: it stays, and counts only inside the block
        _HOOKED.append(True)
    seen: list[Any] = []
    _COUNTING.append(seen)
    try:
        yield seen
    finally:
        _COUNTING.remove(seen)
