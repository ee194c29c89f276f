"""Schedules: entered whole, published, and written to the point of sale from then on."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import schedules
from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened, Read, answer, linked, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended, told_headers
from api.http.documents import documented
from api.http.etags import expected_version
from api.http.parameters import PAGE_ROWS, Cursor, IdempotencyKey, IfDayMatches, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.http.schedule_models import (
    PublishRequest,
    Schedule,
    ScheduleAnswer,
    ScheduleHistory,
    ScheduleRequest,
    Schedules,
)
from domain.commands.changing_schedule import ScheduleChange
from domain.commands.intent import Intent
from domain.commands.loading import load_schedule
from domain.identifiers import ScheduleId, plain
from domain.permissions import Permission
from projections.schedules import schedules as listed

router = APIRouter(prefix="/v1", tags=["schedules"])

_ANSWERS: Final = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "ETag", "Idempotent-Replayed"]

WeekPath = Annotated[
    str,
    Path(
        description="The first business date of a workweek of the location, exactly `YYYY-MM-DD`.",
        json_schema_extra={"format": "date"},
    ),
]


@router.get(
    "/schedules",
    operation_id="listSchedules",
    dependencies=[takes(Permission.READ)],
    summary="The schedules of locations by week",
    response_model=Schedules,
    responses=documented({200: "A page of schedules."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_schedules(
    request: Request, read: Read, location: LocationQuery = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """The newest week first, then by location, with where each stands."""
    where = None if location is None else plain(location, "location")
    question = (read.client, "schedules", where or "")
    after: tuple[str, str] | None = None
    if cursor is not None:
        week, place = read_cursor(question, cursor, 2)
        after = (week, place)
    read.begin()
    found = listed(read.opened.engine, read.client, location=where, after=after, limit=limit, among=read.among)
    following = write_cursor(question, [found[-1].week, found[-1].location]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = [schedules.plain_row(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/schedules/{location}/{week}",
    operation_id="getSchedule",
    dependencies=[takes(Permission.READ)],
    summary="The schedule of a location in a week",
    response_model=Schedule,
    responses=documented({200: "The schedule."}, 400, 404, 422, 503, headers=["ETag"]),
)
def get_schedule(location: LocationPath, week: WeekPath, opened: Opened, client: Client) -> Response:
    """As it is entered and as it is published; without shifts where nothing was entered yet."""
    named = schedules.schedule_id(client, location, week)
    known = schedules.recorded(opened, named)
    return answer(schedules.plain_schedule(named, known), headers=versioned(known.version))


@router.get(
    "/schedules/{location}/{week}/history",
    operation_id="getScheduleHistory",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What happened to a schedule",
    response_model=ScheduleHistory,
    responses=documented({200: "One sentence for each step."}, 400, 404, 422, 503),
)
def get_history(
    location: LocationPath,
    week: WeekPath,
    opened: Opened,
    client: Client,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Only what comes after this version.")] = 0,
) -> Response:
    """Who entered and published what, when and why."""
    named = schedules.schedule_id(client, location, week)
    schedules.recorded(opened, named)
    steps = schedules.history(opened, named, after)
    following = steps[-1]["version"] if len(steps) == schedules.MOST_STEPS else None
    return answer({"data": steps, "next": following})


@router.put(
    "/schedules/{location}/{week}",
    operation_id="enterSchedule",
    dependencies=[takes(Permission.EDIT_SCHEDULES)],
    summary="Enter the schedule of a location in a week",
    response_model=ScheduleAnswer,
    responses=documented({200: "What came of it."}, *_ANSWERS, headers=_HEADERS),
)
def put_schedule(
    location: LocationPath,
    week: WeekPath,
    body: ScheduleRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """All shifts of the week: those that are not given are removed. What was published stays so until it is again.

    A shift keeps its id where that is given, or where one of the same employee begins at the same moment. Everybody has
    to be on the location's roster, and nobody can work two shifts at once; every problem is told at once, in `errors`.
    """
    named = schedules.schedule_id(client, location, week)
    with intended(who, body.reason, idempotency_key) as intent:
        given = schedules.shifts_of_requests(body.shifts)
        changed = schedules.enter(opened, named, given, intent, _seen(opened, named, if_match))
        return _told(opened, named, intent, changed)


@router.post(
    "/schedules/{location}/{week}/publish",
    operation_id="publishSchedule",
    dependencies=[takes(Permission.EDIT_SCHEDULES)],
    summary="Publish the schedule of a location in a week",
    response_model=ScheduleAnswer,
    responses=documented({200: "What came of it."}, *_ANSWERS, headers=_HEADERS),
)
def post_publication(
    location: LocationPath,
    week: WeekPath,
    body: PublishRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """As it stands it becomes what people are to work, and what the point of sale is told, where it takes schedules."""
    named = schedules.schedule_id(client, location, week)
    with intended(who, body.reason, idempotency_key) as intent:
        changed = schedules.publish(opened, named, intent, _seen(opened, named, if_match))
        return _told(opened, named, intent, changed)


def _seen(opened: OpenHouse, named: ScheduleId, if_match: str | None) -> int | None:
    """The version that the caller saw, by If-Match; None where they do not say."""
    if if_match is None:
        return None
    return expected_version(if_match, load_schedule(opened.journal, named).version, "schedule")


def _told(opened: OpenHouse, named: ScheduleId, intent: Intent, changed: ScheduleChange) -> Response:
    headers = told_headers(opened, changed.after.version, changed.receipt, again=changed.again)
    return answer({**schedules.plain_changed(named, changed), "command": intent.command}, headers=headers)
