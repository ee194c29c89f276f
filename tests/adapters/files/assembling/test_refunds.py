"""Refunds: beside the ticket's lines, or held by these, whole or by half; the identity says what is missing."""

import pytest

from domain.records import Refund, Tax
from tests.adapters.files.assembling.build import Row, left, net_sales, paid, refund, sale, tax, ticket, utc

BURGER = sale(OrderModeName="Dine In", RevenueCenterName="Bar")
BACK = sale(ordinal="2", gross="-10.00", ItemSale_Quantity="-1", OrderModeName="Dine In", RevenueCenterName="Bar")


def test_a_refund_becomes_a_record_field_by_field() -> None:
    """All columns but the daypart, which its time says; names stand for numbers."""
    row = refund(
        "10.83",
        "0.83",
        Refund_RefundName="Cold Food",
        Refund_ItemNumber="2001",
        Refund_TenderNumber="2",
        Refund_TaxNumber="1",
        Refund_Quantity="1",
        Refund_OrderModeName="To Go",
        Refund_RevenueCenterName="Bar",
        Refund_Time="2026-11-20T20:15:00",
        Refund_EmployeeNumber="101",
        Refund_ManagerEmployeeNumber="100",
        Refund_DrawerNumber="7",
        Refund_Notes="Sent back",
    )
    found = ticket(sales_detail=[BURGER], tax_details=[tax("0.83")], payments=[paid("10.83")], refunds=[row])
    assert found.refunds == (
        Refund(
            "Cold Food@20:15:00",
            "Cold Food",
            1083,
            83,
            "Sales Tax",
            "Visa",
            "2001",
            1000,
            "To Go",
            "",
            utc("2026-11-21 01:15"),
            "101",
            "100",
            "7",
            "Sent back",
            "Food",
        ),
    )


@pytest.mark.parametrize(
    ("amount", "stated_tax", "sales", "total", "in_it"),
    [
        pytest.param("10.83", "0.83", [BURGER], 1083, 83, id="the total amount has the tax in it"),
        pytest.param("-10.83", "-0.83", [BURGER], 1083, 83, id="amounts with the other sign"),
        pytest.param("10.00", "", [BURGER], 1000, 0, id="no tax"),
        pytest.param("10.00", "0.83", [BURGER], 1083, 83, id="exactly the line's amount, so the tax comes on top"),
        pytest.param("10.00", "0.83", [], 1000, 83, id="the line is on another day: the column's word counts"),
    ],
)
def test_what_a_refund_gave_back(amount: str, stated_tax: str, sales: list[Row], total: int, in_it: int) -> None:
    """All of it, and the tax in it; both positive."""
    found = ticket(sales_detail=sales, refunds=[refund(amount, stated_tax, Refund_ItemNumber="2001")])
    assert [(one.amount_cents, one.tax_cents) for one in found.refunds] == [(total, in_it)]


SOLD, PAID, GIVEN_BACK = tax("0.83"), paid("10.83", tender="2"), paid("-10.83", tender="2")
TAX_BACK = tax("-0.83")
BOTH_SIDES = {"sales_detail": [BURGER], "tax_details": [SOLD], "payments": [PAID]}


@pytest.mark.parametrize(
    ("files", "held", "net"),
    [
        pytest.param(BOTH_SIDES, False, 0, id="beside the lines"),
        pytest.param(
            {"sales_detail": [BURGER, BACK], "tax_details": [SOLD, TAX_BACK], "payments": [PAID, GIVEN_BACK]},
            True,
            0,
            id="among the lines and the payments",
        ),
        pytest.param(
            {"sales_detail": [BURGER], "tax_details": [SOLD], "payments": [PAID, GIVEN_BACK]},
            True,
            0,
            id="among the payments only",
        ),
        pytest.param(
            {"sales_detail": [BURGER], "tax_details": [SOLD, TAX_BACK], "payments": [PAID, GIVEN_BACK]},
            True,
            0,
            id="among the payments, and the tax is netted",
        ),
        pytest.param(
            {"sales_detail": [BURGER, BACK], "tax_details": [SOLD, TAX_BACK], "payments": [PAID]},
            True,
            0,
            id="among the lines only",
        ),
        pytest.param(
            {"sales_detail": [BURGER, BACK], "tax_details": [SOLD], "payments": [PAID]},
            True,
            0,
            id="among the lines, and the tax is not netted",
        ),
        pytest.param({"payments": [GIVEN_BACK]}, True, -1000, id="of a check of an earlier day, among the payments"),
        pytest.param({}, False, -1000, id="of a check of an earlier day, alone"),
    ],
)
def test_a_refund_counts_once_wherever_it_is_said(files: dict[str, list[Row]], held: bool, net: int) -> None:
    """A burger of 10.00 with 0.83 of tax was paid and given back: nothing is sold, nothing is left, no tax is owed."""
    found = ticket(
        refunds=[refund("10.83", "0.83", Refund_ItemNumber="2001", Refund_TenderNumber="2", Refund_TaxNumber="1")],
        **files,
    )
    (one,) = found.refunds
    assert one.in_details is held
    assert (left(found), net_sales([found])) == (0, net)
    owed = found.stated_tax_cents - (0 if held else one.tax_cents)
    kept = sum(payment.amount_cents for payment in found.payments) - (0 if held else one.amount_cents)
    assert (owed, kept) == ((0, 0) if net == 0 else (-83, -1083))


