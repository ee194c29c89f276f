"""Skip unmatched void entries: voids that the source has no payment record for are left out, both halves."""

import msgspec

from domain.records import Ticket


def without_unmatched_voids(ticket: Ticket) -> Ticket:
    """The ticket without the voided lines that nothing in the source pairs, and without the entries made for them.

    A void is a pair, so both halves go or none: an entry without a line, or a line that has a matched entry as well,
    stays. Voided lines are no sales, so net sales are what they were. A void of a later day stays too: here its line
    was sold, and it counts on its own day.
    """
    loose = {entry.item for entry in ticket.voids if not entry.matched and not entry.late}
    if not loose:
        return ticket
    loose -= {entry.item for entry in ticket.voids if entry.matched or entry.late}
    gone = loose & {item.id for item in ticket.items if item.void is not None}
    if not gone:
        return ticket
    return msgspec.structs.replace(
        ticket,
        items=tuple([item for item in ticket.items if item.void is None or item.id not in gone]),
        voids=tuple([entry for entry in ticket.voids if entry.item not in gone]),
    )
