"""Hypothesis drives the steps of the simulator against a simple model, on both databases, and shrinks what it finds."""

import itertools
import random
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adapters.journal import open_journal
from domain.ports.journal import Journal
from tests.sim import checks, steps
from tests.sim.faults import EVERY
from tests.sim.running import settle_down
from tests.sim.world import World, create

CHANCE: Final = st.randoms(use_true_random=False)
_clients: Final = itertools.count(1)


class Stories(RuleBasedStateMachine):
    """One world in its own client of a database that all worlds share."""

    journal: ClassVar[Journal]

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None

    @initialize(seed=st.integers(0, 2**32 - 1), faults=st.booleans())
    def begin(self, seed: int, faults: bool) -> None:
        """A world begins, with faults or without."""
        self.world = create(seed, self.journal, client=f"sim{next(_clients)}")
        self.world.among = EVERY if faults else ()

    @rule(chance=CHANCE, name=st.sampled_from(sorted(step.__name__ for step in steps.STEPS)))
    def step(self, chance: random.Random, name: str) -> None:
        """One step of the simulator, with chance that Hypothesis chose."""
        assert self.world is not None
        self.world.rng = chance
        step: Any = next(step for step in steps.STEPS if step.__name__ == name)
        self.world.trace.append(step(self.world))

    @invariant()
    def everything_holds(self) -> None:
        """What is cheap to see holds after every step, and every day is as the model has it."""
        if self.world is not None:
            checks.after_a_step(self.world)
            checks.as_the_model_has_it(self.world)

    def teardown(self) -> None:
        """Without faults everything settles, and every law holds."""
        if self.world is not None and self.world.commands > 1:
            self.world.rng = random.Random(1)
            settle_down(self.world)
            checks.whole_log(self.world)


@pytest.fixture
def stories(database_url: str) -> Iterator[type[Stories]]:
    """The machine on a freshly migrated database, once of each kind."""

    class Here(Stories):
        journal = open_journal(database_url)

    yield Here
    Here.journal.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_any_story_ends_as_the_model_says(stories: type[Stories]) -> None:
    """Any order of edits at the POS, polls, settling, replays, retries, faults and kills keeps every law."""
    run_state_machine_as_test(
        stories,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
