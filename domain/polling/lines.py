"""The lines of a ticket: what changes some of them by their names."""

from collections.abc import Callable

import msgspec

from domain.records import Item, Ticket

Step = Callable[[Ticket], Ticket]
"""One option on one ticket; a ticket that it does not concern comes back as it is."""


def each_line(concerned: Callable[[Ticket], bool], change: Callable[[Item], Item]) -> Step:
    """The step that changes the source's lines; those that daybook split off are none of the source's.

    Args:
        concerned: tells the tickets that may have a line to change: most have none, and are not looked at further.
        change: a line that it does not concern comes back as it is.
    """

    def changed(ticket: Ticket) -> Ticket:
        if not concerned(ticket):
            return ticket
        items = tuple([item if item.split_from else change(item) for item in ticket.items])
        return ticket if items == ticket.items else msgspec.structs.replace(ticket, items=items)

    return changed
