"""Local times without a zone become instants; those that exist twice by monotonicity, skipped ones are moved on."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from adapters.files.kinds import KINDS
from domain.business_date import zone
from domain.ports.captures import Page

_MOST_KNOWN: Final = 1_000
_WITHIN: Final = {f":{at // 60:02d}:{at % 60:02d}": dt.timedelta(seconds=at) for at in range(3600)}
_TO_LAST_MINUTE: Final = dt.timedelta(minutes=59)
_STEP: Final = dt.timedelta(minutes=15)
_AROUND: Final = dt.timedelta(days=2)
_decode: Final = msgspec.json.Decoder(list[list[str]]).decode

FIRST, SECOND, PLAIN = "first", "second", ""


class Moment(NamedTuple):
    """An instant, UTC, and which of two readings of the local time it is; :data:`PLAIN` where there is only one."""

    instant: dt.datetime
    choice: str = PLAIN


class LocalTime:
    """The clock on the wall of one location."""

    def __init__(self, zone_name: str) -> None:
        """Take the zone of a window, ``standard:`` before it included.

        Raises:
            UnknownZone: the zone is not in the time zone database.
        """
        self._zone = zone(zone_name)
        self._known: dict[str, dt.datetime | None] = {}

    def at(self, text: str, not_before: dt.datetime | None = None) -> Moment:
        """The moment of ``YYYY-MM-DDTHH:MM:SS``.

        A time that exists twice is the first one, unless that lies before ``not_before`` and the second does not. A
        time that the clocks skipped is counted on from the hour before: 02:30 is what the clocks then show as 03:30.

        Raises:
            ValueError: it is no such text.
        """
        hour, within = text[:13], _WITHIN.get(text[13:])
        if within is not None:
            begins = self._known[hour] if hour in self._known else self._remembered(hour)
            if begins is not None:
                return Moment(begins + within)
        first, second = self._readings(text)
        if first >= second:  # it exists once; or was skipped, and the offset from before it counts on
            return Moment(first)
        if not_before is not None and first < not_before <= second:
            return Moment(second, SECOND)
        return Moment(first, FIRST)

    def maybe(self, text: str, not_before: dt.datetime | None = None) -> dt.datetime | None:
        """The instant, or None where the cell was empty."""
        return self.at(text, not_before).instant if text else None

    def shown(self, instant: dt.datetime) -> dt.datetime:
        """What the clock on the wall shows at an instant."""
        return instant.astimezone(self._zone).replace(tzinfo=None)

    def _readings(self, text: str) -> tuple[dt.datetime, dt.datetime]:
        local = dt.datetime.fromisoformat(text)
        if local.tzinfo is not None:
            raise ValueError("A local time has no zone.")
        first = local.replace(tzinfo=self._zone, fold=0).astimezone(dt.UTC)
        second = local.replace(tzinfo=self._zone, fold=1).astimezone(dt.UTC)
        return first, second

    def _remembered(self, hour: str) -> dt.datetime | None:
        """The beginning of an hour of which every time exists once; None where clocks are put on or back in it."""
        # A day has few hours and many times; clocks are put on and back on whole minutes.
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        first, again = self._readings(f"{hour}:00")
        last, last_again = self._readings(f"{hour}:59")
        plain = first == again and last == last_again and last - first == _TO_LAST_MINUTE
        self._known[hour] = first if plain else None
        return self._known[hour]

    def skips_any(self, pages: Iterable[Page], around: dt.datetime) -> bool:
        """Whether any time of day in some pages does not exist, as far as they lie about that instant.

        On all days but the few on which the clocks are put forward the pages need not be looked at.
        """
        gaps = self._gaps(around)
        return bool(gaps) and any(
            begins <= row[at] < ends
            for page in pages
            for row in _decode(page.data)
            for at in _moments(page.resource)
            for begins, ends in gaps
        )

    def _gaps(self, around: dt.datetime) -> list[tuple[str, str]]:
        """Local times that were skipped, from and until."""
        gaps = []
        instant, end = around - _AROUND, around + _AROUND
        # Clocks are put on at whole quarters of an hour, everywhere and ever since there are business dates.
        instant = instant.replace(minute=0, second=0, microsecond=0)
        before = self.shown(instant)
        while instant < end:
            instant += _STEP
            after = self.shown(instant)
            if after - before > _STEP:
                gaps.append(((before + _STEP).isoformat(), after.isoformat()))
            before = after
        return gaps


def _moments(kind: str) -> list[int]:
    """The places of columns that say a time of day; that of a mere date is midnight, which some clocks skip."""
    return [at for at, column in enumerate(KINDS[kind].columns) if column.type == "moment"]
