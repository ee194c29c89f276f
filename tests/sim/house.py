"""A house whose database loses answers, goes away and dies with its process, as the seed says."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import httpcore

from adapters.pos.tray.patience import Timing
from adapters.pos.tray.system import TraySource, TraySystem
from domain.facts import Entry, Provenance
from domain.ports.captures import Capture
from domain.ports.journal import Journal, JournalUnavailable, Receipt, Recording, Seal, Verification
from domain.ports.source import Limits
from domain.ports.vault import Vault
from tests.sim.clock import SimClock
from tests.support.fake_captures import MemoryCaptures
from tests.support.reach import LOOPBACK

LIMITS: Final = Limits(
    attempts=2,
    longest_pause=5.0,
    fetch_timeout=300.0,
    answer_bytes=2**20,
    fetch_bytes=8 * 2**20,
    page_rows=4,
    reach=LOOPBACK,
)
"""Few attempts, so that faults come through; small pages, so that there are many; small bounds, so that bombs are."""


class Killed(BaseException):
    """The process died here: nothing after this point ran, and what the database had committed stays."""


class FaultyJournal:
    """A journal whose calls fail as they are told to; what it answers is the inner one's.

    Attributes:
        next: what happens at one of the coming calls, by name: ``away`` (refused, nothing done), ``lost`` (done, and
            the answer is lost), ``killed_before`` and ``killed_after`` (the process dies there).
        skip: calls to let pass first.
        fired: how often each of them came.
        appends: commits that were acknowledged to the caller.
    """

    def __init__(self, inner: Journal) -> None:
        self._inner = inner
        self.next = ""
        self.skip = 0
        self.fired: dict[str, int] = {}

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, unless it is told otherwise."""
        name = self._due(writes=True)
        if name == "killed_before":
            raise Killed
        if name == "away":
            raise JournalUnavailable("The simulated database is away.")
        receipt = self._inner.append(recordings, provenance)
        if name == "killed_after":
            raise Killed
        if name == "lost":
            raise JournalUnavailable("The simulated database did not answer in time.")
        return receipt

    def receipt(self, client: str, command: str) -> Receipt | None:
        """The receipt of a command."""
        self._read()
        return self._inner.receipt(client, command)

    def stream(self, stream: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries of one stream."""
        self._read()
        return self._inner.stream(stream, after=after, until=until)

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The versions that streams are at."""
        self._read()
        return self._inner.versions(streams)

    def log(self, *, after: int, limit: int, client: str | None = None) -> list[Entry]:
        """Entries of the log."""
        self._read()
        return self._inner.log(after=after, limit=limit, client=client)

    def head(self) -> int:
        """The position of the last entry."""
        self._read()
        return self._inner.head()

    def position_at(self, moment: object) -> int:
        """The end of the last commit that was whole at a moment."""
        self._read()
        return self._inner.position_at(moment)  # type: ignore[arg-type]

    def seals(self, *, after: int = 0, limit: int = 1000) -> list[Seal]:
        """Seals in order."""
        self._read()
        return self._inner.seals(after=after, limit=limit)

    def next_seal(self, position: int) -> Seal | None:
        """The seal of the next commit."""
        self._read()
        return self._inner.next_seal(position)

    def verify(self) -> Verification:
        """Recompute everything and compare."""
        return self._inner.verify()

    def close(self) -> None:
        """Give back connections."""
        self._inner.close()

    def _read(self) -> None:
        if self._due(writes=False) == "away":
            raise JournalUnavailable("The simulated database is away.")

    def _due(self, *, writes: bool) -> str:
        if not self.next or (self.next != "away" and not writes):
            return ""
        if self.skip:
            self.skip -= 1
            return ""
        name, self.next = self.next, ""
        self.fired[f"journal_{name}"] = self.fired.get(f"journal_{name}", 0) + 1
        return name


class FaultyCaptures:
    """Captures that die with their process now and then.

    Attributes:
        die: the process dies at the next capture: ``before`` it is kept, or ``after``.
        kept: how many were.
        newest: the last of them.
    """

    def __init__(self, inner: MemoryCaptures) -> None:
        self._inner = inner
        self.die = ""
        self.fired: dict[str, int] = {}
        self.kept = 0
        self.newest: Capture | None = None

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture, unless it is told otherwise."""
        die, self.die = self.die, ""
        if die:
            self.fired[f"captures_killed_{die}"] = self.fired.get(f"captures_killed_{die}", 0) + 1
        if die == "before":
            raise Killed
        digest = self._inner.keep(client, capture)
        self.kept, self.newest = self.kept + 1, capture
        if die == "after":
            raise Killed
        return digest

    def all(self) -> list[Capture]:
        """Everything that was kept."""
        return self._inner.all()

    def get(self, client: str, digest: str) -> Capture:
        """A capture that was kept."""
        return self._inner.get(client, digest)


class SimulatedTray(TraySystem):
    """Tray, reached over the simulated network by the simulated clock."""

    def __init__(self, network: httpcore.NetworkBackend, clock: SimClock, rng: random.Random) -> None:
        self._network = network
        self._timing = Timing(sleep=clock.sleep, monotonic=clock.seconds, now=clock.now, random=rng.random)

    def connect(  # type: ignore[override]
        self, environment: str, secret: str, vault: Vault, limits: Limits = LIMITS
    ) -> TraySource:
        """A source at the simulated POS."""
        return super().connect(environment, secret, vault, limits, timing=self._timing, network=self._network)
