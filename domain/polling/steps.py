"""The steps that a configuration compiles to: small pure functions over one ticket, in one documented order.

1. taxes: item level (``use_item_level_taxes``) or check level;
2. the identity: whatever is left becomes adjustment lines.

Options that rename, split or filter will stand before the taxes; the identity is always last.
"""

import datetime as dt
from collections.abc import Callable

import msgspec

from domain.money import allocate
from domain.polling.configuration import Options
from domain.polling.frame import Frame, redates
from domain.polling.identity import adjustments_of
from domain.records import Tax, Ticket

Step = Callable[[Ticket], Ticket]
Taxes = Callable[[Ticket], tuple[Tax, ...]]

UNNAMED_TAX = "Tax"
"""The name of check-level tax where no item names one."""


def compile_steps(options: Options, frame: Frame) -> tuple[Step, ...]:  # noqa: ARG001 - comes with the next step
    """The steps of these options, in their order."""
    taxes = item_level_taxes if options.use_item_level_taxes else check_level_taxes
    return (settled_with(taxes),)


def date_rule(options: Options, frame: Frame) -> Callable[[Ticket], dt.date]:
    """Which business day a ticket is of."""
    if not redates(options):
        return lambda ticket: ticket.business_date
    return lambda ticket: frame.date_of(ticket.opened_at if options.open_time else ticket.closed_at or ticket.opened_at)


def item_level_taxes(ticket: Ticket) -> tuple[Tax, ...]:
    """The items' own taxes, summed by name; voided lines owe none."""
    totals: dict[tuple[str, bool], int] = {}
    for item in ticket.items:
        if item.void is None:
            for tax in item.taxes:
                key = (tax.name, tax.inclusive)
                totals[key] = totals.get(key, 0) + tax.amount_cents
    return tuple([Tax(name, cents, inclusive) for (name, inclusive), cents in sorted(totals.items())])


def check_level_taxes(ticket: Ticket) -> tuple[Tax, ...]:
    """The check's tax, shared out over the names that its items carry, so that the sum is the check's to the cent."""
    by_item = item_level_taxes(ticket)
    if not by_item:
        return (Tax(UNNAMED_TAX, ticket.stated_tax_cents),) if ticket.stated_tax_cents else ()
    shares = allocate(ticket.stated_tax_cents, [tax.amount_cents for tax in by_item])
    return tuple([Tax(tax.name, share, tax.inclusive) for tax, share in zip(by_item, shares, strict=True)])


def settled_with(taxes_of: Taxes) -> Step:
    """The step that says which taxes count, and explains what the identity then leaves."""

    def settled(ticket: Ticket) -> Ticket:
        taxes = taxes_of(ticket)
        return msgspec.structs.replace(
            ticket,
            taxes=taxes,
            tax_cents=sum([tax.amount_cents for tax in taxes]),
            adjustments=adjustments_of(ticket, taxes),
        )

    return settled
