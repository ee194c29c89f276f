"""Discounts: rows of their own file beside comps and promos of lines, which they may say once more."""

import pytest

from tests.adapters.files.assembling.build import Row, comped, discount, left, paid, row, sale, ticket, utc

COMPED = sale(gross="20.00", **comped("Staff", "5.00"))


@pytest.mark.parametrize(
    ("sales", "rows", "paid_for", "given"),
    [
        pytest.param([COMPED], [], "15.00", [500], id="only of the line"),
        pytest.param([sale(gross="20.00")], [discount("Staff", "5.00")], "15.00", [500], id="only in Discounts"),
        pytest.param([COMPED], [discount("Staff", "5.00")], "15.00", [500], id="the row says it again"),
        pytest.param([COMPED], [discount("Staff", "5.00")], "10.00", [500, 500], id="the row is another one"),
        pytest.param([COMPED], [discount("Staff", "5.00")], "", [500], id="nothing is paid, so nothing is proved"),
        pytest.param([COMPED], [discount("Staff", "5.00")], "15.01", [500], id="proved but for rounding"),
        pytest.param([COMPED], [discount("Manager", "5.00")], "15.00", [500], id="the same under another name"),
        pytest.param([COMPED], [discount("Manager", "5.00")], "10.00", [500, 500], id="another name and another one"),
        pytest.param([COMPED], [discount("Manager", "5.00")], "", [500, 500], id="another name, and nothing proved"),
        pytest.param([COMPED], [discount("Manager", "3.00")], "12.00", [300, 500], id="another amount"),
        pytest.param(
            [COMPED], [discount("Staff", "5.00", kind="Promo")], "15.00", [500], id="the same as a promo, if proved"
        ),
        pytest.param(
            [COMPED, sale(ordinal="2", gross="20.00", **comped("Staff", "4.00"))],
            [discount("Staff", "9.00")],
            "31.00",
            [400, 500],
            id="the row sums two lines up",
        ),
        pytest.param(
            [COMPED, sale(ordinal="2", gross="20.00", **comped("Staff", "4.00"))],
            [discount("Staff", "9.00")],
            "22.00",
            [400, 500, 900],
            id="a row like the sum is another one",
        ),
        pytest.param(
            [COMPED],
            [discount("Staff", "5.00"), discount("Manager", "2.00")],
            "13.00",
            [200, 500],
            id="one says it again, one is of the whole check",
        ),
        pytest.param(
            [COMPED],
            [discount("Staff", "5.00"), discount("Staff", "5.00")],
            "10.00",
            [500, 500],
            id="of two that are alike one says it again",
        ),
    ],
)
def test_a_discount_counts_once(sales: list[Row], rows: list[Row], paid_for: str, given: list[int]) -> None:
    """A row with kind, name and amount of a line's comp or promo says it again, unless the identity says otherwise."""
    found = ticket(sales_detail=sales, discounts=rows, payments=[paid(paid_for)] if paid_for else [])
    assert sorted(one.amount_cents for one in found.discounts) == given
    assert not paid_for or abs(left(found)) <= 1


def test_what_the_row_knows_beyond_the_line_is_kept() -> None:
    """The comp stays with its line, and takes time, person and drawer from the row that says it again."""
    known = {"Comp_Time": "2026-11-20T18:40:00", "Comp_EmployeeNumber": "9", "Comp_DrawerNumber": "7"}
    found = ticket(sales_detail=[COMPED], discounts=[discount("Staff", "5.00", **known)], payments=[paid("15.00")])
    (one,) = found.discounts
    assert (one.id, one.item, one.at, one.by, one.drawer) == (
        "1:comp:Staff",
        "1",
        utc("2026-11-20 23:40"),
        "9",
        "7",
    )


def test_a_row_may_have_a_comp_and_a_promo() -> None:
    """They are two discounts; without a name they go by what they are."""
    both = row(CompPromo_CheckNumber="1001", Comp_Amount="2.00", Promo_Amount="1.00", Promo_PromoName="Happy Hour")
    found = ticket(sales_detail=[sale()], discounts=[both], payments=[paid("7.00")])
    assert [(one.kind, one.name, one.amount_cents, one.item) for one in found.discounts] == [
        ("comp", "Comp", 200, ""),
        ("promo", "Happy Hour", 100, ""),
    ]
    assert left(found) == 0
