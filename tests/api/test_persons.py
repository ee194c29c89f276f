"""Personal data over HTTP and by commands: masked, opened on record, exported, held, forgotten, destroyed."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.http import models, person_models
from api.persons import shred_due
from api.work.polling import Work
from domain.commands.intent import Intent
from domain.identifiers import PersonId
from domain.permissions import EVERYTHING
from domain.person import is_minor
from domain.ports.vault import PersonForgotten
from projections import queries
from tests.api.site import DATES, KEY, Site, a_site

PAYROLL = {"Daybook-Role": "payroll"}
ADMIN = {"Daybook-Role": "full-access"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A daybook that polled a day of each location, and keeps whole numbers."""
    with a_site(tmp_path_factory.mktemp("persons"), store_ssn="vault", tickets=6) as opened:
        for location in ("alpha", "beta"):
            assert opened.poll(DATES[0], location).status_code in {200, 201}
        opened.catch_up()
        yield opened


@pytest.fixture
def staff(site: Site) -> dict[str, dict[str, Any]]:
    """The staff of alpha as the POS tells it, in clear, by id."""
    url = f"{site.pos.url}/kernel/v1/venues/V100/staff?limit=500"
    rows = httpx.get(url, headers={"X-Api-Key": KEY}).json()["data"]
    return {row["id"]: row for row in rows}


