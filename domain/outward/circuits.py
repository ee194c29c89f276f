"""Circuits: whether a connection is sent anything now, worked out of what came of its attempts so far."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from domain.outward.deciding import OutwardRules
from domain.outward.state import NOT_SHOWN

TROUBLE: Final = frozenset(
    {
        "not-authorized",
        "bad-endpoint",
        "unavailable",
        "connection-failed",
        "unexpected-answer",
        "rate-limited",
        NOT_SHOWN,
    }
)
"""Failures that are of the connection, not of what was sent over it."""

CircuitState = Literal["closed", "open", "half-open"]
"""``closed``: things go out. ``open``: nothing does, for a while. ``half-open``: one goes out, to see."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt.

    Attributes:
        at: when that was recorded.
        answered: the system dealt with it, whether it took it or refused it.
    """

    at: dt.datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Circuit:
    """How it stands with a connection.

    Attributes:
        state: see :data:`CircuitState`.
        since: when it came to be so; None where it never was otherwise.
        failures: of the connection, in a row.
        again_at: when the next one goes out; None where that is at once.
    """

    state: CircuitState
    since: dt.datetime | None = None
    failures: int = 0
    again_at: dt.datetime | None = None


def answered(outcome: str, failure: str) -> bool:
    """Whether the system dealt with an attempt, by its outcome as the view of attempts names it."""
    return outcome == "succeeded" or (outcome == "failed" and failure not in TROUBLE)


def circuit(newest_first: Sequence[Outcome], now: dt.datetime, rules: OutwardRules) -> Circuit:
    """How it stands with a connection, of what came of its newest attempts. Pure; nobody keeps it.

    Args:
        newest_first: outcomes, the newest first; enough of them are as many as trip it and a few more.
        now: by the clock.
        rules: how many trip it, and for how long.
    """
    failed: list[dt.datetime] = []
    for outcome in newest_first:
        if outcome.answered:
            break
        failed.append(outcome.at)
    if len(failed) < rules.trips:
        answer = next((outcome.at for outcome in newest_first if outcome.answered), None)
        return Circuit("closed", _closed_since(newest_first, rules) if answer else None, len(failed))
    pause = min(rules.pause * 2 ** min(len(failed) - rules.trips, 20), rules.longest_pause)
    again_at = failed[0] + dt.timedelta(seconds=pause)
    if now < again_at:
        return Circuit("open", failed[-rules.trips], len(failed), again_at)
    return Circuit("half-open", again_at, len(failed))


def _closed_since(newest_first: Sequence[Outcome], rules: OutwardRules) -> dt.datetime | None:
    """The answer that closed it last, as far as the outcomes reach back; None where it was never open in them."""
    failures, closed = 0, None
    for outcome in reversed(newest_first):
        if not outcome.answered:
            failures += 1
            continue
        if failures >= rules.trips:
            closed = outcome.at
        failures = 0
    return closed
