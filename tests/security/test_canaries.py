"""Canaries: planted secrets and people go through all flows and failures, and are found nowhere that they must not be.

The only places are the answers that open them, with the permission and on record.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from adapters.vault import GivenRoots
from api import persons
from api.cli import app
from api.http.person_models import SearchRequest
from api.logs import configure_logs
from api.settings import load_settings
from domain.commands.changing_person import ChangedPerson
from domain.commands.connect_system import ConnectSystem
from domain.commands.intent import Intent
from domain.commands.open_data import Opened
from domain.commands.seek_person import SeekPerson
from domain.identifiers import ConnectionId
from domain.person import NEW_PERSON
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.api.site import DATES
from tests.security.planted import Planted, a_planted_store, everything, found
from tests.support.scim_server import EXTENSION, scim_server
from tests.support.scim_server import TOKEN as HR_TOKEN

KEY = "zq-pos-key-4711-0815"
BAD_KEY = "zq-bad-key-2342"
TOKENS = ("zq-bearer-token-99", "zq-cookie-77", "zq-api-key-55")
NUMBER = "987-65-4321"
TYPED = "zq-typed-in-the-wrong-place"
ROOT = base64.b64encode(b"zq-root-key-of-32-bytes-exactly!").decode()
SECRETS = (KEY, BAD_KEY, HR_TOKEN, *TOKENS, NUMBER, NUMBER.replace("-", ""), TYPED, ROOT)

FAULTS = (
    "truncated_json",
    "missing_field",
    "null_field",
    "wrong_type",
    "bad_utf8",
    "nul_in_text",
    "error_body_200",
    "status_400",
    "status_401",
    "redirect",
)
EMPLOYEES = (
    "EmployeeId,FirstName,LastName,Email,Phone,Address,Birthdate\n"
    "1,Firstzqfile,Lastzqfile,zqfile@example.com,zq-555-0199,1 Zqfile Street,zq-no-date\n"
)
OF_HR = ("Firstzqhr", "Lastzqhr", "zqhr@example.com", "zq-born-1999", "912-74-8800", "912748800")
OF_FILE = ("Firstzqfile", "Lastzqfile", "zqfile@example.com", "zq-555-0199", "1 Zqfile Street", "zq-no-date")


@dataclass
class Told:
    """What was told by all flows.

    Attributes:
        store: that they went through.
        problems: bodies of answers that tell of problems, and messages of commands.
        answers: of readers who may not open anything.
        opened: what was opened, with the permission.
        lines: of the log, as long as it was JSON.
    """

    store: Planted
    problems: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask, and note what was answered."""
        answer = self.store.client.send(method, path, **given)
        (self.answers if answer.status_code < 400 else self.problems).append(f"{answer.text} {dict(answer.headers)}")
        return answer

    def run(self, *arguments: str, given: str | None = None, **environment: str) -> None:
        """Run a command, and note what it said."""
        env = {"DAYBOOK_DATA_DIR": str(self.store.folder), "DAYBOOK_ROLE": "operator", **environment}
        done = CliRunner().invoke(app, list(arguments), input=given, env=env)
        self.problems.append(done.output + repr(done.exception))

    def catch_up(self) -> None:
        """Bring the views up to date."""
        catch_up(self.store.opened.engine, self.store.opened.journal)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A store that all flows and failures went through, with logs of both forms, as talkative as they get."""
    folder = tmp_path_factory.mktemp("canaries")
    with a_planted_store(folder, people=8, tickets=4, secret=KEY, store_ssn="vault", log_format="json") as store:
        told = Told(store)
        _polls(told)
        _people(told)
        _personnel(told)
        _misuses(told)
        _crashes(told)
        told.lines = store.logs.getvalue().splitlines()
        configure_logs(store.settings.model_copy(update={"log_format": "console"}))
        _misuses(told)
        _crashes(told)
        _imports(told)
        _commands(told)
        yield told


def _polls(told: Told) -> None:
    pos = told.store.pos.pos
    for date in DATES[:2]:
        assert told.ask("POST", f"/v1/days/alpha/{date}/polls", json={"reason": "a test"}).status_code == 201
    for name in FAULTS:
        pos.arm(name, times=None, resource="staff")
        told.ask("POST", f"/v1/days/alpha/{DATES[0]}/polls", json={"reason": "a test"})
        pos.disarm()
    told.catch_up()


def _people(told: Told) -> None:
    id_ = next(iter(told.store.values))
    place = f"/v1/employees/alpha/{id_}"
    for path, body in (
        (f"{place}/openings", {"fields": ["ssn", "email", "phone"], "reason": "a test"}),
        (f"{place}/exports", {"reason": "a test"}),
    ):
        answer = told.store.client.post(path, body)
        assert answer.status_code == 200
        told.opened.append(answer.text)
        told.ask("POST", path, json=body, headers={"Daybook-Role": "auditor"})
    told.ask("POST", "/v1/employees/searches", json={"ssn": told.store.values[id_][4], "reason": "a test"})
    told.ask("POST", "/v1/employees/searches", json={"ssn": NUMBER, "reason": "a test"})
    other = list(told.store.values)[1]
    told.ask("POST", f"/v1/employees/alpha/{other}/erasures", json={"reason": "a test"})
    told.ask("POST", f"/v1/employees/alpha/{other}/openings", json={"fields": ["ssn"], "reason": "a test"})
    told.catch_up()
    for path in ("facts?limit=500", "readings", "retention", "connections", "polls", f"trace/{id_}"):
        told.ask("GET", f"/v1/{path}")
    told.ask("GET", f"/v1/days/alpha/{DATES[0]}/history", params={"record": f"employee/{id_}"})


def _personnel(told: Told) -> None:
    """An HR system is pulled, at first one whose users cannot be read; what it told is opened, and read by others."""
    first, last, email, born, ssn, _ = OF_HR
    with scim_server() as hr:
        connection = {"system": "scim", "environment": hr.url, "secret": HR_TOKEN, "reason": "a test"}
        told.ask("POST", "/v1/connections", json={"id": "hr", "values": {"extension": EXTENSION}, **connection})
        for path in ("tests", "establishment"):
            told.catch_up()
            answer = told.ask("POST", f"/v1/connections/hr/{path}", json={"reason": "a test"})
            assert answer.status_code == 201
        id_ = hr.add(f"{first} {last}", email=email, born=born, ssn=ssn)
        hr.change(f"{first} {last}", email=email, born=born, ssn=ssn, jobs=(("1", last, "-1.00"),))
        for _ in range(2):
            told.catch_up()
            answer = told.ask("POST", "/v1/connections/hr/pull", json={"whole": True, "reason": "a test"})
            assert answer.status_code == 200
            hr.change(f"{first} {last}", email=email, born=born, ssn=ssn)
        hr.tokens.clear()
        hr.tokens.add("another")
        told.catch_up()
        told.ask("POST", "/v1/connections/hr/pull", json={"reason": "a test"})
        told.run("pull", "hr", "--why", "a test")
    told.catch_up()
    opening = {"fields": ["email", "date_of_birth", "ssn"], "reason": "a test"}
    opened = told.store.client.post(f"/v1/hr-employees/hr/{id_}/openings", opening)
    assert found([email, born, ssn], opened.text.encode()) == [email, born, ssn]
    told.ask("POST", f"/v1/hr-employees/hr/{id_}/openings", json=opening, headers={"Daybook-Role": "auditor"})
    for path in ("facts?limit=500", "readings", "connections", f"trace/{id_}"):
        told.ask("GET", f"/v1/{path}")
    for path in ("Users", f"Users/hr:{id_}", "Users?filter=" + first, f"Users?attributes={email}"):
        answer = told.store.client.get(f"/scim/v2/{path}", headers={"Daybook-Role": "auditor"})
        assert found([email, born, ssn, HR_TOKEN], answer.text.encode()) == []


def _misuses(told: Told) -> None:
    id_ = next(iter(told.store.values))
    opening = f"/v1/employees/alpha/{id_}/openings"
    for body in (
        {"fields": [TYPED], "reason": "a test"},
        {"fields": ["ssn"], "reason": [TYPED]},
        {"fields": ["ssn"], "reason": "x", TYPED[:9]: NUMBER},
    ):
        told.ask("POST", opening, json=body)
    for number in (NUMBER + "0", f"{NUMBER}{TYPED}"):
        told.ask("POST", "/v1/employees/searches", json={"ssn": number, "reason": "x"})
    told.ask("POST", "/v1/employees/searches", content=f'{{"ssn": "{NUMBER}'.encode())
    told.ask("POST", "/v1/employees/searches", content=NUMBER.encode(), headers={"Content-Type": "text/plain"})
    told.ask(
        "GET",
        "/v1/employees",
        params={"cursor": TYPED},
        headers={"Authorization": f"Bearer {TOKENS[0]}", "Cookie": f"session={TOKENS[1]}", "X-Api-Key": TOKENS[2]},
    )


def _crashes(told: Told) -> None:
    """What nobody foresaw, with secrets in local variables and in the parameters of a statement that fails."""

    def crash(*_: Any, **__: Any) -> None:
        number = NUMBER
        with told.store.opened.engine.connect() as connection:
            connection.execute(text("SELECT no_such_column FROM no_such_table WHERE a = :a"), {"a": number})

    id_ = next(iter(told.store.values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(persons, "reveal", crash)
        body = {"fields": ["ssn"], "reason": "a test"}
        answer = told.ask("POST", f"/v1/employees/alpha/{id_}/openings", json=body)
        assert answer.status_code in {500, 503}


def _imports(told: Told) -> None:
    told.run("connect", "--system", "files", "--id", "files", "--location", "pier:America/New_York")
    told.catch_up()
    for content in (
        EMPLOYEES,
        EMPLOYEES.replace("zq-no-date", "1990/01/31"),
        EMPLOYEES.replace("EmployeeId", "Nobody"),
    ):
        files = [("file", ("employees.csv", content.encode(), "text/csv"))]
        told.ask("POST", "/v1/imports", data={"location": "pier", "kind": "employees"}, files=files)


def _commands(told: Told) -> None:
    id_ = next(iter(told.store.values))
    environment = told.store.pos.url
    told.run(
        "connect", "--id", "bad", "--environment", environment, "--key-env", "ZQ", "--location", "x=V1", ZQ=BAD_KEY
    )
    told.run("connect", "--id", "worse", "--environment", environment, "--key-env", "ZQ", ZQ=BAD_KEY)
    told.run("find-employee", "--why", "a test", given=f"{NUMBER}\n")
    told.run("find-employee", "--why", "a test", given=f"{NUMBER}1\n")
    told.run("reveal", "alpha", id_, TYPED[:2], "--why", "a test")
    told.run("forget", "alpha", id_, "--why", "a test", DAYBOOK_ROLE="manager")
    told.run("readings")
    told.run("retention")
    told.run("check")
    told.run("rotate-key")
    told.run("rotate-key", DAYBOOK_ROOT_KEY=ROOT)
    told.run("init", DAYBOOK_ROOT_KEY=ROOT[:-6])
    told.run("poll", "alpha", str(DATES[0]), "--why", "a test")
    told.run("history", "alpha", str(DATES[0]), "--record", f"employee/{id_}")
    rebuild(told.store.opened.engine, told.store.opened.journal)


def values(told: Told) -> list[str]:
    """Everything that is planted."""
    return [*SECRETS, *OF_FILE, *OF_HR, *(value for of_one in told.store.values.values() for value in of_one)]


def test_what_may_be_opened_was_opened(told: Told) -> None:
    """The flows went where the values are: a search that could find nothing would prove nothing."""
    first = next(iter(told.store.values.values()))
    assert found(first, told.opened[0].encode()) == [first[3], first[4], first[5]]
    assert found(first, told.opened[1].encode()) == list(first[:7])
    assert len(told.problems) > 30
    assert len(values(told)) > 100


def test_no_file_table_fact_capture_or_log_holds_a_canary(told: Told) -> None:
    """Every byte that the store keeps, unpacked as well, and all that was logged."""
    assert len(told.store.logs.getvalue()) > 5_000
    assert found(values(told), everything(told.store)) == []


def test_no_problem_tells_a_canary(told: Told) -> None:
    """Neither over HTTP nor as a sentence of a command, headers included."""
    assert found(values(told), "\n".join(told.problems).encode()) == []


def test_no_answer_to_others_tells_a_canary(told: Told) -> None:
    """Facts, histories, traces, lists of readings and of retention are for those who may not open anything."""
    assert found(values(told), "\n".join(told.answers).encode()) == []


def test_the_root_key_is_nowhere_but_in_its_file(told: Told) -> None:
    """Not as bytes, hexadecimal digits or base64."""
    material = told.store.settings.key_path.read_bytes()
    content = everything(told.store).replace(material, b"", 1)  # once: the file itself is in the folder
    assert material not in content
    assert material.hex().encode() not in content
    assert base64.b64encode(material) not in content


def test_every_log_line_is_one_line(told: Told) -> None:
    """As JSON each line is an object by itself, whatever was in it."""
    assert len(told.lines) > 20
    assert all(isinstance(json.loads(line), dict) for line in told.lines)


def test_reprs_show_no_secret(tmp_path: Path) -> None:
    """Of what carries one through the code: settings, commands, answers, keys, requests."""
    intent = Intent("cli:anna", "x")
    settings = load_settings(
        data_dir=tmp_path, root_key=ROOT, next_root_key=ROOT, database_url=f"postgresql://u:{KEY}@h/d"
    )
    place = ConnectionId("main", "tray")
    carriers = (
        settings,
        ConnectSystem(place, "tray", "Tray", "https://x.example", KEY, (), intent),
        SeekPerson("main", NUMBER, intent),
        Opened({"ssn": NUMBER}, ChangedPerson(NEW_PERSON)),
        SearchRequest(ssn=NUMBER, reason="x"),
        GivenRoots(ROOT).known(),
    )
    shown = "".join([f"{one!r}{one}" for one in carriers])
    assert found(SECRETS, shown.encode()) == []
