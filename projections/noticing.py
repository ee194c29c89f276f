"""Days that moved, for those who are told of them by notices: asked of the view of days."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Engine, select

from domain.identifiers import DayId
from domain.outward import NoticeDocument, notice_document
from domain.summary import summary_of_bytes
from projections.tables import day as table
from projections.walls import reading


class Moved(NamedTuple):
    """A day, and the position of the newest fact of it."""

    day: DayId
    position: int


def moved_days(engine: Engine, client: str, location: str, begins: dt.date) -> list[Moved]:
    """The days of a location from a date on, in whatever state, deleted ones too, by date.

    A day that was never read whole is none of them: there is nothing of it to be told.
    """
    columns = table.c
    asked = select(columns.business_date, columns.position).where(
        columns.client == client,
        columns.location == location,
        columns.business_date >= begins.isoformat(),
        columns.generation > 0,
    )
    with reading(engine, client) as connection:
        found = connection.execute(asked.order_by(columns.business_date)).all()
    return [Moved(DayId(client, location, dt.date.fromisoformat(date)), position) for date, position in found]


def notice_of(engine: Engine, day: DayId) -> NoticeDocument:
    """The notice of a recorded day as it is now."""
    columns = table.c
    asked = select(columns.document, columns.version, columns.position, columns.recorded_at).where(
        columns.client == day.client,
        columns.location == day.location,
        columns.business_date == day.date.isoformat(),
    )
    with reading(engine, day.client) as connection:
        found = connection.execute(asked).one()
    return notice_document(
        day,
        summary_of_bytes(found.document),
        version=found.version,
        position=found.position,
        moved_at=found.recorded_at,
    )
