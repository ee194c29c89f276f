"""Captures: what a source answered, kept once per digest, so that a replay never needs the network."""

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

import msgspec

from domain.refusals import NotFound


class NoCapture(NotFound):
    """The capture is not in the store."""


class Page(msgspec.Struct, frozen=True, dict=True):
    """One page of an answer.

    Attributes:
        resource: for example ``checks``.
        rows: how many.
        data: the rows as the source told them, canonical: a JSON array of the fields that its contract has and of no
            others, personal data sealed.
    """

    resource: str
    rows: int
    data: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the data, hex; worked out once, for a large day has many megabytes."""
        return hashlib.sha256(self.data).hexdigest()


class Capture(msgspec.Struct, frozen=True):
    """All pages of one read of one business day.

    Attributes:
        system: the system's key in the catalogue.
        contract: the version of the source's contract that the pages follow.
        parameters: what was asked, for example venue and business date.
        pages: in the order of reading.
    """

    system: str
    contract: int
    parameters: dict[str, str]
    pages: tuple[Page, ...]

    def manifest(self) -> bytes:
        """What the digest is taken over: JSON of everything but the pages' data, which stand in by their digests."""
        pages = [{"resource": page.resource, "rows": page.rows, "digest": page.digest} for page in self.pages]
        content = {
            "system": self.system,
            "contract": self.contract,
            "parameters": self.parameters,
            "pages": pages,
        }
        return msgspec.json.encode(content, order="sorted")

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, hex."""
        return hashlib.sha256(self.manifest()).hexdigest()

    def of(self, resource: str) -> Iterable[Page]:
        """The pages of one resource."""
        return (page for page in self.pages if page.resource == resource)


class Captures(Protocol):
    """Keeps captures per client; a page or capture that is known already is not kept twice."""

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture; answers its digest."""
        ...

    def get(self, client: str, digest: str) -> Capture:
        """A capture that was kept.

        Raises:
            NoCapture: none of that digest for this client.
        """
        ...
