"""The door: who asks, by the header Authorization or the cookie of a session, before anything of a request is read."""

import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

import anyio.to_thread
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.types import Scope

from api.access.recognizing import HOW_TO
from api.access.remembering import NotAtHand
from api.composition import OpenHouse
from api.refusals import FromElsewhere, NotLinked, NotSignedIn
from domain.permissions import Principal
from domain.ports.journal import JournalUnavailable

PUBLIC: Final = frozenset({"/", "/docs", "/openapi.json", "/healthz", "/readyz", "/problems"})
"""Addresses that anybody may ask; those below ``/problems/`` as well."""

PUBLIC_POSTS: Final = frozenset({"/v1/sessions", "/v1/passwords"})
"""Where people sign in, and choose a password with a one-time secret."""

PUBLIC_GETS: Final = frozenset({"/v1/oidc/sign-in", "/v1/oidc/callback"})
"""Where people sign in through an OpenID provider."""

WRITE_HEADER: Final = "daybook-write"
"""Tells that a page of daybook itself sent a request: another site's page cannot send it without being asked first."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PRINCIPAL: Final = "daybook.principal"
_SESSION: Final = "daybook.session"
_LONGEST: Final = 10_000


class Door:
    """Lets requests in."""

    def __init__(self, opened: OpenHouse) -> None:
        self._reception = opened.reception
        self._settings = opened.settings
        self._cookie = cookie_name(secure=opened.settings.secure)

    async def let_in(self, scope: Scope) -> None:
        """Find out who asks, and remember it with the request.

        Raises:
            NotSignedIn: nobody says so, or what they say proves nothing.
            TooManyAttempts: too much proved nothing that came from there.
            NotLinked: an OpenID provider's word is right, but stands for no user.
            FromElsewhere: a page of another site sends the request.
            ProviderAway, JournalUnavailable: it cannot be told now.
        """
        if is_public(scope["method"], scope["path"]):
            return
        headers = Headers(scope=scope)
        given = headers.getlist("authorization")
        token = session_token(headers, self._cookie)
        if not given and token is None:
            if self._settings.access == "open":
                return
            raise NotSignedIn(f"Nobody says who asks. {HOW_TO}")
        try:
            if given:
                scope[_PRINCIPAL] = await self._by_header(headers, given)
            elif token is not None:
                await self._by_cookie(scope, headers, token)
        except (NotSignedIn, NotLinked) as refusal:
            why = refusal.why if isinstance(refusal, NotSignedIn) else "not linked"
            self._reception.failed(address_of(scope, headers, self._settings.trusted_proxies), why)
            raise

    async def _by_cookie(self, scope: Scope, headers: Headers, token: str) -> None:
        check_page(scope, headers, self._settings.host_names)
        try:
            scope[_PRINCIPAL] = await _quickly(self._reception.recognizer.by_session, token)
        except NotSignedIn as refusal:
            refusal.stale_cookie = self._cookie
            raise
        scope[_SESSION] = token

    async def _by_header(self, headers: Headers, given: list[str]) -> Principal:
        scheme, _, credential = given[0].strip().partition(" ")
        credential = credential.strip()
        if len(given) > 1 or scheme.lower() != "bearer" or not credential or len(credential) > _LONGEST:
            raise NotSignedIn(f"The header Authorization holds no bearer token. {HOW_TO}", "no bearer token")
        recognizer = self._reception.recognizer
        if credential.startswith("dbk_"):
            return await _quickly(recognizer.by_key, credential)
        client = headers.get("daybook-client", self._settings.client)
        return await _quickly(recognizer.by_token, credential, client)


async def _quickly(recognize: Callable[..., Principal], *proof: str) -> Principal:
    """From memory where that will do, else in a thread, which may ask the database."""
    try:
        return recognize(*proof, at_hand=True)
    except NotAtHand:
        try:
            return await anyio.to_thread.run_sync(lambda: recognize(*proof))
        except (OperationalError, InterfaceError, PoolTimeout):
            raise JournalUnavailable("The database does not answer, so that nobody can be recognized.") from None


def principal_in(scope: Scope) -> Principal | None:
    """Who asks, as the door recognized them; None where access is open and they said nothing, or all may ask."""
    found: Principal | None = scope.get(_PRINCIPAL)
    return found


def token_in(scope: Scope) -> str | None:
    """The token of the session that the request came with, where it counted."""
    found: str | None = scope.get(_SESSION)
    return found


def is_public(method: str, path: str) -> bool:
    """Anybody may ask that."""
    if path in PUBLIC or path.startswith("/problems/"):
        return True
    return path in PUBLIC_POSTS if method == "POST" else method == "GET" and path in PUBLIC_GETS


def cookie_name(*, secure: bool) -> str:
    """The name of the session's cookie. With the prefix browsers keep it for this very host, by https alone."""
    return "__Host-daybook-session" if secure else "daybook-session"


def session_token(headers: Headers, cookie: str) -> str | None:
    """The token in the session's cookie."""
    return cookie_in(headers, cookie)


def cookie_in(headers: Headers, name: str) -> str | None:
    """The value of a cookie; one that comes twice counts as none, because either may be planted."""
    try:
        jars = [SimpleCookie(value) for value in headers.getlist("cookie")]
    except CookieError:
        return None
    found = [jar[name].value for jar in jars if name in jar]
    times = sum(len(re.findall(rf"(?:^|;)\s*{re.escape(name)}\s*=", value)) for value in headers.getlist("cookie"))
    return found[0] if len(found) == 1 == times else None


def check_page(scope: Scope, headers: Headers, names: frozenset[str]) -> None:
    """Make sure that no page of another site writes with somebody's cookie.

    Raises:
        FromElsewhere: the browser says that it does, or nothing says that it does not.
    """
    if scope["method"] in _SAFE:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    told = site if site is not None else ("same-origin" if WRITE_HEADER in headers else "unknown")
    host = urlsplit(f"//{headers.get('host', '')}").netloc.lower()
    if told != "same-origin" or (origin is not None and urlsplit(origin).netloc.lower() not in {host, *names}):
        raise FromElsewhere(
            "A request with the cookie of a session has to come from a page of daybook itself. Programs send an API "
            "key, or the header Daybook-Write beside the cookie."
        )


def address_of(scope: Scope, headers: Headers, proxies: frozenset[str]) -> str:
    """The address that a request comes from; of what a believed proxy passes on, the one that it names."""
    client = scope.get("client")
    address = str(client[0]) if client else "?"
    if address in proxies:
        named = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if 0 < len(named) <= 45 and named.isascii() and named.isprintable():
            return named
    return address
