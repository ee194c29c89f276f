"""Tickets: rows of eight kinds joined by check number, parents counted once."""

import datetime as dt

import pytest

from domain.records import Discount, Item, NonSale, Payment, Surcharge, Tax, Ticket
from tests.adapters.files.assembling.build import (
    DATE,
    Row,
    comped,
    discount,
    left,
    modified,
    paid,
    read,
    row,
    sale,
    tax,
    ticket,
    tickets,
    utc,
    void,
)


def test_a_check_becomes_a_ticket_field_by_field() -> None:
    """Everything that eight files say of a check is on its ticket, by the names that the numbers stand for."""
    head = {
        "RevenueCenterName": "Bar",
        "OrderModeName": "Dine In",
        "EmployeeNumber": "101",
        "GuestCount": "2",
        "TableName": "12",
    }
    found = ticket(
        sales_detail=[
            sale(ItemSale_EmployeeNumber="101", ItemSale_RevenueCenterName="Bar", ItemSale_Quantity="2", **head),
            modified("2101", "1.50", ordinal="2", number="2002", gross="8.00", ItemSale_EmployeeNumber="102", **head),
        ],
        payments=[
            paid(
                "19.83",
                tender="2",
                tip="3.00",
                Payment_Time="2026-11-20T19:10:00",
                Payment_EmployeeNumber="102",
                Payment_TenderIdentity="4242",
                Payment_DrawerNumber="7",
                Payment_AutoGratuityName="Large Party",
                Payment_AutogratuityAmount="2.00",
                Payment_GuestName="A. Guest",
            )
        ],
        discounts=[discount("Manager", "2.00", Comp_Time="2026-11-20T18:40:00", Comp_EmployeeNumber="9")],
        surcharges=[
            row(
                Surcharge_CheckNumber="1001",
                Surcharge_Amount="1.00",
                Surcharge_Name="Kitchen Fee",
                Surcharge_EmployeeNumber="101",
            )
        ],
        non_sales_revenue=[
            row(
                NonSalesRevenue_CheckNumber="1001",
                NonSalesRevenue_Amount="0.50",
                NonSalesRevenue_Name="Event Deposit",
                NonSalesRevenue_Quantity="2",
                NonSalesRevenue_RevenueCenterName="Patio",
            )
        ],
        tax_details=[tax("0.83")],
        voids=[],
        refunds=[],
    )
    assert found == Ticket(
        id="1001@2026-11-20",
        number="1001",
        business_date=DATE,
        opened_at=utc("2026-11-20 23:05"),
        closed_at=dt.datetime(2026, 11, 21, 0, 10, 30, tzinfo=dt.UTC),
        service_type="Dine In",
        revenue_center="Bar",
        server="101",
        guests=2,
        table="12",
        items=(
            Item("1", "Burger", "Food", 1000, 500, 2000, number="2001"),
            Item("2", "Soup", "Food", 800, 800, number="2002", by="102"),
            Item("2.2101", "Bacon", "Extras", 150, 150, parent="2", number="2101", by="102"),
        ),
        discounts=(Discount("comp:Manager@18:40:00", "Manager", 200, "comp", at=utc("2026-11-20 23:40"), by="9"),),
        payments=(
            Payment(
                "2@19:10:00",
                "Visa",
                1983,
                300,
                200,
                "Large Party",
                "2",
                "non-cash",
                utc("2026-11-21 00:10"),
                "102",
                "4242",
                "7",
            ),
        ),
        surcharges=(Surcharge("Kitchen Fee@1.00", "Kitchen Fee", 100, by="101"),),
        non_sales=(NonSale("Event Deposit@0.50", "Event Deposit", 50, 2000, "Patio"),),
        stated_taxes=(Tax("Sales Tax", 83),),
        stated_tax_cents=83,
    )
    assert left(found) == 0


