"""The simulated HR department: who is on its list, and what happens to them, by a script that follows from a seed."""

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from adapters.hris.scim.simulator.staff import Worker, draw_workers

MOST: Final = 10_000
"""People on the list: whoever would come past it stays away."""

Event = Literal["joined", "raised", "moved", "left", "deleted"]
_WEIGHTS: Final[dict[Event, int]] = {"joined": 3, "raised": 3, "moved": 2, "left": 1, "deleted": 1}
assert set(_WEIGHTS) == set(get_args(Event))  # noqa: S101 - every event has its weight


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list.

    Attributes:
        id: of it, for ever.
        worker: who.
        version: counts changes, from 1.
        created, modified: instants, UTC.
    """

    id: str
    worker: Worker
    version: int
    created: dt.datetime
    modified: dt.datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened.

    Attributes:
        event: what.
        id: to whom.
    """

    event: Event
    id: str


class Directory:
    """The list of a company. Its methods may be called from any thread.

    Attributes:
        entries: by id, in the order in which they came.

    Args:
        workers: who is on it at first.
        seed: of what happens: equal seeds and workers give equal happenings.
        now: the time, UTC.
    """

    def __init__(
        self,
        workers: Iterable[Worker],
        *,
        seed: int = 1,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.entries: dict[str, Entry] = {}
        self._now = now
        self._rng = random.Random(f"{seed}:hr:script")
        self._coming = draw_workers(seed)
        self._logins: set[str] = set()
        self._lock = threading.RLock()
        for worker in workers:
            self.add(worker)

    def listed(self) -> list[Entry]:
        """Everybody, in the order in which they came."""
        with self._lock:
            return list(self.entries.values())

    def add(self, worker: Worker) -> str:
        """Somebody comes; answers their id.

        Raises:
            ValueError: somebody has, or had, that login, or the list is full.
        """
        with self._lock:
            if len(self.entries) >= MOST or worker.login in self._logins:
                message = f"{worker.login} cannot come: the list has {MOST} people, or had somebody of that login."
                raise ValueError(message)
            self._logins.add(worker.login)
            made = f"{self._rng.getrandbits(64):016x}"
            now = self._now()
            self.entries[made] = Entry(made, worker, 1, now, now)
            return made

    def change(self, entry: str, worker: Worker) -> None:
        """Somebody is written anew.

        Raises:
            KeyError: they are not there.
        """
        with self._lock:
            before = self.entries[entry]
            self.entries[entry] = replace(before, worker=worker, version=before.version + 1, modified=self._now())

    def remove(self, entry: str) -> None:
        """Somebody is deleted from the list.

        Raises:
            KeyError: they are not there.
        """
        with self._lock:
            del self.entries[entry]

    def go_on(self, steps: int) -> list[Happening]:
        """Let the next things of the script happen; answers them."""
        with self._lock:
            return [self._happen() for _ in range(steps)]

    def _happen(self) -> Happening:
        there = [entry for entry in self.entries.values() if entry.worker.active]
        event = self._rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        # Somebody always works there, and the list has its bound.
        if len(there) < 2:
            event = "joined"
        elif len(self.entries) >= MOST and event == "joined":
            event = "deleted"
        if event == "joined":
            return Happening(event, self.add(next(one for one in self._coming if one.login not in self._logins)))
        entry = self._rng.choice(there)
        if event == "deleted":
            self.remove(entry.id)
        else:
            self.change(entry.id, self._changed(event, entry.worker))
        return Happening(event, entry.id)

    def _changed(self, event: Event, worker: Worker) -> Worker:
        if event == "left":
            return replace(worker, active=False)
        if event == "moved":
            return replace(worker, address=f"{self._rng.randint(1, 999)} Station Rd, Springfield")
        raised = [replace(job, rate=f"{float(job.rate) + self._rng.choice((0.25, 0.5, 1)):.2f}") for job in worker.jobs]
        return replace(worker, jobs=tuple(raised))
