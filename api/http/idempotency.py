"""Idempotency keys: the same key is the same command, and its recorded outcome the answer, however often it is sent."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.refusals import BadIdempotencyKey, KeyInUse

_KEY: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


def command_id(key: str) -> str:
    """The id of the command that a key stands for; the journal keeps ids apart by client.

    Raises:
        BadIdempotencyKey: the key is not 1 to 255 printable ASCII characters.
    """
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey("An Idempotency-Key is 1 to 255 printable ASCII characters, for example a UUID.")
    return f"key-{hashlib.sha256(key.encode()).hexdigest()[:40]}"


class KeysInUse:
    """The commands that this process is working on: a second request with the same key is told to wait.

    It only saves work. Two processes may work on one key at once; the journal then records one of them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commands: set[tuple[str, str]] = set()

    @contextmanager
    def held(self, client: str, command: str) -> Iterator[None]:
        """Hold a command for as long as the block lasts.

        Raises:
            KeyInUse: somebody else holds it.
        """
        with self._lock:
            if (client, command) in self._commands:
                raise KeyInUse("A request with this Idempotency-Key is being worked on: ask again in a moment.")
            self._commands.add((client, command))
        try:
            yield
        finally:
            with self._lock:
                self._commands.discard((client, command))


IN_USE: Final = KeysInUse()
"""Those of all routes that write."""
