"""Effects under faults: ``python -m tests.effects --n 3000``; one JSON line says what came of it."""

import argparse
import json
import sys
import time
from collections import Counter
from typing import Any

from tests.effects.world import UNKNOWN_SECONDS, World

OBJECTS = 24
STEPS = 40
THIRDS = ("sales-entry", "schedule", "notice")
"""Kinds of which there is a third of the effects each, at least; others come besides."""

MOST_TOLD = 20
"""Violations that are told in words."""


def main(arguments: list[str] | None = None) -> int:
    """Bring about so many effects; 1 where one was there twice, or was forgotten."""
    parser = argparse.ArgumentParser(prog="python -m tests.effects", description=__doc__)
    parser.add_argument("--n", type=int, default=3000, help="effects at the other side, at least")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    summary = run(asked.n, asked.seed)
    sys.stdout.write(json.dumps(summary) + "\n")
    return 1 if summary["violations"] else 0


def run(effects: int, seed: int = 0) -> dict[str, Any]:
    """Worlds from seeds that follow each other, until so many effects were brought about; answers what came of it."""
    began = time.perf_counter()
    counts, kinds, worlds, told, longest = Counter[str](), Counter[str](), 0, 0, 0.0
    found: list[str] = []
    while told < effects or min(kinds[kind] for kind in THIRDS) * len(THIRDS) < effects:
        world = World(f"{seed} {worlds}", OBJECTS)
        world.run(STEPS)
        found += [f"world {seed} {worlds}: {one}" for one in world.violations(settled=False)]
        world.settle()
        found += [f"world {seed} {worlds}: {one}" for one in world.violations(settled=True)]
        longest = max(longest, world.longest_unknown())
        counts.update(world.counts)
        kinds.update(effect.type for effect in world.target.books.effects)
        told += len(world.target.books.effects)
        worlds += 1
    if longest > UNKNOWN_SECONDS:
        found.append(f"of an attempt nobody knew for {longest:.0f} s")
    return {
        "effects": told,
        "of": dict(sorted(kinds.items())),
        "worlds": worlds,
        "longest_unknown_seconds": round(longest),
        "violations": len(found),
        "seconds": round(time.perf_counter() - began, 1),
        "happened": dict(sorted(counts.items())),
        "told": found[:MOST_TOLD],
    }


if __name__ == "__main__":
    sys.exit(main())
