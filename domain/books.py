"""The books of a client: which account each journal line goes to, and how much over/short is let pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from domain.accounts import AccountMapping, checked_account, checked_key
from domain.facts import AccountsMapped
from domain.facts.catalogue import BooksFact
from domain.money import MOST_CENTS
from domain.refusals import Refusal

MOST_ACCOUNTS: Final = 2000
"""Keys that a client may map itself."""

OVER_SHORT_LIMIT_CENTS: Final = 500
"""Over/short beyond this, either way, is flagged, unless the client says otherwise."""


class TooManyAccounts(Refusal):
    """An account mapping has more keys than are taken."""


class BadLimit(Refusal):
    """The amount of over/short that is let pass cannot be one."""


@dataclass(frozen=True, slots=True)
class Books:
    """The books of a client as of some moment.

    Attributes:
        version: how many facts they have: the version of their stream, and of the mapping; 0 before the first.
        mapping: which account each key goes to.
        over_short_limit_cents: over/short beyond it, either way, is flagged.
    """

    version: int = 0
    mapping: AccountMapping = field(default_factory=AccountMapping)
    over_short_limit_cents: int = OVER_SHORT_LIMIT_CENTS


NEW_BOOKS: Final = Books()


def fold(facts: Iterable[BooksFact], books: Books = NEW_BOOKS) -> Books:
    """The books after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    for fact in facts:
        mapping = AccountMapping(fact.accounts, fact.defaults)
        books = replace(
            books,
            version=books.version + 1,
            mapping=mapping,
            over_short_limit_cents=fact.over_short_limit_cents,
        )
    return books


def decide_map(
    books: Books,
    accounts: Mapping[str, str],
    *,
    defaults: bool = True,
    over_short_limit_cents: int = OVER_SHORT_LIMIT_CENTS,
) -> tuple[AccountsMapped, ...]:
    """The fact of a new version of the mapping; none where it says what is recorded.

    Recorded days do not change by it; their journal entries do.

    Args:
        books: as recorded.
        accounts: the client's own, by key or pattern: all of them, not only what changes.
        defaults: where the client has none of its own, the default accounts count.
        over_short_limit_cents: over/short beyond it is flagged.

    Raises:
        BadAccountKey, BadAccount, TooManyAccounts, BadLimit: what was given does not fit.
    """
    if len(accounts) > MOST_ACCOUNTS:
        raise TooManyAccounts(
            f"{len(accounts)} keys are more than the {MOST_ACCOUNTS} that are taken: patterns such as 'sales/Food/*' "
            "take many in."
        )
    for key, account in accounts.items():
        checked_key(key)
        checked_account(account)
    if not 0 <= over_short_limit_cents < MOST_CENTS:
        raise BadLimit("The over/short that is let pass is an amount of 0.00 or more.")
    wanted = AccountMapping(dict(sorted(accounts.items())), defaults)
    if (books.mapping, books.over_short_limit_cents) == (wanted, over_short_limit_cents):
        return ()
    return (AccountsMapped(books.version + 1, dict(wanted.own), defaults, over_short_limit_cents),)
