"""What there is to do for an object: pure, of how it stands and the clock. Nobody has to remember anything."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol

from domain.outward.deciding import OutwardRules
from domain.outward.state import State

Task = Literal["request", "attempt", "verify"]
"""Ask for it and attempt it; attempt what was asked for; look up what came of an attempt."""


class Standing(Protocol):
    """How an object stands, as a view shows it."""

    @property
    def state(self) -> State:
        """Where."""
        ...

    @property
    def retryable(self) -> bool:
        """An error that may go away by itself."""
        ...

    @property
    def retry_at(self) -> dt.datetime | None:
        """Not before."""
        ...

    @property
    def ends_at(self) -> dt.datetime | None:
        """When the time of the attempt under way is over."""
        ...

    @property
    def looked_at(self) -> dt.datetime | None:
        """When it was looked up last, or became unknown."""
        ...


@dataclass(frozen=True, slots=True)
class ToDo:
    """What there is to do.

    Attributes:
        task: what.
        at: not before; None: at once.
    """

    task: Task
    at: dt.datetime | None = None

    def is_due(self, now: dt.datetime) -> bool:
        """It is time."""
        return self.at is None or self.at <= now


def to_do(known: Standing, rules: OutwardRules) -> ToDo | None:
    """What there is to do for an object, now or later; None where nothing is, or a person has to act."""
    match known.state:
        case "not-integrated" | "desynchronized":
            return ToDo("request")
        case "pending":
            return ToDo("attempt")
        case "error" if known.retryable:
            return ToDo("attempt", known.retry_at) if known.retry_at else ToDo("request")
        case "processing":
            # A moment later than its end, for clocks of the same second are written in two lengths.
            return ToDo("verify", known.ends_at + dt.timedelta(seconds=1) if known.ends_at else None)
        case "verifying":
            pause = dt.timedelta(seconds=rules.look)
            return ToDo("verify", known.looked_at + pause if known.looked_at else None)
        case _:
            return None
