"""Saying where a day stands: completed, approved, or in progress again."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api import days
from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened, answer
from api.http.deciding import intended, seen_version, told_headers
from api.http.documents import documented
from api.http.idempotency import KeysInUse
from api.http.parameters import DatePath, IdempotencyKey, IfDayMatches, LocationPath
from api.http.permitting import takes
from api.http.settling_models import StateAnswer, StateRequest
from domain.commands.intent import Intent
from domain.commands.settle_day import Settled, State
from domain.facts import DayApproved, DayCompleted, DayReopened
from domain.identifiers import DayId
from domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["days"])
_IN_USE: Final = KeysInUse()
_FACTS: Final[dict[State, type]] = {
    "completed": DayCompleted,
    "approved": DayApproved,
    "in progress": DayReopened,
}


@router.post(
    "/days/{location}/{date}/state",
    operation_id="setState",
    dependencies=[takes(Permission.COMPLETE, Permission.APPROVE, Permission.REOPEN)],
    summary="Complete, approve or reopen a business day",
    response_model=StateAnswer,
    responses=documented(
        {200: "Where the day stands now."},
        400,
        403,
        404,
        408,
        409,
        412,
        413,
        415,
        422,
        503,
        headers=["Daybook-Position", "ETag", "Idempotent-Replayed"],
    ),
)
def post_state(
    location: LocationPath,
    date: DatePath,
    body: StateRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """In progress → completed → approved, and back with `in progress`; what a state does not allow is a conflict.

    An approval keeps the SHA-256 of the summary that it is of. From then on no poll changes the day until it is
    reopened: what differs at the source waits, is listed as changes after approval, and comes in with the reopening.
    """
    day = days.day_id(client, location, date)
    with intended(who, body.reason, idempotency_key) as intent:
        expected = seen_version(opened, day, intent, if_match)
        settled = days.settle(opened, day, body.state, intent, expected_version=expected)
        return _told(opened, day, intent, settled)


def _told(opened: OpenHouse, day: DayId, intent: Intent, settled: Settled) -> Response:
    receipt = settled.receipt
    headers = told_headers(opened, settled.day.version, receipt, again=settled.again)
    content = {
        "location": day.location,
        "date": day.date,
        "state": settled.day.state,
        "generation": settled.day.generation,
        "version": settled.day.version,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
        "command": intent.command,
    }
    return answer(content, headers=headers)
