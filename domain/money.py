"""Money is counted in whole cents: rounded half-up once, where an amount becomes a fact, and exact from then on.

Integers instead of ``Decimal`` inside records because a day holds a hundred thousand amounts; every way out of the
program shows decimals again (:func:`amount`).
"""

import functools
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

MOST_CENTS: Final = 10**12
"""Amounts at or past ten billion are refused: no restaurant has them, and a source that says so is broken. A million of
them still sum up to a 64-bit integer."""

_CENT: Final = Decimal("0.01")


class NotAnAmount(ValueError):
    """A text that should be an amount of money is not one."""


@functools.lru_cache(maxsize=65_536)
def cents(text: str) -> int:
    """Cents of a decimal string, rounded half-up away from zero: ``"12.345"`` is 1235, ``"-0.005"`` is -1.

    Raises:
        NotAnAmount: not a plain decimal number, or 10,000,000,000.00 and more.
    """
    return scaled(text, 100)


@functools.lru_cache(maxsize=16_384)
def thousandths(text: str) -> int:
    """Thousandths of a decimal string (quantities may be weights): ``"0.25"`` is 250.

    Raises:
        NotAnAmount: not a plain decimal number, or too large.
    """
    return scaled(text, 1000)


def scaled(text: str, scale: int) -> int:
    """``text × scale`` as an integer, rounded half-up away from zero.

    Raises:
        NotAnAmount: not a plain decimal number, or past :data:`MOST_CENTS`.
    """
    if len(text) > 32 or not text.isascii() or text.strip("+-0123456789.") or not text:
        raise NotAnAmount(f"{text[:40]!r} is not a decimal number.")
    try:
        number = int((Decimal(text) * scale).quantize(Decimal(1), ROUND_HALF_UP))
    except InvalidOperation:
        raise NotAnAmount(f"{text[:40]!r} is not a decimal number.") from None
    if abs(number) >= MOST_CENTS:
        raise NotAnAmount(f"{text[:40]!r} is larger than any amount that daybook keeps.")
    return number


def amount(number: int) -> Decimal:
    """Cents as a decimal with two places: 1235 is ``Decimal("12.35")``."""
    return Decimal(number).scaleb(-2).quantize(_CENT)


def shown(number: int) -> str:
    """Cents as the decimal string of every answer: 1235 is ``"12.35"``, -5 is ``"-0.05"``."""
    whole, part = divmod(abs(number), 100)
    return f"{'-' if number < 0 else ''}{whole}.{part:02d}"


def round_half_up(number: Decimal, places: Decimal = _CENT) -> Decimal:
    """The number rounded half-up (away from zero on a tie) to the places of ``places``."""
    return number.quantize(places, ROUND_HALF_UP)


def line(price_cents: int, quantity_milli: int) -> int:
    """Price of one × quantity, rounded half-up away from zero to the cent.

    Args:
        price_cents: the price of one.
        quantity_milli: the quantity in thousandths.

    Raises:
        NotAnAmount: the product is larger than any amount.
    """
    if quantity_milli == 1000:  # one piece: by far the most lines of a day
        return price_cents
    product = price_cents * quantity_milli
    rounded = (abs(product) + 500) // 1000
    if rounded >= MOST_CENTS:
        raise NotAnAmount("A line of price × quantity is larger than any amount that daybook keeps.")
    return rounded if product >= 0 else -rounded


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` cents out in proportion to ``weights`` so that the shares add up to the cent.

    Largest remainder; ties go to the earlier share. Weights that sum to zero share equally. The sign of a weight is
    disregarded: a share's direction is the total's.

    Raises:
        ValueError: there is nobody to share with and something to share.
    """
    if not weights:
        if total:
            raise ValueError("An amount cannot be shared out among nobody.")
        return []
    sizes = [abs(weight) for weight in weights]
    whole = sum(sizes)
    if whole == 0:
        sizes, whole = [1] * len(sizes), len(sizes)
    sign = -1 if total < 0 else 1
    shares = [abs(total) * size // whole for size in sizes]
    remainders = [abs(total) * size % whole for size in sizes]
    missing = abs(total) - sum(shares)
    for index in sorted(range(len(sizes)), key=lambda at: (-remainders[at], at))[:missing]:
        shares[index] += 1
    return [sign * share for share in shares]
