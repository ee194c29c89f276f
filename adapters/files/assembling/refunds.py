"""Rows of Refunds: beside the ticket's lines and payments, or said by these as well, in whole or by half."""

from collections.abc import Iterable
from functools import partial

import msgspec

from adapters.files.assembling.choices import Choice, Way
from adapters.files.assembling.draft import Draft, Refunded
from adapters.files.assembling.lines import Instant
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import RefundRow
from adapters.files.assembling.words import Names, maybe_cents, milli, named_by, price_of_one
from domain.money import cents
from domain.polling.steps import UNNAMED_TAX
from domain.records import Item, Payment, Refund, Tax


def refunded_in(
    draft: Draft, rows: Iterable[RefundRow], reference: Reference, instant: Instant, service_type: str, center: str
) -> list[Refunded]:
    """The refunds of a check's rows; sources write the amount with one sign or the other.

    Args:
        draft: has its lines and payments already.
        rows: of the check, sorted.
        reference: what numbers stand for.
        instant: of a local time.
        service_type: of the check; a refund has its own where it happened in another.
        center: likewise.
    """
    names = Names()
    found = []
    for row in rows:
        amount, tax = _amounts(row, draft)
        item, category = reference.item(row.number) if row.number else (row.name, "")
        tender, tender_type = reference.tender(row.tender) if row.tender else ("", "")
        refund = Refund(
            names.give(named_by(row.name or row.number, row.at, row.amount)),
            row.name,
            amount,
            tax,
            reference.tax(row.tax_number)[0] if row.tax_number else "",
            tender,
            row.number,
            milli(row.quantity),
            "" if row.mode == service_type else row.mode,
            "" if row.center == center else row.center,
            instant(row.at),
            row.by,
            row.manager,
            row.drawer,
            row.notes,
            category,
        )
        line, pieces = f"refund:{refund.id}", -abs(refund.quantity_milli)
        price = price_of_one(tax - amount, pieces)
        found.append(
            Refunded(
                refund,
                Item(line, item, category, tax - amount, price, pieces, number=row.number),
                Payment(
                    line,
                    tender or _only_tender(draft),
                    -amount,
                    number=row.tender,
                    tender_type=tender_type,
                    at=refund.at,
                    by=row.by,
                    drawer=row.drawer,
                ),
            )
        )
    return found


def _only_tender(draft: Draft) -> str:
    """How a refund was paid back that does not say so: as the check was paid, if that is clear."""
    tenders = {payment.tender for payment in draft.payments}
    return tenders.pop() if len(tenders) == 1 else "Refund"


def _amounts(row: RefundRow, draft: Draft) -> tuple[int, int]:
    """All that was given back, and the tax in it.

    The column is the *total amount*, so the tax is in it, unless the ticket proves otherwise: a payment gave back both
    together, or the item's line has exactly this amount.
    """
    amount, tax = abs(cents(row.amount)), abs(maybe_cents(row.tax))
    if tax:
        paid_back = {-payment.amount_cents for payment in draft.payments if payment.amount_cents < 0}
        sold = {abs(item.amount_cents) for item in draft.items if row.number and item.number == row.number}
        without = amount in sold and amount - tax not in sold
        if amount + tax in paid_back or (without and amount not in paid_back):
            return amount + tax, tax
    return amount, tax


def refund_ways(draft: Draft) -> Choice | None:
    """How a check's refunds and its own lines belong together; None where there is nothing to decide.

    Negative lines and payments of the refunds' amounts hold these already. Where only one half is there, the other is
    added if the identity says that it is missing, with the tax or without it, for that may be netted already.
    """
    if not draft.refunded:
        return None
    total = -sum(refunded.payment.amount_cents for refunded in draft.refunded)
    net = -sum(refunded.line.amount_cents for refunded in draft.refunded)
    in_lines = _holds(
        [item.amount_cents for item in draft.items], [refunded.line.amount_cents for refunded in draft.refunded]
    )
    in_payments = _holds(
        [payment.amount_cents for payment in draft.payments],
        [refunded.payment.amount_cents for refunded in draft.refunded],
    )
    if not (in_lines or in_payments):
        return None
    ways = [Way(0, partial(_held))]
    if not in_lines:
        ways += [Way(-total, partial(_held, lines=True, taxes=True)), Way(-net, partial(_held, lines=True))]
    if not in_payments:
        ways += [Way(total, partial(_held, payments=True)), Way(net, partial(_held, payments=True, taxes=True))]
    return ways


def _holds(stated: list[int], given_back: list[int]) -> bool:
    """The negative amounts that are stated are what was given back, one by one or in sum."""
    negative = [amount for amount in stated if amount < 0]
    left = list(negative)
    for amount in given_back:
        if amount not in left:
            return bool(negative) and sum(negative) == sum(given_back)
        left.remove(amount)
    return True


def _held(draft: Draft, *, lines: bool = False, payments: bool = False, taxes: bool = False) -> None:
    """The ticket's own lines hold the refunds, with these halves added."""
    for refunded in draft.refunded:
        refunded.refund = msgspec.structs.replace(refunded.refund, in_details=True)
        if lines:
            draft.items.append(refunded.line)
        if payments:
            draft.payments.append(refunded.payment)
        if taxes and refunded.refund.tax_cents:
            name = refunded.refund.tax_name or _only_tax(draft)
            draft.taxes.append(Tax(name, -refunded.refund.tax_cents))


def _only_tax(draft: Draft) -> str:
    """Which tax was given back where the refund does not say so."""
    names = {tax.name for tax in draft.taxes}
    return names.pop() if len(names) == 1 else UNNAMED_TAX
