"""Receivers of webhooks for tests: messages are checked by a package that no one here wrote."""

import base64
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from unittest import mock

from standardwebhooks.webhooks import Webhook

from adapters.webhooks.simulator import Receiver, Verify


def secret_of(word: str, size: int = 32) -> str:
    """A secret of so many bytes."""
    return f"whsec_{base64.b64encode((word * size).encode()[:size]).decode()}"


SECRET: Final = secret_of("harbor")
OTHER: Final = secret_of("pier")
THIRD: Final = secret_of("dock")


def independent(secret: str) -> Verify:
    """What lets pass messages by the package ``standardwebhooks``, which knows one secret."""
    hook = Webhook(secret)

    def verify(body: bytes, headers: Mapping[str, str]) -> None:
        hook.verify(body, dict(headers))

    return verify


def receiver_of(secret: str = SECRET) -> Receiver:
    """A receiver that checks messages with the independent package."""
    return Receiver([], verify=independent(secret))


@contextmanager
def by_clock(now: Callable[[], dt.datetime]) -> Iterator[None]:
    """The package looks at another clock than the machine's."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Clock":
            at = now().astimezone(tz)
            return cls(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, tz)

    with mock.patch("standardwebhooks.webhooks.datetime", Clock):
        yield
