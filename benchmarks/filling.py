"""Filling a journal with many days: a few are polled, the others are the same facts under other dates."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, cycle
from typing import Final

import msgspec

from benchmarks import house
from benchmarks.measuring import Taken, sound
from benchmarks.pos import Pos
from benchmarks.store import Store
from domain.business_date import window
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import PollDay, poll_day
from domain.facts import Change, DayPolled, Entry, RecordsChanged, RosterChanged
from domain.facts.catalogue import DayFact, Fact
from domain.permissions import EVERYTHING
from domain.ports.journal import Journal, Recording
from domain.records import Employee, canonical, decode
from projections.catching_up import catch_up

ROSTER_EVERY: Final = 7
"""Days between two changes of the roster: the connection's stream grows with the years as well."""


def fill(store: Store, pos: Pos, polled: int, copies: list[dt.date], caught_up: bool) -> Taken:
    """Poll the first days of the POS, and record them again and again under the dates of ``copies``.

    The views stay where they are unless they are to be caught up.
    """
    dates = pos.dates[:polled]
    with house.opened(store) as opened:
        for date in dates:
            outcome = poll_day(
                PollDay(house.day_id(date), house.CONNECTION, Intent("bench", "measured", rights=EVERYTHING)),
                opened.house,
            )
            sound(outcome.outcome == "polled", f"The day {date} could not be polled: {outcome.failure}.")
        days = [(date, _facts(opened.journal.stream(house.day_id(date).stream))) for date in dates]
        turns = _roster_turns(opened.journal, -(-len(copies) // ROSTER_EVERY))
        for number, (copy, (date, facts)) in enumerate(zip(copies, cycle(days), strict=False)):
            _record(opened.journal, house.day_id(copy).stream, 0, moved(facts, date, copy, pos.zone))
            if number % ROSTER_EVERY == 0:
                _record(opened.journal, house.CONNECTION.stream, *next(turns))
        for turn in turns:
            _record(opened.journal, house.CONNECTION.stream, *turn)
        if caught_up:
            catch_up(opened.engine, opened.journal)
        records, facts_read = counted(opened.journal)
    return Taken(0.0, {"records": records, "facts": facts_read})


def moved(facts: Sequence[DayFact], date: dt.date, to: dt.date, zone: str) -> tuple[DayFact, ...]:
    """The facts of a day as those of another date."""
    day = dt.timedelta(days=1)
    # What happens after midnight UTC carries the next date, which must not be taken for the first one's new date.
    swaps = [(f"{date + day}", "\0"), (f"{date}", f"{to}"), ("\0", f"{to + day}")]

    def rewritten(data: msgspec.Raw) -> msgspec.Raw:
        changed = bytes(data)
        for old, new in swaps:
            changed = changed.replace(old.encode(), new.encode())
        return msgspec.Raw(changed)

    def rewrite(fact: DayFact) -> DayFact:
        if isinstance(fact, RecordsChanged):
            changes = [
                Change(change.kind, change.key, change.before, rewritten(change.after)) for change in fact.changes
            ]
            return RecordsChanged(fact.generation, fact.part, tuple(changes))
        if isinstance(fact, DayPolled):
            span = window(to, zone)
            return msgspec.structs.replace(fact, starts_at=span.starts_at, ends_at=span.ends_at)
        return fact

    return tuple(rewrite(fact) for fact in facts)


def counted(journal: Journal) -> tuple[int, int]:
    """How many changes of records the log holds, and how many facts."""
    records = facts = position = 0
    while entries := journal.log(after=position, limit=1_000):
        position = entries[-1].position
        facts += len(entries)
        for entry in entries:
            if isinstance(entry.fact, RecordsChanged | RosterChanged):
                records += len(entry.fact.changes)
    return records, facts


def _facts(entries: Iterator[Entry]) -> list[DayFact]:
    return [entry.fact for entry in entries if isinstance(entry.fact, DayFact)]


def _record(journal: Journal, stream: str, version: int, facts: tuple[Fact, ...]) -> None:
    journal.append([Recording(stream, version, facts)], Intent("bench", "filled").provenance)


def _roster_turns(journal: Journal, count: int) -> Iterator[tuple[int, tuple[Fact, ...]]]:
    """Changes of one employee after the other, each taken back by the next, with the versions that they follow.

    An even number, so that the next poll finds the roster as it was.
    """
    connection = load_connection(journal, house.CONNECTION)
    employees = connection.rosters[house.LOCATION]["employee"]
    turns = [(_renumbered(key, data), _renumbered(key, data, back=True)) for key, data in sorted(employees.items())]
    changes = chain.from_iterable(cycle(turns))
    for version in range(connection.version, connection.version + count + count % 2):
        yield version, (RosterChanged(house.LOCATION, (next(changes),)),)


def _renumbered(key: str, data: bytes, *, back: bool = False) -> Change:
    employee = decode("employee", data)
    assert isinstance(employee, Employee)
    _, _, other = canonical(msgspec.structs.replace(employee, pos_id=f"{employee.pos_id}0"))
    before, after = (other, data) if back else (data, other)
    return Change("employee", key, msgspec.Raw(before), msgspec.Raw(after))
