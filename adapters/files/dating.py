"""Which business day a row belongs to, and whether that is a day that was asked for."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.files.kinds import Kind
from adapters.files.kinds.rules import EMPTY
from adapters.files.problems import BadCell
from domain.refusals import Refusal

DateOf = Callable[[dt.datetime], dt.date]
"""The business date of a local time without zone; may refuse a time that does not exist."""

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dating:
    """How the rows of a file are put into business days.

    Attributes:
        date_of: the business date that a local time belongs to: the caller knows the zone and when a day starts.
        only: the one business date that rows may have, or None: then they are sorted by their dates.
        by: columns that date a row instead of the kind's own, for example ``("OpenTime", "CloseTime")``; the first that
            has a value counts.
    """

    date_of: DateOf
    only: dt.date | None = None
    by: tuple[str, ...] = ()


class Days(dict[str, dt.date | None]):
    """Canonical JSON texts of dates → business dates, filled as it is asked.

    Attributes:
        columns: the columns that date a row, or none.
        stumbled: the caller's function refused a time since this was last reset.
    """

    def __init__(self, kind: Kind, dating: Dating) -> None:
        super().__init__({EMPTY: None})
        self.columns: tuple[str, ...] = (dating.by or kind.dated_by) if kind.dated_by else ()
        self.stumbled = False
        self._dating = dating
        self._plain = kind.day_from == "day" and not dating.by
        self._slack = kind.slack_days

    def __missing__(self, text: str) -> dt.date | None:
        try:
            day = self.told(text)
        except BadCell:
            self.stumbled = True
            return None
        self[text] = day
        return day

    def told(self, text: str) -> dt.date:
        """The business date of the canonical JSON text of a date.

        Raises:
            BadCell: the caller's function refuses the time.
        """
        moment = dt.datetime.fromisoformat(text.strip('"'))
        if self._plain:
            return moment.date()
        try:
            return self._dating.date_of(moment)
        except Refusal as refusal:
            raise BadCell(refusal.code, str(refusal)) from None

    def forget(self, most: int) -> None:
        """Start anew where more is remembered than may be."""
        if len(self) > most:
            self.clear()
            self[EMPTY] = None

    def of(self, columns: Sequence[Sequence[str]]) -> list[dt.date | None]:
        """The business dates of rows, given the columns that date them."""
        first, *others = columns
        if not others:
            return list(map(self.__getitem__, first))
        return [self[next((text for text in texts if text != EMPTY), EMPTY)] for texts in zip(*columns, strict=True)]

    def all_fit(self, days: Sequence[dt.date | None]) -> bool:
        """Whether all rows are of the date that was asked for, or none was; may be wrong about breaks."""
        only = self._dating.only
        if only is None:
            return True
        return {only + DAY * shift for shift in range(-self._slack, self._slack + 1)}.issuperset(set(days) - {None})

    def check(self, day: dt.date | None, *, is_break: bool) -> None:
        """Refuse the date of a row that is not the one asked for.

        The break of a shift that goes past the end of the day lies on the next one, and still belongs to its shift.

        Raises:
            BadCell: ``outside-date``.
        """
        only = self._dating.only
        if only is None or day is None:
            return
        if not -self._slack <= (day - only).days <= self._slack + (1 if is_break else 0):
            raise BadCell("outside-date", f"The row belongs to business day {day}, not to {only}.")
