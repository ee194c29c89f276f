"""The projector: a thread that keeps the views up to date in the background."""

import threading
import time
from typing import Final

import structlog
from sqlalchemy import Engine

from domain.ports.journal import Journal
from projections.catching_up import catch_up
from projections.folds import Folds
from projections.queries import position

TICK_SECONDS: Final = 0.5
"""How often the log is looked at when nobody says that there is something: hints may get lost."""

LONGEST_PAUSE_SECONDS: Final = 30.0
"""After failures the pauses grow up to this."""

_log: Final = structlog.get_logger("daybook.projector")


class Projector:
    """Catches up with the log again and again, as any number of projectors in other processes may at the same time.

    Args:
        engine: of the migrated database.
        journal: what is read.
        tick_seconds: how often the log is looked at without a hint; at most 1.
    """

    def __init__(self, engine: Engine, journal: Journal, tick_seconds: float = TICK_SECONDS) -> None:
        if not 0 < tick_seconds <= 1:
            raise ValueError(f"The projector looks at the log at least every second, not every {tick_seconds} s.")
        self._engine = engine
        self._journal = journal
        self._tick = tick_seconds
        self._hint = threading.Event()
        self._stopping = threading.Event()
        self._moved = threading.Condition()
        self._reached = 0
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None

    @property
    def reached(self) -> int:
        """The position that this projector last saw all views reach."""
        return self._reached

    @property
    def failure(self) -> Exception | None:
        """Why it does not get on, or None while all is well."""
        return self._failure

    def start(self) -> None:
        """Begin in a thread of its own, once."""
        if self._thread is not None:
            raise RuntimeError("The projector was started before.")
        self._thread = threading.Thread(target=self._run, name="daybook-projector", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something new in the log: look at once."""
        self._hint.set()

    def stop(self, timeout: float = 10.0) -> bool:
        """End after the batch at hand; answers whether it ended within the seconds given."""
        self._stopping.set()
        self._hint.set()
        if self._thread is not None:
            self._thread.join(timeout)
            return not self._thread.is_alive()
        return True

    def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until readers see everything up to a position; answers whether they do, after ``timeout`` s at most."""
        until = time.monotonic() + timeout
        if self._reached >= position:
            return True
        self.wake()
        with self._moved:
            while self._reached < position and (left := until - time.monotonic()) > 0 and not self._stopping.is_set():
                self._moved.wait(left)
        return self._reached >= position

    def _run(self) -> None:
        folds = Folds(self._journal)
        pause = self._tick
        while not self._stopping.is_set():
            self._hint.clear()
            try:
                self._arrive(catch_up(self._engine, self._journal, progress=self._advanced, folds=folds))
            except _Stopping:
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, the log is still there and is read again later
                self._failure = error
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                _log.warning("views do not catch up", error=str(error), kind=type(error).__name__, again_in_s=pause)
                self._stopping.wait(pause)
            else:
                self._failure = None
                pause = self._tick
                self._hint.wait(pause)

    def _advanced(self, _position: int, _goal: int) -> None:
        if self._stopping.is_set():
            raise _Stopping

    def _arrive(self, position: int) -> None:
        with self._moved:
            self._reached = position
            self._moved.notify_all()


class _Stopping(Exception):
    """The projector was told to stop between two batches."""


def wait_for(engine: Engine, wanted: int, timeout: float, look_seconds: float = 0.02) -> bool:
    """Wait until all views have reached a position, whoever brings them there; for processes without a projector.

    Answers whether they have, after ``timeout`` seconds at most.
    """
    until = time.monotonic() + timeout
    while position(engine) < wanted:
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(look_seconds, left))
    return True
