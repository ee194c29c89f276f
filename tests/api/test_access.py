"""Who gets in: keys, sessions, and nobody else."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from adapters.access import KEY, new_secret
from api import people
from api.access.remembering import FRESH_SECONDS
from api.composition import open_house
from api.http import create_app
from api.http.documents import openapi_of
from api.http.scim_errors import HEADER, is_scim
from domain.commands.change_user import ChangeUser
from domain.commands.disable_user import DisableUser, EnableUser
from domain.commands.revoke_key import RevokeKey
from domain.identifiers import PeopleId
from domain.ports.journal import JournalUnavailable
from tests.api.guarded import COOKIE, PASSWORD, Guarded, a_guarded_site, operator, with_cookie, with_key
from tests.api.site import DATES, Client

MAIN = PeopleId("main")
PLACES = {"{location}": "alpha", "{date}": str(DATES[0]), "{code}": "x"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A daybook with an owner and a manager of one location."""
    with a_guarded_site(tmp_path_factory.mktemp("guarded")) as made:
        made.user("owner", "full-access")
        made.user("berta", "manager", locations=("alpha",))
        yield made


@pytest.fixture
def guarded(shared: Guarded) -> Guarded:
    """The same, where nobody failed lately."""
    shared.calm()
    return shared


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    """The answer is this problem."""
    kind = answer.headers.get(HEADER) or answer.json().get("type")
    assert (answer.status_code, kind) == (status, f"/problems/{code}"), answer.text
    form = "application/scim+json" if is_scim(answer.url.path) else "application/problem+json"
    assert answer.headers["content-type"] == form
    if status == 401:
        assert answer.headers["www-authenticate"] == 'Bearer realm="daybook"'


def test_nobody_gets_in_who_does_not_say_who_they_are(guarded: Guarded) -> None:
    """Every address answers 401 without a body read, those that there are not too; health and signing in do not."""
    head = guarded.opened.journal.head()
    document = openapi_of(guarded.client.app)
    asked = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            address = path
            for name, value in PLACES.items():
                address = address.replace(name, value)
            address = re.sub(r"{\w+}", "x", address)
            kind = "multipart/form-data; boundary=x" if path == "/v1/imports" else "application/json"
            answer = guarded.client.send(method.upper(), address, content=b"{", headers={"Content-Type": kind})
            if operation["security"]:
                is_problem(answer, 401, "not-signed-in")
                asked += 1
            else:
                assert answer.status_code != 500
                assert answer.json().get("type") != "/problems/not-signed-in" or path.startswith("/v1/")
    assert asked > 60
    is_problem(guarded.client.get("/v1/nothing"), 401, "not-signed-in")
    is_problem(guarded.client.get("/problems/../v1/locations/"), 401, "not-signed-in")
    assert guarded.client.get("/docs").status_code == 200
    assert guarded.opened.journal.head() == head


def test_a_key_gets_in_with_its_rights(guarded: Guarded) -> None:
    """It acts under its own name, for its client, with its roles at its locations."""
    key = guarded.key("pos-sync", "alpha")
    mine = with_key(guarded.client, key)
    me = mine.get("/v1/me").json()
    id_ = key.split("_")[1]
    assert (me["actor"], me["client"], me["how"], me["expires_at"]) == (f"key:{id_}", "main", "key", None)
    assert (me["roles"], me["locations"]) == (["pos-sync"], ["alpha"])
    assert me["permissions"] == ["days.read", "connections.read", "days.poll"]
    assert mine.get("/v1/locations").status_code == 200
    polled = mine.post(f"/v1/days/alpha/{DATES[0]}/polls", {"reason": "by a key"})
    assert polled.status_code == 201
    polls = mine.get("/v1/polls", params={"min_position": polled.headers["daybook-position"]}).json()["data"]
    assert polls[0]["actor"] == f"key:{id_}"
    refused = mine.post(f"/v1/days/alpha/{DATES[0]}/deletions", {"reason": "x"})
    is_problem(refused, 403, "not-permitted")
    assert mine.get("/v1/me", headers={"Daybook-Role": "operator"}).json()["roles"] == ["pos-sync"]