def test_one_check_number_is_not_another() -> None:
    """01 and 1 are two checks, and 01 and 1 are two tenders."""
    found = tickets(
        sales_detail=[sale("1", gross="5.00"), sale("01", gross="7.00")],
        payments=[paid("5.00", "1", tender="01"), paid("7.00", "01", tender="1")],
    )
    assert [(one.number, one.items[0].amount_cents, one.payments[0].tender) for one in found] == [
        ("01", 700, "Cash"),
        ("1", 500, "Voucher"),
    ]


def test_the_same_number_on_another_day_is_another_check() -> None:
    """The key of a ticket has its business date, for points of sale begin to count anew; the number is as it was."""
    found = ticket(sales_detail=[sale()])
    assert (found.key, found.number) == ("1001@2026-11-20", "1001")


BURGER, BACON, CHEESE = ("1", "2001", 1000), ("1.2101", "2101", 150), ("1.2102", "2102", 100)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param([sale()], [BURGER], id="an item without modifiers"),
        pytest.param([modified("2101", "1.50")], [BURGER, BACON], id="an item with one modifier"),
        pytest.param(
            [modified("2101", "1.50"), modified("2102", "1.00")],
            [BURGER, BACON, CHEESE],
            id="the item repeats on each modifier's row",
        ),
        pytest.param(
            [sale(), modified("2101", "1.50"), modified("2102", "1.00")],
            [BURGER, BACON, CHEESE],
            id="the item has a row of its own as well",
        ),
        pytest.param(
            [modified("2101", "1.50"), modified("2101", "1.50")],
            [BURGER, BACON, ("1.2101#2", "2101", 150)],
            id="the same modifier twice is two of it",
        ),
        pytest.param(
            [sale(), modified("2101", "1.50", gross="0.00")],
            [BURGER, BACON],
            id="the item's amount stands on its first row only",
        ),
        pytest.param(
            [sale(gross="0.00"), modified("2101", "0.00", gross="0.00")],
            [("1", "2001", 0), ("1.2101", "2101", 0)],
            id="an item for nothing",
        ),
        pytest.param(
            [sale(), sale(ordinal="2")],
            [BURGER, ("2", "2001", 1000)],
            id="two of one item under two ticket item numbers",
        ),
        pytest.param(
            [sale(), sale(number="2002", gross="8.00")],
            [("1-2001", "2001", 1000), ("1-2002", "2002", 800)],
            id="two items under one ticket item number",
        ),
        pytest.param(
            [sale(), sale(gross="12.00")],
            [BURGER, ("1#2", "2001", 1200)],
            id="one item at two prices under one ticket item number",
        ),
        pytest.param([sale(gross="-10.00", ItemSale_Quantity="-1")], [("1", "2001", -1000)], id="an item given back"),
        pytest.param(
            [sale(ordinal="10"), sale(ordinal="9")],
            [("9", "2001", 1000), ("10", "2001", 1000)],
            id="lines stand in the order of their numbers",
        ),
    ],
)
def test_a_row_is_an_item_with_one_of_its_modifiers(rows: list[Row], lines: list[tuple[str, str, int]]) -> None:
    """A parent counts once however many modifier rows it stands on; a modifier is a line for every row that has one."""
    found = ticket(sales_detail=rows)
    assert [(item.id, item.number, item.amount_cents) for item in found.items] == lines
    assert [item.parent for item in found.items] == [line.rpartition(".")[0] for line, *_ in lines]


def test_rows_that_are_alike_count_once_or_as_often_as_the_identity_says() -> None:
    """Two identical rows of one ticket item number are one burger, unless two were paid for."""
    alike = [sale(), sale()]
    assert len(ticket(sales_detail=alike, payments=[paid("10.00")]).items) == 1
    twice = ticket(sales_detail=alike, payments=[paid("20.00")])
    assert [(item.id, item.amount_cents) for item in twice.items] == [("1", 1000), ("1#2", 1000)]
    assert left(twice) == 0


