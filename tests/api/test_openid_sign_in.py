"""Signing in through an OpenID provider: a real one that runs beside, and its tokens as bearers."""

import datetime as dt
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api import people
from api.composition import reception_of
from api.settings import BadSettings, load_settings
from domain.commands.disable_user import DisableUser, EnableUser
from domain.commands.link_identity import LinkIdentity
from domain.identifiers import PeopleId
from tests.api.guarded import COOKIE, Guarded, a_guarded_site, operator, with_cookie, with_key
from tests.support.openid import ISSUER, Provider

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the mock's own libraries warn of their future
    import oidc_provider_mock

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the mock's libraries, in its thread

MAIN = PeopleId("main")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that signs in whomever one names."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, issuer: str) -> Iterator[Guarded]:
    """A daybook with an auditor who is linked to ``s-1`` there."""
    folder = tmp_path_factory.mktemp("openid")
    secret = folder / "secret"
    secret.write_text("the client's secret\n")
    given = {"oidc_issuer": issuer, "oidc_client_id": "daybook", "oidc_secret_file": secret}
    with a_guarded_site(folder / "data", **given) as made:
        made.user("berta", "auditor")
        people.do(made.opened, LinkIdentity(MAIN, "berta", issuer, "s-1", operator()))
        yield made


@pytest.fixture
def guarded(shared: Guarded) -> Guarded:
    """The same, where nobody failed lately."""
    shared.calm()
    return shared


def begin(guarded: Guarded, **parameters: str) -> tuple[str, str]:
    """Begin to sign in: where the browser is led, and the cookie that it keeps."""
    answer = guarded.client.get("/v1/oidc/sign-in", params=parameters)
    assert answer.status_code == 303, answer.text
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    return answer.headers["location"], cookie.partition(";")[0]


