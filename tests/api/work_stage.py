"""A stage for tests of workers: a daybook on either database, its POS, and a runner of the kind that fits."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adapters.database import database_url
from adapters.queue import Timing
from api.composition import OpenHouse
from api.work import Runner, Work
from api.work.embedded import Embedded
from api.work.queued import Queued
from domain.business_day import BusinessDay
from domain.commands.loading import load_day
from domain.facts import DayPolled, Entry, PollFailed, PollUnchanged
from domain.identifiers import DayId
from tests.api.site import DATES, Site, a_site

QUICK = Timing(ask=1, rescue=1, heartbeat=1, stalled=2, fetch=0.2)
"""Of a queue that nobody waits for."""

PLACES = [(location, date) for location in ("alpha", "beta") for date in DATES[-2:]]
"""Days that the POS has data of, and that are looked after in every zone."""

DAYS = 4
"""Business days that are looked after at each of the two locations."""

ALL = 2 * DAYS


def runner(work: Work, *, threads: int = 2, shutdown: float = 8.0) -> Runner:
    """The runner for the database, with short waits."""
    settings = work.opened.settings
    if database_url(settings.url).drivername == "sqlite":
        return Embedded(work, threads=threads, scan=1, shutdown=shutdown, tick=0.1)
    return Queued(work, settings.url, threads=threads, scan=1, shutdown=shutdown, timing=QUICK)


@contextlib.contextmanager
def a_stage(folder: Path, url: str, **given: Any) -> Iterator[Site]:
    """A daybook whose last four days are looked after, of which the POS has two with data."""
    chosen: dict[str, Any] = {"window_days": DAYS, "grace": 0, "scan": 1, **given}
    with a_site(folder, url=url, tickets=3, **chosen) as site:
        yield site


@contextlib.contextmanager
def working(runner: Runner) -> Iterator[None]:
    """A worker in a thread, stopped at the end."""
    stopping = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stopping,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(60)
        assert not thread.is_alive()


def wait_for(holds: Callable[[], Any], seconds: float = 90) -> None:
    """Wait until it holds; how long that takes says nothing."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.1)


def day(opened: OpenHouse, location: str, date: Any) -> BusinessDay:
    """A day as recorded."""
    return load_day(opened.journal, DayId(opened.settings.client, location, date))


def attempts(opened: OpenHouse, location: str, date: Any) -> list[Entry]:
    """The attempts on a day."""
    stream = DayId(opened.settings.client, location, date).stream
    kinds = DayPolled | PollUnchanged | PollFailed
    return [entry for entry in opened.journal.stream(stream) if isinstance(entry.fact, kinds)]
