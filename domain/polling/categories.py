"""Options about categories: which item goes to which, whatever the source says."""

from collections.abc import Iterable

import msgspec

from domain.polling.configuration import CategoryRule
from domain.polling.lines import Step, each_line
from domain.records import Item, Ticket


def in_categories(rules: Iterable[CategoryRule]) -> Step:
    """The step that puts items into the categories of their rules; the source's category is kept beside it.

    A rule names an item exactly, by its number or its name. Of two rules for one name the later counts; where there is
    one for the number and one for the name, the number's, for numbers are given once.
    """
    chosen = {rule.item: rule.category for rule in rules}

    def concerned(ticket: Ticket) -> bool:
        for item in ticket.items:  # noqa: SIM110 - a generator would cost more than all that it looks at
            if item.name in chosen or item.number in chosen:
                return True
        return False

    def moved(item: Item) -> Item:
        category = chosen.get(item.number) or chosen.get(item.name)
        if category is None or category == item.category:
            return item
        source = item.source_category or item.category
        return msgspec.structs.replace(item, category=category, source_category="" if source == category else source)

    return each_line(concerned, moved)
