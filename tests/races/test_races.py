"""Short races on both databases, and proof that the checks find what they are for."""

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from domain.business_day.overlays import NOTHING_ENTERED
from domain.commands.loading import load_day
from tests.races import checks
from tests.races.__main__ import main, run
from tests.races.checks import order, violations
from tests.races.racing import THREADS, Round, prepare, race
from tests.support.fakes import MemoryJournal

ROUNDS = 25


@pytest.mark.slow
def test_no_update_is_lost_and_every_answer_is_explained(database_url: str) -> None:
    """Days that are polled, edited, deleted and entered on at the same moment end whole, on both databases."""
    came = run(database_url, ROUNDS, seed=7)
    assert (came["violations"], came["accidents"], came["commands"]) == (0, 0, 7 * ROUNDS)
    assert int(str(came["lost_races"])) > 0
    assert int(str(came["orders"])) > 1


def test_one_json_line_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tests.races` prints its counters and ends with 0 where everything held."""
    assert main(["--rounds", "2", "--database", "sqlite"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["rounds"] == 2


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """The threads that race."""
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads


def raced(pool: ThreadPoolExecutor) -> Round:
    """A day after a race."""
    return race(prepare(MemoryJournal(), "r"), pool, random.Random(3))


def test_every_command_has_its_place(pool: ThreadPoolExecutor) -> None:
    """The order of a day names each recorded command once."""
    made = raced(pool)
    names = list(order(made))
    done = {answer.deed.command for answer in made.answers if answer.receipt}
    assert len(names) == len(done)
    assert violations(made) == []


def _answers_otherwise(made: Round) -> None:
    place = next(n for n, answer in enumerate(made.answers) if answer.deed.name == "deposit")
    told = made.answers[place].told
    made.answers[place] = replace(made.answers[place], told=replace(told, facts=()))  # type: ignore[type-var]


def _acknowledges_what_is_not_there(made: Round) -> None:
    place = next(n for n, answer in enumerate(made.answers) if answer.deed.name == "delete")
    answer = made.answers[place]
    made.answers[place] = replace(answer, deed=replace(answer.deed, command="never recorded"))


def _refuses_without_a_reason(made: Round) -> None:
    place = next(n for n, answer in enumerate(made.answers) if answer.deed.name == "deposit")
    answer = made.answers[place]
    unseen = replace(answer.deed, command="another", decide=lambda _day: (object(),))  # type: ignore[arg-type, return-value]
    made.answers.append(replace(answer, deed=unseen, told=None))


def _stands_in_the_wrong_order(made: Round) -> None:
    acknowledged = sorted((a for a in made.answers if a.receipt), key=lambda a: a.receipt.position)  # type: ignore[union-attr]
    first, last = acknowledged[0], acknowledged[-1]
    made.answers = [
        replace(answer, began=answer.began + 1000, ended=answer.ended + 1000)
        if answer.deed.command == first.deed.command
        else replace(answer, began=0, ended=0)
        if answer.deed.command == last.deed.command
        else answer
        for answer in made.answers
    ]


def _came_up(made: Round) -> None:
    made.accidents.append("edit: KeyError('s1')")


def _loses_race_after_race(made: Round) -> None:
    made.journal.lost["c", 1] = THREADS


PLANTS: list[tuple[Callable[[Round], None], str]] = [
    (_answers_otherwise, "answered otherwise than it is recorded"),
    (_acknowledges_what_is_not_there, "was acknowledged, and is not recorded so"),
    (_refuses_without_a_reason, "no moment explains it"),
    (_stands_in_the_wrong_order, "which was acknowledged before it began"),
    (_came_up, "came up"),
    (_loses_race_after_race, "races against"),
]


@pytest.mark.parametrize(("plant", "sentence"), PLANTS, ids=[plant.__name__.strip("_") for plant, _ in PLANTS])
def test_what_is_wrong_is_found(pool: ThreadPoolExecutor, plant: Callable[[Round], None], sentence: str) -> None:
    """An answer that nothing explains, a lost acknowledgement, a wrong order, an accident: each is told."""
    made = raced(pool)
    plant(made)
    assert [found for found in violations(made) if sentence in found]


def test_an_entry_that_got_lost_is_found(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day without what a person entered on it does not pass."""
    made = raced(pool)
    without = replace(load_day(made.journal, made.day), entered=NOTHING_ENTERED)
    monkeypatch.setattr(checks, "load_day", lambda *_: without)
    assert [found for found in violations(made) if found.startswith("the deposits are")]
