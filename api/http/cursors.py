"""Cursors of paged lists: opaque to the reader, signed, and good for the one question that they were given for."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final

import msgspec

from api.refusals import BadCursor

_LONGEST: Final = 600

_NOBODYS: Final = secrets.token_bytes(32)
SIGNING: Final[ContextVar[bytes]] = ContextVar("SIGNING", default=_NOBODYS)
"""The key of the daybook whose request this is; outside of any request one that nobody knows."""


class _Content(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    check: str
    key: list[str]


_DECODE: Final = msgspec.json.Decoder(_Content).decode


def write_cursor(question: Sequence[str], key: Sequence[str]) -> str:
    """A cursor to go on after a key.

    Args:
        question: what was asked: client, list and filters.
        key: the sort key of the last row on the page.
    """
    content = msgspec.json.encode(_Content(_check(question, key), list(key)))
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read_cursor(question: Sequence[str], cursor: str, parts: int) -> list[str]:
    """The key to go on after.

    Raises:
        BadCursor: the cursor is none of ours, or of another question.
    """
    refused = BadCursor("The cursor was not given for this list with these filters: begin again without it.")
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise refused
    try:
        content = _DECODE(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise refused from None
    # Written again it is the same to the letter, or it is not ours.
    if len(content.key) != parts or not hmac.compare_digest(write_cursor(question, content.key), cursor):
        raise refused
    return content.key


def _check(question: Sequence[str], key: Sequence[str]) -> str:
    """What only daybook can write: of another question, or of a key that it did not give, it is another."""
    return hmac.new(SIGNING.get(), msgspec.json.encode([question, key]), "sha256").hexdigest()[:32]
