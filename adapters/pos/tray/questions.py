"""Questions: what each resource, or each part of the consolidated API, is asked for to read one business day."""

import datetime as dt
from typing import Final, Literal

from adapters.pos.tray.wire import ROWS
from domain.ports.source import DayRequest

Question = dict[str, str]
"""The parameters of one request, without those that page through its answer."""

Part = Literal["sales", "labor"]

PARTS: Final[dict[Part, tuple[str, ...]]] = {
    "sales": ("checks", "payments", "voids", "deposits", "paid-in-out"),
    "labor": ("time-entries", "staff", "jobs"),
}
"""The resources that an archive of the consolidated API holds; deposits only where it was asked for them."""

DAY_ALONE: Final = "day-alone"
"""What a capture says of its labor where that of earlier days was asked for and could not be read whole."""

BY_DATE: Final = frozenset({"checks", "payments", "voids", "paid-in-out"})
"""The resources that are asked for by business date."""


class Questions:
    """What is asked to read a day.

    Attributes:
        dates: the source's business dates, oldest first.
    """

    def __init__(self, request: DayRequest) -> None:
        self._request = request
        self._left_out = False
        self.dates = tuple(sorted({*request.dates} or {request.window.date}))
        self._once: dict[str, Question] = {
            "staff": {"includeInactive": "true" if request.include_inactive else "false"},
            "time-entries": _overlapping(*request.labor_hours),
            "deposits": _created(request) if request.deposits else {},
        }

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources that are read, in order."""
        return tuple([name for name in ROWS if name != "deposits" or self._request.deposits])

    def of(self, resource: str) -> tuple[Question, ...]:
        """What a resource is asked for: for each date, or once for everything."""
        if resource in BY_DATE:
            return tuple(map(_dated, self.dates))
        return (self._once.get(resource, {}),)

    def sales(self) -> tuple[Question, ...]:
        """What the sales archives are asked for, one of each date; the deposits come with the first."""
        first, *others = map(_dated, self.dates)
        return ({**first, **self._once["deposits"]}, *others)

    def labor(self) -> Question:
        """What the labor archive is asked for."""
        return {**_dated(self._request.window.date), **self._once["time-entries"], **self._once["staff"]}

    @property
    def looks_back(self) -> bool:
        """Labor of earlier days is asked for as well."""
        return self._once["time-entries"] != self._own_labor

    @property
    def _own_labor(self) -> Question:
        return _overlapping(self._request.window.starts_at, self._request.window.ends_at)

    def look_back_no_more(self) -> None:
        """Ask for the labor of the day alone, because that of the days before is not to be had whole."""
        self._once["time-entries"] = self._own_labor
        self._left_out = True

    def pass_over(self, question: Question) -> bool:
        """Leave out a date that is not closed at the source yet; answers whether that may be.

        It may where it lies after the day's own and is not the first: what of the day is booked on it is not to be had.
        """
        date = dt.date.fromisoformat(question["businessDate"])
        if date <= self._request.window.date or date == self.dates[0]:
            return False
        self.dates = tuple([other for other in self.dates if other != date])
        return True

    def capture_parameters(self, venue: str) -> dict[str, str]:
        """What a capture says about the asking; how the answers travelled is no part of it."""
        request = self._request
        day = request.window.date
        several = {"businessDates": " ".join([date.isoformat() for date in self.dates])}
        return {
            "venue": venue,
            "connection": request.connection,
            "location": request.location,
            **_dated(day),
            **({} if self.dates == (day,) else several),
            **self._once["staff"],
            **self._once["time-entries"],
            **self._once["deposits"],
            **({"labor": DAY_ALONE} if self._left_out else {}),
        }


def instant_text(moment: dt.datetime) -> str:
    """An instant as Tray wants it."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def _overlapping(begin: dt.datetime, end: dt.datetime) -> Question:
    return {"from": instant_text(begin), "to": instant_text(end)}


def _dated(date: dt.date) -> Question:
    return {"businessDate": date.isoformat()}


def _created(request: DayRequest) -> Question:
    begin = request.window.starts_at - dt.timedelta(days=request.deposit_lookback_days)
    until = request.window.ends_at + dt.timedelta(days=request.deposit_days)
    return {"createdFrom": instant_text(begin), "createdTo": instant_text(until)}
