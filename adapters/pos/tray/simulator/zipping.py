"""Zips, written by hand so that they can lie: what each entry says of itself need not be what it is."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_LISTED = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_MIDNIGHT = 0x0021  # 1980-01-01, so that equal rows make equal zips
_RAW = -15
DEFLATED = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        name: what it is called.
        packed: its bytes as they stand in the zip.
        size: what they unpack to, or claim to.
        crc: their checksum, or what claims to be it.
        flags: bit 0 says that it is encrypted.
        method: how it is packed.
        listed_as: another name for it in the list at the end; empty for the same.
        listed_at: another place for it in the list, in bytes; None for the true one.
    """

    name: str
    packed: bytes
    size: int
    crc: int
    flags: int = 0
    method: int = DEFLATED
    listed_as: str = ""
    listed_at: int | None = None


def deflated(name: str, content: bytes) -> Entry:
    """Answer an honest entry."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _RAW)
    return Entry(name, packer.compress(content) + packer.flush(), len(content), zlib.crc32(content))


def written(entries: Iterable[Entry]) -> bytes:
    """Answer the zip of these entries, in their order."""
    parts, listing, at, count = [], [], 0, 0
    for entry in entries:
        sums = (entry.crc, len(entry.packed), entry.size)
        about = (entry.flags, entry.method, 0, _MIDNIGHT, *sums)
        name, listed = entry.name.encode(), (entry.listed_as or entry.name).encode()
        begin = at if entry.listed_at is None else entry.listed_at
        parts.append(_LOCAL.pack(b"PK\x03\x04", _VERSION, *about, len(name), 0) + name + entry.packed)
        listing.append(
            _LISTED.pack(b"PK\x01\x02", _VERSION, _VERSION, *about, len(listed), 0, 0, 0, 0, 0, begin) + listed
        )
        at += len(parts[-1])
        count += 1
    listed_bytes = sum(map(len, listing))
    return b"".join([*parts, *listing, _END.pack(b"PK\x05\x06", 0, 0, count, count, listed_bytes, at, 0)])
