"""(g) the journal alone: appending facts of a kilobyte, against raw COPY and executemany of the same bytes."""

import gc
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from adapters.journal import open_journal
from benchmarks.bench import Bench
from benchmarks.kilobytes import Shape, facts_of, provenance_of, raw_of, stream_of
from benchmarks.measuring import Side, Stopwatch, Taken, alternate_within, job, run, sides_of, sound
from benchmarks.raw import append_with_copy, append_with_executemany, count_of
from benchmarks.store import SQLITE, Store
from benchmarks.table import Line, at_least, line
from domain.differences import MOST_CHANGES
from domain.facts import Provenance, RecordsChanged
from domain.ports.journal import Recording

LETTERS: Final = "g"
AIMED_COMMIT: Final = 2_000
"""The aim is about commits of so many facts."""

DAYBOOK: Final = "daybook"
COPY: Final = "COPY"
EXECUTEMANY: Final = "executemany"


def append_all(shape: Shape, stores: dict[str, list[Store]]) -> Taken:
    """Append in every way that has stores, in turn, each time into a fresh one."""
    raw = raw_of(shape)
    commits = [(tuple(facts_of(shape, number)), provenance_of(number)) for number in range(shape.commits)]
    ways: dict[str, Callable[[Store], Taken]] = {
        DAYBOOK: lambda store: append_with_journal(store, commits),
        COPY: lambda store: append_with_copy(store, raw),
        EXECUTEMANY: lambda store: append_with_executemany(store, raw),
    }
    gc.freeze()  # what was prepared is no part of anybody's collections
    variants = {name: _on_each(ways[name], fresh) for name, fresh in stores.items()}
    return alternate_within(variants, min(len(fresh) for fresh in stores.values()))


def append_with_journal(store: Store, commits: Sequence[tuple[tuple[RecordsChanged, ...], Provenance]]) -> Taken:
    """Append through daybook's journal: encoded, hashed, sealed and checked for conflicts."""
    journal = open_journal(store.url)
    watch = Stopwatch()
    try:
        journal.head()  # connected
        with watch.running():
            for number, (facts, provenance) in enumerate(commits):
                journal.append([Recording(stream_of(number), 0, facts)], provenance)
    finally:
        journal.close()
    return Taken(watch.seconds, {"rows": count_of(store)})


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (g)."""
    for kind in bench.kinds:
        for facts, commits in bench.sizes.commits:
            yield from _lines(bench, kind, Shape(facts, commits), f"append 1-KB facts, {facts:,} a commit")
        facts, commits = bench.sizes.commits[-1]
        what = f"append 1-KB changes, {facts:,} a commit in facts of {MOST_CHANGES}"
        yield from _lines(bench, kind, Shape(facts, commits, packed=True), what)


def _on_each(way: Callable[[Store], Taken], stores: Sequence[Store]) -> Callable[[int], Taken]:
    return lambda repetition: way(stores[repetition])


def _lines(bench: Bench, kind: str, shape: Shape, what: str) -> Iterator[Line]:
    floors = [EXECUTEMANY] if kind == SQLITE else [COPY, EXECUTEMANY]
    repetitions = range(bench.sizes.repetitions)
    stores = {name: [bench.stores.migrated(kind) for _ in repetitions] for name in (DAYBOOK, *floors)}
    sides = sides_of(run(job(append_all, shape=shape, stores=stores)))
    bench.note(f"{what} {kind}")
    bench.stores.drop(*chain.from_iterable(stores.values()))
    _check(sides, shape)
    for name in floors:
        best = name == floors[0]
        aim = at_least(0.8) if best and shape.facts == AIMED_COMMIT else None
        rate = shape.facts * shape.commits / sides[DAYBOOK].seconds
        figure = None if aim else (rate, f"{rate:,.0f}/s")
        yield line(
            "g",
            kind,
            f"{what}: {name} / daybook",
            sides[name],
            sides[DAYBOOK],
            aim=aim,
            figure=figure,
            note=f"{rate:,.0f} {'changes' if shape.packed else 'facts'} a second; all ways in one process",
        )


def _check(sides: dict[str, Side], shape: Shape) -> None:
    for side in sides.values():
        packed = shape.packed and side.name == DAYBOOK
        each = -(-shape.facts // MOST_CHANGES) if packed else shape.facts
        for one in side.runs:
            rows = one.found["rows"]
            sound(rows == each * shape.commits, f"{side.name} stored {rows} facts, not {each * shape.commits}.")
