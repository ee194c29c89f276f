"""The command: ``python -m tests.contract --examples 200 [--seed N]``."""

# ruff: noqa: T201  # a command prints

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.access.town import a_town
from tests.contract.conforming import WAIT, conform


def main(arguments: Sequence[str] | None = None) -> int:
    """Send and print what came of it; the exit code is 1 where an answer does not conform."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("--examples", type=int, default=200, help="requests of each operation")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other requests")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="daybook-contract-") as folder, a_town(Path(folder), wait=WAIT) as town:
        outcome = conform(town, asked.examples, asked.seed)
    for name, fault in outcome.faults.items():
        print(f"{name}\n{fault}\n")
    answered = ", ".join(f"{count} with {status}" for status, count in sorted(outcome.statuses.items()))
    print(f"{outcome.requests} requests, answered {answered}; {len(outcome.faults)} faults")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
