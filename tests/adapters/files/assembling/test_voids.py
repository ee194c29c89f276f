"""Voids: a pair of a line and an entry, which is in Sales Detail or not; the identity of the check says which."""

import pytest

from domain.records import VoidMark
from tests.adapters.files.assembling.build import Row, left, modified, net_sales, paid, sale, tax, ticket, utc, void

BURGER = sale()
SOUP = sale(ordinal="2", number="2002", gross="8.00")


def test_a_void_whose_line_is_in_sales_detail_marks_it() -> None:
    """Burger 10.00 and soup 8.00, the soup voided, 10.83 paid: only with the void paying for the soup it balances."""
    found = ticket(
        sales_detail=[BURGER, SOUP],
        tax_details=[tax("0.83")],
        payments=[paid("10.83")],
        voids=[void("8.00", "2002", Void_Name="Cold", Void_Time="2026-11-20T18:30:00", Void_EmployeeNumber="9")],
    )
    soup = found.items[1]
    assert soup.void == VoidMark("Cold", utc("2026-11-20 23:30"), "9")
    assert [(entry.item, entry.amount_cents, entry.matched) for entry in found.voids] == [("2", 800, True)]
    assert (left(found), net_sales([found])) == (0, 1000)


def test_a_void_whose_line_is_not_there_brings_its_pair_whole() -> None:
    """Only the burger is in Sales Detail and is paid: line and entry of the soup are added, and net sales stay."""
    found = ticket(
        sales_detail=[BURGER],
        tax_details=[tax("0.83")],
        payments=[paid("10.83")],
        voids=[void("8.00", "2002", Void_Name="Cold", Void_Quantity="2")],
    )
    (soup,) = [item for item in found.items if item.void is not None]
    assert (soup.name, soup.category, soup.amount_cents, soup.price_cents, soup.quantity_milli) == (
        "Soup",
        "Food",
        800,
        400,
        2000,
    )
    assert [(entry.item, entry.amount_cents, entry.matched) for entry in found.voids] == [(soup.id, 800, True)]
    assert (left(found), net_sales([found])) == (0, 1000)


def test_of_two_soups_one_may_be_voided_and_not_listed() -> None:
    """A line of the same item and amount proves nothing by itself: the guest paid for the soup that is listed."""
    found = ticket(sales_detail=[SOUP], payments=[paid("8.00")], voids=[void("8.00", "2002")])
    assert [item.void is None for item in found.items] == [True, False]
    assert (left(found), net_sales([found])) == (0, 800)


@pytest.mark.parametrize(
    ("sales", "voids", "paid_for", "voided"),
    [
        pytest.param([BURGER, SOUP], [void("-8.00", "2002")], "10.00", ["2"], id="amounts without their sign"),
        pytest.param(
            [modified("2101", "1.50"), SOUP],
            [void("11.50", "2001")],
            "8.00",
            ["1", "1.2101"],
            id="an item with its modifiers",
        ),
        pytest.param([modified("2101", "1.50"), SOUP], [void("1.50", "2101")], "18.00", ["1.2101"], id="a modifier"),
        pytest.param([modified("2101", "1.50")], [void("10.00", "2001")], "1.50", ["1"], id="no modifier"),
        pytest.param([BURGER, SOUP], [void("18.00")], "0.00", ["1", "2"], id="the whole check"),
        pytest.param([BURGER, SOUP], [void("8.00")], "10.00", ["2"], id="a line that only its amount tells"),
        pytest.param(
            [sale(gross="30.00", ItemSale_Quantity="3")],
            [void("10.00", "2001", Void_Quantity="1", Void_Time="2026-11-20T18:30:00")],
            "20.00",
            ["1/2001@18:30:00"],
            id="one of three pieces",
        ),
        pytest.param(
            [sale(gross="30.00", ItemSale_Quantity="3")],
            [
                void("10.00", "2001", Void_Quantity="1", Void_Time="2026-11-20T18:30:00"),
                void("10.00", "2001", Void_Quantity="1", Void_Time="2026-11-20T18:40:00"),
            ],
            "10.00",
            ["1/2001@18:30:00", "1/2001@18:40:00"],
            id="two of three pieces, one by one",
        ),
        pytest.param(
            [BURGER, sale(ordinal="3"), SOUP],
            [void("10.00", "2001"), void("10.00", "2001")],
            "8.00",
            ["1", "3"],
            id="two lines that are alike",
        ),
        pytest.param(
            [BURGER, SOUP],
            [void("8.00", "2002"), void("5.00", "2001")],
            "10.00",
            ["2", "void:2001@5.00"],
            id="one is listed, the other fits no line",
        ),
        pytest.param(
            [BURGER, SOUP, sale(ordinal="3", number="2003", gross="3.00")],
            [void("8.00", "2002"), void("3.00", "2003")],
            "13.00",
            ["2", "void:2003@3.00"],
            id="one is listed, the other was paid for",
        ),
        pytest.param([BURGER], [void("8.00")], "10.00", ["void:@8.00"], id="neither item nor line"),
        pytest.param(
            [sale(ItemSale_Quantity="2"), sale(ordinal="3"), SOUP],
            [void("10.00", "2001", Void_Quantity="1")],
            "18.00",
            ["3"],
            id="of two lines the one with as many pieces",
        ),
    ],
)
def test_which_lines_a_void_pays_for(sales: list[Row], voids: list[Row], paid_for: str, voided: list[str]) -> None:
    """By item and amount, with modifiers, as a part, or the whole check; whatever it is, the ticket balances."""
    found = ticket(sales_detail=sales, payments=[paid(paid_for)], voids=voids)
    assert sorted(item.id for item in found.items if item.void is not None) == sorted(voided)
    assert sorted(entry.item for entry in found.voids) == sorted(voided)
    assert left(found) == 0


