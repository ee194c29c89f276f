"""The clock."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the time, so that tests can say what time it is."""

    def now(self) -> dt.datetime:
        """The time, UTC."""
        ...
