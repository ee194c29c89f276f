"""Resolving names under a deadline of our own: the system's resolver may take minutes and cannot be told to stop."""

import queue
import socket
import threading
from collections.abc import Callable
from typing import Final

import httpcore

LONGEST_SECONDS: Final = 5.0
_MOST_ADDRESSES: Final = 16
# A look-up that is given up goes on in its thread until the system ends it; so many may do so at once.
_MOST_AT_ONCE: Final = 32
_RUNNING: Final = threading.BoundedSemaphore(_MOST_AT_ONCE)

Resolver = Callable[[str, int, float], list[str]]
"""The addresses of a host, in the order of preference: host, port, seconds → addresses."""


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name, at most 16.

    Args:
        host: a name.
        port: that will be connected to.
        seconds: how long to wait at most; never more than :data:`LONGEST_SECONDS`.

    Raises:
        httpcore.ConnectTimeout: there was no answer in time.
        httpcore.ConnectError: there is no such name, or too many look-ups hang.
    """
    if not _RUNNING.acquire(blocking=False):
        raise httpcore.ConnectError("Too many names are being looked up.")
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, min(seconds, LONGEST_SECONDS)))
    except queue.Empty:
        raise httpcore.ConnectTimeout("The name was not resolved in time.") from None
    if isinstance(answer, OSError):
        raise httpcore.ConnectError("The name does not resolve.") from answer
    return answer


def _look_up(host: str, port: int, answers: "queue.SimpleQueue[list[str] | OSError]") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found))[:_MOST_ADDRESSES])
    except (OSError, UnicodeError) as error:
        answers.put(error if isinstance(error, OSError) else OSError("a name that cannot be looked up"))
    finally:
        _RUNNING.release()
