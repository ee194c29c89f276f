"""A clock that goes on as the machine's does, and skips whatever somebody wants to sleep."""

import datetime as dt
import time


class SkippingClock:
    """Time for an adapter and a simulator that share it: waits are as long as they are, and cost nothing."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def sleep(self, seconds: float) -> None:
        """Be so much later at once."""
        self._skipped += seconds

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + self._skipped

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._skipped

    def now(self) -> dt.datetime:
        """The time, UTC."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._skipped)
