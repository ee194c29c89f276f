"""The life of connections over HTTP: from a draft to its end, who sees what, and what is told of companies."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.composition import OpenHouse, open_house
from api.http import create_app, life_models, models
from api.http.connection_models import WholeConnection
from api.settings import load_settings
from domain.commands.name_client import NameClient, name_client
from domain.identifiers import CustomerId
from domain.permissions import Role
from tests.api.site import Client, copy_of_a_store
from tests.support.fake_people import FakePeople
from tests.support.scripted import import_files
from tests.support.scripted_erp import ADDRESS, NORTH, SOUTH, ScriptedErp, profile_of, who

WHY = {"reason": "a test"}


class House:
    """A daybook with a scripted ERP and point of sale, as one of its users reaches it."""

    opened: OpenHouse
    client: Client

    def __init__(self, folder: Any) -> None:
        self.erp = ScriptedErp(shows={"s3cret": (NORTH, SOUTH), "narrow": (SOUTH,)})
        self.pos = ScriptedErp(key="pos", profile=profile_of("pos"), location_ids=("venue",), shows={"s3cret": ()})
        self.people = FakePeople()
        self.settings = load_settings(data_dir=folder, database_url="", log_level="error")

    def send(self, method: str, path: str, role: Role = "operator", **arguments: Any) -> httpx.Response:
        """One request in a role."""
        headers = {"Daybook-Role": role, **arguments.pop("headers", {})}
        return self.client.send(method, f"/v1{path}", headers=headers, **arguments)

    def get(self, path: str, role: Role = "operator", **arguments: Any) -> Any:
        """What is answered, with everything that was recorded so far."""
        params = {"min_position": self.opened.journal.head(), **arguments}
        answer = self.send("GET", path, role, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, role: Role = "operator", **body: Any) -> httpx.Response:
        """POST with a reason."""
        return self.send("POST", path, role, json={**WHY, **body})

    def make(self, name: str, role: Role = "operator", **body: Any) -> None:
        """A connection to the ERP with the first company."""
        given: dict[str, Any] = {"system": "erp", "environment": ADDRESS, "secret": "s3cret", **body}
        assert self.post("/connections", role, id=name, **given).status_code == 201
        assert self.post(f"/connections/{name}/tests", role).status_code == 201
        answer = self.post(f"/connections/{name}/establishment", role, companies=["o-1"])
        assert answer.status_code == 201, answer.text

    def till(self, name: str, *venues: str) -> None:
        """A connection to the point of sale with a location for each venue."""
        given: dict[str, Any] = {"system": "pos", "environment": ADDRESS, "secret": "s3cret"}
        assert self.post("/connections", id=name, **given).status_code == 201
        assert self.post(f"/connections/{name}/tests").status_code == 201
        places = [{"id": venue, "zone": "America/New_York", "source": {"venue": venue}} for venue in venues]
        answer = self.post(f"/connections/{name}/establishment", locations=places)
        assert answer.status_code == 201, answer.text


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One that the tests of this file share; each makes connections of its own."""
    folder = tmp_path_factory.mktemp("lives")
    copy_of_a_store(folder)
    made = House(folder)
    systems: Any = {"erp": made.erp, "pos": made.pos, "files": import_files()}
    with open_house(made.settings, projecting=True, systems=systems) as opened:
        made.opened = replace(opened, house=replace(opened.house, people=made.people))
        made.client = Client(create_app(made.opened))
        yield made


