"""A world of notices that go out by webhook: its own adapter, a receiver that checks them, over real HTTP."""

import argparse
import datetime as dt
import json
import logging
import random
import sys
from collections import Counter
from typing import Any, Final

import structlog

from adapters.webhooks import SYSTEM
from adapters.webhooks.simulator import CATALOGUE, Receiver, running
from domain.commands.sending import kept_document
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import NoticeDocument
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.ports.target import Done, Effect, Target
from tests.effects.world import BEGINS, BOOKS, UNKNOWN_SECONDS, Unsafe, World
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.reach import limits_here
from tests.support.scripted import StoppedClock
from tests.support.webhooks import by_clock, independent, secret_of

AT_ONCE: Final = tuple(name for name in CATALOGUE if name != "silence")
"""Faults that nobody has to wait for."""


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


class Hook:
    """A webhook as the world's system and as its switches.

    Attributes:
        receiver: simulated.
        deaf: nobody asks a receiver, so that it does not matter.
    """

    key = "books"
    title = SYSTEM.title
    profile = SYSTEM.profile
    takes: frozenset[ObjectType] = SYSTEM.takes
    pushes = False

    def __init__(self, world: "WebhookWorld", receiver: Receiver) -> None:
        self._world = world
        self.receiver = receiver
        self.deaf = False

    @property
    def faults(self) -> list[Any]:
        """Nobody asks."""
        return []

    @faults.setter
    def faults(self, wanted: list[Any]) -> None:
        """What goes wrong with the next message: one of the receiver's faults for each of the world's."""
        self.receiver.board.clear()
        for _ in filter(None, wanted):
            fault = self._world.random.choice(AT_ONCE)
            self._world.counts[f"receiver: {fault}"] += 1
            self.receiver.board.arm(fault)

    def target(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> Target:
        """A target by the world's clock."""
        return Hazardous(SYSTEM.target(filled, limits, now=self._world.clock.now), self._world)


class WebhookWorld(World):
    """Days that move, a receiver, secrets that are changed, workers that die, and a clock.

    Args:
        seed: of everything.
        objects: how many.
        receiver: that was told nothing.
        url: where it is served.
    """

    def __init__(self, seed: str, objects: int, receiver: Receiver, url: str) -> None:
        self.random = random.Random(seed)
        self.clock = StoppedClock(BEGINS)
        self.counts = Counter[str]()
        self.unsafe = False
        self.commands = 0
        self.receiver = receiver
        self.target: Any = Hook(self, receiver)
        journal = Unsafe(self.clock)
        journal.world = self
        self.vault = MemoryVault(self.random.randbytes)
        systems: Any = {"books": self.target}
        self.house = House(journal, MemoryCaptures(), self.vault, self.clock, systems, limits=limits_here())
        self.secrets = [secret_of("first")]
        self.sign_with(self.secrets)
        receiver.verify = independent(self.secrets[0])
        facts = (
            ConnectionEstablished("books", "Hook", url, "0123456789ab", secret="secret", values={}),
            ConfigurationChanged(1, {}, {}),
            LocationAdded("pier", "Pier", "America/New_York", {}, "04:00", "", "objects"),
        )
        journal.append([Recording(BOOKS.stream, 0, facts)], by("connect hook"))
        self.types: dict[ObjectId, ObjectType] = {}
        for number in range(objects):
            one = ObjectId("main", "books", f"notice:day:pier:2026-10-{number + 1:02d}")
            self.types[one] = "notice"
            self.change(one)

    def sign_with(self, secrets: list[str]) -> None:
        """From now on messages are signed with these, the newest first."""
        self.secrets = secrets
        named = dict(zip(("secret", "secret_before"), secrets, strict=False))
        self.vault.keep_secret("main", "secret", json.dumps(named))

    def surviving(self, one: ObjectId) -> None:
        """Somebody does something; now and then the secret is changed one step further."""
        if self.random.random() < 0.05:
            self.rotate()
        super().surviving(one)

    def rotate(self) -> None:
        """A new secret beside the one before; then the receiver has the new one; then the one before is left out."""
        step = self.counts["rotated"] % 3
        self.counts["rotated"] += 1
        if step == 0:
            self.sign_with([secret_of(str(self.counts["rotated"]), 24 + step), self.secrets[0]])
        elif step == 1:
            self.receiver.verify = independent(self.secrets[0])
        else:
            self.sign_with(self.secrets[:1])

    def effects(self) -> Counter[str]:
        """How often each notice was taken, by its reference."""
        return Counter(told.id.rpartition(":")[0] for told in self.receiver.told)

    def violations(self, *, settled: bool) -> list[str]:
        """What must never be so and is."""
        found = [f"{reference} is there {times} times" for reference, times in self.effects().items() if times > 1]
        bodies: dict[str, bytes] = {}
        found += [
            f"{told.id} was told in two ways"
            for told in self.receiver.deliveries
            if bodies.setdefault(told.id, told.body) != told.body
        ]
        if self.receiver.rejected:
            found.append(f"{self.receiver.rejected} messages were not signed as the receiver checks them")
        for one in self.types:
            known = self.known(one)
            if known.state == "success" and not self._there(one, kept_document(self.house, one, known.document)):
                found.append(f"{one.key} is called synchronized and is not")
            if settled and known.state != "success":
                found.append(f"{one.key} is {known.state} though nothing goes wrong any more: {known.message}")
        if (seconds := self.longest_unknown()) > UNKNOWN_SECONDS:
            found.append(f"of an attempt nobody knew for {seconds:.0f} s")
        return found

    def _there(self, one: ObjectId, wanted: Any) -> bool:
        assert isinstance(wanted, NoticeDocument)
        newest = [told.content["data"] for told in self.receiver.told if told.id.startswith(f"{one.key}:v")][-1]
        return all(newest[name] == getattr(wanted, name) for name in ("state", "generation", "digest", "version"))


def run(worlds: int, seed: int = 0, objects: int = 6, steps: int = 20) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    receiver, counts, found, effects = Receiver([]), Counter[str](), [], 0
    with running(receiver) as served:
        for number in range(worlds):
            receiver.forget()
            world = WebhookWorld(f"webhooks {seed} {number}", objects, receiver, served.url)
            with by_clock(world.clock.now):
                world.run(steps)
                found += [f"world {seed} {number}: {one}" for one in world.violations(settled=False)]
                world.settle()
                found += [f"world {seed} {number}: {one}" for one in world.violations(settled=True)]
            counts.update(world.counts)
            counts["deliveries"] += len(receiver.deliveries)
            effects += world.effects().total()
    return {"effects": effects, "worlds": worlds, "told": found, "happened": dict(sorted(counts.items()))}


def main(arguments: list[str] | None = None) -> int:
    """So many worlds; 1 where a notice was taken twice, or was forgotten."""
    parser = argparse.ArgumentParser(prog="python -m tests.effects.at_webhooks", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="worlds")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    came = run(asked.n, asked.seed, objects=12, steps=40)
    sys.stdout.write(json.dumps(came) + "\n")
    return 1 if came["told"] else 0


if __name__ == "__main__":
    sys.exit(main())
