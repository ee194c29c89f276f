"""Messages: what a receiver is told, and under which id."""

import hashlib
from typing import Final

import msgspec

from domain.outward import NoticeDocument, document_bytes
from domain.ports.target import Effect

DAY: Final = "business-day.changed"
PING: Final = "ping"

_DIGITS: Final = 16


class Day(msgspec.Struct, frozen=True):
    """Where a business day stands, and where the rest is read."""

    client: str
    location: str
    date: str
    state: str
    generation: int
    digest: str
    version: int
    etag: str
    position: int
    path: str


def day_message(notice: NoticeDocument) -> bytes:
    """The message of a notice; the same notice is the same bytes."""
    names = Day.__struct_fields__
    day = Day(**{name: getattr(notice, name) for name in names})
    return message(DAY, notice.moved_at, msgspec.to_builtins(day))


def message(kind: str, timestamp: str, data: dict[str, object]) -> bytes:
    """A message of a kind, of when it happened."""
    return msgspec.json.encode({"type": kind, "timestamp": timestamp, "data": data})


def message_id(effect: Effect) -> str:
    """The id of the message of an effect, the same at every retry: its reference, and a digest of what is told.

    The digest tells apart what has one reference: days of two clients, and those of a connection that was made anew.
    Full stops part the id from what is signed with it, so that it has none.
    """
    digest = hashlib.sha256(document_bytes(effect.document)).hexdigest()[:_DIGITS]
    return f"{effect.reference.replace('.', '_')}:{digest}"
