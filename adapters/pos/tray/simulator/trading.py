"""A venue's trading on one business date: who came when, and the tickets that they left."""

import datetime as dt
import random
from collections.abc import Iterator

from adapters.pos.tray.simulator.extras import with_extras
from adapters.pos.tray.simulator.rows import Check
from adapters.pos.tray.simulator.ticket import Seat, Shop, Waiter

# Upper end of their part of the tickets in [0, 1), and the wall-clock minutes between which they are closed.
_DAYPARTS = (
    ("breakfast", 0.20, 440, 650),
    ("lunch", 0.52, 690, 900),
    ("dinner", 0.92, 1020, 1305),
    ("late night", 1.0, 0, 0),
)
_EARLY_START_HOUR = 3
# A venue whose day starts at midnight closes its late tickets just after it, across the hour at which clocks change.
_LATE_AFTER_MIDNIGHT = (5, 155)
_LATE_BEFORE_DAY_END = (1325, 1590)
_SERVICES = (("Dine In", 0.64), ("Take Out", 0.84), ("Delivery", 0.92), ("Online Order", 0.97), ("Bar Tab", 1.0))
_CENTERS = {"Take Out": "Dining", "Delivery": "Online", "Online Order": "Online", "Bar Tab": "Bar"}
_SPLIT = 0.03
_GUESTS = (1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 6, 7, 8)


def draw_checks(shop: Shop, date: dt.date) -> Iterator[Check]:
    """Draw the tickets of a business date in the order of their opening."""
    rng = random.Random(f"{shop.settings.seed}:{shop.venue.id}:{date}")
    waiter = Waiter(rng, shop)
    for seat in _seats(rng, shop, date):
        yield with_extras(shop, waiter.check(seat))


def _seats(rng: random.Random, shop: Shop, date: dt.date) -> Iterator[Seat]:
    visits = sorted(_visits(rng, shop, date, shop.settings.tickets))
    split: Seat | None = None
    for index, (opened, closed, daypart) in enumerate(visits):
        if split is not None:
            # The second half of a split party: same table, same moment of opening, own ticket.
            half = split._replace(check_id=_id(shop, date, index), number=f"{split.number[:-2]}-2")
            yield half._replace(closed=max(closed, half.opened + 60))
            split = None
            continue
        seat = _seat(rng, shop, date, index, (opened, closed, daypart))
        if index + 1 < len(visits) and not seat.marketplace and rng.random() < _SPLIT:
            pool = shop.menu.pools[seat.daypart]
            seat = split = seat._replace(number=f"{seat.number}-1", shared=pool[int(rng.random() * len(pool))])
        yield seat


def _visits(rng: random.Random, shop: Shop, date: dt.date, count: int) -> Iterator[tuple[int, int, str]]:
    """Draw opening and closing instants; a closing falls on the business date, an opening perhaps on the day before."""
    windows: list[tuple[float, str, int, int]] = []
    for daypart, upper, begin, end in _DAYPARTS:
        first, last = (begin, end) if end else _late_window(shop)
        start = shop.wall.instant(date, first)
        windows.append((upper, daypart, start, shop.wall.instant(date, last) - start))
    for _ in range(count):
        chance = rng.random()
        _, daypart, start, length = next(window for window in windows if chance < window[0])
        closed = start + int(rng.random() * length)
        yield closed - 600 - int(rng.random() * 5_100), closed, daypart


def _late_window(shop: Shop) -> tuple[int, int]:
    return _LATE_BEFORE_DAY_END if shop.venue.day_start.hour >= _EARLY_START_HOUR else _LATE_AFTER_MIDNIGHT


def _id(shop: Shop, date: dt.date, index: int) -> str:
    return f"{shop.venue.id}-{date:%y%m%d}-{index + 1:05d}"


def _seat(rng: random.Random, shop: Shop, date: dt.date, index: int, visit: tuple[int, int, str]) -> Seat:
    opened, closed, daypart = visit
    chance = rng.random()
    service = next(name for name, upper in _SERVICES if chance < upper)
    chance = rng.random()
    center = _CENTERS.get(service) or ("Dining" if chance < 0.6 else "Bar" if chance < 0.85 else "Patio")
    if service == "Dine In" and shop.venue.double_spaced and rng.random() < 0.4:
        service = "Dine  In"
    marketplace = service == "Delivery" and rng.random() < 0.5
    return Seat(
        check_id=_id(shop, date, index),
        number=str(1001 + index),
        opened=opened,
        closed=closed,
        business_date=date.isoformat(),
        daypart=daypart,
        service_type=service,
        revenue_center=center,
        server=None if service in ("Delivery", "Online Order") else shop.servers[int(rng.random() * len(shop.servers))],
        guests=_GUESTS[int(rng.random() * len(_GUESTS))],
        marketplace=marketplace,
    )
