"""Working off what is due inside one process: one thread asks, a few poll."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import structlog

from api.work.asking import Asked
from api.work.objects import Errand
from api.work.polling import Work
from domain.identifiers import DayId

TICK_SECONDS: Final = 2.0
"""The least time between two questions, however much there is to do."""

_LOOK_SECONDS: Final = 0.05

_log: Final = structlog.get_logger("daybook.worker")


Task = DayId | Errand
"""A day to poll, or something to do for an object."""


def place_of(task: Task) -> tuple[str, str]:
    """Where a task is done, of each place one at a time: a location, or one of the places that a company has."""
    return (task.client, task.location) if isinstance(task, DayId) else ("", task.lock)


def tasks_of(asked: Asked) -> list[Task]:
    """What is due, of each client in the order of its ranks: days and objects in turns."""
    ranked: list[tuple[int, Task]] = [(one.rank, one.day) for one in asked.due]
    ranked += [(errand.rank, errand) for errand in asked.errands]
    ranked.sort(key=lambda pair: pair[0])
    return [task for _, task in ranked]


class Board:
    """What is to be done, of each location one poll at a time. The newest answer takes the place of the last.

    Clients take turns: next is one of whom the fewest polls run, of these the one whose last poll began longest ago.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Task]] = {}
        self._busy: set[tuple[str, str]] = set()
        self._running: Final[Counter[str]] = Counter()
        self._turns: Final[dict[str, int]] = {}
        self._begun: int = 0
        self._closed = False
        self._moved: Final = threading.Condition()

    def post(self, found: Iterable[Task]) -> None:
        """This is due now, of each client what goes first in front."""
        with self._moved:
            self._waiting = {}
            for task in found:
                self._waiting.setdefault(task.client, []).append(task)
            self._moved.notify_all()

    def take(self) -> Task | None:
        """The next thing to do, once there is one whose place is free; None when the board is closed."""
        with self._moved:
            while not self._closed:
                task = self._next()
                if task is not None:
                    self._waiting[task.client].remove(task)
                    self._busy.add(place_of(task))
                    self._running[task.client] += 1
                    self._begun += 1
                    self._turns[task.client] = self._begun
                    return task
                self._moved.wait()
            return None

    def give_back(self, task: Task) -> None:
        """It is done: its place is free."""
        with self._moved:
            self._busy.discard(place_of(task))
            self._running[task.client] -= 1
            self._moved.notify_all()

    def close(self) -> None:
        """Nothing new is begun."""
        with self._moved:
            self._closed = True
            self._waiting = {}
            self._moved.notify_all()

    @property
    def is_idle(self) -> bool:
        """Nothing is waiting or running."""
        return not (self._busy or any(self._waiting.values()))

    def wait_until_idle(self, timeout: float | None = None) -> int:
        """Wait until nothing is waiting or running; answers how many run still, after ``timeout`` s at most."""
        with self._moved:
            self._moved.wait_for(lambda: self.is_idle, timeout)
            return len(self._busy)

    def _next(self) -> Task | None:
        in_turn = sorted(self._waiting, key=lambda client: (self._running[client], self._turns.get(client, 0)))
        of_each = (self._free(self._waiting[client]) for client in in_turn)
        return next((task for task in of_each if task is not None), None)

    def _free(self, tasks: Sequence[Task]) -> Task | None:
        return next((task for task in tasks if place_of(task) not in self._busy), None)


class Embedded:
    """Asks what is due and polls it in threads of this process.

    Args:
        work: what is due, and doing it.
        threads: polls at once.
        scan: the longest time between two questions, seconds.
        shutdown: seconds that running polls get to end.
        tick: the least time between two questions, seconds.
    """

    def __init__(self, work: Work, *, threads: int, scan: float, shutdown: float, tick: float = TICK_SECONDS) -> None:
        self._work: Final = work
        self._threads: Final = threads
        self._scan: Final = scan
        self._shutdown: Final = shutdown
        self._tick: Final = tick

    def run(self, stopping: threading.Event) -> None:
        """Go on until told to stop; then let running polls end, or leave them after some seconds: nothing is lost."""
        board = self._opened_board()
        waking = self._work.opened.waking
        while not stopping.is_set():
            waking.clear()
            asked = self._asked()
            board.post(tasks_of(asked) if asked else [])
            self._rest(stopping, waking, board, asked)
        board.close()
        left = board.wait_until_idle(self._shutdown)
        if left:
            _log.warning("left polls unfinished; they are still due", polls=left)

    def run_once(self) -> None:
        """Do everything that is due now, each day once, and come back."""
        board = self._opened_board()
        seen: set[Task] = set()
        try:
            while found := [task for task in tasks_of(self._work.ask()) if task not in seen]:
                seen |= set(found)
                board.post(found)
                board.wait_until_idle()
        finally:
            board.close()

    def _opened_board(self) -> Board:
        board = Board()
        for number in range(self._threads):
            # No end of the process waits for them: a poll that is left behind has recorded nothing.
            threading.Thread(target=self._polling, args=(board,), name=f"daybook-work-{number}", daemon=True).start()
        return board

    def _polling(self, board: Board) -> None:
        while (task := board.take()) is not None:
            try:
                self._work.do(task)
            finally:
                board.give_back(task)

    def _asked(self) -> Asked | None:
        try:
            return self._work.ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, the question is asked again
            _log.warning("cannot ask what is due", kind=type(error).__name__, error=str(error)[:500])
            return None

    def _rest(self, stopping: threading.Event, waking: threading.Event, board: Board, asked: Asked | None) -> None:
        """Until something is due, somebody woke us, what was due is done, or it is time to look through everything."""
        began = time.monotonic()
        until = began + (self._scan if asked else self._tick)
        if asked and asked.again_at is not None:
            until = min(until, began + (asked.again_at - self._work.opened.house.clock.now()).total_seconds())
        earliest = began + self._tick
        while not stopping.wait(_LOOK_SECONDS):
            now = time.monotonic()
            done = asked is not None and (asked.due or asked.errands) and board.is_idle
            if now >= earliest and (now >= until or waking.is_set() or done):
                return
