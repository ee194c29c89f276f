"""Money: exact cents, rounded half-up once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MOST_CENTS, NotAnAmount, allocate, amount, cents, line, round_half_up, shown, thousandths


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        (" 1", None),
        ("1e3", None),
        ("NaN", None),
        ("Infinity", None),
        ("1,234.50", None),
        ("--1", None),
        ("1-1", None),
        (".", None),
        ("٣", None),
        ("1_000", None),
        ("9" * 33, None),
        (str(MOST_CENTS // 100), None),
        ("0", 0),
        ("-0.00", 0),
        ("12.30", 1230),
        ("12.345", 1235),
        ("12.344999", 1234),
        ("-12.345", -1235),
        ("-0.005", -1),
        ("0.004", 0),
        ("+1", 100),
        (".5", 50),
        ("9999999999.99", MOST_CENTS - 1),
    ],
)
def test_cents_of_a_decimal_string(text: str, expected: int | None) -> None:
    """A plain decimal string is an amount, rounded half-up away from zero; everything else is refused by name."""
    if expected is None:
        with pytest.raises(NotAnAmount, match=r"decimal number|larger than any amount"):
            cents(text)
    else:
        assert cents(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("1", 1000), ("0.25", 250), ("-2", -2000), ("0.0005", 1)])
def test_quantities_are_thousandths(text: str, expected: int) -> None:
    """Quantities may be weights, to three places."""
    assert thousandths(text) == expected


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (1235, "12.35"), (-100, "-1.00"), (99, "0.99")]
)
def test_cents_are_shown_with_two_places(number: int, text: str) -> None:
    """Every way out of the program shows two decimal places."""
    assert shown(number) == text
    assert str(amount(number)) == text


@given(st.integers(1 - MOST_CENTS, MOST_CENTS - 1))
def test_what_is_shown_reads_back(number: int) -> None:
    """Showing and reading are each other's inverse, to the cent."""
    assert cents(shown(number)) == number


@pytest.mark.parametrize(
    ("price", "quantity", "expected"),
    [(995, 1000, 995), (125, 3000, 375), (333, 1500, 500), (333, -1500, -500), (1, 500, 1), (1, 499, 0), (0, 9, 0)],
)
def test_a_line_is_price_times_quantity(price: int, quantity: int, expected: int) -> None:
    """A line is rounded half-up once, away from zero for refunds too."""
    assert line(price, quantity) == expected


def test_a_line_has_a_bound_too() -> None:
    """An amount and a quantity that are each possible can multiply to one that is not: that is refused."""
    with pytest.raises(NotAnAmount, match="larger than any amount"):
        line(MOST_CENTS - 1, 9_000_000_000)


def test_rounding_is_half_up() -> None:
    """Half a cent goes up, away from zero."""
    assert round_half_up(Decimal("0.125")) == Decimal("0.13")
    assert round_half_up(Decimal("-0.125")) == Decimal("-0.13")


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (31, [10, 10, 10], [11, 10, 10]),
        (5, [0, 0], [3, 2]),
        (0, [], []),
        (10, [3, -3], [5, 5]),
        (7, [0, 5], [0, 7]),
    ],
)
def test_a_total_is_shared_out_by_largest_remainder(total: int, weights: list[int], shares: list[int]) -> None:
    """Shares follow the weights, and ties go to the earlier one."""
    assert allocate(total, weights) == shares


def test_nobody_cannot_share() -> None:
    """An amount without anybody to carry it is an error, not a loss."""
    with pytest.raises(ValueError, match="among nobody"):
        allocate(1, [])


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=40))
def test_shares_add_up_to_the_cent(total: int, weights: list[int]) -> None:
    """Whatever the weights, no cent is lost or made, and no share is a cent further off than its exact part."""
    shares = allocate(total, weights)
    assert sum(shares) == total
    whole = sum(map(abs, weights))
    if whole:
        assert all(
            abs(abs(share) - abs(total) * abs(weight) / whole) < 1
            for share, weight in zip(shares, weights, strict=True)
        )
