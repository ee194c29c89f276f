"""Labor options: which punches count, and on which business day each part of them is."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from domain.polling.configuration import Options
from domain.polling.frame import Frame
from domain.records import Break, Punch
from domain.records.punch import EXCLUDED_AS_BACKWARDS, EXCLUDED_AS_OPEN, EXCLUDED_AS_TOO_LONG, worked_seconds

Parts = Callable[[Punch], Sequence[tuple[dt.date, Punch]]]

MOST_PARTS: Final = 3
"""Business days that a punch is split over at most: one of 30 hours may span three. What is said to be longer is a
clock-out that somebody forgot; it stays whole on the day where it began, with all its hours, so that nothing is lost
and no part of it is left behind on a day that no later reading would look at."""

_A_DAY: Final = dt.timedelta(hours=24)


def compile_labor(options: Options, frame: Frame, dates: frozenset[dt.date] = frozenset()) -> Parts:
    """What a punch as the source states it is on which business day.

    With ``vsd_for_actual`` every day that it spans has its part, so that reading one day compensates the others.
    Without it a punch is of the day where it began, and only a whole reading of that day tells it: another's sees it by
    chance.

    Args:
        options: in force.
        frame: of the polled day.
        dates: other business days that were read whole.
    """
    counted = counted_long if options.allow_24_hour_punches else counted_short

    def whole(punch: Punch) -> Sequence[tuple[dt.date, Punch]]:
        date = frame.date_of(punch.clock_in)
        return [(date, counted(punch))] if date == frame.date or date in dates else []

    def split(punch: Punch) -> Sequence[tuple[dt.date, Punch]]:
        return split_over_days(counted(punch), frame)

    return split if options.vsd_for_actual else whole


def counted_short(punch: Punch) -> Punch:
    """The punch, marked where it counts no hours: no clock-out, one before the clock-in, or 24 hours and more."""
    if punch.clock_out is None:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_OPEN)
    if punch.clock_out < punch.clock_in:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_BACKWARDS)
    if punch.clock_out - punch.clock_in >= _A_DAY:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_TOO_LONG)
    return punch


def counted_long(punch: Punch) -> Punch:
    """The punch where 24 hours and more count: one without clock-out ends 24 elapsed hours after it began.

    That clock-out is ours, and says so (``assumed_out``), until a manager enters the true one at the source.
    """
    if punch.clock_out is None:
        return msgspec.structs.replace(punch, clock_out=punch.clock_in + _A_DAY, assumed_out=True)
    if punch.clock_out < punch.clock_in:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_BACKWARDS)
    return punch


def split_over_days(punch: Punch, frame: Frame) -> list[tuple[dt.date, Punch]]:
    """The parts of a punch on the business days that it spans, oldest first; whole where it is of one day.

    A punch that counts no hours is not split: it is shown once, where it began. What was paid out or stated for the
    whole shift (tips, the source's own hours and pay, sales) stays on the first part; hours and pay of the parts add up
    to the whole, to the second and the cent.
    """
    first = frame.date_of(punch.clock_in)
    out = punch.clock_out
    if out is None or punch.excluded:
        return [(first, punch)]
    cuts = _cuts(first, out, frame)
    if not cuts or len(cuts) >= MOST_PARTS:
        return [(first, punch)]
    parts: list[tuple[dt.date, Punch]] = []
    before = 0
    for number, (begins, ends) in enumerate(pairwise([punch.clock_in, *cuts, out])):
        part = msgspec.structs.replace(
            punch,
            clock_in=begins,
            clock_out=ends,
            breaks=_breaks(punch.breaks, begins if number else None, ends if ends < out else None),
            part=number + 1,
            worked_before=before,
        )
        if number:
            part = msgspec.structs.replace(
                part,
                declared_tips_cents=0,
                charge_tips_cents=0,
                stated_hours=None,
                stated_pay_cents=None,
                sales_cents=None,
            )
        before += worked_seconds(part)
        parts.append((first + dt.timedelta(days=number), part))
    return parts


def _cuts(date: dt.date, out: dt.datetime, frame: Frame) -> list[dt.datetime]:
    """The starts of days inside a punch that began on a date; no more than say that it spans too many."""
    cuts: list[dt.datetime] = []
    while len(cuts) < MOST_PARTS and (ends := frame.window_of(date).ends_at) < out:
        cuts.append(ends)
        date += dt.timedelta(days=1)
    return cuts


def _breaks(breaks: tuple[Break, ...], after: dt.datetime | None, until: dt.datetime | None) -> tuple[Break, ...]:
    """What of the breaks is in one part; the first part has no beginning here, and the last no end."""
    kept = []
    for pause in breaks:
        if pause.ends_at is None or pause.ends_at <= pause.starts_at:  # nothing to cut: it is where it began
            if (after is None or pause.starts_at >= after) and (until is None or pause.starts_at < until):
                kept.append(pause)
            continue
        begins = pause.starts_at if after is None else max(pause.starts_at, after)
        ends = pause.ends_at if until is None else min(pause.ends_at, until)
        if begins < ends:
            kept.append(Break(begins, ends, pause.paid))
    return tuple(kept)
