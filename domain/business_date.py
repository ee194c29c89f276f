"""The business day: the half-open wall-clock window [D start, D+1 start) in a location's zone.

It lasts 23 or 25 hours on the nights when the clocks change; pay and windows use elapsed time, in UTC.
"""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.refusals import Refusal

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MIDNIGHT: Final = dt.time(0, 0)
FIRST_YEAR, LAST_YEAR = 1990, 2199


class NotABusinessDate(Refusal):
    """The business date is not a calendar date written YYYY-MM-DD."""


class UnknownZone(Refusal):
    """The time zone is not an IANA zone name such as America/New_York."""


class TimeDoesNotExist(Refusal):
    """The local time was skipped when the clocks went forward."""


def business_date(text: str) -> dt.date:
    """The date of a text that is exactly ``YYYY-MM-DD``, between 1990 and 2199.

    Raises:
        NotABusinessDate: anything else, ``0`` and ``2026-02-30`` included.
    """
    if _DATE.fullmatch(text):
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            raise NotABusinessDate(f"{text} is not a date of the calendar.") from None
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            return date
    raise NotABusinessDate(f"{text[:40]!r} is not a business date: write it YYYY-MM-DD, for example 2026-11-21.")


STANDARD: Final = "standard:"
"""Before the IANA name of a zone whose clocks are taken not to change: ``standard:America/Denver``."""


class _StandardTime(dt.tzinfo):
    """A zone that keeps its standard time all year: the lesser of its offsets in January and July of that year.

    Not what the database calls its daylight saving time: of Ireland it says that winter is the exception.
    """

    def __init__(self, base: ZoneInfo) -> None:
        self._base = base

    def __repr__(self) -> str:
        return f"{STANDARD}{self._base.key}"

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta | None:
        return None if moment is None else self._standard(moment.year)

    def dst(self, moment: dt.datetime | None) -> dt.timedelta:  # noqa: ARG002 - the interface's
        return dt.timedelta(0)

    def tzname(self, moment: dt.datetime | None) -> str:  # noqa: ARG002 - the interface's
        return repr(self)

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        return moment + self._standard(moment.year)

    def _standard(self, year: int) -> dt.timedelta:
        return min(_offset(self._base, year, 1), _offset(self._base, year, 7))


@functools.lru_cache(maxsize=4096)
def _offset(base: ZoneInfo, year: int, month: int) -> dt.timedelta:
    offset = dt.datetime(year, month, 1, 12, tzinfo=base).utcoffset()
    return offset or dt.timedelta(0)


@functools.lru_cache(maxsize=1024)
def zone(name: str) -> dt.tzinfo:
    """The zone of an IANA name, or of one with :data:`STANDARD` before it.

    Raises:
        UnknownZone: the name is not in the time zone database.
    """
    if name.startswith(STANDARD):
        return _StandardTime(_database_zone(name.removeprefix(STANDARD)))
    return _database_zone(name)


def _database_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"{name[:60]!r} is not an IANA time zone: write it like America/New_York.") from None


@dataclass(frozen=True, slots=True)
class Window:
    """The instants of one business day of one location.

    Attributes:
        date: the business date.
        zone: the IANA name of the location's zone.
        starts_at: first instant of the day, UTC.
        ends_at: first instant after it, UTC.
    """

    date: dt.date
    zone: str
    starts_at: dt.datetime
    ends_at: dt.datetime

    def __contains__(self, instant: dt.datetime) -> bool:
        return self.starts_at <= instant < self.ends_at


def window(date: dt.date, zone_name: str, starts: dt.time = MIDNIGHT) -> Window:
    """The window of business day ``date``; 23 h or 25 h long where the clocks change inside it.

    Raises:
        UnknownZone: the zone is not in the time zone database.
    """
    place = zone(zone_name)
    return Window(
        date, zone_name, _day_start(date, place, starts), _day_start(date + dt.timedelta(days=1), place, starts)
    )


def date_of(instant: dt.datetime, zone_name: str, starts: dt.time = MIDNIGHT) -> dt.date:
    """The business date that an instant belongs to: every instant belongs to exactly one.

    Raises:
        UnknownZone: the zone is not in the time zone database.
    """
    place = zone(zone_name)
    date = instant.astimezone(place).date()
    # Half-open windows tile the time line, so at most one step to a neighbour is needed, whatever the clocks did: in
    # Newfoundland they once went back from 00:01 to 23:01, when the next day had begun already.
    if instant < _day_start(date, place, starts):
        return date - dt.timedelta(days=1)
    if instant >= _day_start(date + dt.timedelta(days=1), place, starts):
        return date + dt.timedelta(days=1)
    return date


@dataclass(frozen=True, slots=True)
class Resolved:
    """A local time made an instant, and how.

    Attributes:
        instant: UTC.
        choice: ``plain`` (exists once), ``first`` or ``second`` (of the hour that exists twice).
    """

    instant: dt.datetime
    choice: str


def resolve(local: dt.datetime, zone_name: str, *, not_before: dt.datetime | None = None) -> Resolved:
    """The instant of a local time without offset; a time that exists twice is resolved by monotonicity.

    Args:
        local: naive wall-clock time.
        zone_name: IANA name.
        not_before: an instant that this one cannot precede (out after in); of two readings the first that fits wins.

    Raises:
        TimeDoesNotExist: the clocks skipped this time.
        UnknownZone: the zone is not in the time zone database.
    """
    place = zone(zone_name)
    first = local.replace(tzinfo=place, fold=0).astimezone(dt.UTC)
    second = local.replace(tzinfo=place, fold=1).astimezone(dt.UTC)
    if first == second:
        return Resolved(first, "plain")
    if first.astimezone(place).replace(tzinfo=None) != local:
        raise TimeDoesNotExist(
            f"{local:%Y-%m-%d %H:%M:%S} does not exist in {zone_name}: the clocks were put forward over it."
        )
    if not_before is not None and first < not_before <= second:
        return Resolved(second, "second")
    return Resolved(first, "first")


@functools.lru_cache(maxsize=4096)
def _day_start(date: dt.date, place: dt.tzinfo, starts: dt.time) -> dt.datetime:
    """The first instant of the business day.

    A start that exists twice is taken the first time; one that the clocks skip counts on from the hour before, so that
    windows tile the time line without a gap or an overlap on every night.
    """
    local = dt.datetime.combine(date, starts, tzinfo=place)
    return local.astimezone(dt.UTC)
