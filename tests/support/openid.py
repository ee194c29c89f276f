"""An OpenID provider of our own for tests: it signs whatever it is told to, and counts what it is asked."""

import base64
import datetime as dt
import hashlib
import hmac
from typing import Any

import httpx
import msgspec
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from adapters.access.openid import OpenIdProvider

ISSUER = "https://id.example"
CLIENT_ID = "daybook"
NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


class Provider:
    """Its keys are ``rsa`` and ``ec``.

    Attributes:
        asked: paths, in order.
        answers: by path, in place of what it would answer.
        away: it does not answer.
    """

    def __init__(self) -> None:
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
        self.ec = ECKey.generate_key("P-256", {"kid": "ec"})
        self.asked: list[str] = []
        self.answers: dict[str, httpx.Response] = {}
        self.away = False
        self.seconds = 0.0

    def connect(self, **given: Any) -> OpenIdProvider:
        """Ours, which talks to it without a network."""
        transport = httpx.MockTransport(self._answer)
        return OpenIdProvider(ISSUER, CLIENT_ID, **{"transport": transport, "monotonic": lambda: self.seconds, **given})

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What a right token says; a change to None leaves it out."""
        now = int(NOW.timestamp())
        plain = {"iss": ISSUER, "aud": CLIENT_ID, "sub": "s-1", "iat": now, "nbf": now, "exp": now + 300}
        return {name: value for name, value in {**plain, **changed}.items() if value is not None}

    def token(self, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        """A token."""
        key = key or self.rsa
        alg = "ES256" if isinstance(key, ECKey) else "RS256"
        head = {"alg": alg, "kid": key.kid, "typ": "JWT", **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        payload = msgspec.json.encode(self.claims(**changed))
        if head["alg"] in {"RS256", "PS256", "ES256"} and set(head) <= {"alg", "kid", "typ"}:
            return jws.serialize_compact(head, payload, key, [head["alg"]])
        return forged(head, payload, key)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path in self.answers:
            return self.answers[request.url.path]
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.about())
        if request.url.path == "/jwks":
            return httpx.Response(200, json=self.keys())
        return httpx.Response(404)

    def about(self, **changed: Any) -> dict[str, Any]:
        """Its discovery document."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            **changed,
        }

    def keys(self) -> dict[str, Any]:
        """Its public keys, and some that we cannot use."""
        ours = [key.as_dict(private=False) for key in (self.rsa, self.ec)]
        strange = [
            {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"},
            {"kty": "RSA", "kid": "weak", "n": "AQAB", "e": "AQAB"},
            {"kty": "RSA", "kid": "broken", "n": "!" * 400, "e": "AQAB"},
            {"kty": "EC", "kid": "enc", "use": "enc"},
            {"kty": "Lattice", "kid": "new"},
            "no key at all",
        ]
        return {"keys": [*strange, *ours]}


def part(content: Any) -> str:
    """A part of a token."""
    text = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def forged(header: dict[str, Any], payload: bytes, key: RSAKey | ECKey) -> str:
    """A token signed as a forger would: by HMAC with the public key, or with any signature."""
    signed = f"{part(header)}.{part(payload)}"
    if str(header.get("alg")).startswith("HS"):
        digest = getattr(hashlib, f"sha{str(header['alg'])[2:]}")
        return f"{signed}.{part(hmac.new(key.as_pem(private=False), signed.encode(), digest).digest())}"
    good = jws.serialize_compact({"alg": "RS256" if isinstance(key, RSAKey) else "ES256"}, payload, key)
    return f"{signed}.{good.rpartition('.')[2]}"
