"""Users, one-time secrets, passwords and API keys over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api import people
from domain.commands.disable_user import DisableUser, EnableUser
from domain.commands.invite_user import InviteUser
from domain.identifiers import PeopleId
from tests.api.guarded import PASSWORD, Guarded, a_guarded_site, operator, with_key
from tests.api.site import Client

MAIN = PeopleId("main")
WHY = {"reason": "a test"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A daybook with an owner."""
    with a_guarded_site(tmp_path_factory.mktemp("people")) as made:
        made.user("owner", "full-access")
        yield made


@pytest.fixture
def guarded(shared: Guarded) -> Guarded:
    """The same, where nobody failed lately."""
    shared.calm()
    return shared


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and kind of a problem."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def after(mine: Client, path: str, answer: httpx.Response) -> Any:
    """What a path answers once the views have seen a write."""
    return mine.get(path, params={"min_position": answer.headers["daybook-position"]})


def test_a_user_is_added_chooses_a_password_and_signs_in(guarded: Guarded) -> None:
    """With a one-time secret, which is shown once, kept as a digest, and spent once."""
    owner = guarded.session("owner")
    asked = {"login": "Clara", "name": "Clara K.", "roles": ["manager"], "locations": ["alpha"], **WHY}
    added = owner.post("/v1/users", asked, headers={"Idempotency-Key": "add-clara"})
    assert added.status_code == 201, added.text
    told = added.json()
    assert (told["login"], told["version"]) == ("clara", 5)
    assert told["secret"].startswith("dbo_")
    again = owner.post("/v1/users", asked, headers={"Idempotency-Key": "add-clara"})
    assert (again.status_code, again.json()["secret"], again.headers["idempotent-replayed"]) == (201, None, "true")
    shown = after(owner, "/v1/users/clara", added)
    user = shown.json()
    assert (user["roles"], user["locations"], user["enabled"]) == (["manager"], ["alpha"], True)
    assert (user["with_password"], user["invited_until"], user["added_by"]) == (
        False,
        told["expires_at"],
        "user:owner",
    )
    assert shown.headers["etag"] == '"5"'
    assert owner.get("/v1/users/CLARA", headers={"If-None-Match": '"5"'}).status_code == 304
    for weak in ("short", "clara clara clara", "password daybook", "ababababababab", "x" * 201):
        answer = guarded.client.post("/v1/passwords", {"secret": told["secret"], "password": weak})
        assert problem(answer) == (422, "bad-password")
    chosen = guarded.client.post("/v1/passwords", {"secret": told["secret"], "password": PASSWORD})
    assert (chosen.status_code, chosen.json()) == (201, {"client": "main", "login": "clara"})
    spent = guarded.client.post("/v1/passwords", {"secret": told["secret"], "password": "other words of mine"})
    assert problem(spent) == (401, "not-signed-in")
    assert guarded.session("clara").get("/v1/me").json()["actor"] == "user:clara"


def test_a_second_secret_takes_the_place_of_the_first(guarded: Guarded) -> None:
    """Who lost theirs gets another, and the first opens nothing any more; the password stands until a new one."""
    guarded.user("dora", "auditor")
    owner = guarded.by("full-access")
    first = owner.post("/v1/users/dora/invitations", WHY).json()["secret"]
    second = owner.post("/v1/users/dora/invitations", WHY).json()["secret"]
    answer = guarded.client.post("/v1/passwords", {"secret": first, "password": "other words of mine"})
    assert problem(answer) == (422, "not-invited")
    signed = guarded.session("dora")
    chosen = guarded.client.post("/v1/passwords", {"secret": second, "password": "other words of mine"})
    assert chosen.status_code == 201
    assert problem(signed.get("/v1/me")) == (401, "not-signed-in")
    assert problem(guarded.sign_in("dora")) == (401, "not-signed-in")
    assert guarded.sign_in("dora", "other words of mine").status_code == 201


def test_a_user_changes_their_password(guarded: Guarded) -> None:
    """With the present one; every session is over, and a key has no password to change."""
    guarded.user("emil", "auditor")
    mine, other = guarded.session("emil"), guarded.session("emil")
    body = {"current": "wrong", "password": "quite other words"}
    assert problem(mine.send("PUT", "/v1/me/password", json=body)) == (401, "not-signed-in")
    body["current"] = PASSWORD
    assert mine.send("PUT", "/v1/me/password", json=body).status_code == 204
    assert [problem(one.get("/v1/me"))[0] for one in (mine, other)] == [401, 401]
    assert guarded.sign_in("emil", "quite other words").status_code == 201
    keyed = guarded.by("full-access").send("PUT", "/v1/me/password", json=body)
    assert problem(keyed) == (401, "not-signed-in")


