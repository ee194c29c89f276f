"""What reading another business day adds to this one."""

import datetime as dt

from domain.business_day.day import APPROVED, BusinessDay
from domain.business_day.generations import numbered, observed
from domain.business_day.reading import source_id
from domain.differences import changes, operations, parts
from domain.facts import Attempt, Change, DayCompensated
from domain.facts.catalogue import DayFact
from domain.polling.translation import Translation
from domain.records import Ticket, decode


def decide_compensation(
    day: BusinessDay, date: dt.date, translation: Translation, *, read_date: dt.date, attempt: Attempt, capture: str
) -> tuple[DayFact, ...]:
    """The facts that reading another business day adds to this one; none where nothing of it concerns this one.

    Only what the reading names counts: a record that it puts here is added or changed, one that it puts elsewhere is
    removed from here; of the rest of the day it says nothing. A day that was never read whole gets it all with its own
    poll, and so does one that was deleted.

    Args:
        day: as recorded.
        date: its date.
        translation: of the other day.
        read_date: the other day's date.
        attempt: how that was read.
        capture: the digest of its capture.
    """
    if not day.generation or day.deleted:
        return ()
    told = translation.elsewhere.get(date, {})
    facts: list[DayFact] = []
    generation = day.generation
    for kind, origin in (("ticket", "dated"), ("punch", "split-shift"), ("deposit", "deposit")):
        if day.feeder(kind) not in {"", attempt.connection}:
            continue
        recorded = day.records.get(kind, {})
        seen = translation.seen.get(kind, frozenset())
        named = {key: data for key, data in recorded.items() if source_id(kind, key, seen) in seen}
        found = changes({kind: named}, {kind: told.get(kind, {})})
        if kind == "ticket":
            found = [change for change in found if not _read_with_its_day(change, date)]
        if not found:
            continue
        if day.settled == APPROVED:
            facts += observed(day, found, origin, read_date, attempt.connection, capture)
            continue
        generation += 1
        lots = parts(found)
        facts.append(
            DayCompensated(
                generation,
                origin,
                read_date,
                attempt.connection,
                attempt.configuration,
                capture,
                **operations(found),
                parts=len(lots),
            )
        )
        facts += numbered(generation, lots)
    return tuple(facts)


def _read_with_its_day(change: Change, date: dt.date) -> bool:
    """A ticket that is on its day for the source and for us alike is changed by that day's own reading, no other."""
    if change.operation != "changed":
        return False
    ticket = decode("ticket", change.after)
    return isinstance(ticket, Ticket) and ticket.business_date == date
