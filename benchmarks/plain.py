"""The journal read plainly: its rows by SQL, unpacked and parsed by json, without any of daybook's code."""

import json
import sqlite3
from typing import Any

import psycopg
import zstandard

from benchmarks.measuring import Stopwatch, Taken, median_seconds
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


def unpacked(found: list[bytes]) -> list[bytes]:
    """The plain JSON of stored states."""
    unpack = zstandard.ZstdDecompressor().decompress
    return [state if state.startswith(b"{") else unpack(state) for state in found]


def parsed(plain: list[bytes]) -> list[Any]:
    """What the JSON says."""
    return [json.loads(state) for state in plain]


def read_plainly(store: Store) -> Taken:
    """The floor: all rows of the journal by SQL, unpacked and parsed by json."""
    watch = Stopwatch()
    with watch.running():
        facts = parsed(unpacked(states(store)))
    changes = [change for fact in facts for change in fact["data"].get("changes", ())]
    return Taken(watch.seconds, {"tickets": sum(change["kind"] == "ticket" for change in changes)})


def parse_only(store: Store, stream: str, times: int) -> Taken:
    """The floor: parse the JSON of the same facts, which is in memory already."""
    plain = unpacked(states(store, stream))
    seconds = median_seconds(lambda: parsed(plain), times)
    changes = [change for fact in parsed(plain) for change in fact["data"].get("changes", ())]
    return Taken(seconds, {"tickets": sum(change["kind"] == "ticket" for change in changes)})
