"""Parcels: a part of a day as the consolidated API hands it out, zipped and sealed for the one who asked."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.pos.tray.simulator.kernel import CONSOLIDATED, WINDOWS, Page, Visit
from adapters.pos.tray.simulator.zipping import Entry, deflated, written

MANIFEST = "manifest.json"
_HEAD = b"TRAYARC1"
_PURPOSE = b"tray consolidated archive"
_SALT, _NONCE = 16, 12
_EVERY_ROW = 10**9


@dataclass(frozen=True, slots=True)
class Parcel:
    """An archive in the making. What is set of `zipped` and `sealed` stands in for what would be made of the rest.

    Attributes:
        venue: whose it is.
        part: `sales` or `labor`.
        asked: the parameters that it answers.
        key: the API key that it is sealed with.
        chance: 28 bytes that were drawn for it, salt and nonce.
        contents: what is in it, by the name of the entry.
        zipped: the zip.
        sealed: what goes out.
    """

    venue: str
    part: str
    asked: Mapping[str, str]
    key: str
    chance: bytes
    contents: Mapping[str, bytes]
    zipped: bytes | None = None
    sealed: bytes | None = None

    def entries(self) -> list[Entry]:
        """Answer its entries, to be lied about."""
        return [deflated(name, content) for name, content in self.contents.items()]

    def with_entries(self, entries: Iterable[Entry]) -> "Parcel":
        """Answer a parcel of these entries instead."""
        return replace(self, zipped=written(entries))

    def zip(self) -> bytes:
        """Answer its zip."""
        return written(self.entries()) if self.zipped is None else self.zipped

    def seal(self) -> bytes:
        """Answer what goes out: head, salt, nonce, and the zip under AES-256-GCM, bound to what was asked."""
        if self.sealed is not None:
            return self.sealed
        salt, nonce = self.chance[:_SALT], self.chance[_SALT:]
        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(self.key.encode())
        return _HEAD + salt + nonce + AESGCM(derived).encrypt(nonce, self.zip(), self.question().encode())

    def question(self) -> str:
        """Answer what it is bound to, so that it opens for nothing else."""
        asked = [f"{name}={self.asked[name]}" for name in sorted(self.asked)]
        return "\n".join([_HEAD.decode(), f"venue={self.venue}", f"part={self.part}", *asked])


def visits_for(visit: Visit) -> Iterator[Visit]:
    """Answer a visit for each resource whose rows go into the archive that was asked for."""
    for resource in CONSOLIDATED[visit.resource]:
        if resource != "deposits" or "createdFrom" in visit.query:
            window = visit.window if resource in WINDOWS else (0, 0)
            yield replace(visit, resource=resource, window=window, limit=_EVERY_ROW, packed=True)


def pack(visit: Visit, pages: Sequence[tuple[str, Page]]) -> Parcel:
    """Answer the parcel of these rows, all of one moment."""
    contents = {f"{resource}.json": b"[" + b",".join(page.rows) + b"]" for resource, page in pages}
    part = visit.resource.partition("/")[2]
    manifest = {
        "version": 1,
        "venueId": visit.book.shop.venue.id,
        "part": part,
        "businessDate": visit.query["businessDate"],
        "serverTime": pages[0][1].server_time,
        "rows": {resource: len(page.rows) for resource, page in pages},
    }
    pos = visit.pos
    pos.parcels += 1
    drawn = hashlib.sha256(f"{pos.settings.seed}:parcel:{pos.parcels}".encode()).digest()
    return Parcel(
        venue=visit.book.shop.venue.id,
        part=part,
        asked=dict(visit.query),
        key=visit.key,
        chance=drawn[: _SALT + _NONCE],
        contents={**contents, MANIFEST: msgspec.json.encode(manifest)},
    )