def test_from_a_draft_to_a_connection(house: House) -> None:
    """Each step answers where the connection stands; what the source shows is shown to who may edit it."""
    draft = house.post("/connections", id="books", system="erp", environment=ADDRESS, secret="s3cret", values={"e": 1})
    told = life_models.ConnectionChange.model_validate_json(draft.content)
    assert (draft.status_code, told.stage, draft.headers["Location"]) == (201, "draft", "/v1/connections/books")
    assert draft.headers["ETag"] == '"1"'
    test = house.post("/connections/books/tests")
    seen = life_models.TestAnswer.model_validate_json(test.content)
    assert (seen.passed, [company.organization for company in seen.companies]) == (True, ["o-1", "o-2"])
    refused = house.post("/connections/books/establishment", companies=["o-9"])
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-seen")
    done = house.post("/connections/books/establishment", companies=["o-2"], admin=None)
    made = life_models.EstablishmentAnswer.model_validate_json(done.content)
    assert (made.stage, made.companies, made.admin, made.known) == ("established", ["o-2"], "", [])
    whole = house.get("/connections/books")
    shown = WholeConnection.model_validate(whole)
    assert (shown.stage, shown.maker, shown.editable, shown.values) == ("established", "api:anonymous", True, {"e": 1})
    assert [company.organization for company in shown.companies or []] == ["o-2"]
    assert shown.seen is not None
    assert (len(shown.seen.companies), shown.test and shown.test.passed) == (2, True)
    assert "s3cret" not in str(whole)


def test_what_does_not_fit_the_form_is_told_field_by_field(house: House) -> None:
    """Before anything is recorded or asked: when it is drafted, edited, and once more when it is tested."""
    values: dict[str, Any] = {"e": "many", "books": 12345, "what": 1}
    refused = house.post("/connections", id="odd", system="erp", environment=ADDRESS, secret="s3cret", values=values)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/bad-form")
    assert [problem["field"] for problem in refused.json()["errors"]] == ["e", "books", "what"]
    assert "Books: it has to be a list: their numbers." in refused.json()["detail"]
    asked = len(house.erp.asked)
    house.post("/connections", id="odd", system="erp", environment=ADDRESS, secret="s3cret", values={"e": 1})
    edited = house.send("PATCH", "/connections/odd", json={**WHY, "values": values})
    assert (edited.status_code, edited.json()["type"]) == (422, "/problems/bad-form")
    known = house.opened.house.system("erp").profile
    strict = replace(known, form={**known.form, "required": ["entity"]})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(house.erp, "profile", strict)
        tested = house.post("/connections/odd/tests")
    assert (tested.status_code, tested.json()["errors"][0]["field"]) == (422, "entity")
    assert len(house.erp.asked) == asked


def test_who_may_not_edit_sees_no_companies(house: House) -> None:
    """Whoever reads connections sees that there is one, and neither its companies nor its form."""
    house.make("hidden")
    (row,) = [row for row in house.get("/connections", "auditor")["data"] if row["connection"] == "hidden"]
    assert (row["editable"], row["companies"], row["values"], row["lost_locations"]) == (False, None, None, None)
    assert house.get("/connections/hidden", "auditor")["seen"] is None
    models.Connections.model_validate(house.get("/connections"))
    assert house.get("/companies", "auditor")["data"] == []
    assert house.post("/connections/hidden/tests", "auditor").json()["type"] == "/problems/not-permitted"


