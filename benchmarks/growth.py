"""(f) growth: what polling one more day costs when the journal holds few, many and very many days."""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.filling import fill
from benchmarks.measuring import Job, Taken, job, run, sound
from benchmarks.pos import Pos
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line

LETTERS: Final = "f"
FLAT: Final = 1.1
WARMING: Final = 2
"""Polls in each process that are not counted: they open connections and load code."""


def poll_more(store: Store, pos: Pos, first: int, count: int) -> Taken:
    """Poll some days, the first few of them uncounted; answers the median time of one."""
    taken, tickets = [], 0
    with house.opened(store) as opened:
        for number, date in enumerate(pos.dates[first : first + WARMING + count]):
            began = time.perf_counter()
            outcome = house.poll(opened, date)
            seconds = time.perf_counter() - began
            sound(outcome.outcome == "polled", f"The day {date} is {outcome.outcome}.")
            if number >= WARMING:
                taken.append(seconds)
        tickets = house.shown(opened)["tickets"]
    return Taken(statistics.median(taken), {"tickets": tickets})


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (f): each journal against the smallest."""
    sizes = bench.sizes
    each = WARMING + sizes.growth_polls
    with pos_with(Drawn(sizes.growth_tickets, sizes.items, 1 + sizes.repetitions * each)) as pos:
        for kind in bench.kinds:
            stores = {days: _filled(bench, kind, pos, days) for days in sizes.growth_days}

            variants = {_name(days): _polling(bench, store, pos) for days, store in stores.items()}
            sides = bench.alternate(f"growth {kind}", variants)
            smallest, *larger = stores
            for days in stores:
                expected = (days + sizes.repetitions * each) * sizes.growth_tickets
                found = sides[_name(days)].runs[-1].found["tickets"]
                sound(found == expected, f"The views show {found} tickets, not {expected}.")
            for days in larger:
                what = (
                    f"poll one more day of {sizes.growth_tickets} tickets: journal of {days:,} days / of {smallest:,}"
                )
                yield line("f", kind, what, sides[_name(days)], sides[_name(smallest)], aim=at_most(FLAT))
            bench.stores.drop(*stores.values())


def _polling(bench: Bench, store: Store, pos: Pos) -> Callable[[int], Job]:
    """Every repetition polls days that come after those of the one before."""
    count = bench.sizes.growth_polls
    return lambda repetition: job(
        poll_more, store=store, pos=pos, first=1 + repetition * (WARMING + count), count=count
    )


def _name(days: int) -> str:
    return f"{days:,} days"


def _filled(bench: Bench, kind: str, pos: Pos, days: int) -> Store:
    """A store of so many days, the last of them just before those that are polled, views caught up."""
    store = bench.stores.migrated(kind)
    house.connect(store, pos)
    copies = [pos.dates[0] - dt.timedelta(days=number) for number in range(days - 1, 0, -1)]
    found = run(job(fill, store=store, pos=pos, polled=1, copies=copies, caught_up=True)).found
    bench.note(f"{kind}: filled with {days:,} days of {found['records']:,} records")
    return store
