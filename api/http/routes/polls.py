"""Polling a day, and the attempts that were made."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from api import days
from api.composition import OpenHouse
from api.http import problems
from api.http.answering import LAST_POSITION, Acting, Client, Opened, Read, answer, linked
from api.http.deciding import seen_version
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.idempotency import IN_USE, command_id
from api.http.models import PollAnswer, PollRequest, Polls
from api.http.parameters import PAGE_ROWS, DatePath, IdempotencyKey, IfDayMatches, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.plain import plain_beside
from api.refusals import KeyReused
from api.rows import plain_row
from domain.business_date import business_date
from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay
from domain.commands.recording import NotTheVersion, Outcome, recorded_outcome
from domain.identifiers import DayId, plain
from domain.permissions import Permission
from projections import queries

router = APIRouter(prefix="/v1", tags=["polls"])


@router.post(
    "/days/{location}/{date}/polls",
    operation_id="pollDay",
    dependencies=[takes(Permission.POLL)],
    summary="Poll or repoll a business day",
    response_model=PollAnswer,
    responses=documented(
        {
            200: "The source says what is recorded already.",
            201: "A new generation was recorded, or staged because the day is approved.",
        },
        400,
        403,
        404,
        408,
        409,
        412,
        413,
        415,
        422,
        502,
        503,
        headers=["Daybook-Position", "Location", "Idempotent-Replayed"],
        model=PollAnswer,
    ),
)
def post_poll(
    http: Request,
    location: LocationPath,
    date: DatePath,
    body: PollRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Fetch the day whole from its source and record what differs.

    A day that cannot be read whole is recorded as a failed attempt, and answered as the problem `poll-failed`.
    With an `Idempotency-Key` the request may be repeated: the recorded outcome is answered.
    """
    day = days.day_id(client, location, date)
    reason = days.checked_reason(body.reason)
    with one_of_few(http.app.state.polls, client):
        return _polled(opened, day, Intent(who.actor, reason, rights=who.rights), if_match, idempotency_key)


def _polled(opened: OpenHouse, day: DayId, wish: Intent, if_match: str | None, idempotency_key: str | None) -> Response:
    request = str(get_contextvars().get("request", ""))
    if idempotency_key is None:
        intent = replace(wish, correlation=request)
        return _told(opened, day, intent, _poll(opened, day, intent, if_match))
    intent = replace(wish, command=command_id(idempotency_key), correlation=request)
    with IN_USE.held(day.client, intent.command):
        done = _recorded(opened, day, intent)
        if done:
            return _told(opened, day, intent, done, replayed=True)
        # Another process may have worked on the same key and come first: what is recorded is the one answer.
        try:
            outcome = _poll(opened, day, intent, if_match)
        except NotTheVersion:
            done = _recorded(opened, day, intent)
            if done is None:
                raise
            return _told(opened, day, intent, done, replayed=True)
        return _told(opened, day, intent, _recorded(opened, day, intent) or outcome)


def _poll(opened: OpenHouse, day: DayId, intent: Intent, if_match: str | None) -> Outcome:
    outcome = days.poll(opened, day, intent, expected_version=seen_version(opened, day, intent, if_match))
    if opened.projector is not None:
        opened.projector.wake()
    return outcome


def _recorded(opened: OpenHouse, day: DayId, intent: Intent) -> Outcome | None:
    """What the command recorded before, if it was this very request.

    Raises:
        KeyReused: the key was used for another day, or with another reason.
    """
    receipt = opened.journal.receipt(day.client, intent.command)
    if receipt is None:
        return None
    for entry in opened.journal.stream(day.stream, until=receipt.position):
        if entry.provenance.command == intent.command:
            if entry.provenance.reason != intent.reason:
                break
            command = PollDay(day, days.feeding(opened.engine, day), intent)
            return recorded_outcome(command, opened.house)
    raise KeyReused("The Idempotency-Key was used before for another request: use a new one for this one.")


def _told(opened: OpenHouse, day: DayId, intent: Intent, outcome: Outcome, *, replayed: bool = False) -> Response:
    headers = {"Daybook-Position": str(outcome.receipt.position)}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if outcome.failure is not None:
        return _failed(opened, outcome, headers)
    content = {
        "outcome": outcome.outcome,
        "location": day.location,
        "date": day.date,
        "generation": outcome.generation,
        "added": outcome.added,
        "changed": outcome.changed,
        "removed": outcome.removed,
        "position": outcome.receipt.position,
        "recorded_at": outcome.receipt.recorded_at,
        "command": intent.command,
        **plain_beside(outcome),
    }
    headers["Location"] = f"/v1/days/{day.location}/{day.date}"
    return answer(content, status=201 if outcome.outcome in {"polled", "staged"} else 200, headers=headers)


def _failed(opened: OpenHouse, outcome: Outcome, headers: dict[str, str]) -> Response:
    """A failed poll as a problem: 502, or 503 where the source says when to ask again, or 409 for a day not closed."""
    failure = outcome.failure
    assert failure is not None  # noqa: S101 - the caller looked
    status = 502
    if failure.failure == "day-not-closed":
        status = 409
    elif failure.failure in {"rate-limited", "unavailable"} and failure.retry_at is not None:
        status = 503
        headers["Retry-After"] = str(problems.seconds_until(failure.retry_at, opened.house.clock.now()))
    extensions: dict[str, Any] = {
        "failure": failure.failure,
        "resource": failure.resource or None,
        "retryable": failure.retryable,
        "retry_at": failure.retry_at,
        "position": outcome.receipt.position,
    }
    return problems.problem(
        problems.POLL_FAILED, failure.message, status=status, headers=headers, extensions=extensions
    )


@router.get(
    "/polls",
    operation_id="listPolls",
    dependencies=[takes(Permission.READ)],
    summary="Attempts at reading days, newest first",
    response_model=Polls,
    responses=documented({200: "A page of attempts."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_polls(
    request: Request,
    read: Read,
    location: LocationQuery = None,
    date: Annotated[str | None, Query(max_length=40, description="Only this business date.")] = None,
    outcome: Annotated[
        Literal["polled", "staged", "unchanged", "failed"] | None, Query(description="Only attempts that ended so.")
    ] = None,
    after: Annotated[
        int | None, Query(ge=1, le=LAST_POSITION, description="The `next` of the page before: older attempts.")
    ] = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Every attempt, whatever came of it: who asked, why, how long it took, what was read, and why it failed."""
    where = None if location is None else plain(location, "location")
    when = None if date is None else business_date(date)
    read.begin()
    found = queries.polls(
        read.opened.engine,
        read.client,
        location=where,
        date=when,
        outcome=outcome,
        after=after,
        limit=limit,
        among=read.among,
    )
    following = found[-1].position if len(found) == limit else None
    headers = {} if following is None else linked(request, after=following)
    content = {"data": [plain_row(row) for row in found], "next": following}
    return answer(content, position=read.position, headers=headers)