def test_a_void_of_another_item_marks_no_line_of_the_same_amount() -> None:
    """The soup was voided, and only the burger has its amount: what is not paid stays to be seen."""
    found = ticket(sales_detail=[BURGER, SOUP], payments=[paid("8.00")], voids=[void("10.00", "2002")])
    assert [item.id for item in found.items if item.void is not None] == ["void:2002@10.00"]
    assert left(found) == 1000


def test_a_void_of_a_whole_check_with_its_tax_takes_the_tax_back() -> None:
    """Burger 10.00 and tax 0.83, all 10.83 voided and nothing paid: no sale and no tax is left."""
    found = ticket(sales_detail=[BURGER], tax_details=[tax("0.83")], voids=[void("10.83")])
    assert (found.stated_taxes, found.stated_tax_cents) == ((), 0)
    assert (left(found), net_sales([found])) == (0, 0)


def test_the_rest_of_a_line_keeps_its_price() -> None:
    """Of three burgers for 30.00 one was voided: two at 10.00 are left, and one at 10.00 is voided."""
    found = ticket(
        sales_detail=[sale(gross="30.00", ItemSale_Quantity="3")],
        payments=[paid("20.00")],
        voids=[void("10.00", "2001", Void_Quantity="1")],
    )
    assert [(item.amount_cents, item.price_cents, item.quantity_milli, item.number) for item in found.items] == [
        (2000, 1000, 2000, "2001"),
        (1000, 1000, 1000, "2001"),
    ]


def test_without_payments_a_void_says_nothing_about_the_lines() -> None:
    """Nothing is proved before the check is paid for: the pair is added, and net sales stay as they were."""
    before = ticket(sales_detail=[BURGER, SOUP])
    after = ticket(sales_detail=[BURGER, SOUP], voids=[void("8.00", "2002")])
    assert net_sales([after]) == net_sales([before]) == 1800


def test_more_voids_than_can_be_told_apart_are_all_listed_or_none() -> None:
    """Five voided lines that nobody paid for are all in Sales Detail."""
    sales = [sale(ordinal=str(number), number=f"30{number}", gross=f"{number}.00") for number in range(1, 7)]
    voids = [void(f"{number}.00", f"30{number}") for number in range(1, 6)]
    found = ticket(sales_detail=sales, voids=voids, payments=[paid("6.00")])
    assert [item.void is not None for item in found.items] == [True] * 5 + [False]
    assert left(found) == 0


def test_rounding_does_not_hide_where_a_line_is() -> None:
    """Paid a cent less than the check has: the soup that was voided is still the one in Sales Detail."""
    found = ticket(sales_detail=[BURGER, SOUP], payments=[paid("9.99")], voids=[void("8.00", "2002")])
    assert [item.void is not None for item in found.items] == [False, True]
    assert left(found) == 1
