"""Tokens of an OpenID provider: which count, and where its keys come from."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

from adapters.access import BadToken, ProviderAway
from adapters.access.fetching import MOST_BYTES, check_address
from adapters.access.openid import (
    AGAIN_SECONDS,
    AWAY_SECONDS,
    KEEP_SECONDS,
    MOST_TOKEN_BYTES,
    STALE_SECONDS,
    OpenIdProvider,
)
from tests.support.openid import CLIENT_ID, ISSUER, NOW, Provider, part

_T = int(NOW.timestamp())
PROVIDER = Provider()
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
GOOD = PROVIDER.token()
_HEAD, _BODY, _SIGNATURE = GOOD.split(".")

BAD_TOKENS: dict[str, str] = {
    "nothing": "",
    "no JWT": "abc",
    "two parts": f"{_HEAD}.{_BODY}",
    "four parts": f"{GOOD}.x",
    "five parts, as if encrypted": f"{GOOD}.x.x",
    "no signature": f"{_HEAD}.{_BODY}.",
    "blanks": f" {GOOD}",
    "a line's end": f"{GOOD}\n",
    "padding": f"{_HEAD}=.{_BODY}.{_SIGNATURE}",
    "too long": f"{_HEAD}.{_BODY}.{'A' * MOST_TOKEN_BYTES}",
    "a header that is no JSON": f"{part(b'x')}.{_BODY}.{_SIGNATURE}",
    "a header that is a list": f"{part([1])}.{_BODY}.{_SIGNATURE}",
    "no algorithm": f"{part({'typ': 'JWT'})}.{_BODY}.{_SIGNATURE}",
    "alg none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{_BODY}.x",
    "alg None": f"{part({'alg': 'None'})}.{_BODY}.x",
    "alg nOnE with the signature": f"{part({'alg': 'nOnE'})}.{_BODY}.{_SIGNATURE}",
    "alg is a list": f"{part({'alg': ['RS256']})}.{_BODY}.{_SIGNATURE}",
    "HS256 with the public key": PROVIDER.token({"alg": "HS256"}),
    "HS384 with the public key": PROVIDER.token({"alg": "HS384"}),
    "HS512 with the public key": PROVIDER.token({"alg": "HS512"}),
    "RS512": PROVIDER.token({"alg": "RS512"}),
    "RS1": PROVIDER.token({"alg": "RS1"}),
    "ES256 by an RSA key": f"{part({'alg': 'ES256', 'kid': 'rsa'})}.{_BODY}.{_SIGNATURE}",
    "RS256 by an EC key": f"{part({'alg': 'RS256', 'kid': 'ec'})}.{_BODY}.{_SIGNATURE}",
    "a stranger's key of the same name": PROVIDER.token(key=STRANGER),
    "a stranger's EC key": PROVIDER.token(key=ECKey.generate_key("P-256", {"kid": "ec"})),
    "an unknown kid": PROVIDER.token({"kid": "other"}),
    "a kid that is a number": f"{part({'alg': 'RS256', 'kid': 1})}.{_BODY}.{_SIGNATURE}",
    "a kid that is a path": PROVIDER.token({"kid": "../../dev/null"}),
    "a kid that is SQL": PROVIDER.token({"kid": "x' UNION SELECT 'k"}),
    "no kid, of several keys": PROVIDER.token({"kid": None}),
    "the kid of a symmetric key": PROVIDER.token({"kid": "oct"}),
    "the kid of a weak key": PROVIDER.token({"kid": "weak"}),
    "a key in the header": PROVIDER.token({"jwk": STRANGER.as_dict(private=False)}, key=STRANGER),
    "an address of keys in the header": PROVIDER.token({"jku": "https://evil.example/jwks"}),
    "an address of a certificate": PROVIDER.token({"x5u": "https://evil.example/x"}),
    "a certificate in the header": PROVIDER.token({"x5c": ["MII"]}),
    "critical headers": PROVIDER.token({"crit": ["exp"], "exp": _T}),
    "an unencoded payload": PROVIDER.token({"b64": False, "crit": ["b64"]}),
    "compressed": PROVIDER.token({"zip": "DEF"}),
    "another type": PROVIDER.token({"typ": "logout+jwt"}),
    "another payload": f"{_HEAD}.{part(PROVIDER.claims(sub='admin'))}.{_SIGNATURE}",
    "a signature with another letter": f"{_HEAD}.{_BODY}.{'B' if _SIGNATURE[0] == 'A' else 'A'}{_SIGNATURE[1:]}",
    "expired": PROVIDER.token(exp=_T - 31),
    "expired long ago": PROVIDER.token(exp=1),
    "no expiry": PROVIDER.token(exp=None),
    "an expiry that is text": PROVIDER.token(exp=str(_T + 300)),
    "an expiry that is true": PROVIDER.token(exp=True),
    "an expiry below zero": PROVIDER.token(exp=-1),
    "not yet": PROVIDER.token(nbf=_T + 31),
    "a beginning that is text": PROVIDER.token(nbf="now"),
    "issued tomorrow": PROVIDER.token(iat=_T + 86400),
    "another issuer": PROVIDER.token(iss="https://evil.example"),
    "an issuer with a slash": PROVIDER.token(iss=f"{ISSUER}/"),
    "issuers": PROVIDER.token(iss=[ISSUER]),
    "no issuer": PROVIDER.token(iss=None),
    "another audience": PROVIDER.token(aud="other"),
    "other audiences": PROVIDER.token(aud=["other", f"{CLIENT_ID} "]),
    "no audience": PROVIDER.token(aud=None),
    "an audience that is an object": PROVIDER.token(aud={CLIENT_ID: 1}),
    "no subject": PROVIDER.token(sub=None),
    "an empty subject": PROVIDER.token(sub=""),
    "a subject that is a number": PROVIDER.token(sub=1),
    "a subject of two lines": PROVIDER.token(sub="a\nb"),
    "a long subject": PROVIDER.token(sub="a" * 256),
}


@pytest.fixture(scope="module")
def provider() -> OpenIdProvider:
    """Ours, connected."""
    return PROVIDER.connect()


def test_there_are_enough() -> None:
    """At least forty, each of them another."""
    assert len(set(BAD_TOKENS.values())) == len(BAD_TOKENS) >= 40


@pytest.mark.parametrize("case", BAD_TOKENS)
def test_a_bad_token_proves_nothing(provider: OpenIdProvider, case: str) -> None:
    """Each of them is refused, and nothing is fetched from anywhere but the provider's own two addresses."""
    with pytest.raises(BadToken):
        provider.subject_of(BAD_TOKENS[case], NOW)
    assert set(PROVIDER.asked) <= {"/.well-known/openid-configuration", "/jwks"}


