"""The projector in the background."""

import threading
import time

import pytest

from domain.ports.journal import Journal, JournalUnavailable
from projections import projector as projecting
from projections import queries
from projections.projector import Projector, wait_for
from tests.projections.stage import DATE, Stage, sale


def test_reading_ones_own_write(stage: Stage) -> None:
    """After waiting for the receipt's position, the view shows what was written, without any hint."""
    projector = Projector(stage.engine, stage.journal, tick_seconds=0.05)
    projector.start()
    try:
        for cents in (100, 200, 300):
            receipt = stage.poll(sale("1", cents))
            assert projector.wait_for(receipt.position, 10)
            (row,) = queries.tickets(stage.engine, "C1", "L1", DATE)
            assert row.net_cents == cents
            assert wait_for(stage.engine, receipt.position, 0)
    finally:
        assert projector.stop()


def test_waiting_is_bounded(stage: Stage) -> None:
    """Waiting for a position that nobody reaches ends after its time, with a no."""
    projector = Projector(stage.engine, stage.journal)
    projector.start()
    began = time.monotonic()
    assert not projector.wait_for(1_000, 0.2)
    assert not wait_for(stage.engine, 1_000, 0.2)
    assert time.monotonic() - began < 5
    assert projector.stop()


def test_the_projector_survives_an_outage(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the journal is away the projector waits and tells why; when it is back the views catch up."""
    monkeypatch.setattr(projecting, "LONGEST_PAUSE_SECONDS", 0.05)
    away = threading.Event()
    away.set()
    original = stage.journal.head

    def head() -> int:
        if away.is_set():
            raise JournalUnavailable("The database is away.")
        return original()

    monkeypatch.setattr(stage.journal, "head", head, raising=False)
    projector = Projector(stage.engine, stage.journal, tick_seconds=0.01)
    projector.start()
    receipt = stage.poll(sale("1", 100))
    assert not projector.wait_for(receipt.position, 0.3)
    assert type(projector.failure).__name__ == "JournalUnavailable"
    away.clear()
    assert projector.wait_for(receipt.position, 10)
    assert projector.failure is None
    assert projector.stop()


def test_a_projector_is_started_once(stage: Stage) -> None:
    """Starting twice is a mistake, and so is looking at the log less than every second."""
    projector = Projector(stage.engine, stage.journal)
    projector.start()
    with pytest.raises(RuntimeError, match="started before"):
        projector.start()
    assert projector.stop()
    with pytest.raises(ValueError, match="at least every second"):
        Projector(stage.engine, stage.journal, tick_seconds=2)


def test_stopping_before_starting(journal: Journal, stage: Stage) -> None:
    """A projector that never began is stopped at once."""
    assert Projector(stage.engine, journal).stop()
