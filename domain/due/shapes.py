"""What the question what is due is asked with, and answered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from domain.business_date import MIDNIGHT
from domain.business_day import MISSING

Why = Literal[
    "daily", "never-polled", "deleted", "failed", "zero-sales", "waiting-for-files", "suspended", "access-lost"
]
"""``daily`` is yesterday after its close; ``never-polled`` a day before it that nobody ever polled; ``deleted`` one of
which somebody deleted the summary; ``failed`` one that was tried and never read whole; ``zero-sales`` one without net
sales that nobody confirmed as closed; ``waiting-for-files`` one that only its files can bring; ``suspended`` and
``access-lost`` one that is not polled as its connection stands."""

URGENCY: Final[Mapping[Why, int]] = MappingProxyType(
    {
        "deleted": 0,
        "daily": 1,
        "failed": 2,
        "never-polled": 3,
        "zero-sales": 4,
        "waiting-for-files": 5,
        "suspended": 6,
        "access-lost": 7,
    }
)
"""What goes first: the day that somebody waits for, then what is new, then what is missing, newest first."""

MOST_DOUBLED: Final = 32
"""So many pauses in a row, and the next is the longest."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Bounds of what is due; times in seconds.

    Attributes:
        window_days: business days back from the running one that are looked after.
        grace: after a business day's close, until it is polled: the source has to settle as well.
        first_pause: after the first failure, or the first reading without sales; it doubles with every further one.
        longest_pause: the most that it grows to; the pause after a failure that does not go away by itself.
    """

    window_days: int = 30
    grace: int = 900
    first_pause: int = 900
    longest_pause: int = 6 * 3600

    def pause(self, times: int) -> dt.timedelta:
        """The pause after so many in a row, at least one."""
        doubled = self.first_pause << min(times - 1, MOST_DOUBLED)
        return dt.timedelta(seconds=min(doubled, max(self.longest_pause, self.first_pause)))


@dataclass(frozen=True, slots=True)
class Halt:
    """Why nothing is polled at a location, whatever is missing.

    Attributes:
        why: the kind of reason.
        reason: a part of a sentence that says so.
        to_do: what a person has to do.
    """

    why: Why
    reason: str
    to_do: str


@dataclass(frozen=True, slots=True)
class Place:
    """A location that days are expected of.

    Attributes:
        location: our id.
        connection: that feeds it.
        zone: whose clock counts.
        day_starts: wall-clock time.
        since: when it was connected, or None where that is not known.
        polled: its days are polled; else they come in files.
        held_until: its source asked everybody to wait until then.
        halt: why nothing is polled there, or None.
        over: the connection is over, and nobody else feeds it: nothing is expected any more.
    """

    location: str
    connection: str
    zone: str
    day_starts: dt.time = MIDNIGHT
    since: dt.datetime | None = None
    polled: bool = True
    held_until: dt.datetime | None = None
    halt: Halt | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """Who deleted a day's summary, when and why."""

    at: dt.datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Failed:
    """How the newest poll of a day failed.

    Attributes:
        failures: how many in a row.
        failure: the kind.
        message: a sentence, without secrets.
        retryable: trying again can help.
        retry_at: not before, where the source said so.
    """

    failures: int
    failure: str
    message: str
    retryable: bool
    retry_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """How a business day stands, as far as polling it is concerned.

    Attributes:
        date: its business date.
        state: as of :class:`domain.business_day.BusinessDay`.
        generation_at: when its newest generation was recorded; None before the first.
        net_sales_cents: of its summary.
        unchanged: polls since then that found nothing new.
        tried_at: when the newest poll ended; None before the first.
        failed: how that one failed, or None.
        deletion: where it is deleted.
        closed: it is confirmed that the place was closed.
    """

    date: dt.date
    state: str = MISSING
    generation_at: dt.datetime | None = None
    net_sales_cents: int = 0
    unchanged: int = 0
    tried_at: dt.datetime | None = None
    failed: Failed | None = None
    deletion: Deletion | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A business day that has to be polled, now or later.

    Attributes:
        location: our id.
        date: the business date.
        connection: that is to be polled.
        why: the kind of reason.
        reason: a sentence that says so.
        since: when it began to be missing.
        not_before: the moment until which it waits; None where polling is not what it waits for.
        to_do: what a person has to do, or empty where it goes away by itself.
    """

    location: str
    date: dt.date
    connection: str
    why: Why
    reason: str
    since: dt.datetime
    not_before: dt.datetime | None
    to_do: str = ""

    def is_due(self, now: dt.datetime) -> bool:
        """It has to be polled now."""
        return self.not_before is not None and self.not_before <= now

    @property
    def urgency(self) -> tuple[int, int, str]:
        """Sorts what goes first to the front."""
        return URGENCY[self.why], -self.date.toordinal(), self.location
