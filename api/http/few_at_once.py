"""As many polls and imports at once as leave threads for those who read."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.refusals import TooManyPolls


@contextmanager
def one_of_few(polls: threading.BoundedSemaphore) -> Iterator[None]:
    """Be one of the polls that may run at once.

    Raises:
        TooManyPolls: there are as many already.
    """
    if not polls.acquire(blocking=False):
        raise TooManyPolls("As many polls are running as may at once: ask again in a moment.")
    try:
        yield
    finally:
        polls.release()
