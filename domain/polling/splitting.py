"""Split sales detail: one line of a ticket becomes two, that add up to it to the cent."""

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
        return lambda whole: int(round_half_up(whole * share, _ONE))
    most = cents(rule.amount)
    return lambda whole: max(-most, min(most, whole))


def _halves(item: Item, rule: SplitRule, part: int) -> tuple[Item, Item]:
    rest = item.amount_cents - part
    original = msgspec.structs.replace(item, amount_cents=rest, price_cents=_price(rest, item.quantity_milli))
    new = Item(
        f"{item.id}{SPLIT}",
        rule.name,
        rule.category or item.category,
        part,
        part,
        quantity_milli=0,
        parent=item.parent,
        revenue_center=item.revenue_center,
        by=item.by,
        split_from=item.id,
    )
    return original, new


def _price(amount_cents: int, quantity_milli: int) -> int:
    """The price of one piece; of a line of no pieces its amount."""
    if quantity_milli in {0, 1000}:
        return amount_cents
    return int(round_half_up(Decimal(1000 * amount_cents) / quantity_milli, _ONE))
