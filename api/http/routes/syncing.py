"""Synchronizing a connection by hand."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.connections import connection_id
from api.http.answering import Acting, Client, Opened, Reading, answer
from api.http.deciding import intended
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.parameters import IdempotencyKey
from api.http.permitting import takes
from api.http.routes.connections import ConnectionPath
from api.http.sync_models import SyncAnswer, SyncRequest
from api.syncing import plain_synced, sync
from domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["connections"])


@router.post(
    "/connections/{connection}/sync",
    operation_id="syncConnection",
    dependencies=[takes(Permission.POLL)],
    summary="Poll a connection now, at the caller's locations",
    response_model=SyncAnswer,
    responses=documented(
        {200: "What came of every day."},
        *(400, 403, 404, 408, 409, 413, 415, 422, 503),
        headers=["Daybook-Position", "Idempotent-Replayed"],
    ),
)
def post_sync(
    http: Request,
    connection: ConnectionPath,
    body: SyncRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """At each of the caller's locations the last business day that is over, and what else is due: at most 5 days each.

    At most 30 days together, the most urgent first; `left` counts those that are left to the worker or the next
    request. A day that fails or is refused does not stop the others. The answer lists the caller's locations, and says
    nothing about those of others.
    """
    named = connection_id(client, connection)
    with one_of_few(http.app.state.polls, who.client), intended(who, body.reason, idempotency_key) as intent:
        # What the views do not know yet would be polled twice.
        Reading(opened, client, least=opened.journal.head()).begin()
        synced = sync(opened, named, intent)
    if opened.projector is not None:
        opened.projector.wake()
    headers = {"Daybook-Position": str(synced.position)} if synced.position else {}
    headers |= {"Idempotent-Replayed": "true"} if synced.again else {}
    return answer({**plain_synced(synced), "command": intent.command}, headers=headers)
