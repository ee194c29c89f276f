"""Labor options: which punches count, and on which business day each part of them is."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from domain.polling.configuration import Options
from domain.polling.frame import Frame
from domain.records import Punch
from domain.records.punch import EXCLUDED_AS_BACKWARDS, EXCLUDED_AS_OPEN, EXCLUDED_AS_TOO_LONG

Parts = Callable[[Punch], Iterable[tuple[dt.date, Punch]]]

_A_DAY: Final = dt.timedelta(hours=24)


def compile_labor(options: Options, frame: Frame) -> Parts:  # noqa: ARG001 - the options come with the next step
    """What a punch as the source states it is on which business day."""

    def parts(punch: Punch) -> Iterable[tuple[dt.date, Punch]]:
        date = frame.date_of(punch.clock_in)
        return [(date, counted(punch))] if date == frame.date else []

    return parts


def counted(punch: Punch) -> Punch:
    """The punch, marked where it counts no hours: no clock-out, one before the clock-in, or 24 hours and more."""
    if punch.clock_out is None:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_OPEN)
    if punch.clock_out < punch.clock_in:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_BACKWARDS)
    if punch.clock_out - punch.clock_in >= _A_DAY:
        return msgspec.structs.replace(punch, excluded=EXCLUDED_AS_TOO_LONG)
    return punch
