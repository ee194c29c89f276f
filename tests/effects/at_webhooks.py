"""A world of notices that go out by webhook: its own adapter, a receiver that checks them, over real HTTP."""

import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from adapters.webhooks import SYSTEM
from adapters.webhooks.simulator import CATALOGUE, Receiver, running
from domain.facts.objects import ObjectType
from domain.forms import Filled
from domain.identifiers import ObjectId
from domain.outward import NoticeDocument
from domain.ports.source import Limits
from domain.ports.target import Target
from tests.effects import over_http
from tests.effects.over_http import HttpWorld, Peer
from tests.effects.world import UNKNOWN_SECONDS
from tests.support.webhooks import by_clock, independent, secret_of

FIRST: Final = secret_of("first")


class Hook(Peer):
    """A webhook as the world's system and as its switches.

    Attributes:
        receiver: simulated, that was told nothing.
    """

    name = "receiver"
    title = SYSTEM.title
    profile = SYSTEM.profile
    kinds = ("notice",)
    at_once = tuple(fault for fault in CATALOGUE if fault != "silence")
    values: Mapping[str, Any] = {}
    secret = json.dumps({"secret": FIRST})
    place: Mapping[str, str] = {}

    def __init__(self, receiver: Receiver, url: str) -> None:
        super().__init__(url)
        self.receiver = receiver
        receiver.verify = independent(FIRST)

    def key_of(self, kind: ObjectType, number: int) -> str:
        """A notice of a day."""
        return f"{kind}:day:pier:2026-10-{number + 1:02d}"

    def open(self, filled: Filled, limits: Limits) -> Target:
        """The adapter's own target, by the world's clock."""
        return SYSTEM.target(filled, limits, now=self.world.clock.now)

    def calm(self, closed_until: dt.date | None) -> None:  # noqa: ARG002 - a receiver has no periods
        """Nothing goes wrong."""
        self.receiver.board.clear()

    def arm(self, fault: str) -> None:
        """The next message goes wrong."""
        self.receiver.board.arm(fault)

    def say_nothing(self) -> None:
        """Nobody asks a receiver, so that it does not matter."""

    def references(self) -> Iterator[str]:
        """Of every notice that was taken, in order."""
        return (told.id.rpartition(":")[0] for told in self.receiver.told)

    def stands(self, one: ObjectId, wanted: Any) -> bool:
        """The newest notice that was taken is the one that was to be."""
        assert isinstance(wanted, NoticeDocument)
        newest = [told.content["data"] for told in self.receiver.told if told.id.startswith(f"{one.key}:v")][-1]
        return all(newest[name] == getattr(wanted, name) for name in ("state", "generation", "digest", "version"))


class WebhookWorld(HttpWorld):
    """Days that move, a receiver, secrets that are changed, workers that die, and a clock."""

    def __init__(self, seed: str, objects: int, hook: Hook) -> None:
        super().__init__(seed, objects, hook)
        self.receiver = hook.receiver
        self.secrets = [FIRST]

    def sign_with(self, secrets: list[str]) -> None:
        """From now on messages are signed with these, the newest first."""
        self.secrets = secrets
        named = dict(zip(("secret", "secret_before"), secrets, strict=False))
        self.vault.keep_secret("main", "password", json.dumps(named))

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

    def violations(self, *, settled: bool) -> list[str]:
        """What must never be so and is."""
        found = super().violations(settled=settled)
        bodies: dict[str, bytes] = {}
        found += [
            f"{told.id} was told in two ways"
            for told in self.receiver.deliveries
            if bodies.setdefault(told.id, told.body) != told.body
        ]
        if self.receiver.rejected:
            found.append(f"{self.receiver.rejected} messages were not signed as the receiver checks them")
        if (seconds := self.longest_unknown()) > UNKNOWN_SECONDS:
            found.append(f"of an attempt nobody knew for {seconds:.0f} s")
        return found


def run(worlds: int, seed: int = 0, objects: int = 6, steps: int = 20) -> dict[str, Any]:
    """Worlds from seeds that follow each other; answers what came of it."""
    receiver, counts, found, effects = Receiver([]), Counter[str](), [], 0
    with running(receiver) as served:
        for number in range(worlds):
            receiver.forget()
            world = WebhookWorld(f"webhooks {seed} {number}", objects, Hook(receiver, served.url))
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
    told = partial(run, objects=12, steps=40)
    return over_http.main("tests.effects.at_webhooks", __doc__, told, arguments)


if __name__ == "__main__":
    sys.exit(main())