def bad_keys(guarded: Guarded) -> dict[str, dict[str, str]]:
    """Headers that prove nothing."""
    good = guarded.key("full-access")
    kind, id_, secret, check = good.split("_")
    now = guarded.opened.house.clock.now()
    unrecorded = new_secret(KEY, "f" * 16)
    guarded.opened.reception.store.keep_secret(unrecorded, "main", now)
    one_time = guarded.user(f"u{id_[:8]}", "auditor")
    revoked = guarded.key("full-access")
    people.do(guarded.opened, RevokeKey(MAIN, revoked.split("_")[1], operator()))
    texts = {
        "another secret": new_secret(KEY, id_).text,
        "an unknown id": new_secret(KEY, "0" * 16).text,
        "a digest without a fact": unrecorded.text,
        "a one-time secret": one_time,
        "revoked": revoked,
        "a wrong checksum": f"{kind}_{id_}_{secret}_00000000",
        "no checksum": f"{kind}_{id_}_{secret}",
        "the id alone": f"{kind}_{id_}",
        "capitals": good.upper(),
        "one letter less": good[:-1],
        "one letter more": f"{good}0",
        "twice": f"{good}{good}",
        "two in one": f"{good} {good}",
        "quoted": f'"{good}"',
        "the digest": f"dbk_{id_}_{new_secret(KEY, id_).digest.hex()}_{check}",
        "SQL": f"dbk_{id_}' OR '1'='1_{secret}_{check}",
        "a NUL": f"{good}\0",
        "a JWT of nobody": "eyJhbGciOiJub25lIn0.e30.x",
        "no text": "",
        "the whole alphabet": "dbk_" + "z" * 9_000,
        "very long": "x" * 20_000,
    }
    headers = {name: {"Authorization": f"Bearer {text}"} for name, text in texts.items()}
    headers |= {
        "basic": {"Authorization": f"Basic {good}"},
        "no scheme": {"Authorization": good},
        "a header of our own": {"X-Api-Key": good},
        "a key as a session": {"Cookie": f"{COOKIE}={good}"},
        "a session that never was": {"Cookie": f"{COOKIE}={'0' * 64}"},
        "an empty session": {"Cookie": f"{COOKIE}="},
        "a session in two cookies": {"Cookie": f"{COOKIE}={'0' * 64}; {COOKIE}={'1' * 64}"},
        "a role": {"Daybook-Role": "operator"},
        "a session as a bearer": {"Authorization": f"Bearer {'0' * 64}"},
    }
    return headers


