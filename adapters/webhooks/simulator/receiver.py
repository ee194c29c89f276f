"""The receiver: it lets pass what is signed, takes each message once by its id, and remembers all of it."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.webhooks.simulator.faults import Board

TOLERANCE_SECONDS: Final = 300
_LOGGED: Final = 10_000

Verify = Callable[[bytes, Mapping[str, str]], None]
"""Lets pass a body with its headers, in small letters; raises for all that is forged, too old, or of another secret."""

SECRET: Final = "whsec_c2ltdWxhdGVkLXJlY2VpdmVyLW9mLW5vdGljZXM="  # noqa: S105 - of the simulator alone
"""With which a receiver that is tried out checks what it is told."""


class Forged(Exception):
    """A message is not signed as it has to be."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that was taken.

    Attributes:
        id: of the message.
        body: to the byte.
    """

    id: str
    body: bytes

    @property
    def content(self) -> Any:
        """What it says."""
        return json.loads(self.body)


class Receiver:
    """Somebody who is told by webhooks. Any thread may call it.

    Attributes:
        told: what was taken, in its order; each id once.
        deliveries: every message that was signed, taken or known already: ids and bodies.
        answers: the status of every answer, 0 where none came.
        rejected: messages that were not signed as they have to be.
        board: the armed faults.
        verify: what lets messages pass.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        *,
        verify: Verify | None = None,
        hear: Callable[[Told], None] | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.told: list[Told] = []
        self.deliveries: list[Told] = []
        self.answers: deque[int] = deque(maxlen=_LOGGED)
        self.rejected = 0
        self.board = Board()
        self.verify = verify or checking(secrets, now)
        self.stopping = threading.Event()
        self._hear = hear
        self._known: set[str] = set()
        self._lock = threading.RLock()

    def forget(self) -> None:
        """Forget everything that it was told, and all faults."""
        with self._lock:
            self.told.clear()
            self.deliveries.clear()
            self._known.clear()
            self.rejected = 0
            self.board.clear()

    def times(self, message: str) -> int:
        """How often a message was taken."""
        return sum(told.id == message for told in self.told)

    def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Take a message, once; answers status and what is said."""
        with self._lock:
            try:
                self.verify(body, headers)
            except Exception:  # noqa: BLE001 - whatever checks has errors of its own
                self.rejected += 1
                return 401, "not signed"
            told = Told(headers.get("webhook-id", ""), body)
            self.deliveries.append(told)
            if told.id in self._known:
                return 200, "known"
            self._known.add(told.id)
            self.told.append(told)
        if self._hear is not None:
            self._hear(told)
        return 200, "taken"


def checking(secrets: Iterable[str], now: Callable[[], dt.datetime]) -> Verify:
    """What lets pass messages that are signed with one of the secrets, and sent within five minutes."""
    keys = [base64.b64decode(secret.partition("whsec_")[2]) for secret in secrets]

    def verify(body: bytes, headers: Mapping[str, str]) -> None:
        sent = headers.get("webhook-timestamp", "")
        if not sent.isdigit() or abs(now().timestamp() - int(sent)) > TOLERANCE_SECONDS:
            raise Forged
        content = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
        wanted = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
        for mark in headers.get("webhook-signature", "").split(" "):
            version, _, given = mark.partition(",")
            if version == "v1" and any(hmac.compare_digest(given.encode(), one.encode()) for one in wanted):
                return
        raise Forged

    return verify
