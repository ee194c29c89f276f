"""Map accounts: say which account of a client's books each line of the journal entries goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.books import OVER_SHORT_LIMIT_CENTS, Books, decide_map
from domain.books import fold as fold_books
from domain.commands.intent import Intent
from domain.commands.loading import load_books
from domain.commands.recording import NotTheVersion
from domain.identifiers import BooksId
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved

MOST_DECISIONS: Final = 20
"""How often a lost race is decided again before giving up."""


@dataclass(frozen=True, slots=True)
class MapAccounts:
    """Map accounts.

    Attributes:
        books: whose.
        accounts: the client's own, by key or pattern: all of them, not only what changes.
        intent: who and why.
        defaults: where the client has none of its own, the default accounts count.
        over_short_limit_cents: over/short beyond it is flagged.
        expected_version: the version of the books that the caller saw, or None for whatever is there.
    """

    books: BooksId
    accounts: Mapping[str, str]
    intent: Intent
    defaults: bool = True
    over_short_limit_cents: int = OVER_SHORT_LIMIT_CENTS
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """What came of it.

    Attributes:
        books: as they are now.
        receipt: where it is recorded; None where the books said so already.
    """

    books: Books
    receipt: Receipt | None = field(default=None)


def map_accounts(command: MapAccounts, house: House) -> Mapped:
    """Record a new version of the mapping, unless it says what is recorded.

    Recorded days do not change by it; their journal entries, which are derived whenever somebody looks, do.

    Raises:
        NotTheVersion: the books are not at ``expected_version``.
        BadAccountKey, BadAccount, TooManyAccounts, BadLimit: what was given does not fit.
        StreamMoved: the race was lost too often.
    """
    lost = 0
    while True:
        books = load_books(house.journal, command.books)
        if command.expected_version is not None and command.expected_version != books.version:
            raise NotTheVersion(
                f"The books are at version {books.version}, not {command.expected_version}: look at the accounts "
                "again, then decide."
            )
        facts = decide_map(
            books,
            command.accounts,
            defaults=command.defaults,
            over_short_limit_cents=command.over_short_limit_cents,
        )
        if not facts:
            return Mapped(books)
        try:
            recording = Recording(command.books.stream, books.version, facts)
            receipt = house.journal.append([recording], command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return Mapped(fold_books(facts, books), receipt)
