"""Two clients of one store with the same ids everywhere: nothing that is done for one shows or touches the other."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.datastructures import Headers
from starlette.types import Scope

from adapters.pos.tray.simulator import Edits
from api.http.documents import openapi_of
from api.work import Asked, Work, ask
from api.work.asking import Wanted
from api.work.embedded import Board
from api.work.objects import ACTOR
from api.work.queued import Handed
from domain.commands.loading import load_day
from domain.due import Due
from domain.facts import ConnectionEstablished, DayPolled
from domain.identifiers import DayId, client_of
from domain.permissions import Principal, rights_of
from domain.ports.journal import JournalUnavailable
from projections.tables import metadata
from tests.api.site import DATES, Site, a_site, command_process, connect
from tests.api.work_stage import runner
from tests.support.asking import asked_by
from tests.support.postgres import Server

OURS, THEIRS = "main", "theirs"
DAY, OTHER_DAY, NO_DAY = DATES[2], DATES[3], DATES[0]
PATH = f"/v1/days/alpha/{DAY}"
VARYING = re.compile(r'"(now|instance)":"[^"]*",?')
"""The time of the question, and its own name where it is refused."""


def principal_by_header(scope: Scope) -> Principal:
    """Somebody who may do everything, for the client that the header names."""
    who = Headers(scope=scope).get("who", OURS)
    return Principal(f"user:{who}", who, rights_of("operator"))


@dataclass
class Shared:
    """A store of two clients, each connected to the same venues of one POS under the same ids."""

    site: Site

    def send(self, client: str, method: str, path: str, **arguments: Any) -> Any:
        """A request for one of the clients."""
        headers = {"who": client, **arguments.pop("headers", {})}
        return self.site.client.send(method, path, headers=headers, **arguments)

    def post(self, client: str, path: str, reason: str = "because", **body: Any) -> Any:
        """A request that is done."""
        return self._done(self.send(client, "POST", path, json={"reason": reason, **body}))

    def put(self, client: str, path: str, **body: Any) -> Any:
        """Replace what a client sees at an address."""
        seen = {"If-Match": self.send(client, "GET", path).headers["ETag"]}
        return self._done(self.send(client, "PUT", path, json={"reason": "because", **body}, headers=seen))

    @staticmethod
    def _done(answer: Any) -> Any:
        assert answer.status_code in {200, 201}, answer.text
        return answer

    def shown(self, client: str) -> dict[str, str]:
        """What every route shows a client that reads."""
        found = {}
        for path in self.paths(client):
            answer = self.send(client, "GET", path)
            assert answer.status_code < 500, answer.text
            found[path] = f"{answer.status_code} {VARYING.sub('', answer.text)}"
        return found

    def paths(self, client: str) -> Iterator[str]:
        """Every address that can be read, with ids that both clients have."""
        tickets = self.send(client, "GET", f"{PATH}/tickets").json().get("data", [])
        ids = {
            "location": "alpha", "date": str(DAY), "connection": "tray", "generation": "1", "figure": "net_sales",
            "entry": "sales", "line": "tender/Visa", "number": "1", "kind": "tender",
            "id": tickets[0]["ticket"] if tickets else "none", "system": "tray", "login": "berta",
            "object": "je:alpha:x:sales", "week": "2026-11-02", "job": "nightly", "run": "1", "employee": "E001",
        }  # fmt: skip
        for path, operations in openapi_of(self.site.client.app)["paths"].items():
            if "get" in operations and path.startswith("/v1/"):
                yield path.format(**ids) + ("?left=1&right=1" if path.endswith("/compare") else "")

    def stored(self, client: str) -> tuple[list[Any], dict[str, list[Any]]]:
        """A client's facts, and its rows in every view."""
        opened = self.site.opened
        self.site.catch_up()
        facts = opened.journal.log(after=0, limit=10_000, client=client)
        with opened.engine.connect() as connection:
            rows = {
                table.name: connection.execute(select(table).where(table.c.client == client)).all()
                for table in metadata.sorted_tables
                if "client" in table.columns
            }
        return facts, {name: sorted(map(tuple, found)) for name, found in rows.items()}

    def edit(self, **kinds: Any) -> None:
        """Change something at the POS."""
        venue = self.site.pos.pos.settings.venues[0].id
        self.site.pos.pos.edit(Edits(venue=venue, business_date=DAY, **kinds))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Both clients have polled a day; ours another one, too."""
    url = ""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        template: str = request.getfixturevalue("postgres_template")
        url = server.url(server.create(template=template))
    with (
        a_site(tmp_path_factory.mktemp("site"), url=url, tickets=5, projecting=False) as site,
        asked_by(site.client.app, principal_by_header),
    ):
        other = site.settings.model_copy(update={"client": THEIRS})
        connect(replace(site.opened, settings=other), site.pos)
        made = Shared(site)
        for client, date in ((OURS, DAY), (OURS, OTHER_DAY), (THEIRS, DAY)):
            made.post(client, f"/v1/days/alpha/{date}/polls", f"for {client}")
            made.edit(tickets=1, tips=1)
        for client in (OURS, THEIRS):
            made.post(client, "/v1/users", "set up", login="berta", roles=["auditor"])
        site.catch_up()
        yield made


def test_the_same_ids_are_two_things(shared: Shared) -> None:
    """Each client has its own day, with its own figures, under ids that are the same."""
    opened = shared.site.opened
    days = [load_day(opened.journal, DayId(client, "alpha", DAY)) for client in (OURS, THEIRS)]
    assert set(days[0].records["ticket"]) & set(days[1].records["ticket"])
    assert days[0].records["ticket"] != days[1].records["ticket"]
    shown = {client: shared.shown(client) for client in (OURS, THEIRS)}
    assert shown[OURS].keys() == shown[THEIRS].keys()
    assert "for theirs" not in " ".join(shown[OURS].values())
    assert "for main" not in " ".join(shown[THEIRS].values())
    assert [f"user:{THEIRS}" in text for text in shown[OURS].values()] == [False] * len(shown[OURS])


def change_everything(shared: Shared, client: str) -> None:
    """Do for a client whatever can be done to a day, a connection and the books."""
    shared.edit(tickets=2, tickets_added=1, tickets_removed=1)
    shared.post(client, f"{PATH}/polls", "again")
    shared.post(client, f"{PATH}/comments", text="a comment")
    shared.post(client, f"{PATH}/deposits", amount="12.50")
    shared.put(client, "/v1/accounts", accounts={"tender/Visa": "1999"})
    shared.post(client, f"{PATH}/replays", options={"use_item_level_taxes": True}, apply=True)
    shared.put(client, "/v1/connections/tray/configuration", options={"disable_deposits_import": True})
    shared.post(client, f"{PATH}/polls", "without deposits")
    for kind in ("deposits", "tenders"):
        sample = shared.send(client, "GET", f"/v1/imports/templates/{kind}").text
        files = [("file", (f"{kind}.csv", sample.replace("11/20/2026", f"{DAY:%m/%d/%Y}")))]
        form = {"location": "alpha", "date": str(DAY), "kind": kind, "reason": "files"}
        imported = shared.send(client, "POST", "/v1/imports", data=form, files=files)
        assert imported.status_code in {200, 201}, imported.text
    shared.site.catch_up()
    change_people(shared, client)
    change_connection(shared, client)
    for state in ("completed", "approved"):
        shared.post(client, f"{PATH}/state", state=state)
    shared.edit(tickets=1)
    shared.post(client, f"{PATH}/polls", "after the approval")


def change_people(shared: Shared, client: str) -> None:
    """Whoever works there, with which keys, and what is opened and held of an employee."""
    shared.post(client, "/v1/users", login="carla", roles=["payroll"])
    shared.post(client, "/v1/users/berta/invitations")
    shared.post(client, "/v1/users/berta/identities", subject="1", issuer="https://id.example.com")
    shared.post(client, "/v1/users/berta/state", state="disabled")
    key = shared.post(client, "/v1/keys", name="reports", roles=["auditor"]).json()["key"]
    shared.post(client, f"/v1/keys/{key}/revocation")
    employee = shared.send(client, "GET", "/v1/employees?location=alpha").json()["data"][0]["employee"]
    whose = f"/v1/employees/alpha/{employee}"
    shared.post(client, f"{whose}/openings", fields=["address", "ssn"])
    shared.post(client, "/v1/employees/searches", ssn="900-11-0001")
    shared.post(client, f"{whose}/exports")
    shared.post(client, f"{whose}/holds", held=True)
    shared.post(client, f"{whose}/holds", held=False)
    shared.post(client, f"{whose}/erasures")


def change_connection(shared: Shared, client: str) -> None:
    """How it is tested, suspended and resumed, another one drafted, and a location described otherwise."""
    for path, body in (
        ("tray/tests", {}),
        ("tray/suspension", {}),
        ("tray/resumption", {}),
        ("", {"id": "draft", "system": "tray"}),
    ):
        shared.site.catch_up()  # each looks at the other connections as they are now
        shared.post(client, f"/v1/connections/{path}".rstrip("/"), **body)
    shared.site.catch_up()
    edited = shared.send(
        client, "PATCH", "/v1/locations/alpha", json={"name": f"Alpha of {client}", "number": "7", "reason": "because"}
    )
    assert edited.status_code == 200, edited.text


def test_what_is_done_for_one_changes_nothing_of_the_other(shared: Shared) -> None:
    """Whatever of days, books, people, personal data and connections: the other's facts, rows and answers stay."""
    stored, shown = shared.stored(OURS), shared.shown(OURS)
    change_everything(shared, THEIRS)
    assert shared.stored(OURS) == stored
    assert shared.shown(OURS) == shown
    facts, _ = shared.stored(THEIRS)
    assert {client_of(entry.stream) for entry in facts} == {THEIRS}
    assert {entry.provenance.actor for entry in facts} == {"test", f"user:{THEIRS}"}
    assert sum(isinstance(entry.fact, ConnectionEstablished) for entry in facts) == 2


