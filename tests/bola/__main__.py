"""The command: ``python -m tests.bola --n 10000 [--seed N]``."""

# ruff: noqa: T201  # a command prints

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.access.town import a_town
from tests.bola.guessing import Guessing


def main(arguments: Sequence[str] | None = None) -> int:
    """Guess and print what came of it; the exit code is 1 where anything leaked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bola", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="requests")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other requests")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="daybook-bola-") as folder, a_town(Path(folder)) as town:
        outcome = Guessing(town, asked.seed).go(asked.n)
    for leak in outcome.leaks:
        print(leak)
    answered = ", ".join(f"{count} with {status}" for status, count in sorted(outcome.statuses.items()))
    print(f"{outcome.requests} requests, answered {answered}; {len(outcome.leaks)} leaks")
    return 1 if outcome.leaks else 0


if __name__ == "__main__":
    raise SystemExit(main())
