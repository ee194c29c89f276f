"""The command: ``python -m tests.fuzz --inputs 1000000 [--seed N] [--only csv,zip]``."""

# ruff: noqa: T201  # a command prints

import argparse
import base64
import sys
from collections.abc import Sequence

from tests.fuzz.fuzzing import fuzz
from tests.fuzz.registry import PARSERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz and print what came of it; the exit code is 1 where anything crashed."""
    asked = _parser().parse_args(arguments)
    starts = tuple(asked.only.split(",")) if asked.only else ("",)
    parsers = [parser for parser in PARSERS if parser.name.startswith(starts)]
    if not parsers:
        print(f"There is no such parser; they are {', '.join(parser.name for parser in PARSERS)}.", file=sys.stderr)
        return 2
    outcome = fuzz(parsers, asked.inputs, asked.seed)
    for parser in parsers:
        name = parser.name
        counts = {"taken": outcome.taken, "bad": outcome.bad, "refused": outcome.refused}
        print(f"{name:24}", *(f"{word} {count[name]:8}" for word, count in counts.items()))
    for crash in outcome.crashes:
        print(
            f"\n{crash.parser} crashed on seed {crash.seed!r}:\n{base64.b64encode(crash.data).decode()}\n{crash.trace}"
        )
    print(f"{outcome.inputs} inputs, {len(outcome.crashes)} crashes")
    return 1 if outcome.crashes else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="of all parsers together")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other inputs")
    parser.add_argument("--only", metavar="NAMES", help="parsers whose names begin so, for example csv,zip")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
