"""Split sales detail: one line of a ticket becomes two, that add up to it to the cent."""

import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

import msgspec

from domain.money import cents, round_half_up
from domain.polling.configuration import SplitRule
from domain.polling.lines import Step
from domain.records import Item, Ticket

SPLIT: Final = "/split"
"""What follows the id of a line in the id of the one that was split from it."""

_ONE: Final = Decimal(1)


def split_by(rules: Iterable[SplitRule]) -> Step:
    """The step that splits the lines that a rule names: the original keeps its quantity, its taxes and its name.

    An amount is of the line, whatever its quantity, and never more than the line has. Voided lines are not split, so
    that each void stays one pair; nor is a line that was split already, or that has nothing to split.
    """
    named = {rule.match: (rule, _part_of(rule)) for rule in rules}

    def split(ticket: Ticket) -> Ticket:
        for item in ticket.items:
            if item.name in named:
                break
        else:
            return ticket
        done = {item.split_from for item in ticket.items}
        lines: list[Item] = []
        for item in ticket.items:
            rule, part_of = named.get(item.name, (None, None))
            part = 0
            if part_of and item.void is None and not item.split_from and item.id not in done:
                part = part_of(item.amount_cents)
            lines += _halves(item, rule, part) if rule and part else (item,)
        return msgspec.structs.replace(ticket, items=tuple(lines))

    return split


def _part_of(rule: SplitRule) -> Callable[[int], int]:
    """What goes to the new line of an amount, in cents; in the amount's direction."""
    if rule.percent:
        share = Decimal(rule.percent) / 100
        # A line has one of a few prices: most of a day's need not be computed again.
        return functools.lru_cache(maxsize=4096)(lambda whole: int(round_half_up(whole * share, _ONE)))
    most = cents(rule.amount)
    return lambda whole: max(-most, min(most, whole))


def _halves(item: Item, rule: SplitRule, part: int) -> tuple[Item, Item]:
    rest = item.amount_cents - part
    original = msgspec.structs.replace(item, amount_cents=rest, price_cents=_price(rest, item.quantity_milli))
    new = msgspec.structs.replace(
        original,
        id=f"{item.id}{SPLIT}",
        name=rule.name,
        category=rule.category or item.category,
        amount_cents=part,
        price_cents=part,
        quantity_milli=0,
        taxes=(),
        number="",
        split_from=item.id,
        source_name="",
        source_category="",
    )
    return original, new


def _price(amount_cents: int, quantity_milli: int) -> int:
    """The price of one piece; of a line of no pieces its amount."""
    if quantity_milli in {0, 1000}:
        return amount_cents
    return int(round_half_up(Decimal(1000 * amount_cents) / quantity_milli, _ONE))
