"""A world of entries that go out to 24SevenOffice: its own adapter, a simulated ledger, over real HTTP."""

import argparse
import datetime as dt
import json
import logging
import random
import sys
from collections import Counter
from decimal import Decimal
from typing import Any, Final

import structlog

from adapters.erp.office_24seven import SYSTEM
from adapters.erp.office_24seven.simulator import Books, Vendor, running
from adapters.erp.office_24seven.simulator.faults import CATALOGUE
from domain.commands.sending import kept_document
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import EntryDocument
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.target import Done, Effect, Target
from tests.effects.world import BEGINS, BOOKS, Unsafe, World, standing_of
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.reach import limits_here
from tests.support.scripted import StoppedClock

AT_ONCE: Final = tuple(name for name in CATALOGUE if name != "silence")
"""Faults that nobody has to wait for."""

CLOSED: Final = dt.date(2026, 11, 1)
ORGANIZATION: Final = 12345


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


class Ledger:
    """24SevenOffice as the world's system and as its switches.

    Attributes:
        vendor: simulated.
        deaf: what only reads is not answered.
    """

    key = "books"
    title = SYSTEM.title
    profile = SYSTEM.profile
    takes: frozenset[ObjectType] = frozenset({"sales-entry"})
    pushes = False

    def __init__(self, world: "OfficeWorld", vendor: Vendor) -> None:
        self._world = world
        self.vendor = vendor
        self.deaf = False

    @property
    def books(self) -> Books:
        """Of the one organization."""
        return self.vendor.books[ORGANIZATION]

    @property
    def faults(self) -> list[Any]:
        """Nobody asks."""
        return []

    @faults.setter
    def faults(self, wanted: list[Any]) -> None:
        """What goes wrong with the next transaction: one of the vendor's faults for each of the world's."""
        self.vendor.board.clear()
        self.books.closed_until = CLOSED if "closed" in wanted else None
        for _ in filter(None, wanted):
            fault = self._world.random.choice(AT_ONCE)
            self._world.counts[f"ledger: {fault}"] += 1
            self.vendor.board.arm(fault)
        if self.deaf:
            self.vendor.board.arm("unavailable", times=3, path="/transactionlines", method="GET")

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Target:
        """A target by the world's clock."""
        return Hazardous(SYSTEM.target(filled, limits, now=self._world.clock.now), self._world)


class OfficeWorld(World):
    """Entries, a ledger at 24SevenOffice, workers that die, and a clock.

    Args:
        seed: of everything.
        objects: how many.
        vendor: with empty books.
        url: where it is served.
    """

    def __init__(self, seed: str, objects: int, vendor: Vendor, url: str) -> None:
        self.random = random.Random(seed)
        self.clock = StoppedClock(BEGINS)
        self.counts = Counter[str]()
        self.unsafe = False
        self.commands = 0
        self.ledger = Ledger(self, vendor)
        self.target: Any = self.ledger
        journal = Unsafe(self.clock)
        journal.world = self
        vault = MemoryVault(self.random.randbytes)
        vault.keep_secret("main", "secret", "office-secret-one")
        systems: Any = {"books": self.ledger}
        self.house = House(journal, MemoryCaptures(), vault, self.clock, systems, limits=limits_here())
        kept = {"client_id": "app-one", "organizations": [str(ORGANIZATION)], "transaction_type": 1}
        facts: tuple[ConnectionFact, ...] = (
            ConnectionEstablished("books", "Books", url, "0123456789ab", secret="secret", values=kept),
            ConfigurationChanged(1, {}, {}),
            LocationAdded(
                "pier", "Pier", "America/New_York", {"organization": str(ORGANIZATION)}, "04:00", "", "objects"
            ),
        )
        journal.append([Recording(BOOKS.stream, 0, facts)], by("connect books"))
        self.types: dict[ObjectId, ObjectType] = {}
        for number in range(objects):
            one = ObjectId("main", "books", f"sales-entry:pier:{number}")
            self.types[one] = "sales-entry"
            self.change(one)

    def effects(self) -> Counter[str]:
        """How often each entry stands in the ledger, by its reference."""
        return Counter(posted["comment"].partition(" ")[0] for posted in self.ledger.books.transactions)

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
        assert isinstance(wanted, EntryDocument)
        stands: Counter[str] = Counter()
        for posted in self.ledger.books.transactions:
            for line in posted["lines"] if posted["comment"].startswith(f"{one.key}:v") else ():
                memo = line["comment"].partition(" ")[2]
                stands[f"{memo} {line['accountNumber']}"] += int(Decimal(line["amount"]) * 100)
        return {name: cents for name, cents in stands.items() if cents} == standing_of(wanted)


def run(worlds: int, seed: int = 0, objects: int = 6, steps: int = 20) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    vendor, counts, told, effects = Vendor(), Counter[str](), [], 0
    with running(vendor) as served:
        for number in range(worlds):
            books = Books(vendor.books[ORGANIZATION].organization, {1010: "Cash", 4010: "Food"})
            vendor.books[ORGANIZATION] = books
            world = OfficeWorld(f"office {seed} {number}", objects, vendor, served.url)
            world.run(steps)
            told += [f"world {seed} {number}: {one}" for one in world.violations(settled=False)]
            world.settle()
            told += [f"world {seed} {number}: {one}" for one in world.violations(settled=True)]
            counts.update(world.counts)
            effects += world.effects().total()
    return {"effects": effects, "worlds": worlds, "told": told, "happened": dict(sorted(counts.items()))}


def main(arguments: list[str] | None = None) -> int:
    """So many worlds; 1 where an effect was there twice, or was forgotten."""
    parser = argparse.ArgumentParser(prog="python -m tests.effects.at_office", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="worlds")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    came = run(asked.n, asked.seed, objects=12, steps=40)
    sys.stdout.write(json.dumps(came) + "\n")
    return 1 if came["told"] else 0


if __name__ == "__main__":
    sys.exit(main())
