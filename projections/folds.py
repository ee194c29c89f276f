"""Folded business days, the newest ones kept at hand so that a day that goes on changing is not read again."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from domain.business_day import BusinessDay, fold
from domain.facts import Entry
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.ports.journal import Journal

MOST_RECORDS: Final = 30_000
"""Records (about 1 KB each) of all days together that are kept at hand."""


class Folds:
    """Business days as of the last batch; bounded, and never trusted beyond the version of their stream."""

    def __init__(self, journal: Journal, most_records: int = MOST_RECORDS) -> None:
        self._journal = journal
        self._most_records = most_records
        self._records = 0
        self._days: OrderedDict[str, BusinessDay] = OrderedDict()

    def knows(self, day: DayId, version: int) -> bool:
        """The day is at hand as of this version of its stream."""
        known = self._days.get(day.stream)
        return known is not None and known.version == version

    def after(self, day: DayId, entries: Sequence[Entry]) -> BusinessDay:
        """The day after these entries, which follow each other in its stream; nothing past them is looked at."""
        stream = day.stream
        known = self._forget(stream)
        before = entries[0].version - 1
        if before == 0:
            folded = fold(_facts(entries))
        elif known is not None and known.version == before:
            folded = fold(_facts(entries), known)
        else:
            folded = fold(_facts(self._journal.stream(stream, until=entries[-1].position)))
        self._keep(stream, folded)
        return folded

    def _keep(self, stream: str, day: BusinessDay) -> None:
        size = _size(day)
        if size > self._most_records:
            return
        self._days[stream] = day
        self._records += size
        while self._records > self._most_records:
            _, oldest = self._days.popitem(last=False)
            self._records -= _size(oldest)

    def _forget(self, stream: str) -> BusinessDay | None:
        known = self._days.pop(stream, None)
        if known is not None:
            self._records -= _size(known)
        return known


def _facts(entries: Iterable[Entry]) -> list[DayFact]:
    return [entry.fact for entry in entries if isinstance(entry.fact, DayFact)]


def _size(day: BusinessDay) -> int:
    return 1 + sum(len(known) for known in day.records.values())
