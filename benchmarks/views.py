"""(c) rebuilding all views and (h) catching up with them, against reading the same journal with plain SQL and json."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.filling import fill
from benchmarks.measuring import Job, Side, Stopwatch, Taken, always, job, run, sound
from benchmarks.plain import read_plainly
from benchmarks.pos import Pos
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_least, line
from projections.catching_up import catch_up
from projections.rebuilding import rebuild

LETTERS: Final = "ch"
AIM_RATE: Final = 60_000
POLLED: Final = 5
"""So many days are polled; the others are their facts under other dates."""


def rebuild_views(store: Store) -> Taken:
    """Build all views anew and put them in the place of the live ones."""
    watch = Stopwatch()
    with house.opened(store) as opened:
        with watch.running():
            rebuild(opened.engine, opened.journal)
        found = house.shown(opened)
    return Taken(watch.seconds, found)


def catch_up_views(store: Store) -> Taken:
    """Bring empty views up to date."""
    watch = Stopwatch()
    with house.opened(store) as opened:
        with watch.running():
            catch_up(opened.engine, opened.journal)
        found = house.shown(opened)
    return Taken(watch.seconds, found)


def lines(bench: Bench, letters: str) -> Iterator[Line]:
    """The lines of (c) and (h)."""
    sizes = bench.sizes
    polled = min(POLLED, sizes.view_days)
    with pos_with(Drawn(sizes.tickets, None, polled)) as pos:
        for kind in bench.kinds:
            store = bench.stores.migrated(kind)
            house.connect(store, pos)
            copies = _dates_after(pos, sizes.view_days - polled)
            filled = run(job(fill, store=store, pos=pos, polled=polled, copies=copies, caught_up=False)).found
            bench.note(f"{kind}: filled with {filled['records']:,} records in {filled['facts']:,} facts")
            for letter in letters:
                yield _line(bench, letter, store, filled["records"], filled["facts"])
            bench.stores.drop(store)


def _dates_after(pos: Pos, count: int) -> list[dt.date]:
    return [pos.dates[-1] + dt.timedelta(days=number) for number in range(1, count + 1)]


def _line(bench: Bench, letter: str, store: Store, records: int, facts: int) -> Line:
    measured: dict[str, Callable[[Store], Taken]] = {"c": rebuild_views, "h": catch_up_views}
    what = {"c": "rebuild of all views", "h": "catch-up of all views"}[letter]
    copies: list[Store] = []

    def daybook(_: int) -> Job:
        bench.stores.drop(*copies)
        copies[:] = [bench.stores.copy(store)]
        return job(measured[letter], store=copies[0])

    sides = bench.alternate(
        f"{what} {store.kind}",
        {"daybook": daybook, "floor": always(job(read_plainly, store=store))},
    )
    bench.stores.drop(*copies)
    _check(sides, bench.sizes.tickets * bench.sizes.view_days)
    seconds = sides["daybook"].seconds
    rate = records / seconds
    note = f"{records:,} records in {facts:,} facts; {facts / seconds:,.0f} facts a second"
    return line(
        letter,
        store.kind,
        f"{what}: daybook / reading the same rows with SQL and json.loads",
        sides["daybook"],
        sides["floor"],
        aim=at_least(AIM_RATE, "/s"),
        figure=(rate, f"{rate:,.0f} records/s"),
        note=note,
    )


def _check(sides: dict[str, Side], tickets: int) -> None:
    for side in sides.values():
        for one in side.runs:
            sound(one.found["tickets"] == tickets, f"{side.name} has {one.found['tickets']} tickets, not {tickets}.")
