"""Journal entries as documents: of a day, and the difference between two of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from domain.facts.objects import ObjectType
from domain.ledger import DEBIT, JournalEntries, JournalEntry, StatisticalEntry
from domain.outward.documents import Document, EntryDocument, EntryLine

ENTRIES: Final[Mapping[str, ObjectType]] = {
    "sales": "sales-entry",
    "labor": "labor-entry",
    "statistical": "statistical-entry",
}
"""The kinds of entries of a day, and the types of objects that they are."""


def entry_key(location: str, date: dt.date, kind: str) -> str:
    """The key of an entry: ``je:{location}:{date}:{kind}``."""
    return f"je:{location}:{date.isoformat()}:{kind}"


def entry_documents(location: str, date: dt.date, entries: JournalEntries) -> dict[str, EntryDocument]:
    """The entries of a day as documents, by kind; one without lines is among them. Pure."""
    lines = {
        "sales": _amounts(entries.sales),
        "labor": _amounts(entries.labor),
        "statistical": _quantities(entries.statistical),
    }
    return {
        kind: EntryDocument(kind, location, date.isoformat(), _title(location, date, kind), lines[kind])
        for kind in lines
    }


def blocked_keys(document: EntryDocument) -> tuple[str, ...]:
    """The keys of the lines that have no account, each once: with one the entry cannot go out."""
    return tuple(dict.fromkeys([line.key for line in document.lines if not line.account]))


def same_amounts(one: Document, other: Document) -> bool:
    """Two entries that hold the same amounts of the same keys, whichever accounts they go to."""
    if not isinstance(one, EntryDocument) or not isinstance(other, EntryDocument):
        return False
    return _amounts_of(one) == _amounts_of(other)


def _amounts_of(document: EntryDocument) -> list[tuple[str, int, Decimal]]:
    return sorted((line.key, line.cents, line.quantity) for line in document.lines)


def delta_document(wanted: EntryDocument, standing: EntryDocument) -> EntryDocument:
    """What has to be added to an entry that stands, so that both come to what is wanted; without lines for nothing.

    Balances where both do.
    """
    cents: dict[tuple[str, str], int] = defaultdict(int)
    quantities: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for sign, document in ((1, wanted), (-1, standing)):
        for line in document.lines:
            cents[line.key, line.account] += sign * line.cents
            quantities[line.key, line.account] += sign * line.quantity
    lines = [
        EntryLine(account, key, cents[key, account], quantities[key, account])
        for key, account in cents
        if cents[key, account] or quantities[key, account]
    ]
    return msgspec.structs.replace(wanted, lines=_ordered(lines))


def _amounts(entry: JournalEntry) -> tuple[EntryLine, ...]:
    return _ordered(
        [
            EntryLine(line.account, line.key, line.amount_cents if line.side == DEBIT else -line.amount_cents)
            for line in entry.lines
        ]
    )


def _quantities(entry: StatisticalEntry) -> tuple[EntryLine, ...]:
    return _ordered([EntryLine(line.account, line.key, quantity=line.quantity) for line in entry.lines])


def _ordered(lines: list[EntryLine]) -> tuple[EntryLine, ...]:
    """Debits first, then by key: the same lines are the same document, in whatever order they were found."""
    return tuple(sorted(lines, key=lambda line: (line.cents < 0, line.key, line.account)))


def _title(location: str, date: dt.date, kind: str) -> str:
    # By our id, for a name may change, and a title is no reason to post anew.
    return f"{location[:40]} {date.isoformat()} {kind}"
