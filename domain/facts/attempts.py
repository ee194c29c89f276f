"""Attempts: how a poll or an import went about reading."""

import datetime as dt
from typing import Literal

import msgspec


class ReadFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """An import file that was read.

    Attributes:
        kind: which of the kinds of import files, for example ``sales-detail``.
        name: what it was called where it came from.
        digest: SHA-256 of its bytes, hex.
        rows: how many it has.
    """

    kind: str
    name: str
    digest: str
    rows: int


class Attempt(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a poll or an import went about reading the source.

    Attributes:
        kind: ``poll`` for the first, ``repoll`` for every later one, ``import`` where files were given.
        connection: the connection that was polled.
        configuration: the version of the connection's configuration in use.
        started_at: our clock, UTC.
        ended_at: our clock, UTC.
        requests: HTTP requests sent, retries included.
        read_bytes: bytes of the answers, decompressed.
        rows: control totals: rows by resource.
        files: what an import read.
    """

    kind: Literal["poll", "repoll", "import"]
    connection: str
    configuration: int
    started_at: dt.datetime
    ended_at: dt.datetime
    requests: int = 0
    read_bytes: int = 0
    rows: dict[str, int] = {}
    files: tuple[ReadFile, ...] = ()
