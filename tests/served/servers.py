"""Some servers on one store, started again when they die, and a client that goes on as a patient program would."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.api.site import Site, a_site
from tests.served.process import serve
from tests.support.postgres import postgres_server
from tests.support.processes import CONTEXT

START_SECONDS: Final = 60.0
MOST_TRIES: Final = 400
PAUSE: Final = 0.02
"""Seconds before a client that was told to come again comes again."""

_AGAIN: Final = frozenset({"/problems/key-in-use", "/problems/too-many-polls"})


@dataclass
class Servers:
    """Servers on one store.

    Attributes:
        site: the store, opened here as well, without a projector.
        count: how many serve it.
        given: further settings of theirs.
        deaths: how often one was found dead and started again.
        told: how often a client was told to come again, by the problem, or met a server that was gone.
    """

    site: Site
    count: int = 2
    given: dict[str, Any] = field(default_factory=dict)
    deaths: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Start them all."""
        self.doom.mkdir(exist_ok=True)
        self.processes: list[Any] = [None] * self.count
        self.urls = [""] * self.count
        pipes = [self._begin(number) for number in range(self.count)]
        for number, pipe in enumerate(pipes):
            self._await(number, pipe)
        self._reviving = asyncio.Lock()

    @property
    def doom(self) -> Path:
        """The folder that names where servers die."""
        return self.site.folder / "doom"

    def _begin(self, number: int) -> Any:
        receiving, sending = CONTEXT.Pipe(duplex=False)
        arguments = (str(self.site.folder), self.site.settings.database_url, str(self.doom), self.given, sending)
        self.processes[number] = CONTEXT.Process(target=serve, args=arguments, daemon=True)
        self.processes[number].start()
        sending.close()
        return receiving

    def _await(self, number: int, pipe: Any) -> None:
        if not pipe.poll(START_SECONDS):
            raise TimeoutError("A server did not start.")
        self.urls[number] = pipe.recv()
        pipe.close()

    def restart(self, number: int) -> None:
        """Start one again that has died."""
        self.processes[number].join(START_SECONDS)
        self.deaths += 1
        self._await(number, self._begin(number))

    async def revive(self, number: int, met: str) -> None:
        """Start one again if it is dead, and nobody did since a client met it at an address."""
        async with self._reviving:
            if self.urls[number] != met:
                return
            for _ in range(50):
                if not self.processes[number].is_alive():
                    await asyncio.to_thread(self.restart, number)
                    return
                await asyncio.sleep(PAUSE)  # it may be about to die, or have hung up for another reason

    def stop(self) -> None:
        """End them all."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(START_SECONDS)


@dataclass
class Patient:
    """A client that asks again where a server is gone, or tells it to.

    Attributes:
        servers: whom it asks.
        http: the connections.
    """

    servers: Servers
    http: httpx.AsyncClient

    async def ask(self, number: int, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Ask a server until there is an answer that says more than to come again."""
        for _ in range(MOST_TRIES):
            url = self.servers.urls[number]
            try:
                answer = await self.http.request(method, f"{url}{path}", **arguments)
            except httpx.TransportError:
                self.servers.told["gone"] += 1
                await self.servers.revive(number, url)
                continue
            again = _again(answer)
            if not again:
                return answer
            self.servers.told[again] += 1
            await asyncio.sleep(PAUSE)
        raise TimeoutError(f"{method} {path} was not answered in {MOST_TRIES} tries.")


def _again(answer: httpx.Response) -> str:
    if answer.status_code not in {409, 503}:
        return ""
    kind = str(answer.json()["type"])
    return kind if answer.status_code == 503 or kind in _AGAIN else ""


@contextlib.asynccontextmanager
async def patient(servers: Servers, *, at_once: int = 64) -> AsyncIterator[Patient]:
    """A client with so many connections."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as http:
        yield Patient(servers, http)


@contextlib.contextmanager
def some_servers(folder: Path, url: str = "", *, count: int = 2, tickets: int = 3, **given: Any) -> Iterator[Servers]:
    """A store in a folder (or at a URL), connected to a POS, and so many servers of it."""
    with a_site(folder, url=url, projecting=False, tickets=tickets) as site:
        servers = Servers(site, count, given)
        try:
            yield servers
        finally:
            servers.stop()


@contextlib.contextmanager
def a_database(kind: str) -> Iterator[str]:
    """The URL of a database of its own, empty for the embedded one."""
    if kind == "sqlite":
        yield ""
        return
    with postgres_server() as server:
        yield server.url(server.create())
