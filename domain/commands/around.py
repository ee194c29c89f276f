"""Business days around one: each is loaded at most once for a decision, and then only what came since."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from domain.business_day import NEW_DAY, BusinessDay, fold
from domain.commands.loading import load_beside_tickets, load_day, without_tickets
from domain.facts.catalogue import DayFact, Fact
from domain.identifiers import DayId
from domain.ports.journal import Journal


class Around:
    """The days of one location as they are recorded, and as they will be once a decision is recorded.

    They come without their tickets: these are most of a day, and say nothing about labor and deposits.

    Args:
        journal: where their facts are.
        day: one of them.
        known: days as of an earlier version, without their tickets.
    """

    def __init__(self, journal: Journal, day: DayId, known: Mapping[dt.date, BusinessDay] | None = None) -> None:
        self._journal = journal
        self._day = day
        self._known = dict(known or {})
        self._whole: dict[dt.date, BusinessDay] = {}
        self._fresh: set[dt.date] = set()
        self._after: dict[dt.date, BusinessDay] = {}

    def begin(self) -> None:
        """Decide anew: whatever is asked for again is looked up again, unless nothing came since it is known."""
        streams = {self.id_of(date).stream: date for date in self._known}
        versions = self._journal.versions(streams) if streams else {}
        self._fresh = {date for stream, date in streams.items() if versions.get(stream, 0) == self._known[date].version}
        self._after.clear()

    def id_of(self, date: dt.date) -> DayId:
        """The day of a date."""
        return replace(self._day, date=date)

    def at(self, date: dt.date) -> BusinessDay:
        """A day as it is recorded, without its tickets."""
        if date not in self._fresh:
            known = self._known.get(date, NEW_DAY)
            self._known[date] = load_beside_tickets(self._journal, self.id_of(date), known=known)
            self._fresh.add(date)
        return self._known[date]

    def all(self) -> dict[dt.date, BusinessDay]:
        """The days that are known, each as it is recorded."""
        return {date: self.at(date) for date in sorted(self._known)}

    def whole(self, date: dt.date) -> BusinessDay:
        """A day as it is recorded, with its tickets."""
        day = self._whole[date] = load_day(self._journal, self.id_of(date), known=self._whole.get(date, NEW_DAY))
        self.put(date, day)
        return day

    def put(self, date: dt.date, day: BusinessDay) -> None:
        """A day that was loaded already, as it is recorded."""
        beside = {kind: known for kind, known in day.records.items() if kind != "ticket"}
        self._known[date] = replace(day, records=beside)
        self._fresh.add(date)

    def decided(self, date: dt.date, facts: Iterable[Fact]) -> None:
        """These facts are added to a day."""
        made = (without_tickets(fact) for fact in facts if isinstance(fact, DayFact))
        self._after[date] = fold(made, self._after.get(date) or self.at(date))

    def after(self, date: dt.date) -> BusinessDay:
        """A day as it will be."""
        return self._after.get(date) or self.at(date)