GOOD_TOKENS: dict[str, str] = {
    "RS256": GOOD,
    "PS256": PROVIDER.token({"alg": "PS256"}),
    "ES256": PROVIDER.token(key=PROVIDER.ec),
    "an access token": PROVIDER.token({"typ": "at+jwt"}),
    "several audiences": PROVIDER.token(aud=["other", CLIENT_ID]),
    "a clock that is off a little": PROVIDER.token(exp=_T - 29, nbf=_T + 29),
    "no beginning": PROVIDER.token(nbf=None, iat=None),
}


@pytest.mark.parametrize("case", GOOD_TOKENS)
def test_a_good_token_says_who_it_is(provider: OpenIdProvider, case: str) -> None:
    """Of every algorithm that counts."""
    assert provider.subject_of(GOOD_TOKENS[case], NOW) == "s-1"
    assert provider.at_hand


def test_programs_may_have_an_audience_of_their_own() -> None:
    """Where it is set, a token for the sign-in is none for programs, and the other way round."""
    apart = PROVIDER.connect(audience="daybook-api")
    for_programs = PROVIDER.token(aud="daybook-api", nonce="n")
    assert apart.subject_of(for_programs, NOW) == "s-1"
    with pytest.raises(BadToken):
        apart.subject_of(GOOD, NOW)
    with pytest.raises(BadToken):
        apart.subject_of_sign_in(for_programs, "n", NOW)


SIGN_INS: dict[str, dict[str, Any]] = {
    "no nonce": {},
    "another nonce": {"nonce": "other"},
    "another party": {"nonce": "n", "azp": "other"},
    "expired": {"nonce": "n", "exp": _T - 60},
}


@pytest.mark.parametrize("case", SIGN_INS)
def test_an_answer_to_another_sign_in_proves_nothing(provider: OpenIdProvider, case: str) -> None:
    """The nonce is ours, and so is the party that the token was made for."""
    with pytest.raises(BadToken):
        provider.subject_of_sign_in(PROVIDER.token(**SIGN_INS[case]), "n", NOW)
    assert provider.subject_of_sign_in(PROVIDER.token(nonce="n", azp=CLIENT_ID), "n", NOW) == "s-1"


def test_keys_are_fetched_seldom() -> None:
    """Once for ten minutes; an unknown key makes us look again, at most every half minute."""
    there = Provider()
    ours = there.connect()
    assert not ours.at_hand
    for _ in range(5):
        assert ours.subject_of(there.token(), NOW) == "s-1"
    assert there.asked.count("/jwks") == 1
    there.rsa = RSAKey.generate_key(2048, {"kid": "rotated"})
    for _ in range(3):
        with pytest.raises(BadToken):
            ours.subject_of(there.token(), NOW)
    assert there.asked.count("/jwks") == 1
    there.seconds += AGAIN_SECONDS
    assert ours.subject_of(there.token(), NOW) == "s-1"
    assert there.asked.count("/jwks") == 2
    there.seconds += KEEP_SECONDS
    assert not ours.at_hand
    assert ours.subject_of(there.token(), NOW) == "s-1"
    assert there.asked.count("/jwks") == 3


