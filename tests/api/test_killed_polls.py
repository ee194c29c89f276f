"""A poll that is killed with SIGKILL at every step of its way, on both databases."""

import dataclasses
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.pos.tray.simulator import Edits
from api.composition import open_house
from api.settings import load_settings
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.facts import Provenance
from domain.identifiers import ConnectionId, DayId
from domain.ports.captures import Capture
from domain.ports.journal import Receipt, Recording
from domain.summary import summarize, summary_bytes
from projections import queries
from projections.rebuilding import rebuild
from tests.api.site import DATES, a_site
from tests.support.processes import CONTEXT

DAY = DayId("main", "alpha", DATES[0])
CONNECTION = ConnectionId("main", "tray")

STEPS = ("read and not kept", "kept and not recorded", "recorded and not answered")


class Deadly:
    """A port that ends its process before or after one of its methods, and is otherwise the port that it wraps."""

    def __init__(self, inner: Any, step: str) -> None:
        self._inner = inner
        self._step = step

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def keep(self, client: str, capture: Capture) -> str:
        """Keep a capture, or die before."""
        if self._step == STEPS[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        digest: str = self._inner.keep(client, capture)
        return digest

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or die before or after."""
        if self._step == STEPS[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        self._inner.append(recordings, provenance)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("killed")


def poll_and_die(folder: Path, url: str, step: str, command: str) -> None:
    """Poll the day in this process, which does not live to tell."""
    with open_house(load_settings(data_dir=folder, database_url=url, log_level="error")) as opened:
        house = dataclasses.replace(
            opened.house, captures=Deadly(opened.house.captures, step), journal=Deadly(opened.house.journal, step)
        )
        poll_day(PollDay(DAY, CONNECTION, Intent("test", "killed", command)), house)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_poll_killed_at_a_step(tmp_path: Path, database_url: str, step: str) -> None:
    """Wherever a poll is killed, nothing of it or all of it is recorded, and repeating the command finishes it once."""
    with a_site(tmp_path / "data", url=database_url, projecting=False) as site:
        for generation in (1, 2):
            command = f"killed-{generation}"
            if generation == 2:
                site.pos.pos.edit(Edits(venue="V100", business_date=DATES[0], tickets=2))
            killed = CONTEXT.Process(target=poll_and_die, args=(site.folder, site.settings.database_url, step, command))
            killed.start()
            killed.join(60)
            assert killed.exitcode == -signal.SIGKILL
            journal = site.opened.journal
            assert journal.verify().faults == ()
            assert load_day(journal, DAY).generation == generation - (step != STEPS[2])
            outcome = poll_day(PollDay(DAY, CONNECTION, Intent("test", "killed", command)), site.opened.house)
            assert (outcome.outcome, outcome.generation) == ("polled", generation)
            assert journal.verify().faults == ()
        site.catch_up()
        shown = queries.day(site.opened.engine, "main", "alpha", DATES[0])
        assert shown is not None
        assert shown.document == summary_bytes(summarize(load_day(site.opened.journal, DAY)))
        rebuild(site.opened.engine, site.opened.journal)
        assert queries.day(site.opened.engine, "main", "alpha", DATES[0]) == shown
