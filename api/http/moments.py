"""Views as they are, or as they were at a moment: the same rows, by the same queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from api import days
from api.http.answering import Reading
from domain.commands.loading import NothingRecorded
from domain.identifiers import DayId
from projections import queries
from projections.rows import DayRow
from projections.scratch import day_views_as_of, rosters_as_of


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A business day in the views.

    Attributes:
        engine: of the views.
        row: the day itself.
        moment: what tells pages of one moment from those of another; empty for now.
    """

    engine: Engine
    row: DayRow
    moment: str = ""


@contextmanager
def shown_day(read: Reading, day: DayId, as_of: str | None) -> Iterator[ShownDay]:
    """The views of a day as they are, or as they were at a moment.

    Raises:
        NothingRecorded: nothing is recorded of it, or was by then.
        BadMoment: the moment is none, or has not come yet.
        ProjectionBehind: the views are not as new as the reader wants.
    """
    read.begin()
    if as_of is None:
        engine = read.opened.engine
        yield ShownDay(engine, _row(engine, day, "it was never polled"))
        return
    position = days.moment(read.opened.journal, as_of)
    with day_views_as_of(read.opened.journal, day, position) as engine:
        yield ShownDay(engine, _row(engine, day, f"nothing was by position {position}"), str(position))


def _row(engine: Engine, day: DayId, why: str) -> DayRow:
    row = queries.day(engine, day.client, day.location, day.date)
    if row is None:
        raise NothingRecorded(f"Nothing is recorded of the business day {day.date} of {day.location}: {why}.")
    return row


@contextmanager
def shown_rosters(read: Reading, as_of: str | None) -> Iterator[tuple[Engine, str]]:
    """The views of employees, jobs and reference data as they are, or as they were at a moment, and which moment.

    Raises:
        BadMoment: the moment is none, or has not come yet.
        ProjectionBehind: the views are not as new as the reader wants.
    """
    if as_of is None:
        read.begin()
        yield read.opened.engine, ""
        return
    position = reached(read, as_of)
    with rosters_as_of(read.opened.engine, read.opened.journal, read.client, position) as engine:
        yield engine, str(position)


def reached(read: Reading, as_of: str) -> int:
    """The position of a moment, once the live views have reached it.

    Raises:
        BadMoment: the moment is none, or has not come yet.
        ProjectionBehind: they do not reach it in time.
    """
    position = days.moment(read.opened.journal, as_of)
    read.least = max(read.least, position)
    read.begin()
    return position
