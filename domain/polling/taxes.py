"""Options about taxes: whose taxes count, and what a ticket that was given away owes."""

from collections.abc import Callable
from typing import Final

import msgspec

from domain.money import allocate
from domain.polling.configuration import Options
from domain.polling.identity import adjustments_of, rest_of
from domain.records import Item, Tax, Ticket

Taxes = Callable[[Ticket], tuple[Tax, ...]]

UNNAMED_TAX: Final = "Tax"
"""The name of check-level tax where neither the check nor an item names one."""


def taxes_under(options: Options) -> Taxes:
    """Whose taxes count. Of the two options the tax of the sales items wins: it says how to read the items' taxes."""
    if options.use_sales_item_level_tax:
        return sales_item_taxes
    return item_level_taxes if options.use_item_level_taxes else check_level_taxes


def item_level_taxes(ticket: Ticket) -> tuple[Tax, ...]:
    """The items' own taxes, summed by name; voided lines owe none.

    A source that names taxes for the check and none for its items has no item-level taxes: there the check's count.
    """
    return _by_name(ticket.items) or (check_level_taxes(ticket) if ticket.stated_taxes else ())


def sales_item_taxes(ticket: Ticket) -> tuple[Tax, ...]:
    """The taxes of the items that are no modifiers, summed by name, for sources where modifiers repeat them."""
    taxes = _by_name(ticket.items, modifiers=False)
    return taxes or (check_level_taxes(ticket) if ticket.stated_taxes else ())


def check_level_taxes(ticket: Ticket) -> tuple[Tax, ...]:
    """The check's tax: by its own names where these add up to it, else shared out over the names that there are.

    The sum is the check's to the cent.
    """
    stated = ticket.stated_tax_cents
    named = ticket.stated_taxes or _by_name(ticket.items)
    if not named:
        return (Tax(UNNAMED_TAX, stated),) if stated else ()
    if sum([tax.amount_cents for tax in named]) == stated:
        return named
    shares = allocate(stated, [tax.amount_cents for tax in named])
    return tuple([Tax(tax.name, share, tax.inclusive) for tax, share in zip(named, shares, strict=True)])


def _by_name(items: tuple[Item, ...], *, modifiers: bool = True) -> tuple[Tax, ...]:
    totals: dict[tuple[str, bool], int] = {}
    for item in items:
        if item.taxes and item.void is None and (modifiers or not item.parent):
            for tax in item.taxes:
                key = (tax.name, tax.inclusive)
                totals[key] = totals.get(key, 0) + tax.amount_cents
    if len(totals) == 1:  # by far the most tickets have one tax
        ((name, inclusive), cents) = totals.popitem()
        return (Tax(name, cents, inclusive),)
    return tuple([Tax(name, cents, inclusive) for (name, inclusive), cents in sorted(totals.items())])


def given_away(ticket: Ticket) -> bool:
    """The discounts take off just the details, so that nothing is left to tax.

    A cent less is no full discount. A cent more, such as a discount that covers the tax as well, settles more than the
    details, and is none either.
    """
    if not ticket.discounts:
        return False
    details = sum([item.amount_cents for item in ticket.items if item.void is None])
    return details != 0 and details == sum([discount.amount_cents for discount in ticket.discounts])


def settled_with(taxes_of: Taxes, *, skip_on_discount: bool = False) -> Callable[[Ticket], Ticket]:
    """The step that says which taxes count, and explains what the identity then leaves.

    With ``skip_on_discount`` a ticket that was given away owes none, unless somebody settled them all the same.
    """

    def settled(ticket: Ticket) -> Ticket:
        taxes = taxes_of(ticket)
        tax_cents = sum([tax.amount_cents for tax in taxes])
        stated = ticket.stated_tax_cents
        if skip_on_discount and given_away(ticket) and rest_of(ticket, tax_cents):
            taxes, tax_cents, stated = (), 0, 0
        return msgspec.structs.replace(
            ticket, taxes=taxes, tax_cents=tax_cents, adjustments=adjustments_of(ticket, tax_cents, stated)
        )

    return settled


def differs_from_check(ticket: Ticket, taxes_of: Taxes) -> bool:
    """The taxes by this rule are further from the check's than rounding each line to the cent can bring them.

    Args:
        ticket: settled by this rule; where it was given away and owes none, what it would owe counts.
        taxes_of: the rule.
    """
    tax_cents, stated = ticket.tax_cents, ticket.stated_tax_cents
    if tax_cents == stated:
        return False
    if not ticket.taxes:
        tax_cents = sum([tax.amount_cents for tax in taxes_of(ticket)])
    return abs(tax_cents - stated) > sum([item.void is None for item in ticket.items])
