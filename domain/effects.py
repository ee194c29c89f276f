"""Effects: what a change of a day means for every figure of its summary and every line of its journal entries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.books import Books
from domain.business_day import BusinessDay
from domain.differences import changes
from domain.facts import Change
from domain.figures import SINGLES, Number, Unit, figures, unit_of
from domain.ledger import DEBIT, JournalEntries, JournalLine, StatisticalLine, journal_entries
from domain.summary import DailySalesSummary, summarize

BALANCED: Final = ("sales", "labor")
STATISTICAL: Final = "statistical"
ENTRIES: Final = (*BALANCED, STATISTICAL)
"""The journal entries of a day."""

Line = JournalLine | StatisticalLine


@dataclass(frozen=True, slots=True)
class FigureEffect:
    """A figure before and after.

    Attributes:
        name: as it is asked for; see :mod:`domain.figures`.
        unit: what it is counted in.
        before: None where it was unknown, or there was no such row.
        after: likewise.
        difference: after − before, a missing row counting nothing; None where one of them is unknown.
    """

    name: str
    unit: Unit
    before: Number | None
    after: Number | None
    difference: Number | None


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line of a journal entry before and after.

    Attributes:
        entry: ``sales``, ``labor`` or ``statistical``.
        key: of the line.
        before: the line, or None where there was none.
        after: likewise.
        difference: after − before in cents, debits positive and credits negative; of a statistical line the quantity.
            Over the lines of an entry that balances the differences add up to nothing.
    """

    entry: str
    key: str
    before: Line | None
    after: Line | None
    difference: Number


@dataclass(frozen=True, slots=True)
class Effect:
    """What differs: only that.

    Attributes:
        figures: of the summary, in its order.
        lines: of the journal entries, in theirs.
    """

    figures: tuple[FigureEffect, ...]
    lines: tuple[LineEffect, ...]


def effect(before: BusinessDay, after: BusinessDay, books: Books, *, books_before: Books | None = None) -> Effect:
    """What the step from one day to the other means for its figures and journal lines. Pure.

    Args:
        before: the day before.
        after: the day after.
        books: the client's books.
        books_before: as they were before, where they are not the same.
    """
    left, right = summarize(before), summarize(after)
    return Effect(
        figure_effects(left, right),
        tuple(_lines(journal_entries(left, books_before or books), journal_entries(right, books))),
    )


def shown_changes(before: BusinessDay, after: BusinessDay) -> list[Change]:
    """The records that people see otherwise on the one day than on the other, by kind and key."""
    kinds = {*before.shown, *after.shown}
    return changes(before.shown, {kind: after.shown.get(kind, {}) for kind in kinds})


def figure_effects(before: DailySalesSummary, after: DailySalesSummary) -> tuple[FigureEffect, ...]:
    """The figures by which two summaries differ, in the order of the document."""
    return tuple(_figures(before, after))


def amounts_moved(found: Iterable[FigureEffect]) -> dict[str, int]:
    """By how many cents the amounts that stand for themselves move; what is unknown counts as nothing."""
    moved = {
        one.name: int((one.after or 0) - (one.before or 0))
        for one in found
        if one.name in SINGLES and one.unit == "amount"
    }
    return {name: cents for name, cents in moved.items() if cents}


def _figures(before: DailySalesSummary, after: DailySalesSummary) -> Iterator[FigureEffect]:
    left, right = figures(before), figures(after)
    for where in [*left, *[where for where in right if where not in left]]:
        old, new = left.get(where), right.get(where)
        if old == new and (where in left) == (where in right):
            continue
        unknown = (old is None and where in left) or (new is None and where in right)
        difference = None if unknown else (new or 0) - (old or 0)
        yield FigureEffect(where.name, unit_of(where), old, new, difference)


def _lines(before: JournalEntries, after: JournalEntries) -> Iterator[LineEffect]:
    for entry in ENTRIES:
        left = {line.key: line for line in getattr(before, entry).lines}
        right = {line.key: line for line in getattr(after, entry).lines}
        for key in [*left, *[key for key in right if key not in left]]:
            old, new = left.get(key), right.get(key)
            if old != new:
                yield LineEffect(entry, key, old, new, signed(new) - signed(old))


def signed(line: Line | None) -> Number:
    """The cents of a line, debits positive and credits negative; of a statistical one its quantity."""
    if line is None:
        return 0
    if isinstance(line, StatisticalLine):
        return line.quantity
    return line.amount_cents if line.side == DEBIT else -line.amount_cents