@pytest.mark.parametrize(
    ("quantity", "gross", "price", "milli"),
    [
        ("", "10.00", 1000, 1000),
        ("1", "10.00", 1000, 1000),
        ("3", "10.00", 333, 3000),
        ("0", "10.00", 1000, 0),
        ("-1", "-10.00", 1000, -1000),
        ("-2", "-5.00", 250, -2000),
        ("2", "-5.00", -250, 2000),
        ("2", "0.01", 1, 2000),
    ],
)
def test_a_price_is_the_amount_of_one_piece(quantity: str, gross: str, price: int, milli: int) -> None:
    """The amount is the line's; the price of one follows from it, rounded half-up, and keeps the line's sign."""
    (item,) = ticket(sales_detail=[sale(gross=gross, ItemSale_Quantity=quantity)]).items
    assert (item.price_cents, item.quantity_milli) == (price, milli)


STAFF = comped("Staff", "2.00")


@pytest.mark.parametrize(
    ("rows", "given"),
    [
        pytest.param(
            [modified("2101", "1.50", **STAFF), modified("2102", "1.00", **STAFF)],
            [("1:comp:Staff", "comp", "Staff", 200)],
            id="a comp repeats with its item",
        ),
        pytest.param(
            [modified("2101", "1.50", **STAFF), modified("2102", "1.00")],
            [("1:comp:Staff", "comp", "Staff", 200)],
            id="a comp stands on one row only",
        ),
        pytest.param(
            [modified("2101", "1.50", **STAFF), modified("2102", "1.00", **comped("Staff", "1.00"))],
            [("1:comp:Staff", "comp", "Staff", 200), ("1:comp:Staff#2", "comp", "Staff", 100)],
            id="two comps of different amounts",
        ),
        pytest.param(
            [sale(**STAFF, **comped("Happy Hour", "1.00", "Promo"))],
            [("1:comp:Staff", "comp", "Staff", 200), ("1:promo:Happy Hour", "promo", "Happy Hour", 100)],
            id="a comp and a promo",
        ),
        pytest.param(
            [sale(**STAFF), sale(ordinal="2", **STAFF)],
            [("1:comp:Staff", "comp", "Staff", 200), ("2:comp:Staff", "comp", "Staff", 200)],
            id="two items, each with its comp",
        ),
    ],
)
def test_comps_and_promos_of_an_item_count_once(rows: list[Row], given: list[tuple[str, str, str, int]]) -> None:
    """What is alike in every column repeats with its item; what differs is another one."""
    found = ticket(sales_detail=rows)
    assert sorted((one.id, one.kind, one.name, one.amount_cents) for one in found.discounts) == given
    assert [one.item for one in found.discounts] == [one.id.partition(":")[0] for one in found.discounts]


def test_where_the_rows_of_a_check_disagree_most_of_them_count() -> None:
    """Opened first, closed last, the most guests, and of names what most rows say; ties go by the alphabet."""
    rows = [
        sale(RevenueCenterName="Bar", EmployeeNumber="102", GuestCount="2", OpenTime="2026-11-20T18:10:00"),
        sale(ordinal="2", RevenueCenterName="Bar", EmployeeNumber="101", GuestCount="10", OrderModeName="To Go"),
        sale(ordinal="3", RevenueCenterName="Patio", CloseTime="2026-11-20T20:00:00", GuestCount="9"),
    ]
    found = ticket(sales_detail=rows)
    assert (found.revenue_center, found.server, found.guests, found.service_type) == ("Bar", "101", 10, "To Go")
    assert (found.opened_at, found.closed_at) == (utc("2026-11-20 23:05"), utc("2026-11-21 01:00"))
    assert [item.revenue_center for item in found.items] == ["", "", ""]


