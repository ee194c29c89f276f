"""Which connections to systems of personnel have to be pulled, how, and not before when: pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from domain.due.shapes import MOST_DOUBLED, Rules

EVERY: Final = 900
"""Seconds after a pull until the next one, unless a setting says otherwise."""

NIGHT: Final = dt.time(2)
"""From when on, UTC, everybody is read once a day, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Pulling:
    """How the pulls of a connection stand.

    Attributes:
        connection: our id.
        tried_at: when the newest one ended; None before the first.
        whole_at: when everybody was read last; None before that.
        failures: of how many in a row the newest is the last.
        retryable: trying again can help.
        retry_at: not before, where the source said so.
        halted: nothing is pulled as the connection stands.
    """

    connection: str
    tried_at: dt.datetime | None = None
    whole_at: dt.datetime | None = None
    failures: int = 0
    retryable: bool = True
    retry_at: dt.datetime | None = None
    halted: bool = False


@dataclass(frozen=True, slots=True)
class PullDue:
    """A pull that has to be done, now or later.

    Attributes:
        connection: our id.
        way: who is to be read.
        reason: a sentence.
        not_before: until when it waits.
    """

    connection: str
    way: Literal["whole", "incremental"]
    reason: str
    not_before: dt.datetime

    def is_due(self, now: dt.datetime) -> bool:
        """It has to be done now."""
        return self.not_before <= now


def pull_due(
    pulling: Pulling, now: dt.datetime, rules: Rules, *, every: int = EVERY, night: dt.time = NIGHT
) -> PullDue | None:
    """What is to be pulled next; None where nothing is, as the connection stands.

    However long nobody asked, it is one pull: who was not read then is read now.

    Args:
        pulling: how it stands.
        now: by the clock.
        rules: of pauses after failures.
        every: seconds between two pulls.
        night: from when on, UTC, everybody is read once a day.
    """
    if pulling.halted:
        return None
    tried, whole = pulling.tried_at, pulling.whole_at
    begins = dt.datetime.combine(now.date(), night, dt.UTC)
    last_night = begins if begins <= now else begins - dt.timedelta(days=1)
    if whole is None:
        way, reason, ready = "whole", "nobody was ever read", tried or now
    elif whole < last_night:
        way, reason, ready = "whole", "the nightly reading of everybody", last_night
    else:
        way, reason = "incremental", "who changed since the last pull"
        ready = (tried or whole) + dt.timedelta(seconds=every)
    if pulling.failures and tried is not None:
        # What does not go away by itself waits as long as can be from the first time on.
        ready = max(ready, tried + rules.pause(pulling.failures if pulling.retryable else MOST_DOUBLED))
        ready = max(ready, pulling.retry_at or ready)
    return PullDue(pulling.connection, "whole" if way == "whole" else "incremental", reason, ready)
