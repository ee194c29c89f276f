"""Dates and times as the official tables write them."""

import datetime as dt
import functools
import re
from typing import Final

from adapters.files.problems import BadCell
from adapters.files.reading.batches import TYPED_DATE
from domain.business_date import FIRST_YEAR, LAST_YEAR

FIRST_BIRTH: Final = 1880

_US: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s?([AaPp])[Mm])?")
_MIDNIGHT: Final = "T00:00:00"


def moment(text: str) -> tuple[str, bool]:
    """``mm/dd/yyyy hh:mm:ss`` as ``YYYY-MM-DDTHH:MM:SS``, and whether it has a time of day.

    Seconds may be missing, and the whole time: then it is midnight. A month, day or hour may have one digit. ``AM`` and
    ``PM`` are taken with hours from 1 to 12.

    Raises:
        BadCell: ``not-a-date``: it is written otherwise. ``no-such-date``: the calendar or the clock does not have it.
    """
    if text.startswith(TYPED_DATE):
        return _in_use(text[1:]), True
    date, _, clock = text.partition(" ")
    if not clock:
        return us_date(date) + _MIDNIGHT, False
    return us_date(date) + time_of_day(clock), True


def birthdate(text: str) -> str:
    """``yyyy/mm/dd``, with or without a time, as ``YYYY-MM-DD``.

    Raises:
        BadCell: as :func:`moment`.
    """
    if text.startswith(TYPED_DATE):
        date = text[1:11]
    else:
        written, _, clock = text.partition(" ")
        found = _YEAR_FIRST.fullmatch(written)
        if found is None:
            raise BadCell("not-a-date", "A date of birth is written yyyy/mm/dd, for example 1988/02/13.")
        if clock:
            time_of_day(clock)
        date = _date(found[1], found[2], found[3])
    if not FIRST_BIRTH <= int(date[:4]) <= LAST_YEAR:
        raise BadCell("no-such-date", f"The year lies before {FIRST_BIRTH} or after {LAST_YEAR}.")
    return date


@functools.lru_cache(maxsize=4_096)
def us_date(text: str) -> str:
    """``mm/dd/yyyy`` as ``YYYY-MM-DD``.

    Raises:
        BadCell: as :func:`moment`.
    """
    found = _US.fullmatch(text)
    if found is None:
        raise BadCell(
            "not-a-date", "A date is written mm/dd/yyyy hh:mm:ss, with four digits of the year: 11/20/2026 18:05:00."
        )
    return _in_use(_date(found[3], found[1], found[2]))


@functools.lru_cache(maxsize=16_384)
def time_of_day(text: str) -> str:
    """``hh:mm:ss``, ``hh:mm`` or either with ``AM`` or ``PM`` as ``THH:MM:SS``.

    Raises:
        BadCell: as :func:`moment`.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise BadCell("not-a-date", "A time of day is written hh:mm:ss, for example 18:05:00 or 6:05 PM.")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise BadCell("no-such-date", "With AM or PM the hour is 1 to 12.")
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise BadCell("no-such-date", "The time of day does not exist: it ends at 23:59:59.")
    return f"T{hour:02d}:{minute:02d}:{second:02d}"


def _date(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BadCell("no-such-date", "The calendar does not have this date; the month comes before the day.") from None


def _in_use(date: str) -> str:
    if not FIRST_YEAR <= int(date[:4]) <= LAST_YEAR:
        raise BadCell("no-such-date", f"The year lies before {FIRST_YEAR} or after {LAST_YEAR}.")
    return date
