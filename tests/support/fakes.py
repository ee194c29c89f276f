"""A journal in memory, for tests of what stands on the port; it passes the same conformity suite as the real ones."""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Sequence

from adapters.journal.mapping import StoredFact, leaf_of, read, write
from adapters.journal.sealing import Verifier, merkle_root, sealed
from domain.facts import Entry, Provenance
from domain.identifiers import client_of
from domain.ports.clock import Clock
from domain.ports.journal import JournalUnavailable, Receipt, Recording, Seal, StreamMoved, Verification


class MemoryJournal:
    """Keeps facts in lists, as bytes: what goes in is stored and loaded as by the real ones.

    Args:
        clock: tells the time of commits; without one it is the machine's.

    Attributes:
        away: set it, and every call is refused as if the database were away.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.away = False
        self._clock = clock
        self._stored: list[StoredFact] = []
        self._seals: list[Seal] = []
        self._lock = threading.RLock()

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record facts of one command, or answer the receipt that it has already."""
        clients = {client_of(recording.stream) for recording in recordings}
        if len(clients) != 1 or not provenance.command:
            raise ValueError("A commit is of one client and of one command.")
        if len({recording.stream for recording in recordings}) != len(recordings):
            raise ValueError("A commit names each stream once.")
        if not all(recording.facts for recording in recordings):
            raise ValueError("A recording has at least one fact.")
        (client,) = clients
        with self._reached():
            known = self.receipt(client, provenance.command)
            if known:
                return known
            for recording in recordings:
                version = sum(stored.stream == recording.stream for stored in self._stored)
                if version != recording.expected_version:
                    raise StreamMoved(f"{recording.stream!r} is at version {version}.")
            leaves: list[bytes] = []
            rows = list(write(recordings, provenance, leaves))
            first = len(self._stored) + 1
            self._stored += [StoredFact(position, *row) for position, row in enumerate(rows, first)]
            seal = sealed(
                self._seals[-1] if self._seals else None,
                first_position=first,
                leaves=len(rows),
                root=merkle_root(leaves),
                now=self._clock.now() if self._clock else dt.datetime.now(dt.UTC),
                client=client,
                command=provenance.command,
            )
            self._seals.append(seal)
            return _receipt(seal)

    def receipt(self, client: str, command: str) -> Receipt | None:
        """The receipt of a command that was recorded, or None."""
        with self._reached():
            return next((_receipt(s) for s in self._seals if (s.client, s.command) == (client, command)), None)

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries of one stream in order."""
        with self._reached():
            chosen = [
                stored
                for stored in self._stored
                if stored.stream == stream and stored.version > after and (until is None or stored.position <= until)
            ]
            return iter([self._entry(stored) for stored in chosen])

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The versions that these streams are at."""
        with self._reached():
            wanted = set(streams)
            return {stored.stream: stored.version for stored in self._stored if stored.stream in wanted}

    def log(self, *, after: int, limit: int, client: str | None = None) -> list[Entry]:
        """Entries of the log: whole commits, or exactly up to ``limit`` of one client."""
        with self._reached():
            past = [stored for stored in self._stored[after:] if client in {None, client_of(stored.stream)}]
            chosen = past[:limit]
            if client is None and chosen:
                end = self._seal(chosen[-1].position).last_position
                chosen = [stored for stored in past if stored.position <= end]
            return [self._entry(stored) for stored in chosen]

    def head(self) -> int:
        """The position of the last entry."""
        with self._reached():
            return len(self._stored)

    def position_at(self, moment: dt.datetime | int) -> int:
        """The end of the last commit that was whole at an instant or a position."""
        with self._reached():
            whole = [
                seal.last_position
                for seal in self._seals
                if (seal.last_position <= moment if isinstance(moment, int) else seal.recorded_at <= moment)
            ]
            return max(whole, default=0)

    def seals(self, *, after: int = 0, limit: int = 1000) -> list[Seal]:
        """Seals in order."""
        with self._reached():
            return self._seals[after : after + limit]

    def next_seal(self, position: int) -> Seal | None:
        """The seal of the next commit."""
        with self._reached():
            return next((seal for seal in self._seals if seal.last_position > position), None)

    def verify(self) -> Verification:
        """Recompute everything and compare."""
        with self._reached():
            verifier = Verifier()
            for seal in self._seals:
                verifier.check(seal, map(leaf_of, self._stored[seal.first_position - 1 : seal.last_position]))
            return verifier.verification()

    def close(self) -> None:
        """Nothing to give back."""

    def _reached(self) -> "threading.RLock":
        if self.away:
            raise JournalUnavailable("The journal is away: the test said so.")
        return self._lock

    def _seal(self, position: int) -> Seal:
        return next(seal for seal in self._seals if seal.last_position >= position)

    def _entry(self, stored: StoredFact) -> Entry:
        return read(stored, self._seal(stored.position).recorded_at)


def _receipt(seal: Seal) -> Receipt:
    return Receipt(seal.last_position, seal.recorded_at, seal.commit)
