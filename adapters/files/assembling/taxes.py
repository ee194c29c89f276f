"""Rows of Tax Details: the check's taxes by name, and whether the prices have those inside that say so."""

from collections.abc import Iterable

import msgspec

from adapters.files.assembling.choices import Choice, Way
from adapters.files.assembling.draft import Draft
from adapters.files.assembling.reference import Reference
from adapters.files.assembling.rows import TaxRow
from adapters.files.assembling.words import TRUE
from domain.money import allocate, cents
from domain.records import Tax


def taxes_in(rows: Iterable[TaxRow], reference: Reference) -> list[Tax]:
    """The taxes of a check by name; a row that does not say whether it is inclusive is what its definition says."""
    taxes = []
    for row in rows:
        name, inclusive = reference.tax(row.number)
        if row.inclusive:
            inclusive = row.inclusive == TRUE
        taxes.append(Tax(name, cents(row.amount), inclusive))
    return summed(taxes)


def summed(taxes: list[Tax]) -> list[Tax]:
    """Taxes summed by name, in the order of names."""
    if len(taxes) <= 1:
        return taxes
    sums: dict[tuple[str, bool], int] = {}
    for tax in taxes:
        key = (tax.name, tax.inclusive)
        sums[key] = sums.get(key, 0) + tax.amount_cents
    return [Tax(name, amount, inclusive) for (name, inclusive), amount in sorted(sums.items())]


def inclusive_ways(draft: Draft) -> Choice | None:
    """Whether the amounts of lines have the inclusive taxes inside; None where there are none.

    They have, as the word says, and the taxes are taken out of them: of each line in proportion. Or the file states
    amounts without them, if the identity holds only then.
    """
    inside = sum([tax.amount_cents for tax in draft.taxes if tax.inclusive])
    if not inside:
        return None
    beside = Way(inside, lambda _: None)
    sold = any(item.amount_cents for item in draft.items)
    return [Way(0, take_out), beside] if sold else [beside]


def take_out(draft: Draft) -> None:
    """Lines without the inclusive taxes; which line bears how much is shared out to the cent."""
    inside = sum(tax.amount_cents for tax in draft.taxes if tax.inclusive)
    sign = 1 if inside >= 0 else -1
    # A tax that was given back is inside of what was taken back.
    weights = [max(sign * item.amount_cents, 0) if item.void is None else 0 for item in draft.items]
    if any(weights):
        shares = allocate(inside, weights)
        draft.items = [
            msgspec.structs.replace(item, amount_cents=item.amount_cents - share) if share else item
            for item, share in zip(draft.items, shares, strict=True)
        ]
