"""Conflicts between what people entered and what the sources say since then: listed, and resolved."""

import datetime as dt

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import days, overlays
from api.http.answering import Read, Reading, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.overlay_models import Conflicts, EntryAnswer, ResolutionRequest
from api.http.parameters import (
    PAGE_ROWS,
    Cursor,
    DatePath,
    Limit,
    LocationPath,
    LocationQuery,
)
from api.http.permitting import takes
from api.http.routes.overlays import WRITES, AskedOnDay
from domain.business_date import business_date
from domain.commands.changing_day import DayChanged
from domain.commands.intent import Intent
from domain.identifiers import plain
from domain.permissions import Permission
from projections import queries

router = APIRouter(prefix="/v1", tags=["overlays"])


@router.get(
    "/conflicts",
    operation_id="listConflicts",
    dependencies=[takes(Permission.READ)],
    summary="Open conflicts of all days",
    response_model=Conflicts,
    responses=documented({200: "A page of conflicts."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def list_conflicts(
    request: Request, read: Read, location: LocationQuery = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """What was changed here and then at the source, with both sides, until somebody decides which stands."""
    where = None if location is None else plain(location, "location")
    return _page(request, read, where, None, cursor, limit)


@router.get(
    "/days/{location}/{date}/conflicts",
    operation_id="listDayConflicts",
    dependencies=[takes(Permission.READ)],
    summary="Open conflicts of a day",
    response_model=Conflicts,
    responses=documented({200: "A page of conflicts."}, 400, 404, 422, 503, headers=["Daybook-Position", "Link"]),
)
def list_day_conflicts(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """What was changed here and then at the source, with both sides, until somebody decides which stands."""
    day = days.day_id(read.client, location, date)
    days.feeding(read.opened.engine, day)
    return _page(request, read, day.location, day.date, cursor, limit)


def _page(
    request: Request, read: Reading, location: str | None, date: dt.date | None, cursor: str | None, limit: int
) -> Response:
    question = (read.client, "conflicts", location or "", str(date or ""))
    after: tuple[str, str, str, str] | None = None
    if cursor is not None:
        when, where, kind, key = read_cursor(question, cursor, 4)
        after = (business_date(when).isoformat(), where, kind, key)
    read.begin()
    found = queries.conflicts(
        read.opened.engine, read.client, location=location, date=date, after=after, limit=limit, among=read.among
    )
    following = None
    if len(found) == limit:
        last = found[-1]
        following = write_cursor(question, [last.business_date.isoformat(), last.location, last.kind, last.key])
    headers = {} if following is None else linked(request, cursor=following)
    data = [overlays.plain_conflict(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.post(
    "/days/{location}/{date}/resolutions",
    operation_id="resolveConflict",
    dependencies=[takes(Permission.EDIT_LABOR, Permission.ENTER)],
    summary="Say which side of a conflict stands",
    response_model=EntryAnswer,
    responses=WRITES,
)
def post_resolution(asked: AskedOnDay, body: ResolutionRequest) -> Response:
    """`ours` keeps what was entered here until the source changes again; `theirs` ends it; `both` counts both deposits.

    A deposit of the source that takes the place of ours ends all manual deposits of the day.
    """

    def decide(intent: Intent, expected: int | None) -> DayChanged:
        return overlays.resolve(asked.opened, asked.day, body.kind, body.key, body.side, intent, expected)

    return asked.decided(body.reason, decide)
