"""Labor lookback: the earlier business days whose punches a reading tells whole."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from domain.polling.configuration import Options
from domain.polling.frame import Frame

Hours = tuple[dt.datetime, dt.datetime]
"""A first instant, and the first one after the last, UTC."""

_A_DAY: Final = dt.timedelta(days=1)


def labor_from(frame: Frame, options: Options) -> dt.datetime | None:
    """The instant from which labor is read, by the location's clock; None where nobody looks back.

    It is the beginning of the day before those that are looked back on: a punch that was moved there is seen to be
    there, and what changed on that day is at least listed.
    """
    if not looks_back(options):
        return None
    return frame.window_of(frame.date - options.labor_lookback_days * _A_DAY).starts_at


def looks_back(options: Options) -> bool:
    """Labor of earlier days is read as well: one day is the polled one."""
    return options.labor_lookback_days > 1


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What a reading says about the labor of other business days.

    Attributes:
        hours: that were read whole, by the location's clock.
        dates: earlier business days that lie in them whole: of a punch that is not there, the reading says that it is
            not.
        since: the first of these that changes by it; what is before is too old and only observed. None where nobody
            looks back.
    """

    hours: Hours | None = None
    dates: frozenset[dt.date] = frozenset()
    since: dt.date | None = None


NO_LOOK: Final = LookedBack()


def looked_back(frame: Frame, options: Options, hours: Hours | None) -> LookedBack:
    """Which earlier days the hours that were read hold whole, as far as the options look back.

    Args:
        frame: of the polled day.
        options: in force.
        hours: whose labor was read, by the source's clock; None: the polled day's own.
    """
    if hours is None:
        return NO_LOOK
    begins, ends = (instant + frame.offset for instant in hours)
    if not looks_back(options):
        return LookedBack((begins, ends))
    dates = [frame.date - back * _A_DAY for back in range(1, options.labor_lookback_days + 1)]
    whole = [date for date in dates if begins <= (window := frame.window_of(date)).starts_at and window.ends_at <= ends]
    if not whole:
        return LookedBack((begins, ends))
    return LookedBack((begins, ends), frozenset(whole), frame.date - (options.labor_lookback_days - 1) * _A_DAY)
