"""The Daily Sales Summary: ``summarize(day) -> DSS``, the third of the three functions that carry daybook."""

from collections.abc import Callable
from typing import Final

from domain.business_day import BusinessDay
from domain.records import decode
from domain.summary.document import DailySalesSummary, plain_summary, summary_bytes, summary_of_bytes
from domain.summary.lines import Issue
from domain.summary.sales import TicketSums
from domain.summary.sold import SoldTicket, decode_sold
from domain.summary.tally import Tally

__all__ = [
    "DailySalesSummary",
    "Issue",
    "SoldTicket",
    "TicketSums",
    "decode_sold",
    "plain_summary",
    "summarize",
    "summary_bytes",
    "summary_of_bytes",
    "tallied",
]

OnTicket = Callable[[str, SoldTicket, TicketSums], None]

_BESIDE_TICKETS: Final = ("late-void", "punch", "overtime", "deposit", "paid-in-out", "till", "remainder")


def summarize(day: BusinessDay, on_ticket: OnTicket | None = None) -> DailySalesSummary:
    """The Daily Sales Summary of a day as of the day's moment. Pure: equal records give equal summaries.

    Args:
        day: which.
        on_ticket: told every ticket's key, content and sums on the way, for who needs those as well.
    """
    return tallied(day, on_ticket).summary(day)


def tallied(day: BusinessDay, on_ticket: OnTicket | None = None) -> Tally:
    """The records of a day, counted up; see :func:`summarize`."""
    tally = Tally(day.zone or "UTC")
    count = tally.sales.ticket
    shown = day.shown
    # In the order of keys, so that the order in which records arrived shows nowhere.
    for key, data in sorted(shown.get("ticket", {}).items()):
        ticket = decode_sold(data)
        sums = count(key, ticket)
        if on_ticket:
            on_ticket(key, ticket, sums)
    for kind in _BESIDE_TICKETS:
        for _, data in sorted(shown.get(kind, {}).items()):
            tally.add(decode(kind, data))
    return tally
