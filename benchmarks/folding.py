"""(e) folding one day from its facts, and the memory of polling a very large one end to end."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from adapters.journal import open_journal
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.floor import poll_with_floor
from benchmarks.house import poll_with_daybook
from benchmarks.measuring import Job, Side, Taken, always, job, median_seconds, sound
from benchmarks.plain import parse_only
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


def load_and_fold(store: Store, date: dt.date, times: int) -> Taken:
    """Load the day from the journal: read, unpack, decode and fold its facts."""
    journal = open_journal(store.url)
    try:
        seconds = median_seconds(lambda: load_day(journal, house.day_id(date)), times)
        loaded = load_day(journal, house.day_id(date))
    finally:
        journal.close()
    return Taken(seconds, {"tickets": len(loaded.records["ticket"])})


def fold_only(store: Store, date: dt.date, times: int) -> Taken:
    """Fold the day's facts, which are in memory already."""
    journal = open_journal(store.url)
    try:
        entries = list(journal.stream(house.day_id(date).stream))
    finally:
        journal.close()
    facts = [entry.fact for entry in entries if isinstance(entry.fact, DayFact)]
    seconds = median_seconds(lambda: fold(facts), times)
    return Taken(seconds, {"tickets": len(fold(facts).records["ticket"])})


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
    times = 9 if tickets < 10_000 else 3
    asked = {
        "load and fold": job(load_and_fold, store=store, date=date, times=times),
        "fold only": job(fold_only, store=store, date=date, times=times),
        "json.loads": job(parse_only, store=store, stream=house.day_id(date).stream, times=times),
    }
    variants = {name: always(one) for name, one in asked.items()}
    sides = bench.alternate(f"fold {tickets:,} {store.kind}", variants)
    _check(sides, tickets)
    aim = at_most(AIMS_MS.get(tickets, tickets * AIM_US_PER_TICKET / 1000), " ms")
    for name in ("load and fold", "fold only"):
        milliseconds = sides[name].seconds * 1000
        what = f"{name} a day of {tickets:,} tickets: daybook / json.loads of the same bytes"
        figure = (milliseconds, f"{milliseconds:.1f} ms")
        yield line("e", store.kind, what, sides[name], sides["json.loads"], aim=aim, figure=figure)


def _check(sides: dict[str, Side], tickets: int) -> None:
    for side in sides.values():
        for one in side.runs:
            sound(one.found["tickets"] == tickets, f"{side.name} has {one.found['tickets']} tickets, not {tickets}.")
