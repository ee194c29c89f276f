"""Options about names: transferred items, service types, and the reasons of discounts."""

import functools
from typing import Final

import msgspec

from domain.polling.lines import each_line
from domain.records import Discount, Item, Refund, Ticket

TRANSFERRED: Final = "Transferred - "
"""What Tray puts before the name of an item, once for every time that it was transferred; just so, in this case."""


def _has_transferred(ticket: Ticket) -> bool:
    for item in ticket.items:  # noqa: SIM110 - a generator would cost more than all that it looks at
        if TRANSFERRED in item.name:
            return True
    return False


def _untransferred(item: Item) -> Item:
    name = item.name
    if not name.startswith(TRANSFERRED):
        return item
    while name.startswith(TRANSFERRED):
        name = name[len(TRANSFERRED) :]
    if not name.strip():
        return item  # what is called nothing else is called that
    return msgspec.structs.replace(item, name=name, source_name=item.source_name or item.name)


without_transferred_prefix: Final = each_line(_has_transferred, _untransferred)
"""Items go by their own name again, however often they were transferred; the source's is kept beside it."""


def with_trimmed_service_type(ticket: Ticket) -> Ticket:
    """``Dine␣␣In`` and ``Dine In`` are one service type: runs of spaces become one, and the ends are trimmed."""
    name = trimmed(ticket.service_type)
    if name != ticket.service_type:
        source = ticket.source_service_type or ticket.service_type
        ticket = msgspec.structs.replace(ticket, service_type=name, source_service_type=source)
    if ticket.refunds:
        refunds = tuple([_trimmed_refund(refund) for refund in ticket.refunds])
        if refunds != ticket.refunds:
            ticket = msgspec.structs.replace(ticket, refunds=refunds)
    return ticket


def _trimmed_refund(refund: Refund) -> Refund:
    return msgspec.structs.replace(refund, service_type=trimmed(refund.service_type))


@functools.lru_cache(maxsize=4096)
def trimmed(name: str) -> str:
    """The name with one space wherever it has some, and none at its ends."""
    return " ".join(name.split())


def with_discount_reasons(ticket: Ticket) -> Ticket:
    """Custom discounts go by what was typed; the configured name is kept beside it. No amount moves."""
    if not ticket.discounts:
        return ticket
    discounts = tuple([_by_reason(discount) for discount in ticket.discounts])
    return ticket if discounts == ticket.discounts else msgspec.structs.replace(ticket, discounts=discounts)


def _by_reason(discount: Discount) -> Discount:
    reason = discount.custom_name.strip()
    if not reason or reason == discount.name:
        return discount
    return msgspec.structs.replace(discount, name=reason, source_name=discount.source_name or discount.name)
