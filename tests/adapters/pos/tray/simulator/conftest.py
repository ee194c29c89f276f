"""A small simulated POS, served."""

from collections.abc import Iterator

import pytest

from adapters.pos.tray.simulator import Running, TrayPos, running
from tests.adapters.pos.tray.simulator.tray_reader import Tray, settings
from tests.support.skipping import SkippingClock


@pytest.fixture(scope="session")
def clock() -> SkippingClock:
    """The clock by which the POS keeps waits."""
    return SkippingClock()


@pytest.fixture(scope="session")
def served(clock: SkippingClock) -> Iterator[Running]:
    """One server for the session; starting and stopping it costs more than most tests do."""
    with running(TrayPos(settings(seconds=clock.seconds))) as serving:
        yield serving


@pytest.fixture
def tray(served: Running) -> Iterator[Tray]:
    """A reader of the POS as it was drawn: no edits, no faults, the clock as set, nothing logged."""
    served.pos.reset()
    served.pos.disarm()
    served.pos.set_now(None)
    served.pos.requests.clear()
    reader = Tray(served)
    yield reader
    reader.http.close()
