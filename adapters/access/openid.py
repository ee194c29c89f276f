"""OpenID Connect: whether a provider's token is right, and signing in with an authorization code.

Keys are only ever fetched from the provider's own origin, whatever a token says; only fixed algorithms count.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import urlencode

import httpx
import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from adapters.access.fetching import check_address, fetch_json, origin_of
from adapters.access.refusing import BadToken, ProviderAway, ProviderRefused
from domain.texts import has_control_characters

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""The only ones that count. None of them takes a secret, so that a public key can never be mistaken for one."""

MOST_TOKEN_BYTES: Final = 8 * 1024
LEEWAY_SECONDS: Final = 30
"""How far the provider's clock may be off."""

KEEP_SECONDS: Final = 600.0
"""How long the provider's keys are good for before they are fetched again."""

AGAIN_SECONDS: Final = 30.0
"""A key that is not among them makes us look again, at most this often."""

STALE_SECONDS: Final = 3600.0
"""How long they count while the provider does not answer."""

AWAY_SECONDS: Final = 10.0
"""How long a provider that did not answer is left alone."""

_LEAST_MODULUS: Final = 342
"""Letters of an RSA modulus of 2048 bits."""

_MOST_KEYS: Final = 50
_LONGEST_SUBJECT: Final = 255
_JWT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_KINDS: Final[dict[Any, Any]] = {"RSA": RSAKey, "EC": ECKey}
_HEADERS: Final = frozenset({"alg", "typ", "kid", "cty", "x5t", "x5t#S256"})
"""What a token's header may hold. Least of all a key, or where to get one."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says about itself."""

    authorization: str
    token: str
    keys: KeySet
    at: float


