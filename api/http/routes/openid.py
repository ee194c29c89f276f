"""Signing in through an OpenID provider: there with a code to come back with, and back."""

import base64
import binascii
import hmac
import secrets
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from adapters.access import BadToken
from api.composition import OpenHouse
from api.http.answering import Whole
from api.http.documents import documented
from api.http.door import cookie_in
from api.http.people_models import Me
from api.http.permitting import PUBLIC
from api.http.routes.sessions import address, welcome
from api.refusals import NoProvider, NotLinked, NotSignedIn
from api.settings import Settings
from domain.identifiers import plain

if TYPE_CHECKING:
    from adapters.access.openid import OpenIdProvider

router = APIRouter(prefix="/v1/oidc", tags=["access"])

_MINUTES: Final = 10
"""How long somebody has for signing in at the provider."""

_LONGEST: Final = 2_000


class _Begun(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the browser keeps while it is at the provider's. The user's own secrets: nobody else has them."""

    state: str
    nonce: str
    verifier: str
    client: str


_READ: Final = msgspec.json.Decoder(_Begun).decode


@router.get(
    "/sign-in",
    operation_id="signInWithProvider",
    dependencies=[PUBLIC],
    summary="Sign in through the OpenID provider",
    status_code=303,
    responses=documented({303: "To the provider."}, 400, 404, 422, 503, headers=["Location"]),
)
def get_sign_in(
    request: Request,
    opened: Whole,
    client: Annotated[str | None, Query(max_length=64, description="Whose data.")] = None,
) -> Response:
    """Leads a browser to the provider, with a code challenge (PKCE); it comes back to `/v1/oidc/callback`."""
    provider = _provider(opened)
    state, nonce, verifier = [secrets.token_urlsafe(32) for _ in range(3)]
    begun = _Begun(state, nonce, verifier, plain(client or opened.settings.client, "client"))
    where = provider.sign_in_address(_callback(request, opened.settings), state, nonce, verifier)
    found = RedirectResponse(where, 303)
    kept = base64.urlsafe_b64encode(msgspec.json.encode(begun)).rstrip(b"=").decode()
    secure = opened.settings.secure
    # Lax: the browser comes back from another site, and has to bring it.
    found.set_cookie(
        _cookie(opened.settings), kept, max_age=_MINUTES * 60, path="/", secure=secure, httponly=True, samesite="lax"
    )
    return found


@router.get(
    "/callback",
    operation_id="comeBackFromProvider",
    dependencies=[PUBLIC],
    summary="Come back from the OpenID provider",
    response_model=Me,
    status_code=201,
    responses=documented({201: "Signed in: the cookie is set."}, 401, 403, 404, 422, 429, 503, model=Me),
)
def get_callback(
    request: Request,
    opened: Whole,
    state: Annotated[str, Query(max_length=_LONGEST, description="What this browser began with.")] = "",
    code: Annotated[
        str, Query(max_length=_LONGEST, description="What the provider gives in exchange for a sign-in.")
    ] = "",
    error: Annotated[str, Query(max_length=_LONGEST, description="What went wrong at the provider.")] = "",
    iss: Annotated[str, Query(max_length=_LONGEST, description="The provider, where it says so.")] = "",
) -> Response:
    """The code is exchanged for the provider's word on who it is; the user who is linked to that is signed in."""
    provider, reception = _provider(opened), opened.reception
    where = address(request, opened.settings)
    reception.check_address(where)
    begun = _begun(request, opened.settings)
    try:
        if begun is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
            raise NotSignedIn("This browser did not begin to sign in here, or too long ago: begin again.", "state")
        if error or not code or (iss and iss != provider.issuer):
            raise NotSignedIn("The OpenID provider did not sign you in: begin again.", "no code")
        token = provider.id_token(code, _callback(request, opened.settings), begun.verifier)
        subject = provider.subject_of_sign_in(token, begun.nonce, reception.recognizer.now())
        user = reception.recognizer.linked(provider.issuer, subject, begun.client)
    except (NotSignedIn, NotLinked, BadToken) as refusal:
        reception.failed(where, getattr(refusal, "why", type(refusal).__name__))
        if isinstance(refusal, BadToken):
            raise NotSignedIn("The OpenID provider's answer does not prove who you are: begin again.") from None
        raise
    found = welcome(reception.begin(begun.client, user, "oidc"), opened.settings)
    found.delete_cookie(_cookie(opened.settings), path="/", secure=opened.settings.secure, httponly=True)
    return found


def _provider(opened: OpenHouse) -> "OpenIdProvider":
    provider = opened.reception.recognizer.provider
    if provider is None:
        raise NoProvider("Signing in through an OpenID provider is not set up here (DAYBOOK_OIDC_ISSUER).")
    return provider


def _callback(request: Request, settings: Settings) -> str:
    """Where the browser comes back to: the name was checked at the door."""
    base = settings.public_url.rstrip("/") or f"http://{request.headers['host']}"
    return f"{base}/v1/oidc/callback"


def _cookie(settings: Settings) -> str:
    return "__Host-daybook-sign-in" if settings.secure else "daybook-sign-in"


def _begun(request: Request, settings: Settings) -> _Begun | None:
    kept = cookie_in(Headers(scope=request.scope), _cookie(settings))
    try:
        return None if kept is None else _READ(base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
