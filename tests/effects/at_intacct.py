"""A world of objects that go out to Sage Intacct: its own adapter, a simulated gateway, over real HTTP."""

import argparse
import datetime as dt
import json
import logging
import random
import sys
from collections import Counter
from typing import Any, Final

import structlog

from adapters.erp.sage_intacct import SYSTEM
from adapters.erp.sage_intacct.sessions import Sessions
from adapters.erp.sage_intacct.simulator import Books, SimulatedGateway, running
from adapters.erp.sage_intacct.simulator.faults import FAULTS
from domain.commands.sending import kept_document
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import EntryDocument, RecordDocument
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.target import Done, Effect, Target
from tests.effects.world import BEGINS, BOOKS, Unsafe, World, standing_of
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.intacct import PASSWORD, SENDER_PASSWORD, filled_in
from tests.support.reach import limits_here
from tests.support.scripted import StoppedClock

AT_ONCE: Final = tuple(name for name in FAULTS if name != "silent")
"""Faults that nobody has to wait for."""

KINDS: Final[tuple[ObjectType, ...]] = ("sales-entry", "employee")
CLOSED: Final = dt.date(2026, 11, 1)


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


class Intacct:
    """Sage Intacct as the world's system and as its switches.

    Attributes:
        gateway: simulated.
        deaf: what only reads is not answered.
    """

    key = "books"
    title = SYSTEM.title
    profile = SYSTEM.profile
    takes = frozenset(KINDS)
    pushes = False

    def __init__(self, world: "IntacctWorld", gateway: SimulatedGateway) -> None:
        self._world = world
        self._sessions = Sessions()
        self.gateway = gateway
        self.deaf = False

    @property
    def faults(self) -> list[Any]:
        """Nobody asks."""
        return []

    @faults.setter
    def faults(self, wanted: list[Any]) -> None:
        """What goes wrong with the next requests: one of the gateway's faults for each of the world's."""
        self.gateway.disarm()
        self.gateway.books.closed_until = CLOSED if "closed" in wanted else None
        for _ in filter(None, wanted):
            fault = self._world.random.choice(AT_ONCE)
            self._world.counts[f"gateway: {fault}"] += 1
            self.gateway.arm(fault)
        if self.deaf:
            self.gateway.arm("too-many-reads", 3)
        if self._world.random.random() < 0.1:
            self.gateway.end_sessions()

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Target:
        """A target by the world's clock."""
        now = self._world.clock.now
        return Hazardous(SYSTEM.target(filled, limits, now=now, sessions=self._sessions), self._world)


class IntacctWorld(World):
    """Entries and employees, books at Sage Intacct, workers that die, and a clock.

    Args:
        seed: of everything.
        objects: how many.
        gateway: with empty books.
        url: where it is served.
    """

    def __init__(self, seed: str, objects: int, gateway: SimulatedGateway, url: str) -> None:
        self.random = random.Random(seed)
        self.clock = StoppedClock(BEGINS)
        self.counts = Counter[str]()
        self.unsafe = False
        self.commands = 0
        self.intacct = Intacct(self, gateway)
        self.target: Any = self.intacct
        journal = Unsafe(self.clock)
        journal.world = self
        vault = MemoryVault(self.random.randbytes)
        vault.keep_secret("main", "password", json.dumps({"password": PASSWORD, "sender_password": SENDER_PASSWORD}))
        systems: Any = {"books": self.intacct}
        self.house = House(journal, MemoryCaptures(), vault, self.clock, systems, limits=limits_here())
        kept = {
            name: value for name, value in filled_in(url).items() if "password" not in name and name != "environment"
        }
        established = ConnectionEstablished("books", "Books", url, "0123456789ab", secret="password", values=kept)
        place = LocationAdded("pier", "Pier", "America/New_York", {"location": "L1"}, "04:00", "", "objects")
        facts = (established, ConfigurationChanged(1, {}, {}), place)
        journal.append([Recording(BOOKS.stream, 0, facts)], by("connect books"))
        self.types: dict[ObjectId, ObjectType] = {}
        for number in range(objects):
            kind = KINDS[number % len(KINDS)]
            one = ObjectId("main", "books", f"{kind}:{number}")
            self.types[one] = kind
            self.change(one)

    def effects(self) -> Counter[str]:
        """How often each entry stands in the books, by its reference."""
        return Counter(row["HISTORY_COMMENT"].partition(" ")[0] for row, _ in self.intacct.gateway.books.entries())

    def violations(self, *, settled: bool) -> list[str]:
        """What must never be so and is."""
        found = [f"{reference} is there {times} times" for reference, times in self.effects().items() if times > 1]
        for one in self.types:
            known = self.known(one)
            if not known.version:
                continue
            if known.state == "success" and not self._there(one, kept_document(self.house, one, known.document)):
                found.append(f"{one.key} is called synchronized and is not")
            if settled and known.state != "success":
                found.append(f"{one.key} is {known.state} though nothing goes wrong any more: {known.message}")
        return found

    def _there(self, one: ObjectId, wanted: Any) -> bool:
        books = self.intacct.gateway.books
        if isinstance(wanted, RecordDocument):
            row = books.known("EMPLOYEE", wanted.id)
            return row is not None and row.get("DEPARTMENTID") == wanted.fields["job"] and row["STATUS"] == "active"
        assert isinstance(wanted, EntryDocument)
        stands: Counter[str] = Counter()
        for row, lines in books.entries():
            if row["HISTORY_COMMENT"].startswith(f"{one.key}:v"):
                for line in lines:
                    stands[f"{line.memo} {line.account}"] += int(line.amount * 100)
        return {name: cents for name, cents in stands.items() if cents} == standing_of(wanted)


def run(worlds: int, seed: int = 0, objects: int = 8, steps: int = 20) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    gateway, counts, told, effects = SimulatedGateway(), Counter[str](), [], 0
    with running(gateway) as served:
        for number in range(worlds):
            gateway.books = Books()
            world = IntacctWorld(f"intacct {seed} {number}", objects, gateway, served.url)
            gateway.set_clock(world.clock.now)
            world.run(steps)
            told += [f"world {seed} {number}: {one}" for one in world.violations(settled=False)]
            world.settle()
            told += [f"world {seed} {number}: {one}" for one in world.violations(settled=True)]
            counts.update(world.counts)
            effects += world.effects().total()
    return {"effects": effects, "worlds": worlds, "told": told, "happened": dict(sorted(counts.items()))}


def main(arguments: list[str] | None = None) -> int:
    """So many worlds; 1 where an effect was there twice, or was forgotten."""
    parser = argparse.ArgumentParser(prog="python -m tests.effects.at_intacct", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="worlds")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    came = run(asked.n, asked.seed, objects=16, steps=40)
    sys.stdout.write(json.dumps(came) + "\n")
    return 1 if came["told"] else 0


if __name__ == "__main__":
    sys.exit(main())
