"""(e) folding one day from its facts, and the memory of polling a very large one end to end."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from typing import Final

from adapters.journal import open_journal
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.floor import poll_with_floor
from benchmarks.house import poll_with_daybook
from benchmarks.measuring import ALL_IN_ONE, Job, Side, Stopwatch, Taken, alternate_within, job, run, sides_of, sound
from benchmarks.plain import states, tickets_in, unpacked
from benchmarks.pos import Pos
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line, memory_line
from domain.business_day import fold
from domain.commands.loading import load_day
from domain.facts.catalogue import DayFact

LETTERS: Final = "e"
AIMS_MS: Final = {2_000: 25.0, 50_000: 400.0}
AIM_US_PER_TICKET: Final = 8.0
"""For other sizes: that of the largest."""

AIM_MB: Final = 600.0

DAYBOOK: Final = "daybook"
FLOOR: Final = "floor"
LOAD: Final = "load and fold"
FOLD: Final = "fold only"
PARSE: Final = "json.loads"


def fold_all(store: Store, date: dt.date, repetitions: int) -> Taken:
    """Load and fold a day, fold facts that are loaded already, and parse the same bytes, in turn."""
    day = house.day_id(date)
    plain = list(unpacked(states(store, day.stream)))
    journal = open_journal(store.url)
    try:
        facts = [entry.fact for entry in journal.stream(day.stream) if isinstance(entry.fact, DayFact)]
        gc.freeze()  # what was prepared is no part of anybody's collections
        return alternate_within(
            {
                LOAD: lambda _: _timed(lambda: len(load_day(journal, day).records["ticket"])),
                FOLD: lambda _: _timed(lambda: len(fold(facts).records["ticket"])),
                PARSE: lambda _: _timed(lambda: tickets_in(plain)),
            },
            repetitions,
        )
    finally:
        journal.close()


def _timed(count: Callable[[], int]) -> Taken:
    watch = Stopwatch()
    with watch.running():
        tickets = count()
    return Taken(watch.seconds, {"tickets": tickets})


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (e)."""
    largest = max(bench.sizes.fold_tickets)
    for tickets in bench.sizes.fold_tickets:
        with pos_with(Drawn(tickets, None, 1)) as pos:
            for kind in bench.kinds:
                repetitions = bench.sizes.large_repetitions if tickets == largest else 1
                sides, store = _polled(bench, kind, pos, tickets, repetitions)
                yield from _fold_lines(bench, store, pos, tickets)
                if tickets == largest:
                    what = f"memory of polling a day of {tickets:,} tickets end to end: daybook / floor"
                    yield memory_line("e", kind, what, sides[DAYBOOK], sides[FLOOR], at_most(AIM_MB, " MB"))
                bench.stores.drop(store)


def _polled(bench: Bench, kind: str, pos: Pos, tickets: int, repetitions: int) -> tuple[dict[str, Side], Store]:
    """Poll the day with both, and keep the last of daybook's stores."""
    stores: list[Store] = []
    floors: list[Store] = []

    def daybook(_: int) -> Job:
        bench.stores.drop(*stores)
        stores[:] = [bench.stores.migrated(kind)]
        house.connect(stores[0], pos)
        return job(poll_with_daybook, store=stores[0], pos=pos)

    def floor(_: int) -> Job:
        floors.append(bench.stores.empty(kind))
        return job(poll_with_floor, store=floors[-1], pos=pos)

    variants = {DAYBOOK: daybook, FLOOR: floor}
    sides = bench.alternate(f"poll a day of {tickets:,} {kind}", variants, repetitions)
    bench.stores.drop(*floors)
    _check(sides, tickets)
    return sides, stores[0]


def _fold_lines(bench: Bench, store: Store, pos: Pos, tickets: int) -> Iterator[Line]:
    (date,) = pos.dates
    sides = sides_of(run(job(fold_all, store=store, date=date, repetitions=bench.sizes.repetitions)))
    _check(sides, tickets)
    aim = at_most(AIMS_MS.get(tickets, tickets * AIM_US_PER_TICKET / 1000), " ms")
    for name in (LOAD, FOLD):
        milliseconds = sides[name].seconds * 1000
        what = f"{name} a day of {tickets:,} tickets: daybook / json.loads of the same bytes"
        figure = (milliseconds, f"{milliseconds:.1f} ms")
        yield line("e", store.kind, what, sides[name], sides[PARSE], aim=aim, figure=figure, note=ALL_IN_ONE)


def _check(sides: dict[str, Side], tickets: int) -> None:
    for side in sides.values():
        for one in side.runs:
            sound(one.found["tickets"] == tickets, f"{side.name} has {one.found['tickets']} tickets, not {tickets}.")
