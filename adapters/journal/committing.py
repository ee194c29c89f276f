"""Committing: what one command adds to the log, and the steps that both recorders take under the ordering lock."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.journal.mapping import Row, write
from adapters.journal.reading import Queries
from adapters.journal.sealing import sealed
from domain.facts import Provenance
from domain.ports.journal import Recording, Seal, StreamMoved


@dataclass(frozen=True, slots=True)
class Commit:
    """What one command records.

    Attributes:
        client: whose.
        recordings: at least one, each of a stream of its own, each with at least one fact.
        provenance: who and why; its command is the command's id.
    """

    client: str
    recordings: Sequence[Recording]
    provenance: Provenance

    def __len__(self) -> int:
        return sum(len(recording.facts) for recording in self.recordings)

    def rows(self, leaves: list[bytes]) -> Iterator[Row]:
        """Map and hash the facts, one by one; their leaves are added to ``leaves``."""
        return write(self.recordings, self.provenance, leaves)


class Recorder(Protocol):
    """What the journal needs of a recorder. All errors are those of the port, or refusals of this package."""

    @property
    def read(self) -> Queries:
        """Queries, each on a connection of its own for a moment."""
        ...

    def record(self, commit: Commit) -> Seal:
        """Store a commit with its seal in one transaction, or answer the seal that its command has already.

        Raises:
            StreamMoved: a stream is not at its expected version.
        """
        ...

    def settle(self) -> None:
        """Wait until whoever holds the ordering lock has committed: what has its time by now can be read then."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


def commit_in_order(
    queries: Queries,
    commit: Commit,
    *,
    insert: Callable[[], tuple[int, bytes]],
    now: Callable[[], dt.datetime],
    add_seal: Callable[[Seal], None],
) -> Seal:
    """Record a commit in a transaction that holds the ordering lock, or answer the seal that its command has already.

    Args:
        queries: on the transaction's own connection.
        commit: what to record.
        insert: stores the facts; answers the position of the first (the others follow without holes) and the root.
        now: the database's time.
        add_seal: stores the seal.

    Raises:
        StreamMoved: a stream is not at its expected version.
    """
    known = queries.seal_of(commit.client, commit.provenance.command)
    if known:
        return known
    for recording in commit.recordings:
        check_version(recording, queries.version(recording.stream))
    before = queries.last_seal()
    first_position, root = insert()
    seal = sealed(
        before,
        first_position=first_position,
        leaves=len(commit),
        root=root,
        now=now(),
        client=commit.client,
        command=commit.provenance.command,
    )
    add_seal(seal)
    return seal


def check_version(recording: Recording, version: int) -> None:
    """Check that a stream is at the version that was decided on.

    Raises:
        StreamMoved: it is not.
    """
    if version != recording.expected_version:
        raise StreamMoved(
            f"{recording.stream!r} is at version {version}, not at {recording.expected_version}: "
            "somebody else recorded in it. Decide again on its fresh state."
        )