def test_bad_keys_prove_nothing(guarded: Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    """None of them gets in, in whatever way it is wrong, and what was sent is in no answer and no log."""
    cases = bad_keys(guarded)
    assert len(cases) >= 20
    for name, headers in cases.items():
        guarded.calm()
        answer = guarded.client.get("/v1/me", headers=headers)
        assert answer.status_code in {400, 401}, (name, answer.text)
        assert "Traceback" not in answer.text
        for value in headers.values():
            secret = value.rpartition(" ")[2]
            assert len(secret) < 40 or secret not in answer.text, name
    said = capsys.readouterr()
    assert not re.search(r"dbk_[0-9a-f]{16}_", said.out + said.err)


def test_a_key_in_the_address_counts_for_nothing(guarded: Guarded) -> None:
    """Addresses are logged and shared: a key is only ever read from the header."""
    answer = guarded.client.get("/v1/me", params={"key": guarded.key("auditor")})
    is_problem(answer, 401, "not-signed-in")


def test_two_headers_prove_nothing(guarded: Guarded) -> None:
    """Which of two is meant nobody can say."""
    key = guarded.key("auditor")

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=guarded.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/v1/me", headers=[("Authorization", f"Bearer {key}")] * 2)

    is_problem(asyncio.run(asked()), 401, "not-signed-in")


def test_who_fails_too_often_waits(guarded: Guarded) -> None:
    """After sixty failures from one address it is 429 with Retry-After; a good key from there gets in all the same."""
    bad = with_key(guarded.client, new_secret(KEY, "0" * 16).text)
    answers = [bad.get("/v1/me") for _ in range(62)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429] * 2
    is_problem(answers[-1], 429, "too-many-attempts")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
    assert guarded.by("auditor").get("/v1/me").status_code == 200
    is_problem(guarded.sign_in("owner"), 429, "too-many-attempts")


def test_wrong_passwords_are_counted_by_user(guarded: Guarded) -> None:
    """Ten for one user; another one signs in from the same address meanwhile; a right one clears the count."""
    for _ in range(9):
        is_problem(guarded.sign_in("berta", "x"), 401, "not-signed-in")
    assert guarded.sign_in("berta").status_code == 201
    for _ in range(10):
        is_problem(guarded.sign_in("BERTA", "x"), 401, "not-signed-in")
    waiting = guarded.sign_in("berta")
    is_problem(waiting, 429, "too-many-attempts")
    assert int(waiting.headers["retry-after"]) >= 1
    assert guarded.sign_in("owner").status_code == 201


def test_an_unknown_user_is_told_what_a_wrong_password_is_told(guarded: Guarded) -> None:
    """By the answer nobody learns who there is: unknown, disabled, invited only, of another client."""
    people.do(guarded.opened, DisableUser(MAIN, "berta", operator()))
    guarded.user("zoe", "manager", client="other")
    answers = [
        guarded.sign_in("owner", "x"),
        guarded.sign_in("nobody", PASSWORD),
        guarded.sign_in("no body", PASSWORD),
        guarded.sign_in("n" * 64, PASSWORD),
        guarded.sign_in("berta"),
        guarded.sign_in("zoe"),
        guarded.sign_in("owner", client="other"),
        guarded.sign_in("owner", client="no client"),
        guarded.sign_in("owner", client="nobody's"),
    ]
    people.do(guarded.opened, EnableUser(MAIN, "berta", operator()))
    told = []
    for answer in answers:
        is_problem(answer, 401, "not-signed-in")
        told.append({**answer.json(), "instance": ""})
    assert all(one == told[0] for one in told)
    assert guarded.sign_in("zoe", client="other").json()["client"] == "other"


def test_hashes_of_cheaper_days_are_renewed(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """When somebody signs in whose password was hashed with other parameters, it is hashed again, and still fits."""
    reception = guarded.opened.reception

    def kept() -> str | None:
        user = reception.recognizer.people.newest("main").users["berta"]
        return reception.store.password("main", "berta", user.password)

    before = kept()
    monkeypatch.setattr(reception.passwords, "is_stale", lambda _: True)
    assert guarded.sign_in("berta").status_code == 201
    assert kept() != before
    monkeypatch.undo()
    assert guarded.sign_in("berta").status_code == 201


def test_a_session_is_a_cookie_that_no_script_and_no_other_site_has(guarded: Guarded) -> None:
    """HttpOnly, SameSite=Strict, no domain; its token is kept as a digest alone, and shown nowhere else."""
    answer = guarded.sign_in("berta")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[0-9a-f]{{64}}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie), cookie
    token = answer.cookies[COOKIE]
    assert token not in answer.text
    me = with_cookie(guarded.client, token).get("/v1/me").json()
    assert (me["actor"], me["how"], me["locations"]) == ("user:berta", "password", ["alpha"])
    assert dt.datetime.fromisoformat(me["expires_at"]) > guarded.opened.house.clock.now() + dt.timedelta(hours=11)
    with guarded.opened.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM access_session").all())
    assert token not in kept


WRITES: list[tuple[dict[str, str], int]] = [
    ({"Sec-Fetch-Site": "same-origin"}, 422),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8200"}, 422),
    ({"Daybook-Write": "1"}, 422),
    ({"X": "nothing says so"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Daybook-Write": "1"}, 403),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 403),
    ({"Daybook-Write": "1", "Origin": "null"}, 403),
    ({"Daybook-Write": "1", "Origin": "http://127.0.0.1:9999"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), WRITES)
def test_no_other_site_writes_with_a_cookie(guarded: Guarded, headers: dict[str, str], status: int) -> None:
    """A write with a cookie comes from a page of daybook, or says so by a header that takes leave to be sent."""
    token = guarded.sign_in("berta").cookies[COOKIE]
    mine = Client(guarded.client.app, {"Cookie": f"a=b; {COOKIE}={token}", **headers})
    answer = mine.post(f"/v1/days/alpha/{DATES[0]}/comments", {})
    assert answer.status_code == status
    if status == 403:
        is_problem(answer, 403, "from-elsewhere")
    assert mine.get("/v1/me").status_code == 200


def test_signing_out_ends_a_session(guarded: Guarded) -> None:
    """At once, and no other of the same user; with a key there is nothing to end."""
    one, other = guarded.session("berta"), guarded.session("berta")
    out = one.send("DELETE", "/v1/sessions/current")
    assert (out.status_code, "Max-Age=0" in out.headers["set-cookie"]) == (204, True)
    over = one.get("/v1/me")
    is_problem(over, 401, "not-signed-in")
    assert over.headers["set-cookie"].startswith(f'{COOKIE}=""; ')
    assert "Max-Age=0; Path=/" in over.headers["set-cookie"]
    assert other.get("/v1/me").status_code == 200
    assert guarded.by("auditor").send("DELETE", "/v1/sessions/current").status_code == 204
    assert guarded.by("auditor").get("/v1/me").status_code == 200


def test_what_is_taken_ends_at_once(guarded: Guarded) -> None:
    """A revoked key, a disabled user and their sessions, other roles: it counts with the next request."""
    key = guarded.key("auditor")
    keyed = with_key(guarded.client, key)
    assert keyed.get("/v1/me").status_code == 200
    people.do(guarded.opened, RevokeKey(MAIN, key.split("_")[1], operator()))
    answer = keyed.get("/v1/me")
    is_problem(answer, 401, "not-signed-in")
    assert "expired or was revoked" in answer.json()["detail"]
    berta = guarded.session("berta")
    assert berta.get("/v1/me").json()["roles"] == ["manager"]
    people.do(guarded.opened, ChangeUser(MAIN, "berta", operator(), roles=["auditor"]))
    assert berta.get("/v1/me").json()["roles"] == ["auditor"]
    people.do(guarded.opened, DisableUser(MAIN, "berta", operator()))
    is_problem(berta.get("/v1/me"), 401, "not-signed-in")
    people.do(guarded.opened, EnableUser(MAIN, "berta", operator()))
    is_problem(berta.get("/v1/me"), 401, "not-signed-in")
    people.do(guarded.opened, ChangeUser(MAIN, "berta", operator(), roles=["manager"]))
    assert guarded.session("berta").get("/v1/me").json()["roles"] == ["manager"]


def test_another_process_knows_within_a_second(guarded: Guarded) -> None:
    """What one process revokes is void in another as soon as what that one read is no longer fresh: half a second."""
    assert FRESH_SECONDS <= 0.5
    seconds = 100.0
    with open_house(guarded.opened.settings) as second:
        recognizer = second.reception.recognizer
        for part in (recognizer.people, recognizer._sessions, recognizer._secrets):
            part._monotonic = lambda: seconds
        there = Client(create_app(second))
        key, token = guarded.key("auditor"), guarded.sign_in("berta").cookies[COOKIE]
        keyed, signed = with_key(there, key), with_cookie(there, token)
        assert [one.get("/v1/me").status_code for one in (keyed, signed)] == [200, 200]
        people.do(guarded.opened, RevokeKey(MAIN, key.split("_")[1], operator()))
        guarded.opened.reception.sign_out(token)
        seconds += FRESH_SECONDS + 0.01
        assert [one.get("/v1/me").status_code for one in (keyed, signed)] == [401, 401]


def test_expired_keys_and_sessions_are_over(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the instant on that they were given."""
    keyed, signed = with_key(guarded.client, guarded.key("auditor", days=1)), guarded.session("berta")
    now = guarded.opened.house.clock.now()
    for hours, key_status, session_status in ((11, 200, 200), (13, 200, 401), (25, 401, 401)):
        later = now + dt.timedelta(hours=hours)
        monkeypatch.setattr(type(guarded.opened.house.clock), "now", lambda _, at=later: at)
        assert keyed.get("/v1/me").status_code == key_status
        assert signed.get("/v1/me").status_code == session_status


def test_recognizing_asks_the_database_nothing_that_it_knows(guarded: Guarded) -> None:
    """The second request with the same key or session costs no statement of its own: /v1/me alone takes none."""
    statements: list[str] = []

    def counted(*arguments: Any) -> None:
        statements.append(arguments[2])

    for mine in (guarded.by("auditor"), guarded.session("berta")):
        assert mine.get("/v1/me").status_code == 200
        event.listen(guarded.opened.engine, "before_cursor_execute", counted)
        try:
            assert mine.get("/v1/nothing-here").status_code == 404
        finally:
            event.remove(guarded.opened.engine, "before_cursor_execute", counted)
        assert statements == []


def test_nobody_is_recognized_by_what_was_so_while_the_database_is_away(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is 503, and not somebody's word of yesterday."""
    mine = guarded.by("auditor")
    assert mine.get("/v1/me").status_code == 200

    def away(*_: Any, **__: Any) -> None:
        raise JournalUnavailable("away")

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("host db.internal"))

    guarded.opened.reception.recognizer.people.expire("main")
    monkeypatch.setattr("api.access.remembering.load_people", away)
    is_problem(mine.get("/v1/me"), 503, "journal-unavailable")
    monkeypatch.setattr(guarded.opened.reception.store, "secret", gone)
    answer = with_key(guarded.client, new_secret(KEY, "1" * 16).text).get("/v1/me")
    is_problem(answer, 503, "journal-unavailable")
    assert "db.internal" not in answer.text


def test_keys_belong_to_one_client(guarded: Guarded) -> None:
    """A key of another client sees that client's data alone, whatever the server works for otherwise."""
    theirs = with_key(guarded.client, guarded.key("full-access", client="other"))
    assert theirs.get("/v1/me").json()["client"] == "other"
    assert theirs.get("/v1/locations").json()["data"] == []
    assert [user["login"] for user in theirs.get("/v1/users").json()["data"] if user["login"] == "owner"] == []
    assert guarded.by("auditor").get("/v1/locations").json()["data"] != []


def test_names_and_https(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Under its public address it is reached by that name; cookies are then for https and this host alone."""
    folder = tmp_path_factory.mktemp("named")
    given = {"public_url": "https://daybook.example", "hosts": "inner.example", "proxies": "127.0.0.1"}
    with a_guarded_site(folder, **given) as named:
        named.user("owner", "full-access")
        for host, status in (
            ("daybook.example", 200),
            ("DAYBOOK.example:443", 200),
            ("inner.example:8200", 200),
            ("localhost", 200),
            ("evil.example", 421),
            ("daybook.example.evil.example", 421),
            ("x@daybook.example", 421),
        ):
            assert named.client.get("/healthz", headers={"Host": host}).status_code == status
        cookie = named.sign_in("owner").headers["set-cookie"]
        assert cookie.startswith("__Host-daybook-session=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        # Failures are counted by whom the proxy names, so that one does not shut out all others.
        bad = with_key(named.client, new_secret(KEY, "0" * 16).text)
        answers = [bad.get("/v1/me", headers={"X-Forwarded-For": "spoofed, 192.0.2.7"}) for _ in range(61)]
        assert answers[-1].status_code == 429
        assert bad.get("/v1/me", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 401
        page = {
            "Cookie": cookie.partition(";")[0],
            "Sec-Fetch-Site": "same-origin",
            "Origin": "https://daybook.example",
        }
        out = named.client.send("DELETE", "/v1/sessions/current", headers=page)
        assert out.status_code == 204


def test_open_access_takes_whoever_says_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where access is open the header names a role; who sends a key is asked for it all the same."""
    with a_guarded_site(tmp_path_factory.mktemp("open"), access="open") as open_:
        me = open_.client.get("/v1/me", headers={"Daybook-Role": "auditor"}).json()
        assert (me["actor"], me["how"], me["roles"]) == ("api:anonymous", "open", ["auditor"])
        assert open_.by("support").get("/v1/me").json()["roles"] == ["support"]
        answer = with_key(open_.client, new_secret(KEY, "0" * 16).text).get("/v1/me")
        is_problem(answer, 401, "not-signed-in")
