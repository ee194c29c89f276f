"""(t) translating a capture with every polling option on, against the same with none; and the steps by themselves."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final

from adapters.pos.tray import SYSTEM
from benchmarks import house
from benchmarks.bench import Bench
from benchmarks.measuring import ALL_IN_ONE, Job, Stopwatch, Taken, alternate_within, job, run, sides_of, sound
from benchmarks.pos import Pos
from benchmarks.simulated import Drawn, pos_with
from benchmarks.store import Store
from benchmarks.table import Line, at_most, line
from domain.commands.loading import load_day
from domain.commands.recording import source_window
from domain.polling import Options, Translation, frame_of, options_for, translate
from domain.polling.source_day import SourceDay

LETTERS: Final = "t"
AIM: Final = 2.0

NONE: Final = "no option"
DEFAULT: Final = "Tray's default"
ALL: Final = "all options"
ALONE: Final = ", read already"

_MIDNIGHT: Final = dt.time(0, 0)


def all_options(day: SourceDay) -> Options:
    """Every option on, with rules that meet many tickets of the day."""
    tickets = list(day.records["ticket"])
    items = sorted({item.name for ticket in tickets for item in ticket.items})
    centers = sorted({ticket.revenue_center for ticket in tickets if ticket.revenue_center})
    switches = {name: True for name, kind in Options.__annotations__.items() if kind in {bool, "bool"}}
    return options_for(
        {
            **switches,
            "specify_business_day_start_time": "04:00",
            "split_sales_detail": [
                {"match": items[0], "name": "Packaging", "category": "Fees", "percent": "10"},
                {"match": items[1], "name": "Deposit", "amount": "0.25"},
            ],
            "use_revenue_centers": centers,
            "menu_item_category_override": [{"item": name, "category": "Moved"} for name in items[2:6]],
            "item_category_override": [{"item": name, "category": name} for name in ("Online fee", "Bag fee")],
            "number_of_lookback_days": 3,
            "custom_payroll_id_field": "pos_id",
            "observes_daylight_savings_time": False,
            "offset_time_zone": "-1",
        }
    )


def translate_all(store: Store, date: dt.date, repetitions: int) -> Taken:
    """Translate a captured day, read already, under each choice of options, in turn."""
    with house.opened(store) as opened:
        day = load_day(opened.journal, house.day_id(date))
        capture = opened.house.captures.get(house.CLIENT, day.capture)
    zone = day.zone
    read = SYSTEM.read(capture, source_window(frame_of(date, zone, _MIDNIGHT, Options())))
    source = SourceDay({kind: tuple(records) for kind, records in read.records.items()}, read.notes, read.dates)
    choices = {NONE: Options(), DEFAULT: options_for(SYSTEM.default_options), ALL: all_options(source)}
    frames = {name: frame_of(date, zone, _MIDNIGHT, options) for name, options in choices.items()}

    def captured(name: str, _: int) -> Taken:
        """From the pages of the capture to records: what a poll and a replay do."""
        watch = Stopwatch()
        with watch.running():
            read_now = SYSTEM.read(capture, source_window(frames[name]))
            found = translate(read_now, choices[name], frames[name])
        return _taken(watch, found)

    def steps(name: str, _: int) -> Taken:
        """From what is read already."""
        watch = Stopwatch()
        with watch.running():
            found = translate(source, choices[name], frames[name])
        return _taken(watch, found)

    whole = {name: partial(captured, name) for name in choices}
    alone = {f"{name}{ALONE}": partial(steps, name) for name in choices}
    return alternate_within({**whole, **alone}, repetitions)


def _taken(watch: Stopwatch, found: Translation) -> Taken:
    return Taken(watch.seconds, {"tickets": len(found.seen["ticket"])})


def lines(bench: Bench, _: str) -> Iterator[Line]:
    """The lines of (t); it is about no database, so that one is enough."""
    kind = bench.kinds[0]
    tickets = bench.sizes.fold_tickets[0]
    with pos_with(Drawn(tickets, None, 1)) as pos:
        store = bench.stores.migrated(kind)
        house.connect(store, pos)
        run(_polling(store, pos))
        (date,) = pos.dates
        sides = sides_of(run(job(translate_all, store=store, date=date, repetitions=2 * bench.sizes.repetitions)))
        bench.stores.drop(store)
    for side in sides.values():
        for one in side.runs:
            sound(one.found["tickets"] > 0, f"{side.name} translated no ticket.")
    for way, of_what in (("", "the capture of a day"), (ALONE, "a day that is read already")):
        for name in (ALL, DEFAULT):
            over, under = sides[f"{name}{way}"], sides[f"{NONE}{way}"]
            what = f"translate {of_what}, {tickets:,} tickets: {name} / {NONE}"
            figure = (over.seconds / under.seconds, f"{tickets / over.seconds:,.0f} tickets/s")
            aim = at_most(AIM) if name == ALL and not way else None
            yield line("t", kind, what, over, under, aim=aim, figure=figure, note=ALL_IN_ONE)


def _polling(store: Store, pos: Pos) -> Job:
    return job(house.poll_with_daybook, store=store, pos=pos)
