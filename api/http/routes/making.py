"""Making a connection: drafting it, testing it at the source, and establishing it with what is chosen."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.connections import connection_id, plain_inherited, remarks_on
from api.http.answering import Acting, Client, Opened
from api.http.life_models import (
    ConnectionChange,
    DraftRequest,
    EstablishmentAnswer,
    EstablishmentRequest,
    TestAnswer,
    TestRequest,
)
from api.http.living import AskedOf, done, made, others
from api.http.parameters import IdempotencyKey
from api.http.permitting import takes
from api.http.routes.connections import fact_of
from api.lives import actor_of, plain_known, plain_test
from domain.commands.changing import Changed
from domain.commands.draft_connection import DraftConnection, draft_connection
from domain.commands.establish_connection import EstablishConnection, establish_connection
from domain.commands.intent import Intent
from domain.commands.try_connection import TryConnection, try_connection
from domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["connections"])


@router.post(
    "/connections",
    operation_id="draftConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Begin to connect a system",
    response_model=ConnectionChange,
    status_code=201,
    responses=made(ConnectionChange, "It is drafted."),
)
def post_connection(
    body: DraftRequest, opened: Opened, client: Client, who: Acting, idempotency_key: IdempotencyKey = None
) -> Response:
    """A draft with what is filled in of the system's form. Nothing is asked of the source yet, and nothing polled.

    Then test it, and establish it with what you choose of what the source shows. The secret goes to the vault; only its
    fingerprint is shown from then on.
    """
    named = connection_id(client, body.id)

    def deed(intent: Intent, _: int | None) -> tuple[Changed, dict[str, Any]]:
        command = DraftConnection(
            named,
            intent,
            body.system,
            body.name or body.id,
            body.environment,
            body.values,
            body.secret,
            body.visibility,
        )
        return draft_connection(command, opened.house), {}

    return done(opened, named, who, body.reason, (None, idempotency_key), deed, 201)


@router.post(
    "/connections/{connection}/tests",
    operation_id="testConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Ask the source who we are there and what we may see",
    response_model=TestAnswer,
    status_code=201,
    responses=made(TestAnswer, "The source was asked: `passed` says whether it let us in."),
)
def post_test(asked: AskedOf, body: TestRequest) -> Response:
    """With the secret in use. A failure is recorded with its reason.

    Chosen companies and locations that are no longer visible are lost: their data stays, and they are not polled. What
    is visible again is regained. `known` are companies that other connections have already: they are one company each.
    """

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        tried = try_connection(
            TryConnection(asked.named, intent, seen, existing=others(asked.opened, asked.named)), asked.opened.house
        )
        return tried.change, plain_test(tried)

    return asked.done(body.reason, deed, 201)


@router.post(
    "/connections/{connection}/establishment",
    operation_id="establishConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Establish a tested draft",
    response_model=EstablishmentAnswer,
    status_code=201,
    responses=made(EstablishmentAnswer, "It is established, and its locations are due."),
)
def post_establishment(asked: AskedOf, body: EstablishmentRequest) -> Response:
    """With the companies or locations that are chosen, and who is responsible for it.

    Its locations poll as those of other connections to the system do, unless a preset or options say otherwise. The
    admin needs the permission, and access to all locations.
    """

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        command = EstablishConnection(
            asked.named,
            intent,
            seen,
            companies=None if body.companies is None else tuple(body.companies),
            locations=tuple(fact_of(place) for place in body.locations),
            admin=None if body.admin is None else actor_of(body.admin),
            options=body.options,
            preset=body.preset,
            presets={place.id: place.preset for place in body.locations if place.preset},
            overrides={place.id: place.options for place in body.locations if place.options},
            existing=others(asked.opened, asked.named),
        )
        came = establish_connection(command, asked.opened.house)
        after = came.change.after
        return came.change, {
            "companies": sorted(after.life.companies),
            "locations": sorted(after.locations),
            "admin": after.life.admin,
            "inherited": plain_inherited(came.inherited),
            "known": plain_known(came.known),
            "remarks": remarks_on(after),
        }

    return asked.done(body.reason, deed, 201)
