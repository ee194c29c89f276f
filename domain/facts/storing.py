"""How facts are written down and read again: JSON, with old shapes lifted to the shape of today."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

import msgspec

from domain.facts.catalogue import FACTS, Fact, fact_name, fact_version
from domain.facts.entries import Provenance
from domain.refusals import Refusal

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

_KINDS_OF_TRAY: Final = ["deposit", "late-void", "paid-in-out", "punch", "ticket"]


def _polled_of_version_1(fields: dict[str, Any]) -> dict[str, Any]:
    """The only source of version 1 was Tray, and a poll of it read all of these kinds."""
    return {**fields, "kinds": _KINDS_OF_TRAY}


def _as_it_was(fields: dict[str, Any]) -> dict[str, Any]:
    """Only fields with defaults came to it, or to its attempt; or words to those that a field may have."""
    return fields


def _established_of_version_1(fields: dict[str, Any]) -> dict[str, Any]:
    """Whoever could edit connections could edit each of them."""
    return {**fields, "visibility": "shared"}


UPCASTERS: Final[dict[tuple[str, int], Upcaster]] = {
    ("business-day.polled", 1): _polled_of_version_1,
    ("business-day.poll-unchanged", 1): _as_it_was,
    ("business-day.poll-failed", 1): _as_it_was,
    ("business-day.approved", 1): _as_it_was,
    ("connection.established", 1): _established_of_version_1,
    ("connection.location-added", 1): _as_it_was,
    ("object.registered", 1): _as_it_was,
}
"""``(name, version)`` → a pure function from the stored fields of that version to those of the next one.

Before and after of changes arrive here as plain JSON."""

ALIASES: Final[dict[str, str]] = {}
"""Old names that were stored once → today's name."""


class UnknownFact(Refusal):
    """The log holds a fact that this release does not know: it was written by a newer one."""


class _Stored(msgspec.Struct, frozen=True):
    v: int
    by: Provenance
    data: msgspec.Raw


class _Writing(msgspec.Struct, frozen=True):
    v: int
    by: Provenance
    data: Fact


F = TypeVar("F")


class _Reading(msgspec.Struct, Generic[F], frozen=True, gc=False):
    by: Provenance
    data: F


def _reader(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_Reading[shape])


_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode
_ENVELOPE: Final = msgspec.json.Decoder(_Stored)
_DECODERS: Final = {name: msgspec.json.Decoder(shape) for name, (shape, _) in FACTS.items()}
# A fact of today's shape is read in one pass: nearly all are, and a rebuild reads all of them.
_TODAY: Final = {name: (b'{"v":%d,' % version, _reader(shape)) for name, (shape, version) in FACTS.items()}
_NEVER: Final = (b"\0", _reader(msgspec.Raw))


def store(fact: Fact, provenance: Provenance) -> tuple[str, bytes]:
    """The fact's permanent name and the bytes to keep: ``{"v": …, "by": …, "data": …}``."""
    name = fact_name(fact)
    return name, _ENCODE(_Writing(fact_version(name), provenance, fact))


def load(name: str, state: bytes) -> tuple[Fact, Provenance]:
    """The fact of stored bytes, lifted to the shape of today.

    Raises:
        UnknownFact: the name, or the version of its shape, is newer than this release.
        msgspec.DecodeError: the bytes are damaged.
    """
    begins, today = _TODAY.get(name, _NEVER)
    if state.startswith(begins):
        found = today.decode(state)
        return found.data, found.by
    name = ALIASES.get(name, name)
    stored = _ENVELOPE.decode(state)
    if name not in FACTS or stored.v > fact_version(name):
        raise UnknownFact(
            f"The log holds {name!r} in version {stored.v}, which this release of daybook does not know. "
            "Run the release that wrote it, or a newer one."
        )
    return lift(name, stored.v, stored.data), stored.by


def lift(name: str, version: int, data: msgspec.Raw) -> Fact:
    """The fact of the stored fields of a version, by way of every version between it and today's."""
    fields = msgspec.json.decode(data)
    for step in range(version, fact_version(name)):
        fields = UPCASTERS[name, step](fields)
    return _DECODERS[name].decode(_ENCODE(fields))
