"""Keeping business days: deleting a day's summary so that it is read anew, and confirming that the place was closed."""

from domain.business_day import APPROVED, BusinessDay
from domain.facts import DayConfirmedClosed, DayDeleted
from domain.facts.catalogue import DayFact
from domain.money import shown
from domain.refusals import Conflict
from domain.settling import NotInThatState


class HasSales(Conflict):
    """The day has net sales: it cannot be confirmed that the place was closed."""


def decide_delete(day: BusinessDay) -> tuple[DayFact, ...]:
    """The fact that the day's summary is deleted; none where it is already.

    Raises:
        NotInThatState: it was never read whole, or is approved.
    """
    if day.deleted:
        return ()
    if not day.generation:
        raise NotInThatState("The day was never read whole: there is nothing to delete, and it is missing already.")
    if day.settled == APPROVED:
        raise NotInThatState("The day is approved: reopen it first, then delete it.")
    return (DayDeleted(day.generation),)


def decide_confirm_closed(day: BusinessDay, net_sales_cents: int) -> tuple[DayFact, ...]:
    """The fact that somebody confirmed that the place was closed; none where that is so already.

    Args:
        day: as recorded.
        net_sales_cents: of its summary.

    Raises:
        NotInThatState: it is missing, or approved.
        HasSales: its net sales are not 0.
    """
    if not day.generation or day.deleted:
        raise NotInThatState("The day is missing: it has to be read before anybody can say that the place was closed.")
    if net_sales_cents:
        raise HasSales(
            f"The day has net sales of {shown(net_sales_cents)}: only one without any can be confirmed as closed."
        )
    if day.closed:
        return ()
    if day.settled == APPROVED:
        raise NotInThatState("The day is approved, so that it is not read again anyway: reopen it first.")
    return (DayConfirmedClosed(day.generation),)
