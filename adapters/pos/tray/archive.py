"""An archive of the consolidated API, opened: which rows it holds, page by page as the split endpoints answer them."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from adapters.pos.tray.client import RawPage
from adapters.pos.tray.questions import PARTS, Part, Question
from adapters.pos.tray.rows import rows_of
from adapters.pos.tray.strict import NotStrict
from adapters.pos.tray.unzip import Unzipped
from adapters.pos.tray.wire import Manifest, decode_manifest, decode_rows
from domain.ports.source import DEFAULT_LIMITS, SourceFailure

MOST_UNPACKED_BYTES: Final = 256 * 2**20
"""What the entries of one archive may unpack to. They are read piece by piece and never stand in memory whole."""

_PAGE_ROWS: Final = DEFAULT_LIMITS.page_rows
_MANIFEST: Final = "manifest.json"
_MOST_MANIFEST_BYTES: Final = 64 * 1024


class Archive:
    """One part of a day, of one moment. Everything but the rows themselves was checked when it was made.

    Attributes:
        resources: what it holds.
        size: what it unpacks to, in bytes.
        digests: SHA-256 of each resource's entry.
    """

    def __init__(self, data: bytes, venue: str, part: Part, question: Question, most_bytes: int) -> None:
        """Check an archive whose seal was proved before.

        Args:
            data: the zip.
            venue: whose it has to be.
            part: which part it has to be.
            question: what it has to answer.
            most_bytes: what it may unpack to.

        Raises:
            SourceFailure: it is not whole, not sound, too large, or not the answer to the question.
        """
        self.resources = tuple([name for name in PARTS[part] if name != "deposits" or "createdFrom" in question])
        names = frozenset([_MANIFEST, *map(_entry, self.resources)])
        self._zip = Unzipped(data, names, min(most_bytes, MOST_UNPACKED_BYTES))
        self.size = self._zip.size
        self._rows = _rows(self._manifest(), venue, part, question)
        if self._rows.keys() != set(self.resources):
            raise SourceFailure("malformed", "The manifest of Tray's archive counts other resources than are in it.")
        self.digests = {name: self._digest(name) for name in self.resources}

    def pages(self, resource: str, most_bytes: int) -> Iterator[RawPage]:
        """The rows of a resource, as many on a page as the split endpoints give.

        Args:
            resource: one of :attr:`resources`.
            most_bytes: what the rows of a page may have together.

        Raises:
            SourceFailure: a row is not of the contract, or there are more or fewer than the manifest counts.
        """
        count = 0
        try:
            for batch in _batches(rows_of(self._zip.pieces(_entry(resource))), most_bytes):
                rows, canonical = decode_rows(resource, b"[" + b",".join(batch) + b"]")
                count += len(rows)
                yield RawPage(canonical, rows, "")
        except NotStrict as error:
            raise _not_of_the_contract(error) from None
        if count != self._rows[resource]:
            raise SourceFailure("malformed", "Tray's archive has another number of rows than its manifest counts.")

    def _manifest(self) -> Manifest:
        parts, size = [], 0
        for piece in self._zip.pieces(_MANIFEST):
            size += len(piece)
            if size > _MOST_MANIFEST_BYTES:
                raise SourceFailure("too-large", "The manifest of Tray's archive is too large.")
            parts.append(piece)
        try:
            return decode_manifest(b"".join(parts))
        except NotStrict as error:
            raise _not_of_the_contract(error) from None

    def _digest(self, resource: str) -> bytes:
        """The digest of an entry; unpacking it for this alone proves its size and checksum before a row is read."""
        digest = hashlib.sha256()
        for piece in self._zip.pieces(_entry(resource)):
            digest.update(piece)
        return digest.digest()


def _rows(manifest: Manifest, venue: str, part: str, question: Question) -> dict[str, int]:
    """The manifest's counts, if it is the manifest of what was asked for."""
    if manifest.venue_id != venue:
        raise SourceFailure("wrong-venue", "Tray's archive is of another venue.")
    if manifest.business_date != question["businessDate"]:
        raise SourceFailure("out-of-window", "Tray's archive is of another business date.")
    if manifest.part != part:
        raise SourceFailure("malformed", "Tray's archive is of another part of the day.")
    return manifest.rows


def _batches(rows: Iterable[bytes], most_bytes: int) -> Iterator[list[bytes]]:
    """Rows by the page; a resource without rows has one page without rows, as the split endpoints have it."""
    batch: list[bytes] = []
    pages = size = 0
    for row in rows:
        batch.append(row)
        size += len(row)
        if size > most_bytes:
            raise SourceFailure("too-large", f"A page of Tray's archive has more than {most_bytes:,} bytes.")
        if len(batch) == _PAGE_ROWS:
            yield batch
            batch, size = [], 0
            pages += 1
    if batch or not pages:
        yield batch


def _entry(resource: str) -> str:
    return f"{resource}.json"


def _not_of_the_contract(error: NotStrict) -> SourceFailure:
    return SourceFailure("malformed", f"Tray's archive is not what its contract promises: {error}.")
