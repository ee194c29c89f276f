"""The books of a simulated company with which daybook's entries can be posted as they are."""

import datetime as dt

from adapters.erp.sage_intacct.simulator.books import BooksSettings
from domain.accounts.defaults import DEFAULT_ACCOUNTS


def opening_books(closed_until: dt.date | None = None) -> BooksSettings:
    """A company that has the accounts that daybook's books begin with, so that nobody need enter them there first.

    Args:
        closed_until: the last date that is closed; None: none is.
    """
    begun = BooksSettings()
    named = {number: f"Account {number}" for number in sorted(set(DEFAULT_ACCOUNTS.values()))}
    counted = {number: name for number, name in named.items() if number.startswith("9")}
    posted = {number: name for number, name in named.items() if number not in counted}
    return BooksSettings(
        accounts={**posted, **begun.accounts},
        statistical_accounts={**counted, **begun.statistical_accounts},
        closed_until=closed_until,
    )
