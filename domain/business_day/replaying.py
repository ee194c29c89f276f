"""What deriving the day again adds to it, once somebody wants it recorded."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from domain.business_day.day import APPROVED, BusinessDay, Feed
from domain.business_day.feeding import as_told
from domain.business_day.generations import numbered
from domain.business_day.holding import as_reopened, hold_back
from domain.differences import RecordMap, changes, operations, parts
from domain.facts import ReplayApplied
from domain.facts.catalogue import DayFact
from domain.polling.translation import DERIVATION


@dataclass(frozen=True, slots=True)
class DerivedDay:
    """A day that was derived again.

    Attributes:
        connection: whose configuration was meant.
        records: canonical bytes by kind and key.
        feeds: what each connection brings to it, as it was derived.
        zone: the location's zone.
        starts_at: first instant, UTC; None where it never had one.
        ends_at: first instant after it, UTC; None likewise.
    """

    connection: str
    records: RecordMap
    feeds: Mapping[str, Feed]
    zone: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


def decide_replay(day: BusinessDay, derived: DerivedDay) -> tuple[DayFact, ...]:
    """The facts that record a day as it was derived again; none where the day is that already.

    It is where it has the same records, window and notes of its sources and was derived under the same versions and
    options. A newer version of our code alone is no difference: what it leads to is. An approved day changes no more:
    there it waits.
    """
    if day.settled == APPROVED:
        return hold_back(day, decide_replay(as_reopened(day), derived))
    found = changes(day.records, derived.records)
    same_window = (day.zone, day.starts_at, day.ends_at) == (derived.zone, derived.starts_at, derived.ends_at)
    if not found and same_window and _told(day.feeds) == _told(derived.feeds):
        return ()
    lots = parts(found)
    generation = day.generation + 1
    applied = ReplayApplied(
        generation,
        derived.connection,
        derived.zone,
        derived.starts_at,
        derived.ends_at,
        **operations(found),
        parts=len(lots),
        derivation=DERIVATION,
        feeds=as_told(derived.feeds),
    )
    return (applied, *numbered(generation, lots))


def _told(feeds: Mapping[str, Feed]) -> dict[str, tuple[object, ...]]:
    return {name: (feed.configuration, dict(feed.options), feed.notes, feed.kinds) for name, feed in feeds.items()}