def test_of_two_refunds_one_may_be_among_the_lines() -> None:
    """Each is looked for by itself."""
    found = ticket(
        sales_detail=[BURGER, BACK, sale(ordinal="3", number="2002", gross="8.00")],
        payments=[paid("18.00"), paid("-10.00")],
        refunds=[refund("10.00", Refund_ItemNumber="2001"), refund("8.00", Refund_ItemNumber="2002")],
    )
    assert [(one.item, one.in_details) for one in found.refunds] == [("2001", True), ("2002", False)]
    assert (left(found), net_sales([found])) == (0, 0)


def test_a_refund_in_two_lines_is_held_by_their_sum() -> None:
    """10.00 given back, as 6.00 and 4.00."""
    found = ticket(
        sales_detail=[BURGER, sale(ordinal="2", gross="-6.00"), sale(ordinal="3", gross="-4.00")],
        payments=[paid("10.00"), paid("-10.00")],
        refunds=[refund("10.00")],
    )
    assert (found.refunds[0].in_details, net_sales([found]), left(found)) == (True, 0, 0)


def test_a_refund_in_two_lines_and_two_payments_is_held_by_their_sums() -> None:
    """10.00 given back, as 6.00 and 4.00 on both sides."""
    found = ticket(
        sales_detail=[BURGER, sale(ordinal="2", gross="-6.00"), sale(ordinal="3", gross="-4.00")],
        payments=[paid("10.00"), paid("-6.00"), paid("-4.00")],
        refunds=[refund("10.00")],
    )
    assert (found.refunds[0].in_details, net_sales([found]), left(found)) == (True, 0, 0)


@pytest.mark.parametrize(
    ("given_back", "number", "total"),
    [
        pytest.param("-10.83", "", 1083, id="the payment gave back the amount and the tax"),
        pytest.param("-10.00", "2001", 1000, id="the payment gave back the amount, and the tax is in it"),
    ],
)
def test_a_payment_says_what_a_refund_gave_back(given_back: str, number: str, total: int) -> None:
    """It goes over what the line's amount suggests."""
    found = ticket(
        sales_detail=[BURGER],
        payments=[paid(given_back)],
        refunds=[refund("10.00", "0.83", Refund_ItemNumber=number)],
    )
    assert [(one.amount_cents, one.tax_cents) for one in found.refunds] == [(total, 83)]


def test_the_added_half_goes_by_the_refund_or_else_by_the_check() -> None:
    """Tender and tax that the refund does not name are those of the check, where it has one of each."""
    named = ticket(
        sales_detail=[BURGER, BACK],
        tax_details=[SOLD],
        payments=[PAID],
        refunds=[refund("10.83", "0.83", Refund_TenderNumber="1", Refund_TaxNumber="7")],
    )
    assert [(one.tender, one.tender_type, one.amount_cents) for one in named.payments] == [
        ("Visa", "non-cash", 1083),
        ("Cash", "cash", -1083),
    ]
    assert named.stated_taxes == (Tax("7", -83), Tax("Sales Tax", 83))
    unnamed = ticket(
        sales_detail=[BURGER, BACK], tax_details=[SOLD], payments=[PAID], refunds=[refund("10.83", "0.83")]
    )
    assert [one.tender for one in unnamed.payments] == ["Visa", "Visa"]
    assert unnamed.stated_taxes == (Tax("Sales Tax", 0),)
    mixed = ticket(
        sales_detail=[BURGER, BACK],
        tax_details=[tax("0.40"), tax("0.43", "7")],
        payments=[paid("5.00"), paid("5.83", tender="2")],
        refunds=[refund("10.83", "0.83")],
    )
    assert [one.tender for one in mixed.payments] == ["Cash", "Visa", "Refund"]
    assert mixed.stated_taxes == (Tax("7", 43), Tax("Sales Tax", 40), Tax("Tax", -83))
    assert [left(one) for one in (named, unnamed, mixed)] == [0, 0, 0]


def test_change_is_no_refund() -> None:
    """A negative payment of another amount is change that was given: the refund stays beside."""
    found = ticket(
        sales_detail=[BURGER], payments=[paid("20.00"), paid("-10.00", tender="2")], refunds=[refund("4.00")]
    )
    assert (found.refunds[0].in_details, net_sales([found])) == (False, 600)
