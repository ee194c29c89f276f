"""Asking what is due, of one client or of all that a store has."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.composition import OpenHouse
from api.settings import Settings
from api.work.objects import Errand
from domain.due import Due, Rules
from domain.identifiers import DayId
from projections import queries
from projections.asking import Among
from projections.due import due


@dataclass(frozen=True, slots=True)
class Wanted:
    """A business day that is due now.

    Attributes:
        day: which.
        due: why, and what is to be polled; None where a data import job alone asks for it.
        rank: how many of its client go before it.
    """

    day: DayId
    due: Due | None
    rank: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to what is due.

    Attributes:
        due: now, of each client what goes first in front.
        waiting: how many are tried later.
        again_at: when the first of those is due; None where there is none.
        errands: what there is to do for objects now, of each client what goes first in front.
    """

    due: list[Wanted]
    waiting: int
    again_at: dt.datetime | None
    errands: list[Errand] = field(default_factory=list)


def rules_of(settings: Settings) -> Rules:
    """The bounds that an operator chose."""
    return Rules(settings.window_days, settings.grace, settings.retry, settings.retry_longest)


def pushing(opened: OpenHouse) -> frozenset[str]:
    """Keys of the systems whose days come in files."""
    return frozenset(key for key, system in opened.house.systems.items() if system.pushes)


def found(
    opened: OpenHouse,
    client: str,
    *,
    location: str | None = None,
    after: tuple[str, dt.date] | None = None,
    among: Among = None,
) -> Iterator[Due]:
    """What is due for a client as far as the views know, now or later, by location, of each the newest day first."""
    now, rules = opened.house.clock.now(), rules_of(opened.settings)
    return due(opened.engine, client, now, rules, pushing=pushing(opened), location=location, after=after, among=among)


def ask(opened: OpenHouse, client: str, *, location: str | None = None) -> Asked:
    """What is due for a client now, as far as the views know."""
    now = opened.house.clock.now()
    ready: list[Due] = []
    waiting = 0
    again_at: dt.datetime | None = None
    for one in found(opened, client, location=location):
        if one.is_due(now):
            ready.append(one)
        elif one.not_before is not None:
            waiting += 1
            again_at = min(again_at or one.not_before, one.not_before)
    ready.sort(key=lambda one: one.urgency)
    days = [Wanted(DayId(client, one.location, one.date), one, rank) for rank, one in enumerate(ready)]
    return Asked(days, waiting, again_at)


def all_clients(opened: OpenHouse) -> Iterator[str]:
    """The clients that something may be due for, as far as the views know: those with a connection."""
    after = ""
    while page := queries.clients(opened.engine, after=after):
        yield from page
        after = page[-1]
