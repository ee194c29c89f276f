"""(v) the scan of what is due over all days of many locations, and a worker's pass where nothing is."""

import datetime as dt
import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psycopg

from adapters.database import VIEWS_FILE
from adapters.pos.tray import SYSTEM
from api.composition import OpenHouse, init_store
from api.work.asking import found
from api.work.embedded import Embedded
from api.work.polling import Work
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.filling import moved
from benchmarks.measuring import ALL_IN_ONE, Taken, alternate_within, answers, job, run, sides_of, sound, timed
from benchmarks.pos import Pos
from benchmarks.simulated import FIRST_DAY, Drawn, pos_with
from benchmarks.store import SQLITE, Store
from benchmarks.table import Line, at_most, line
from domain.business_day import COMPLETED, IN_PROGRESS
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.poll_day import PollDay, poll_day
from domain.facts import DayCompleted, LocationAdded
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.permissions import EVERYTHING
from domain.ports.journal import Recording
from projections import queries
from projections.catching_up import catch_up

LETTERS: Final = "v"
AIM: Final = 10.0
"""The scan makes an object of each row and asks the rules of each day by the clock of its place: python, not SQL."""

WINDOW: Final = 30
"""Days back that are looked after, as daybook does by itself."""

TODAY: Final = FIRST_DAY + dt.timedelta(days=40)
NOON: Final = dt.datetime.combine(TODAY, dt.time(18), dt.UTC)
"""What the clock says: the one day that is polled is long past the window."""

SCAN: Final = "scan"
WORKER: Final = "a worker's pass"
SELECT: Final = "one SELECT"

_TICKETS: Final = 2
_THREADS: Final = 4
_SECONDS: Final = 60.0
_SELECT: Final = (
    "SELECT location, business_date, state, net_sales_cents, generation_at, unchanged, tried_at, failures, failure, "
    "message, retryable, retry_at, deleted_at, deleted_by, deleted_because, closed_at "
    "FROM {table} WHERE client = {mark} AND business_date >= {mark}"
)


class Noon:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        """The same moment always."""
        return NOON


def prepare(store: Store, pos: Pos, locations: int) -> Taken:
    """Connect so many locations, poll one day, and record it under all days of the window but yesterday."""
    init_store(house.settings_for(store))
    added = [LocationAdded(name, name, pos.zone, {"venue": pos.venue}) for name in _names(locations)]
    with _opened(store) as opened:
        connect_system(
            ConnectSystem(house.CONNECTION, SYSTEM.key, "Bench", pos.url, pos.key, tuple(added), Intent("bench")),
            opened.house,
        )
        (date,) = pos.dates
        intent = Intent("bench", "measured", rights=EVERYTHING)
        outcome = poll_day(PollDay(house.day_id(date), house.CONNECTION, intent), opened.house)
        sound(outcome.outcome == "polled", f"The day {date} could not be polled: {outcome.failure}.")
    return record_days(store, pos, locations, list(range(WINDOW, 1, -1)))


def record_days(store: Store, pos: Pos, locations: int, back: list[int]) -> Taken:
    """Record the polled day under the dates so many days back, of each location; every other one is complete."""
    (date,) = pos.dates
    with _opened(store) as opened:
        stream = opened.journal.stream(house.day_id(date).stream)
        facts = tuple([entry.fact for entry in stream if isinstance(entry.fact, DayFact)])
        for days in back:
            to = TODAY - dt.timedelta(days=days)
            copied: tuple[DayFact, ...] = moved(facts, date, to, pos.zone)
            if days % 2:
                copied = (*copied, DayCompleted(1))
            recordings = [Recording(DayId(house.CLIENT, name, to).stream, 0, copied) for name in _names(locations)]
            opened.journal.append(recordings, Intent("bench", "filled").provenance)
        catch_up(opened.engine, opened.journal)
        for days in back:
            _check_standing(opened, _names(locations)[-1], days)
    return Taken(0.0)


def _check_standing(opened: OpenHouse, location: str, back: int) -> None:
    row = queries.day(opened.engine, house.CLIENT, location, TODAY - dt.timedelta(days=back))
    expected = COMPLETED if back % 2 else IN_PROGRESS
    sound(row is not None and row.state == expected, f"The day {back} days back of {location} is not {expected}.")


