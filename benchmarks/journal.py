"""(g) the journal alone: appending facts of a kilobyte, against raw COPY and executemany of the same bytes."""

from collections.abc import Callable, Iterator
from typing import Final

from adapters.journal import open_journal
from benchmarks.bench import Bench
from benchmarks.kilobytes import Shape, facts_of, provenance_of, stream_of
from benchmarks.measuring import Job, Side, Stopwatch, Taken, job, sound
from benchmarks.raw import append_with_copy, append_with_executemany, count_of
from benchmarks.store import SQLITE, Store
from benchmarks.table import Line, at_least, line
from domain.differences import MOST_CHANGES
from domain.ports.journal import Recording

LETTERS: Final = "g"
AIMED_COMMIT: Final = 2_000
"""The aim is about commits of so many facts."""

DAYBOOK: Final = "daybook"


def append_with_journal(store: Store, shape: Shape) -> Taken:
    """Append through daybook's journal: encoded, hashed, sealed and checked for conflicts."""
    batches = [facts_of(shape, number) for number in range(shape.commits)]
    provenances = [provenance_of(number) for number in range(shape.commits)]
    journal = open_journal(store.url)
    watch = Stopwatch()
    try:
        journal.head()  # connected
        with watch.running():
            for number, (facts, provenance) in enumerate(zip(batches, provenances, strict=True)):
                journal.append([Recording(stream_of(number), 0, tuple(facts))], provenance)
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


def _lines(bench: Bench, kind: str, shape: Shape, what: str) -> Iterator[Line]:
    floors = {"executemany": append_with_executemany}
    if kind != SQLITE:
        floors = {"COPY": append_with_copy, **floors}
    functions: dict[str, Callable[..., Taken]] = {DAYBOOK: append_with_journal, **floors}
    stores: list[Store] = []

    def on_fresh_store(function: Callable[..., Taken]) -> Callable[[int], Job]:
        def fresh(_: int) -> Job:
            stores.append(bench.stores.migrated(kind))
            return job(function, store=stores[-1], shape=shape)

        return fresh

    variants = {name: on_fresh_store(function) for name, function in functions.items()}
    sides = bench.alternate(f"{what} {kind}", variants)
    bench.stores.drop(*stores)
    _check(sides, shape)
    for name in floors:
        best = name == next(iter(floors))
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
            note=f"{rate:,.0f} {'changes' if shape.packed else 'facts'} a second",
        )


def _check(sides: dict[str, Side], shape: Shape) -> None:
    for side in sides.values():
        packed = shape.packed and side.name == DAYBOOK
        each = -(-shape.facts // MOST_CHANGES) if packed else shape.facts
        for run in side.runs:
            rows = run.found["rows"]
            sound(rows == each * shape.commits, f"{side.name} stored {rows} facts, not {each * shape.commits}.")
