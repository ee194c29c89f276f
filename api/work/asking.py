"""Asking what is due of views that are up to date."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from api.composition import OpenHouse
from api.settings import Settings
from domain.due import Due, Rules
from projections.catching_up import catch_up
from projections.due import due
from projections.queries import Among


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to what is due.

    Attributes:
        due: now, what goes first in front.
        waiting: how many are tried later.
        again_at: when the first of those is due; None where there is none.
    """

    due: list[Due]
    waiting: int
    again_at: dt.datetime | None


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
    """What is due as far as the views know, now or later, by location, and of each the newest day first."""
    now, rules = opened.house.clock.now(), rules_of(opened.settings)
    return due(opened.engine, client, now, rules, pushing=pushing(opened), location=location, after=after, among=among)


def ask(opened: OpenHouse, *, location: str | None = None) -> Asked:
    """What is due for the client now, by views that are brought up to date first.

    Raises:
        ViewsStopped, JournalUnavailable: see ``catch_up``.
    """
    catch_up(opened.engine, opened.journal)
    now = opened.house.clock.now()
    ready: list[Due] = []
    waiting = 0
    again_at: dt.datetime | None = None
    for one in found(opened, opened.settings.client, location=location):
        if one.is_due(now):
            ready.append(one)
        elif one.not_before is not None:
            waiting += 1
            again_at = min(again_at or one.not_before, one.not_before)
    return Asked(sorted(ready, key=lambda one: one.urgency), waiting, again_at)
