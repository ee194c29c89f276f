"""Mapping: facts to rows of the library's table and back; the permanent name goes where the library keeps its topic."""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec
import zstandard
from eventsourcing.persistence import Compressor, StoredEvent

from adapters.journal.sealing import Leaf, leaf_hash
from domain.facts import Entry, Provenance, UnknownFact, load, store
from domain.ports.journal import Recording
from domain.refusals import Refusal

COMPRESS_BYTES: Final = 4096
"""Longer states are stored compressed."""

STATE_BYTES: Final = 16 * 1024 * 1024
"""No state may be longer, before compression; a fact of 250 changes has about a quarter of a megabyte."""

LEVEL: Final = 1
_MAGIC: Final = zstandard.FRAME_HEADER
_PLAIN: Final = b"{"


Row = tuple[str, int, str, bytes]
"""A fact as it is stored, before it has a position: stream, version, name, state. Plain: thousands are made at once."""


class UnreadableFact(Refusal):
    """The stored bytes of a fact are damaged; the message tells its position."""


class StoredFact(NamedTuple):
    """A row that was read back."""

    position: int
    stream: str
    version: int
    name: str
    state: bytes


class _Tools(threading.local):
    """The library's tools must not be used by two threads at once, and are dear to make."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


class StateCompressor(Compressor):
    """Compresses long states with zstandard; the first byte tells them from plain JSON."""

    def __init__(self) -> None:
        self._tools = _Tools()

    def compress(self, data: bytes) -> bytes:
        """The bytes to store.

        Raises:
            ValueError: there are more than :data:`STATE_BYTES`.
        """
        if len(data) <= COMPRESS_BYTES:
            return data
        if len(data) > STATE_BYTES:
            raise ValueError(f"A fact of {len(data):,} bytes is longer than the {STATE_BYTES:,} that one may have.")
        return self._tools.compressor.compress(data)

    def decompress(self, data: bytes) -> bytes:
        """The plain bytes, never more than :data:`STATE_BYTES`.

        Raises:
            ValueError: the bytes are damaged, or would become more than that.
        """
        if data.startswith(_PLAIN):
            return data
        if not data.startswith(_MAGIC):
            raise ValueError("the bytes are neither JSON nor compressed")
        try:
            # The frame says how long its content is, and the tool allocates that much before it has read any of it.
            if not 0 <= zstandard.frame_content_size(data) <= STATE_BYTES:
                raise ValueError(f"the content does not say its length, or is longer than {STATE_BYTES:,} bytes")
            return self._tools.decompressor.decompress(data, allow_extra_data=False)
        except zstandard.ZstdError as error:
            raise ValueError("the compressed bytes are damaged") from error


_COMPRESSOR: Final = StateCompressor()


def write(recordings: Iterable[Recording], provenance: Provenance, leaves: list[bytes]) -> Iterator[Row]:
    """The rows of what is to be recorded, one by one, while their leaves are added to ``leaves``.

    Raises:
        ValueError: a fact is too long to be stored.
    """
    compress = _COMPRESSOR.compress
    for recording in recordings:
        stream = recording.stream
        for version, fact in enumerate(recording.facts, recording.expected_version + 1):
            name, state = store(fact, provenance)
            leaves.append(leaf_hash(stream, version, name, state))
            yield stream, version, name, compress(state)


def row_of(event: StoredEvent) -> Row:
    """The row of an event of the library."""
    return str(event.originator_id), event.originator_version, event.topic, event.state


def read(stored: StoredFact, recorded_at: dt.datetime) -> Entry:
    """The entry of a stored fact, with the time of the commit that it was sealed in.

    Raises:
        UnknownFact: a newer release wrote it.
        UnreadableFact: its bytes are damaged.
    """
    try:
        fact, provenance = load(stored.name, _COMPRESSOR.decompress(stored.state))
    except UnknownFact as error:
        raise UnknownFact(f"{error} It is at position {stored.position}.") from error
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        raise UnreadableFact(
            f"The fact {stored.name!r} at position {stored.position} (version {stored.version} of {stored.stream!r}) "
            f"cannot be read: {error}. Verify the journal, and restore what is damaged from a backup."
        ) from error
    return Entry(stored.stream, stored.version, stored.position, recorded_at, provenance, fact)


def leaf_of(stored: StoredFact) -> Leaf:
    """What a verification compares; the leaf is None where the bytes cannot be read."""
    try:
        state = _COMPRESSOR.decompress(stored.state)
    except ValueError:
        return Leaf(stored.position, stored.stream, None)
    return Leaf(stored.position, stored.stream, leaf_hash(stored.stream, stored.version, stored.name, state))
