"""The floors of the journal: the bytes that daybook stores, ready-made, by COPY or executemany into the same tables."""

import sqlite3
from typing import Any, Final

import psycopg

from benchmarks.kilobytes import Batches
from benchmarks.measuring import Stopwatch, Taken
from benchmarks.store import SQLITE, Store

_AT_ONCE: Final = 250
_INSERT: Final = "INSERT INTO facts (originator_id, originator_version, topic, state) VALUES ({}, {}, {}, {})"
_COPY: Final = "COPY facts (originator_id, originator_version, topic, state) FROM STDIN (FORMAT BINARY)"


def append_with_copy(store: Store, batches: Batches) -> Taken:
    """Append ready-made rows by COPY."""
    watch = Stopwatch()
    with psycopg.connect(store.url) as server, watch.running():
        for rows in batches:
            with server.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(["text", "int8", "text", "bytea"])
                for row in rows:
                    copy.write_row(row)
            server.commit()
    return Taken(watch.seconds, {"rows": count_of(store)})


def append_with_executemany(store: Store, batches: Batches) -> Taken:
    """Append ready-made rows by executemany."""
    watch = Stopwatch()
    if store.kind == SQLITE:
        connection = sqlite3.connect(store.path)
        connection.execute("PRAGMA synchronous = FULL")  # as daybook's own connections have it
        with watch.running():
            for rows in batches:
                with connection:
                    connection.executemany(_INSERT.format(*"????"), rows)
        connection.close()
    else:
        with psycopg.connect(store.url) as server, watch.running():
            for rows in batches:
                with server.cursor() as cursor:
                    # A bounded number at once: the driver's pipeline can wait for ever on many megabytes.
                    for start in range(0, len(rows), _AT_ONCE):
                        cursor.executemany(_INSERT.format(*["%s"] * 4).encode(), rows[start : start + _AT_ONCE])
                server.commit()
    return Taken(watch.seconds, {"rows": count_of(store)})


def count_of(store: Store) -> int:
    """How many facts are stored."""
    connection: Any = sqlite3.connect(store.path) if store.kind == SQLITE else psycopg.connect(store.url)
    try:
        return int(connection.execute("SELECT count(*) FROM facts").fetchone()[0])
    finally:
        connection.close()
