"""Unzipping: the plainest kind of zip only, every byte of it accounted for before the first entry is read."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from domain.ports.source import SourceFailure

MOST_ENTRIES: Final = 100
MOST_RATIO: Final = 200
"""How many bytes one packed byte may become."""

_PIECE_BYTES: Final = 256 * 1024
# Signature, disk, the list's disk, entries here, entries, bytes of the list, where it begins.
_END: Final = struct.Struct("<4s4H2L2x")
# Signature, flags, method, sums, bytes of name, extras and comment, disk, where the entry begins.
_LISTED: Final = struct.Struct("<4s4x2H4x3L4H6xL")
# Signature, flags, method, sums, bytes of name and extras.
_LOCAL: Final = struct.Struct("<4s2x2H4x3L2H")
_DESCRIBED: Final = struct.Struct("<3L")
_DESCRIPTOR: Final = b"PK\x07\x08"
_ENCRYPTED: Final = 0x2041  # bit 0, bit 6 (strongly), bit 13 (even the list)
_SIZES_FOLLOW: Final = 0x0008
_HARMLESS: Final = 0x0806  # how hard it was packed, and that names are UTF-8
_STORED, _DEFLATED = 0, 8


class _Entry(NamedTuple):
    """An entry as the list at the end has it.

    Attributes:
        sums: checksum, packed size and size, in the order in which a zip says them.
    """

    flags: int
    method: int
    sums: tuple[int, int, int]
    header_at: int
    raw_name: bytes

    @property
    def packed_bytes(self) -> int:
        return self.sums[1]

    @property
    def size(self) -> int:
        return self.sums[2]


class Unzipped:
    """A zip whose structure was checked: these entries and no others, one after the other, nothing between them.

    Nothing is ever written to disk, and an entry's name leads nowhere. Every method raises :class:`SourceFailure`.

    Attributes:
        size: what all entries unpack to, in bytes.
    """

    def __init__(self, data: bytes, names: frozenset[str], most_bytes: int) -> None:
        """Check the structure, before anything is unpacked.

        Args:
            data: the whole zip.
            names: exactly the entries that it has to have.
            most_bytes: what all of them may unpack to.
        """
        self._data = memoryview(data)
        listed, list_at = _listed(data, names)
        self.size = sum([entry.size for entry in listed.values()])
        if self.size > most_bytes:
            raise SourceFailure("too-large", f"Tray's archive unpacks to more than {most_bytes:,} bytes.")
        if any(entry.size > MOST_RATIO * entry.packed_bytes for entry in listed.values()):
            raise SourceFailure("too-large", f"Tray's archive unpacks to more than {MOST_RATIO} times of what it is.")
        self._data_at = _laid_out(data, listed, list_at)
        self._entries = listed

    def pieces(self, name: str) -> Iterator[bytes]:
        """What an entry says, piece by piece; its size and its checksum are checked at the end."""
        entry = self._entries[name]
        begin = self._data_at[name]
        packed = self._data[begin : begin + entry.packed_bytes]
        size = crc = 0
        for piece in _stored(packed) if entry.method == _STORED else _inflated(packed):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > entry.size:
                _refuse("has an entry that is larger than it says")
            yield piece
        if size != entry.size:
            _refuse("has an entry that is smaller than it says")
        if crc != entry.sums[0]:
            _refuse("has an entry whose checksum is wrong")


def _stored(packed: memoryview) -> Iterator[bytes]:
    for begin in range(0, len(packed), _PIECE_BYTES):
        yield bytes(packed[begin : begin + _PIECE_BYTES])


def _inflated(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for begin in range(0, len(packed), _PIECE_BYTES):
            rest: bytes | memoryview = packed[begin : begin + _PIECE_BYTES]
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, _PIECE_BYTES)
                rest = unpacker.unconsumed_tail
            if unpacker.eof and begin + _PIECE_BYTES < len(packed):
                _refuse("has an entry that does not end where it says")
        yield unpacker.flush()
    except zlib.error:
        _refuse("has an entry that cannot be unpacked")
    if not unpacker.eof or unpacker.unused_data:
        _refuse("has an entry that does not end where it says")


def _listed(data: bytes, names: frozenset[str]) -> tuple[dict[str, _Entry], int]:
    """The entries that the list at the end names, and where that list begins."""
    end_at = len(data) - _END.size
    if end_at < 0:
        _refuse("is no zip")
    sign, disk, list_disk, here, count, list_bytes, list_at = _END.unpack_from(data, end_at)
    if sign != b"PK\x05\x06" or (disk, list_disk) != (0, 0) or here != count:
        _refuse("does not end as a zip does")
    if count > MOST_ENTRIES:
        raise SourceFailure("too-large", f"Tray's archive has more than {MOST_ENTRIES} entries.")
    if list_at + list_bytes != end_at:
        _refuse("has bytes that belong to nothing, or lacks some")
    entries: dict[str, _Entry] = {}
    at = list_at
    for _ in range(count):
        entry, at = _next_listed(data, at, end_at)
        name = entry.raw_name.decode("ascii", "replace")
        if name not in names:
            _refuse("has an entry that does not belong into it")
        if name in entries:
            _refuse("has an entry twice")
        entries[name] = entry
    if at != end_at:
        _refuse("lists other entries than it counts")
    if entries.keys() != names:
        _refuse("lacks an entry")
    return entries, list_at


def _next_listed(data: bytes, at: int, end_at: int) -> tuple[_Entry, int]:
    if at + _LISTED.size > end_at:
        _refuse("lists other entries than it counts")
    sign, flags, method, *sums, name_bytes, extra_bytes, comment_bytes, disk, header_at = _LISTED.unpack_from(data, at)
    name_at = at + _LISTED.size
    after = name_at + name_bytes + extra_bytes + comment_bytes
    if sign != b"PK\x01\x02" or disk != 0 or after > end_at:
        _refuse("has a list of entries that cannot be read")
    if flags & _ENCRYPTED:
        _refuse("has an encrypted entry")
    if flags & ~(_SIZES_FOLLOW | _HARMLESS) or method not in {_STORED, _DEFLATED}:
        _refuse("has an entry that is packed in a way which the contract does not know")
    return _Entry(flags, method, (sums[0], sums[1], sums[2]), header_at, data[name_at : name_at + name_bytes]), after


def _laid_out(data: bytes, entries: dict[str, _Entry], list_at: int) -> dict[str, int]:
    """Where each entry's data begins; together the entries fill everything before the list, without a gap."""
    data_at: dict[str, int] = {}
    at = 0
    for name, entry in sorted(entries.items(), key=lambda named: named[1].header_at):
        if entry.header_at != at:
            _refuse("has entries that overlap, or bytes that belong to none")
        data_at[name] = begin = _data_at(data, entry, list_at)
        at = begin + entry.packed_bytes
        if entry.flags & _SIZES_FOLLOW:
            at = _after_descriptor(data, entry, at)
        if at > list_at:
            _refuse("has an entry that ends after the end")
    if at != list_at:
        _refuse("has entries that overlap, or bytes that belong to none")
    return data_at


