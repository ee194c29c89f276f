"""Rows of Refunds: beside the ticket's lines and payments, or said by these as well, in whole or by half."""

from collections.abc import Iterable
from functools import partial
from itertools import product
from typing import Final, NamedTuple

import msgspec

from adapters.files.assembling.choices import Choice, Way
from adapters.files.assembling.draft import Draft, Refunded
from adapters.files.assembling.lines import Instant
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import RefundRow
from adapters.files.assembling.words import Names, maybe_cents, milli, named_by, price_of_one
from domain.money import cents
from domain.records import Item, Payment, Refund, Tax

_UNNAMED_TAX: Final = "Tax"


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
        item, category = reference.items[row.number] if row.number else (row.name, "")
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
    """How a check's refunds and its own lines belong together; None where nothing of theirs is among the lines.

    Negative lines and payments of a refund's amounts hold it already. Where only one half is there, the other is added
    if the identity says that it is missing: with the tax or without it, for that may be netted already.
    """
    if not draft.refunded:
        return None
    in_lines = _found(
        [item.amount_cents for item in draft.items], [found.line.amount_cents for found in draft.refunded]
    )
    in_payments = _found(
        [payment.amount_cents for payment in draft.payments],
        [found.payment.amount_cents for found in draft.refunded],
    )
    held = in_lines | in_payments
    if not held:
        return None
    unsold, unpaid, none = held - in_lines, held - in_payments, frozenset[int]()
    lines = [(none, none), (unsold, unsold), (unsold, none)] if unsold else [(none, none)]
    payments = [(none, none), (unpaid, none), (unpaid, unpaid)] if unpaid else [(none, none)]
    return [
        _way(draft, held, _Added(sold, paid, taxed | also_taxed))
        for (sold, taxed), (paid, also_taxed) in product(lines, payments)
    ]


def _found(stated: list[int], given_back: list[int]) -> frozenset[int]:
    """Which amounts that were given back are among the negative ones that are stated: one by one, or all in one sum."""
    left = [amount for amount in stated if amount < 0]
    if left and sum(left) == sum(given_back):
        return frozenset(range(len(given_back)))
    found = set()
    for place, amount in enumerate(given_back):
        if amount in left:
            left.remove(amount)
            found.add(place)
    return frozenset(found)


class _Added(NamedTuple):
    """Refunds by their places of which the line, the payment or the tax is added to those of the ticket."""

    lines: frozenset[int]
    payments: frozenset[int]
    taxes: frozenset[int]


def _way(draft: Draft, held: frozenset[int], added: _Added) -> Way:
    refunded = draft.refunded
    return Way(
        sum(refunded[place].line.amount_cents for place in added.lines)
        - sum(refunded[place].payment.amount_cents for place in added.payments)
        - sum(refunded[place].refund.tax_cents for place in added.taxes),
        partial(_hold, held, added),
    )


def _hold(held: frozenset[int], added: _Added, draft: Draft) -> None:
    """The ticket's own lines hold these refunds, with what is added to them."""
    for place in sorted(held):
        refunded = draft.refunded[place]
        refunded.refund = msgspec.structs.replace(refunded.refund, in_details=True)
        if place in added.lines:
            draft.items.append(refunded.line)
        if place in added.payments:
            draft.payments.append(refunded.payment)
        if place in added.taxes and refunded.refund.tax_cents:
            name = refunded.refund.tax_name or _only_tax(draft)
            draft.taxes.append(Tax(name, -refunded.refund.tax_cents))


def _only_tax(draft: Draft) -> str:
    """Which tax was given back where the refund does not say so."""
    names = {tax.name for tax in draft.taxes}
    return names.pop() if len(names) == 1 else _UNNAMED_TAX
