"""Zip files: what is never unpacked, and what a broken one is."""

import io
import stat
import struct
import zipfile

import pytest

from adapters.files.archives import ArchiveDamaged, ArchiveUnsafe, open_archive, open_entry


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def linked() -> bytes:
    """A zip file with a symbolic link in it."""
    out = io.BytesIO()
    info = zipfile.ZipInfo("voids.csv")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/hostname")
    return out.getvalue()


def encrypted() -> bytes:
    """A zip file whose directory says that its entry is encrypted."""
    data = bytearray(zipped({"voids.csv": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def doubled() -> bytes:
    """A zip file with two entries of one name."""
    return zipped({"a.csv": b"x", "b.csv": b"y"}).replace(b"b.csv", b"a.csv")


def named(name: str) -> bytes:
    """A zip file with one entry of some name, which the library would clean up."""
    placeholder = "n" * len(name.encode())
    return zipped({placeholder: b"x"}).replace(placeholder.encode(), name.encode())


def crowded() -> bytes:
    """A zip file with a list of 100,000 entries."""
    data = zipped({"a.csv": b"x"})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[start:end] * 100_000
    return (
        data[:start] + directory + data[end : end + 8] + struct.pack("<HHIIH", 34464, 34464, len(directory), start, 0)
    )


UNSAFE = [
    (named("../voids.csv"), "leads out"),
    (named("a/../../voids.csv"), "leads out"),
    (named("..\\voids.csv"), "leads out"),
    (named("/etc/voids.csv"), "leads out"),
    (named("\\voids.csv"), "leads out"),
    (named("C:/voids.csv"), "leads out"),
    (linked(), "is a link"),
    (encrypted(), "is encrypted"),
    (doubled(), "same name"),
    (zipped({"a.csv": b"x"}, zipfile.ZIP_LZMA), "by a method"),
    (zipped({"a.csv": b"x"}, zipfile.ZIP_BZIP2), "by a method"),
    (zipped({"a.csv": b"\x00" * 30 * 2**20}), "200 times its size"),
    (zipped({f"{number}.csv": b"" for number in range(60)}), "has 60 entries"),
    (zipped({f"{number}.csv": b"x" * 900_000 for number in range(50)}), "unpacks to 45000000 bytes"),
    (crowded(), "far more entries"),
]

DAMAGED = [b"", b"PK", b"PK\x03\x04" + b"\x00" * 60, zipped({"a.csv": b"x"})[:-10], zipped({"a.csv": b"x" * 99})[40:80]]


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, with small bounds."""
    return open_archive(io.BytesIO(data), entries=50, total_bytes=40_000_000, ratio=200)


@pytest.mark.parametrize(("data", "reason"), UNSAFE)
def test_what_could_hurt_is_refused_before_anything_is_unpacked(data: bytes, reason: str) -> None:
    """With a sentence that says what it is."""
    with pytest.raises(ArchiveUnsafe, match=reason):
        opened(data)


@pytest.mark.parametrize("data", DAMAGED)
def test_what_is_no_whole_zip_file_is_damaged(data: bytes) -> None:
    """Whatever the library says of it."""
    with pytest.raises(ArchiveDamaged):
        opened(data)


def test_an_entry_that_does_not_fit_its_checksum_is_damaged() -> None:
    """It is found out when it is read."""
    data = bytearray(zipped({"a.csv": b"hello"}, zipfile.ZIP_STORED))
    data[data.index(b"hello")] ^= 1
    with opened(bytes(data)) as archive, open_entry(archive, "a.csv") as entry, pytest.raises(ArchiveDamaged):
        entry.read()


def test_an_entry_that_is_not_where_the_archive_says_is_damaged() -> None:
    """It is found out when it is opened."""
    data = zipped({"a.csv": b"hello"}).replace(b"PK\x03\x04", b"PK\x03\x05", 1)
    with opened(data) as archive, pytest.raises(ArchiveDamaged):
        open_entry(archive, "a.csv")


def test_an_ordinary_zip_file_is_opened() -> None:
    """With folders, letters of all scripts, and entries that pack well."""
    data = zipped({"2026-11-20/Söld Détail.csv": b"x" * 500_000, "b/": b"", "c..d.csv": b""})
    with opened(data) as archive:
        assert [info.filename for info in archive.infolist()] == ["2026-11-20/Söld Détail.csv", "b/", "c..d.csv"]
        assert archive.read("2026-11-20/Söld Détail.csv") == b"x" * 500_000