def at_the_provider(where: str, subject: str) -> dict[str, str]:
    """Sign in there: what the browser comes back with."""
    answer = httpx.post(where, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/v1/oidc/callback"
    return {name: value for name, (value,) in parse_qs(back.query).items()}


def come_back(guarded: Guarded, parameters: dict[str, str], cookie: str) -> httpx.Response:
    """Come back from the provider."""
    return guarded.client.get("/v1/oidc/callback", params=parameters, headers={"Cookie": cookie})


def kind(answer: httpx.Response) -> tuple[int, str]:
    """Status and kind of a problem."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def test_a_linked_user_signs_in(guarded: Guarded) -> None:
    """There and back: a session of the user who is linked, which is over when the link is taken back."""
    where, cookie = begin(guarded)
    back = at_the_provider(where, "s-1")
    answer = come_back(guarded, {**back, "session_state": "whatever the provider likes to add"}, cookie)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["actor"], answer.json()["how"]) == ("user:berta", "oidc")
    mine = with_cookie(guarded.client, answer.cookies[COOKIE])
    assert mine.get("/v1/me").json()["roles"] == ["auditor"]
    again = come_back(guarded, back, cookie)
    assert kind(again) == (401, "not-signed-in")
    issuer = guarded.opened.settings.oidc_issuer
    people.do(guarded.opened, LinkIdentity(MAIN, "berta", issuer, "s-1", operator(), back=True))
    assert kind(mine.get("/v1/me")) == (401, "not-signed-in")
    people.do(guarded.opened, LinkIdentity(MAIN, "berta", issuer, "s-1", operator()))


def test_somebody_who_is_not_linked_stays_outside(guarded: Guarded) -> None:
    """They are told who they are at the provider, so that they can be linked; a disabled user is none either."""
    where, cookie = begin(guarded)
    answer = come_back(guarded, at_the_provider(where, "s-9"), cookie)
    assert kind(answer) == (403, "not-linked")
    assert "'s-9'" in answer.json()["detail"]
    assert COOKIE not in answer.cookies
    people.do(guarded.opened, DisableUser(MAIN, "berta", operator()))
    where, cookie = begin(guarded)
    assert kind(come_back(guarded, at_the_provider(where, "s-1"), cookie)) == (403, "not-linked")
    people.do(guarded.opened, EnableUser(MAIN, "berta", operator()))
    where, cookie = begin(guarded, client="other")
    assert kind(come_back(guarded, at_the_provider(where, "s-1"), cookie)) == (403, "not-linked")


def test_what_another_browser_began_is_not_finished_here(guarded: Guarded) -> None:
    """Without the cookie, with another's, with another state, nonce or verifier nobody is signed in."""
    where, cookie = begin(guarded)
    back = at_the_provider(where, "s-1")
    other_where, other = begin(guarded)
    name, _, kept = cookie.partition("=")
    for parameters, brought in (
        (back, ""),
        (back, other),
        (back, f"{name}=x"),
        (back, f"{name}={kept[:-4]}"),
        (back, f"{cookie}; {other}"),
        ({**back, "state": "other"}, cookie),
        ({"code": back["code"]}, cookie),
        ({"state": back["state"]}, cookie),
        ({**back, "error": "access_denied"}, cookie),
        ({**back, "iss": "https://evil.example"}, cookie),
        ({**back, "code": "another"}, cookie),
        ({"code": back["code"], "state": parse_qs(urlsplit(other_where).query)["state"][0]}, other),
    ):
        assert kind(come_back(guarded, parameters, brought)) == (401, "not-signed-in"), parameters


def test_tokens_are_bearers(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right token of a linked user gets in until it expires; a wrong one does not, nor for another client."""
    there = Provider()
    settings = guarded.opened.settings.model_copy(update={"oidc_issuer": ISSUER})
    recognizer = guarded.opened.reception.recognizer
    monkeypatch.setattr(recognizer, "provider", there.connect())
    assert settings.oidc_issuer == ISSUER
    people.do(guarded.opened, LinkIdentity(MAIN, "berta", ISSUER, "s-1", operator()))
    now = int(guarded.opened.house.clock.now().timestamp())
    times: dict[str, Any] = {"iat": now, "nbf": now, "exp": now + 300}

    def asked(token: str, **headers: str) -> httpx.Response:
        return with_key(guarded.client, token).get("/v1/me", headers=headers)

    right = there.token(**times)
    for _ in range(2):
        me = asked(right).json()
        assert (me["actor"], me["how"], me["client"]) == ("user:berta", "oidc", "main")
    wrong: dict[str, tuple[str, dict[str, str], int]] = {
        "expired": (there.token(**{**times, "exp": now - 60}), {}, 401),
        "another audience": (there.token(**times, aud="other"), {}, 401),
        "by HMAC": (there.token({"alg": "HS256"}, **times), {}, 401),
        "not linked": (there.token(**times, sub="s-2"), {}, 403),
        "another client": (right, {"Daybook-Client": "other"}, 403),
        "no client": (right, {"Daybook-Client": "a b"}, 401),
    }
    for name, (token, headers, status) in wrong.items():
        answer = asked(token, **headers)
        assert answer.status_code == status, (name, answer.text)
        assert token not in answer.text
    there.away = True
    there.seconds += 10_000
    assert kind(asked(right)) == (503, "provider-away")


def test_without_a_provider_there_is_no_such_way(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said that it is not set up, and a token is no key."""
    monkeypatch.setattr(guarded.opened.reception.recognizer, "provider", None)
    for path in ("sign-in", "callback"):
        assert kind(guarded.client.get(f"/v1/oidc/{path}")) == (404, "no-provider")
    assert kind(with_key(guarded.client, Provider().token()).get("/v1/me")) == (401, "not-signed-in")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oidc_issuer": "https://id.example"}, "DAYBOOK_OIDC_CLIENT_ID"),
        (
            {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_secret_file": Path("/none/such")},
            "cannot be read",
        ),
    ],
)
def test_settings_that_do_not_go_together(guarded: Guarded, given: dict[str, Any], said: str) -> None:
    """The provider takes an id, and its secret's file has to be there."""
    with pytest.raises(BadSettings, match=said):
        reception_of(load_settings(**given), guarded.opened.house, guarded.opened.engine)
    for bad in ("id.example", "ftp://id.example", "https://u@id.example", "https://"):
        with pytest.raises(BadSettings, match="DAYBOOK_OIDC_ISSUER"):
            load_settings(oidc_issuer=bad)
    assert dt.timedelta(hours=load_settings().session_hours) == dt.timedelta(hours=12)
