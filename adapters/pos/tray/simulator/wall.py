"""Instants and wall-clock times: seconds since 1970 on the inside, the contract's texts on the outside."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

MICRO = 1_000_000
DAY_SECONDS = 86_400
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - instants are formatted from a naive UTC base, which is the fastest way
_INSTANT = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?Z$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
_QUARTER_HOUR = 900  # every change of every zone's offset falls on one


def utc_text(second: int) -> str:
    """Write an instant the way the contract wants it: ``2026-11-01T05:30:00Z``."""
    return (_EPOCH + dt.timedelta(seconds=second)).isoformat() + "Z"


def micro_text(micro: int) -> str:
    """Write an instant of microseconds since 1970, without a fraction where there is none."""
    return (_EPOCH + dt.timedelta(microseconds=micro)).isoformat() + "Z"


def micros_of(text: str) -> int | None:
    """Read an instant into microseconds since 1970; None where the text is not one."""
    match = _INSTANT.match(text)
    if match is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return (moment - _EPOCH) // dt.timedelta(microseconds=1) + int((match[2] or "").ljust(6, "0"))


def date_of(text: str) -> dt.date | None:
    """Read a business date; None where the text is not exactly ``YYYY-MM-DD`` and a day of the calendar."""
    if _DATE.match(text) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class Wall:
    """The wall clock of one venue."""

    def __init__(self, zone: str, day_start: dt.time) -> None:
        self.zone = zone
        self._info = ZoneInfo(zone)
        self._day_start = day_start
        self._offsets: dict[int, int] = {}

    def instant(self, date: dt.date, minute: int) -> int:
        """Answer when the wall shows ``minute`` minutes after midnight of the date (1440 and more: the days after).

        Of two such instants it is the first; one that the clocks skip is read with the offset before the change.
        """
        local = dt.datetime.combine(date, dt.time(0), self._info) + dt.timedelta(minutes=minute)
        return int(local.timestamp())

    def opening(self, date: dt.date) -> int:
        """Answer the instant at which the business date begins."""
        return self.instant(date, self._day_start.hour * 60 + self._day_start.minute)

    def closing(self, date: dt.date) -> int:
        """Answer the instant at which the business date ends, which is when the next one begins."""
        return self.opening(date + dt.timedelta(days=1))

    def business_date(self, second: int) -> dt.date:
        """Answer the business date that an instant falls on."""
        date = (_EPOCH + dt.timedelta(seconds=second + self.offset(second))).date()
        return date if second >= self.opening(date) else date - dt.timedelta(days=1)

    def offset(self, second: int) -> int:
        """Answer the seconds by which the wall is ahead of UTC at an instant."""
        quarter = second // _QUARTER_HOUR
        known = self._offsets.get(quarter)
        if known is None:
            shift = dt.datetime.fromtimestamp(quarter * _QUARTER_HOUR, self._info).utcoffset() or dt.timedelta()
            known = self._offsets[quarter] = int(shift.total_seconds())
        return known

    def local_text(self, second: int) -> str:
        """Write what the wall shows at an instant: ``2026-11-01T01:30:00``."""
        return (_EPOCH + dt.timedelta(seconds=second + self.offset(second))).isoformat()
