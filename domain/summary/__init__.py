"""The Daily Sales Summary: ``summarize(day) -> DSS``, the third of the three functions that carry daybook."""

from domain.business_day import BusinessDay
from domain.records import decode
from domain.summary.lines import DailySalesSummary, Issue, plain_summary, summary_bytes
from domain.summary.tally import Tally

__all__ = ["DailySalesSummary", "Issue", "plain_summary", "summarize", "summary_bytes"]


def summarize(day: BusinessDay) -> DailySalesSummary:
    """The Daily Sales Summary of a day as of the day's moment. Pure: equal records give equal summaries."""
    tally = Tally(day.zone or "UTC")
    for kind in ("ticket", "late-void", "punch", "deposit", "paid-in-out"):
        # In the order of keys, so that the order in which records arrived shows nowhere.
        for _, data in sorted(day.records.get(kind, {}).items()):
            tally.add(decode(kind, data))
    for note in day.notes:
        tally.issue("source_note", f"Reading the source found: {note}.")
    return tally.summary(day)
