"""The head of a ticket: what the rows of a check say about all of it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from adapters.files.assembling.local_time import LocalTime
from adapters.files.assembling.rows import SaleHead
from adapters.files.assembling.sales import Told


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


def head_of(told: list[Told], clock: LocalTime) -> Head:
    """The head of a check's rows of Sales Detail.

    Where they do not agree: opened first, closed last, the most guests, and of the others what most rows say. Where no
    row has an opening time, the first item that has one opened the check.
    """
    head = told[0].head if len(told) == 1 else _of_most(told)
    opened, closed = head.opened, head.closed
    if not opened:
        times = [row.sold_at for same in told for row in same.rows]
        opened = min([at for at in times if at and at < closed], default=closed)
    opening, closing, choice = _between(opened, closed, clock)
    return Head(opening, closing, choice, head.mode, head.center, head.server, head.table, int(head.guests or 0))


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


def _of_most(told: list[Told]) -> SaleHead:
    heads = [same.head for same in told]
    return SaleHead(
        heads[0].check_number,
        min([head.opened for head in heads if head.opened], default=""),
        max([head.closed for head in heads]),
        _most(told, lambda head: head.center),
        _most(told, lambda head: head.mode),
        _most(told, lambda head: head.server),
        max([head.guests for head in heads], key=lambda cell: int(cell or 0)),
        _most(told, lambda head: head.table),
    )


def _most(told: list[Told], cell_of: Callable[[SaleHead], str]) -> str:
    counted: Counter[str] = Counter()
    for same in told:
        counted[cell_of(same.head)] += len(same.rows)
    del counted[""]
    return min(counted, key=lambda cell: (-counted[cell], cell), default="")


def _between(opened: str, closed: str, clock: LocalTime) -> tuple[dt.datetime, dt.datetime, str]:
    """Opening and closing as instants, and how their local times were read."""
    opening = clock.at(opened)
    closing = clock.at(closed, opening.instant)
    if not (opening.choice or closing.choice):
        return opening.instant, closing.instant, ""
    choices = dict.fromkeys(filter(None, (opening.choice, closing.choice)))
    return opening.instant, closing.instant, ",".join(choices)
