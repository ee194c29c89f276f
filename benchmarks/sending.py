"""(z) objects synchronized with books over HTTP, beside plain requests to them, so many at once either way."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import httpx

from api.composition import OpenHouse, init_store, open_house
from api.logs import configure_logs
from api.work.embedded import Embedded
from api.work.polling import Work
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.books import HttpBooks, books_served, tell
from benchmarks.measuring import ALL_IN_ONE, Stopwatch, Taken, alternate_within, answers, job, run, sides_of
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line
from domain.commands.intent import Intent
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.facts import ConfigurationChanged, ConnectionEstablished
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import RecordDocument, Registering, document_bytes
from domain.permissions import EVERYTHING
from domain.ports.journal import Recording
from projections.catching_up import catch_up

LETTERS: Final = "z"
AIM: Final = 2.0
"""Each object is three commits and a look at the views beside its request."""

DAYBOOK: Final = "daybook"
PLAIN: Final = "httpx"

AT_ONCE: Final = 2
"""Requests at the same time, by either."""

BOOKS: Final = ConnectionId(house.CLIENT, "books")
_SECONDS: Final = 60.0


def sending(store: Store, url: str, objects: int, repetitions: int) -> Taken:
    """Register objects and let a worker send them, and send as many plainly, in turn."""
    init_store(house.settings_for(store))
    with _opened(store, url) as opened:
        ways: dict[str, Callable[[int], Taken]] = {
            DAYBOOK: lambda repetition: _synchronized(opened, repetition, objects),
            PLAIN: lambda repetition: _told(url, repetition, objects),
        }
        return alternate_within(ways, repetitions)


@contextmanager
def _opened(store: Store, url: str) -> Iterator[OpenHouse]:
    settings = house.settings_for(store)
    configure_logs(settings, quiet=True)
    with open_house(settings, systems={"books": HttpBooks(url=url)}) as opened:
        opened.house.vault.keep_secret(house.CLIENT, "password", "any")
        # Without types that the worker registers by itself: the objects are those that are registered here.
        values: dict[str, Any] = {"objects": []}
        established = ConnectionEstablished("books", "Books", url, "0", secret="password", values=values)  # noqa: S106
        facts = (established, ConfigurationChanged(1, {}, {}))
        opened.journal.append([Recording(BOOKS.stream, 0, facts)], _intent().provenance)
        yield opened


def _synchronized(opened: OpenHouse, repetition: int, objects: int) -> Taken:
    wanted = [
        Registering(
            ObjectId(BOOKS.client, BOOKS.connection, f"account:{repetition}-{number}"), "account", _document(number)
        )
        for number in range(objects)
    ]
    register_objects(RegisterObjects(wanted, _intent()), opened.house)
    catch_up(opened.engine, opened.journal)
    work = Work(opened, house.CLIENT)
    watch = Stopwatch()
    with watch.running():
        Embedded(work, threads=AT_ONCE, scan=_SECONDS, shutdown=_SECONDS).run_once()
    return Taken(watch.seconds, {"answer": work.done["success"]})


def _told(url: str, repetition: int, objects: int) -> Taken:
    watch = Stopwatch()
    with httpx.Client(trust_env=False, timeout=10) as client, ThreadPoolExecutor(AT_ONCE) as pool, watch.running():
        told = pool.map(
            lambda number: tell(client, url, f"plain-{repetition}-{number}", document_bytes(_document(number))),
            range(objects),
        )
        done = sum(answer.status_code == 200 and not answer.json()["found"] for answer in told)
    return Taken(watch.seconds, {"answer": done})


def _document(number: int) -> RecordDocument:
    return RecordDocument("account", str(number), f"Account {number}")


def _intent() -> Intent:
    return Intent("bench", "measured", rights=EVERYTHING)


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The line of (z)."""
    objects = bench.sizes.objects
    for kind in bench.kinds:
        store = bench.stores.migrated(kind)
        with books_served() as url:
            bench.note(f"sending {kind}: {objects:,} objects")
            asked = job(sending, store=store, url=url, objects=objects, repetitions=bench.sizes.repetitions)
            sides = sides_of(run(asked))
        bench.stores.drop(store)
        answers(sides, {DAYBOOK: objects, PLAIN: objects})
        rate = objects / sides[DAYBOOK].seconds
        ceiling = objects / sides[PLAIN].seconds
        text = f"{objects:,} objects synchronized, {AT_ONCE} at once: daybook / plain requests to the same books"
        figure = (sides[DAYBOOK].seconds / sides[PLAIN].seconds, f"{rate:.0f}/s of {ceiling:.0f}/s")
        yield line("z", kind, text, sides[DAYBOOK], sides[PLAIN], aim=at_most(AIM), figure=figure, note=ALL_IN_ONE)
