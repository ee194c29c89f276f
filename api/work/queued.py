"""Working off what is due over a queue: any number of processes on any number of machines share the work."""

import hashlib
import threading
from collections.abc import Iterable
from typing import Final

import structlog

from adapters.queue import Job, Queue, Timing
from api.work.objects import errand_of
from api.work.polling import Work
from domain.business_date import business_date
from domain.identifiers import DayId

LONGEST_NAME: Final = 36
"""Of a queue: the database tells workers of new jobs by a name of limited length that holds it."""

ALL_CLIENTS: Final = "_all"
"""The name of a queue that no client's can have."""

AGAIN_SECONDS: Final = 5.0
"""After the database went away."""

_log: Final = structlog.get_logger("daybook.worker")


class Queued:
    """Asks what is due, puts it into the queue, and polls what it takes out.

    Workers for all clients share one queue, and those for one client share theirs.

    Args:
        work: what is due, and doing it.
        url: of the database.
        threads: polls at once.
        scan: the longest time between two questions, seconds; the queue asks at least every minute.
        shutdown: seconds that running polls get to end.
        timing: of the queue, or None for what fits the scan.
    """

    def __init__(
        self, work: Work, url: str, *, threads: int, scan: float, shutdown: float, timing: Timing | None = None
    ) -> None:
        self._threads: Final = threads
        self._shutdown: Final = shutdown
        chosen = timing or Timing(ask=max(1, min(int(scan), 60)))
        self._queue: Final = Queue(url, queue_name(work.only), Handed(work), chosen)

    def run(self, stopping: threading.Event) -> None:
        """Go on until told to stop; then let running polls end, or leave them after some seconds: nothing is lost."""
        while not stopping.is_set():
            try:
                self._queue.run(stopping, threads=self._threads, shutdown=self._shutdown)
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing is lost, and it begins anew
                _log.warning("the queue broke off", kind=type(error).__name__, error=str(error)[:500])
                stopping.wait(AGAIN_SECONDS)

    def run_once(self) -> None:
        """Do everything that is due now, each day once, and come back; what others have begun is left to them."""
        self._queue.run_once(threads=self._threads)


class Handed:
    """What is due, as jobs of a queue."""

    def __init__(self, work: Work) -> None:
        self._work: Final = work

    def jobs(self) -> Iterable[Job]:
        """One for each day or object that is due. The first of each client go before the second ones of all."""
        asked = self._work.ask()
        jobs = [Job(key_of(one.day), f"{one.day.client}/{one.day.location}", -one.rank) for one in asked.due]
        jobs += [Job(errand.key, errand.lock, -errand.rank) for errand in asked.errands]
        return sorted(jobs, key=lambda job: -job.priority)

    def perform(self, key: str) -> None:
        """Poll the day, or do what there is to do for the object, if it is still due."""
        one = errand_of(key)
        if one is not None:
            self._work.send(one)
            return
        client, location, date = key.split("/")
        self._work.perform(DayId(client, location, business_date(date)))


def queue_name(client: str | None) -> str:
    """The name of a client's queue, or of that of all clients."""
    if client is None:
        return ALL_CLIENTS
    return client if len(client) <= LONGEST_NAME else hashlib.sha256(client.encode()).hexdigest()[:LONGEST_NAME]


def key_of(day: DayId) -> str:
    """The key of a day's job."""
    return f"{day.client}/{day.location}/{day.date.isoformat()}"
