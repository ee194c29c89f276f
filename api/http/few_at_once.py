"""As many polls and imports at once as leave threads for those who read, and a place for every other client."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.refusals import TooManyPolls


class Few:
    """Places for what takes long. One client alone never has all of them, where there is more than one.

    Args:
        most: how many there are.
    """

    def __init__(self, most: int) -> None:
        self.most: Final = most
        self._taken: Final[Counter[str]] = Counter()
        self._lock: Final = threading.Lock()

    def take(self, client: str) -> bool:
        """Take a place for a client, if there is one; answers whether."""
        with self._lock:
            of_client = max(1, self.most - 1)
            if self._taken.total() >= self.most or self._taken[client] >= of_client:
                return False
            self._taken[client] += 1
            return True

    def give_back(self, client: str) -> None:
        """The place is free."""
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]  # no client is remembered for ever


@contextmanager
def one_of_few(polls: Few, client: str) -> Iterator[None]:
    """Be one of the polls that may run at once.

    Raises:
        TooManyPolls: there are as many already, of all clients or of this one.
    """
    if not polls.take(client):
        raise TooManyPolls("As many polls are running as may at once: ask again in a moment.")
    try:
        yield
    finally:
        polls.give_back(client)
