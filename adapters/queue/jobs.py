"""What the queue hands out, and what it asks of who uses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done.

    Attributes:
        key: of it: as long as it waits in the queue, it is put in once.
        lock: of those with one lock, one is worked on at a time.
        priority: the greater, the earlier.
    """

    key: str
    lock: str
    priority: int = 0


class Work(Protocol):
    """Says what there is to do, and does it. Called in threads of its own, several at once."""

    def jobs(self) -> Iterable[Job]:
        """What is to be done now."""
        ...

    def perform(self, key: str) -> None:
        """Do it, unless that is not wanted any more."""
        ...
