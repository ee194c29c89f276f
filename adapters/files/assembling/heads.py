"""The head of a ticket: what the rows of a check say about all of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NamedTuple

from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.rows import SaleRow

_told: Final = attrgetter("opened", "closed", "mode", "center", "server", "table", "guests")


class Head(NamedTuple):
    """What a check has once.

    Attributes:
        opened_at: UTC.
        closed_at: UTC, not before it was opened.
        clock: which of two readings their local times are, opening before closing, where one exists twice.
        service_type: or empty, as the next three are.
        revenue_center: of the check.
        server: the employee's number.
        table: name or number.
        guests: the count.
    """

    opened_at: dt.datetime
    closed_at: dt.datetime
    clock: str = ""
    service_type: str = ""
    revenue_center: str = ""
    server: str = ""
    table: str = ""
    guests: int = 0


def head_of(rows: list[SaleRow], clock: LocalTime) -> Head:
    """The head of a check's rows of Sales Detail, sorted.

    Where they do not agree: opened first, closed last, the most guests, and of the others what most rows say. Where no
    row has an opening time, the first item that has one opened the check.
    """
    # Rows come sorted by their bytes, which begin with these columns: what the first and the last say all of them say.
    told = _told(rows[0])
    if told != _told(rows[-1]):
        told = _of_most(rows)
    opened, closed, mode, center, server, table, guests = told
    if not opened:
        opened = min([row.sold_at for row in rows if row.sold_at and row.sold_at < closed], default=closed)
    return Head(*_between(opened, closed, clock), mode, center, server, table, int(guests or 0))


def bare_head(times: Iterable[str], centers: Iterable[str], begins_at: dt.datetime, clock: LocalTime) -> Head:
    """The head of a check without Sales Detail, from the times and centers of its other rows.

    Args:
        times: local, or empty.
        centers: or empty.
        begins_at: of the business day: where there is no time, that it was on this day is all that is known.
        clock: the location's.
    """
    known = sorted(filter(None, times))
    center = min({*filter(None, centers)}, default="")
    if not known:
        return Head(begins_at, begins_at, revenue_center=center)
    return Head(*_between(known[0], known[-1], clock), revenue_center=center)


def _of_most(rows: list[SaleRow]) -> tuple[str, str, str, str, str, str, str]:
    opened, closed, mode, center, server, table, guests = zip(*map(_told, rows), strict=True)
    return (
        min(filter(None, opened), default=""),
        max(closed),
        _most(mode),
        _most(center),
        _most(server),
        _most(table),
        max(guests, key=lambda cell: int(cell or 0)),
    )


def _most(cells: Iterable[str]) -> str:
    counted = Counter(filter(None, cells))
    return min(counted, key=lambda cell: (-counted[cell], cell), default="")


def _between(opened: str, closed: str, clock: LocalTime) -> tuple[dt.datetime, dt.datetime, str]:
    """Opening and closing as instants, and how their local times were read."""
    opening = clock.at(opened)
    closing = clock.at(closed, opening.instant)
    if not (opening.choice or closing.choice):
        return opening.instant, closing.instant, ""
    choices = dict.fromkeys(filter(None, (opening.choice, closing.choice)))
    return opening.instant, closing.instant, ",".join(choices)