def test_a_failed_test_and_an_edit_that_the_source_does_not_take(house: House) -> None:
    """A failed test is an answer; a change that fails its test is refused, and what was in use stays in use."""
    house.make("careful")
    draft: dict[str, Any] = {"system": "erp", "environment": ADDRESS, "secret": "wrong"}
    house.post("/connections", id="careless", **draft)
    test = house.post("/connections/careless/tests")
    assert (test.status_code, test.json()["passed"], test.json()["failure"]) == (201, False, "not-authorized")
    assert house.post("/connections/careless/establishment").json()["type"] == "/problems/not-tested"
    path = "/connections/careful"
    for answer in (
        house.send("PATCH", path, json={**WHY, "secret": "wrong"}),
        house.post(f"{path}/credentials", secret="wrong"),
        house.post(f"{path}/renewal", secret="wrong"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/test-failed")
        assert "does not know this key). What" not in answer.text
    shown = house.get(path)
    assert (shown["credential_version"], shown["test"]["passed"], shown["test"]["of"]) == (1, False, "renewal")
    named = house.send("PATCH", path, json={**WHY, "name": "Head office"})
    assert life_models.EditConnectionAnswer.model_validate_json(named.content).changed


def test_the_life_of_one(house: House) -> None:
    """Rotated, renewed, shared, given an admin, suspended, resumed and disconnected; each is seen at once."""
    house.make("lively")
    path = "/connections/lively"

    def stands() -> Any:
        return house.get(path)

    assert house.post(f"{path}/credentials", secret="narrow").json()["credential_version"] == 2
    (company,) = stands()["companies"]
    assert (company["organization"], company["lost"]) == ("o-1", True)
    until = house.opened.house.clock.now() + dt.timedelta(days=3)
    renewed = house.post(f"{path}/renewal", valid_until=until.isoformat(), secret="s3cret").json()
    assert (renewed["credential_version"], stands()["companies"][0]["lost"]) == (3, False)
    assert "renew the connection" in stands()["renewal"]
    due = house.get("/due")
    assert [one["connection"] for one in due["renewals"]] == ["lively"]
    assert house.send("PUT", f"{path}/visibility", json={**WHY, "visibility": "shared"}).json()["changed"]
    assert not house.send("PUT", f"{path}/visibility", json={**WHY, "visibility": "shared"}).json()["changed"]
    refused = house.send("PUT", f"{path}/admin", json={**WHY, "admin": "anna"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-fit-for-admin")
    house.people.hire("anna", "connection-manager")
    try:
        assert house.send("PUT", f"{path}/admin", json={**WHY, "admin": "anna"}).status_code == 200
        assert (stands()["admin"], stands()["admin_trouble"]) == ("user:anna", "")
        house.till("quay", "V-quay")
        house.people.hire("anna", "connection-manager", locations=frozenset({"elsewhere"}))
        assert "has no access to the location" in stands()["admin_trouble"]
        house.people.everyone.clear()
        assert "no user 'anna'" in stands()["admin_trouble"]
    finally:
        house.people.everyone.clear()
    assert house.post(f"{path}/suspension").json()["stage"] == "suspended"
    assert (stands()["stage"], stands()["reason"]) == ("suspended", "a test")
    assert house.post(f"{path}/resumption").json()["stage"] == "established"
    assert house.post(f"{path}/disconnection").json()["stage"] == "disconnected"
    assert (stands()["stage"], stands()["editable"], stands()["renewal"]) == ("disconnected", False, "")
    assert house.post(f"{path}/tests").json()["type"] == "/problems/is-disconnected"


def test_revisions_and_keys(house: House) -> None:
    """If-Match guards, the ETag is the revision, and a key is answered again without asking the source twice."""
    house.make("guarded")
    path = "/connections/guarded"
    tag = house.send("GET", path, params={"min_position": house.opened.journal.head()}).headers["ETag"]
    key = {"Idempotency-Key": "once", "If-Match": tag}
    first = house.send("PATCH", path, json={**WHY, "name": "x"}, headers=key)
    asked = len(house.erp.asked)
    again = house.send("PATCH", path, json={**WHY, "name": "x"}, headers=key)
    assert (again.headers["Idempotent-Replayed"], again.json()) == ("true", first.json())
    assert len(house.erp.asked) == asked
    assert house.send("PATCH", path, json={**WHY, "name": "y"}, headers=key).json()["type"] == "/problems/key-reused"
    stale = house.send("PATCH", path, json={**WHY, "name": "y"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert house.send("PATCH", path, json={**WHY, "name": "y"}, headers={"If-Match": first.headers["ETag"]}).is_success
    test = {"Idempotency-Key": "test-once"}
    one = house.send("POST", f"{path}/tests", json=WHY, headers=test)
    asked = len(house.erp.asked)
    assert house.send("POST", f"{path}/tests", json=WHY, headers=test).json() == one.json()
    assert len(house.erp.asked) == asked


def test_a_company_is_one_however_many_connect_it(house: House) -> None:
    """The second connection is told so when it is tested and established; the list has the company once."""
    address = "https://twice.example.com"
    house.make("first", environment=address)
    house.post("/connections", id="second", system="erp", environment=f"{address}/", secret="s3cret")
    seen = house.post("/connections/second/tests").json()
    assert [(one["organization"], one["connections"]) for one in seen["known"]] == [("o-1", ["first"])]
    done = house.post("/connections/second/establishment", companies=["o-1"]).json()
    assert [one["company"] for one in done["known"]] == [seen["known"][0]["company"]]
    found = life_models.Companies.model_validate(house.get("/companies")).data
    (one,) = [company for company in found if company.environment == address]
    assert [link.connection for link in one.connections] == ["first", "second"]
    page = house.get("/companies", limit=1)
    assert len(page["data"]) == 1
    assert house.get("/companies", cursor=page["next"])["data"][0] != page["data"][0]


def test_a_location_is_edited_everywhere(house: House) -> None:
    """At every connection that feeds it; that its days have other hours is told; nothing new is no change."""
    house.till("tills", "pier")
    done = house.send("PATCH", "/locations/pier", json={**WHY, "name": "Pier 17", "day_starts": "04:00"})
    told = life_models.EditLocationAnswer.model_validate_json(done.content)
    assert (told.changed, told.moved, told.name, told.day_starts) == (True, True, "Pier 17", "04:00")
    (row,) = [row for row in house.get("/locations")["data"] if row["location"] == "pier"]
    assert (row["name"], row["day_starts"]) == ("Pier 17", "04:00")
    key = {"Idempotency-Key": "move-once"}
    body = {**WHY, "number": "0100"}
    house.send("PATCH", "/locations/pier", json=body, headers=key)
    again = house.send("PATCH", "/locations/pier", json=body, headers=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    same = house.send("PATCH", "/locations/pier", json=body).json()
    assert (same["changed"], same["position"]) == (False, None)
    assert house.send("PATCH", "/locations/nowhere", json=body).status_code == 404
    assert house.send("PATCH", "/locations/pier", "manager", json=body).status_code == 403
    assert house.send("PATCH", "/locations/pier", json={**WHY, "zone": "Mars/Base"}).status_code == 422


def test_what_is_suspended_is_not_due(house: House) -> None:
    """A poll is refused with the reason; the days are listed as waiting for somebody to resume it."""
    house.till("idle", "harbor")
    assert {one["why"] for one in house.get("/due", location="harbor")["data"]} == {"daily", "never-polled"}
    house.post("/connections/idle/suspension")
    data = house.get("/due", location="harbor")["data"]
    assert {(one["why"], one["due"], one["not_before"]) for one in data} == {("suspended", False, None)}
    poll = house.post("/days/harbor/2026-01-01/polls")
    assert (poll.status_code, poll.json()["type"]) == (409, "/problems/is-suspended")
    house.post("/connections/idle/disconnection")
    assert house.get("/due", location="harbor")["data"] == []
    assert house.post("/days/harbor/2026-01-01/polls").json()["type"] == "/problems/is-disconnected"
    house.till("next", "harbor")
    (row,) = [row for row in house.get("/locations")["data"] if row["location"] == "harbor"]
    assert row["connection"] == "next"


def test_clients(house: House) -> None:
    """A client is added to the customer of one's own; who does not look after the installation sees one's own only."""
    assert house.get("/clients")["data"] == []
    assert house.post("/clients", client="bay", name="Bay").json()["type"] == "/problems/no-such-client"
    harbor = CustomerId("harbor")
    name_client(NameClient(harbor, "main", "Main", who("root"), called="Harbor Group"), house.opened.house)
    house.get("/clients")
    key = {"Idempotency-Key": "client-once"}
    body = {**WHY, "client": "bay", "name": "Bay"}
    added = house.send("POST", "/clients", json=body, headers=key)
    told = life_models.TenantAnswer.model_validate_json(added.content)
    assert (added.status_code, told.customer, told.version, added.headers["ETag"]) == (201, "harbor", 3, '"3"')
    assert house.send("POST", "/clients", json=body, headers=key).headers["Idempotent-Replayed"] == "true"
    assert house.send("POST", "/clients", json=body).json()["type"] == "/problems/client-exists"
    assert [row.client for row in life_models.Tenants.model_validate(house.get("/clients")).data] == ["bay", "main"]
    assert house.get("/clients", limit=1)["next"]
    assert [row["client"] for row in house.get("/clients", "auditor")["data"]] == ["main"]
    assert house.post("/clients", "manager", client="x", name="X").status_code == 403
    renamed = house.send("PATCH", "/clients/bay", json={**WHY, "name": "Bayside"}, headers={"If-Match": '"3"'})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Bayside")
    assert (
        house.send("PATCH", "/clients/bay", json={**WHY, "name": "B"}, headers={"If-Match": '"3"'}).status_code == 412
    )
    assert house.send("PATCH", "/clients/bay", "full-access", json={**WHY, "name": "B"}).status_code == 404
    assert not house.send("PATCH", "/clients/bay", json={**WHY, "name": "Bayside"}).json()["changed"]
    pier = NameClient(CustomerId("pier"), "pier", "Pier", who("root"))
    name_client(pier, house.opened.house)
    assert house.post("/clients", client="pier", name="Mine").json()["type"] == "/problems/client-exists"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/connections", {"id": "x y", "system": "erp"}, 400),
        ("POST", "/connections", {"id": "x", "system": "nonsense"}, 404),
        ("POST", "/connections", {"id": "x", "system": "erp", "stage": "established"}, 422),
        ("POST", "/connections", {"id": "x", "system": "erp", "values": {"password": "p"}}, 422),
        ("POST", "/connections", {"id": "x", "system": "erp", "name": "a\x00b"}, 422),
        ("POST", "/connections/nowhere/tests", {}, 404),
        ("PATCH", "/connections/nowhere", {"maker": "me"}, 422),
        ("POST", "/connections/nowhere/renewal", {"valid_until": "2027-01-01T00:00:00"}, 422),
        ("POST", "/connections/nowhere/credentials", {"secret": ""}, 422),
    ],
)
def test_what_does_not_fit(house: House, method: str, path: str, body: dict[str, Any], status: int) -> None:
    """Unknown members, ids and values that cannot be are refused, and no secret is repeated."""
    before = house.opened.journal.head()
    answer = house.send(method, path, json={**WHY, **body})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert house.opened.journal.head() == before


@pytest.mark.parametrize(
    "text",
    [
        '{"id":"x","system":"erp","reason":"r","values":{"a":"\\ud800"}}',
        '{"id":"x","system":"erp","reason":"r","secret":"\\ud800"}',
        '{"id":"x","system":"erp","reason":"r","environment":"\\ud800"}',
        '{"id":"x","system":"erp","reason":"r","values":{"a":NaN}}',
        '{"id":"x","system":"erp","reason":"r","values":{"a":' + "[" * 900 + "]" * 900 + "}}",
        '{"id":"x","system":"\\u0000","reason":"r"}',
    ],
)
def test_bodies_that_nobody_means(house: House, text: str) -> None:
    """Lone surrogates, NaN, nesting and NUL are refused in a sentence; nothing breaks."""
    headers = {"Daybook-Role": "operator", "Content-Type": "application/json"}
    before = house.opened.journal.head()
    answer = house.client.send("POST", "/v1/connections", content=text, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert house.opened.journal.head() == before
