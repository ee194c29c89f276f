"""Run simulated worlds: ``python -m tests.sim --seeds 0:500 --steps 200 --jobs 2``; one JSON line says what came."""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tests.sim.running import PROFILES, Result, run


def main(arguments: list[str] | None = None) -> int:
    """Run the worlds that were asked for; 1 where something did not hold."""
    asked = _parser().parse_args(arguments)
    first, _, last = asked.seeds.partition(":")
    seeds = range(int(first), int(last or int(first) + 1))
    began = time.perf_counter()
    results = list(_told(_results(seeds, asked.steps, asked.jobs, asked.profile), asked.trace))
    summary = _summary(results, asked.profile)
    if asked.twice:
        summary["unequal"] = _unequal(results, asked)
    summary["wall_seconds"] = round(time.perf_counter() - began, 1)
    sys.stdout.write(json.dumps(summary) + "\n")
    return 1 if summary["violations"] or summary.get("unequal") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="FIRST:END, END not included; or one seed")
    parser.add_argument("--steps", type=int, default=200, help="of each world")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="all", help="which faults come")
    parser.add_argument("--twice", action="store_true", help="again in another process: the logs must be the same")
    parser.add_argument("--trace", action="store_true", help="print every step of every world")
    return parser


def _results(seeds: Iterable[int], steps: int, jobs: int, profile: str) -> Iterator[Result]:
    if jobs == 1:
        for seed in seeds:
            yield run(seed, steps, profile=profile)
        return
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(run, seeds, *[_always(value) for value in (steps, profile)])


def _always(value: object) -> Iterator[object]:
    while True:
        yield value


def _told(results: Iterable[Result], whole: bool) -> Iterator[Result]:
    for result in results:
        if whole or result.violation:
            sys.stderr.write("\n".join(result.trace if whole else result.trace[-12:]) + "\n")
        if result.violation:
            sys.stderr.write(f"seed {result.seed}, after {result.steps} steps:\n{result.violation}\n")
        yield result


def _summary(results: list[Result], profile: str) -> dict[str, object]:
    counts, faults = Counter[str](), Counter[str]()
    for result in results:
        counts.update(result.counts)
        faults.update(result.faults)
    return {
        "worlds": len(results),
        "steps": sum(result.steps for result in results),
        "violations": sum(bool(result.violation) for result in results),
        "seeds": [result.seed for result in results if result.violation][:20],
        "polls": polls(counts),
        "fault_kinds": len(faults),
        "never_fired": sorted(set(PROFILES[profile]) - set(faults)),
        "faults": sum(faults.values()),
        "counts": dict(sorted(counts.items())),
        "digests": {str(result.seed): result.digest[:16] for result in results[:20]},
    }


def polls(counts: Mapping[str, int]) -> dict[str, int]:
    """How many polls there were while faults came, and what became of them, by name.

    Of those that were ``stored`` some are ``held against the source`` that fits them, at one moment of the poll; the
    others are of a location with options of its own or of an approved day, or the source told one of them a lie twice.
    """
    names = {
        "made": "polls",
        "stored": "polls stored",
        "held against the source": "polls held against the source",
        "held against a shifting source": "polls held against a shifting source",
        "unstable": "polls of an unstable source",
        "failed otherwise": "polls that failed",
        "recorded before": "polls that were recorded before",
        "of a day not over": "polls of a day not over",
    }
    found = {word: counts.get(name, 0) for word, name in names.items()}
    ended = sum(
        found[word] for word in ("stored", "unstable", "failed otherwise", "recorded before", "of a day not over")
    )
    return {**found, "without an answer": found["made"] - ended}


def _unequal(results: list[Result], asked: argparse.Namespace) -> list[int]:
    """Seeds whose log differs in a process with another hash seed and another zone."""
    code = (
        "import sys; from tests.sim.running import run\n"
        "for seed in map(int, sys.argv[3:]): print(seed, run(seed, int(sys.argv[1]), profile=sys.argv[2]).digest)"
    )
    seeds = [str(result.seed) for result in results]
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Kathmandu"}
    again = subprocess.run(
        [sys.executable, "-c", code, str(asked.steps), asked.profile, *seeds],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    digests = {int(seed): digest for seed, _, digest in (line.partition(" ") for line in again.stdout.splitlines())}
    return [result.seed for result in results if digests.get(result.seed) != result.digest]


if __name__ == "__main__":
    sys.exit(main())
