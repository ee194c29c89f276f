"""Time of a simulated world: it moves only when somebody waits or the world says so."""

import datetime as dt
from dataclasses import dataclass


@dataclass
class SimClock:
    """One clock for daybook, the POS and everybody's patience.

    Attributes:
        time: what it says, UTC.
    """

    time: dt.datetime

    def now(self) -> dt.datetime:
        """The time."""
        return self.time

    def seconds(self) -> float:
        """The time in seconds since 1970."""
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.time += dt.timedelta(seconds=max(seconds, 0.0))