def _data_at(data: bytes, entry: _Entry, list_at: int) -> int:
    """The end of an entry's own header, which has to say what the list says."""
    at = entry.header_at
    if at + _LOCAL.size > list_at:
        _refuse("has an entry that ends after the end")
    sign, flags, method, *stated, name_bytes, extra_bytes = _LOCAL.unpack_from(data, at)
    name_at = at + _LOCAL.size
    name: bytes = data[name_at : name_at + name_bytes]
    later = bool(flags & _SIZES_FOLLOW) and stated == [0, 0, 0]
    if sign != b"PK\x03\x04" or (flags, method, name) != (entry.flags, entry.method, entry.raw_name):
        _refuse("says two things about an entry")
    if tuple(stated) != entry.sums and not later:
        _refuse("says two things about an entry")
    return at + _LOCAL.size + int(name_bytes) + int(extra_bytes)


def _after_descriptor(data: bytes, entry: _Entry, at: int) -> int:
    """The end of the sizes that follow an entry which was packed while it was sent."""
    begin = at + len(_DESCRIPTOR) if data[at : at + len(_DESCRIPTOR)] == _DESCRIPTOR else at
    if data[begin : begin + _DESCRIBED.size] != _DESCRIBED.pack(*entry.sums):
        _refuse("says two things about an entry")
    return begin + _DESCRIBED.size


def _refuse(what: str) -> NoReturn:
    raise SourceFailure("malformed", f"Tray's archive {what}.")