def scan(store: Store, repetitions: int, passing: bool) -> Taken:
    """Ask what is due, select the same rows plainly, and let a worker look where nothing is due, in turn."""
    with _opened(store) as opened, _rows(store) as select:
        ways = {SCAN: lambda: _scanned(opened), SELECT: lambda: len(_decoded(select()))}
        if passing:
            ways[WORKER] = lambda: _passed(opened)
        gc.freeze()  # what was prepared is no part of anybody's collections
        return alternate_within({name: timed(way) for name, way in ways.items()}, repetitions)


def _scanned(opened: OpenHouse) -> int:
    return sum(1 for _ in found(opened, house.CLIENT))


def _passed(opened: OpenHouse) -> int:
    """One pass of the embedded worker, on both databases; answers how many facts the journal has more."""
    before = opened.journal.head()
    Embedded(Work(opened), threads=_THREADS, scan=_SECONDS, shutdown=_SECONDS).run_once()
    return opened.journal.head() - before


def _decoded(rows: list[Any]) -> dict[tuple[str, dt.date], Any]:
    return {(row[0], dt.date.fromisoformat(row[1])): row for row in rows}


@contextmanager
def _rows(store: Store) -> Iterator[Callable[[], list[Any]]]:
    """The rows of the same days, by the plain driver over a connection that is open already."""
    asked = (house.CLIENT, (TODAY - dt.timedelta(days=WINDOW)).isoformat())
    if store.kind == SQLITE:
        with closing(sqlite3.connect(Path(store.folder) / VIEWS_FILE)) as connection:
            query = _SELECT.format(table="watch", mark="?")
            yield lambda: connection.execute(query, asked).fetchall()
    else:
        with psycopg.connect(store.url, autocommit=True) as server:
            query = _SELECT.format(table="views.watch", mark="%s")
            yield lambda: server.execute(query.encode(), asked).fetchall()


@contextmanager
def _opened(store: Store) -> Iterator[OpenHouse]:
    """daybook, open, by a clock that stands still."""
    with house.opened(store) as opened:
        yield replace(opened, house=replace(opened.house, clock=Noon()))


def _names(locations: int) -> list[str]:
    return [f"L{number}" for number in range(1, locations + 1)]


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (v): in the morning, when yesterday is due everywhere, and when all is read."""
    locations = bench.sizes.due_locations
    for kind in bench.kinds:
        store = bench.stores.migrated(kind)
        with pos_with(Drawn(_TICKETS, None, 1)) as pos:
            bench.note(f"what is due {kind}: filling {locations:,} locations x {WINDOW} days")
            run(job(prepare, store=store, pos=pos, locations=locations))
            repetitions = 2 * bench.sizes.repetitions
            bench.note(f"what is due {kind}: scanning")
            morning = sides_of(run(job(scan, store=store, repetitions=repetitions, passing=False)))
            run(job(record_days, store=store, pos=pos, locations=locations, back=[1]))
            read = sides_of(run(job(scan, store=store, repetitions=repetitions, passing=True)))
        bench.stores.drop(store)
        answers(morning, {SCAN: locations, SELECT: locations * (WINDOW - 1)})
        answers(read, {SCAN: 0, SELECT: locations * WINDOW})
        what = f"scan of {locations:,} locations x {WINDOW} days"
        for when, sides in ((f"{locations:,} of them due", morning), ("none due", read)):
            figure = (sides[SCAN].seconds / sides[SELECT].seconds, f"{sides[SCAN].seconds:.2f} s")
            text = f"{what}, {when}: daybook / one SELECT of the same rows"
            yield line("v", kind, text, sides[SCAN], sides[SELECT], aim=at_most(AIM), figure=figure, note=ALL_IN_ONE)
        written = max(one.found["answer"] for one in read[WORKER].runs)
        yield line(
            "v",
            kind,
            f"{what}, none due: a worker's pass / the scan",
            read[WORKER],
            read[SCAN],
            aim=at_most(0, " facts"),
            figure=(written, f"{written} facts"),
            note="the aim is about the facts that the pass adds to the journal",
        )
