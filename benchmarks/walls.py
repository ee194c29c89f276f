"""(y) what the wall between clients costs a read of the views: the same queries with it and without it."""

from collections.abc import Callable, Iterator
from statistics import median
from typing import Final

from sqlalchemy import Engine, create_engine

from adapters.database import database_url, open_engine
from adapters.walls import walls
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.measuring import ALL_IN_ONE, Stopwatch, Taken, alternate_within, answers, job, run, sides_of, sound
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import POSTGRESQL, Store
from benchmarks.table import Line, at_most, line
from domain.business_date import business_date
from projections import queries

LETTERS: Final = "y"
AIM_MS: Final = 0.5

WALLED: Final = "behind the wall"
PLAIN: Final = "without it"

_ROUNDS: Final = 5


def read(store: Store, location: str, date: str, times: int) -> Taken:
    """Find a day so many times, and its page of tickets, on one engine with the wall and on one without, in turn."""
    walled = open_engine(store.url)
    # SQLite's second file is attached by our engine alone; there is no wall to do without.
    on_server = store.kind == POSTGRESQL
    plain = create_engine(database_url(store.url), pool_pre_ping=True) if on_server else open_engine(store.url)
    sound(walls(walled) == ("up" if on_server else "not on this database"), "The walls do not stand.")
    try:
        engines = {WALLED: walled, PLAIN: plain}
        ways = {name: _reading(engine, location, date, times) for name, engine in engines.items()}
        for way in ways.values():
            way(0)  # connections and prepared statements are there from now on
        return alternate_within(ways, _ROUNDS)
    finally:
        walled.dispose()
        plain.dispose()


def _reading(engine: Engine, location: str, date: str, times: int) -> Callable[[int], Taken]:
    """The median of a read of the day and one of its tickets: a median, because other work of the machine is longer."""
    day = business_date(date)

    def measure(_: int) -> Taken:
        seconds = []
        found = 0
        for _turn in range(times):
            watch = Stopwatch()
            with watch.running():
                found += queries.day(engine, house.CLIENT, location, day) is not None
                found += len(queries.tickets(engine, house.CLIENT, location, day, limit=10))
            seconds.append(watch.seconds)
        return Taken(median(seconds) / 2, {"answer": found})

    return measure


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The line of (y)."""
    sizes = bench.sizes
    with pos_with(Drawn(sizes.tickets, sizes.items, 1)) as pos:
        for kind in bench.kinds:
            store = bench.stores.migrated(kind)
            house.connect(store, pos)
            run(job(house.poll_with_daybook, store=store, pos=pos))
            (date,) = pos.dates
            bench.note(f"reads behind the wall {kind}")
            sides = sides_of(
                run(job(read, store=store, location=house.LOCATION, date=date.isoformat(), times=sizes.requests))
            )
            bench.stores.drop(store)
            found = sizes.requests * (1 + min(10, sizes.tickets))
            answers(sides, {WALLED: found, PLAIN: found})
            each = (sides[WALLED].seconds - sides[PLAIN].seconds) * 1000
            yield line(
                "y",
                kind,
                "one read of the views: behind the wall / without it",
                sides[WALLED],
                sides[PLAIN],
                aim=at_most(AIM_MS, " ms"),
                figure=(each, f"{each:.3f} ms"),
                note=f"the figure is what one read takes longer; {ALL_IN_ONE}",
            )
