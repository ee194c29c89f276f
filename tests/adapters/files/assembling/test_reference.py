"""Reference data: what numbers stand for, and what is told of those that stand for nothing."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.records import Employee, Job, MenuItem, Record, TaxDefinition, Tender
from tests.adapters.files.assembling.build import (
    DAY,
    Row,
    captured,
    discount,
    in_force,
    page,
    paid,
    read,
    read_whole,
    refund,
    row,
    sale,
    shift,
    tax,
    void,
)


def read_with(records: Iterable[Page], **files: list[Row]) -> SourceDay:
    """What files say beside reference data in force."""
    return read_whole(Capture("files", 1, {}, (*captured(**files).pages, *records)), DAY)


@pytest.mark.parametrize(
    ("kind", "cells", "record"),
    [
        (
            "menu_items",
            {
                "ItemNumber": "2001",
                "ItemName": "Burger",
                "PLU": "501",
                "CategoryName": "Food",
                "ItemCost": "3.10",
                "SKU": "BRG-1",
            },
            MenuItem("2001", "Burger", "Food", "501", "BRG-1", Decimal("3.10")),
        ),
        ("menu_items", {"ItemNumber": "2001", "ItemName": "Burger"}, MenuItem("2001", "Burger")),
        ("tenders", {"Number": "2", "Name": "Visa", "Type": "non-cash"}, Tender("2", "Visa", "non-cash")),
        (
            "tax_definitions",
            {"Number": "1", "Name": "VAT", "Rate": "8.25", "RateType": "Percentage", "IsInclusive": "true"},
            TaxDefinition("1", "VAT", Decimal("8.25"), "percentage", inclusive=True),
        ),
        ("tax_definitions", {"Number": "1", "Name": "VAT"}, TaxDefinition("1", "VAT")),
        (
            "jobs",
            {"JobCode": "SRV", "JobName": "Server", "DefaultPayRate": "14.00", "JobDescription": "Waits on tables"},
            Job("SRV", "Server", rate=Decimal("14.00"), description="Waits on tables"),
        ),
        ("jobs", {"JobCode": "SRV", "JobName": "Server"}, Job("SRV", "Server")),
    ],
)
def test_rows_of_reference_data_become_roster_records(kind: str, cells: dict[str, str], record: Record) -> None:
    """One record a row, and only of the kinds whose files are there."""
    day = read_whole(captured(**{kind: [row(**cells)]}), DAY)
    assert {name: list(found) for name, found in day.records.items()} == {
        kind.replace("_", "-").removesuffix("s"): [record]
    }


def test_a_number_that_is_listed_twice_is_taken_once() -> None:
    """The same row again says nothing; another one under the same number is noted."""
    day = read(
        menu_items=[
            row(ItemNumber="1", ItemName="Burger"),
            row(ItemNumber="1", ItemName="Burger"),
            row(ItemNumber="1", ItemName="Pie"),
            row(ItemNumber="01", ItemName="Soup"),
        ]
    )
    assert {one.number: one.name for one in day.records["menu-item"]} == {"1": "Burger", "01": "Soup"}
    assert day.notes == ("listed-twice:menu-item:1",)


def test_what_was_just_imported_stands_over_what_was_in_force() -> None:
    """Of numbers that the new file does not have, what was in force still holds."""
    before = [in_force(MenuItem("1", "Old burger", "Old"), MenuItem("2", "Old soup", "Food", listed=False))]
    day = read_with(
        before,
        menu_items=[row(ItemNumber="1", ItemName="Burger", CategoryName="Food")],
        sales_detail=[sale(number="1"), sale(ordinal="2", number="2")],
    )
    (found,) = day.records["ticket"]
    assert [(item.name, item.category) for item in found.items] == [("Burger", "Food"), ("Old soup", "Food")]
    assert [one.name for one in day.records["menu-item"]] == ["Burger"]
    assert day.notes == ()


def test_reference_data_in_force_names_everything() -> None:
    """Items, tenders, taxes, employees and jobs of an earlier import; none of them is imported by it again."""
    day = read_with(
        [
            in_force(MenuItem("2001", "Burger", "Food")),
            in_force(Tender("1", "Cash", "cash")),
            in_force(TaxDefinition("1", "VAT", inclusive=True)),
            in_force(Employee("101", "c:l:101"), Employee("102", "c:l:102", active=False, listed=False)),
            in_force(Job("SRV", "Server")),
        ],
        sales_detail=[sale(EmployeeNumber="101", ItemSale_EmployeeNumber="102")],
        payments=[paid("10.00")],
        tax_details=[tax("0.83")],
        labor_detail=[shift("2026-11-20T08:00:00", "2026-11-20T09:00:00", JobCode="SRV")],
    )
    (found,) = day.records["ticket"]
    assert (found.items[0].name, found.payments[0].tender, found.stated_taxes[0].inclusive) == ("Burger", "Cash", True)
    assert day.records.keys() == {"ticket", "punch"}
    assert day.notes == ()


def test_numbers_that_nobody_knows_stand_for_themselves() -> None:
    """An unknown item has no category; nothing is refused, and everything counts."""
    day = read(
        menu_items=[],
        tenders=[],
        tax_definitions=[],
        sales_detail=[sale()],
        payments=[paid("10.83", tender="5")],
        tax_details=[tax("0.83", "9")],
    )
    (found,) = day.records["ticket"]
    assert [(item.name, item.category, item.amount_cents) for item in found.items] == [("2001", "", 1000)]
    assert [(one.tender, one.tender_type, one.amount_cents) for one in found.payments] == [("5", "", 1083)]
    assert [(one.name, one.amount_cents) for one in found.stated_taxes] == [("9", 83)]
    assert day.notes == ("unknown-item:2001", "unknown-tax:9", "unknown-tender:5")


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"sales_detail": [sale(number="x")]}, "unknown-item:x"),
        ({"sales_detail": [sale(ItemSale_Modifiers_ItemNumber="x")]}, "unknown-item:x"),
        ({"sales_detail": [sale(EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"sales_detail": [sale(ItemSale_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"sales_detail": [sale(ItemSale_Comp_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"sales_detail": [sale(ItemSale_Promo_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"payments": [paid("1.00", tender="8")]}, "unknown-tender:8"),
        ({"payments": [paid("1.00", Payment_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"discounts": [discount("Staff", "1.00", Comp_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"discounts": [discount("Staff", "1.00", Promo_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"voids": [void("1.00", "x")]}, "unknown-item:x"),
        ({"voids": [void("1.00", Void_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"refunds": [refund("1.00", Refund_ItemNumber="x")]}, "unknown-item:x"),
        ({"refunds": [refund("1.00", Refund_TenderNumber="x")]}, "unknown-tender:x"),
        ({"refunds": [refund("1.00", Refund_TaxNumber="x")]}, "unknown-tax:x"),
        ({"refunds": [refund("1.00", Refund_EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"refunds": [refund("1.00", Refund_ManagerEmployeeNumber="x")]}, "unknown-employee:x"),
        (
            {"surcharges": [row(Surcharge_CheckNumber="1", Surcharge_Amount="1", Surcharge_Name="Fee")]},
            "ticket-without-details:1",
        ),
        (
            {
                "surcharges": [
                    row(
                        Surcharge_CheckNumber="1",
                        Surcharge_Amount="1",
                        Surcharge_Name="Fee",
                        Surcharge_EmployeeNumber="x",
                    )
                ]
            },
            "unknown-employee:x",
        ),
        ({"tax_details": [tax("1.00", "x")]}, "unknown-tax:x"),
        ({"deposits": [row(DepositDate="2026-11-20", Amount="1", EmployeeNumber="x")]}, "unknown-employee:x"),
        ({"paid_in_outs": [row(PaidInOutName="Ice", Amount="1", EmployeeNumber="x")]}, "unknown-employee:x"),
        (
            {"tills": [row(DrawerNumber="1", ExpectedAmount="1", IsClosed="true", EmployeeNumber="x")]},
            "unknown-employee:x",
        ),
    ],
)
def test_whatever_refers_to_nothing_is_told(files: dict[str, list[Row]], note: str) -> None:
    """Every column that points somewhere is looked after."""
    assert note in read(**files).notes


def test_notes_are_bounded_and_count_the_rest() -> None:
    """Of each kind the first hundred numbers are named, and how many more there are."""
    notes = read(menu_items=[], sales_detail=[sale(number=str(number)) for number in range(1000, 1250)]).notes
    assert len([note for note in notes if note.startswith("unknown-item:1")]) == 100
    assert "more-unknown:item:150" in notes


def test_a_page_of_reference_data_may_come_in_parts() -> None:
    """As all pages may."""
    parts = [page("menu-items", [row(ItemNumber=str(number), ItemName=f"Item {number}")]) for number in range(3)]
    day = read_whole(Capture("files", 1, {}, tuple(parts)), DAY)
    assert [one.name for one in day.records["menu-item"]] == ["Item 0", "Item 1", "Item 2"]
