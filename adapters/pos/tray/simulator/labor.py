"""The time clock: who worked when on one business date, and what the POS says that it costs."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from adapters.pos.tray.simulator import money
from adapters.pos.tray.simulator.people import NIGHT, TIPPED
from adapters.pos.tray.simulator.rows import Break, Person, TimeEntry
from adapters.pos.tray.simulator.ticket import Shop
from adapters.pos.tray.simulator.wall import MICRO, Wall, micros_of, utc_text

HEAD_OFFICE = "HQ"
_HOUR = 3_600
_UNPAID_BREAK_AFTER = 6 * _HOUR
_TERMINALS = ("POS 1", "POS 2", "Kitchen")


class _Shift(NamedTuple):
    """A planned shift in wall-clock minutes after midnight of the business date."""

    begin: int
    end: int


_DAY_SHIFTS = (_Shift(420, 900), _Shift(480, 960), _Shift(660, 1140), _Shift(960, 1410), _Shift(1020, 1380))
_DOUBLE = (_Shift(630, 870), _Shift(990, 1320))
_NIGHT = _Shift(1320, 1800)  # 22:00 to 06:00


def elapsed(entry: TimeEntry) -> int | None:
    """Answer the seconds between clocking in and out less the unpaid breaks; None where one of the two is missing."""
    begin, end = _second(entry.start), _second(entry.end)
    if begin is None or end is None:
        return None
    seconds = end - begin
    for pause in entry.breaks:
        left, back = _second(pause.start), _second(pause.end)
        if not pause.paid and left is not None and back is not None:
            seconds -= back - left
    return seconds


def _second(instant: str | None) -> int | None:
    micros = micros_of(instant) if instant else None
    return None if micros is None else micros // MICRO


def state(entry: TimeEntry) -> TimeEntry:
    """Put hours (two decimals) and pay (of the rounded hours) on an entry; both are 0.00 while it is open."""
    seconds = elapsed(entry)
    if seconds is None:
        entry.hours = entry.pay = "0.00"
        return entry
    hours = (Decimal(seconds) / _HOUR).quantize(money.CENT, rounding=ROUND_HALF_UP)
    entry.hours = str(hours)
    entry.pay = str(money.rounded(hours * Decimal(entry.actual_rate)))
    return entry


def draw_time_entries(shop: Shop, date: dt.date) -> list[TimeEntry]:
    """Draw the time entries that were begun on a business date."""
    rng = random.Random(f"{shop.settings.seed}:{shop.venue.id}:{date}:labor")
    entries: list[TimeEntry] = []
    for person in shop.crew.people:
        chance = rng.random()
        if not person.active:
            if chance < 0.15:  # somebody who has left still clocks in now and then
                entries.append(_punch(rng, shop, date, person, _DAY_SHIFTS[2], len(entries)))
            continue
        if chance > 0.65 and not _works_nights(shop, person):
            continue
        for shift in _shifts(rng, shop, person):
            entries.append(_punch(rng, shop, date, person, shift, len(entries)))
    return entries


def _works_nights(shop: Shop, person: Person) -> bool:
    """Say whether somebody cleans at night, which has to be done every night."""
    return shop.crew.code(person.jobs[0].job_id) == NIGHT


def _shifts(rng: random.Random, shop: Shop, person: Person) -> Iterator[_Shift]:
    if _works_nights(shop, person):
        yield _NIGHT
    elif rng.random() < 0.12:
        yield from _DOUBLE
    else:
        yield rng.choice(_DAY_SHIFTS)


def _punch(rng: random.Random, shop: Shop, date: dt.date, person: Person, shift: _Shift, index: int) -> TimeEntry:
    wall = shop.wall
    begin = wall.instant(date, shift.begin) + 60 * rng.randint(-7, 9)
    end = wall.instant(date, shift.end) + 60 * rng.randint(-5, 25)
    forgotten = rng.random() < 0.015
    held = person.jobs[-1] if rng.random() < 0.3 else person.jobs[0]
    tipped = shop.crew.code(held.job_id) in TIPPED
    closing = max(wall.closing(date), end)
    return state(
        TimeEntry(
            id=f"{shop.venue.id}-{date:%y%m%d}-T{index + 1:03d}",
            staff_id=person.id,
            job_id=held.job_id,
            actual_rate=held.rate,
            start=utc_text(begin),
            start_local=wall.local_text(begin),
            end=None if forgotten else utc_text(end),
            end_local=None if forgotten else wall.local_text(end),
            zone=wall.zone,
            business_date=date.isoformat(),
            breaks=list(_breaks(rng, wall, begin, end)),
            declared_tips=money.text(rng.randint(0, 4_000)) if tipped else "0.00",
            charge_tips=money.text(rng.randint(1_000, 14_000)) if tipped else "0.00",
            terminal=rng.choice(_TERMINALS),
            modified_at=utc_text(closing),
            modified_at_local=wall.local_text(closing),
        )
    )


def _breaks(rng: random.Random, wall: Wall, begin: int, end: int) -> Iterator[Break]:
    if rng.random() < 0.3:
        yield pause(wall, begin + 2 * _HOUR, 600, paid=True)
    if end - begin > _UNPAID_BREAK_AFTER:
        yield pause(wall, begin + 4 * _HOUR + 60 * rng.randint(0, 40), 60 * rng.choice((20, 30, 30, 45)), paid=False)


def pause(wall: Wall, left: int, seconds: int, *, paid: bool) -> Break:
    """Answer a break of so many seconds."""
    back = left + seconds
    return Break(
        start=utc_text(left),
        start_local=wall.local_text(left),
        end=utc_text(back),
        end_local=wall.local_text(back),
        paid=paid,
    )
