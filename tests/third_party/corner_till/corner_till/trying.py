"""The suite that daybook ships, against the played till: ``python -m pytest corner_till/trying.py``."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.conformance import SystemConformance, Trial
from corner_till import SYSTEM
from corner_till.playing import PERSONAL, TOKEN, playing
from domain.business_date import window
from domain.ports.source import DayRequest, System


class TestCornerTill(SystemConformance):
    """Corner Till passes what every adapter passes."""

    def system(self) -> System:
        """Corner Till."""
        found: System = SYSTEM
        return found

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """A till that plays."""
        with playing() as url:
            day = window(dt.date(2026, 11, 20), "America/New_York")
            yield Trial(
                {"environment": url, "token": TOKEN},
                {"token": "ct-wr0ngone"},
                DayRequest("main", "till", "pier", day, {"store": "S1"}),
                PERSONAL,
            )
