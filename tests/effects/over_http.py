"""A world of objects that go out over real HTTP: a system's own adapter, a simulated peer, and its switches."""

import argparse
import datetime as dt
import json
import logging
import random
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import structlog

from domain.commands.sending import kept_document
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.systems import Profile
from domain.ports.target import Done, Effect, Target
from tests.effects.world import BEGINS, BOOKS, Unsafe, World
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.reach import limits_here
from tests.support.scripted import StoppedClock

CLOSED: Final = dt.date(2026, 11, 1)
"""The last date of the period that is closed at times."""


class Hazardous:
    """A target in whose calls the process may die."""

    def __init__(self, inner: Target, world: World) -> None:
        self._inner = inner
        self._world = world

    def write(self, effect: Effect, until: dt.datetime) -> Done:
        """Write, and perhaps die before or after it."""
        self._world.hazard("before sending")
        done = self._inner.write(effect, until)
        self._world.hazard("after sending")
        return done

    def look_up(self, effect: Effect, until: dt.datetime) -> Done | None:
        """Look up."""
        return self._inner.look_up(effect, until)

    def close(self) -> None:
        """Close."""
        self._inner.close()


class Peer(ABC):
    """A simulated system as the world's system of the catalogue and as its switches.

    Attributes:
        world: that it is of, once there is one.
        url: where it is served.
        deaf: what only reads is not answered.
    """

    key = "books"
    pushes = False
    name: str
    """What its faults are counted under."""

    title: str
    profile: Profile
    kinds: tuple[ObjectType, ...]
    """The types of objects that are told of."""

    at_once: tuple[str, ...]
    """Faults that nobody has to wait for."""

    values: Mapping[str, Any]
    """Of its form."""

    secret: str
    place: Mapping[str, str]
    """The ids of a location there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.deaf = False
        self.world: HttpWorld

    @property
    def takes(self) -> frozenset[ObjectType]:
        """The types of objects that it takes."""
        return frozenset(self.kinds)

    @property
    def faults(self) -> list[Any]:
        """Nobody asks."""
        return []

    @faults.setter
    def faults(self, wanted: list[Any]) -> None:
        """What goes wrong with the next requests: one of the peer's faults for each of the world's."""
        self.calm(closed_until=CLOSED if "closed" in wanted else None)
        for _ in filter(None, wanted):
            fault = self.world.random.choice(self.at_once)
            self.world.counts[f"{self.name}: {fault}"] += 1
            self.arm(fault)
        if self.deaf:
            self.say_nothing()

    def key_of(self, kind: ObjectType, number: int) -> str:
        """The key of an object."""
        return f"{kind}:pier:{number}"

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Target:
        """A target by the world's clock."""
        return Hazardous(self.open(filled, limits), self.world)

    @abstractmethod
    def open(self, filled: Filled, limits: Limits) -> Target:
        """The adapter's own target, by the world's clock."""

    @abstractmethod
    def calm(self, closed_until: dt.date | None) -> None:
        """Nothing goes wrong, but that a period may be closed."""

    @abstractmethod
    def arm(self, fault: str) -> None:
        """The next request goes wrong."""

    @abstractmethod
    def say_nothing(self) -> None:
        """The next look-ups are not answered."""

    @abstractmethod
    def references(self) -> Iterator[str]:
        """Of everything that was entered, in order; what was entered twice is there twice."""

    @abstractmethod
    def stands(self, one: ObjectId, wanted: Any) -> bool:
        """What stands there of an object is what is to stand there."""


class HttpWorld(World):
    """Objects, a peer over real HTTP, workers that die, and a clock.

    Args:
        seed: of everything.
        objects: how many.
        peer: with empty books.
    """

    def __init__(self, seed: str, objects: int, peer: Peer) -> None:
        self.random = random.Random(seed)
        self.clock = StoppedClock(BEGINS)
        self.counts = Counter[str]()
        self.unsafe = False
        self.commands = 0
        self.peer = peer
        self.target: Any = peer
        peer.world = self
        journal = Unsafe(self.clock)
        journal.world = self
        self.vault = MemoryVault(self.random.randbytes)
        self.vault.keep_secret("main", "password", peer.secret)
        systems: Any = {"books": peer}
        self.house = House(journal, MemoryCaptures(), self.vault, self.clock, systems, limits=limits_here())
        facts: tuple[ConnectionFact, ...] = (
            ConnectionEstablished(
                "books", "Books", peer.url, "0123456789ab", secret="password", values=dict(peer.values)
            ),
            ConfigurationChanged(1, {}, {}),
            LocationAdded("pier", "Pier", "America/New_York", dict(peer.place), "04:00", "", "objects"),
        )
        journal.append([Recording(BOOKS.stream, 0, facts)], by("connect books"))
        self.types: dict[ObjectId, ObjectType] = {}
        for number in range(objects):
            kind = peer.kinds[number % len(peer.kinds)]
            one = ObjectId("main", "books", peer.key_of(kind, number))
            self.types[one] = kind
            self.change(one)

    def effects(self) -> Counter[str]:
        """How often each effect is there, by its reference."""
        return Counter(self.peer.references())

    def violations(self, *, settled: bool) -> list[str]:
        """What must never be so and is."""
        found = [f"{reference} is there {times} times" for reference, times in self.effects().items() if times > 1]
        for one in self.types:
            known = self.known(one)
            if not known.version:
                continue
            if known.state == "success" and not self.peer.stands(one, kept_document(self.house, one, known.document)):
                found.append(f"{one.key} is called synchronized and is not")
            if settled and known.state != "success":
                found.append(f"{one.key} is {known.state} though nothing goes wrong any more: {known.message}")
        return found


def run(worlds: int, seed: int, steps: int, make: Callable[[str], HttpWorld], *, patience: int = 400) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it.

    Args:
        worlds: how many.
        seed: the first part of all their seeds.
        steps: in which everything goes wrong.
        make: a world from its seed.
        patience: how many minutes whoever goes on has to get there.
    """
    counts, told, effects = Counter[str](), list[str](), 0
    for number in range(worlds):
        world = make(f"{seed} {number}")
        world.run(steps)
        told += [f"world {seed} {number}: {one}" for one in world.violations(settled=False)]
        world.settle(patience)
        told += [f"world {seed} {number}: {one}" for one in world.violations(settled=True)]
        counts.update(world.counts)
        effects += world.effects().total()
    return {"effects": effects, "worlds": worlds, "told": told, "happened": dict(sorted(counts.items()))}


def main(
    module: str, about: str | None, tell: Callable[[int, int], dict[str, Any]], arguments: Sequence[str] | None
) -> int:
    """So many worlds; 1 where an effect was there twice, or was forgotten."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    parser.add_argument("--n", type=int, default=100, help="worlds")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    came = tell(asked.n, asked.seed)
    sys.stdout.write(json.dumps(came) + "\n")
    return 1 if came["told"] else 0
