"""Zip files that are opened only where nothing in them can hurt: bombs, encrypted parts, links, names that lead out."""

import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from domain.refusals import Refusal

MOST_DIRECTORY_BYTES: Final = 2 * 2**20
_HARMLESS_BYTES: Final = 2**20
_BUFFER_BYTES: Final = 2**16
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Python unpacks these two piece by piece; of the others one read could fill the memory."""


class ArchiveDamaged(Refusal):
    """The file is no zip file, or not a whole one."""


class ArchiveUnsafe(Refusal):
    """The zip file has something that is never unpacked."""


class _Guarded:
    """A file from which a zip's list of entries is read only where it is small: each costs half a kilobyte."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.at_once = MOST_DIRECTORY_BYTES

    def read(self, size: int = -1) -> bytes:
        if size > self.at_once:
            raise ArchiveUnsafe("The zip file lists far more entries than daybook takes.")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def open_archive(file: IO[bytes], *, entries: int, total_bytes: int, ratio: int) -> zipfile.ZipFile:
    """A zip file whose entries may all be read.

    Args:
        file: seekable; stays the caller's to close.
        entries: how many it may have.
        total_bytes: what all of them may have together, unzipped. Reading never gives more than an entry states.
        ratio: how many times larger than it is zipped one may be, if it is larger than a megabyte.

    Raises:
        ArchiveDamaged: it is no zip file, or not a whole one.
        ArchiveUnsafe: it has too much of something, or something that is never unpacked.
    """
    guarded = _Guarded(file)
    with _damaged():
        archive = zipfile.ZipFile(guarded)  # it needs no more of a file than this
    infos = archive.infolist()
    if len(infos) > entries:
        raise ArchiveUnsafe(f"The zip file has {len(infos)} entries; at most {entries} are taken.")
    if len({info.filename for info in infos}) != len(infos):
        raise ArchiveUnsafe("The zip file has two entries of the same name.")
    for info in infos:
        _check(info, ratio)
    total = sum(info.file_size for info in infos)
    if total > total_bytes:
        raise ArchiveUnsafe(f"The zip file unpacks to {total} bytes; at most {total_bytes} are taken.")
    return archive


def _check(info: zipfile.ZipInfo, ratio: int) -> None:
    name = info.filename[:80]
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise ArchiveUnsafe(f"The name of entry {name!r} leads out of the zip file.")
    if info.flag_bits & 0x1:
        raise ArchiveUnsafe(f"Entry {name!r} is encrypted; unpack it, and zip it without a password.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveUnsafe(f"Entry {name!r} is a link.")
    if info.compress_type not in _METHODS:
        raise ArchiveUnsafe(f"Entry {name!r} is packed by a method that is not taken; zip it with the usual one.")
    if info.file_size > max(_HARMLESS_BYTES, ratio * info.compress_size):
        raise ArchiveUnsafe(f"Entry {name!r} unpacks to more than {ratio} times its size.")


def open_entry(archive: zipfile.ZipFile, entry: str | zipfile.ZipInfo) -> IO[bytes]:
    """An entry of an archive, to be read and closed.

    Raises:
        ArchiveDamaged: it is not where the archive says. Reading raises the same where it cannot be unpacked.
    """
    with _damaged():
        return io.BufferedReader(_Entry(archive.open(entry)), _BUFFER_BYTES)


class _Entry(io.RawIOBase):
    """An entry that says of all that can be wrong with it that the archive is damaged."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _damaged():
            piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _damaged():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except ArchiveUnsafe:
        raise
    except Exception:  # noqa: BLE001  # what is broken makes the library raise a dozen different things
        raise ArchiveDamaged("It is no zip file, or not a whole one.") from None
