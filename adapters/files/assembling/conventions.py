"""Conventions: which figures contain which, proved by the money identity, ticket by ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import msgspec

from adapters.files.assembling.choices import Choice, holds
from adapters.files.assembling.draft import Draft
from adapters.files.assembling.words import price_of_one
from domain.money import allocate
from domain.records import Item

Convention = Literal["contract", "payments_include_tips", "parents_include_modifiers", "amounts_are_after_discounts"]
"""Permanent names, part of a day's notes.

- ``contract``: payments are without tips and gratuities, lines are gross, a parent's amount is without its modifiers';
- ``payments_include_tips``: a payment's base amount has tip and gratuity in it;
- ``parents_include_modifiers``: a parent's amount has its modifiers' in it;
- ``amounts_are_after_discounts``: comps, promos and discounts are taken off the lines already.
"""

ALTERNATIVES: Final[tuple[Convention, ...]] = (
    "payments_include_tips",
    "parents_include_modifiers",
    "amounts_are_after_discounts",
)
MOST_ASKED: Final = 2_000
"""Tickets of a day that are asked at most, the first by their numbers: a habit shows sooner."""

_FEWEST: Final = 3
_CLEAR: Final = 3
_ENOUGH: Final = 100


class Open(NamedTuple):
    """A draft with the choices that the files leave open about it."""

    draft: Draft
    choices: list[Choice]
    discounts: Choice | None

    def proof(self, convention: Convention) -> tuple[int, list[Choice]]:
        """What the identity leaves under a convention, and the choices that may explain it."""
        draft, left = self.draft, self.draft.left_cents
        if convention == "amounts_are_after_discounts":
            # What is taken off stands on both sides then, however often the files say it: there is no choice in it.
            return left + sum([discount.amount_cents for discount in (*draft.given, *draft.stated)]), self.choices
        if convention == "payments_include_tips":
            left += sum([payment.tip_cents + payment.gratuity_cents for payment in draft.payments])
        elif convention == "parents_include_modifiers":
            left -= sum([item.amount_cents for item in draft.items if item.parent])
        return left, self.choices if self.discounts is None else [*self.choices, self.discounts]

    def holds(self, convention: Convention) -> bool:
        """Under a convention the identity leaves nothing, one way or another."""
        return holds(*self.proof(convention))


@dataclass(slots=True)
class _Votes:
    """Tickets on which a convention and the contract differ, and one of the two leaves nothing."""

    for_it: int = 0
    against_it: int = 0

    @property
    def clear(self) -> bool:
        """At least three tickets, and three times as many as speak against it."""
        return self.for_it >= _FEWEST and self.for_it >= _CLEAR * self.against_it


def settle(tickets: Iterable[Open]) -> Convention:
    """The convention that a day's tickets prove, those that were paid; the contract's where none is clearly ahead.

    No further are they asked than needed: once a hundred hold to the contract and no alternative is ahead on those
    where the two differ, the matter is settled.
    """
    votes = {name: _Votes() for name in ALTERNATIVES}
    holding = 0
    for asked, ticket in enumerate(tickets):
        if asked >= MOST_ASKED:
            break
        holding += _count(ticket, votes)
        if holding >= _ENOUGH and all(vote.for_it <= vote.against_it for vote in votes.values()):
            return "contract"
    clear = sorted(((vote.for_it, name) for name, vote in votes.items() if vote.clear), reverse=True)
    if not clear or (len(clear) > 1 and clear[0][0] == clear[1][0]):
        return "contract"
    return clear[0][1]


def _count(ticket: Open, votes: dict[Convention, _Votes]) -> bool:
    """Count a ticket's votes; whether it holds to the contract."""
    by_contract = ticket.holds("contract")
    others = {name: ticket.holds(name) for name in ALTERNATIVES}
    if by_contract:
        for name, other in others.items():
            votes[name].against_it += not other
    else:
        for name, other in others.items():
            votes[name].for_it += other
    return by_contract


def convert(draft: Draft, convention: Convention) -> None:
    """Put a draft into the contract's convention, as far as that does not depend on its choices."""
    if convention == "payments_include_tips":
        draft.payments = [
            msgspec.structs.replace(
                payment, amount_cents=payment.amount_cents - payment.tip_cents - payment.gratuity_cents
            )
            for payment in draft.payments
        ]
    elif convention == "parents_include_modifiers":
        inside: dict[str, int] = {}
        for item in draft.items:
            if item.parent:
                inside[item.parent] = inside.get(item.parent, 0) + item.amount_cents
        draft.items = [_changed(item, -inside.get(item.id, 0)) for item in draft.items]


def add_discounts_back(draft: Draft) -> None:
    """Lines before the discounts that were taken off them; those of the whole ticket are shared out in proportion."""
    live = [item for item in draft.items if item.void is None]
    if not live:
        return
    names = {item.id for item in live}
    on_lines: dict[str, int] = {}
    whole = 0
    for discount in (*draft.given, *draft.stated):
        if discount.item in names:
            on_lines[discount.item] = on_lines.get(discount.item, 0) + discount.amount_cents
        else:
            whole += discount.amount_cents
    shares = allocate(whole, [item.amount_cents for item in live])
    for item, share in zip(live, shares, strict=True):
        on_lines[item.id] = on_lines.get(item.id, 0) + share
    draft.items = [_changed(item, on_lines.get(item.id, 0)) for item in draft.items]


def _changed(item: Item, by_cents: int) -> Item:
    if not by_cents:
        return item
    amount = item.amount_cents + by_cents
    return msgspec.structs.replace(item, amount_cents=amount, price_cents=price_of_one(amount, item.quantity_milli))
