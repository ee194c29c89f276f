"""Signing: the headers of a message as Standard Webhooks has them, with one secret or, while it is changed, two."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from domain.ports.source import BadEndpoint

PREFIX: Final = "whsec_"
LEAST_BYTES: Final = 24
MOST_BYTES: Final = 64


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for.

    Raises:
        BadEndpoint: it is none; the message does not show it.
    """
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        found = b""
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(found) <= MOST_BYTES:
        raise BadEndpoint(
            f"The secret is not {PREFIX} and {LEAST_BYTES} to {MOST_BYTES} bytes in base64: make one, and give it to "
            "the receiver as well."
        )
    return found


def signed(message: str, at: dt.datetime, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers of a message: its id, when it is sent, and a signature with each key.

    Args:
        message: its id, the same however often it is sent.
        at: when it is sent.
        body: as it is sent, to the byte.
        keys: that it is signed with, the newest first.
    """
    sent = str(int(at.timestamp()))
    content = b".".join((message.encode("ascii"), sent.encode("ascii"), body))
    marks = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode("ascii") for key in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": sent,
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