def test_a_user_is_changed_disabled_and_enabled(guarded: Guarded) -> None:
    """Only at the version that the caller saw; once for each key; the same again records nothing."""
    guarded.user("fred", "manager")
    owner = guarded.session("owner")
    patch = {"roles": ["auditor"], "locations": ["beta"], **WHY}
    stale = owner.send("PATCH", "/v1/users/fred", json=patch, headers={"If-Match": '"1"'})
    assert problem(stale) == (412, "not-the-version")
    guarded.opened.projector.wait_for(guarded.opened.journal.head(), 10)  # type: ignore[union-attr]
    seen = owner.get("/v1/users/fred").headers["etag"]
    headers = {"If-Match": seen, "Idempotency-Key": "change-fred"}
    changed = owner.send("PATCH", "/v1/users/fred", json=patch, headers=headers)
    assert changed.status_code == 200, changed.text
    again = owner.send("PATCH", "/v1/users/fred", json=patch, headers=headers)
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", changed.json())
    other = owner.send("PATCH", "/v1/users/fred", json={**patch, "name": "F"}, headers=headers)
    assert problem(other) == (422, "key-reused")
    same = owner.send("PATCH", "/v1/users/fred", json=patch)
    assert (same.status_code, same.json()["position"]) == (200, None)
    everywhere = owner.send("PATCH", "/v1/users/fred", json={"everywhere": True, **WHY})
    user = after(owner, "/v1/users/fred", everywhere).json()
    assert (user["roles"], user["locations"], user["changed_by"]) == (["auditor"], None, "user:owner")
    disabled = owner.post("/v1/users/fred/state", {"state": "disabled", **WHY})
    assert after(owner, "/v1/users/fred", disabled).json()["enabled"] is False
    assert problem(guarded.sign_in("fred")) == (401, "not-signed-in")
    invited = owner.post("/v1/users/fred/invitations", WHY)
    assert problem(invited) == (409, "user-is-disabled")
    enabled = owner.post(
        "/v1/users/fred/state", {"state": "enabled", **WHY}, headers={"If-Match": disabled.headers["etag"]}
    )
    assert enabled.status_code == 200
    assert guarded.sign_in("fred").status_code == 201


def test_keys_are_issued_listed_and_revoked(guarded: Guarded) -> None:
    """Shown once; of it nothing is known later but its id; whoever issued it is told."""
    owner = guarded.session("owner")
    asked = {"name": "nightly report", "roles": ["auditor"], "days": 7, "locations": ["alpha"], **WHY}
    issued = owner.post("/v1/keys", asked, headers={"Idempotency-Key": "nightly"})
    assert issued.status_code == 201, issued.text
    key = issued.json()
    assert owner.post("/v1/keys", asked, headers={"Idempotency-Key": "nightly"}).json()["secret"] is None
    assert with_key(guarded.client, key["secret"]).get("/v1/me").json()["locations"] == ["alpha"]
    listed = after(owner, "/v1/keys", issued).json()["data"]
    (shown,) = [one for one in listed if one["key"] == key["key"]]
    assert (shown["name"], shown["issued_by"], shown["revoked_at"]) == ("nightly report", "user:owner", None)
    revoked = owner.post(f"/v1/keys/{key['key']}/revocation", WHY)
    assert revoked.status_code == 200
    assert problem(with_key(guarded.client, key["secret"]).get("/v1/me")) == (401, "not-signed-in")
    assert owner.post(f"/v1/keys/{key['key']}/revocation", WHY).json()["position"] is None
    listed = after(owner, "/v1/keys", revoked).json()["data"]
    (shown,) = [one for one in listed if one["key"] == key["key"]]
    assert (shown["revoked_at"] is not None, shown["revoked_by"]) == (True, "user:owner")


REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", "/v1/users", {"login": "g", "roles": ["payroll"]}, 403, "more-than-own"),
    ("POST", "/v1/users", {"login": "g", "roles": ["operator"]}, 422, "bad-role"),
    ("POST", "/v1/users", {"login": "g", "roles": []}, 422, "bad-role"),
    ("POST", "/v1/users", {"login": "g@h", "roles": ["manager"]}, 400, "bad-identifier"),
    ("POST", "/v1/users", {"login": "OWNER", "roles": ["manager"]}, 409, "login-taken"),
    ("POST", "/v1/users", {"login": "g", "roles": ["manager"], "locations": []}, 422, "too-many-locations"),
    ("POST", "/v1/users", {"login": "g", "roles": ["manager"], "enabled": True}, 422, "invalid-request"),
    ("POST", "/v1/users", {"login": "g", "roles": ["manager"], "password": PASSWORD}, 422, "invalid-request"),
    ("PATCH", "/v1/users/nobody", {"name": "x"}, 404, "no-such-user"),
    ("PATCH", "/v1/users/owner", {"roles": ["manager"]}, 409, "last-manager"),
    ("PATCH", "/v1/users/owner", {"name": ""}, 422, "bad-name"),
    ("PATCH", "/v1/users/owner", {"barrier": 0}, 422, "invalid-request"),
    ("POST", "/v1/users/owner/state", {"state": "disabled"}, 409, "last-manager"),
    ("POST", "/v1/users/owner/state", {"state": "gone"}, 422, "invalid-request"),
    ("POST", "/v1/users/nobody/invitations", {}, 404, "no-such-user"),
    ("POST", "/v1/users/owner/identities", {"subject": "s"}, 404, "no-provider"),
    ("POST", "/v1/users/owner/identities", {"subject": "", "issuer": "https://id.example"}, 422, "bad-identity"),
    ("POST", "/v1/keys", {"name": "k", "roles": ["support"]}, 403, "more-than-own"),
    ("POST", "/v1/keys", {"name": "k", "roles": ["auditor"], "days": 366}, 422, "bad-days"),
    ("POST", "/v1/keys", {"name": "k", "roles": ["auditor"], "secret": "dbk_mine"}, 422, "invalid-request"),
    ("POST", "/v1/keys/0000000000000000/revocation", {}, 404, "no-such-key"),
    ("GET", "/v1/users/nobody", {}, 404, "no-such-user"),
    ("GET", "/v1/users?cursor=x", {}, 400, "bad-cursor"),
    ("GET", "/v1/keys?limit=501", {}, 422, "invalid-request"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), REFUSED)
