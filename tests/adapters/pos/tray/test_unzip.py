"""Unzipping: what the standard library zips is read alike, and whatever says two things, or too much, is refused."""

import contextlib
import dataclasses
import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pos.tray.simulator.zipping import deflated, written
from adapters.pos.tray.unzip import MOST_RATIO, Unzipped
from domain.ports.source import SourceFailure
from tests.support.laws import examples

NAMES = ("a.json", "b.json", "manifest.json")
CONTENTS = {"a.json": b'[{"id":"1"},{"id":"2"}]', "b.json": b"[]", "manifest.json": b'{"rows":2}' * 9}
MEGABYTE = 2**20


class _Pipe(io.RawIOBase):
    """A stream that cannot go back, so that sizes have to follow what they are of."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def zipped(
    contents: Mapping[str, bytes],
    method: int = zipfile.ZIP_DEFLATED,
    level: int = 6,
    *,
    streamed: bool = False,
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
) -> bytes:
    """What the standard library makes of these contents."""
    pipe, buffer = _Pipe(), io.BytesIO()
    with zipfile.ZipFile(pipe if streamed else buffer, "w", method, compresslevel=level) as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            change(info)
            archive.writestr(info, content)
    return pipe.data if streamed else buffer.getvalue()


def unzipped(data: bytes, names: tuple[str, ...] = NAMES, most_bytes: int = 8 * MEGABYTE) -> dict[str, bytes]:
    """What our own reader says that is in it."""
    archive = Unzipped(data, frozenset(names), most_bytes)
    return {name: b"".join(archive.pieces(name)) for name in names}


@settings(max_examples=examples(150), deadline=None)
@given(
    contents=st.fixed_dictionaries({name: st.binary(max_size=3_000) for name in NAMES}),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    level=st.integers(0, 9),
    streamed=st.booleans(),
    extra=st.sampled_from([b"", struct.pack("<2HL", 0x5455, 4, 7)]),
)
def test_what_the_standard_library_zips_is_read_alike(
    contents: dict[str, bytes], method: int, level: int, streamed: bool, extra: bytes
) -> None:
    """Stored or packed, at any level, with its sizes before or after, and with times that nobody asked for."""

    def change(info: zipfile.ZipInfo) -> None:
        info.extra = extra

    assert unzipped(zipped(contents, method, level, streamed=streamed, change=change)) == contents


def test_an_entry_of_many_pieces_is_read_whole() -> None:
    """Larger than what is unpacked at once, packed well and not at all."""
    contents = {
        "a.json": b"".join([b"%d," % number for number in range(200_000)]),
        "b.json": random.Random(1).randbytes(MEGABYTE),
        "manifest.json": b"".join([b"%d" % number + b" " * 400 for number in range(9_000)]),
    }
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert unzipped(zipped(contents, method)) == contents


@settings(max_examples=examples(400), deadline=None)
@given(st.data(), st.booleans())
def test_no_changed_byte_leads_to_other_contents(data: st.DataObject, streamed: bool) -> None:
    """One byte of a zip is changed anywhere: it is refused, or was one that says nothing about what is in it."""
    sound = zipped(CONTENTS, streamed=streamed)
    at = data.draw(st.integers(0, len(sound) - 1))
    changed = sound[:at] + bytes([data.draw(st.integers(0, 255))]) + sound[at + 1 :]
    with contextlib.suppress(SourceFailure):
        assert unzipped(changed) == CONTENTS


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_no_part_of_a_zip_is_a_zip(data: st.DataObject) -> None:
    """A zip that lacks bytes anywhere is refused."""
    sound = zipped(CONTENTS)
    begin = data.draw(st.integers(0, len(sound) - 1))
    end = data.draw(st.integers(begin + 1, len(sound)))
    with pytest.raises(SourceFailure):
        unzipped(sound[:begin] + sound[end:])


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=300).map(lambda data: data + zipped(CONTENTS)[-220:])))
def test_no_bytes_are_an_accident(data: bytes) -> None:
    """Whatever comes, the answer is a failure of the source, and never another exception."""
    with pytest.raises(SourceFailure):
        unzipped(data)


def _patched(data: bytes, sign: bytes, at: int, value: bytes, nth: int = 0) -> bytes:
    """The zip with bytes of its nth header exchanged."""
    begin = -1
    for _ in range(nth + 1):
        begin = data.index(sign, begin + 1)
    return data[: begin + at] + value + data[begin + at + len(value) :]


LOCAL, LISTED, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
SOUND = zipped(CONTENTS)
STREAMED = zipped(CONTENTS, streamed=True)
STORED = zipped(CONTENTS, zipfile.ZIP_STORED)


def _both(at_local: int, at_listed: int, value: bytes) -> bytes:
    """The first entry says something else of itself, in both places alike."""
    return _patched(_patched(SOUND, LOCAL, at_local, value), LISTED, at_listed, value)


def _commented() -> bytes:
    buffer = io.BytesIO(SOUND)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"hello"
    return buffer.getvalue()


def _zip64() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in CONTENTS.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                entry.write(content)
    return buffer.getvalue()


def _with_tail(tail: bytes) -> bytes:
    """The first entry goes on after its deflate stream has ended, and counts that as its own."""
    first, *others = [deflated(name, content) for name, content in CONTENTS.items()]
    return written([dataclasses.replace(first, packed=first.packed + tail), *others])


def _before_the_list() -> bytes:
    """Bytes between the last entry and the list, which knows where it begins."""
    at = SOUND.index(LISTED)
    moved = _patched(SOUND, END, 16, (at + 1).to_bytes(4, "little"))
    return moved[:at] + b"?" + moved[at:]


def _over_the_list() -> bytes:
    """The last entry says that it is longer, and so reaches into the list."""
    *others, last = [deflated(name, content) for name, content in CONTENTS.items()]
    data = written([*others, last])
    more = (len(last.packed) + 30).to_bytes(4, "little")
    return _patched(_patched(data, LOCAL, 18, more, nth=2), LISTED, 20, more, nth=2)


def _listed_only() -> bytes:
    """The last entry is in the list, and nowhere else."""
    begin, end = SOUND.rindex(LOCAL), SOUND.index(LISTED)
    return _patched(SOUND, END, 16, begin.to_bytes(4, "little")).replace(SOUND[begin:end], b"")


REFUSED: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "malformed"),
    ("an end only", SOUND[-22:], "malformed"),
    ("no entries", zipped({}), "malformed"),
    ("an entry less", zipped({"a.json": b"[]", "b.json": b"[]"}), "malformed"),
    ("an entry more", zipped({**CONTENTS, "c.json": b"[]"}), "malformed"),
    ("a folder", zipped({**CONTENTS, "folder/": b""}), "malformed"),
    ("a folder before the name", zipped({**CONTENTS, "x/a.json": b""}), "malformed"),
    ("a way out", zipped({"../a.json": b"", "b.json": b"", "manifest.json": b""}), "malformed"),
    ("a comment", _commented(), "malformed"),
    ("sizes of 64 bits", _zip64(), "malformed"),
    ("bytes before", b"MZ" + SOUND, "malformed"),
    ("bytes after", SOUND + b"\0", "malformed"),
    ("two zips", SOUND + SOUND, "malformed"),
    ("bytes between entries", SOUND[:60] + b"?" + SOUND[60:], "malformed"),
    ("an entry that is only listed", _listed_only(), "malformed"),
    ("bytes before the list", _before_the_list(), "malformed"),
    ("an entry that reaches into the list", _over_the_list(), "malformed"),
    ("bytes after the end of an entry", _with_tail(b"?"), "malformed"),
    ("many bytes after the end of an entry", _with_tail(random.Random(1).randbytes(300_000)), "malformed"),
    ("packed with bzip2", zipped(CONTENTS, zipfile.ZIP_BZIP2), "malformed"),
    ("packed with LZMA", zipped(CONTENTS, zipfile.ZIP_LZMA), "malformed"),
    ("encrypted", _both(6, 8, b"\x01\x00"), "malformed"),
    ("strongly encrypted", _both(6, 8, b"\x40\x00"), "malformed"),
    ("an encrypted list", _both(6, 8, b"\x00\x20"), "malformed"),
    ("patched data", _both(6, 8, b"\x20\x00"), "malformed"),
    ("encrypted where it stands only", _patched(SOUND, LOCAL, 6, b"\x01"), "malformed"),
    ("another method where it stands", _patched(SOUND, LOCAL, 8, b"\x00"), "malformed"),
    ("another name where it stands", _patched(SOUND, LOCAL, 30, b"x"), "malformed"),
    ("another size where it stands", _patched(SOUND, LOCAL, 22, b"\x01"), "malformed"),
    ("sizes of nought where none follow", _patched(SOUND, LOCAL, 14, bytes(12)), "malformed"),
    ("a wrong checksum", _both(14, 16, b"\0\0\0\0"), "malformed"),
    ("a size too small", _both(22, 24, b"\x01\0\0\0"), "malformed"),
    ("a size too large", _both(22, 24, b"\x7f\0\0\0"), "malformed"),
    ("a packed size too small", _both(18, 20, b"\x01\0\0\0"), "malformed"),
    ("a packed size past the end", _both(18, 20, b"\xff\xff\0\0"), "malformed"),
    ("sizes that follow and differ", _patched(STREAMED, b"PK\x07\x08", 12, b"\x01"), "malformed"),
    ("a stored entry of two sizes", _patched(_patched(STORED, LOCAL, 22, b"\x01"), LISTED, 24, b"\x01"), "malformed"),
    ("a deflate stream that is none", SOUND.replace(SOUND[36:40], b"\xff\xff\xff\xff", 1), "malformed"),
    ("two entries in one place", _patched(SOUND, LISTED, 42, bytes(4), nth=1), "malformed"),
    ("an entry after the end", _patched(SOUND, LISTED, 42, b"\xff\xff\xff\x7f"), "malformed"),
    ("an entry on another disk", _patched(SOUND, LISTED, 34, b"\x01"), "malformed"),
    ("a list that ends early", _patched(SOUND, LISTED, 28, b"\xff\xff", nth=2), "malformed"),
    ("a list on another disk", _patched(SOUND, END, 6, b"\x01"), "malformed"),
    ("fewer entries on this disk", _patched(SOUND, END, 8, b"\x02"), "malformed"),
    ("fewer entries than listed", _patched(SOUND, END, 8, b"\x02\0\x02\0"), "malformed"),
    ("more entries than listed", _patched(SOUND, END, 8, b"\x04\0\x04\0"), "malformed"),
    ("a list somewhere else", _patched(SOUND, END, 16, bytes(4)), "malformed"),
    ("65,535 entries", _patched(SOUND, END, 8, b"\xff\xff\xff\xff"), "too-large"),
    ("101 entries", zipped({f"{number}": b"" for number in range(101)}), "too-large"),
    ("more than may be unpacked", zipped({**CONTENTS, "a.json": bytes(MEGABYTE)}, zipfile.ZIP_STORED), "too-large"),
    ("a size of four gigabytes", _both(22, 24, b"\xff\xff\xff\xff"), "too-large"),
    ("packed a thousand times", zipped({**CONTENTS, "b.json": bytes(MEGABYTE // 2)}), "too-large"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), [pytest.param(d, e, id=name) for name, d, e in REFUSED])
def test_a_zip_that_is_not_of_the_plainest_kind_is_refused(data: bytes, expected: str) -> None:
    """Every row of the table is a failure with a sentence that shows nothing of the zip."""
    with pytest.raises(SourceFailure) as failed:
        unzipped(data, most_bytes=MEGABYTE - 1)
    assert failed.value.failure == expected, failed.value.message
    assert failed.value.message.startswith("Tray's archive ")
    assert ".json" not in failed.value.message


def test_two_entries_of_one_name_are_refused() -> None:
    """Readers differ in which of the two counts, so neither does."""
    twice = zipped({**CONTENTS, "c.json": b"[]"}).replace(b"c.json", b"a.json")
    with pytest.raises(SourceFailure, match="has an entry twice"):
        unzipped(twice)


@pytest.mark.parametrize(("more", "expected"), [(0, "smaller than it says"), (1, "more than 200 times")])
def test_the_ratio_is_held_to_the_byte(more: int, expected: str) -> None:
    """What an entry claims counts: at the ratio it is unpacked, and found to have lied; past it, it is not even."""
    packed_bytes = int.from_bytes(SOUND[18:22], "little")
    claim = (MOST_RATIO * packed_bytes + more).to_bytes(4, "little")
    with pytest.raises(SourceFailure, match=expected):
        unzipped(_both(22, 24, claim))


def test_a_bomb_that_lies_about_its_size_costs_a_piece_of_memory() -> None:
    """256 megabytes of blanks that say they are twenty bytes are given up after the first piece."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    burst = b"".join([packer.compress(bytes(MEGABYTE)) for _ in range(256)]) + packer.flush()
    name, says = b"a.json", struct.pack("<3L", zlib.crc32(bytes(20)), len(burst), 20)
    local = LOCAL + struct.pack("<5H", 20, 0, 8, 0, 0) + says + struct.pack("<2H", len(name), 0) + name + burst
    listed = LISTED + struct.pack("<6H", 20, 20, 0, 8, 0, 0) + says + struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0)
    data = local + listed + name + END + struct.pack("<4H2LH", 0, 0, 1, 1, len(listed + name), len(local), 0)
    tracemalloc.start()
    with pytest.raises(SourceFailure, match="larger than it says"):
        unzipped(data, ("a.json",))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE
