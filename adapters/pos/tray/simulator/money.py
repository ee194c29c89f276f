"""Cents, thousandths of a quantity, and the one way in which this POS rounds: half up, away from zero."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
RATE_UNIT = 100_000  # tax rates are integers of 1/100,000: 8.25 % is 8,250
WHOLE = 1_000  # quantities are integers of 1/1,000


def text(cents: int) -> str:
    """Write cents as the contract's decimal string."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def cents(amount: str) -> int:
    """Read a decimal string into cents, rounded half up."""
    return int(rounded(Decimal(amount)).scaleb(2))


def rounded(amount: Decimal) -> Decimal:
    """Round to the cent, half up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share(amount: int, numerator: int, denominator: int) -> int:
    """Answer amount × numerator ÷ denominator in whole cents, half up and away from zero."""
    product = amount * numerator
    half = denominator // 2
    return (product + half) // denominator if product >= 0 else -((-product + half) // denominator)


def line(quantity: int, price: int) -> int:
    """Answer the cents of a line of ``quantity`` thousandths at ``price`` cents."""
    return share(price, quantity, WHOLE)


def quantity_text(quantity: int) -> str:
    """Write thousandths as a decimal string without idle zeros: 1000 is ``1``, 500 is ``0.5``."""
    whole, rest = divmod(abs(quantity), WHOLE)
    sign = "-" if quantity < 0 else ""
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")
