"""Settling a business day: completed, approved, and reopened, as somebody decides."""

from domain.business_day import APPROVED, COMPLETED, IN_PROGRESS, BusinessDay, take_staged
from domain.facts import DayApproved, DayCompleted, DayReopened
from domain.facts.catalogue import DayFact
from domain.refusals import Conflict


class NotInThatState(Conflict):
    """The day is not in a state in which that can be done."""


def decide_complete(day: BusinessDay) -> tuple[DayFact, ...]:
    """The fact that somebody calls the day complete; none where it is already.

    Raises:
        NotInThatState: it was never read, or is approved.
    """
    if day.settled == COMPLETED:
        return ()
    if day.state != IN_PROGRESS:
        raise NotInThatState(f"The day is {day.state}: only a day in progress can be completed.")
    return (DayCompleted(day.generation),)


def decide_approve(day: BusinessDay, summary: str) -> tuple[DayFact, ...]:
    """The fact that somebody approves the day as it stands; none where it is approved already.

    Args:
        day: as recorded.
        summary: SHA-256 of its summary, hex.

    Raises:
        NotInThatState: it is not completed.
    """
    if day.settled == APPROVED:
        return ()
    if day.settled != COMPLETED:
        raise NotInThatState(f"The day is {day.state}: only a completed day can be approved.")
    return (DayApproved(day.generation, summary, day.closings + 1),)


def decide_reopen(day: BusinessDay) -> tuple[DayFact, ...]:
    """The facts that take completion or approval back; what waited for that comes in at once.

    Raises:
        NotInThatState: there is neither.
    """
    if not day.settled:
        raise NotInThatState(f"The day is {day.state}: there is nothing to reopen.")
    return (DayReopened(day.settled), *take_staged(day))
