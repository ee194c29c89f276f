"""Patience: how long to wait before asking again."""

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_FIRST_PAUSE: Final = 0.5
_FIRST_BLIND_WAIT: Final = 2.0


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, so that tests can hold both.

    Attributes:
        sleep: waits seconds.
        monotonic: seconds that never go back.
        now: the time, UTC.
        random: a number from 0 up to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = _utc_now
    random: Callable[[], float] = random.random


REAL_TIME: Final = Timing()


def backoff(attempt: int, longest: float, timing: Timing) -> float:
    """Exponential with full jitter: up to 0.5 s after the first attempt, then up to 1 s, and so on."""
    return timing.random() * min(longest, _FIRST_PAUSE * float(2 ** (attempt - 1)))


def blind_wait(attempt: int, longest: float, timing: Timing) -> float:
    """After «too many requests» without a time: at least 2 s, doubling, since asking too early lengthens the wait."""
    return min(longest, _FIRST_BLIND_WAIT * float(2 ** (attempt - 1)) * (1 + timing.random()))
