"""Replaying days: what deriving them again would change, and recording it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api import days
from api.composition import OpenHouse
from api.connections import check_seen, connection_id
from api.http.answering import Acting, Client, Opened, answer
from api.http.deciding import intended, seen_version, told_headers
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.parameters import DatePath, IdempotencyKey, IfDayMatches, LocationPath
from api.http.permitting import takes
from api.http.replay_models import (
    AppliedReplay,
    ConnectionReplayRequest,
    LocationReplayRequest,
    ReplayAnswer,
    ReplayedRange,
    ReplayRequest,
)
from api.plain_reading import MOST_EFFECTS
from api.replays import plain_applied, plain_range, plain_replay, range_of
from domain.business_date import business_date
from domain.commands.replay_day import ApplyReplay, ReplayDay, apply_replay, replay_day
from domain.commands.replay_range import apply_range, preview
from domain.permissions import Permission, Principal

MOST_RECORDS: Final = 200
"""Records that a replay lists; all of them are counted."""

MOST_DAYS: Final = 100
"""Business days of all locations together that one request replays at most."""

router = APIRouter(prefix="/v1", tags=["replays"])
_WRITES = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_MANY = (400, 403, 404, 408, 409, 413, 415, 422, 503)


@router.post(
    "/days/{location}/{date}/replays",
    operation_id="replayDay",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What deriving a day again changes",
    response_model=ReplayAnswer | AppliedReplay,
    responses=documented(
        {
            200: "The differences, empty when there are none; or that there was nothing to record.",
            201: "A new generation was recorded, or staged because the day is approved.",
        },
        *_WRITES,
        headers=["Daybook-Position", "ETag", "Idempotent-Replayed"],
        model=AppliedReplay,
    ),
)
def post_replay(
    http: Request,
    location: LocationPath,
    date: DatePath,
    body: ReplayRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: IfDayMatches = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Derive the day again from the newest answers of its sources that are kept. A dry run, unless `apply` says else.

    Under the configuration that the day was recorded with, under another version of it, or with options over it: what
    changing the configuration would do to the day. With `apply` and a `reason` what differs is recorded as compensating
    changes, of this day and of others that the derivation says something about; that takes `days.apply-replay` too.
    """
    day = days.day_id(client, location, date)
    if body.connection is not None:
        check_seen(opened, connection_id(client, body.connection), who.rights)
    replay = days.replay_of(
        opened, day, connection=body.connection, configuration=body.configuration, options=body.options
    )
    with one_of_few(http.app.state.polls, client):
        if body.apply:
            return _applied(opened, replay, body, who, if_match, idempotency_key)
        result = replay_day(replay, opened.house)
    truncated = len(result.changes) > MOST_RECORDS
    return answer({**plain_replay(day, result, MOST_RECORDS, MOST_EFFECTS), "truncated": truncated})


def _applied(
    opened: OpenHouse,
    replay: ReplayDay,
    body: ReplayRequest,
    who: Principal,
    if_match: str | None,
    idempotency_key: str | None,
) -> Response:
    with intended(who, body.reason or "", idempotency_key) as intent:
        expected = seen_version(opened, replay.day, intent, if_match)
        applied = apply_replay(ApplyReplay(replay, intent, expected), opened.house)
        headers = told_headers(opened, applied.day.version, applied.receipt, again=applied.again)
        content = {**plain_applied(replay.day, applied), "command": intent.command}
        return answer(content, status=200 if applied.receipt is None else 201, headers=headers)


@router.post(
    "/connections/{connection}/replays",
    operation_id="replayConnection",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What deriving days of all locations of a connection again changes",
    response_model=ReplayedRange,
    responses=documented({200: "What came of each day."}, *_MANY, headers=["Daybook-Position"]),
)
def post_connection_replay(
    http: Request,
    connection: Annotated[str, Path(description="The id of a connection.")],
    body: ConnectionReplayRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """At most 100 business days of all its locations that are the caller's. A dry run, unless `apply` says else.

    Applying takes the permission `days.apply-replay` as well.
    """
    return _many(http, opened, client, body, who, idempotency_key, None, connection)


@router.post(
    "/locations/{location}/replays",
    operation_id="replayLocation",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="What deriving days of a location again changes",
    response_model=ReplayedRange,
    responses=documented({200: "What came of each day."}, *_MANY, headers=["Daybook-Position"]),
)
def post_location_replay(
    http: Request,
    location: LocationPath,
    body: LocationReplayRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """At most 100 business days. A dry run, unless `apply` says else; applying takes `days.apply-replay` as well.

    Each day is a commit of its own; what concerns one alone does not stop the others. The same request again goes on:
    the days that were done are unchanged by then.
    """
    return _many(http, opened, client, body, who, idempotency_key, location, body.connection)


def _many(
    http: Request,
    opened: OpenHouse,
    client: str,
    body: ConnectionReplayRequest,
    who: Principal,
    idempotency_key: str | None,
    location: str | None,
    connection: str | None,
) -> Response:
    chosen = range_of(
        opened,
        client,
        business_date(body.first),
        business_date(body.last),
        location=location,
        connection=connection,
        configuration=body.configuration,
        options=body.options,
        most=MOST_DAYS,
        rights=who.rights,
    )
    with one_of_few(http.app.state.polls, client):
        if not body.apply:
            return answer(plain_range(list(preview(chosen, opened.house)), applied=False))
        with intended(who, body.reason or "", idempotency_key) as intent:
            found = list(apply_range(chosen, intent, opened.house))
    if opened.projector is not None:
        opened.projector.wake()
    return answer(plain_range(found, applied=True), position=opened.journal.head())
