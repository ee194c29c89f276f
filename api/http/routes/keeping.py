"""Keeping days: deleting a day's summary, confirming that the place was closed, and what is due."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import days
from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened, Read, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended, seen_version, told_headers
from api.http.documents import documented
from api.http.keeping_models import DueDays, KeepingAnswer, KeepingRequest
from api.http.parameters import (
    PAGE_ROWS,
    Cursor,
    DatePath,
    IdempotencyKey,
    IfDayMatches,
    Limit,
    LocationPath,
    LocationQuery,
)
from api.http.permitting import takes
from api.lives import plain_renewals
from api.plain import plain_due
from api.work.asking import found
from api.work.pulling import plain_pulls
from domain.business_date import business_date
from domain.commands.intent import Intent
from domain.commands.settle_day import Settled
from domain.identifiers import DayId, plain
from domain.permissions import Permission
from projections.due import due_page

router = APIRouter(prefix="/v1", tags=["days"])

_ANSWERS: Final = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "ETag", "Idempotent-Replayed"]

Keep = Callable[..., Settled]


@router.post(
    "/days/{location}/{date}/deletions",
    operation_id="deleteSummary",
    dependencies=[takes(Permission.DELETE)],
    summary="Delete the summary of a day, so that it is polled anew",
    response_model=KeepingAnswer,
    responses=documented({200: "Where the day stands now."}, *_ANSWERS, headers=_HEADERS),
)
def post_deletion(
    location: LocationPath,
    date: DatePath,
    body: KeepingRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The day keeps its history and is `missing` until it is read whole again, which a worker does by itself.

    What people entered comes back with it. An approved day has to be reopened first; one more than 30 days back is for
    the role `support`. Deleting a deleted day records nothing.
    """
    day = days.day_id(client, location, date)
    with intended(who, body.reason, idempotency_key) as intent:
        return _told(opened, day, intent, days.delete, if_match)


@router.post(
    "/days/{location}/{date}/closed",
    operation_id="confirmClosed",
    dependencies=[takes(Permission.COMPLETE)],
    summary="Confirm that the place was closed on a day without sales",
    response_model=KeepingAnswer,
    responses=documented({200: "Where the day stands now."}, *_ANSWERS, headers=_HEADERS),
)
def post_closed(
    location: LocationPath,
    date: DatePath,
    body: KeepingRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """From now on the day is not polled again for having no sales. Sales that come to light later void it."""
    day = days.day_id(client, location, date)
    with intended(who, body.reason, idempotency_key) as intent:
        return _told(opened, day, intent, days.confirm, if_match)


def _told(opened: OpenHouse, day: DayId, intent: Intent, keep: Keep, if_match: str | None) -> Response:
    kept = keep(opened, day, intent, expected_version=seen_version(opened, day, intent, if_match))
    headers = told_headers(opened, kept.day.version, kept.receipt, again=kept.again)
    return answer({**plain_kept(day, kept), "command": intent.command}, headers=headers)


def plain_kept(day: DayId, kept: Settled) -> dict[str, Any]:
    """Where a day stands after somebody kept it."""
    receipt = kept.receipt
    return {
        "location": day.location,
        "date": day.date,
        "state": kept.day.state,
        "generation": kept.day.generation,
        "version": kept.day.version,
        "deleted": kept.day.deleted,
        "closed": kept.day.closed,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


@router.get(
    "/due",
    operation_id="listDue",
    dependencies=[takes(Permission.READ)],
    summary="What has to be polled, now or later, and why",
    response_model=DueDays,
    responses=documented({200: "A page of days."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_due(
    request: Request, read: Read, location: LocationQuery = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """Missing, deleted and failed days of the last 30, and those without sales that nobody confirmed as closed.

    By location, and of each the newest day first. A worker polls what is due; days of locations that are fed by files
    wait for those.
    """
    where = None if location is None else plain(location, "location")
    question = (read.client, "due", where or "")
    after: tuple[str, dt.date] | None = None
    if cursor is not None:
        place, date = read_cursor(question, cursor, 2)
        after = (place, business_date(date))
    read.begin()
    now = read.opened.house.clock.now()
    page = due_page(found(read.opened, read.client, location=where, after=after, among=read.among), limit)
    following = None
    if len(page) == limit:
        following = write_cursor(question, [page[-1].location, page[-1].date.isoformat()])
    headers = {} if following is None else linked(request, cursor=following)
    content = {
        "now": now,
        "data": [plain_due(one, now) for one in page],
        "renewals": plain_renewals(read.opened, read.client, now, read.among),
        "pulls": plain_pulls(read.opened, read.client, now) if read.among is None else [],
        "next": following,
    }
    return answer(content, position=read.position, headers=headers)
