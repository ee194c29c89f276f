"""The frame of a polled day: which instants are its own, by the location and the options in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.business_date import STANDARD, Window, date_of, window
from domain.polling.configuration import Options

_DATING: Final = (
    "open_time",
    "specify_business_day_start_time",
    "offset_time_zone",
    "observes_daylight_savings_time",
)
_AN_HOUR: Final = dt.timedelta(hours=1)
_A_DAY: Final = dt.timedelta(days=1)
_LATEST_END: Final = dt.timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Frame:
    """One business day of one location under the options in force there.

    Attributes:
        date: the business date.
        zone: the location's zone, with :data:`domain.business_date.STANDARD` before it where its clocks do not change.
        starts: when the business day begins, wall-clock time.
        offset: what is added to every instant that the source states.
        centers: which location keeps which revenue center of the venue, for the remainders; the location's own too.
        wide: some version of the configuration dates tickets otherwise than these options, so that the neighbours may
            hold what is of this day now, or miss what is theirs: the neighbouring dates of the source are read as well,
            and the reading says of each ticket on which day it is.
    """

    date: dt.date
    zone: str
    starts: dt.time
    offset: dt.timedelta = dt.timedelta(0)
    centers: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False

    @property
    def window(self) -> Window:
        """The instants of the business day."""
        return self.window_of(self.date)

    def window_of(self, date: dt.date) -> Window:
        """The instants of any business day here."""
        return window(date, self.zone, self.starts)

    def date_of(self, instant: dt.datetime) -> dt.date:
        """The business date of a corrected instant."""
        return date_of(instant, self.zone, self.starts)


def frame_of(
    date: dt.date,
    zone: str,
    starts: dt.time,
    options: Options,
    centers: Mapping[str, str] | None = None,
    *,
    wide: bool = False,
) -> Frame:
    """The frame of a business day of a location.

    Args:
        date: the business date.
        zone: the location's IANA zone.
        starts: the location's start of the business day, unless the options say another.
        options: in force there.
        centers: which location keeps which revenue center of the venue.
        wide: some version of the configuration dates tickets otherwise than these options.

    Raises:
        UnknownZone: the zone is not in the time zone database.
    """
    chosen = options.specify_business_day_start_time
    return Frame(
        date,
        zone if options.observes_daylight_savings_time else f"{STANDARD}{zone}",
        dt.time.fromisoformat(chosen) if chosen else starts,
        dt.timedelta(seconds=int(options.offset_hours * 3600)),
        centers or {},
        wide,
    )


def redates(options: Options) -> bool:
    """Tickets go to the days that their instants lie in, not to those that the source booked them on."""
    return bool(
        options.open_time
        or options.specify_business_day_start_time
        or options.offset_hours
        or not options.observes_daylight_savings_time
    )


def dates_alike(one: Options, other: Options) -> bool:
    """Both put every ticket on the same day."""
    return all(getattr(one, name) == getattr(other, name) for name in _DATING)


def reaches_over(options: Options) -> bool:
    """What is read for one day may say something about another one: records may be dated or split across days."""
    return redates(options) or options.vsd_for_actual or options.number_of_lookback_days > 0


def source_dates(frame: Frame, options: Options) -> tuple[dt.date, ...]:
    """Business dates of the source on which it may have booked what is of this day; none where its own is the day's.

    The neighbours always, for its business day may begin at another time than ours. An offset moves what was booked on
    one date on to others, so a great one leads further.
    """
    if not (frame.wide or redates(options)):
        return ()
    starts = dt.timedelta(hours=frame.starts.hour, minutes=frame.starts.minute)
    # A business day of a source begins in the first half of its date, and its clock may be an hour off ours in summer.
    earliest = (frame.offset - starts - _AN_HOUR) // _A_DAY
    latest = (frame.offset - starts + _LATEST_END + _AN_HOUR) // _A_DAY
    return tuple([frame.date - dt.timedelta(days=days) for days in range(max(latest, 1), min(earliest, -1) - 1, -1)])
