"""What every way in does with a client's books: show the accounts, read amounts that somebody typed."""

from typing import Any

from domain.accounts import DEFAULT_ACCOUNTS
from domain.books import BadLimit, Books
from domain.money import NotAnAmount, cents, shown


def plain_books(books: Books) -> dict[str, Any]:
    """The accounts as plain JSON: the client's own, and the defaults that count where it has none."""
    return {
        "version": books.version,
        "accounts": dict(books.mapping.own),
        "defaults": books.mapping.defaults,
        "default_accounts": dict(DEFAULT_ACCOUNTS) if books.mapping.defaults else {},
        "over_short_limit": shown(books.over_short_limit_cents),
    }


def limit_of(text: str) -> int:
    """The cents of an amount of over/short that is let pass.

    Raises:
        BadLimit: it is no amount.
    """
    try:
        return cents(text)
    except NotAnAmount:
        raise BadLimit(f"{text[:40]!r} is no amount: write what is let pass like 5.00.") from None
