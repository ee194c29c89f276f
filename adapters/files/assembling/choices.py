"""Choices: what the files leave open about a ticket is decided by its money identity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from adapters.files.assembling.draft import Draft


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a part of a ticket.

    Attributes:
        cents: what it adds to what the identity leaves (credits less debits).
        apply: puts the ticket together that way.
    """

    cents: int
    apply: Callable[[Draft], None]


Choice = Sequence[Way]
"""Ways to read one part of a ticket; the first is taken where the identity does not say which."""


def proved(left_cents: int, choices: Sequence[Choice], lines: int) -> tuple[Way, ...]:
    """The way of each choice with which nothing is left, as near to the first ways as can be.

    Where none is such: the ways that leave least, if that is no more than a cent a line, as rounding makes. Else the
    first ways, for then the identity proves nothing, and what is left is told as a residual.
    """
    combinations = [
        (sum(places), tuple([choice[place] for choice, place in zip(choices, places, strict=True)]))
        for places in product(*[range(len(choice)) for choice in choices])
    ]
    combinations.sort(key=lambda combination: combination[0])
    nearest = min([ways for _, ways in combinations], key=lambda ways: abs(left_cents + _sum(ways)))
    if abs(left_cents + _sum(nearest)) <= lines:
        return nearest
    return tuple([choice[0] for choice in choices])


def holds(left_cents: int, choices: Sequence[Choice]) -> bool:
    """Nothing is left, one way or another."""
    return left_cents + _sum(proved(left_cents, choices, 0)) == 0


def _sum(ways: Sequence[Way]) -> int:
    return sum([way.cents for way in ways])
