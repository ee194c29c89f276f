"""Explaining: which records a figure or a journal line is made of, and the share of each; the shares add up to it.

A share is what the figure would be if the record stood alone, for figures are sums over records. The others are said
here: what is unknown without a deposit, cash that is booked on a drawer, hours that are rounded once for a job, issues,
and a ratio, which has no shares but is made of two other figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import msgspec

from domain.accounts import BadAccountKey, key_parts, key_text
from domain.business_day import NEW_DAY, BusinessDay
from domain.figures import Address, Figure, Number, Parts, Unit, address, find, read, unit_of
from domain.ledger.labor import count_statistics, post_labor
from domain.ledger.sales import post_sales
from domain.records import decode
from domain.refusals import NotFound
from domain.summary import DailySalesSummary, decode_sold, tallied
from domain.summary.tally import Tally

MADE_OF: Final[dict[str, tuple[str, ...]]] = {
    "net_sales": ("gross_sales", "discounts", "late_voids"),
    "over_short": ("total_deposit", "expected_cash"),
    "tills_difference": ("expected_cash", "tills_expected"),
    "labor_percent": ("labor_pay", "net_sales"),
}
"""Figures that follow from others, and from which."""

_ROUNDING: Final = Decimal("0.0001")
_MOST_LETTERS: Final = 2000


class NoSuchLine(NotFound):
    """The journal entries of the day have no such line."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one record has in a figure.

    Attributes:
        kind: of the record; empty for the day as a whole.
        key: of the record.
        value: in the figure's unit, not nothing.
    """

    kind: str
    key: str
    value: Number


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a figure or a journal line is made of.

    Attributes:
        name: of the figure, or the line's key.
        unit: what it is counted in.
        value: None where it is unknown; of a line debits are positive and credits negative.
        made_of: other figures that it follows from.
        shares: by kind and key; they add up to the value. None of a ratio, and of what is unknown.
    """

    name: str
    unit: Unit
    value: Number | None
    made_of: tuple[Figure, ...]
    shares: tuple[Share, ...]


def explain_figure(day: BusinessDay, name: str) -> Explanation:
    """The records that a figure of the day's summary is made of.

    Raises:
        NoSuchFigure: no summary has one of that name, or the day's has no such row.
    """
    counted = tallied(day)
    whole = counted.summary(day)
    where, figure = find(whole, name)
    others = [address(other) for other in MADE_OF.get(figure.name, ())]
    made_of = tuple([Figure(other.name, unit_of(other), read(whole, other)) for other in others])
    found: list[Share] = []
    if figure.value is not None and figure.unit != "percent":
        found = list(_issues(whole) if figure.name == "issue_count" else _shares(day, counted, whole, where))
    if figure.unit == "hours":
        found = _settled(found, Decimal(figure.value or 0))
    return Explanation(figure.name, figure.unit, figure.value, made_of, tuple(found))


def explain_line(day: BusinessDay, entry: str, key: str) -> Explanation:
    """The records that a line of the day's journal entries is made of.

    Args:
        day: which.
        entry: ``sales``, ``labor`` or ``statistical``.
        key: of the line, for example ``sales/Food/Dine In``.

    Raises:
        NoSuchLine: the day has none.
    """
    if entry not in _POSTED:
        raise NoSuchLine(f"There is no journal entry {entry[:40]!r}, but: {', '.join(_POSTED)}.")
    lines_of = _POSTED[entry]
    counted = tallied(day)
    whole = counted.summary(day)
    lines = lines_of(whole)
    try:
        parts = key_parts(key)
    except BadAccountKey as error:
        raise NoSuchLine(str(error)) from None
    value = lines.get(parts)
    if not value:
        some = ", ".join([key_text(one) for one, amount in lines.items() if amount]) or "none"
        raise NoSuchLine(f"The {entry} entry has no line {key[:80]!r}. It has: {some[:_MOST_LETTERS]}.")
    if parts[0] == "hours":
        return replace(explain_figure(day, key_text(("labor.hours", *parts[1:]))), name=key_text(parts))
    found = [
        Share(part.kind, part.key, own)
        for part in _alone(day, counted, whole)
        if (own := lines_of(part.summary).get(parts, 0))
    ]
    return Explanation(key_text(parts), "count" if entry == "statistical" else "amount", value, (), tuple(found))


