"""Periods: a fixed range of business dates, everything, or the last so many days."""

from typing import Final

from domain.facts import Period
from domain.refusals import Refusal

MOST_DAYS: Final = 1000
"""Business days of a period at most."""


class BadPeriod(Refusal):
    """A period does not say which business days are meant."""


def checked_period(period: Period) -> Period:
    """The period, if it says which business days are meant, and no more than that.

    Raises:
        BadPeriod: it does not.
    """
    dates = (period.first, period.last)
    if period.kind == "range":
        if period.first is None or period.last is None or period.days:
            raise BadPeriod("A range takes its first and its last business date, and nothing else.")
        days = (period.last - period.first).days + 1
        if not 0 < days <= MOST_DAYS:
            raise BadPeriod(f"A range has 1 to {MOST_DAYS} business days, in their order: this one has {days}.")
    elif period.kind == "last-days":
        if dates != (None, None) or not 0 < period.days <= MOST_DAYS:
            raise BadPeriod(f"The last days are 1 to {MOST_DAYS} that are over, without dates.")
    elif dates != (None, None) or period.days:
        raise BadPeriod("Everything takes neither dates nor a number of days.")
    return period
