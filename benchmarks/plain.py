"""The journal read plainly: its rows by SQL, unpacked and parsed by json, without any of daybook's code."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

import psycopg
import zstandard

from benchmarks.measuring import Stopwatch, Taken
from benchmarks.store import SQLITE, Store


def states(store: Store, stream: str | None = None) -> list[bytes]:
    """The stored states of all facts, or of one stream, in order."""
    position = "rowid" if store.kind == SQLITE else "notification_id"
    mark = "?" if store.kind == SQLITE else "%s"
    where = f"WHERE originator_id = {mark} " if stream else ""
    query = f"SELECT state FROM facts {where}ORDER BY {position}"  # noqa: S608 - our own names
    parameters = (stream,) if stream else ()
    if store.kind == SQLITE:
        connection = sqlite3.connect(store.path)
        try:
            return [state for (state,) in connection.execute(query, parameters)]
        finally:
            connection.close()
    with psycopg.connect(store.url) as server, server.cursor(binary=True) as cursor:
        return [bytes(state) for (state,) in cursor.execute(query.encode(), parameters)]


def unpacked(found: Iterable[bytes]) -> Iterator[bytes]:
    """The plain JSON of stored states."""
    unpack = zstandard.ZstdDecompressor().decompress
    return (state if state.startswith(b"{") else unpack(state) for state in found)


def tickets_in(plain: Iterable[bytes]) -> int:
    """How many changes of tickets the JSON of facts tells of; each fact is parsed, looked through and let go."""
    found = 0
    for state in plain:
        fact = json.loads(state)
        found += sum(change["kind"] == "ticket" for change in fact["data"].get("changes", ()))
    return found


def read_plainly(store: Store) -> Taken:
    """The floor: all rows of the journal by SQL, unpacked and parsed by json."""
    watch = Stopwatch()
    with watch.running():
        tickets = tickets_in(unpacked(states(store)))
    return Taken(watch.seconds, {"tickets": tickets})
