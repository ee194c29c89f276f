"""Race for business days: ``python -m tests.races --rounds 1000``; one JSON line says what came of it."""

import argparse
import contextlib
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.database import migrate
from adapters.journal import open_journal
from tests.races.checks import order, violations
from tests.races.racing import THREADS, Round, prepare, race
from tests.support.postgres import postgres_server

MOST_TOLD = 20
"""Violations that are told in words."""


def main(arguments: list[str] | None = None) -> int:
    """Run the rounds that were asked for; 1 where something did not hold."""
    asked = _parser().parse_args(arguments)
    with _database(asked.database) as url:
        summary = run(url, asked.rounds, asked.seed)
    sys.stdout.write(json.dumps({"database": asked.database, **summary}) + "\n")
    return 1 if summary["violations"] else 0


def run(url: str, rounds: int, seed: int = 0) -> dict[str, object]:
    """Race for so many days on a migrated database; answers what came of it."""
    began = time.perf_counter()
    counts, orders, lost = Counter[str](), Counter[tuple[str, ...]](), Counter[int]()
    journal = open_journal(url)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            for number in range(rounds):
                made = race(prepare(journal, f"r{number}"), pool, random.Random(f"{seed} {number}"))
                _count(counts, made)
                lost.update(made.journal.lost.values())
                orders[order(made)] += 1
                _tell(counts, f"round {number}", violations(made))
        verification = journal.verify()
        _tell(counts, "the journal", list(verification.faults))
    finally:
        journal.close()
    return {
        "rounds": rounds,
        "threads": THREADS,
        **{name: counts[name] for name in ("commands", "acknowledged", "refused", "unchanged", "violations")},
        "accidents": counts["accidents"],
        "lost_races": sum(times * commands for times, commands in lost.items()),
        "most_lost_by_one_try": max(lost, default=0),
        "readings": counts["readings"],
        "orders": len(orders),
        "commits": verification.commits,
        "facts": verification.facts,
        "wall_seconds": round(time.perf_counter() - began, 1),
    }


def _count(counts: Counter[str], made: Round) -> None:
    counts["commands"] += len(made.answers) + len(made.accidents)
    counts["accidents"] += len(made.accidents)
    counts["acknowledged"] += sum(answer.receipt is not None for answer in made.answers)
    counts["refused"] += sum(answer.refusal is not None for answer in made.answers)
    counts["unchanged"] += sum(answer.told is not None and answer.receipt is None for answer in made.answers)
    counts["readings"] += len(made.source.requests)


def _tell(counts: Counter[str], where: str, found: list[str]) -> None:
    for sentence in found:
        counts["violations"] += 1
        if counts["violations"] <= MOST_TOLD:
            sys.stderr.write(f"{where}: {sentence}\n")


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    """A migrated database of its own, gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="daybook-races-") as folder:
            url = f"sqlite:///{Path(folder) / 'journal.db'}"
            migrate(url)
            yield url
        return
    with postgres_server() as server:
        name = server.create()
        try:
            migrate(server.url(name))
            yield server.url(name)
        finally:
            server.drop(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.races", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="business days that are raced for")
    parser.add_argument("--seed", type=int, default=0, help="of the pauses before each command")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    return parser


if __name__ == "__main__":
    sys.exit(main())
