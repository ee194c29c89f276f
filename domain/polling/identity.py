"""The ticket identity: what was sold, with tax and tips, is what settled it, with discounts and voids."""

from domain.records import Adjustment, Tax, Ticket

ITEM_CHECK_TAX_DIFFERENCE = "item_check_tax_difference"
LATE_VOID = "late_void"
UNPAID_BALANCE = "unpaid_balance"
UNEXPLAINED_RESIDUAL = "unexplained_residual"


def credits_of(ticket: Ticket, tax_cents: int) -> int:
    """Details, tax and tips, in cents."""
    return (
        sum([item.amount_cents for item in ticket.items])
        + tax_cents
        + sum([payment.tip_cents for payment in ticket.payments])
    )


def debits_of(ticket: Ticket) -> int:
    """Payments with their tips, discounts and the void entries of this day, in cents."""
    return (
        sum([payment.amount_cents + payment.tip_cents for payment in ticket.payments])
        + sum([discount.amount_cents for discount in ticket.discounts])
        + sum([void.amount_cents for void in ticket.voids if not void.late])
    )


def residual(ticket: Ticket) -> int:
    """What the identity leaves, adjustments counted: 0 on every translated ticket."""
    adjusted = sum([line.amount_cents for line in ticket.adjustments])
    return debits_of(ticket) - credits_of(ticket, ticket.tax_cents) - adjusted


def adjustments_of(ticket: Ticket, taxes: tuple[Tax, ...]) -> tuple[Adjustment, ...]:
    """Lines that explain, each by a cause and both figures, what the identity leaves under these taxes.

    What a void of a later day gave back is told as that, for the void counts on its own date and the sale stands. A
    difference that is just the one between the item-level and the check-level tax is told as that; on an open
    ticket the rest is the balance that nobody paid yet; what is left then has no explanation, and says so.
    """
    tax_cents = sum([tax.amount_cents for tax in taxes])
    credited, debited = credits_of(ticket, tax_cents), debits_of(ticket)
    rest = debited - credited
    if rest == 0:
        return ()
    lines = []
    late = sum([void.amount_cents for void in ticket.voids if void.late])
    difference = ticket.stated_tax_cents - tax_cents
    if late and rest in {-late, difference - late}:
        lines.append(Adjustment(LATE_VOID, -late, credited, credited - late))
        rest += late
        credited -= late
    if difference and (rest == difference or ticket.closed_at is None):
        lines.append(Adjustment(ITEM_CHECK_TAX_DIFFERENCE, difference, tax_cents, ticket.stated_tax_cents))
        rest -= difference
        credited += difference
    if rest:
        cause = UNPAID_BALANCE if ticket.closed_at is None and rest < 0 else UNEXPLAINED_RESIDUAL
        lines.append(Adjustment(cause, rest, credited, debited))
    return tuple(lines)
