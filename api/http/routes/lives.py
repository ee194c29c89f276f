"""The life of a connection that is made: editing, sharing, rotating, renewing, suspending and ending it."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.http.life_models import (
    AdminRequest,
    ConnectionChange,
    CredentialsRequest,
    EditConnectionAnswer,
    EditConnectionRequest,
    LifeRequest,
    RenewalRequest,
    VisibilityRequest,
)
from api.http.living import DONE, AskedOf, others
from api.http.permitting import takes
from api.lives import actor_of, check_taken, plain_known
from domain.commands.change_admin import ChangeAdmin, change_admin
from domain.commands.changing import Changed
from domain.commands.disconnect_system import DisconnectSystem, disconnect_system
from domain.commands.edit_connection import EditConnection, edit_connection
from domain.commands.intent import Intent
from domain.commands.renew_connection import RenewConnection, renew_connection
from domain.commands.rotate_credentials import RotateCredentials, rotate_credentials
from domain.commands.share_connection import ShareConnection, share_connection
from domain.commands.suspend_connection import SuspendConnection, suspend_connection
from domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["connections"])


@router.patch(
    "/connections/{connection}",
    operation_id="editConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Edit a connection",
    response_model=EditConnectionAnswer,
    responses=DONE,
)
def patch_connection(asked: AskedOf, body: EditConnectionRequest) -> Response:
    """Only what is given changes. Another address, other form values or another secret are tried at the source first.

    Where it does not take them the answer is 409 `test-failed`: that is recorded, and what was in use stays in use.
    """

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        command = EditConnection(
            asked.named,
            intent,
            seen,
            name=body.name,
            environment=body.environment,
            values=body.values,
            companies=None if body.companies is None else tuple(body.companies),
            secret=body.secret,
            existing=others(asked.opened, asked.named),
        )
        replaced = check_taken(edit_connection(command, asked.opened.house))
        return replaced.change, {"known": plain_known(replaced.known)}

    return asked.done(body.reason, deed)


@router.post(
    "/connections/{connection}/credentials",
    operation_id="rotateCredentials",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Give a connection another secret",
    response_model=ConnectionChange,
    responses=DONE,
)
def post_credentials(asked: AskedOf, body: CredentialsRequest) -> Response:
    """It is tried at the source first; where that does not take it (409 `test-failed`) the old one stays in use."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        command = RotateCredentials(asked.named, intent, seen, secret=body.secret)
        return check_taken(rotate_credentials(command, asked.opened.house)).change, {}

    return asked.done(body.reason, deed)


@router.post(
    "/connections/{connection}/renewal",
    operation_id="renewConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Renew the grant of a source",
    response_model=ConnectionChange,
    responses=DONE,
)
def post_renewal(asked: AskedOf, body: RenewalRequest) -> Response:
    """With the secret in use or another one, which is tried at the source; the grant is good anew from now on."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        command = RenewConnection(asked.named, intent, seen, secret=body.secret, valid_until=body.valid_until)
        return check_taken(renew_connection(command, asked.opened.house)).change, {}

    return asked.done(body.reason, deed)


@router.put(
    "/connections/{connection}/visibility",
    operation_id="shareConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP)],
    summary="Say whether other users may edit a connection",
    response_model=ConnectionChange,
    responses=DONE,
)
def put_visibility(asked: AskedOf, body: VisibilityRequest) -> Response:
    """`shared`: every user whose role can manage connections may edit it, and sees its companies."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        return share_connection(ShareConnection(asked.named, intent, seen, body.visibility), asked.opened.house), {}

    return asked.done(body.reason, deed)


@router.put(
    "/connections/{connection}/admin",
    operation_id="changeConnectionAdmin",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP, Permission.MANAGE_CLIENT)],
    summary="Say who is responsible for a connection",
    response_model=ConnectionChange,
    responses=DONE,
)
def put_admin(asked: AskedOf, body: AdminRequest) -> Response:
    """A user with the permission to connect the system, and access to all locations of the client."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        command = ChangeAdmin(asked.named, intent, seen, actor_of(body.admin), others(asked.opened, asked.named))
        return change_admin(command, asked.opened.house), {}

    return asked.done(body.reason, deed, steward=True)


@router.post(
    "/connections/{connection}/suspension",
    operation_id="suspendConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP, Permission.MANAGE_CLIENT)],
    summary="Suspend a connection",
    response_model=ConnectionChange,
    responses=DONE,
)
def post_suspension(asked: AskedOf, body: LifeRequest) -> Response:
    """Polls are refused with the reason, and nothing is due, until it is resumed."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        return suspend_connection(SuspendConnection(asked.named, intent, seen), asked.opened.house), {}

    return asked.done(body.reason, deed, steward=True)


@router.post(
    "/connections/{connection}/resumption",
    operation_id="resumeConnection",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP, Permission.MANAGE_CLIENT)],
    summary="Resume a suspended connection",
    response_model=ConnectionChange,
    responses=DONE,
)
def post_resumption(asked: AskedOf, body: LifeRequest) -> Response:
    """What was missed meanwhile is due, as far back as days are looked after."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        return suspend_connection(SuspendConnection(asked.named, intent, seen, suspended=False), asked.opened.house), {}

    return asked.done(body.reason, deed, steward=True)


@router.post(
    "/connections/{connection}/disconnection",
    operation_id="disconnect",
    dependencies=[takes(Permission.CONNECT_POS, Permission.CONNECT_ERP, Permission.MANAGE_CLIENT)],
    summary="Disconnect a system, for good",
    response_model=ConnectionChange,
    responses=DONE,
)
def post_disconnection(asked: AskedOf, body: LifeRequest) -> Response:
    """Nothing is due from then on; what is recorded stays, and another connection may feed the locations."""

    def deed(intent: Intent, seen: int | None) -> tuple[Changed, dict[str, Any]]:
        return disconnect_system(DisconnectSystem(asked.named, intent, seen), asked.opened.house), {}

    return asked.done(body.reason, deed, steward=True)
