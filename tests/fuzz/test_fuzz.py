"""No input crashes a parser, and fuzzing would find one that does."""

import random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.fuzzing import fuzz, seeds
from tests.fuzz.mutations import mutated
from tests.fuzz.parser import Parser
from tests.fuzz.registry import PARSERS


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_no_input_crashes_a_parser(parser: Parser) -> None:
    """A few hundred mutations of good inputs: each is taken, found bad, or refused by name."""
    outcome = fuzz([parser], 200, seed=3)
    assert [(crash.seed, crash.trace) for crash in outcome.crashes] == []
    assert outcome.inputs == 200
    assert outcome.taken.total() > 0  # otherwise mutations would only ever reach the first check
    assert outcome.bad.total() + outcome.refused.total() > 0


def test_fuzzing_finds_a_parser_that_crashes() -> None:
    """The negative control: a parser that cannot stand a quote in the third place."""

    def fragile(data: bytes) -> bool:
        return data[2:3] != b'"' or bool(1 // 0)

    parser = Parser("fragile", lambda rng: mutated(rng, b"a,b,c\n1,2,3\n"), fragile)
    outcome = fuzz([parser], 5_000)
    assert outcome.crashes
    assert all(crash.data[2:3] == b'"' and "ZeroDivisionError" in crash.trace for crash in outcome.crashes)
    assert parser.make(random.Random(outcome.crashes[0].seed)) == outcome.crashes[0].data


def test_a_seed_makes_the_same_inputs() -> None:
    """And another seed others."""
    for parser in PARSERS:
        first, again, other = (
            [parser.make(random.Random(text)) for text in seeds(parser, 5, seed)] for seed in (1, 1, 2)
        )
        assert first == again != other


def test_the_command_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    """And answers in its exit code."""
    assert main(["--inputs", "20", "--only", "csv/tenders,zip"]) == 0
    assert "20 inputs, 0 crashes" in capsys.readouterr().out
    assert main(["--only", "nothing"]) == 2
