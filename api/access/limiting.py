"""Counting failures: who fails too often has to wait."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.refusals import TooManyAttempts

MOST_COUNTED: Final = 10_000
"""Of whom failures are remembered; the longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failures are let pass.

    Attributes:
        failures: in the window.
        seconds: the window.
    """

    failures: int
    seconds: float


class Failures:
    """Failed attempts of the last minute, by whose they are. Of this process alone."""

    def __init__(self, allowance: Allowance, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._allowance = allowance
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._counted: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, whose: str) -> None:
        """Go on, if they have not failed too often.

        Raises:
            TooManyAttempts: they have; it says for how many seconds to wait.
        """
        now = self._monotonic()
        with self._lock:
            times = self._recent(whose, now)
            if times is None or len(times) < self._allowance.failures:
                return
            wait = max(int(times[0] + self._allowance.seconds - now) + 1, 1)
        raise TooManyAttempts(f"Too many attempts failed: try again in {wait} seconds.", wait)

    def count(self, whose: str) -> None:
        """Another attempt failed."""
        now = self._monotonic()
        with self._lock:
            times = self._recent(whose, now)
            if times is None:
                times = self._counted[whose] = deque(maxlen=self._allowance.failures)
            times.append(now)
            self._counted.move_to_end(whose)
            while len(self._counted) > MOST_COUNTED:
                self._counted.popitem(last=False)

    def forget(self, whose: str) -> None:
        """They did it right."""
        with self._lock:
            self._counted.pop(whose, None)

    def _recent(self, whose: str, now: float) -> deque[float] | None:
        times = self._counted.get(whose)
        while times and now - times[0] >= self._allowance.seconds:
            times.popleft()
        return times
