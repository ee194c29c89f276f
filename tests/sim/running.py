"""Running worlds: one from its seed to its end, or many."""

import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from adapters.database import open_engine
from tests.api.site import copy_of_a_store
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


def run(seed: int, steps: int, profile: str = "all") -> Result:
    """A world of this seed, so many steps with faults, and then without until everything has settled.

    Every fourth world has views as well, on SQLite.

    Args:
        seed: of the world.
        steps: to take.
        profile: of :data:`PROFILES`.
    """
    if seed % 4:
        return play(create(seed), steps, profile)
    with tempfile.TemporaryDirectory(prefix="daybook-sim-") as folder:
        copy_of_a_store(Path(folder))
        views = open_engine(f"sqlite:///{folder}/journal.db")
        try:
            return play(create(seed, views=views), steps, profile)
        finally:
            views.dispose()


def play(world: World, steps: int, profile: str = "all") -> Result:
    """Take steps in a world, and let it settle; see :func:`run`."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    began = time.perf_counter()
    world.among = PROFILES[profile]
    digest, violation = "", ""
    try:
        for _ in range(steps):
            take(world)
        settle_down(world)
        digest = checks.whole_log(world)
    except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
        violation = traceback.format_exc()
    taken = sum(count for name, count in world.counts.items() if name.startswith("step "))
    seconds = time.perf_counter() - began
    return Result(world.seed, taken, digest, violation, world.counts, fired(world), seconds, tuple(world.trace))


def settle_down(world: World) -> None:
    """No more faults: whoever waits for an answer gets it, every day is read, and everything must fit together."""
    world.disarm()
    while world.pending:
        world.trace.append(f"at the end: {retry(world)}")
    checks.converge(world)
    checks.recall(world)
    checks.as_the_model_has_it(world)
    checks.generations_count_on(world)
    checks.views_show_the_log(world)
    checks.nobody_is_named(world)