@dataclass(slots=True)
class OpenIdProvider:
    """An OpenID provider.

    Attributes:
        issuer: its address, as its tokens say it.
        client_id: our id there.
        secret: ours there; empty for none (PKCE protects the code either way).
        audience: whom tokens of programs have to be for; empty: our id.
        transport: for tests.
        monotonic: a clock, for tests.
    """

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    audience: str = ""
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    monotonic: Callable[[], float] = time.monotonic
    _known: _Known | None = field(default=None, init=False, repr=False)
    _away_until: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def at_hand(self) -> bool:
        """What the provider says is known and fresh."""
        return self._known is not None and self.monotonic() - self._known.at < KEEP_SECONDS

    def subject_of(self, token: str, now: dt.datetime) -> str:
        """Who a program's token is about, by the provider's id.

        Raises:
            BadToken: it proves nothing.
            ProviderAway: the keys cannot be fetched.
        """
        return _subject(self._claims(token, self.audience or self.client_id, now))

    def subject_of_sign_in(self, token: str, nonce: str, now: dt.datetime) -> str:
        """Who signed in, by the ID token that a code was exchanged for.

        Raises:
            BadToken: it proves nothing, or is an answer to another sign-in.
            ProviderAway: the keys cannot be fetched.
        """
        claims = self._claims(token, self.client_id, now)
        if claims.get("nonce") != nonce:
            raise BadToken("another nonce")
        if claims.get("azp", self.client_id) != self.client_id:
            raise BadToken("for another party")
        return _subject(claims)

    def sign_in_address(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Where somebody goes to sign in.

        Raises:
            ProviderAway: it cannot be found out.
        """
        address = self._fresh().authorization
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def id_token(self, code: str, redirect: str, verifier: str) -> str:
        """The ID token for an authorization code.

        Raises:
            BadToken: the code is refused, or there is none in the answer.
            ProviderAway: the provider does not answer.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        auth = (self.client_id, self.secret) if self.secret else None
        try:
            found = fetch_json(self._fresh().token, form=form, auth=auth, transport=self.transport)
        except ProviderRefused:
            raise BadToken("the code is refused") from None
        token = found.get("id_token")
        if not isinstance(token, str):
            raise BadToken("no ID token")
        return token

    def _claims(self, token: str, audience: str, now: dt.datetime) -> dict[str, Any]:
        header = _header(token)
        try:
            payload = jws.deserialize_compact(token, self._key(header), list(ALGORITHMS)).payload
            claims = msgspec.json.decode(payload or b"")
        except (JoseError, ValueError, TypeError, msgspec.DecodeError) as error:
            raise BadToken(type(error).__name__) from None
        if not isinstance(claims, dict):
            raise BadToken("no claims")
        self._check(claims, audience, now)
        return claims

    def _check(self, claims: dict[str, Any], audience: str, now: dt.datetime) -> None:
        registry = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, OverflowError) as error:
            raise BadToken(f"{type(error).__name__}: {str(error)[:100]}") from None
        if any(isinstance(claims.get(name), bool) for name in ("exp", "nbf", "iat")):
            raise BadToken("a time that is none")

    def _key(self, header: Mapping[str, Any]) -> RSAKey | ECKey:
        """The provider's key that a header names; without a name its only one."""
        kid = header.get("kid")
        for known in (self._fresh(), None):
            keys = (known or self._again()).keys.keys
            found = [key for key in keys if kid is None or key.kid == kid]
            if len(found) == 1:
                return cast(RSAKey | ECKey, found[0])
        raise BadToken("an unknown key")

    def _fresh(self) -> _Known:
        return self._not_older(KEEP_SECONDS)

    def _again(self) -> _Known:
        return self._not_older(AGAIN_SECONDS)

    def _not_older(self, seconds: float) -> _Known:
        """What the provider says, fetched again where it is older; while the provider is away what it said before."""
        with self._lock:
            known, now = self._known, self.monotonic()
            if known is not None and now - known.at < seconds:
                return known
            if now >= self._away_until:
                try:
                    known = self._known = self._discover()
                except ProviderAway:
                    self._away_until = now + AWAY_SECONDS
                    if known is None or now - known.at >= STALE_SECONDS:
                        raise
            if known is None or now - known.at >= STALE_SECONDS:
                raise ProviderAway("The OpenID provider did not answer a moment ago: ask again later.")
            return known

    def _discover(self) -> _Known:
        about = fetch_json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", transport=self.transport)
        if about.get("issuer") != self.issuer:
            raise ProviderAway("The OpenID provider calls itself by another name than the setting does.")
        addresses = [about.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        authorization, token, keys = [check_address(str(address)) for address in addresses]
        if origin_of(keys) != origin_of(self.issuer):
            raise ProviderAway("The OpenID provider's keys are not at its own address.")
        found = fetch_json(keys, transport=self.transport)
        return _Known(authorization, token, _key_set(found), self.monotonic())


def challenge_of(verifier: str) -> str:
    """The PKCE challenge of a verifier (S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _header(token: str) -> dict[str, Any]:
    """The header of a token, as far as it has the form of one that counts.

    Raises:
        BadToken: it has not.
    """
    if len(token) > MOST_TOKEN_BYTES or not _JWT.fullmatch(token):
        raise BadToken("not a JWT")
    first = token.partition(".")[0]
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise BadToken("no header") from None
    if not isinstance(header, dict) or not set(header) <= _HEADERS:
        raise BadToken("a header that names what it must not")
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("another algorithm")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise BadToken("another type of token")
    if not isinstance(header.get("kid", ""), str):
        raise BadToken("an unknown key")
    return header


def _key_set(found: Mapping[str, Any]) -> KeySet:
    """The keys that sign, as far as we know their kind."""
    listed = found.get("keys")
    keys: list[Any] = []
    for one in listed[:_MOST_KEYS] if isinstance(listed, list) else []:
        kind = _KINDS.get(one.get("kty")) if isinstance(one, dict) else None
        if kind is None or one.get("use", "sig") != "sig":
            continue
        if kind is RSAKey and len(str(one.get("n", ""))) < _LEAST_MODULUS:
            continue
        try:
            keys.append(kind.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # one that we cannot read takes none of the others away
    return KeySet(keys)


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or has_control_characters(subject):
        raise BadToken("no subject")
    return subject
