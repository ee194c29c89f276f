"""Time travel: a business day and its summary as they were known at any moment."""

import datetime as dt
from dataclasses import dataclass

from domain.business_day import BusinessDay
from domain.commands.loading import load_day
from domain.identifiers import DayId
from domain.ports.journal import Journal
from domain.summary import DailySalesSummary, summarize


@dataclass(frozen=True, slots=True)
class DayAsOf:
    """A business day as of a position of the log.

    Attributes:
        position: facts up to and including it count.
        day: the day; ``day.version`` is 0 where nothing was recorded by then.
        summary: ``summarize(day)``.
    """

    position: int
    day: BusinessDay
    summary: DailySalesSummary


def day_as_of(journal: Journal, day_id: DayId, moment: dt.datetime | int | None = None) -> DayAsOf:
    """The day as it was known: ``summarize(fold(facts until then))``, the same rule that the view follows.

    Args:
        journal: where its facts are.
        day_id: which day.
        moment: an aware instant (what was recorded by then counts), a position of the log (whole commits count), or
            None for now.
    """
    position = position_of(journal, moment)
    day = load_day(journal, day_id, until=position)
    return DayAsOf(position, day, summarize(day))


def position_of(journal: Journal, moment: dt.datetime | int | None) -> int:
    """The position of the log that a moment stands for.

    Raises:
        ValueError: an instant without a time zone.
    """
    if moment is None:
        return journal.head()
    if isinstance(moment, dt.datetime) and moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return journal.position_at(moment)
