"""Rows of Discounts, and whether they say once more what lines of Sales Detail said of themselves."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from adapters.files.assembling.choices import Choice, Way
from adapters.files.assembling.draft import Draft
from adapters.files.assembling.lines import Instant
from adapters.files.assembling.rows import DiscountRow
from adapters.files.assembling.words import Names, named_by
from domain.money import cents
from domain.records import Discount

_Pairs = list[tuple[Discount, Discount | None]]
"""Rows of Discounts with what they say again: a comp or promo of a line, or None where they sum several up."""


def stated_in(rows: Iterable[DiscountRow], instant: Instant) -> list[Discount]:
    """The comps and promos of a check's rows; a row may have one of each."""
    names = Names()
    stated = []
    for row in rows:
        comp = ("comp", row.comp or "Comp", row.comp_amount, row.comp_at, row.comp_by, row.comp_drawer)
        promo = ("promo", row.promo or "Promo", row.promo_amount, row.promo_at, row.promo_by, row.promo_drawer)
        for kind, name, amount, at, by, drawer in (comp, promo):
            if amount:
                key = names.give(f"{kind}:{named_by(name, at, amount)}")
                stated.append(Discount(key, name, cents(amount), kind, at=instant(at), by=by, drawer=drawer))
    return stated


def restated(draft: Draft) -> Choice | None:
    """How to count rows of Discounts where lines have comps or promos as well; None where there is nothing to decide.

    A row says a line's comp or promo again if kind, name and amount are the same, or if all rows of a kind and name sum
    up to those of the lines: then both count once, unless the identity says that both count. Where only amounts are the
    same they count once if the identity says so.
    """
    if not (draft.given and draft.stated):
        return None
    certain = _pairs(draft, _told) + _sums(draft)
    likely = _pairs(draft, lambda discount: discount.amount_cents)
    ways = [_once(pairs) for pairs in (certain, likely) if pairs]
    both = Way(0, lambda _: None)
    if certain:
        return [ways[0], both, *ways[1:]]
    return [both, *ways] if ways else None


def _told(discount: Discount) -> object:
    return (discount.kind, discount.name, discount.amount_cents)


def _pairs(draft: Draft, content: Callable[[Discount], object]) -> _Pairs:
    """Rows and the comps and promos of lines with the same content, one to one."""
    given: dict[object, list[Discount]] = defaultdict(list)
    for discount in draft.given:
        given[content(discount)].append(discount)
    return [(row, given[content(row)].pop(0)) for row in draft.stated if given[content(row)]]


def _sums(draft: Draft) -> _Pairs:
    """Rows that sum up what lines have of one kind and name, where no row alone says it."""
    paired = {row.id for row, _ in _pairs(draft, _told)}
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for discount in draft.given:
        sums[discount.kind, discount.name] += discount.amount_cents
    rows: dict[tuple[str, str], list[Discount]] = defaultdict(list)
    for row in draft.stated:
        rows[row.kind, row.name].append(row)
    return [
        (row, None)
        for key, alike in rows.items()
        if not any(row.id in paired for row in alike) and sum(row.amount_cents for row in alike) == sums.get(key)
        for row in alike
    ]


def _once(pairs: _Pairs) -> Way:
    return Way(sum(row.amount_cents for row, _ in pairs), partial(_drop, pairs))


def _drop(pairs: _Pairs, draft: Draft) -> None:
    """Leave the rows out; what they know beyond the lines' comps and promos is kept with these."""
    rows = {row.id for row, _ in pairs}
    known = {given.id: row for row, given in pairs if given is not None}
    draft.stated = [row for row in draft.stated if row.id not in rows]
    draft.given = [_completed(given, known[given.id]) if given.id in known else given for given in draft.given]


def _completed(given: Discount, row: Discount) -> Discount:
    return msgspec.structs.replace(
        given, at=given.at or row.at, by=given.by or row.by, drawer=given.drawer or row.drawer
    )
