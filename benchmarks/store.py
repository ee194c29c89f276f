"""A store: a database, and a folder for what lies beside it."""

from pathlib import Path
from typing import Final

import msgspec

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
KINDS: Final = (SQLITE, POSTGRESQL)


class Store(msgspec.Struct, frozen=True):
    """A database, and a folder for what lies beside it.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        url: as daybook takes it.
        folder: for the key file, and for the peer's own files.
    """

    kind: str
    url: str
    folder: str

    @property
    def path(self) -> Path:
        """The file, where it is SQLite."""
        return Path(self.folder) / "journal.db"
