"""The one way to run a worker, whichever database it is on."""

import threading
from typing import Protocol

from adapters.database import database_url
from api.composition import OpenHouse
from api.work.embedded import Embedded
from api.work.polling import Work
from api.work.queued import Queued


class Runner(Protocol):
    """Works off what is due. Whatever it forgets is still due: it may be killed at any moment."""

    def run(self, stopping: threading.Event) -> None:
        """Go on until told to stop."""
        ...

    def run_once(self) -> None:
        """Do everything that is due now, each day once, and come back."""
        ...


def work_for(opened: OpenHouse) -> Work:
    """The work for all clients of the store, or for the one that the settings name."""
    return Work(opened, opened.settings.worker_client or None)


def runner_for(work: Work, *, threads: int | None = None) -> Runner:
    """The runner for the store: over a queue on PostgreSQL, where there may be many; else inside this process.

    Args:
        work: what is due, and doing it.
        threads: polls at once, or None for the setting.
    """
    settings = work.opened.settings
    chosen = threads or settings.worker_threads
    if database_url(settings.url).drivername == "sqlite":
        return Embedded(work, threads=chosen, scan=settings.scan, shutdown=settings.shutdown)
    return Queued(work, settings.url, threads=chosen, scan=settings.scan, shutdown=settings.shutdown)
