"""A whole daybook for tests: a store, a simulated POS with a few small days, and a client of the HTTP application."""

import asyncio
import contextlib
import datetime as dt
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.pos.tray.simulator import Running, TrayPos, TrayPosSettings, running, some_venues
from api.cli import main
from api.composition import OpenHouse, init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import Settings, load_settings
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from projections.catching_up import catch_up
from tests.support.processes import CONTEXT

LONGEST_SECONDS = 120
"""A command that takes longer hangs."""

KEY = "tray-key-one"
LOCATIONS = ("alpha", "beta")
LAST = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=3)
"""The last business date with data: surely over in every zone."""

ALONE: Final[dict[str, Any]] = {"access": "open", "allow_loopback": True}
"""Settings of stores for tests, whatever the environment says: anybody may ask, and systems are on this machine."""

DATES = tuple(LAST - dt.timedelta(days=back) for back in range(4, -1, -1))
"""Business dates with data, oldest first."""


@dataclass
class Client:
    """Sends requests to the application as one on this machine would."""

    app: Any
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One request."""
        return asyncio.run(self._send(method, path, arguments))

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        """GET."""
        return self.send("GET", path, **arguments)

    def post(self, path: str, json: Any = None, **arguments: Any) -> httpx.Response:
        """POST of JSON."""
        return self.send("POST", path, json={} if json is None else json, **arguments)

    async def _send(self, method: str, path: str, arguments: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8200") as client:
            return await client.request(
                method, path, headers={**self.headers, **arguments.pop("headers", {})}, **arguments
            )


@dataclass
class Site:
    """A daybook that is open, with its POS."""

    opened: OpenHouse
    pos: Running
    client: Client
    folder: Path

    @property
    def settings(self) -> Settings:
        """The settings that it was opened with."""
        return self.opened.settings

    def poll(self, date: dt.date = DATES[0], location: str = "alpha", **headers: str) -> httpx.Response:
        """Poll a day over HTTP."""
        path = f"/v1/days/{location}/{date}/polls"
        return self.client.post(
            path, {"reason": "a test"}, headers={name.replace("_", "-"): headers[name] for name in headers}
        )

    def catch_up(self) -> int:
        """Bring the views up to date."""
        return catch_up(self.opened.engine, self.opened.journal)


@contextlib.contextmanager
def a_pos(tickets: int = 12, seed: int = 5) -> Iterator[Running]:
    """A POS of two venues."""
    settings = TrayPosSettings(
        seed=seed, venues=some_venues(len(LOCATIONS), api_key=KEY), tickets=tickets, staff=8, first=DATES[0], last=LAST
    )
    with running(TrayPos(settings)) as pos:
        yield pos


def connect(opened: OpenHouse, pos: Running) -> None:
    """Connect the POS's venues as the locations alpha and beta."""
    venues = [venue for venue in pos.pos.settings.venues if venue.api_key == KEY]
    locations = tuple(
        LocationAdded(name, name.title(), venue.zone, {"venue": venue.id}, day_starts=venue.day_start.strftime("%H:%M"))
        for name, venue in zip(LOCATIONS, venues, strict=True)
    )
    client = ConnectionId(opened.settings.client, "tray")
    command = ConnectSystem(client, "tray", "Tray", pos.url, KEY, locations, Intent("test", "set up"))
    connect_system(command, opened.house)
    catch_up(opened.engine, opened.journal)


@functools.cache
def _template() -> "tempfile.TemporaryDirectory[str]":
    """A migrated store, made once: migrating takes longer than most tests."""
    folder = tempfile.TemporaryDirectory(prefix="daybook-store-")
    init_store(load_settings(data_dir=Path(folder.name), database_url=""))
    return folder


def copy_of_a_store(folder: Path) -> None:
    """A freshly made store in a folder."""
    shutil.copytree(_template().name, folder, dirs_exist_ok=True)


@contextlib.contextmanager
def a_site(folder: Path, *, url: str = "", projecting: bool = True, tickets: int = 12, **given: Any) -> Iterator[Site]:
    """A store in a folder (or at a URL), connected to a POS of its own."""
    settings = load_settings(data_dir=folder, database_url=url, log_level="error", **{**ALONE, **given})
    configure_logs(settings)
    if url:
        init_store(settings)
    else:
        copy_of_a_store(folder)
    with a_pos(tickets) as pos, open_house(settings, projecting=projecting) as opened:
        connect(opened, pos)
        yield Site(opened, pos, Client(create_app(opened)), folder)


def daybook(*arguments: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, with the data folder given; see :func:`command_process`."""
    with tempfile.TemporaryDirectory(prefix="daybook-said-") as said:
        output, errors = Path(said, "output"), Path(said, "errors")
        process = command_process(*arguments, folder=folder, output=output, errors=errors, **environment)
        process.join(LONGEST_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, LONGEST_SECONDS, output.read_text(), errors.read_text())
        return subprocess.CompletedProcess(arguments, process.exitcode, output.read_text(), errors.read_text())


def environment_of(folder: Path, **environment: str) -> dict[str, str]:
    """The environment of such a process: access is open, systems are on this machine, and what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
    ours = {"DAYBOOK_DATA_DIR": str(folder), "DAYBOOK_ACCESS": "open", "DAYBOOK_ALLOW_LOOPBACK": "true"}
    return {**kept, **ours, **environment}


def command_process(
    *arguments: str, folder: Path, output: Path, errors: Path | None = None, **environment: str
) -> BaseProcess:
    """A command in a real process that starts at once: forked from one that has imported everything already.

    Args:
        arguments: of the command.
        folder: of the data.
        output: file of its standard output.
        errors: file of its standard error; None: the same.
        environment: further settings.
    """
    given = (arguments, environment_of(folder, **environment), str(output), str(errors or output))
    process = CONTEXT.Process(target=_command, args=given)
    process.start()
    return process


def _command(arguments: tuple[str, ...], environment: dict[str, str], *files: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, file in enumerate(files, 1):
        # Both may be one file: what is appended overwrites nothing.
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["daybook", *arguments]
    main()
