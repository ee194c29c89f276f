"""A worker beside the server: in a thread of the same process, as long as that serves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.composition import OpenHouse
from api.work.runner import runner_for, work_for


@contextmanager
def worker_beside(opened: OpenHouse) -> Iterator[None]:
    """Poll what is due meanwhile, if the setting says so."""
    if opened.settings.worker == "off":
        yield
        return
    stopping = threading.Event()
    runner = runner_for(work_for(opened))
    thread = threading.Thread(target=runner.run, args=(stopping,), name="daybook-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        # It gives its polls that long itself.
        thread.join(opened.settings.shutdown + 2)
