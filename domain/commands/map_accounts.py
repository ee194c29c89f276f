"""Map accounts: say which account of a client's books each line of the journal entries goes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.books import OVER_SHORT_LIMIT_CENTS, Books, decide_map
from domain.books import fold as fold_books
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_books
from domain.commands.recording import NotTheVersion
from domain.facts import AccountsMapped
from domain.identifiers import BooksId
from domain.permissions import Permission
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
        again: it was recorded before; now it was only answered.
    """

    books: Books
    receipt: Receipt | None = field(default=None)
    again: bool = False


def map_accounts(command: MapAccounts, house: House) -> Mapped:
    """Record a new version of the mapping, unless it says what is recorded. A command that was recorded is answered.

    Recorded days do not change by it; their journal entries, which are derived whenever somebody looks, do.

    Raises:
        NotPermitted: the role may not map accounts.
        CommandReused: the command's id was used for another one.
        NotTheVersion: the books are not at ``expected_version``.
        BadAccountKey, BadAccount, TooManyAccounts, BadLimit: what was given does not fit.
        StreamMoved: the race was lost too often.
    """
    house.permit(command.intent.asks(Permission.MAP_ACCOUNTS, command.books.client))
    lost = 0
    while True:
        books = load_books(house.journal, command.books)
        done = house.journal.receipt(command.books.client, command.intent.command)
        if done:
            return _recorded(command, house, done, again=True)
        if command.expected_version is not None and command.expected_version != books.version:
            raise NotTheVersion(
                f"The books are at version {books.version}, not {command.expected_version}: look at the accounts "
                "again, then decide."
            )
        facts = _decided(command, books)
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
            # Of two with one id at once, somebody else's may be recorded: that is the one answer.
            return _recorded(command, house, receipt, again=False)


def _decided(command: MapAccounts, books: Books) -> tuple[AccountsMapped, ...]:
    return decide_map(
        books, command.accounts, defaults=command.defaults, over_short_limit_cents=command.over_short_limit_cents
    )


def _recorded(command: MapAccounts, house: House, receipt: Receipt, *, again: bool) -> Mapped:
    """What the command recorded, if it was this one."""
    entries = list(house.journal.stream(command.books.stream, until=receipt.position))
    ours = [entry for entry in entries if entry.provenance.command == command.intent.command]
    before = fold_books(entry.fact for entry in entries if isinstance(entry.fact, AccountsMapped) and entry not in ours)
    facts = tuple([entry.fact for entry in ours if isinstance(entry.fact, AccountsMapped)])
    same = bool(ours) and ours[0].provenance.reason == command.intent.reason
    if not same or _decided(command, before) != facts:
        raise CommandReused(f"The id {command.intent.command!r} was used for another command: use a new one.")
    return Mapped(fold_books(facts, before), receipt, again)
