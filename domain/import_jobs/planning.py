"""Planning a run: which business days of which locations are polled, and what is left out and why."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.facts import LeftOut, Period, Span
from domain.import_jobs.data_sets import are_of_days

MOST_PARTS: Final = 1000
"""Business days of all locations together that one run polls at most."""

_A_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A location, as far as planning is concerned.

    Attributes:
        location: our id.
        today: the business date that is running, by its clock; None where its polling options cannot be read.
        last: the newest one that is over.
        known: the first one of which anything is recorded; None where nothing is.
        lost: the source no longer shows it.
        deposits: they are polled.
    """

    location: str
    today: dt.date | None
    last: dt.date | None = None
    known: dt.date | None = None
    lost: bool = False
    deposits: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does.

    Attributes:
        spans: the parts, by location.
        left_out: what it does not bring of what was asked for, by location.
    """

    spans: tuple[Span, ...]
    left_out: tuple[LeftOut, ...]


def plan(
    period: Period, data_sets: Sequence[str], places: Iterable[Place], *, window_days: int, old: bool = False
) -> Plan:
    """The parts of a run; whatever is asked for is in them or left out with the reason, and nothing is in both.

    Args:
        period: that is asked for. Everything begins with the first day that is known, or where days are looked after.
        data_sets: that are asked for.
        places: the locations.
        window_days: how many days back from the running one may be polled.
        old: so may days before them.
    """
    known = sorted(places, key=lambda place: place.location)
    most = max(MOST_PARTS // max(len(known), 1), 1)
    spans: list[Span] = []
    left_out: list[LeftOut] = []
    for place in known:
        span, beyond = _planned(period, place, window_days, most=most if are_of_days(data_sets) else 1, old=old)
        if span is not None:
            spans.append(span)
        if not are_of_days(data_sets):
            beyond = [one for one in beyond if span is None or one.why not in {"too-many", "too-old", "not-over"}]
        left_out += beyond
        if span is not None and "deposits" in data_sets and not place.deposits:
            left_out.append(LeftOut(place.location, "switched-off", data_set="deposits"))
    return Plan(tuple(spans), tuple(left_out))


def _planned(
    period: Period, place: Place, window_days: int, *, most: int, old: bool
) -> tuple[Span | None, list[LeftOut]]:
    if place.lost:
        return None, [LeftOut(place.location, "access-lost")]
    if place.today is None or place.last is None:
        return None, [LeftOut(place.location, "misconfigured")]
    begins = place.today - dt.timedelta(days=window_days)
    first, last = _asked(period, place.last, min(place.known or begins, begins))
    left_out: list[LeftOut] = []
    if last > place.last:
        left_out.append(LeftOut(place.location, "not-over", max(first, place.last + _A_DAY), last))
        last = place.last
    if first <= last and first < begins and not old:
        left_out.insert(0, LeftOut(place.location, "too-old", first, min(last, begins - _A_DAY)))
        first = begins
    if first <= last and (last - first).days >= most:
        cut = last - (most - 1) * _A_DAY
        left_out.insert(0, LeftOut(place.location, "too-many", first, cut - _A_DAY))
        first = cut
    return (Span(place.location, first, last) if first <= last else None), left_out


def _asked(period: Period, over: dt.date, known: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last business date that are asked for."""
    if period.first is not None and period.last is not None:
        return period.first, period.last
    if period.days:
        return over - (period.days - 1) * _A_DAY, over
    return known, over