def test_a_line_names_its_center_and_who_added_it_where_they_are_others() -> None:
    """What the ticket says already, its lines do not repeat."""
    row_ = sale(
        RevenueCenterName="Bar", EmployeeNumber="101", ItemSale_RevenueCenterName="Patio", ItemSale_EmployeeNumber="102"
    )
    (item,) = ticket(sales_detail=[row_]).items
    assert (item.revenue_center, item.by) == ("Patio", "102")


@pytest.mark.parametrize(
    ("cells", "opened"),
    [
        ({"OpenTime": "", "ItemSale_Time": "2026-11-20T18:20:00"}, "2026-11-20 23:20"),
        ({"OpenTime": "", "ItemSale_Time": "2026-11-20T23:20:00"}, "2026-11-21 00:10:30"),
        ({"OpenTime": ""}, "2026-11-21 00:10:30"),
    ],
)
def test_a_check_without_opening_time_was_opened_by_its_first_item(cells: dict[str, str], opened: str) -> None:
    """The earliest time of an item before the closing stands in, else the closing itself."""
    assert ticket(sales_detail=[sale(**cells)]).opened_at == utc(opened)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"payments": [paid("5.00")]}, id="payments"),
        pytest.param({"discounts": [discount("Staff", "5.00")]}, id="discounts"),
        pytest.param({"voids": [void("5.00")]}, id="voids"),
        pytest.param({"tax_details": [tax("0.40")]}, id="taxes"),
    ],
)
def test_checks_that_are_not_in_sales_detail_keep_what_other_files_say_of_them(files: dict[str, list[Row]]) -> None:
    """They are tickets of their own, and a note counts them."""
    day = read(sales_detail=[sale("1002")], **files)
    assert day.notes == ("ticket-without-details:1", *[note for note in day.notes if "employee" in note])
    bare, _ = day.records["ticket"]
    assert bare.number == "1001"
    assert bare.payments or bare.discounts or bare.voids or bare.stated_taxes


def test_a_check_without_sales_detail_lasts_from_its_first_time_to_its_last() -> None:
    """Where no row has a time, all that is known is the business day, so that its beginning stands in."""
    timed = ticket(
        payments=[paid("5.00", Payment_Time="2026-11-20T20:00:00", Payment_RevenueCenterName="Bar")],
        discounts=[discount("Staff", "1.00", Comp_Time="2026-11-20T19:00:00")],
    )
    assert (timed.opened_at, timed.closed_at, timed.revenue_center) == (
        utc("2026-11-21 00:00"),
        utc("2026-11-21 01:00"),
        "Bar",
    )
    bare = ticket(payments=[paid("5.00")])
    assert (bare.opened_at, bare.closed_at) == (utc("2026-11-20 05:00"), utc("2026-11-20 05:00"))


def test_payments_that_are_alike_are_as_many_as_there_are_rows() -> None:
    """Two guests may pay 5.00 in cash each: names of entries are made of their content, and the second says so."""
    found = ticket(sales_detail=[sale()], payments=[paid("5.00"), paid("5.00")])
    assert [(payment.id, payment.amount_cents) for payment in found.payments] == [("1@5.00", 500), ("1@5.00#2", 500)]


@pytest.mark.parametrize("column", ["Payment_BaseAmount", "Payment_Tip", "Payment_TenderIdentity"])
def test_a_corrected_payment_stays_the_same_payment(column: str) -> None:
    """One row changed changes one entry, and where the row says when it was the entry keeps its name."""
    rows = [
        paid("4.00", tender="2", tip="1.00", Payment_Time="2026-11-20T19:00:00"),
        paid("6.00", tender="2", tip="2.00", Payment_Time="2026-11-20T19:01:00"),
    ]
    before = {payment.id: payment for payment in ticket(sales_detail=[sale()], payments=rows).payments}
    rows[0][column] = "9999"
    after = {payment.id: payment for payment in ticket(sales_detail=[sale()], payments=rows).payments}
    assert before.keys() == after.keys()
    assert [key for key in before if before[key] != after[key]] == ["2@19:00:00"]