def test_a_provider_that_is_away_is_left_alone() -> None:
    """Its keys count for an hour; who asks meanwhile does not wait for it; without any nobody is recognized."""
    there = Provider()
    ours = there.connect()
    there.away = True
    for _ in range(3):
        with pytest.raises(ProviderAway):
            ours.subject_of(there.token(), NOW)
    assert len(there.asked) == 1
    there.away = False
    there.seconds += AWAY_SECONDS
    assert ours.subject_of(there.token(), NOW) == "s-1"
    there.away = True
    there.seconds += KEEP_SECONDS
    assert ours.subject_of(there.token(), NOW) == "s-1"
    there.seconds += STALE_SECONDS
    with pytest.raises(ProviderAway):
        ours.subject_of(there.token(), NOW)


BROKEN: dict[str, tuple[str, httpx.Response]] = {
    "another name": ("/.well-known/openid-configuration", httpx.Response(200, json=PROVIDER.about(issuer="x"))),
    "no addresses": ("/.well-known/openid-configuration", httpx.Response(200, json={"issuer": ISSUER})),
    "keys elsewhere": (
        "/.well-known/openid-configuration",
        httpx.Response(200, json=PROVIDER.about(jwks_uri="https://evil.example/jwks")),
    ),
    "keys at another port": (
        "/.well-known/openid-configuration",
        httpx.Response(200, json=PROVIDER.about(jwks_uri=f"{ISSUER}:8443/jwks")),
    ),
    "a token address in clear": (
        "/.well-known/openid-configuration",
        httpx.Response(200, json=PROVIDER.about(token_endpoint="http://id.example/token")),
    ),
    "a list": ("/jwks", httpx.Response(200, json=[])),
    "no JSON": ("/jwks", httpx.Response(200, text="<html>")),
    "an error": ("/jwks", httpx.Response(500)),
    "a redirect": ("/jwks", httpx.Response(302, headers={"Location": "https://evil.example/jwks"})),
    "too much": ("/jwks", httpx.Response(200, text=" " * (MOST_BYTES + 1) + "{}")),
    "packed": ("/jwks", httpx.Response(200, headers={"Content-Encoding": "zstd"}, content=b"")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_a_provider_says_is_believed_within_bounds(case: str) -> None:
    """Redirects, other origins, other names and floods are its failure, and nobody is recognized by them."""
    there = Provider()
    path, answer = BROKEN[case]
    there.answers[path] = answer
    with pytest.raises(ProviderAway):
        there.connect().subject_of(there.token(), NOW)


def test_without_keys_no_token_counts() -> None:
    """A provider that lists none, or something else, recognizes nobody."""
    nothing: tuple[Any, ...] = ([], {}, None)
    for listed in nothing:
        there = Provider()
        there.answers["/jwks"] = httpx.Response(200, json={"keys": listed})
        with pytest.raises(BadToken):
            there.connect().subject_of(there.token(), NOW)


def test_the_way_to_the_provider_and_back() -> None:
    """The address carries state, nonce and a challenge; the code is exchanged with its verifier and our secret."""
    there = Provider()
    ours = there.connect(secret="our secret")
    assert "our secret" not in repr(ours)
    where = urlsplit(ours.sign_in_address("http://localhost/back", "st", "no", "verifier"))
    asked = {name: value for name, (value,) in parse_qs(where.query).items()}
    assert (where.netloc, where.path) == ("id.example", "/authorize")
    assert (asked["state"], asked["nonce"], asked["scope"]) == ("st", "no", "openid")
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ"
    there.answers["/token"] = httpx.Response(200, json={"id_token": "x.y.z"})
    assert ours.id_token("code", "http://localhost/back", "verifier") == "x.y.z"
    there.answers["/token"] = httpx.Response(200, json={"access_token": "x"})
    with pytest.raises(BadToken):
        ours.id_token("code", "http://localhost/back", "verifier")
    there.answers["/token"] = httpx.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(BadToken):
        ours.id_token("code", "http://localhost/back", "verifier")
    there.answers["/token"] = httpx.Response(500)
    with pytest.raises(ProviderAway):
        ours.id_token("code", "http://localhost/back", "verifier")


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://id.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000/x", True),
        ("http://[::1]:1/x", True),
        ("http://id.example", False),
        ("ftp://id.example", False),
        ("https://user:word@id.example", False),
        ("https://", False),
        ("https://id.example:99999", False),
        ("None", False),
        ("http://localhost.evil.example", False),
    ],
)
def test_addresses_are_https_or_of_this_machine(url: str, fine: bool) -> None:
    """Anything else is never asked."""
    if fine:
        assert check_address(url) == url
    else:
        with pytest.raises(ProviderAway):
            check_address(url)
