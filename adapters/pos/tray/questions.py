"""Questions: what each resource, or each part of the consolidated API, is asked for to read one business day."""

import datetime as dt
from typing import Final, Literal

from adapters.pos.tray.wire import ROWS
from domain.business_date import Window
from domain.ports.source import DayRequest

Question = dict[str, str]
"""The parameters of one request, without those that page through its answer."""

Part = Literal["sales", "labor"]

PARTS: Final[dict[Part, tuple[str, ...]]] = {
    "sales": ("checks", "payments", "voids", "deposits", "paid-in-out"),
    "labor": ("time-entries", "staff", "jobs"),
}
"""The resources that an archive of the consolidated API holds; deposits only where it was asked for them."""

BY_DATE: Final = frozenset({"checks", "payments", "voids", "paid-in-out"})
"""The resources that are asked for by business date."""


class Questions:
    """What is asked to read a day.

    Attributes:
        dates: the source's business dates, oldest first.
        labor_window: the hours that time entries are asked for.
    """

    def __init__(self, request: DayRequest) -> None:
        self._request = request
        self.dates = tuple(sorted({*request.dates} or {request.window.date}))
        self.labor_window: Window = request.labor_window or request.window
        self._staff = {"includeInactive": "true" if request.include_inactive else "false"}
        self._hours = {"from": instant_text(self.labor_window.starts_at), "to": instant_text(self.labor_window.ends_at)}
        self._created = _created(request) if request.deposits else {}

    def split(self) -> dict[str, tuple[Question, ...]]:
        """What each resource is asked for, in the order of reading: by date, or once for everything."""
        by_date = tuple([_dated(date) for date in self.dates])
        once: dict[str, Question] = {"staff": self._staff, "time-entries": self._hours, "deposits": self._created}
        return {
            resource: by_date if resource in BY_DATE else (once.get(resource, {}),)
            for resource in ROWS
            if resource != "deposits" or self._created
        }

    def sales(self) -> tuple[Question, ...]:
        """What the sales archives are asked for, one of each date; the deposits come with the first."""
        first, *others = [_dated(date) for date in self.dates]
        return ({**first, **self._created}, *others)

    def labor(self) -> Question:
        """What the labor archive is asked for."""
        return {**_dated(self._request.window.date), **self._hours, **self._staff}

    def capture_parameters(self, venue: str) -> dict[str, str]:
        """What a capture says about the asking; how the answers travelled is no part of it."""
        request = self._request
        day = request.window.date
        several = {"businessDates": ",".join([date.isoformat() for date in self.dates])}
        return {
            "venue": venue,
            "connection": request.connection,
            "location": request.location,
            **_dated(day),
            **({} if self.dates == (day,) else several),
            **self._staff,
            **self._hours,
            **self._created,
        }


def instant_text(moment: dt.datetime) -> str:
    """An instant as Tray wants it."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def _dated(date: dt.date) -> Question:
    return {"businessDate": date.isoformat()}


def _created(request: DayRequest) -> Question:
    begin = request.window.starts_at - dt.timedelta(days=request.deposit_lookback_days)
    until = request.window.ends_at + dt.timedelta(days=request.deposit_days)
    return {"createdFrom": instant_text(begin), "createdTo": instant_text(until)}
