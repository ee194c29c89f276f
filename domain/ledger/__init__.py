"""The ledger: ``journal_entries(summary, books) -> entries``, what a business day comes to in a client's books."""

from domain.books import Books
from domain.ledger.entries import (
    CREDIT,
    DEBIT,
    JournalEntries,
    JournalEntry,
    JournalLine,
    StatisticalEntry,
    StatisticalLine,
    plain_entries,
)
from domain.ledger.labor import count_statistics, post_labor
from domain.ledger.sales import post_sales
from domain.money import shown
from domain.summary import DailySalesSummary
from domain.summary.issues import Issues

__all__ = [
    "CREDIT",
    "DEBIT",
    "JournalEntries",
    "JournalEntry",
    "JournalLine",
    "StatisticalEntry",
    "StatisticalLine",
    "journal_entries",
    "plain_entries",
]


def journal_entries(summary: DailySalesSummary, books: Books) -> JournalEntries:
    """The journal entries of a day's summary. Pure: the same summary and books give the same entries.

    Of the sales and the labor entry the debits are the credits, whatever the day holds. A line whose key has no account
    is blocked, and the others are not.
    """
    issues = Issues()
    sales = post_sales(summary).entry(books.mapping, issues)
    labor = post_labor(summary).entry(books.mapping, issues)
    statistical = count_statistics(summary).entry(books.mapping, issues)
    over_short, limit = summary.over_short_cents, books.over_short_limit_cents
    flagged = over_short is not None and abs(over_short) > limit
    if over_short is not None and flagged:
        issues.add("over_short", f"Over/short is {shown(over_short)}, beyond the {shown(limit)} that are let pass.")
    return JournalEntries(
        books.version, sales, labor, statistical, over_short, limit, flagged, issues.count, issues.listed
    )
