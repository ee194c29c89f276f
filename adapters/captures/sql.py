"""Captures on SQLite and PostgreSQL."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import zstandard
from sqlalchemy.dialects import postgresql, sqlite

from adapters.captures.tables import CAPTURES, PAGES
from adapters.walls import reading
from domain.ports.captures import Capture, NoCapture, Page
from domain.refusals import Refusal

MOST_PAGE_BYTES: Final = 64 * 2**20
"""A page past this is neither kept nor unpacked."""

_LEVEL: Final = 1  # level 3 packs JSON 6 % smaller and takes twice as long
_BATCH_ROWS: Final = 50
_BATCH_BYTES: Final = 2 * 2**20


class CaptureDamaged(Refusal):
    """A stored capture is not what was kept: a page is missing, or its bytes do not fit their digest."""


class _PageEntry(msgspec.Struct, frozen=True):
    resource: str
    rows: int
    digest: str


class _Manifest(msgspec.Struct, frozen=True):
    system: str
    contract: int
    parameters: dict[str, str]
    pages: list[_PageEntry]


_MANIFEST: Final = msgspec.json.Decoder(_Manifest)


class SqlCaptures:
    """Captures and their pages in two tables, content-addressed per client."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture in one transaction; answers its digest. What is known already is not written again.

        Raises:
            ValueError: a page is larger than :data:`MOST_PAGE_BYTES`.
        """
        manifest = capture.manifest()
        digest = hashlib.sha256(manifest).hexdigest()
        # The manifest holds the pages' digests: hashing them a second time would cost as much as compressing them.
        digests = [entry.digest for entry in _MANIFEST.decode(manifest).pages]
        with reading(self._engine, client) as connection:
            if connection.execute(_captures_query(client, digest)).first() is not None:
                return digest
            known = _known(connection, client, digests)
        missing = {key: page.data for key, page in zip(digests, capture.pages, strict=True) if key not in known}
        rows = list(_packed(client, missing))
        kept = {"client": client, "digest": digest, "manifest": manifest, "kept_at": dt.datetime.now(dt.UTC)}
        with self._engine.begin() as connection:
            for batch in _batches(rows):
                connection.execute(self._insert(PAGES).values(batch).on_conflict_do_nothing())
            connection.execute(self._insert(CAPTURES).values(kept).on_conflict_do_nothing())
        return digest

    def get(self, client: str, digest: str) -> Capture:
        """A capture that was kept, every byte checked against its digest.

        Raises:
            NoCapture: none of that digest for this client.
            CaptureDamaged: what is stored is not what was kept.
        """
        with reading(self._engine, client) as connection:
            row = connection.execute(_captures_query(client, digest)).first()
            if row is None:
                raise NoCapture(f"There is no capture {digest[:12]!r} for this client.")
            if hashlib.sha256(row.manifest).hexdigest() != digest:
                raise CaptureDamaged(f"The manifest of capture {digest[:12]} does not fit its digest.")
            manifest = _MANIFEST.decode(row.manifest)
            data = _unpacked(connection, client, {entry.digest for entry in manifest.pages})
        pages = tuple(Page(entry.resource, entry.rows, data[entry.digest]) for entry in manifest.pages)
        return Capture(manifest.system, manifest.contract, manifest.parameters, pages)


def unpack(digest: str, packed: bytes, size: int) -> bytes:
    """The bytes of a stored page, never more than were kept.

    Raises:
        CaptureDamaged: they do not fit the digest or the size.
    """
    try:
        # The frame states its size itself, and the library would allocate whatever it says.
        stated = zstandard.get_frame_parameters(packed).content_size
        if stated != size or not 0 <= size <= MOST_PAGE_BYTES:
            raise CaptureDamaged(f"Page {digest[:12]} does not have the size that was kept.")
        data = zstandard.ZstdDecompressor().decompress(packed, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError:
        raise CaptureDamaged(f"Page {digest[:12]} cannot be unpacked.") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise CaptureDamaged(f"Page {digest[:12]} does not fit its digest.")
    return data


def _captures_query(client: str, digest: str) -> sa.Select[tuple[bytes]]:
    return sa.select(CAPTURES.c.manifest).where(CAPTURES.c.client == client, CAPTURES.c.digest == digest)


def _known(connection: sa.Connection, client: str, digests: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for chunk in _chunks(digests, 500):
        query = sa.select(PAGES.c.digest).where(PAGES.c.client == client, PAGES.c.digest.in_(chunk))
        known.update(connection.scalars(query))
    return known


def _packed(client: str, pages: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    """Rows in the order of digests: two processes that keep the same pages never wait for each other in a circle."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True)
    for digest, data in sorted(pages.items()):
        if len(data) > MOST_PAGE_BYTES:
            raise ValueError(f"A page of {len(data)} bytes is larger than captures keep ({MOST_PAGE_BYTES}).")
        yield {"client": client, "digest": digest, "data": compressor.compress(data), "size": len(data)}


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Multi-row inserts of bounded size; the driver's own batching waits for ever on large ones over a socket."""
    batch: list[dict[str, Any]] = []
    weight = 0
    for row in rows:
        if batch and (len(batch) >= _BATCH_ROWS or weight + len(row["data"]) > _BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(row)
        weight += len(row["data"])
    if batch:
        yield batch


def _unpacked(connection: sa.Connection, client: str, digests: set[str]) -> dict[str, bytes]:
    pages: dict[str, bytes] = {}
    for chunk in _chunks(sorted(digests), 100):
        query = sa.select(PAGES.c.digest, PAGES.c.data, PAGES.c.size).where(
            PAGES.c.client == client, PAGES.c.digest.in_(chunk)
        )
        pages.update((row.digest, unpack(row.digest, row.data, row.size)) for row in connection.execute(query))
    lost = digests - pages.keys()
    if lost:
        raise CaptureDamaged(f"{len(lost)} of {len(digests)} pages of the capture are missing, first {min(lost)[:12]}.")
    return pages


def _chunks(values: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
