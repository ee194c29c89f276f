"""The ticket identity: what was sold, with tax and tips, is what settled it, with discounts and voids."""

from domain.records import Adjustment, Ticket

ITEM_CHECK_TAX_DIFFERENCE = "item_check_tax_difference"
LATE_VOID = "late_void"
UNPAID_BALANCE = "unpaid_balance"
UNEXPLAINED_RESIDUAL = "unexplained_residual"
REVENUE_CENTER_SPLIT = "revenue_center_split"


def credits_of(ticket: Ticket, tax_cents: int) -> int:
    """Details, surcharges, non-sales revenue, tax and tips, in cents."""
    return (
        sum([item.amount_cents for item in ticket.items])
        + sum([surcharge.amount_cents for surcharge in ticket.surcharges])
        + sum([sale.amount_cents for sale in ticket.non_sales])
        + tax_cents
        + _on_both_sides(ticket)
    )


def debits_of(ticket: Ticket) -> int:
    """Payments with their tips, discounts and the void entries of this day, in cents."""
    return (
        sum([payment.amount_cents for payment in ticket.payments])
        + sum([discount.amount_cents for discount in ticket.discounts])
        + sum([void.amount_cents for void in ticket.voids if not void.late])
        + _on_both_sides(ticket)
    )


def _on_both_sides(ticket: Ticket) -> int:
    """Tips with gratuities, and a marketplace's tax where it counts; less refunds that the lines do not hold."""
    return (
        sum([payment.tip_cents + payment.gratuity_cents for payment in ticket.payments])
        + (ticket.facilitator_tax_cents if ticket.facilitator_tax_counts else 0)
        - sum([refund.amount_cents for refund in ticket.refunds if not refund.in_details])
    )


def rest_of(ticket: Ticket, tax_cents: int) -> int:
    """What the debits exceed the credits by under this tax. What stands on both sides need not be looked at."""
    rest = sum([payment.amount_cents for payment in ticket.payments]) - tax_cents
    rest -= sum([item.amount_cents for item in ticket.items])
    if ticket.discounts:
        rest += sum([discount.amount_cents for discount in ticket.discounts])
    if ticket.voids:
        rest += sum([void.amount_cents for void in ticket.voids if not void.late])
    if ticket.surcharges:
        rest -= sum([surcharge.amount_cents for surcharge in ticket.surcharges])
    if ticket.non_sales:
        rest -= sum([sale.amount_cents for sale in ticket.non_sales])
    return rest


def residual(ticket: Ticket) -> int:
    """What the identity leaves, adjustments counted: 0 on every translated ticket."""
    adjusted = sum([line.amount_cents for line in ticket.adjustments])
    return debits_of(ticket) - credits_of(ticket, ticket.tax_cents) - adjusted


def adjustments_of(ticket: Ticket, tax_cents: int, stated_cents: int) -> tuple[Adjustment, ...]:
    """Lines that explain, each by a cause and both figures, what the identity leaves under this tax.

    What a void of a later day gave back is told as that, for the void counts on its own date and the sale stands. A
    difference that is just the one between the tax that counts and the check-level tax is told as that; on an open
    ticket the rest is the balance that nobody paid yet; what is left then has no explanation, and says so.

    Args:
        ticket: before or after settling: its own taxes and adjustments are not looked at.
        tax_cents: that counts.
        stated_cents: the check-level tax that it is compared with.
    """
    rest = rest_of(ticket, tax_cents)
    if rest == 0:
        return ()
    debited = debits_of(ticket)
    credited = debited - rest
    lines = []
    late = sum([void.amount_cents for void in ticket.voids if void.late])
    difference = stated_cents - tax_cents
    if late and rest in {-late, difference - late}:
        lines.append(Adjustment(LATE_VOID, -late, credited, credited - late))
        rest += late
        credited -= late
    if difference and (rest == difference or ticket.closed_at is None):
        lines.append(Adjustment(ITEM_CHECK_TAX_DIFFERENCE, difference, tax_cents, stated_cents))
        rest -= difference
        credited += difference
    if rest:
        cause = UNPAID_BALANCE if ticket.closed_at is None and rest < 0 else UNEXPLAINED_RESIDUAL
        lines.append(Adjustment(cause, rest, credited, debited))
    return tuple(lines)
