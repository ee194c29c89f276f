"""Runs parsers on seeded inputs: the same seed and number make the same inputs, whatever else runs."""

import random
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.fuzz.parser import Parser


@dataclass(frozen=True, slots=True)
class Crash:
    """An input that a parser did not survive.

    Attributes:
        parser: its name.
        seed: makes the input again: ``make(random.Random(seed))``.
        data: the input.
        trace: what happened.
    """

    parser: str
    seed: str
    data: bytes
    trace: str


@dataclass(slots=True)
class Outcome:
    """What came of a run: inputs that were taken, found bad, and refused, by parser; and crashes."""

    taken: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    crashes: list[Crash] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        """How many there were."""
        return self.taken.total() + self.bad.total() + self.refused.total() + len(self.crashes)


def seeds(parser: Parser, inputs: int, seed: int) -> Iterator[str]:
    """The seeds of the inputs of a parser."""
    return (f"{seed}:{parser.name}:{number}" for number in range(inputs))


def fuzz(parsers: Sequence[Parser], inputs: int, seed: int = 0, most_crashes: int = 20) -> Outcome:
    """Feed parsers with inputs, in equal shares; stops after some crashes.

    Args:
        parsers: what is fuzzed.
        inputs: how many, of all parsers together.
        seed: another one makes other inputs.
        most_crashes: after so many nothing new is learned.
    """
    outcome = Outcome()
    for at, parser in enumerate(parsers):
        share = inputs // len(parsers) + (at < inputs % len(parsers))
        for text in seeds(parser, share, seed):
            _feed(parser, text, outcome)
            if len(outcome.crashes) >= most_crashes:
                return outcome
    return outcome


def _feed(parser: Parser, seed: str, outcome: Outcome) -> None:
    data = parser.make(random.Random(seed))
    try:
        (outcome.taken if parser.parse(data) else outcome.bad)[parser.name] += 1
    except parser.refusals:
        outcome.refused[parser.name] += 1
    except Exception:  # noqa: BLE001  # whatever it is, it is what fuzzing looks for
        outcome.crashes.append(Crash(parser.name, seed, data, traceback.format_exc()))
