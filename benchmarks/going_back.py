"""(u) a day and its views as of a position, and its replay, beside the time that folding the same day takes."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from typing import Final

from adapters.pos.tray import SYSTEM
from api.composition import OpenHouse
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.measuring import (
    ALL_IN_ONE,
    Run,
    Side,
    Taken,
    alternate_within,
    answers,
    job,
    run,
    sides_of,
    sound,
    timed,
)
from benchmarks.pos import EDITED_SHARE
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Aim, Line, at_most, line
from domain.commands.loading import load_connection, load_day
from domain.commands.recording import read_capture
from domain.commands.replay_day import ReplayDay, replay_day
from domain.summary import summarize
from projections import queries
from projections.scratch import day_views_as_of
from projections.timetravel import day_as_of

LETTERS: Final = "u"

FOLD: Final = "load and fold"
SUMMED: Final = "load, fold and sum up"
AS_OF: Final = "summary as of a position"
VIEWS: Final = "views as of a position"
TRANSLATED: Final = "translate, load and fold"
REPLAY: Final = "replay, dry"

_MANY: Final = 10
"""Milliseconds are noisy, and cheap to repeat."""

LINES: Final[tuple[tuple[str, str, Aim | None], ...]] = (
    (AS_OF, FOLD, None),
    (AS_OF, SUMMED, at_most(1.25)),
    (VIEWS, FOLD, None),
    (VIEWS, SUMMED, at_most(4)),
    (REPLAY, FOLD, None),
    (REPLAY, TRANSLATED, at_most(2)),
)
"""Each way beside the fold's own time, and against what it cannot do without, with what is to be reached there.

Views are rows of every ticket and punch, made in memory and thrown away. A replay also loads the day once more, and
sums up and books both what is recorded and what it derived.
"""


def go_back(store: Store, date: dt.date, position: int, repetitions: int) -> Taken:
    """Fold a day, sum it up, show it as of a position in both ways, translate its capture, and replay it, in turn."""
    day = house.day_id(date)
    with house.opened(store) as opened:

        def folded() -> int:
            return len(load_day(opened.journal, day, until=position).records["ticket"])

        def summed() -> int:
            return summarize(load_day(opened.journal, day, until=position)).gross_sales_cents

        def as_of() -> int:
            return day_as_of(opened.journal, day, position).summary.gross_sales_cents

        def viewed() -> int:
            with day_views_as_of(opened.journal, day, position) as engine:
                row = queries.day(engine, day.client, day.location, date)
            return -1 if row is None else row.gross_sales_cents

        def replayed() -> int:
            return len(replay_day(ReplayDay(day, house.CONNECTION), opened.house).changes)

        ways: dict[str, Callable[[], int]] = {
            FOLD: folded,
            SUMMED: summed,
            AS_OF: as_of,
            VIEWS: viewed,
            TRANSLATED: lambda: _translated(opened, date),
            REPLAY: replayed,
        }
        gc.freeze()  # what was prepared is no part of anybody's collections
        return alternate_within({name: timed(way) for name, way in ways.items()}, repetitions)


def _translated(opened: OpenHouse, date: dt.date) -> int:
    """What no replay can do without: the day and its newest capture, folded and translated."""
    known = load_day(opened.journal, house.day_id(date))
    connection = load_connection(opened.journal, house.CONNECTION)
    configuration = connection.configurations[known.configuration]
    frame = connection.frame(house.LOCATION, date, configuration)
    capture = opened.house.captures.get(house.CLIENT, known.capture)
    return len(read_capture(SYSTEM, capture, frame, configuration.at(house.LOCATION)).seen["ticket"])


def head_of(store: Store) -> Taken:
    """The position that the journal has reached."""
    with house.opened(store) as opened:
        return Taken(0.0, {"position": opened.journal.head()})


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (u): a day that was polled and repolled, as of the first of both, and replayed as it is now."""
    tickets = bench.sizes.fold_tickets[0]
    for kind in bench.kinds:
        with pos_with(Drawn(tickets, None, 1)) as pos:
            (date,) = pos.dates
            store = bench.stores.migrated(kind)
            house.connect(store, pos)
            polling = job(house.poll_with_daybook, store=store, pos=pos)
            first = run(polling)
            position = run(job(head_of, store=store)).found["position"]
            pos.edit(max(1, tickets // EDITED_SHARE))
            again = run(polling)
        bench.note(f"as of a position and replay {kind}")
        repetitions = _MANY * bench.sizes.repetitions
        measured = run(job(go_back, store=store, date=date, position=position, repetitions=repetitions))
        bench.stores.drop(store)
        sides = sides_of(measured)
        _check(sides, tickets, first, again)
        for over, under, aim in LINES:
            ratio, milliseconds = sides[over].seconds / sides[under].seconds, sides[over].seconds * 1000
            what = f"{over}, a day of {tickets:,} tickets: daybook / {under}"
            figure = (ratio, f"{milliseconds:.1f} ms")
            yield line("u", kind, what, sides[over], sides[under], aim=aim, figure=figure, note=ALL_IN_ONE)


def _check(sides: dict[str, Side], tickets: int, first: Run, again: Run) -> None:
    """What is shown as of the first poll is what was shown then, and a replay finds nothing to change."""
    then = first.found["gross_cents"]
    sound(again.found["gross_cents"] != then, "The repoll changed no sales: there is nothing to go back behind.")
    answers(sides, {FOLD: tickets, SUMMED: then, AS_OF: then, VIEWS: then, TRANSLATED: tickets, REPLAY: 0})
