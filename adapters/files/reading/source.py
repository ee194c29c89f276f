"""The bytes of a file, counted and hashed on their way."""

import hashlib
from typing import IO

from adapters.files.archives import ArchiveDamaged
from adapters.files.limits import Limits
from adapters.files.problems import Unreadable

CHUNK_BYTES = 2**17


class Source:
    """Reads a file once, from its start."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        file.seek(0)
        self._file = file
        self._limits = limits
        self._hash = hashlib.sha256()
        self._size = 0

    def read(self) -> bytes:
        """The next bytes, or none at the end.

        Raises:
            Unreadable: there are more than the limit, or the archive that the file is in is damaged.
        """
        try:
            chunk = self._file.read(CHUNK_BYTES)
        except ArchiveDamaged:
            raise Unreadable("damaged", "The zip file that it is in is damaged.") from None
        self._hash.update(chunk)
        self._size += len(chunk)
        if self._size > self._limits.file_bytes:
            raise Unreadable("too-large", f"The file has more than {self._limits.file_bytes} bytes.")
        return chunk

    def digest(self) -> tuple[str, int]:
        """SHA-256 of the whole file, hex, and its size in bytes; reads what is left of it.

        Raises:
            Unreadable: as :meth:`read`.
        """
        while self.read():
            pass
        return self._hash.hexdigest(), self._size
