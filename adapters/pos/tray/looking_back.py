"""Looking back on labor without putting the day at risk: where earlier days cannot be read whole, they are left out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec
import structlog

from adapters.pos.tray.gathering import Gathering, changed, overlaps
from adapters.pos.tray.questions import Questions
from adapters.pos.tray.wire import TimeEntry
from domain.business_date import Window
from domain.ports.source import Failure, SourceFailure

LABOR: Final = "time-entries"

_OF_THE_ANSWER: Final[frozenset[Failure]] = frozenset(
    {"malformed", "too-large", "out-of-window", "wrong-venue", "duplicate-rows", "repeated-cursor"}
)
"""Failures that may be those of the earlier days alone; Tray itself was there, and answered."""

_ENTRY: Final = msgspec.json.Decoder(TimeEntry)
_LOG: Final = structlog.get_logger("daybook.tray")


def or_day_alone(questions: Questions, day: Gathering, resources: Iterable[str], step: Callable[[], None]) -> None:
    """Take a step that reads labor; where its answer is bad, take it once more for the labor of the day alone.

    Args:
        questions: what is asked.
        day: what has been read.
        resources: that the step reads.
        step: reads them.

    Raises:
        SourceFailure: the labor of the day alone cannot be read whole either.
    """
    try:
        step()
    except SourceFailure as failure:
        if not questions.looks_back or failure.failure not in _OF_THE_ANSWER:
            raise
        _LOG.warning("tray.lookback-left-out", failure=failure.failure)
        questions.look_back_no_more()
        day.forget(*resources)
        step()


def own_labor(read: Mapping[object, bytes], came: Mapping[object, bytes], window: Window) -> dict[object, bytes]:
    """The time entries of the day itself, of two readings that differ: it stands where they differ only before it.

    Raises:
        SourceFailure: ``changed-while-reading``: the day's own differ.
    """
    own, again = (
        {key: data for key, data in rows.items() if overlaps(_ENTRY.decode(data), window.starts_at, window.ends_at)}
        for rows in (read, came)
    )
    if own != again:
        raise changed()
    _LOG.warning("tray.lookback-left-out", failure="changed-while-reading")
    return own
