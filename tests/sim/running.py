"""Running worlds: one from its seed to its end, or many."""

import time
import traceback
from dataclasses import dataclass, field
from typing import Final

import structlog

from domain.ports.journal import Journal
from tests.sim import checks
from tests.sim.faults import EVERY, SHIFTING, fired
from tests.sim.steps import retry, take
from tests.sim.world import World, create


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one world.

    Attributes:
        seed: of the world.
        steps: that it took.
        digest: SHA-256 of its log, hex; the same in every run of the seed.
        violation: what did not hold, with its traceback; empty where everything did.
        counts: what happened, by name.
        faults: how often each fault came.
        seconds: of the machine.
        trace: one line for every step.
    """

    seed: int
    steps: int
    digest: str
    violation: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    trace: tuple[str, ...] = ()


PROFILES: Final[dict[str, tuple[str, ...]]] = {"all": EVERY, "shifting": SHIFTING, "calm": ()}
"""Which faults come: all, those of a source that changes while it is read, or none."""


def run(seed: int, steps: int, store: Journal | None = None, profile: str = "all") -> Result:
    """A world of this seed, so many steps with faults, and then without until everything has settled.

    Args:
        seed: of the world.
        steps: to take.
        store: an empty journal; None for one in memory.
        profile: of :data:`PROFILES`.
    """
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    began = time.perf_counter()
    world = create(seed, store)
    world.among = PROFILES[profile]
    digest, violation = "", ""
    try:
        for _ in range(steps):
            take(world)
        _end(world)
        digest = checks.whole_log(world)
    except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
        violation = traceback.format_exc()
    taken = sum(count for name, count in world.counts.items() if name.startswith("step "))
    return Result(
        seed, taken, digest, violation, world.counts, fired(world), time.perf_counter() - began, tuple(world.trace)
    )


def _end(world: World) -> None:
    world.disarm()
    while world.pending:
        world.trace.append(f"at the end: {retry(world)}")
    checks.converge(world)
    checks.recall(world)
    checks.nobody_is_named(world)
