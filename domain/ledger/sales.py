"""The sales entry: what paid for the day is debited, what was sold is credited.

It balances because every ticket does: payments and discounts are sales, tax and other charges, with the adjustments
that say what a ticket leaves. Tips stand on both sides, and so does a marketplace's tax. Everything beside the tickets
is a pair: cash that was taken from or put into the drawer has its other half in ``cash-clearing``, which shares the
account of the cash tender; so once a deposit is there, nothing of the day's cash stays there. Paid ins and outs that
did not touch the drawer have theirs in ``other-clearing``. A late void takes from the sales and is owed to the guest
(``late-void-clearing``), until the sale's own day shows that the money went back (its adjustment ``late_void``).
"""

from collections.abc import Iterable
from typing import Final

from domain.ledger.posting import Posting
from domain.summary import DailySalesSummary
from domain.summary.lines import PaidLine

_PAID: Final = "paid-in-out"
_KINDS: Final = ("comp", "promo")


def post_sales(summary: DailySalesSummary) -> Posting:
    """The sales entry of a day."""
    posting = Posting()
    _debit_payments(summary, posting)
    _credit_sales(summary, posting)
    _paid(summary.paid_outs, -1, posting)
    _paid(summary.paid_ins, 1, posting)
    posting.debit(summary.tips_paid_out_cents, _PAID, "tips-paid-out")
    posting.credit(summary.tips_paid_out_cents, _PAID, "cash-clearing")
    _settle_cash(summary, posting)
    _void_late(summary, posting)
    return posting


def _debit_payments(summary: DailySalesSummary, posting: Posting) -> None:
    for line in summary.payments:
        posting.debit(line.amount_cents + line.tips_cents, "ticket.payments", "tender", line.name)
    posting.debit(summary.facilitator_tax_cents, "ticket.facilitator_tax", "facilitator-payment")
    for off in summary.discounts_by_name:
        head = off.kind if off.kind in _KINDS else "discount"
        posting.debit(off.amount_cents, "ticket.discounts", head, off.name)


def _credit_sales(summary: DailySalesSummary, posting: Posting) -> None:
    for line in summary.by_category_and_service_type:
        posting.credit(line.gross_cents, "ticket.items", "sales", line.category, line.service_type)
    for tax in summary.taxes:
        posting.credit(tax.amount_cents, "ticket.taxes", "tax", tax.name)
    posting.credit(summary.facilitator_tax_cents, "ticket.facilitator_tax", "facilitator-tax")
    posting.credit(summary.tips_cents, "ticket.payments", "tips-payable")
    for charge in summary.surcharges_by_name:
        posting.credit(charge.amount_cents, "ticket.surcharges", "surcharge", charge.name)
    for sale in summary.non_sales_by_name:
        posting.credit(sale.amount_cents, "ticket.non_sales", "non-sales", sale.name)
    for left in summary.adjustments:
        posting.credit(left.amount_cents, "ticket.adjustments", "adjustment", left.name)


def _paid(lines: Iterable[PaidLine], inwards: int, posting: Posting) -> None:
    """Paid ins (1) or paid outs (-1), each against the cash or whatever else it moved."""
    for line in lines:
        other = "cash-clearing" if line.affects_cash else "other-clearing"
        posting.credit(inwards * line.amount_cents, _PAID, "paid-in" if inwards > 0 else "paid-out", line.name)
        posting.debit(inwards * line.amount_cents, _PAID, other)


def _settle_cash(summary: DailySalesSummary, posting: Posting) -> None:
    """Cash that was taken to the bank, and what is short of it or over; while there is no deposit it stays cash."""
    for deposit in summary.deposits:
        posting.debit(deposit.amount_cents, "deposit", "deposit", deposit.name)
        posting.credit(deposit.amount_cents, "deposit", "cash-clearing")
    if summary.over_short_cents is not None:
        posting.credit(summary.over_short_cents, "deposit", "over-short")
        posting.debit(summary.over_short_cents, "deposit", "cash-clearing")


def _void_late(summary: DailySalesSummary, posting: Posting) -> None:
    posting.debit(summary.late_voids_cents, "late-void", "late-void")
    posting.credit(summary.late_voids_cents, "late-void", "late-void-clearing")