def _amounts_of_sales(summary: DailySalesSummary) -> dict[Parts, Number]:
    return {**post_sales(summary).amounts}


def _amounts_of_labor(summary: DailySalesSummary) -> dict[Parts, Number]:
    return {**post_labor(summary).amounts}


def _quantities(summary: DailySalesSummary) -> dict[Parts, Number]:
    return {**count_statistics(summary).quantities}


_POSTED: Final[dict[str, Callable[[DailySalesSummary], dict[Parts, Number]]]] = {
    "sales": _amounts_of_sales,
    "labor": _amounts_of_labor,
    "statistical": _quantities,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A record, counted alone, and the summary of it."""

    kind: str
    key: str
    tally: Tally
    summary: DailySalesSummary


def _alone(day: BusinessDay, counted: Tally, whole: DailySalesSummary) -> Iterator[_Part]:
    """Every record of the day counted alone, as a part of the whole: what is known of that counts for each."""
    blank = replace(NEW_DAY, zone=day.zone)
    types = counted.sales.tenders.types
    for kind, records in sorted(day.shown.items()):
        for key, data in sorted(records.items()):
            tally = Tally(day.zone or "UTC")
            tally.sales.tenders.know(types)
            if kind == "ticket":
                tally.sales.ticket(key, decode_sold(data))
            else:
                tally.add(decode(kind, data))
            yield _Part(kind, key, tally, _as_part(tally.summary(blank), whole))


def _as_part(summary: DailySalesSummary, whole: DailySalesSummary) -> DailySalesSummary:
    """What is unknown of a record alone and known of the whole, as the record's part of that."""
    expected = summary.expected_cash_cents
    over_short = (summary.total_deposit_cents or 0) - expected
    tills = expected - (summary.tills_expected_cents or 0)
    return msgspec.structs.replace(
        summary,
        over_short_cents=None if whole.over_short_cents is None else over_short,
        tills_difference_cents=None if whole.tills_difference_cents is None else tills,
    )


def _shares(day: BusinessDay, counted: Tally, whole: DailySalesSummary, where: Address) -> Iterator[Share]:
    booked = where.field == "tills" and where.column in {"cash", "difference"}
    drawers = [till.drawer for till in whole.tills if till.drawer in where.names] if booked else []
    for part in _alone(day, counted, whole):
        if booked:
            cash = sum(part.tally.sales.tenders.drawers.get(drawer, 0) for drawer in drawers)
            expected = read(part.summary, replace(where, column="expected")) or 0
            value: Number = cash - (expected if where.column == "difference" else 0)
        else:
            value = read(part.summary, where) or 0
        if value:
            yield Share(part.kind, part.key, value)


def _settled(found: list[Share], whole: Decimal) -> list[Share]:
    """The shares in hours, with what rounding them together differs spread over the largest, so that they add up."""
    left = int((whole - sum(Decimal(share.value) for share in found)) / _ROUNDING)
    if not left:
        return found
    each, more = divmod(abs(left), len(found))
    step = _ROUNDING if left > 0 else -_ROUNDING
    largest = sorted(found, key=lambda share: (-abs(Decimal(share.value)), share.key))
    extra = {share.key: step * (each + (place < more)) for place, share in enumerate(largest)}
    return [replace(share, value=share.value + extra[share.key]) for share in found]


def _issues(whole: DailySalesSummary) -> Iterator[Share]:
    """Issues by the record that they are about; those of the day, and those past the list's bound, are the day's."""
    counts: dict[str, int] = {}
    for issue in whole.issues:
        counts[issue.record] = counts.get(issue.record, 0) + 1
    counts[""] = counts.get("", 0) + whole.issue_count - len(whole.issues)
    for record, count in sorted(counts.items()):
        kind, _, key = record.partition("/")
        if count:
            yield Share(kind, key, count)
