"""What is left alone for a while."""

import threading
import time
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class PutOff(Generic[Thing]):
    """Things that are left alone for a while. Used by several threads at once; to lose it costs a request or two."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._until: dict[Thing, float] = {}

    def put(self, thing: Thing, seconds: float) -> None:
        """Leave it alone for so long."""
        with self._lock:
            self._until[thing] = time.monotonic() + seconds

    def __contains__(self, thing: object) -> bool:
        """It is left alone still."""
        with self._lock:
            self._past()
            return thing in self._until

    def __len__(self) -> int:
        """How many are."""
        with self._lock:
            self._past()
            return len(self._until)

    def _past(self) -> None:
        now = time.monotonic()
        self._until = {thing: until for thing, until in self._until.items() if until > now}
