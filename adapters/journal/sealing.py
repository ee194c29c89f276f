"""Seals: the arithmetic of tamper evidence. Pure: bytes in, bytes out.

A fact's *leaf* is SHA-256 of 0x00, the length of its stream's name, its version, the length of its own name, both names
in this order, and its canonical bytes (the JSON, whether or not it is stored compressed). The leaves of a commit make a
Merkle tree hashed as in RFC 6962. A commit's *seal* is SHA-256 of the seal before, its number, positions, number of
leaves, root, time, client and command, so that nothing before it can change unnoticed. Numbers are big-endian, of 8
bytes, lengths of 4; client and command are each preceded by theirs, so that no two different inputs are the same bytes.
The time is microseconds since 1970; before the first seal stand 32 zero bytes.
"""

import datetime as dt
import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from domain.identifiers import client_of
from domain.ports.journal import Seal, Verification

GENESIS: Final = bytes(32)
"""What stands in for the seal before the first one."""

MOST_FAULTS: Final = 100
"""Faults that a verification names; it goes on counting facts and commits past them."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_LENGTH: Final = struct.Struct(">I").pack
_LEAF: Final = struct.Struct(">xIQI").pack  # x is the byte 0x00 that tells leaves from inner nodes
_NUMBERS: Final = struct.Struct(">QQQQ").pack


class Leaf(NamedTuple):
    """A stored fact as a verification sees it; ``leaf`` is None where its bytes cannot be read."""

    position: int
    stream: str
    leaf: bytes | None


def leaf_hash(stream: str, version: int, name: str, state: bytes) -> bytes:
    """The leaf of a fact, 32 bytes."""
    where, what = stream.encode(), name.encode()
    return sha256(b"".join((_LEAF(len(where), version, len(what)), where, what, state))).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of the Merkle tree over at least one leaf, 32 bytes.

    Pairing neighbours level by level and carrying an odd last node up gives the tree of RFC 6962.
    """
    level = leaves
    while len(level) > 1:
        nodes = iter(level)
        above = [sha256(b"\1" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def seal_hash(
    previous: bytes,
    *,
    commit: int,
    first_position: int,
    last_position: int,
    leaves: int,
    root: bytes,
    recorded_at: dt.datetime,
    client: str,
    command: str,
) -> bytes:
    """The seal of a commit, 32 bytes; ``previous`` is the seal before it, or :data:`GENESIS`."""
    whose, what = client.encode(), command.encode()
    numbers = _NUMBERS(commit, first_position, last_position, leaves)
    moment = ((recorded_at - _EPOCH) // _MICROSECOND).to_bytes(8, "big")
    texts = _LENGTH(len(whose)) + whose + _LENGTH(len(what)) + what
    return sha256(previous + numbers + root + moment + texts).digest()


def sealed(
    before: Seal | None,
    *,
    first_position: int,
    leaves: int,
    root: bytes,
    now: dt.datetime,
    client: str,
    command: str,
) -> Seal:
    """The next seal after ``before``. Time never runs backwards: a clock that was set back repeats the time before."""
    commit = before.commit + 1 if before else 1
    recorded_at = max(now, before.recorded_at) if before else now
    last_position = first_position + leaves - 1
    seal = seal_hash(
        before.seal if before else GENESIS,
        commit=commit,
        first_position=first_position,
        last_position=last_position,
        leaves=leaves,
        root=root,
        recorded_at=recorded_at,
        client=client,
        command=command,
    )
    return Seal(commit, first_position, last_position, leaves, root, seal, recorded_at, client, command)


class Verifier:
    """Checks seals in order, each with what is stored at and before its positions."""

    def __init__(self) -> None:
        self._before: Seal | None = None
        self._commits = 0
        self._facts = 0
        self._faults: list[str] = []

    @property
    def position(self) -> int:
        """The last position that is covered by the seals checked so far."""
        return self._before.last_position if self._before else 0

    def check(self, seal: Seal, stored: Iterable[Leaf]) -> None:
        """Check the next seal; ``stored`` is all that is stored past :attr:`position` up to its last position."""
        self._check_chain(seal)
        inside: list[Leaf] = []
        for leaf in stored:
            if leaf.position < seal.first_position:
                self.unsealed(leaf.position)
            else:
                inside.append(leaf)
        self._check_leaves(seal, inside)
        self._commits += 1
        self._facts += len(inside)
        self._before = seal

    def unsealed(self, position: int) -> None:
        """Say that there is a fact which belongs to no commit."""
        self._fault(f"The fact at position {position} belongs to no commit: it was put in past the journal.")

    def verification(self) -> Verification:
        """What was found."""
        head = self._before.seal.hex() if self._before else ""
        return Verification(self._commits, self._facts, tuple(self._faults), head)

    def _check_chain(self, seal: Seal) -> None:
        before = self._before
        expected = before.commit + 1 if before else 1
        if seal.commit != expected:
            self._fault(f"Commit {expected} is missing: commit {seal.commit} follows.")
        if before and seal.first_position <= before.last_position:
            self._fault(f"Commit {seal.commit} begins at position {seal.first_position}, inside the commit before.")
        if before and seal.recorded_at < before.recorded_at:
            self._fault(f"Commit {seal.commit} was recorded before the commit before it.")
        computed = seal_hash(
            before.seal if before else GENESIS,
            commit=seal.commit,
            first_position=seal.first_position,
            last_position=seal.last_position,
            leaves=seal.leaves,
            root=seal.root,
            recorded_at=seal.recorded_at,
            client=seal.client,
            command=seal.command,
        )
        if computed != seal.seal:
            self._fault(
                f"The seal of commit {seal.commit} does not fit it and the seal before: one of them was changed."
            )

    def _check_leaves(self, seal: Seal, stored: list[Leaf]) -> None:
        if len(stored) != seal.leaves:
            self._fault(f"Commit {seal.commit} sealed {seal.leaves} facts, and {len(stored)} are stored.")
        for fact in stored:
            if fact.leaf is None:
                self._fault(f"The stored bytes of the fact at position {fact.position} cannot be read.")
            if not _belongs_to(fact.stream, seal.client):
                self._fault(
                    f"The fact at position {fact.position} is not of client {seal.client!r}, whose commit it is in."
                )
        leaves = [fact.leaf for fact in stored if fact.leaf is not None]
        if len(leaves) == len(stored) == seal.leaves and merkle_root(leaves) != seal.root:
            self._fault(f"The facts of commit {seal.commit} (positions {_span(seal)}) are not those that were sealed.")

    def _fault(self, sentence: str) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(sentence)


def _belongs_to(stream: str, client: str) -> bool:
    try:
        return client_of(stream) == client
    except IndexError:
        return False


def _span(seal: Seal) -> str:
    return f"{seal.first_position} to {seal.last_position}"
