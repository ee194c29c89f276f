"""The Daily Sales Summary: ``summarize(day) -> DSS``, the third of the three functions that carry daybook."""

from collections.abc import Callable

from domain.business_day import BusinessDay
from domain.records import decode
from domain.summary.lines import DailySalesSummary, Issue, plain_summary, summary_bytes
from domain.summary.sold import SoldTicket, decode_sold
from domain.summary.tally import Tally, TicketSums

__all__ = [
    "DailySalesSummary",
    "Issue",
    "SoldTicket",
    "TicketSums",
    "decode_sold",
    "plain_summary",
    "summarize",
    "summary_bytes",
]

OnTicket = Callable[[str, SoldTicket, TicketSums], None]


def summarize(day: BusinessDay, on_ticket: OnTicket | None = None) -> DailySalesSummary:
    """The Daily Sales Summary of a day as of the day's moment. Pure: equal records give equal summaries.

    Args:
        day: which.
        on_ticket: told every ticket's key, content and sums on the way, for who needs those as well.
    """
    tally = Tally(day.zone or "UTC")
    # In the order of keys, so that the order in which records arrived shows nowhere.
    for key, data in sorted(day.records.get("ticket", {}).items()):
        ticket = decode_sold(data)
        sums = tally.ticket(key, ticket)
        if on_ticket:
            on_ticket(key, ticket, sums)
    for kind in ("late-void", "punch", "deposit", "paid-in-out"):
        for _, data in sorted(day.records.get(kind, {}).items()):
            tally.add(decode(kind, data))
    for note in day.notes:
        tally.issue("source_note", f"Reading the source found: {note}.")
    return tally.summary(day)
