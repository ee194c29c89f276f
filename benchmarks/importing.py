"""(i) importing a file of many business days of Sales Detail: checking it, recording it, and the memory of that."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace

from adapters.files import SYSTEM, check
from api.composition import init_store, open_house
from api.imports import Given, Imported, feeding, import_session
from api.logs import configure_logs
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.frames import HOW_TO_INSTALL, check_with_polars
from benchmarks.measuring import (
    Job,
    Side,
    Stopwatch,
    Taken,
    always,
    job,
    peak_mb,
    peak_mb_of_others,
    run,
    sound,
)
from benchmarks.sales import SALES, write_faulty, write_sales
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line, memory_line, missing_line
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from projections.catching_up import catch_up
from projections.folds import MOST_RECORDS
from projections.tables import day

LETTERS: Final = "i"
AIM: Final = 6.0
AIM_MEMORY: Final = 1.3

CHECK: Final = "check"
IMPORT: Final = "import"
FEW: Final = "a tenth"
POLARS: Final = "polars"

_ZONE: Final = "America/New_York"
_FOLDS: Final = (
    f"Catching up keeps up to {MOST_RECORDS:,} records at hand; whether the smaller import fills that decides."
)
_BESIDE: Final = "Not in it: the process that translates days ahead, which a large import has beside it, {} MB at most."
_FAULTY_ROWS: Final = 1_000


def check_with_daybook(path: str) -> Taken:
    """Read a file and check all of it, and keep nothing."""
    watch = Stopwatch()
    with Path(path).open("rb") as file, watch.running():
        report = check(file, SALES)
    return Taken(watch.seconds, {"rows": report.rows, "errors": report.error_count})


def import_with_daybook(store: Store, path: str) -> Taken:
    """Import a file as one session, then bring all views up to date, as the command line does."""
    importing, projecting = Stopwatch(), Stopwatch()
    settings = house.settings_for(store)
    configure_logs(settings, quiet=True)
    with open_house(settings, systems={SYSTEM.key: SYSTEM}) as opened:
        given = Given(SALES, "sales.csv", None, lambda: Path(path).open("rb"))  # noqa: SIM115 - the session closes it
        with importing.running():
            done = import_session(
                opened, feeding(opened, house.CLIENT, house.LOCATION), [given], Intent("bench", "measured")
            )
        peak, beside = peak_mb(), peak_mb_of_others()
        assert isinstance(done, Imported)
        with projecting.running():
            catch_up(opened.engine, opened.journal)
        with opened.engine.connect() as connection:
            cents = connection.scalar(sa.select(sa.func.sum(day.c.gross_sales_cents)))
    outcomes = sorted({outcome.outcome for outcome in done.days.values()})
    found = {"outcomes": outcomes, "days": len(done.days), "rows": done.reports[0].rows, "cents": int(cents or 0)}
    return Taken(importing.seconds, {**found, "views": projecting.seconds, "import_mb": peak, "beside_mb": beside})


def connect(store: Store) -> None:
    """Make daybook's store, with a location that is fed by files."""
    settings = house.settings_for(store)
    init_store(settings)
    location = LocationAdded(house.LOCATION, "Bench", _ZONE, {})
    connection = ConnectionId(house.CLIENT, SYSTEM.key)
    with open_house(settings, systems={SYSTEM.key: SYSTEM}) as opened:
        command = ConnectSystem(connection, SYSTEM.key, SYSTEM.title, "", "", (location,), Intent("bench"))
        connect_system(command, opened.house)
        catch_up(opened.engine, opened.journal)


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (i)."""
    sizes = bench.sizes
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        many, few = (_sales(Path(folder), days, sizes.import_rows) for days in (sizes.import_days, _tenth(bench)))
        _check_errors(bench, Path(folder) / "faulty.csv")
        yield _checking_line(bench, many)
        for kind in bench.kinds:
            yield from _importing_lines(bench, kind, many, few)


@dataclass(frozen=True, slots=True)
class _Sales:
    """A file of Sales Detail: how many business days and rows it has, and the cents of its items and modifiers."""

    path: str
    days: int
    rows: int
    cents: int


def _sales(folder: Path, days: int, rows: int) -> _Sales:
    path = folder / f"{days}.csv"
    return _Sales(str(path), days, days * rows, write_sales(path, days, rows))


def _tenth(bench: Bench) -> int:
    return max(bench.sizes.import_days // 10, 1)


def _check_errors(bench: Bench, path: Path) -> None:
    """Make sure that both find the same number of errors in a file that has some, and so do the same work."""
    errors = write_faulty(path, _FAULTY_ROWS)
    for checking in (check_with_daybook, check_with_polars) if bench.polars else (check_with_daybook,):
        found = run(job(checking, path=str(path))).found
        sound(found == {"rows": _FAULTY_ROWS, "errors": errors}, f"{checking.__name__} finds {found}, not {errors}.")


def _checking_line(bench: Bench, sales: _Sales) -> Line:
    """The line of reading and checking alone, which is about no database."""
    kind = bench.kinds[0]
    what = f"read and check {sales.rows:,} rows of Sales Detail: daybook / polars"
    variants = {CHECK: always(job(check_with_daybook, path=sales.path)), **_peer(bench, sales)}
    sides = bench.alternate(f"check {sales.rows:,} rows", variants)
    for side in sides.values():
        for one in side.runs:
            sound(one.found == {"rows": sales.rows, "errors": 0}, f"{side.name} finds {one.found} in a good file.")
    return _against_polars(kind, what, sides[CHECK], sides.get(POLARS), sales)


def _importing_lines(bench: Bench, kind: str, many: _Sales, few: _Sales) -> Iterator[Line]:
    """The lines of importing whole files: against the peer, which checks and keeps nothing, and for the memory."""
    sides = _imported(bench, kind, many, few)
    size = f"{many.rows:,} rows of {many.days} days"
    what = f"import {size}, views not caught up: daybook / polars checking"
    yield _against_polars(kind, what, sides[IMPORT], sides.get(POLARS), many)
    runs = [replace(one, seconds=one.seconds + one.found["views"]) for one in sides[IMPORT].runs]
    what = f"import {size}, views caught up: daybook / polars checking"
    yield _against_polars(kind, what, Side(IMPORT, runs), sides.get(POLARS), many)
    over, under = (
        Side(name, [replace(one, peak_mb=one.found["import_mb"]) for one in sides[name].runs]) for name in (IMPORT, FEW)
    )
    what = f"memory of importing {size} / {few.rows:,} rows of {few.days}, views"
    beside = max(one.found["beside_mb"] for one in sides[IMPORT].runs)
    note = _BESIDE.format(f"{beside:,.0f}") if beside else ""
    yield memory_line("i", kind, f"{what} not caught up", over, under, at_most(AIM_MEMORY), of_ratio=True, note=note)
    yield memory_line("i", kind, f"{what} caught up", sides[IMPORT], sides[FEW], None, note=_FOLDS)


def _imported(bench: Bench, kind: str, many: _Sales, few: _Sales) -> dict[str, Side]:
    """Import both files, each into a store of its own, beside the peer."""
    stores: list[Store] = []

    def importing(sales: _Sales) -> Callable[[int], Job]:
        def asked(_: int) -> Job:
            bench.stores.drop(*stores)
            stores[:] = [bench.stores.migrated(kind)]
            connect(stores[0])
            return job(import_with_daybook, store=stores[0], path=sales.path)

        return asked

    variants = {IMPORT: importing(many), FEW: importing(few), **_peer(bench, many)}
    sides = bench.alternate(f"import {many.rows:,} rows {kind}", variants, bench.sizes.import_repetitions)
    bench.stores.drop(*stores)
    for name, sales in ((IMPORT, many), (FEW, few)):
        wanted = {"outcomes": ["polled"], "days": sales.days, "rows": sales.rows, "cents": sales.cents}
        for one in sides[name].runs:
            found = {key: one.found[key] for key in wanted}
            sound(found == wanted, f"{name} recorded {found}, not {wanted}.")
    return sides


def _peer(bench: Bench, sales: _Sales) -> dict[str, Callable[[int], Job]]:
    return {POLARS: always(job(check_with_polars, path=sales.path))} if bench.polars else {}


def _against_polars(kind: str, what: str, daybook: Side, polars: Side | None, sales: _Sales) -> Line:
    if polars is None:
        return missing_line("i", kind, what, HOW_TO_INSTALL)
    figure = (daybook.seconds / polars.seconds, f"{sales.rows / daybook.seconds:,.0f} rows/s")
    return line("i", kind, what, daybook, polars, aim=at_most(AIM), figure=figure)
