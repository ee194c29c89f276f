"""A scene: a store on either database, a simulated POS, and everything done to both as a user would do it."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running, some_venues
from api.cli import app
from api.composition import OpenHouse, init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import load_settings
from domain.business_day import BusinessDay
from domain.commands.loading import load_connection, load_day
from domain.differences import RecordMap
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId
from domain.records import Record, decode
from projections.catching_up import catch_up
from projections.integrity import claimed_twice
from tests.api.site import KEY, Client, copy_of_a_store

DAYS = tuple(dt.date(2025, 11, 17) + dt.timedelta(days=day) for day in range(5))
"""Business days with data, Monday to Friday; no clock changes in that week."""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = DAYS
ZONE = "America/New_York"
VENUE = "V100"

Rows = list[dict[str, Any]]


class Scene:
    """A daybook and a POS."""

    def __init__(self, opened: OpenHouse, pos: Running) -> None:
        self.opened = opened
        self.pos = pos
        # Its days lie a year back, and its people do everything.
        self.client = Client(create_app(opened), {"Daybook-Role": "operator"})

    def run(self, *arguments: str) -> Result:
        """Run a command; it has to succeed."""
        result = CliRunner().invoke(app, list(arguments), env={"TRAY_KEY": KEY, "DAYBOOK_ROLE": "operator"})
        assert result.exit_code == 0, result.output
        return result

    def connect(self, id_: str, *locations: str, options: Mapping[str, Any] | None = None, preset: str = "") -> None:
        """Connect Tray with locations, each ``ID=VENUE:ZONE``."""
        places = [argument for location in locations for argument in ("--location", location)]
        chosen = [
            argument for name, value in (options or {}).items() for argument in ("--set", f"{name}={json.dumps(value)}")
        ]
        named = ["--preset", preset] if preset else []
        reached = ["--id", id_, "--environment", self.pos.url, "--key-env", "TRAY_KEY"]
        self.run("connect", *reached, *places, *chosen, *named)
        self.catch_up()

    def configure(
        self, connection: str, options: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]] | None = None
    ) -> int:
        """Put a new configuration over HTTP; answers its version."""
        answer = self.client.send(
            "PUT",
            f"/v1/connections/{connection}/configuration",
            json={"options": dict(options), "overrides": dict(overrides or {}), "reason": "a story"},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        self.catch_up()
        version: int = answer.json()["version"]
        return version

    def poll(self, location: str, date: dt.date) -> dict[str, Any]:
        """Poll a day; it has to be read whole."""
        answer = self.client.post(f"/v1/days/{location}/{date}/polls", {"reason": "a story"})
        assert answer.status_code in {200, 201}, answer.text
        self.catch_up()
        told: dict[str, Any] = answer.json()
        return told

    def get(self, location: str, date: dt.date, what: str, **parameters: Any) -> dict[str, Any]:
        """What is answered about a day: ``dss``, ``labor``, ``history``, ``journal-entries``."""
        answer = self.client.get(f"/v1/days/{location}/{date}/{what}", params=parameters)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def summary(self, location: str, date: dt.date) -> dict[str, Any]:
        """The day's Daily Sales Summary."""
        told: dict[str, Any] = self.get(location, date, "dss")["summary"]
        return told

    def settle(self, location: str, date: dt.date, state: str) -> None:
        """Complete, approve or reopen a day."""
        answer = self.client.post(f"/v1/days/{location}/{date}/state", {"state": state, "reason": "a story"})
        assert answer.status_code == 200, answer.text
        self.catch_up()

    def replay(self, location: str, date: dt.date, **body: Any) -> dict[str, Any]:
        """What deriving the day again would change."""
        answer = self.client.post(f"/v1/days/{location}/{date}/replays", body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def day(self, location: str, date: dt.date) -> BusinessDay:
        """The day as it is recorded."""
        return load_day(self.opened.journal, DayId("main", location, date))

    def facts(self, location: str, date: dt.date) -> list[Fact]:
        """What is recorded of a day."""
        return [entry.fact for entry in self.opened.journal.stream(DayId("main", location, date).stream)]

    def records(self, kind: str, location: str, date: dt.date) -> list[Record]:
        """The day's records of a kind."""
        return [decode(kind, data) for data in self.day(location, date).records.get(kind, {}).values()]

    def roster(self, connection: str, location: str) -> RecordMap:
        """A location's reference data, in canonical bytes."""
        return load_connection(self.opened.journal, ConnectionId("main", connection)).rosters.get(location, {})

    def rows(self, resource: str, date: dt.date, venue: str = VENUE) -> Rows:
        """What the POS has of a day."""
        return [json.loads(row.text) for row in self.pos.pos.day(venue, date).rows(resource)]

    def put(self, resource: str, date: dt.date, rows: Rows, venue: str = VENUE) -> None:
        """Put rows in the place of what the POS has of a day."""
        self.pos.pos.put(venue, date, resource, rows)

    def catch_up(self) -> None:
        """Bring the views up to date."""
        catch_up(self.opened.engine, self.opened.journal)

    def assert_once(self) -> None:
        """No ticket is on two days of a location."""
        self.catch_up()
        assert claimed_twice(self.opened.engine) == []

    def assert_sound(self) -> None:
        """`daybook check` finds nothing: every seal holds, and no ticket is on two days."""
        self.assert_once()
        assert self.opened.journal.verify().faults == ()
        self.run("check")


def cents(amount: str) -> int:
    """A decimal string in cents."""
    return int(Decimal(amount) * 100)


@contextlib.contextmanager
def a_scene(folder: Path, url: str, patch: pytest.MonkeyPatch, **pos_settings: Any) -> Iterator[Scene]:
    """A scene in a folder, or at a URL; commands of this process find its store."""
    folder.mkdir(exist_ok=True)
    patch.setenv("DAYBOOK_DATA_DIR", str(folder))
    patch.setenv("DAYBOOK_DATABASE_URL", url)
    settings = load_settings(data_dir=folder, database_url=url, log_level="error")
    configure_logs(settings)
    if url:
        init_store(settings)
    else:
        copy_of_a_store(folder)
    pos = TrayPos(
        TrayPosSettings(
            **{
                "seed": 11,
                "venues": some_venues(2, api_key=KEY),
                "tickets": 24,
                "staff": 10,
                "first": DAYS[0],
                "last": DAYS[-1],
                **pos_settings,
            }
        )
    )
    with running(pos) as served, open_house(settings) as opened:
        yield Scene(opened, served)
