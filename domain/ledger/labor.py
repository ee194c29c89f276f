"""The labor entry, wages against accrued payroll, and the statistical one: guests, tickets and hours."""

from domain.ledger.posting import Counting, Posting
from domain.summary import DailySalesSummary


def post_labor(summary: DailySalesSummary) -> Posting:
    """The labor entry of a day: our pay, which rounds each punch, and the premium of its overtime, once."""
    posting = Posting()
    for line in summary.labor:
        posting.debit(line.pay_cents, "punch", "wages", line.name)
        posting.credit(line.pay_cents, "punch", "accrued-payroll")
    return posting


def count_statistics(summary: DailySalesSummary) -> Counting:
    """The statistical entry of a day."""
    counting = Counting()
    counting.count(summary.guests, "ticket.guests", "guests")
    counting.count(summary.tickets, "ticket", "tickets")
    for line in summary.labor:
        counting.count(line.hours, "punch", "hours", line.name)
    return counting