def test_what_only_the_other_has_is_not_there(shared: Shared) -> None:
    """Its day, capture, command, position and poll are answered as ids that nobody ever had."""
    opened = shared.site.opened
    foreign = f"/v1/days/alpha/{OTHER_DAY}"
    absent = f"/v1/days/alpha/{NO_DAY}"
    for tail in ("", "/dss", "/tickets", "/labor", "/history", "/generations", "/figures", "/overlays"):
        answers = [shared.send(THEIRS, "GET", path + tail) for path in (foreign, absent)]
        texts = [VARYING.sub("", answer.text).replace(str(OTHER_DAY), str(NO_DAY)) for answer in answers]
        assert (answers[0].status_code, texts[0]) == (answers[1].status_code, texts[1])
        assert shared.send(OURS, "GET", foreign + tail).status_code == 200
    stream = DayId(OURS, "alpha", OTHER_DAY).stream
    entry, polled = next(
        (entry, entry.fact) for entry in opened.journal.stream(stream) if isinstance(entry.fact, DayPolled)
    )
    ids = [polled.capture, entry.provenance.command, entry.provenance.correlation, str(entry.position)]
    for id_ in ids:
        assert shared.send(OURS, "GET", f"/v1/trace/{id_}").status_code == 200
        assert shared.send(THEIRS, "GET", f"/v1/trace/{id_}").status_code == 404
    moment = {"as_of": opened.journal.head()}
    for client, status in ((OURS, 200), (THEIRS, 404)):
        assert shared.send(client, "GET", f"{foreign}/dss", params=moment).status_code == status
    page = shared.send(THEIRS, "GET", "/v1/facts", params={"after": entry.position - 1, "limit": 500}).json()
    assert {client_of(fact["stream"]) for fact in page["data"]} <= {THEIRS}


