"""A fault at the k-th point of a flow, for every k: between intent, send, answer and record; the books have it once."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from domain.commands.work_object import work_object
from domain.facts import Provenance
from domain.outward import ToDo
from domain.ports.journal import JournalUnavailable, Receipt, Recording
from domain.refusals import Refusal
from tests.domain.outward.house import SALES, Stage, worker
from tests.support.fakes import MemoryJournal
from tests.support.scripted_target import Fault

MOST_POINTS = 60


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Points:
    """Counts the points of a flow at which something can break, and breaks it at one of them.

    Attributes:
        at: the number of that point.
        error: how.
        passed: how many were passed.
    """

    at: int
    error: type[BaseException]
    passed: int = 0

    def pass_by(self) -> None:
        """A point; the flow may end here."""
        self.passed += 1
        if self.passed == self.at:
            raise self.error("at this point")


class Breaking(MemoryJournal):
    """A journal whose every append is two points: before it, and after it without an answer."""

    points: Points

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, unless it breaks."""
        self.points.pass_by()
        receipt = super().append(recordings, provenance)
        self.points.pass_by()
        return receipt


def broken_at(point: int, error: type[BaseException], fault: Fault | None) -> bool:
    """A day is posted, changed and posted anew, with one point broken; whether there was such a point."""
    journal = Breaking()
    journal.points = Points(0, error)
    stage = Stage(journal=journal)
    points = journal.points = Points(point, error)
    stage.target.before = lambda _: points.pass_by()
    stage.target.after = lambda _: points.pass_by()
    stage.target.faults = [fault]
    for cents in (480, 500):
        told = False
        for _ in range(40):
            try:
                stage.register(cents)
                told = True
                step(stage)
            except (Killed, Refusal):
                pass
            stage.later(minutes=1)
            if told and stage.known().state == "success":
                break
    known = stage.known()
    assert known.state == "success", (point, known)
    stage.target.books.arrive()
    references = [effect.reference for effect in stage.target.books.effects]
    assert len(references) == len(set(references)), (point, references)
    assert stage.target.books.standing(SALES.key) == {"sales/Food/Dine In 4010": -500, "tender/Cash 1010": 500}
    return points.passed >= point


def step(stage: Stage) -> None:
    """The worker does what there is to do."""
    known = stage.known()
    task = {"not-integrated": "request", "desynchronized": "request", "pending": "attempt"}.get(known.state)
    if known.state in {"processing", "verifying"}:
        task = "verify"
    elif known.state == "error":
        task = "attempt" if known.waiting else "request"
    if task is not None:
        todo = ToDo(task)  # type: ignore[arg-type]
        work_object(SALES, todo.task, worker, stage.house)


@pytest.mark.parametrize("fault", [None, "lost before", "lost after", "late", "unavailable"])
@pytest.mark.parametrize("error", [Killed, JournalUnavailable], ids=["killed", "database away"])
def test_a_fault_at_every_point(error: type[BaseException], fault: Fault | None) -> None:
    """Whatever breaks, at every single point: whoever goes on gets there, and nothing is there twice."""
    point = 1
    while broken_at(point, error, fault):
        point += 1
        assert point < MOST_POINTS
    assert point > 15