def post(site: Site, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    """A request that decides something, and the views after it."""
    answer = site.client.post(f"/v1/employees/{path}", body, headers=headers)
    site.catch_up()
    return answer


def shown(site: Site, location: str = "alpha") -> dict[str, dict[str, Any]]:
    """The employees as whoever may read days sees them, by id."""
    answer = site.client.get("/v1/employees", params={"location": location})
    models.Employees.model_validate_json(answer.content)
    return {row["employee"]: row for row in answer.json()["data"]}


def run(site: Site, *arguments: str, given: str | None = None, role: str = "operator") -> Result:
    """A command on the site's store."""
    env = {"DAYBOOK_DATA_DIR": str(site.folder), "DAYBOOK_ROLE": role, "DAYBOOK_STORE_SSN": "vault"}
    result = CliRunner().invoke(app, list(arguments), input=given, env=env)
    site.catch_up()
    return result


def test_employees_are_masked(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """Names are open, the last digits of the number and whether somebody is a minor are told, the rest is sealed."""
    today = dt.datetime.now(dt.UTC).date()
    for id_, row in shown(site).items():
        clear = staff[id_]
        assert (row["first_name"], row["last_name"]) == (clear["firstName"], clear["lastName"])
        assert row["ssn_last_four"] == clear["ssn"][-4:]
        assert row["is_minor"] is is_minor(clear["dateOfBirth"], today)
        assert set(row["personal"].values()) == {"sealed", None}
        assert row["forgotten"] is False


def test_an_opening_answers_what_was_asked_for_and_is_on_record(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """The values go to nobody else: answers are not kept, and the record says who, what and why alone."""
    id_, clear = min(staff.items())
    answer = post(site, f"alpha/{id_}/openings", {"fields": ["ssn", "phone"], "reason": "the W-2"}, PAYROLL)
    assert answer.status_code == 200, answer.text
    person_models.OpeningAnswer.model_validate_json(answer.content)
    assert answer.json()["fields"] == {"phone": clear["phone"], "ssn": clear["ssn"]}
    assert answer.headers["cache-control"] == "no-store"
    read = site.client.get("/v1/readings", params={"employee": id_}, headers={"Daybook-Role": "auditor"})
    person_models.Readings.model_validate_json(read.content)
    newest = read.json()["data"][0]
    assert (newest["actor"], newest["reason"], newest["way"]) == ("api:anonymous", "the W-2", "field")
    assert (newest["location"], newest["employee"], newest["fields"]) == ("alpha", id_, ["phone", "ssn"])
    assert newest["position"] == answer.json()["position"]
    assert clear["ssn"] not in site.client.get("/v1/facts", params={"limit": 500}).text
    traced = site.client.get(f"/v1/trace/{id_}").json()["data"]
    assert PersonId("main", "tray", "alpha", id_).stream in {one["stream"] for one in traced}


def test_the_same_key_opens_once(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """It is answered again and recorded once; for other fields it is refused."""
    id_ = min(staff)
    headers = {**PAYROLL, "Idempotency-Key": "opening-1"}
    first, again = [post(site, f"alpha/{id_}/openings", {"fields": ["email"], "reason": "x"}, headers) for _ in "ab"]
    assert (first.json(), again.headers["idempotent-replayed"]) == (again.json(), "true")
    other = post(site, f"alpha/{id_}/openings", {"fields": ["phone"], "reason": "x"}, headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


@pytest.mark.parametrize("role", ["full-access", "accounting-admin", "manager", "auditor", "support", "pos-admin"])
def test_who_may_not_open_is_refused(site: Site, staff: dict[str, dict[str, Any]], role: str) -> None:
    """Whether there is such an employee or not."""
    for id_ in (min(staff), "nobody"):
        for path, body in (
            (f"alpha/{id_}/openings", {"fields": ["ssn"], "reason": "x"}),
            (f"alpha/{id_}/exports", {"reason": "x"}),
            ("searches", {"ssn": "900-11-0001", "reason": "x"}),
        ):
            answer = post(site, path, body, {"Daybook-Role": role})
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")


@pytest.mark.parametrize("path", ["alpha/nobody/openings", "harbor/V100-E001/openings"])
def test_an_employee_that_is_not_there_is_not_found(site: Site, path: str) -> None:
    """Nor one at a location that is not there."""
    answer = post(site, path, {"fields": ["ssn"], "reason": "x"}, PAYROLL)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-employee")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("alpha/{}/openings", {"fields": [], "reason": "x"}),
        ("alpha/{}/openings", {"fields": ["pos_id"], "reason": "x"}),
        ("alpha/{}/openings", {"fields": ["ssn"]}),
        ("alpha/{}/openings", {"fields": ["ssn"], "reason": " "}),
        ("alpha/{}/openings", {"fields": ["ssn"], "reason": "x", "as": "admin"}),
        ("searches", {"ssn": "12345678", "reason": "x"}),
        ("searches", {"ssn": "9001100011", "reason": "x"}),
        ("alpha/{}/holds", {"held": "yes", "reason": "x"}),
    ],
)
def test_bodies_that_do_not_fit_are_refused(
    site: Site, staff: dict[str, dict[str, Any]], path: str, body: dict[str, Any]
) -> None:
    """Without repeating what was in them."""
    answer = post(site, path.format(min(staff)), body, {"Daybook-Role": "operator"})
    assert answer.status_code == 422
    assert "9001100011" not in answer.text


def test_somebody_is_found_by_number_and_the_search_is_on_record(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """Also where nobody is found; the number is nowhere."""
    id_, clear = max(staff.items())
    for number in (clear["ssn"], clear["ssn"].replace("-", "")):
        answer = post(site, "searches", {"ssn": number, "reason": "a subpoena"}, PAYROLL)
        person_models.SearchAnswer.model_validate_json(answer.content)
        assert answer.json()["data"] == [{"location": "alpha", "employee": id_, "connection": "tray"}]
    assert post(site, "searches", {"ssn": "999-99-9999", "reason": "a subpoena"}, PAYROLL).json()["data"] == []
    read = site.client.get("/v1/readings", headers=ADMIN)
    rows = [(one["way"], one["employee"]) for one in read.json()["data"] if one["reason"] == "a subpoena"]
    assert rows == [("search", ""), ("search", id_), ("search", id_)]
    assert clear["ssn"] not in read.text


def test_readings_come_in_pages(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """Newest first, each once; a cursor of another list is refused."""
    for number in range(5):
        post(site, f"alpha/{min(staff)}/openings", {"fields": ["email"], "reason": f"page {number}"}, PAYROLL)
    whole = site.client.get("/v1/readings", headers=ADMIN).json()["data"]
    found: list[Any] = []
    cursor: str | None = None
    while True:
        given = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = site.client.get("/v1/readings", params=given, headers=ADMIN).json()
        found += page["data"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole
    assert [one["position"] for one in whole] == sorted((one["position"] for one in whole), reverse=True)
    assert site.client.get("/v1/readings", params={"cursor": "abc"}, headers=ADMIN).status_code == 400
    assert site.client.get("/v1/readings", headers={"Daybook-Role": "pos-sync"}).status_code == 403


def test_an_export_has_all_that_is_kept(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """Versions of the record with the data open, punches, and who read what; it is on record itself."""
    labor = site.client.get(f"/v1/days/alpha/{DATES[0]}/labor").json()["data"]
    id_ = labor[0]["employee"]
    answer = post(site, f"alpha/{id_}/exports", {"reason": "they asked"}, PAYROLL)
    person_models.ExportAnswer.model_validate_json(answer.content)
    told = answer.json()
    assert told["personal_data"]["address"] == staff[id_]["address"]
    assert told["records"][0]["record"]["ssn"] == staff[id_]["ssn"]
    assert told["records"][0]["operation"] == "added"
    punches = [(one["punch"], one["hours"], one["pay"]) for one in labor if one["employee"] == id_]
    assert [(one["punch"], one["hours"], one["pay"]) for one in told["punches"]] == punches
    assert told["more"] is False
    assert "sealed:" not in answer.text
    by_command = run(site, "export-person", "alpha", id_, "--why", "they asked again")
    again = json.loads(by_command.output)
    assert (again["records"], again["punches"]) == (told["records"], told["punches"])
    assert [one["way"] for one in again["readings"]][:1] == ["export"]


def test_a_forgotten_employee_is_masked_at_once_and_destroyed_when_due(
    site: Site, staff: dict[str, dict[str, Any]]
) -> None:
    """A hold refuses it; then nothing opens, names included; the same again records nothing; polls go on."""
    labor = site.client.get(f"/v1/days/alpha/{DATES[0]}/labor").json()["data"]
    id_ = labor[-1]["employee"]
    path = f"alpha/{id_}"
    held = post(site, f"{path}/holds", {"held": True, "reason": "a lawsuit"}, {**ADMIN, "If-Match": '"0"'})
    version = int(held.headers["etag"].strip('"'))
    assert (held.status_code, held.json()["held"], held.json()["version"]) == (200, True, version)
    refused = post(site, f"{path}/erasures", {"reason": "they asked"}, ADMIN)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/legal-hold")
    stale = post(site, f"{path}/holds", {"held": False, "reason": "settled"}, {**ADMIN, "If-Match": '"0"'})
    assert stale.status_code == 412
    assert post(site, f"{path}/holds", {"held": False, "reason": "settled"}, ADMIN).json()["held"] is False
    told = post(site, f"{path}/erasures", {"reason": "they asked"}, ADMIN).json()
    person_models.ErasureAnswer.model_validate(told)
    assert (told["forgotten"], told["changed"]) == (True, True)
    assert told["due"] == DATES[0].replace(year=DATES[0].year + 7).isoformat()[:4] + told["due"][4:]
    assert post(site, f"{path}/erasures", {"reason": "they asked"}, ADMIN).json()["changed"] is False
    row = shown(site)[id_]
    assert (row["forgotten"], row["first_name"], row["ssn_last_four"], row["is_minor"]) == (True, None, None, None)
    for what in ("openings", "exports"):
        body = {"reason": "x"} | ({"fields": ["phone"]} if what == "openings" else {})
        answer = post(site, f"{path}/{what}", body, PAYROLL)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/data-restricted")
    assert post(site, "searches", {"ssn": staff[id_]["ssn"], "reason": "x"}, PAYROLL).json()["data"] == []
    listed = site.client.get("/v1/retention", headers=ADMIN)
    person_models.Retention.model_validate_json(listed.content)
    (one,) = [one for one in listed.json()["data"] if one["employee"] == id_]
    assert (one["state"], one["due"], one["restricted"]["reason"]) == ("scheduled", told["due"], "they asked")
    assert site.poll(DATES[0]).json()["outcome"] == "unchanged"
    assert run(site, "shred").output == "Nothing is due.\n"


def test_the_whole_life_by_commands(site: Site, staff: dict[str, dict[str, Any]]) -> None:
    """Revealed, found, held and let go, forgotten, and then opened no more; each says what came of it."""
    id_ = min(shown(site, "beta"))
    opened = run(site, "reveal", "beta", id_, "phone", "--why", "a call")
    assert opened.exit_code == 0, opened.output
    assert opened.output.startswith("phone: (")
    phone = json.loads(run(site, "reveal", "beta", id_, "phone", "ssn", "--why", "a call", "--json").output)
    found = run(site, "find-employee", "--why", "a call", "--json", given=phone["fields"]["ssn"] + "\n")
    assert json.loads(found.output)["data"] == [{"location": "beta", "employee": id_, "connection": "tray"}]
    assert id_ in run(site, "find-employee", "--why", "a call", given=phone["fields"]["ssn"] + "\n").output
    assert "Nobody has that number" in run(site, "find-employee", "--why", "a call", given="999-99-9999\n").output
    told = run(site, "readings", "--employee", id_).output
    assert f"beta/{id_}" in told
    assert "opened phone, ssn: a call" in told
    assert "searched by ssn: a call" in told
    assert json.loads(run(site, "readings", "--location", "beta", "--json").output)["data"]
    assert "a legal hold keeps" in run(site, "hold", "beta", id_, "--why", "a lawsuit").output
    assert "so already" in run(site, "hold", "beta", id_, "--why", "a lawsuit").output
    refused = run(site, "forget", "beta", id_, "--why", "they asked")
    assert (refused.exit_code, "A legal hold keeps the data" in refused.output) == (1, True)
    assert "held" in run(site, "retention").output
    assert "is over" in run(site, "hold", "beta", id_, "--why", "settled", "--release").output
    assert "released" in run(site, "retention", "--location", "beta").output
    assert run(site, "forget", "beta", id_, "--why", "they asked", role="manager").exit_code == 1
    assert "opens any more" in run(site, "forget", "beta", id_, "--why", "they asked").output
    listed = json.loads(run(site, "retention", "--json", "--location", "beta").output)["data"]
    assert [(one["employee"], one["state"]) for one in listed] == [(id_, "scheduled")]
    refused = run(site, "reveal", "beta", id_, "phone", "--why", "a call")
    assert (refused.exit_code, "opens any more" in refused.output) == (1, True)


def test_nobody_is_read_about_where_nothing_was_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lists that are empty say so."""
    with a_site(tmp_path_factory.mktemp("empty"), tickets=3) as opened:
        assert run(opened, "readings").output == "Nobody read any personal data.\n"
        assert run(opened, "retention").output == "Nobody is to be forgotten.\n"


def test_a_store_may_hang_on_a_key_from_the_environment(tmp_path: Path) -> None:
    """No key file is made; another key opens nothing; rotated, the next one does."""
    first, second = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
    given = {"DAYBOOK_DATA_DIR": str(tmp_path / "data"), "DAYBOOK_ROLE": "operator"}

    def command(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, list(arguments), env={**given, **environment})

    made = command("init", DAYBOOK_ROOT_KEY=first)
    assert (made.exit_code, "the key of DAYBOOK_ROOT_KEY elsewhere" in made.output) == (0, True)
    assert not (tmp_path / "data" / "key").exists()
    assert "DAYBOOK_NEXT_ROOT_KEY" in command("rotate-key", DAYBOOK_ROOT_KEY=first).output
    rotated = command("rotate-key", DAYBOOK_ROOT_KEY=first, DAYBOOK_NEXT_ROOT_KEY=second)
    assert (rotated.exit_code, "the older one opens nothing" in rotated.output) == (0, True)
    assert command("locations", DAYBOOK_ROOT_KEY=second).exit_code == 0
    refused = command("locations", DAYBOOK_ROOT_KEY=first)
    assert (refused.exit_code, "does not open" in refused.output, first in refused.output) == (1, True, False)


def test_the_worker_destroys_what_is_due(tmp_path: Path) -> None:
    """Once a day, before it polls; whoever is not forgotten stays, with the last four digits of their number."""
    with a_site(tmp_path / "data", tickets=3, retention_years=0) as opened:
        assert opened.poll(DATES[0]).status_code == 201
        opened.catch_up()
        gone, other = sorted(shown(opened))[:2]
        kept_number = post(opened, f"alpha/{other}/openings", {"fields": ["ssn"], "reason": "x"}, PAYROLL).json()
        assert kept_number["fields"]["ssn"] == shown(opened)[other]["ssn_last_four"]  # all that is kept by default
        assert post(opened, f"alpha/{gone}/erasures", {"reason": "they asked"}, ADMIN).status_code == 200
        work = Work(opened.opened)
        for _ in range(2):
            work.ask()
        opened.catch_up()
        listed = opened.client.get("/v1/retention", headers=ADMIN).json()["data"]
        assert [(one["employee"], one["state"]) for one in listed] == [(gone, "shredded")]
        kept = queries.find_employee(opened.opened.engine, "main", "alpha", gone)
        assert kept is not None
        with pytest.raises(PersonForgotten):
            opened.opened.house.vault.seal("main", kept.person, {"phone": "x"})
        assert [row["forgotten"] for row in shown(opened).values()].count(True) == 1
        facts = [one["name"] for one in opened.client.get("/v1/facts", params={"limit": 500}).json()["data"]]
        assert facts.count("person.shredded") == 1


def test_what_an_interrupted_shredding_left_is_done_by_the_next(tmp_path: Path) -> None:
    """A restriction or a destruction that is recorded and was not carried out is found."""
    with a_site(tmp_path / "data", tickets=3, retention_years=0) as opened:
        assert opened.poll(DATES[0]).status_code == 201
        opened.catch_up()
        first, second = sorted(shown(opened))[:2]
        vault = opened.opened.house.vault
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(vault), "restrict", lambda *_: False)
            patch.setattr(type(vault), "forget", lambda *_: False)
            for one in (first, second):
                post(opened, f"alpha/{one}/erasures", {"reason": "they asked"}, ADMIN)
            shred_due(opened.opened, "main", lambda: Intent("worker", "x", rights=EVERYTHING))
            opened.catch_up()
        rows = [queries.find_employee(opened.opened.engine, "main", "alpha", one) for one in (first, second)]
        assert all(row is not None and vault.seal("main", row.person, {"phone": "x"}) for row in rows)
        shred_due(opened.opened, "main", lambda: Intent("worker", "x", rights=EVERYTHING))
        for row in rows:
            assert row is not None
            with pytest.raises(PersonForgotten):
                vault.seal("main", row.person, {"phone": "x"})


def test_a_rotation_by_command(site: Site) -> None:
    """The running server goes on with the new key; a role that does not look after the store is refused."""
    before = site.settings.key_path.read_bytes()
    assert run(site, "rotate-key", role="manager").exit_code == 1
    assert site.settings.key_path.read_bytes() == before
    told = json.loads(run(site, "rotate-key", "--json").stdout)
    assert (told["clients"], told["secrets"], told["resumed"]) == (1, 1, False)
    assert told["keys"] >= len(shown(site))
    assert site.settings.key_path.read_bytes() != before
    assert any(row["first_name"] for row in shown(site).values())
    assert site.poll(DATES[0]).json()["outcome"] == "unchanged"
    assert f"{told['keys']} keys of persons and 1 secret wrapped anew" in run(site, "rotate-key").output
