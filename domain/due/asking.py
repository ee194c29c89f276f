"""Asking what is due: pure, of plain rows and the clock.

Nothing remembers that something was to be done: whoever forgets everything asks again and is told the same.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from domain.actors import name_of
from domain.business_date import date_of, window
from domain.business_day import APPROVED, MISSING
from domain.due.shapes import MOST_DOUBLED, Deletion, Due, Failed, Place, Rules, Watched, Why

_TO_DO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not-authorized": "give the connection a key that is valid",
        "forbidden": "give the connection a key for this company",
        "unknown-venue": "look at the location's venue id",
        "bad-endpoint": "look at the connection's address and key",
        "redirected": "look at the connection's address",
        "wrong-venue": "look at the location's venue id",
        "out-of-window": "look at the location's time zone and start of day, and ask the source's support",
    }
)
_ASK_SUPPORT: Final = "ask the source's support, and send them the message"


def first_date(place: Place, now: dt.datetime, rules: Rules) -> dt.date:
    """The earliest business date that is looked after."""
    return date_of(now, place.zone, place.day_starts) - dt.timedelta(days=rules.window_days)


def what_is_due(place: Place, days: Mapping[dt.date, Watched], now: dt.datetime, rules: Rules) -> Iterator[Due]:
    """What of a location's days in the window has to be polled, now or later; newest first.

    A location is looked after for the whole window from the moment on that it is connected, also backwards.

    Args:
        place: the location.
        days: those of which anything is recorded, by date.
        now: by the clock.
        rules: the bounds.
    """
    if place.over:
        return
    today = date_of(now, place.zone, place.day_starts)
    for back in range(1, rules.window_days + 1):
        date = today - dt.timedelta(days=back)
        found = _due(place, days.get(date) or Watched(date), rules, yesterday=back == 1)
        if found and place.halt:
            halt = place.halt
            yield replace(
                found, why=halt.why, reason=f"{found.reason}; {halt.reason}", not_before=None, to_do=halt.to_do
            )
        elif found:
            held = place.held_until if found.not_before else None
            yield replace(found, not_before=max(found.not_before or held, held)) if held else found


def _due(place: Place, day: Watched, rules: Rules, *, yesterday: bool) -> Due | None:
    found = _Finding(place, day, window(day.date, place.zone, place.day_starts).ends_at)
    if day.state != MISSING and (day.net_sales_cents or day.closed or day.state == APPROVED or not place.polled):
        return None
    if not place.polled:
        return found.waiting_for_files()
    if day.deletion:
        return found.deleted(day.deletion, rules)
    if day.state == MISSING and day.failed:
        return found.failed(day.failed, rules)
    return found.without_sales(rules) if day.tried_at else found.never_polled(rules, yesterday=yesterday)


@dataclass(frozen=True, slots=True)
class _Finding:
    """A day that something is found out about.

    Attributes:
        place: its location.
        day: how it stands.
        over: when it ended.
    """

    place: Place
    day: Watched
    over: dt.datetime

    @property
    def missing_since(self) -> dt.datetime:
        return max(self.over, self.place.since or self.over)

    def never_polled(self, rules: Rules, *, yesterday: bool) -> Due:
        ready = self.over + dt.timedelta(seconds=rules.grace)
        if yesterday:
            return self._due("daily", "daily poll", self.missing_since, ready)
        return self._due("never-polled", "missing: never polled", self.missing_since, ready)

    def failed(self, failed: Failed, rules: Rules) -> Due:
        found = self._due("failed", f"missing: {_failing(failed)}", self.missing_since, self.over)
        return self._paused(found, rules)

    def deleted(self, deletion: Deletion, rules: Rules) -> Due:
        reason = _deleted_by(deletion)
        if self.day.failed:
            reason = f"{reason}; {_failing(self.day.failed)}"
        return self._paused(self._due("deleted", reason, deletion.at, self.over), rules)

    def without_sales(self, rules: Rules) -> Due:
        reason = "no net sales, and nobody confirmed that the place was closed"
        since, ready = self.day.generation_at or self.over, self.day.tried_at or self.over
        if self.day.failed:
            reason = f"{reason}; {_failing(self.day.failed)}"
        else:
            ready += rules.pause(self.day.unchanged + 1)
        to_do = "confirm that the place was closed, if it was"
        return self._paused(self._due("zero-sales", reason, since, ready, to_do), rules)

    def waiting_for_files(self) -> Due:
        deletion = self.day.deletion
        reason, since = "missing: waiting for files", self.missing_since
        if deletion:
            reason, since = f"{_deleted_by(deletion)}; waiting for files", deletion.at
        return self._due("waiting-for-files", reason, since, None, "import the day's files")

    def _due(self, why: Why, reason: str, since: dt.datetime, ready: dt.datetime | None, to_do: str = "") -> Due:
        return Due(self.place.location, self.day.date, self.place.connection, why, reason, since, ready, to_do)

    def _paused(self, found: Due, rules: Rules) -> Due:
        """What failed is tried again after a pause, and not before the source said."""
        failed, ready = self.day.failed, found.not_before or self.over
        if failed is None:
            return found
        # What does not go away by itself waits as long as can be from the first time on.
        pause = rules.pause(failed.failures if failed.retryable else MOST_DOUBLED)
        ready = max(ready, (self.day.tried_at or self.over) + pause, failed.retry_at or self.over)
        to_do = found.to_do if failed.retryable else _TO_DO.get(failed.failure, _ASK_SUPPORT)
        return replace(found, not_before=ready, to_do=to_do)


def _deleted_by(deletion: Deletion) -> str:
    who = name_of(deletion.by)
    because = f" because '{deletion.because}'" if deletion.because else ""
    return f"missing: deleted by {who[:1].lower() + who[1:] if who.startswith('The ') else who}{because}"


def _failing(failed: Failed) -> str:
    times = "the last poll failed" if failed.failures == 1 else f"the last {failed.failures} polls failed"
    return f"{times} ({failed.failure}): {failed.message.rstrip('.')}"
