"""Signing in and out, and what one may do."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import Headers
from starlette.responses import Response

from api import people
from api.access.signing_in import SignedIn
from api.http.answering import Acting, Whole, answer
from api.http.documents import documented
from api.http.door import address_of, cookie_name, token_in
from api.http.people_models import Me, OwnPasswordRequest, PasswordAnswer, PasswordRequest, SignInRequest
from api.http.permitting import PUBLIC, SIGNED_IN
from api.refusals import NotSignedIn
from api.settings import Settings
from domain.permissions import Permission, Principal

router = APIRouter(prefix="/v1", tags=["access"])


@router.post(
    "/sessions",
    operation_id="signIn",
    dependencies=[PUBLIC],
    summary="Sign in with a password",
    response_model=Me,
    status_code=201,
    responses=documented({201: "Signed in: the cookie is set."}, 400, 401, 408, 413, 415, 422, 429, 503, model=Me),
)
def post_session(request: Request, body: SignInRequest, opened: Whole) -> Response:
    """Answers the cookie of a session, for browsers; programs send an API key instead.

    A login that there is not and a wrong password are answered the same, after the same time.
    """
    client = opened.settings.client if body.client is None else body.client
    signed = opened.reception.by_password(client, body.login, body.password, address(request, opened.settings))
    return welcome(signed, opened.settings)


def welcome(signed: SignedIn, settings: Settings) -> Response:
    """The answer that sets the cookie."""
    found = answer(_me(signed.who) | {"expires_at": signed.expires_at}, status=201)
    found.set_cookie(
        cookie_name(secure=settings.secure),
        signed.token,
        max_age=round(settings.session_hours * 3600),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )
    return found


@router.delete(
    "/sessions/current",
    operation_id="signOut",
    dependencies=[SIGNED_IN],
    summary="Sign out",
    status_code=204,
    responses=documented({204: "The session is over."}, 503),
)
def delete_session(request: Request, opened: Whole) -> Response:
    """Ends the session that the request came with; of an API key there is none to end."""
    token = token_in(request.scope)
    if token is not None:
        opened.reception.sign_out(token)
    found = Response(status_code=204)
    secure = opened.settings.secure
    found.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="strict")
    return found


@router.get(
    "/me",
    operation_id="getMe",
    dependencies=[SIGNED_IN],
    summary="Who asks, and what they may do",
    response_model=Me,
    responses=documented({200: "They."}, 422, 503),
)
def get_me(request: Request, opened: Whole, who: Acting) -> Response:
    """By the key, the session or the token that came with the request."""
    token = token_in(request.scope)
    until = None if token is None else opened.reception.recognizer.session_of(token)[0].expires_at
    return answer(_me(who) | {"expires_at": until})


@router.put(
    "/me/password",
    operation_id="changePassword",
    dependencies=[SIGNED_IN],
    summary="Choose another password",
    status_code=204,
    responses=documented({204: "Chosen: every session of the user is over."}, 400, 401, 408, 413, 415, 422, 429, 503),
)
def put_password(request: Request, body: OwnPasswordRequest, opened: Whole) -> Response:
    """For users who signed in with their password; it takes the present one."""
    token = token_in(request.scope)
    if token is None:
        raise NotSignedIn("Sign in to change your password: an API key has none.")
    session, user = opened.reception.recognizer.session_of(token)
    where = address(request, opened.settings)
    people.change_password(opened, session.client, user, body.current, body.password, where)
    return Response(status_code=204)


@router.post(
    "/passwords",
    operation_id="choosePassword",
    dependencies=[PUBLIC],
    summary="Choose a password with a one-time secret",
    response_model=PasswordAnswer,
    status_code=201,
    responses=documented(
        {201: "Chosen: sign in with it."}, 400, 401, 408, 409, 413, 415, 422, 429, 503, model=PasswordAnswer
    ),
)
def post_password(request: Request, body: PasswordRequest, opened: Whole) -> Response:
    """The secret is spent by it, once; a password that may not be chosen spends it not."""
    client, login = people.accept(opened, body.secret, body.password, address(request, opened.settings))
    return answer({"client": client, "login": login}, status=201)


def address(request: Request, settings: Settings) -> str:
    """Where a request comes from."""
    return address_of(request.scope, Headers(scope=request.scope), settings.trusted_proxies)


def _me(who: Principal) -> dict[str, Any]:
    rights = who.rights
    return {
        "actor": who.actor,
        "client": who.client,
        "how": who.how,
        "roles": list(rights.roles),
        "permissions": [permission.value for permission in Permission if permission in rights.permissions],
        "locations": None if rights.locations is None else sorted(rights.locations),
    }
