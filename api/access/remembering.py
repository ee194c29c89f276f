"""What is remembered for a moment, so that recognizing somebody costs next to nothing; what is revoked ends at once."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from domain.commands.changing_people import load_people
from domain.identifiers import PeopleId
from domain.people import NOBODY, People
from domain.ports.journal import Journal

FRESH_SECONDS: Final = 0.5
"""How long what was read counts: with reading it anew, what another process revokes is void within a second."""

MOST_CLIENTS: Final = 200
MOST_PROOFS: Final = 10_000

V = TypeVar("V")


class NotAtHand(Exception):
    """Only the database could tell."""


class Recent(Generic[V]):
    """Values that were read lately, the most recently used ones."""

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._drops = 0
        self._kept: OrderedDict[str | bytes, tuple[float, V]] = OrderedDict()

    def get(self, name: str | bytes, seconds: float) -> V | None:
        """A value that is not older than so many seconds."""
        with self._lock:
            read_at, value = self._kept.get(name, (0.0, None))
            if value is None or self._monotonic() - read_at > seconds:
                return None
            self._kept.move_to_end(name)
            return value

    def begin(self) -> tuple[float, int]:
        """Before a value is read: it is as old as this moment, and what is dropped meanwhile stays dropped."""
        with self._lock:
            return self._monotonic(), self._drops

    def put(self, name: str | bytes, value: V, began: tuple[float, int]) -> None:
        """Remember a value that was read since ``began``."""
        with self._lock:
            if began[1] != self._drops:
                return
            self._kept[name] = (began[0], value)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def drop(self, name: str | bytes) -> None:
        """Forget a value, also one that is being read at this moment."""
        with self._lock:
            self._drops += 1
            self._kept.pop(name, None)


class KnownPeople:
    """The people of each client as the journal had them a moment ago. Only what came since is read."""

    def __init__(self, journal: Journal, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._journal = journal
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, People]] = OrderedDict()

    def of(self, client: str, *, at_hand: bool = False) -> People:
        """A client's people, at most :data:`FRESH_SECONDS` old.

        Args:
            client: whose.
            at_hand: without asking the journal.

        Raises:
            NotAtHand: that would take asking it.
            JournalUnavailable: it does not answer; nobody is recognized by what was so before.
        """
        with self._lock:
            known = self._known.get(client)
        if known is not None and self._monotonic() - known[0] <= FRESH_SECONDS:
            return known[1]
        if at_hand:
            raise NotAtHand
        return self.newest(client)

    def newest(self, client: str) -> People:
        """A client's people as of now."""
        with self._lock:
            _, people = self._known.get(client, (0.0, NOBODY))
        began = self._monotonic()
        return self._keep(client, load_people(self._journal, PeopleId(client), known=people), began)

    def expire(self, client: str) -> None:
        """A command of this process recorded something: whatever is asked next reads it."""
        with self._lock:
            known = self._known.get(client)
            if known is not None:
                self._known[client] = (-math.inf, known[1])

    def _keep(self, client: str, people: People, read_at: float) -> People:
        with self._lock:
            before = self._known.get(client)
            if before is not None and before[1].version > people.version:
                return before[1]
            self._known[client] = (read_at, people)
            self._known.move_to_end(client)
            while len(self._known) > MOST_CLIENTS:
                self._known.popitem(last=False)
            return people
