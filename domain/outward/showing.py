"""Showing: how far it proves anything that the other side does not show an effect, and what follows."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from domain.facts.objects import AttemptFailed, LookedUp, ObjectFact
from domain.outward.deciding import DEFAULT_RULES, LONGEST_MESSAGE, OutwardRules
from domain.outward.state import NOT_SHOWN, SyncObject, Try

LEAST_LOOKS: Final = 2
"""How often the other side has to answer that it does not show an effect before that counts."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What the other side makes of an effect that is sent twice, and when it shows one.

    Attributes:
        keyed: it knows an effect by its reference and does not do it twice, so that sending it again is safe.
        within: seconds after the last moment of an attempt by which it shows what it did; None: it cannot be asked.
    """

    keyed: bool = True
    within: float | None = 0.0

    def is_due(self, until: dt.datetime, now: dt.datetime) -> bool:
        """What was sent by ``until`` would be shown by now, if it can be asked and is what it says of itself."""
        return self.within is not None and now >= until + dt.timedelta(seconds=self.within)


KEYED: Final = Showing()


def decide_not_shown(
    known: SyncObject,
    attempt: int,
    message: str,
    *,
    answered: bool,
    now: dt.datetime,
    rules: OutwardRules = DEFAULT_RULES,
    showing: Showing = KEYED,
) -> tuple[ObjectFact, ...]:
    """The fact that the other side was asked and does not show an effect, or did not answer.

    It counts as failed only after it was not shown often enough, and late enough after the last moment at which it
    could have been sent; even then it is the same effect, under the same reference, that is sent first. Where the other
    side would do that a second time, nobody sends it but who looked there: a person, by force.
    """
    running = known.running
    if running is None or running.attempt != attempt:
        return ()
    late = now >= running.until + dt.timedelta(seconds=max(rules.late, showing.within or 0.0))
    looked = answered and running.looks + 1 >= LEAST_LOOKS
    if not late or not (looked or showing.within is None):
        return (LookedUp(attempt, message[:LONGEST_MESSAGE], answered),)
    if not showing.keyed:
        told = _to_a_person(running, now)[:LONGEST_MESSAGE]
        return (AttemptFailed(attempt, NOT_SHOWN, told, retryable=False),)
    told = "It was sent, or about to be, and never showed: it is sent again."
    retry_at = rules.retry_at(now, known.failures, None)
    return (AttemptFailed(attempt, NOT_SHOWN, told, retryable=True, retry_at=retry_at),)


def _to_a_person(running: Try, now: dt.datetime) -> str:
    minutes = int((now - running.until).total_seconds() // 60)
    return (
        f"It was sent, or about to be, and {minutes} minutes later a search there does not show it, which proves "
        f"nothing. Look there for {running.reference}: where it is not, force the synchronization, and it is sent "
        "again. Where it is, wait until the search shows it or delete it there, and force then: what is found is not "
        "sent."
    )
