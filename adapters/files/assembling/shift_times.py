"""The times of a Labor Detail row as instants: dates in them may be missing, wrong, or those of the business day."""

import datetime as dt
from typing import Final

from adapters.files.assembling.local_time import LocalTime, Moment
from adapters.files.assembling.rows import LaborRow
from domain.business_date import FIRST_YEAR, LAST_YEAR, Window

_DAY: Final = dt.timedelta(days=1)


class ShiftTimes:
    """Reads clock-ins and clock-outs of one business day."""

    def __init__(self, window: Window, clock: LocalTime) -> None:
        self._window = window
        self._clock = clock

    def start(self, row: LaborRow) -> Moment:
        """When somebody clocked in.

        ``ClockInDate`` gives the date of ``ClockInTime``, unless the time has a date of its own that puts it into the
        business day: a shift that began after midnight may be booked on the date before. Where neither does, a date of
        the time's own counts if it is no more than a day away.

        Raises:
            ValueError: neither column has a date that anything can have happened on.
        """
        own, dated = row.start, row.date[:10] + row.start[10:]
        if own == dated:
            return self._clock.at(own)
        texts = [text for text in (own, dated) if _is_plausible(text)]
        if not texts:
            raise ValueError("A clock-in has no date.")
        moments = [self._clock.at(text) for text in texts]
        for moment in moments:
            if moment.instant in self._window:
                return moment
        near = len(moments) == 1 or abs(moments[0].instant - moments[1].instant) < 2 * _DAY
        return moments[0] if near else moments[1]

    def end(self, row: LaborRow, start: dt.datetime) -> Moment:
        """When somebody clocked out: never before they clocked in.

        A clock-out whose date is missing, or earlier than the clock-in, is the first such time of day after it.
        """
        if _is_plausible(row.end):
            moment = self._clock.at(row.end, start)
            if moment.instant >= start:
                return moment
        date = self._clock.shown(start).date()
        same_day = self._clock.at(f"{date}{row.end[10:]}", start)
        return same_day if same_day.instant >= start else self._clock.at(f"{date + _DAY}{row.end[10:]}", start)

    def break_start(self, row: LaborRow, clock_in: dt.datetime, clock_out: dt.datetime) -> dt.datetime:
        """When a break in a shift began: inside the shift, on whichever date that takes; else as a shift would."""
        date = self._clock.shown(clock_in).date()
        time = row.start[10:]
        texts = (row.start, row.date[:10] + time, f"{date}{time}", f"{date + _DAY}{time}")
        for text in filter(_is_plausible, texts):
            instant = self._clock.at(text, clock_in).instant
            if clock_in <= instant <= clock_out:
                return instant
        return self.start(row).instant


def _is_plausible(text: str) -> bool:
    """The date is one of the years that there is any business in: spreadsheets give times the year 1899, or 1."""
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR
