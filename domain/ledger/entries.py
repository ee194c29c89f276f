"""The shapes of journal entries."""

from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.records import plain_fields
from domain.summary.lines import Issue

DEBIT: Final = "debit"
CREDIT: Final = "credit"


class JournalLine(msgspec.Struct, frozen=True):
    """One line of a journal entry that balances.

    Attributes:
        side: ``debit`` or ``credit``.
        key: what it is of, for example ``sales/Food/Dine In``; see :mod:`domain.accounts.keys`.
        account: where it goes, or empty where it is blocked.
        amount_cents: above zero.
        blocked: why it goes nowhere yet, or empty.
        source: the records that it is summed up from, for example ``ticket.items``; refunds of the same tickets count
            with them.
        where: the fields that those records have in common, for example ``{"category": "Food", …}``: with the source
            they lead from the line to its tickets.
    """

    side: str
    key: str
    account: str
    amount_cents: int
    blocked: str
    source: str
    where: dict[str, str]


class StatisticalLine(msgspec.Struct, frozen=True):
    """One line of the statistical entry: a quantity, not an amount.

    Attributes:
        key: what it is of: ``guests``, ``tickets`` or ``hours/Server``.
        account: as of :class:`JournalLine`; likewise ``blocked``, ``source`` and ``where``.
        quantity: how many.
    """

    key: str
    account: str
    quantity: Decimal
    blocked: str
    source: str
    where: dict[str, str]


class JournalEntry(msgspec.Struct, frozen=True):
    """A journal entry: its debits are its credits.

    Attributes:
        lines: in a fixed order; what is zero has none.
        debits_cents: of all lines, blocked ones too.
        credits_cents: the same amount, always.
        blocked: lines that go nowhere yet.
    """

    lines: tuple[JournalLine, ...]
    debits_cents: int
    credits_cents: int
    blocked: int


class StatisticalEntry(msgspec.Struct, frozen=True):
    """The statistical entry, which need not balance."""

    lines: tuple[StatisticalLine, ...]
    blocked: int


class JournalEntries(msgspec.Struct, frozen=True):
    """The journal entries of a business day.

    Attributes:
        books: the version of the client's books that they were derived with.
        sales: debits of tenders, discounts and paid outs; credits of sales, tax, tips and other revenue.
        labor: debits of wages, a credit of accrued payroll.
        statistical: guests, tickets and hours.
        over_short_cents: of the day; None while it is unknown.
        over_short_limit_cents: what is let pass.
        over_short_flagged: it is beyond that, either way.
        issue_count: all issues, also those past the bound of the list.
        issues: what a person should look at before the entries are posted.
    """

    books: int
    sales: JournalEntry
    labor: JournalEntry
    statistical: StatisticalEntry
    over_short_cents: int | None
    over_short_limit_cents: int
    over_short_flagged: bool
    issue_count: int
    issues: tuple[Issue, ...]


_ENCODE: Final = msgspec.json.Encoder(decimal_format="string").encode


def plain_entries(entries: JournalEntries) -> dict[str, Any]:
    """The entries as plain JSON with decimal strings."""
    plain: dict[str, Any] = plain_fields(_ENCODE(entries))
    return plain
