"""The journal: the one place where facts are kept."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.facts import Entry, Fact, Provenance
from domain.refusals import Conflict, NotYet


class StreamMoved(Conflict):
    """Somebody else recorded facts in the stream since it was read: decide again on the fresh state."""


class JournalUnavailable(NotYet):
    """The database cannot be reached, is locked, or did not answer in time. Nothing is known to be recorded."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Facts to add to one stream.

    Attributes:
        stream: the stream's name.
        expected_version: the version that was decided on; 0 for a stream that does not exist yet.
        facts: in order, at least one.
    """

    stream: str
    expected_version: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a commit answers.

    Attributes:
        position: the position of its last fact: reading "at least this" sees all of it.
        recorded_at: the database's time, UTC.
        commit: the number of its seal, dense from 1.
    """

    position: int
    recorded_at: dt.datetime
    commit: int


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal of one commit: tamper evidence, and the map from time to position.

    Attributes:
        commit: dense from 1.
        first_position: of its facts.
        last_position: of its facts.
        leaves: how many facts.
        root: Merkle root of the facts' leaves, 32 bytes.
        seal: SHA-256 over the seal before and this commit, 32 bytes.
        recorded_at: the database's time, never before the seal before, UTC.
        client: whose commit.
        command: the command that it records.
    """

    commit: int
    first_position: int
    last_position: int
    leaves: int
    root: bytes
    seal: bytes
    recorded_at: dt.datetime
    client: str
    command: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What :meth:`Journal.verify` found.

    Attributes:
        commits: seals checked.
        facts: facts checked.
        faults: sentences, one for each thing that does not fit; empty when all is well. At most 100.
        head: the last seal, hex, or empty for an empty journal.
    """

    commits: int
    facts: int
    faults: tuple[str, ...]
    head: str


class Journal(Protocol):
    """Keeps facts in streams and in one log, for ever.

    Every method raises :class:`JournalUnavailable` within a bounded time when the database does not answer.
    """

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record facts of one command in one commit: all of them or none.

        All streams must be of one client. A command that is recorded already (same client, same id) is not recorded
        again: the answer is its receipt. So an append may be repeated when its answer was lost.

        Raises:
            StreamMoved: a stream is not at its expected version.
        """
        ...

    def receipt(self, client: str, command: str) -> Receipt | None:
        """The receipt of a command that was recorded, or None."""
        ...

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries of one stream in order: versions past ``after``, positions up to and including ``until``."""
        ...

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The versions that these streams are at, asked for together; one that does not exist is left out."""
        ...

    def log(self, *, after: int, limit: int, client: str | None = None) -> list[Entry]:
        """Entries of the whole log in order of position, past ``after``.

        Whole commits only: at least ``limit`` entries if there are that many, then up to the end of the commit. With
        a ``client`` only that client's entries, and exactly up to ``limit``.
        """
        ...

    def head(self) -> int:
        """The position of the last entry, 0 when there is none."""
        ...

    def position_at(self, moment: dt.datetime | int) -> int:
        """The end of the last commit that was whole at a moment, 0 when there was none.

        Args:
            moment: an instant, or a position of the log. A position inside a commit stands for the end of the commit
                before it: nobody ever saw a part of one.
        """
        ...

    def seals(self, *, after: int = 0, limit: int = 1000) -> list[Seal]:
        """Seals in order, past commit ``after``."""
        ...

    def next_seal(self, position: int) -> Seal | None:
        """The seal of the first commit that reaches past a position, or None where there is none yet."""
        ...

    def verify(self) -> Verification:
        """Recompute every leaf, root and seal from the stored bytes and compare."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...
