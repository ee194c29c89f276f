"""A worker that is killed with SIGKILL at every step of telling another system: the effect is there once."""

import dataclasses
import datetime as dt
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from api.composition import open_house
from api.settings import load_settings
from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.commands.work_object import work_object
from domain.facts import Provenance
from domain.facts.objects import AttemptStarted
from domain.permissions import EVERYTHING
from domain.ports.journal import Receipt, Recording
from domain.ports.target import Done, Effect
from projections import objects
from projections.catching_up import catch_up
from tests.api.objects_stage import Office, an_office, key_of, named
from tests.projections.stage import DATE, sale
from tests.support.processes import CONTEXT
from tests.support.scripted_target import Books, ScriptedTarget, id_of

STEPS = ("meant", "begun", "sent", "answered", "recorded")
"""Before the attempt is recorded; before anything is sent; before the answer; before it is recorded; after it."""


@dataclasses.dataclass
class Filed(Books):
    """Books in a file, which outlive whoever writes to them."""

    file: Path = Path()

    def bring_about(self, effect: Effect) -> Done:
        """Bring an effect about, unless the file has it."""
        if self.knows(effect.reference):
            return Done(id_of(effect), found=True)
        with self.file.open("a") as file:
            file.write(json.dumps(effect.reference) + "\n")
        return Done(id_of(effect))

    def knows(self, reference: str) -> bool:
        """The file has it."""
        return reference in self.references()

    def references(self) -> list[str]:
        """What the file has, in order."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A journal that ends its process at a step of an attempt, and is otherwise the journal that it wraps."""

    def __init__(self, inner: Any, step: str) -> None:
        self._inner = inner
        self._step = step

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or die before or after."""
        begins = isinstance(recordings[0].facts[0], AttemptStarted)
        if (begins and self._step == "meant") or (not begins and self._step == "answered"):
            die()
        receipt: Receipt = self._inner.append(recordings, provenance)
        if (begins and self._step == "begun") or (not begins and self._step == "recorded"):
            die()
        return receipt


def intend() -> Intent:
    """The worker wants it."""
    return Intent("worker", rights=EVERYTHING)


def attempt_and_die(folder: Path, url: str, step: str, file: Path, key: str) -> None:
    """Make the next step of the object in this process, which does not live to tell."""
    target = ScriptedTarget(books=Filed(file=file), after=lambda _: die() if step == "sent" else None)
    settings = load_settings(data_dir=folder, database_url=url, log_level="error")
    with open_house(settings, systems={"books": target}) as opened:
        house = dataclasses.replace(opened.house, journal=Deadly(opened.house.journal, step))
        work_object(named(key), "attempt", intend, house)


def killed(office: Office, step: str, file: Path, key: str) -> None:
    """A worker in a process of its own is killed at a step."""
    arguments = (office.folder, office.opened.settings.database_url, step, file, key)
    process = CONTEXT.Process(target=attempt_and_die, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.slow
def test_a_worker_killed_at_a_step(tmp_path: Path, database_url: str) -> None:
    """Wherever it is killed, the next worker finds out what came of it, and the entry is in the books once."""
    file = tmp_path / "books.jsonl"
    with an_office(tmp_path / "data", url=database_url) as office:
        books = office.target.books = Filed(file=file, now=office.clock.now)
        for number, step in enumerate(STEPS, 1):
            date = DATE + dt.timedelta(days=number)
            one = named(key_of("sales", "L1", date))
            office.stage.poll(sale("1", 900), day=office.stage.day("L1", date))
            office.approve("L1", date)
            catch_up(office.opened.engine, office.opened.journal)
            office.outbox.register("main")
            office.post("synchronize", one.key)
            killed(office, step, file, one.key)
            known = load_object(office.opened.journal, one)
            wanted = {"meant": "pending", "recorded": "success"}.get(step, "processing")
            assert (step, known.state) == (step, wanted)
            assert (f"{one.key}:v1" in books.references()) == (step in {"sent", "answered", "recorded"})
        assert office.opened.journal.verify().faults == ()
        for _ in range(11):
            office.clock.ahead += dt.timedelta(minutes=1)
            office.work()
        for reference in (f"{key_of('sales', 'L1', DATE + dt.timedelta(days=number))}:v1" for number in range(1, 6)):
            assert (reference, books.references().count(reference)) == (reference, 1)
        assert {row.state for row in objects.objects(office.opened.engine, "main")} == {"success"}
