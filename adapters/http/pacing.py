"""Pacing: how often a source may be asked in a minute is kept on our side, whoever asks and from however many threads.

Whoever comes with the same secret is one asker, as sources count. Of one process: several workers each have the whole.
"""

import datetime as dt
import hashlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Final

from domain.ports.source import SourceFailure

MINUTE: Final = 60.0
MOST_PACES: Final = 10_000
"""Askers that are remembered; who asked the longest ago is forgotten first."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Pace:
    """Lets so many requests pass in any minute, in the order in which they come.

    Args:
        per_minute: requests.
        monotonic: seconds that never go back.
        sleep: waits seconds.
        now: the time, UTC.
    """

    def __init__(
        self,
        per_minute: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._now = now
        self._lock = threading.Lock()
        self._passed = deque[float](maxlen=per_minute)

    def wait(self, longest: float) -> float:
        """Wait for one's turn; answers how many seconds that took.

        Args:
            longest: seconds that are waited at most.

        Raises:
            SourceFailure: ``rate-limited``: it would take longer; it says when to ask again, and takes no turn.
        """
        with self._lock:
            now = self._monotonic()
            full = len(self._passed) == self._passed.maxlen
            turn = max(now, self._passed[0] + MINUTE) if full else now
            if turn - now > longest:
                raise SourceFailure(
                    "rate-limited",
                    f"daybook asks this source at most {self._passed.maxlen} times a minute, and has by now.",
                    retry_at=self._now() + dt.timedelta(seconds=turn - now),
                )
            self._passed.append(turn)
        if turn > now:
            self._sleep(turn - now)
        return turn - now


class Paces:
    """The paces of all who ask, for as long as the process lives: a client of HTTP is opened for every poll.

    Args:
        monotonic: seconds that never go back.
        sleep: waits seconds.
        now: the time, UTC.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._clock = monotonic, sleep, now
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[bytes, int], Pace] = OrderedDict()

    def of(self, system: str, secrets: Mapping[str, str], per_minute: int) -> Pace:
        """The pace of who comes to a system with these secret headers."""
        digest = hashlib.sha256(repr((system, sorted(secrets.items()))).encode()).digest()
        with self._lock:
            pace = self._known.pop((digest, per_minute), None) or Pace(per_minute, *self._clock)
            self._known[digest, per_minute] = pace
            while len(self._known) > MOST_PACES:
                self._known.popitem(last=False)
            return pace


PACES: Final = Paces()
"""Those of this process."""
