"""Numbers that were there before: remembered in a private database that goes to disk when it grows."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

_CACHE_KB = 8_192


class Keys:
    """The keys of the rows of one file, and the row where each stood first.

    They are kept in an anonymous SQLite database: at most 8 MB of it are in memory, the rest is in a file without a
    name that is gone when this is closed.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")

    def close(self) -> None:
        """Forget all of them."""
        self._database.close()

    def add(self, keys: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Remember the keys of some rows; answers the places of those that were there already, and the row where."""
        with closing(self._database.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", zip(keys, numbers, strict=True))
            fresh = max(cursor.rowcount, 0)
            cursor.execute("COMMIT")
            if fresh == len(keys):
                return
            for at, (key, number) in enumerate(zip(keys, numbers, strict=True)):
                (first,) = cursor.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
                if first != number:
                    yield at, first
