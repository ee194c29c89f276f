"""Conventions: which figures contain which, proved by the money identity, ticket by ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from adapters.pos.tray.wire import Check
from adapters.pos.tray.words import is_late, maybe_cents, milli
from domain.business_date import Window
from domain.money import cents, line

Convention = Literal["contract", "payments_include_tips", "prices_are_for_the_line", "parents_include_modifiers"]
"""Permanent names, part of a day's notes.

- ``contract``: payments are without tips and gratuities, prices are of one, a parent's price is without its modifiers';
- ``payments_include_tips``: a payment's amount has the tip and the gratuity in it;
- ``prices_are_for_the_line``: an item's price is that of the whole line, whatever its quantity;
- ``parents_include_modifiers``: a parent's price has its modifiers' in it.
"""

ALTERNATIVES: Final[tuple[Convention, ...]] = (
    "payments_include_tips",
    "prices_are_for_the_line",
    "parents_include_modifiers",
)
_FEWEST: Final = 3
_CLEAR: Final = 3
_ENOUGH: Final = 100


class Residuals(NamedTuple):
    """What the identity leaves on one check, in cents: under the contract, and under each alternative in its order."""

    contract: int
    alternatives: tuple[int, int, int]


@dataclass(slots=True)
class Votes:
    """Checks on which a convention and the contract differ, and one of the two leaves nothing."""

    for_it: int = 0
    against_it: int = 0

    @property
    def clear(self) -> bool:
        """A clear majority: at least three checks, and three times as many as speak against it."""
        return self.for_it >= _FEWEST and self.for_it >= _CLEAR * self.against_it


def residuals(check: Check, window: Window | None = None) -> Residuals:
    """What the identity leaves on a check; voided lines and their entries count on neither side.

    Args:
        check: as Tray has it now.
        window: if given, lines that were voided after this business day count as sold.

    Raises:
        NotAnAmount: an amount or a quantity is none.
    """
    details = whole_lines = modifiers = 0
    for item in check.items:
        if item.void is not None and (window is None or not is_late(item.void, window)):
            continue
        price = cents(item.price)
        quantity = item.quantity
        if quantity == 1:
            amount = price
        else:
            thousandths = milli(quantity)
            amount = line(price, thousandths)
            whole_lines += amount - (price if thousandths >= 0 else -price)
        details += amount
        if item.parent_id:
            modifiers += amount
        for tax in item.taxes:
            if tax.inclusive:
                details -= cents(tax.amount)
    tips = paid = 0
    for payment in check.payments:
        if payment.void is None:
            tips += cents(payment.tip) + maybe_cents(payment.gratuity)
            paid += cents(payment.amount)
    for discount in check.discounts:
        paid += cents(discount.amount)
    left = details + _beside(check) + cents(check.tax_total) - paid
    return Residuals(left, (left + tips, left - whole_lines, left - modifiers))


def _beside(check: Check) -> int:
    """What was charged for and is no sale."""
    surcharges = sum([cents(charge.amount) for charge in check.surcharges]) if check.surcharges else 0
    return surcharges + (sum([cents(sold.amount) for sold in check.non_sales]) if check.non_sales else 0)


def balances(check: Check, window: Window) -> bool:
    """The identity holds on the check, under one convention or another, before late voids or after them."""
    return any(left.contract == 0 or 0 in left.alternatives for left in (residuals(check), residuals(check, window)))


def settle(pages: Iterable[list[Check]]) -> Convention:
    """The convention that a day's checks prove; the contract's where none is clearly in the majority.

    Reads page by page, and no further than it must: a convention is a habit of the source, so once a hundred checks
    hold to the contract and no alternative is ahead on those where the two differ, the matter is settled.
    """
    votes = {name: Votes() for name in ALTERNATIVES}
    holding = 0
    for checks in pages:
        for check in checks:
            if check.closed_at is not None:  # what is not paid yet proves nothing
                left = residuals(check)
                holding += left.contract == 0
                _count(left, votes)
        if holding >= _ENOUGH and all(vote.for_it <= vote.against_it for vote in votes.values()):
            return "contract"
    clear = sorted(((vote.for_it, name) for name, vote in votes.items() if vote.clear), reverse=True)
    if not clear or (len(clear) > 1 and clear[0][0] == clear[1][0]):
        return "contract"
    return clear[0][1]


def _count(left: Residuals, votes: dict[Convention, Votes]) -> None:
    if left.contract == 0:
        if left.alternatives == (0, 0, 0):
            return
        for name, other in zip(ALTERNATIVES, left.alternatives, strict=True):
            votes[name].against_it += other != 0
    elif 0 in left.alternatives:
        for name, other in zip(ALTERNATIVES, left.alternatives, strict=True):
            votes[name].for_it += other == 0
