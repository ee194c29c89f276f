"""Workers that are killed with SIGKILL in the middle of polls, on both databases: nothing is lost, nothing doubled."""

import dataclasses
import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from api import days
from api.composition import open_house
from api.settings import load_settings
from api.work import Work, ask
from domain.commands.intent import Intent
from domain.facts import DayDeleted, DayPolled, Provenance
from domain.identifiers import DayId
from domain.permissions import EVERYTHING
from domain.ports.captures import Capture
from domain.ports.journal import Receipt, Recording
from tests.api.work_stage import DAYS, PLACES, a_stage, attempts, day, runner, wait_for
from tests.support.processes import CONTEXT

KILLS = 6
"""Of workers, on each database."""

MOST_STARTED = 40 * KILLS
"""Workers: on PostgreSQL one that comes at once finds what the one before held, and leaves it alone for a while."""

STEPS = ("read and not kept", "kept and not recorded", "recorded and not answered")


class Deadly:
    """A port that kills its process at a step of the n-th poll, and is otherwise the port that it wraps."""

    def __init__(self, inner: Any, step: str, left: int) -> None:
        self._inner = inner
        self._step = step
        self._left = left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture, or die before."""
        self._reach(STEPS[0])
        digest: str = self._inner.keep(client, capture)
        return digest

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or die before or after."""
        self._reach(STEPS[1])
        receipt: Receipt = self._inner.append(recordings, provenance)
        self._reach(STEPS[2])
        return receipt

    def _reach(self, step: str) -> None:
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def work_and_die(folder: Path, url: str, step: str, polls: int) -> None:
    """Work off what is due, and do not live to tell."""
    settings = load_settings(
        data_dir=folder, database_url=url, log_level="error", window_days=DAYS, grace=0, retry=1, retry_longest=1
    )
    with open_house(settings) as opened:
        journal, captures = Deadly(opened.journal, step, polls), Deadly(opened.house.captures, step, polls)
        house = dataclasses.replace(opened.house, journal=journal, captures=captures)
        runner(Work(dataclasses.replace(opened, house=house))).run_once()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killing_workers_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, database_url: str) -> None:
    """After every kill the next worker goes on: each day has one generation for its first poll and each deletion."""
    chance = random.Random(7)
    killed = 0
    deleted: Counter[tuple[str, Any]] = Counter()
    with a_stage(tmp_path / "data", database_url, retry=1, retry_longest=1) as site:
        url = site.settings.database_url
        for _ in range(MOST_STARTED):
            place = chance.choice(PLACES)
            if day(site.opened, *place).state != "missing":
                command = Intent("cli:anna", "once more", rights=EVERYTHING)
                deleted[place] += days.delete(site.opened, DayId("main", *place), command).receipt is not None
            process = CONTEXT.Process(target=work_and_die, args=(site.folder, url, STEPS[killed % 3], 1 + killed % 2))
            process.start()
            process.join(120)
            killed += process.exitcode == -signal.SIGKILL
            if killed == KILLS:
                break
        assert killed == KILLS
        assert site.opened.journal.verify().faults == ()
        work = Work(site.opened)

        def all_there() -> bool:
            runner(work).run_once()
            return all(day(site.opened, *place).state == "in progress" for place in PLACES)

        wait_for(all_there)
        for place in PLACES:
            facts = [entry.fact for entry in site.opened.journal.stream(DayId("main", *place).stream)]
            assert sum(isinstance(fact, DayDeleted) for fact in facts) == deleted[place]
            generations = [fact.generation for fact in facts if isinstance(fact, DayPolled)]
            assert generations == list(range(1, 2 + deleted[place]))
            assert day(site.opened, *place).generation == 1 + deleted[place]
            assert len({entry.provenance.command for entry in attempts(site.opened, *place)}) == len(
                attempts(site.opened, *place)
            )
        site.catch_up()
        assert not [one for one in ask(site.opened, "main").due if (one.day.location, one.day.date) in PLACES]
        assert site.opened.journal.verify().faults == ()
