"""Answers: the body of a response, unpacked and bounded while it streams."""

import zlib
from collections.abc import Iterator
from typing import Final

import httpx

from domain.ports.source import SourceFailure

_PIECE_BYTES: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS


class CutOff(Exception):
    """The packed body ends before it says so."""


def read_body(response: httpx.Response, most_bytes: int, *, plain: bool = False) -> bytes:
    """The body of an answer, never more than ``most_bytes`` in memory.

    Unpacks by itself: the HTTP library would follow any number of content codings, and a kilobyte becomes a gigabyte.

    Args:
        response: opened as a stream.
        most_bytes: the most that the body may unpack to, and that may be sent for it.
        plain: no content coding was offered, so that any is refused.

    Raises:
        SourceFailure: ``too-large``, or ``unexpected-answer`` for a content coding that was not offered.
        CutOff: a packed body ends early.
    """
    coding = ", ".join(response.headers.get_list("content-encoding")).strip().lower()
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > most_bytes):
        raise _too_large(most_bytes)
    if coding in {"", "identity"}:
        pieces = response.iter_raw()
    elif coding == "gzip" and not plain:
        pieces = _unpacked(response.iter_raw(_PIECE_BYTES), most_bytes)
    else:
        raise SourceFailure("unexpected-answer", "The answer is packed in a way that was not asked for.")
    parts, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > most_bytes:
            raise _too_large(most_bytes)
        parts.append(piece)
    return b"".join(parts)


def _unpacked(packed: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    sent = 0
    try:
        for chunk in packed:
            sent += len(chunk)
            if sent > most_bytes:  # empty blocks unpack to nothing, for ever
                raise _too_large(most_bytes)
            rest = chunk
            while True:
                piece = unpacker.decompress(rest, _PIECE_BYTES)
                yield piece
                rest = unpacker.unconsumed_tail
                if unpacker.eof or (not rest and len(piece) < _PIECE_BYTES):
                    break
            if unpacker.eof and unpacker.unused_data:
                raise SourceFailure("malformed", "The answer goes on after its end.")
    except zlib.error:
        raise SourceFailure("malformed", "The answer cannot be unpacked.") from None
    if not unpacker.eof:
        raise CutOff


def _too_large(most_bytes: int) -> SourceFailure:
    return SourceFailure("too-large", f"The answer is larger than {most_bytes:,} bytes, the most that is read.")
