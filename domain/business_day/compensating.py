"""What reading another business day adds to this one."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from domain.business_day.day import APPROVED, BEFORE_LOOKBACK, BusinessDay
from domain.business_day.generations import compensated, observed
from domain.business_day.holding import as_reopened, hold_back
from domain.business_day.looking_back import labor_changes, origin_of
from domain.business_day.reading import source_id
from domain.differences import changes
from domain.facts import Attempt, Change
from domain.facts.catalogue import DayFact
from domain.polling.translation import Translation
from domain.records import Ticket, decode

_ORIGINS: Final = {"ticket": "dated", "deposit": "deposit"}


def decide_compensation(
    day: BusinessDay, date: dt.date, translation: Translation, *, read_date: dt.date, attempt: Attempt, capture: str
) -> tuple[DayFact, ...]:
    """The facts that reading another business day adds to this one; none where nothing of it concerns this one.

    Of tickets and deposits only what the reading names counts: a record that it puts here is added or changed, one that
    it puts elsewhere is removed from here; of the rest of the day it says nothing. Of labor it may hold the whole day
    (:mod:`domain.business_day.looking_back`). A day that was never read whole gets it all with its own poll, and
    so does one that was deleted. An approved day changes no more: what it would have taken,
    were it not, is kept as observed.

    Args:
        day: as recorded.
        date: its date.
        translation: of the other day.
        read_date: the other day's date.
        attempt: how that was read.
        capture: the digest of its capture.
    """
    if day.settled == APPROVED:
        facts_if_open = decide_compensation(
            as_reopened(day), date, translation, read_date=read_date, attempt=attempt, capture=capture
        )
        return hold_back(day, facts_if_open)
    if not day.generation or day.deleted:
        return ()
    facts: list[DayFact] = []
    generation = day.generation
    for origin, found in _found(day, date, translation, read_date, attempt):
        if origin == BEFORE_LOOKBACK:
            facts += observed(day, found, origin, read_date, attempt.connection, capture)
            continue
        generation += 1
        facts += compensated(generation, found, origin, read_date, attempt.connection, attempt.configuration, capture)
    return tuple(facts)


def _found(
    day: BusinessDay, date: dt.date, translation: Translation, read_date: dt.date, attempt: Attempt
) -> Iterator[tuple[str, list[Change]]]:
    """What differs, kind by kind, each with the reason why the reading says something about it."""
    for kind in ("ticket", "punch", "deposit"):
        if kind == "punch":
            found = labor_changes(day, date, translation, attempt.connection)
            origin = origin_of(date, found, translation, read_date)
        else:
            found, origin = _named(kind, day, date, translation, attempt.connection), _ORIGINS[kind]
        if found:
            yield origin, found


def _named(kind: str, day: BusinessDay, date: dt.date, translation: Translation, connection: str) -> list[Change]:
    if day.feeder(kind) not in {"", connection}:
        return []
    seen = translation.seen.get(kind, frozenset())
    named = {key: data for key, data in day.records.get(kind, {}).items() if source_id(kind, key, seen) in seen}
    found = changes({kind: named}, {kind: translation.elsewhere.get(date, {}).get(kind, {})})
    return [change for change in found if kind != "ticket" or not _read_with_its_day(change, date)]


def _read_with_its_day(change: Change, date: dt.date) -> bool:
    """A ticket that is on its day for the source and for us alike is changed by that day's own reading, no other."""
    if change.operation != "changed":
        return False
    ticket = decode("ticket", change.after)
    return isinstance(ticket, Ticket) and ticket.business_date == date