def test_what_is_refused_records_nothing(
    guarded: Guarded, method: str, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    """Each with its problem; nothing is recorded, and no secret is left behind."""
    owner = guarded.by("full-access")
    head = guarded.opened.journal.head()
    with guarded.opened.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM access_secret").scalar_one()
    arguments = {} if method == "GET" else {"json": {**body, **WHY}}
    assert problem(owner.send(method, path, **arguments)) == (status, code)
    assert guarded.opened.journal.head() == head
    with guarded.opened.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM access_secret").scalar_one() == before


MANAGING = [
    ("GET", "/v1/users", None),
    ("GET", "/v1/users/owner", None),
    ("GET", "/v1/keys", None),
    ("POST", "/v1/users", {"login": "h", "roles": ["auditor"], **WHY}),
    ("PATCH", "/v1/users/owner", {"name": "x", **WHY}),
    ("POST", "/v1/users/owner/state", {"state": "disabled", **WHY}),
    ("POST", "/v1/users/owner/invitations", WHY),
    ("POST", "/v1/users/owner/identities", {"subject": "s", "issuer": "https://id.example", **WHY}),
    ("POST", "/v1/keys", {"name": "k", "roles": ["auditor"], **WHY}),
    ("POST", "/v1/keys/0000000000000000/revocation", WHY),
]


@pytest.mark.parametrize("role", ["accounting-admin", "manager", "auditor", "support", "payroll", "connection-manager"])
def test_only_who_manages_people_sees_and_changes_them(guarded: Guarded, role: str) -> None:
    """Everybody else is refused at every address, whether what they name is there or not."""
    mine = guarded.by(role)
    for method, path, body in MANAGING:
        arguments = {} if body is None else {"json": body}
        for headers in ({}, {"If-Match": '"1"'}):
            answer = mine.send(method, path, headers=headers, **arguments)
            assert problem(answer) == (403, "not-permitted"), (method, path)


def test_who_manages_one_location_stays_within_it(guarded: Guarded) -> None:
    """They give its people what they have, there; they neither take over nor disable whoever has more."""
    mine = with_key(guarded.client, guarded.key("full-access", "alpha"))
    here = {"login": "ida", "roles": ["manager"], "locations": ["alpha"], **WHY}
    assert mine.post("/v1/users", here).status_code == 201
    for body in ({**here, "login": "jan", "locations": ["beta"]}, {"login": "jan", "roles": ["manager"], **WHY}):
        assert problem(mine.post("/v1/users", body)) == (403, "more-than-own")
    for path, more in (("invitations", {}), ("state", {"state": "disabled"})):
        assert problem(mine.post(f"/v1/users/owner/{path}", {**WHY, **more})) == (403, "more-than-own")
    assert problem(mine.post("/v1/keys", {"name": "k", "roles": ["auditor"], **WHY})) == (403, "more-than-own")


def test_who_is_disabled_leaves_no_key_behind_where_that_is_asked(guarded: Guarded) -> None:
    """The keys that a user issued are revoked with them."""
    guarded.user("kim", "full-access")
    key = guarded.session("kim").post("/v1/keys", {"name": "k", "roles": ["auditor"], **WHY}).json()
    gone = guarded.by("full-access").post("/v1/users/kim/state", {"state": "disabled", "with_keys": True, **WHY})
    assert gone.status_code == 200
    assert problem(with_key(guarded.client, key["secret"]).get("/v1/me")) == (401, "not-signed-in")


def test_bad_one_time_secrets_open_nothing_and_are_counted(guarded: Guarded) -> None:
    """A key, a typo, another's: 401, and from one address 429 after many."""
    texts = ["", "dbo_x", guarded.key("full-access"), "dbo_" + "0" * 16 + "_" + "0" * 64 + "_" + "0" * 8]
    for text in texts * 15:
        answer = guarded.client.post("/v1/passwords", {"secret": text, "password": "some words of theirs"})
        assert problem(answer) == (401, "not-signed-in")
    answer = guarded.client.post("/v1/passwords", {"secret": "x", "password": "some words of theirs"})
    assert problem(answer) == (429, "too-many-attempts")


def test_an_invitation_ends_with_its_user(guarded: Guarded) -> None:
    """A secret of somebody who was disabled since opens nothing, also once they are enabled again."""
    guarded.user("lea", "auditor")
    secret = people.invite(guarded.opened, InviteUser(MAIN, "lea", operator())).secret
    people.do(guarded.opened, DisableUser(MAIN, "lea", operator()))
    people.do(guarded.opened, EnableUser(MAIN, "lea", operator()))
    answer = guarded.client.post("/v1/passwords", {"secret": secret, "password": "other words of mine"})
    assert problem(answer) == (422, "not-invited")


def test_lists_come_in_pages(guarded: Guarded) -> None:
    """By login and by id, each row once."""
    owner = guarded.by("full-access")
    guarded.opened.projector.wait_for(guarded.opened.journal.head(), 10)  # type: ignore[union-attr]
    for path, name in (("/v1/users", "login"), ("/v1/keys", "key")):
        whole = [row[name] for row in owner.get(path).json()["data"]]
        paged: list[str] = []
        parameters: dict[str, Any] = {"limit": 2}
        while True:
            page = owner.get(path, params=parameters).json()
            paged += [row[name] for row in page["data"]]
            if page["next"] is None:
                break
            parameters["cursor"] = page["next"]
        assert paged == whole == sorted(whole)


def test_no_secret_is_anywhere_but_where_it_was_shown(guarded: Guarded) -> None:
    """Not in facts, lists, views or tables: neither passwords, nor keys, nor one-time secrets, nor tokens."""
    owner = guarded.by("full-access")
    key = guarded.key("auditor")
    secret = guarded.user("mia", "auditor")
    token = guarded.sign_in("mia").headers["set-cookie"].partition("=")[2].partition(";")[0]
    guarded.opened.projector.wait_for(guarded.opened.journal.head(), 10)  # type: ignore[union-attr]
    said = [owner.get(path).text for path in ("/v1/users", "/v1/keys", "/v1/facts?limit=500")]
    with guarded.opened.engine.connect() as connection:
        for schema in ("main", "views"):
            tables = connection.exec_driver_sql(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'").all()  # noqa: S608
            said += [str(connection.exec_driver_sql(f"SELECT * FROM {schema}.{name}").all()) for (name,) in tables]  # noqa: S608
    everything = "\n".join(said)
    for text in (PASSWORD, key.split("_")[2], secret.split("_")[2], token):
        assert text not in everything
    facts = json.loads(said[2])["data"]
    assert {fact["name"] for fact in facts} >= {"people.user-added", "people.password-set", "people.key-issued"}