def test_a_key_of_one_is_no_key_of_the_other(shared: Shared) -> None:
    """The same idempotency key of two clients is two commands, and each is done once."""
    path, body, key = f"/v1/days/beta/{DAY}/polls", {"reason": "once"}, {"Idempotency-Key": "the same key"}
    first, second, again = (
        shared.send(client, "POST", path, json=body, headers=key) for client in (OURS, THEIRS, OURS)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["position"] < second.json()["position"]
    assert (again.headers["Idempotent-Replayed"], again.json()["position"]) == ("true", first.json()["position"])


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
def test_the_command_line_works_for_the_client_that_is_named(shared: Shared, tmp_path: Path) -> None:
    """It tells the history of that client's day, and finds no day that only the other one has."""
    found = []
    for date in (DAY, OTHER_DAY):
        said = tmp_path / str(date)
        process = command_process(
            "history", "alpha", str(date), "--client", THEIRS, folder=shared.site.folder, output=said
        )
        process.join(60)
        found.append((process.exitcode, "for theirs" in said.read_text(), "for main" in said.read_text()))
    assert found == [(0, True, False), (1, False, False)]


def test_one_worker_polls_for_all_clients_or_for_one(shared: Shared) -> None:
    """Every client's missing days are read, each by its own connection; with one client named, its alone."""
    opened = replace(
        shared.site.opened, settings=shared.site.settings.model_copy(update={"window_days": 4, "grace": 0})
    )
    before = shared.stored(OURS)
    only = Work(opened, THEIRS)
    runner(only).run_once()
    assert only.done["polled"] > 0
    assert set(only.done) == {"polled"}
    assert shared.stored(OURS) == before
    assert only.perform(DayId(OURS, "beta", DATES[-1])) == "not due any more"
    everybody = Work(opened)
    assert {one.day.client for one in everybody.ask().due} == {OURS}
    runner(everybody).run_once()
    assert everybody.ask().due == []
    for client in (OURS, THEIRS):
        facts, _ = shared.stored(client)
        streams = {entry.stream for entry in facts if entry.provenance.actor == ACTOR}
        assert DayId(client, "beta", DATES[-1]).stream in streams
        assert {client_of(stream) for stream in streams} == {client}


def test_trouble_with_one_clients_records_stops_no_other(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cannot be asked for is left out, and logged; where the database is away, nobody can be."""
    opened = replace(shared.site.opened, settings=shared.site.settings.model_copy(update={"window_days": 30}))
    raised: list[Exception] = [ValueError("no date")]

    def troubled(opened: Any, client: str, **asked: Any) -> Any:
        if client == OURS:
            raise raised[0]
        return ask(opened, client, **asked)

    monkeypatch.setattr("api.work.polling.ask", troubled)
    assert {one.day.client for one in Work(opened).ask().due} == {THEIRS}
    assert Work(opened).perform(DayId(OURS, "alpha", DAY)) == "broken"
    raised[0] = JournalUnavailable("away")
    with pytest.raises(JournalUnavailable):
        Work(opened).ask()


def days_of(client: str, count: int) -> list[DayId]:
    """So many days, each of a location of its own."""
    return [DayId(client, f"L{number}", dt.date(2026, 11, 1)) for number in range(count)]


def test_clients_take_turns() -> None:
    """A client with a thousand days to poll keeps nobody waiting who has one, whoever was listed first."""
    board = Board()
    board.post([*days_of("large", 1000), *days_of("small", 3), *days_of("tiny", 1)])
    taken = [board.take() for _ in range(4)]
    assert Counter(day.client for day in taken if day) == {"large": 2, "small": 1, "tiny": 1}
    for day in taken:
        assert day is not None
        board.give_back(day)
    assert [day.client for day in (board.take(), board.take()) if day] == ["small", "large"]
    board.post(days_of("new", 1) + days_of("large", 1000))
    following = board.take()
    assert following is not None
    assert following.client == "new"
    board.close()


def test_jobs_of_clients_take_turns() -> None:
    """In a queue the first day of each client goes before the second ones of all, and no more wait for it than that."""
    now = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    found = [
        Wanted(day, Due(day.location, day.date, "tray", "never-polled", "", now, now), rank)
        for client, count in (("large", 3), ("small", 1))
        for rank, day in enumerate(days_of(client, count))
    ]
    work: Any = SimpleNamespace(ask=lambda: Asked(found, 0, None))
    jobs = [(job.key, job.lock, job.priority) for job in Handed(work).jobs()]
    assert jobs == [
        ("large/L0/2026-11-01", "large/L0", 0),
        ("small/L0/2026-11-01", "small/L0", 0),
        ("large/L1/2026-11-01", "large/L1", -1),
        ("large/L2/2026-11-01", "large/L2", -2),
    ]
