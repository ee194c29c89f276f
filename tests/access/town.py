"""Two clients in one store, with several locations and connections each, and whoever a test says asking for them."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.types import Scope

from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running, some_venues
from api.access.limiting import Failures
from api.access.signing_in import OF_ONE_ADDRESS, OF_ONE_LOGIN
from api.composition import OpenHouse, open_house
from api.http import create_app
from api.logs import configure_logs
from api.refusals import NotSignedIn
from api.scim.ids import user_id
from api.settings import Settings, load_settings
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.name_client import NameClient, name_client
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId, CustomerId
from domain.permissions import Principal, Role, rights_of
from tests.access.problems import problem_in
from tests.api.site import ALONE, KEY, LAST, copy_of_a_store
from tests.support.asking import asked_by
from tests.support.logs import logging_as_before

DATES: Final = (LAST - dt.timedelta(days=1), LAST)
D: Final = DATES[0]
HERE, THERE = "main", "other"

PLACES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (HERE, "tray"): ("alpha", "beta"),
    (HERE, "tray-two"): ("gamma",),
    (THERE, "tray"): ("alpha", "omega"),
}
"""Locations by client and connection; both clients have a location alpha and a connection tray."""

MARK: Final = "mark-of"
"""What was entered at a location begins so; the location and the client follow."""


def principal(
    *roles: Role, at: frozenset[str] | None = None, client: str = HERE, actor: str = "user:test"
) -> Principal:
    """Somebody of a client with roles, at some locations or all."""
    return Principal(actor, client, rights_of(*roles, locations=at), "password")


OPERATOR: Final = principal("operator")


@dataclass
class Town:
    """The store, its application, and who asks.

    Every answer is looked at: a problem has to be of a registered type, and headers are one printable line each.

    Attributes:
        opened: the store.
        pos: what its connections poll.
        who: asks; None: nobody who would be recognized.
        folder: of the store.
        ids: of what else has an id in an address, of the client main and its location alpha, by the address's part.
        codes: types of the problems that were answered.
    """

    opened: OpenHouse
    pos: Running
    who: Principal | None = OPERATOR
    folder: Path = Path()
    ids: dict[str, str] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make the application."""
        self.app = create_app(self.opened)
        self.loop = asyncio.new_event_loop()
        transport = httpx.ASGITransport(app=self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8200")

    def someone(self, _: Scope) -> Principal:
        """Who asks."""
        if self.who is None:
            raise NotSignedIn("Nobody says who asks.")
        return self.who

    def ask(self, who: Principal | None, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One request of somebody."""
        (answer,) = self.at_once(who, [(method, path, arguments)])
        return answer

    def at_once(self, who: Principal | None, requests: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
        """Several requests of somebody at the same moment."""
        self.who = who

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*[self.http.request(one, path, **more) for one, path, more in requests])

        answers = self.loop.run_until_complete(all_of_them())
        for answer in answers:
            assert all(value.isascii() and value.isprintable() for value in answer.headers.values())
            self._check_problem(answer)
        return answers

    def get(self, who: Principal, path: str, **parameters: Any) -> Any:
        """What a GET answers, as JSON; it has to succeed."""
        answer = self.ask(who, "GET", path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _check_problem(self, answer: httpx.Response) -> None:
        if answer.status_code >= 400:
            empty = answer.request.method == "HEAD"
            told, fault = problem_in(answer.status_code, answer.headers, answer.content, empty=empty)
            assert not fault, f"{fault}: {answer.text}"
            assert answer.status_code < 500 or answer.status_code in {502, 503}, answer.text
            self.codes.add(told)

    def calm(self) -> None:
        """Nobody failed lately at the door."""
        self.opened.reception._of_address = Failures(OF_ONE_ADDRESS)
        self.opened.reception._of_login = Failures(OF_ONE_LOGIN)

    def catch_up(self) -> None:
        """Wait for the views."""
        assert self.opened.projector is not None
        self.opened.projector.wake()
        assert self.opened.projector.wait_for(self.opened.journal.head(), 10)

    def close(self) -> None:
        """Give back what the client of HTTP holds."""
        self.loop.run_until_complete(self.http.aclose())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


@contextlib.contextmanager
def a_town(folder: Path, **given: Any) -> Iterator[Town]:
    """The store with all locations connected, polled on two days, commented on, and the first day of some approved."""
    settings = load_settings(data_dir=folder, database_url="", log_level="error", **{**ALONE, **given})
    with logging_as_before():
        configure_logs(settings)
        yield from _town(settings, folder)


def _town(settings: Settings, folder: Path) -> Iterator[Town]:
    copy_of_a_store(folder)
    names = [(client, name, location) for (client, name), locations in PLACES.items() for location in locations]
    venues = some_venues(len(names), api_key=KEY)
    pos_settings = TrayPosSettings(seed=7, venues=venues, tickets=4, staff=4, first=DATES[0], last=LAST)
    with running(TrayPos(pos_settings)) as pos, open_house(settings, projecting=True) as opened:
        ours = [venue for venue in pos.pos.settings.venues if venue.api_key == KEY]
        found = dict(zip(names, ours, strict=True))
        for (client, name), locations in PLACES.items():
            facts = tuple(
                LocationAdded(
                    location,
                    f"{location.title()} of {client}",
                    found[client, name, location].zone,
                    {"venue": found[client, name, location].id},
                )
                for location in locations
            )
            intent = Intent("test", "set up", rights=OPERATOR.rights)
            title = f"{name} of {client}"
            connect_system(
                ConnectSystem(ConnectionId(client, name), "tray", title, pos.url, KEY, facts, intent), opened.house
            )
        town = Town(opened, pos, folder=folder)
        with asked_by(town.app, town.someone):
            _furnish(town)
            try:
                yield town
            finally:
                town.close()


def _furnish(town: Town) -> None:
    """Poll, enter and make people everywhere."""
    town.catch_up()
    for (client, _), locations in PLACES.items():
        for location in locations:
            _fill(town, client, location)
    for client in (HERE, THERE):
        _people(town, client)
        _jobs(town, client)
    town.catch_up()
    found_here = town.get(OPERATOR, "/v1/employees", location="alpha", limit=1)["data"][0]
    keys = town.get(OPERATOR, "/v1/keys")["data"]
    key = next(row["key"] for row in keys if row["locations"] == ["alpha"])
    town.ids |= {"employee": found_here["employee"], "key": key, "login": f"berta-{HERE}"}
    town.ids |= {"system": "tray", "client_id": HERE, "user": user_id("alpha", found_here["employee"])}
    town.ids |= {"job": f"alpha-{HERE}", "run": "1"}


def _fill(town: Town, client: str, location: str) -> None:
    who = principal("operator", client=client, actor=f"user:{location}-{client}")
    mark = f"{MARK}-{location}-{client}"
    for date in DATES:
        answer = town.ask(who, "POST", f"/v1/days/{location}/{date}/polls", json={"reason": mark})
        assert answer.status_code == 201, answer.text
    town.catch_up()
    day = f"/v1/days/{location}/{D}"
    for path, body in (
        ("comments", {"text": mark, "reason": mark}),
        ("deposits", {"amount": "10.00", "number": mark, "reason": mark}),
        ("state", {"state": "completed", "reason": mark}),
        ("state", {"state": "approved", "reason": mark}),
    ):
        answer = town.ask(who, "POST", f"{day}/{path}", json=body)
        assert answer.status_code == 200, answer.text


def _people(town: Town, client: str) -> None:
    """A customer of one's own, with a user and a key who have the location alpha."""
    owner = CustomerId(f"customer-{client}")
    intent = Intent("test", "set up", rights=OPERATOR.rights)
    name_client(NameClient(owner, client, f"Client {client}", intent), town.opened.house)
    who = principal("operator", client=client)
    elsewhere = PLACES[client, "tray"][1]
    for path, body, locations in (
        ("users", {"login": f"berta-{client}"}, ["alpha"]),
        ("users", {"login": f"carla-{client}"}, ["alpha", elsewhere]),
        ("users", {"login": f"elsa-{elsewhere}-{client}"}, [elsewhere]),
        ("users", {"login": f"olga-{client}"}, None),
        ("keys", {"name": f"reports at alpha-{client}"}, ["alpha"]),
        ("keys", {"name": f"reports at {elsewhere}-{client}"}, [elsewhere]),
    ):
        given = {"roles": ["auditor"], "locations": locations, "reason": "set up"}
        answer = town.ask(who, "POST", f"/v1/{path}", json={**body, **given})
        assert answer.status_code == 201, answer.text


def _jobs(town: Town, client: str) -> None:
    """Data import jobs about the location alpha, about another one, and about all; of one client some ran once."""
    who = principal("operator", client=client)
    elsewhere = PLACES[client, "tray"][1]
    for name, locations in (("alpha", ["alpha"]), (elsewhere, [elsewhere]), ("whole", [])):
        period = {"kind": "range", "first": str(DATES[1]), "last": str(DATES[1])}
        body = {"id": f"{name}-{client}", "name": f"Job of {name} of {client}", "connection": "tray", "period": period}
        answer = town.ask(who, "POST", "/v1/import-jobs", json={**body, "locations": locations, "reason": "set up"})
        assert answer.status_code == 201, answer.text
        if client == HERE and name != elsewhere:
            answer = town.ask(who, "POST", f"/v1/import-jobs/{name}-{client}/runs", json={"reason": "set up"})
            assert (answer.status_code, answer.json()["outcome"]) == (201, "complete"), answer.text
