"""Queries on schedules."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from domain.schedule import Schedule
from projections.asking import MOST_ROWS
from projections.schedule_tables import schedule
from projections.views.schedules import state_of
from projections.walls import reading


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule of a location in a week.

    Attributes:
        schedule: as entered and as published.
        changed_at: when it was entered last.
        published_at: when it was published last; empty: never.
    """

    location: str
    week: str
    schedule: Schedule
    changed_at: str
    changed_by: str
    published_at: str
    published_by: str
    position: int


def schedules(
    engine: Engine,
    client: str,
    *,
    location: str | None = None,
    week: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = MOST_ROWS,
    among: frozenset[str] | None = None,
) -> list[ScheduleRow]:
    """Schedules by week, newest first, then location; past the week and location ``after``.

    Args:
        engine: of the views.
        client: whose.
        location: only this one.
        week: only this one.
        after: week and location of the last one that is known already.
        limit: at most.
        among: the only locations that the reader may see, or None for all.
    """
    columns = schedule.c
    asked = select(schedule).where(columns.client == client)
    if location is not None:
        asked = asked.where(columns.location == location)
    if week is not None:
        asked = asked.where(columns.week == week)
    if among is not None:
        asked = asked.where(columns.location.in_(sorted(among)))
    if after is not None:
        asked = asked.where((columns.week < after[0]) | ((columns.week == after[0]) & (columns.location > after[1])))
    asked = asked.order_by(columns.week.desc(), columns.location).limit(min(limit, MOST_ROWS))
    with reading(engine, client) as connection:
        found = connection.execute(asked).mappings().all()
    return [
        ScheduleRow(
            row["location"],
            row["week"],
            state_of(dict(row)),
            row["changed_at"],
            row["changed_by"],
            row["published_at"],
            row["published_by"],
            row["position"],
        )
        for row in found
    ]
