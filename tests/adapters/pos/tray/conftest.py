"""A stage to read from, a day to ask for, and a clock that waits without waiting."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from adapters.pos.tray import SYSTEM, Timing, TraySource
from domain.business_date import window
from domain.ports.source import DayRequest
from tests.support.fake_vault import MemoryVault
from tests.support.reach import limits_here
from tests.support.tray_stage import DATE, KEY, ZONE, Stage, staged


class Patience:
    """Waits by moving its own clock, and remembers how long."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.at = 0.0
        self.luck = 0.5

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.pauses.append(seconds)
        self.at += seconds

    @property
    def timing(self) -> Timing:
        """What the adapter takes."""
        noon = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
        return Timing(self.sleep, lambda: self.at, lambda: noon + dt.timedelta(seconds=self.at), lambda: self.luck)


@pytest.fixture
def patience() -> Patience:
    """A clock under control."""
    return Patience()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A venue that plays by the rules until told otherwise."""
    with staged() as stage:
        yield stage


@pytest.fixture
def request_day() -> DayRequest:
    """The day that the stage plays."""
    return DayRequest("acme", "conn-1", "loc-1", window(DATE, ZONE), {"venue": "V100"})


Connect = Callable[..., TraySource]


@pytest.fixture
def connect(stage: Stage, patience: Patience) -> Iterator[Connect]:
    """Connects to the stage with a vault in memory, under limits that may be given."""
    opened: list[TraySource] = []

    def connected(vault: MemoryVault | None = None, **limits: float) -> TraySource:
        bounds = limits_here(**{"read_timeout": 5.0, **limits})
        source = SYSTEM.connect(stage.url, KEY, vault or MemoryVault(), bounds, timing=patience.timing)
        opened.append(source)
        return source

    yield connected
    for source in opened:
        source.close()
