"""Personnel over HTTP and the command line, with a third party's SCIM server as the HR system."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from api.cli import app
from api.http import personnel_models as models
from api.http.person_models import ErasureAnswer
from api.work.polling import Work
from api.work.pulling import pulls
from domain.identifiers import PersonnelId
from projections import personnel
from projections.rebuilding import rebuild
from tests.api.guarded import Guarded, a_guarded_site, with_key
from tests.api.site import Client
from tests.support.scim_server import EXTENSION, TOKEN, ScimServer, scim_server
from tests.support.scripted import StoppedClock

WHY = {"reason": "a test"}


SHAPES: dict[str, type[BaseModel]] = {
    "hr-employees": models.HrEmployees,
    "employee-matches": models.StaffMatches,
    "personnel": models.Beside,
    "pull": models.PullAnswer,
    "link": models.LinkAnswer,
    "unlink": models.LinkAnswer,
    "openings": models.HrOpeningAnswer,
    "erasures": models.HrErasureAnswer,
}
"""What the document says of answers, by the end of the address."""


def _checked(path: str, content: Any) -> Any:
    """An answer, if it is what the document says."""
    shape = SHAPES.get(path.rpartition("/")[2])
    if shape is models.HrErasureAnswer and "/hr-employees/" not in path:
        shape = ErasureAnswer
    if shape is not None and "type" not in content:
        shape.model_validate(content)
    return content


@dataclass
class Town:
    """A guarded site with an HR system that is connected.

    Attributes:
        place: the site.
        hr: the HR system.
        staff: the employees of the location alpha, as the list has them.
        ours: what the point of sale knows of them in clear, by id.
    """

    place: Guarded
    hr: ScimServer
    staff: list[dict[str, Any]]
    ours: dict[str, dict[str, str]]

    @property
    def boss(self) -> Client:
        """Somebody who may nearly everything."""
        return self.place.by("full-access")

    def ask(self, path: str, body: Any, who: Client | None = None, status: int = 200, **headers: str) -> Any:
        """POST, and what is answered; the views are up to date then."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = (who or self.boss).post(path, {**WHY, **body}, headers=told)
        assert answer.status_code == status, answer.text
        self.place.site.catch_up()
        return _checked(path, answer.json())

    def get(self, path: str, who: Client | None = None, **parameters: Any) -> Any:
        """GET, and what is answered."""
        answer = (who or self.boss).get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return _checked(path, answer.json())

    def states(self, **parameters: Any) -> dict[str, str]:
        """Who is matched how, by employee of alpha."""
        rows = self.get("/v1/employee-matches", location="alpha", limit=500, **parameters)["data"]
        return {row["employee"]: row["state"] for row in rows}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Alpha was polled; the HR system knows five of its employees, each in another way, and one more."""
    folder = tmp_path_factory.mktemp("personnel")
    with scim_server() as hr, a_guarded_site(folder) as place:
        boss = place.by("full-access")
        path = f"/v1/days/alpha/{place.site.pos.pos.settings.first}/polls"
        assert boss.post(path, WHY).status_code == 201
        place.site.catch_up()
        found = boss.get("/v1/employees", params={"location": "alpha"}).json()["data"]
        staff = [one for one in found if one["active"] and one["payroll_id"]]
        ours = {}
        for one in staff[:5]:
            asked = {"fields": ["first_name", "last_name", "email", "date_of_birth", "ssn"], **WHY}
            opening = place.by("payroll").post(f"/v1/employees/alpha/{one['employee']}/openings", asked)
            ours[one["employee"]] = opening.json()["fields"]
        _hire(hr, staff, ours)
        draft = {"environment": hr.url, "values": {"page_size": 2, "extension": EXTENSION}, "secret": TOKEN}
        town = Town(place, hr, staff, ours)
        town.ask("/v1/connections", {"id": "hr", "system": "scim", "name": "HR", **draft}, status=201)
        assert town.ask("/v1/connections/hr/tests", {}, status=201)["passed"] is True
        town.ask("/v1/connections/hr/establishment", {"admin": None}, status=201)
        yield town


def _hire(hr: ScimServer, staff: list[dict[str, Any]], ours: dict[str, dict[str, str]]) -> None:
    by_number, by_mail, by_name, twice = staff[0], staff[1], staff[2], staff[3]
    names = ours[by_name["employee"]]
    job = by_number["jobs"][0]["job"]
    hr.add("Ann Bell", number=by_number["payroll_id"], hired="2020-02-03", jobs=((job, "Server", "99.50"),))
    hr.add("Bo Cole", email=ours[by_mail["employee"]]["email"].upper(), born="2012-01-02")
    hr.add(f"{names['first_name']} {names['last_name']}", born=names["date_of_birth"])
    hr.add("Di Eve", number=twice["payroll_id"])
    hr.add("Ed Fox", number=twice["payroll_id"])
    hr.add("Gus Nobody")


def test_pull_match_and_show(town: Town) -> None:
    """The first pull reads everybody; rules match; what the HR system says stands beside the point of sale."""
    answer = town.ask("/v1/connections/hr/pull", {}, Idempotency_Key="once")
    assert (answer["outcome"], answer["way"], answer["added"]) == ("pulled", "whole", 6)
    again = town.ask("/v1/connections/hr/pull", {}, Idempotency_Key="once")
    assert again["position"] == answer["position"]
    number, mail, name, twice = (one["employee"] for one in town.staff[:4])
    found = town.states()
    assert [found[one] for one in (number, mail, name, twice)] == ["matched", "matched", "suggested", "ambiguous"]
    assert set(town.states(state="unmatched")) == {one for one, state in found.items() if state == "unmatched"}
    people = town.get("/v1/hr-employees")["data"]
    assert len(people) == 6
    ann = next(one for one in people if one["last_name"] == "Bell")
    assert [(one["employee"], one["rule"]) for one in ann["matches"]] == [(number, "payroll-id")]
    assert ann["hire_date"] == "2020-02-03"
    assert ann["jobs"][0]["rate"] == "99.50"
    assert {one["last_name"] for one in town.get("/v1/hr-employees", matched=True)["data"]} == {"Bell", "Cole"}
    beside = town.get(f"/v1/employees/alpha/{number}/personnel")["data"][0]
    fields = {one["field"]: (one["pos"], one["hr"]) for one in beside["conflicts"]}
    assert fields["first_name"][1] == "Ann"
    assert fields[f"rate/{town.staff[0]['jobs'][0]['job']}"][1] == "99.50"
    minor = town.get(f"/v1/employees/alpha/{mail}/personnel")["data"][0]
    assert minor["employee"]["is_minor"] is True
    assert {"field": "date_of_birth", "pos": "sealed", "hr": "sealed"} in minor["conflicts"]
    assert town.get(f"/v1/employees/alpha/{name}/personnel")["data"][0]["employee"] is None


def test_pages_go_on(town: Town) -> None:
    """Of both lists, each once."""
    for path, key in (("/v1/hr-employees", "employee"), ("/v1/employee-matches", "employee")):
        whole = [one[key] for one in town.get(path, limit=500)["data"]]
        parts: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            page = town.get(path, limit=2, **cursor)
            parts += [one[key] for one in page["data"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert parts == whole
    assert len(town.get("/v1/hr-employees", connection="none")["data"]) == 0
    assert len(town.get("/v1/hr-employees", active=True, connection="hr")["data"]) == 6


def test_links_stand_and_unlinks_too(town: Town) -> None:
    """Against what rules find, pull after pull; twice changes nothing."""
    twice = town.staff[3]["employee"]
    eve = town.hr.ids["Di Eve"]
    path = f"/v1/employees/alpha/{twice}"
    linked = town.ask(f"{path}/link", {"connection": "hr", "hr": eve})
    assert (linked["state"], linked["hr"], linked["changed"]) == ("linked", eve, True)
    assert town.ask(f"{path}/link", {"connection": "hr", "hr": eve})["changed"] is False
    town.ask("/v1/connections/hr/pull", {"whole": True})
    assert town.states()[twice] == "linked"
    gone = town.ask(f"{path}/unlink", {"connection": "hr", "hr": eve})
    assert gone["state"] == "unmatched"
    town.ask("/v1/connections/hr/pull", {})
    assert town.states()[twice] == "matched"  # the other one of that number
    town.ask(f"{path}/unlink", {"connection": "hr", "hr": "nobody"}, status=404)
    town.ask("/v1/employees/alpha/nobody/link", {"connection": "hr", "hr": eve}, status=404)


def test_who_left_is_deactivated(town: Town) -> None:
    """Once everybody is read; never deleted."""
    town.hr.add("Ivy Late", number="9999")
    assert town.ask("/v1/connections/hr/pull", {})["added"] == 1
    town.hr.remove("Ivy Late")
    assert town.ask("/v1/connections/hr/pull", {})["gone"] == 0
    assert town.ask("/v1/connections/hr/pull", {"whole": True})["gone"] == 1
    (ivy,) = town.get("/v1/hr-employees", active=False)["data"]
    assert (ivy["last_name"], ivy["active"], ivy["listed"]) == ("Late", False, False)


def test_who_sees_and_does_what(town: Town) -> None:
    """Bounded readers see who is matched at their locations; pulls and links take leave to connect HR systems."""
    here, there = (with_key(town.place.client, town.place.key("auditor", one)) for one in ("alpha", "beta"))
    seen = town.get("/v1/hr-employees", here)["data"]
    assert seen
    assert all(one["matches"] for one in seen)
    assert town.get("/v1/hr-employees", there)["data"] == []
    nobody = town.hr.ids["Gus Nobody"]
    number = town.staff[0]["employee"]
    assert there.get(f"/v1/employees/alpha/{number}/personnel").status_code == 404
    link = {"connection": "hr", "hr": nobody}
    town.ask(f"/v1/employees/alpha/{number}/link", link, town.place.by("manager"), 403)
    bounded = with_key(town.place.client, town.place.key("full-access", "alpha"))
    town.ask(f"/v1/employees/alpha/{number}/link", link, bounded, 404)
    town.ask("/v1/connections/hr/pull", {}, bounded, 404)
    town.ask("/v1/connections/tray/pull", {}, status=422)


def test_personal_data_is_opened_and_forgotten(town: Town) -> None:
    """Each opening is recorded; who is forgotten has no names, and stays."""
    cole, payroll = town.hr.ids["Bo Cole"], town.place.by("payroll")
    opened = town.ask(f"/v1/hr-employees/hr/{cole}/openings", {"fields": ["email"]}, payroll)
    assert opened["fields"] == {"email": town.ours[town.staff[1]["employee"]]["email"].upper()}
    newest = town.get("/v1/readings", payroll, limit=1)["data"][0]
    assert (newest["connection"], newest["employee"], newest["fields"]) == ("hr", cole, ["email"])
    town.ask(f"/v1/hr-employees/hr/{cole}/openings", {"fields": ["email"]}, town.place.by("auditor"), 403)
    town.ask("/v1/hr-employees/hr/nobody/openings", {"fields": ["email"]}, payroll, 404)
    assert town.ask(f"/v1/hr-employees/hr/{cole}/erasures", {}, payroll)["forgotten"] is True
    told = next(one for one in town.get("/v1/hr-employees")["data"] if one["employee"] == cole)
    assert (told["first_name"], told["forgotten"]) == (None, True)
    town.ask("/v1/connections/hr/pull", {"whole": True})
    told = next(one for one in town.get("/v1/hr-employees")["data"] if one["employee"] == cole)
    assert (told["first_name"], told["matches"]) == (None, [])


def test_the_views_come_out_the_same_when_built_anew(town: Town) -> None:
    """All three tables, and history has a sentence for each fact."""
    opened = town.place.opened
    town.place.site.catch_up()

    def shown() -> list[Any]:
        return [
            personnel.hr_employees(opened.engine, "main", limit=500),
            personnel.staff_matches(opened.engine, "main", limit=500),
            personnel.standing(opened.engine, "main", "hr"),
        ]

    before = shown()
    rebuild(opened.engine, opened.journal, ["personnel"])
    assert shown() == before
    facts = town.get("/v1/facts", limit=500)["data"]
    assert {"personnel.pulled", "personnel.matched", "personnel.employee-linked"} <= {one["name"] for one in facts}
    names = [*town.hr.ids, "Ann", TOKEN]
    assert not any(name in str(facts) for name in names)
    cole = town.hr.ids["Gus Nobody"]
    assert town.get(f"/v1/trace/{cole}")["data"]


def test_the_worker_pulls_what_is_due(town: Town) -> None:
    """Once, whoever asks at the same time; a failure waits its pause."""
    opened = town.place.opened
    town.place.site.catch_up()
    ((due, _),) = pulls(opened, "main")
    told = town.get("/v1/due")["pulls"]
    assert [(one["connection"], one["way"], one["due"]) for one in told] == [("hr", "incremental", False)]
    bounded = with_key(town.place.client, town.place.key("auditor", "alpha"))
    assert town.get("/v1/due", bounded)["pulls"] == []
    assert due.way == "incremental"
    assert not due.is_due(opened.house.clock.now())
    moved = opened.house.clock.now() + dt.timedelta(hours=30)
    requests = town.hr.requests
    work = Work(_at(opened, moved))
    work.ask()
    work.rest()
    assert town.hr.requests > requests
    known = personnel.standing(opened.engine, "main", "hr")
    assert known is not None
    assert known.whole_at == moved
    again = Work(_at(opened, moved))
    again.ask()
    again.rest()
    assert personnel.standing(opened.engine, "main", "hr") == known
    entries = list(opened.journal.stream(PersonnelId("main", "hr").stream))
    assert entries[-1].provenance.actor == "worker"


def _at(opened: Any, moment: dt.datetime) -> Any:
    """The same daybook at another time."""
    return replace(opened, house=replace(opened.house, clock=StoppedClock(moment)))


def test_a_token_that_was_revoked_fails_with_its_kind(town: Town) -> None:
    """It is answered and recorded, and the employees stay."""
    number = len(town.get("/v1/hr-employees")["data"])
    town.hr.tokens.add("another")
    town.hr.tokens.discard(TOKEN)
    answer = town.ask("/v1/connections/hr/pull", {})
    assert (answer["outcome"], answer["failure"]) == ("failed", "not-authorized")
    assert len(town.get("/v1/hr-employees")["data"]) == number
    known = personnel.standing(town.place.opened.engine, "main", "hr")
    assert known is not None
    assert (known.failures, known.failure) == (1, "not-authorized")


def test_the_commands(town: Town) -> None:
    """Each does and says what the route does; a failed pull is exit code 1."""
    folder = {"DAYBOOK_DATA_DIR": str(town.place.site.folder), "DAYBOOK_ROLE": "operator"}

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, list(arguments), env=folder)
        assert done.exit_code == code, done.output
        return done.output

    town.hr.tokens.add(TOKEN)
    number, gus = town.staff[4]["employee"], town.hr.ids["Gus Nobody"]
    assert "Pulled all employees: 6 read" in run("pull", "hr", "--whole", "--why", "a test")
    whom = ("alpha", number, gus, "--connection", "hr", "--why", "a test")
    assert f"is linked to {gus}" in run("link-employee", *whom)
    assert f": linked by manual: {gus}" in run("employee-matches", "--location", "alpha", "--state", "linked")
    assert "first_name:" in run("hr-employee", "alpha", number)
    assert json.loads(run("unlink-employee", *whom, "--json"))["state"] == "unmatched"
    assert f"hr/{gus}  Gus Nobody: nobody at a point of sale" in run("hr-employees", "--unmatched")
    assert "pull: who changed" in run("due")
    assert "--state" in run("employee-matches", "--state", "nonsense", code=2)
    assert "There are none" in run("employee-matches", "--location", "nowhere")
    town.hr.tokens.discard(TOKEN)
    assert "not-authorized" in run("pull", "hr", code=1)


def test_forgetting_is_of_the_human(town: Town) -> None:
    """What is linked is forgotten as well, unless that is not wanted; what is out of reach is counted; a hold holds.

    Exports have HR's word as well; what HR tells of who is forgotten stays sealed.
    """
    town.hr.tokens.add(TOKEN)
    payroll, here = town.place.by("payroll"), town.staff[5]["employee"]
    town.ask(f"/v1/days/beta/{town.place.site.pos.pos.settings.first}/polls", {}, status=201)
    there = town.get("/v1/employees", location="beta")["data"][0]["employee"]
    kay = town.hr.add("Kay Lane", email="kay@hr.example", hired="2022-02-02")
    town.ask("/v1/connections/hr/pull", {})
    for location, employee in (("alpha", here), ("beta", there)):
        town.ask(f"/v1/employees/{location}/{employee}/link", {"connection": "hr", "hr": kay})
    exported = town.ask(f"/v1/employees/alpha/{here}/exports", {}, payroll)["personnel"]
    assert [(one["employee"], one["personal_data"]["email"], one["hire_date"]) for one in exported] == [
        (kay, "kay@hr.example", "2022-02-02")
    ]
    newest = town.get("/v1/readings", payroll, employee=kay)["data"]
    assert [(one["connection"], one["way"]) for one in newest] == [("hr", "export")]
    folder = {"DAYBOOK_DATA_DIR": str(town.place.site.folder), "DAYBOOK_ROLE": "operator"}

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*arguments, "--why", "they asked"], env=folder)
        assert done.exit_code == code, done.output
        return done.output

    run("hold", "beta", there)
    erasure = f"/v1/hr-employees/hr/{kay}/erasures"
    refused = town.ask(erasure, {}, payroll, 409)
    assert "same person: nothing was forgotten" in refused["detail"]
    run("hold", "beta", there, "--release")
    bounded = with_key(town.place.client, town.place.key("payroll", "alpha"))
    alone = town.ask(f"/v1/employees/alpha/{here}/erasures", {"with_linked": False}, bounded)
    assert [(one["location"], one["employee"], one["forgotten"]) for one in alone["linked"]] == [(None, kay, False)]
    assert (alone["forgotten"], alone["out_of_reach"]) == (True, 1)
    before = town.ask(f"/v1/employees/beta/{there}/exports", {}, payroll)
    assert before["personnel"][0]["forgotten"] is False
    done = town.ask(erasure, {}, payroll, Idempotency_Key="kay")
    others = {one["location"]: (one["forgotten"], one["changed"]) for one in done["linked"]}
    assert others == {"alpha": (True, False), "beta": (True, True)}
    assert town.ask(erasure, {}, payroll, Idempotency_Key="kay")["linked"][1]["changed"] is True
    said = run("forget-hr-employee", kay, "--connection", "hr")
    assert f"hr {kay}: so already; nothing is recorded." in said
    assert f"alpha {here}, the same person: forgotten already; it may be destroyed from " in said
    again = json.loads(run("forget-hr-employee", kay, "--connection", "hr", "--json"))
    assert {(one["forgotten"], one["changed"]) for one in again["linked"]} == {(True, False)}
    assert "not forgotten" not in run("forget", "beta", there, "--without-linked")
    town.place.site.catch_up()
    kept = [one for one in town.get("/v1/retention", payroll)["data"] if one["employee"] in {kay, there}]
    assert {one["location"] for one in kept} == {"", "beta"}
    town.hr.change("Kay Lane", email="lane@hr.example", hired="2022-02-02")
    assert town.ask("/v1/connections/hr/pull", {"whole": True})["outcome"] == "pulled"
    told = next(one for one in town.get("/v1/hr-employees")["data"] if one["employee"] == kay)
    assert (told["first_name"], told["forgotten"]) == (None, True)
    town.ask(f"/v1/hr-employees/hr/{kay}/openings", {"fields": ["email"]}, payroll, 409)
