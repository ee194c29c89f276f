"""Effects: by which figures and journal lines two states of a business day differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.books import Books
from domain.business_day import BusinessDay
from domain.differences import FieldChange, compare
from domain.ledger import DEBIT, JournalEntries, JournalEntry, journal_entries
from domain.money import shown
from domain.summary import DailySalesSummary, plain_summary, summarize

_NO_FIGURES: Final = frozenset({"state", "generation", "configuration", "capture", "feeds", "late_changes"})
"""What a summary says about where it comes from: it differs with that, and is no figure."""

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line of a journal entry before and after.

    Attributes:
        entry: ``sales``, ``labor`` or ``statistical``.
        key: what the line is of, for example ``sales/Food/Dine In``.
        account: where it goes, or empty where it is blocked.
        before: the amount, debits above and credits below zero; of a statistical line its quantity. 0 for no line.
        after: likewise.
    """

    entry: str
    key: str
    account: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """What comes to it."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """By what two states of a day differ.

    Attributes:
        before: the summary of the one.
        after: of the other.
        figures: that differ, of the Daily Sales Summary.
        lines: that differ, of the journal entries.
    """

    before: DailySalesSummary
    after: DailySalesSummary
    figures: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]


def effect(before: BusinessDay, after: BusinessDay, books: Books) -> Effect:
    """By which figures and journal lines a day would differ from what it is."""
    was, is_ = summarize(before), summarize(after)
    figures = [
        figure
        for figure in compare(plain_summary(was), plain_summary(is_))
        if figure.path.partition(".")[0].partition("[")[0] not in _NO_FIGURES
    ]
    return Effect(was, is_, tuple(figures), line_changes(journal_entries(was, books), journal_entries(is_, books)))


def line_changes(before: JournalEntries, after: JournalEntries) -> tuple[LineChange, ...]:
    """The lines in which two states of a day's journal entries differ, in the order of the entries and keys."""
    was, is_ = _lines(before), _lines(after)
    return tuple(
        [
            LineChange(*line, was.get(line, _NOTHING), is_.get(line, _NOTHING))
            for line in [*was, *[line for line in is_ if line not in was]]
            if was.get(line, _NOTHING) != is_.get(line, _NOTHING)
        ]
    )


def _lines(entries: JournalEntries) -> dict[tuple[str, str, str], Decimal]:
    """Amounts by entry, key and account."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for line, amount in (*_amounts("sales", entries.sales), *_amounts("labor", entries.labor)):
        found[line] = found.get(line, _NOTHING) + amount
    for counted in entries.statistical.lines:
        found["statistical", counted.key, counted.account] = counted.quantity
    return found


def _amounts(name: str, entry: JournalEntry) -> Iterator[tuple[tuple[str, str, str], Decimal]]:
    for line in entry.lines:
        amount = Decimal(shown(line.amount_cents))
        yield (name, line.key, line.account), amount if line.side == DEBIT else -amount
