"""Taxes: the check's own amounts by name, never recomputed; inclusive ones are inside the lines or not."""

import pytest

from domain.records import Tax
from tests.adapters.files.assembling.build import Row, left, paid, sale, tax, ticket


@pytest.mark.parametrize(
    ("rows", "stated"),
    [
        pytest.param([], (), id="none"),
        pytest.param([tax("0.83")], (Tax("Sales Tax", 83),), id="one"),
        pytest.param([tax("0.50"), tax("0.33")], (Tax("Sales Tax", 83),), id="one in two rows"),
        pytest.param([tax("0.83"), tax("0.10", "7")], (Tax("7", 10), Tax("Sales Tax", 83)), id="one that is unknown"),
        pytest.param([tax("0.83", "01")], (Tax("01", 83),), id="01 is not 1"),
        pytest.param([tax("-0.83")], (Tax("Sales Tax", -83),), id="given back"),
        pytest.param([tax("0.83"), tax("0.00", "2")], (Tax("Sales Tax", 83), Tax("VAT", 0, inclusive=True)), id="zero"),
        pytest.param([tax("0.83", inclusive="true")], (Tax("Sales Tax", 83, inclusive=True),), id="the row: inside"),
        pytest.param([tax("0.83", "2", inclusive="false")], (Tax("VAT", 83),), id="the row: on top"),
        pytest.param([tax("0.83", "2")], (Tax("VAT", 83, inclusive=True),), id="the definition says inside"),
    ],
)
def test_the_taxes_of_a_check_by_name(rows: list[Row], stated: tuple[Tax, ...]) -> None:
    """The source's amounts, summed by name; whether one is inclusive its row says, else its definition."""
    found = ticket(sales_detail=[sale()], tax_details=rows)
    assert found.stated_taxes == stated
    assert found.stated_tax_cents == sum(one.amount_cents for one in stated)
    assert (found.taxes, found.tax_cents) == ((), 0)


def test_inclusive_taxes_are_taken_out_of_the_lines() -> None:
    """A shirt of 18.00 with 1.18 inside is 16.82 of sales; the guest saw 18.00 and paid it."""
    found = ticket(sales_detail=[sale(gross="18.00")], tax_details=[tax("1.18", "2")], payments=[paid("18.00")])
    (shirt,) = found.items
    assert (shirt.amount_cents, shirt.price_cents, left(found)) == (1682, 1800, 0)


def test_a_file_may_state_lines_without_their_inclusive_taxes() -> None:
    """16.82 and 1.18 of inclusive tax, 18.00 paid: only with the lines as they are it balances."""
    found = ticket(sales_detail=[sale(gross="16.82")], tax_details=[tax("1.18", "2")], payments=[paid("18.00")])
    assert (found.items[0].amount_cents, left(found)) == (1682, 0)
    assert found.stated_taxes == (Tax("VAT", 118, inclusive=True),)


def test_inclusive_taxes_are_shared_out_to_the_cent() -> None:
    """0.10 inside three lines of 1.00 are 0.04, 0.03 and 0.03; a line that was given back bears none."""
    sales = [sale(ordinal=str(number), gross="1.00") for number in (1, 2, 3)]
    back = sale(ordinal="4", gross="-1.00")
    found = ticket(sales_detail=[*sales, back], tax_details=[tax("0.10", "2")], payments=[paid("2.00")])
    assert [item.amount_cents for item in found.items] == [96, 97, 97, -100]
    assert left(found) == 0


@pytest.mark.parametrize(
    ("sales", "lines"),
    [
        pytest.param([], [], id="no lines"),
        pytest.param([sale(gross="0.00")], [0], id="lines for nothing"),
        pytest.param([sale(gross="-5.00")], [-500], id="lines that were only given back"),
    ],
)
def test_inclusive_taxes_that_are_inside_nothing_change_no_line(sales: list[Row], lines: list[int]) -> None:
    """The tax is stated all the same."""
    found = ticket(sales_detail=sales, tax_details=[tax("1.00", "2")])
    assert [item.amount_cents for item in found.items] == lines
    assert found.stated_tax_cents == 100
