"""Small makers of canonical rows: name what matters, the rest is ordinary."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final

from adapters.files import KINDS, SYSTEM
from adapters.files.assembling import rows
from domain.business_date import MIDNIGHT, Window, window
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.records import Record, Ticket, canonical

DATE: Final = dt.date(2026, 11, 20)
ZONE: Final = "America/New_York"
DAY: Final = window(DATE, ZONE)
OPENED, CLOSED = "2026-11-20T18:05:00", "2026-11-20T19:10:30"

Row = dict[str, str]


def row(**cells: str) -> Row:
    """A row by official columns; empty cells are left out, as they are in pages."""
    return {column: cell for column, cell in cells.items() if cell}


def sale(check: str = "1001", ordinal: str = "1", number: str = "2001", gross: str = "10.00", **cells: str) -> Row:
    """A row of Sales Detail; further cells by official column."""
    plain = {
        "CheckNumber": check,
        "OpenTime": OPENED,
        "CloseTime": CLOSED,
        "ItemSale_TicketItemNumber": ordinal,
        "ItemSale_ItemNumber": number,
        "ItemSale_GrossAmount": gross,
    }
    return row(**{**plain, **cells})


def modified(
    modifier: str, modifier_gross: str, check: str = "1001", ordinal: str = "1", number: str = "2001", **cells: str
) -> Row:
    """A row of an item with one of its modifiers."""
    added = {
        "ItemSale_Modifiers_ItemNumber": modifier,
        "ItemSale_Modifiers_Quantity": "1",
        "ItemSale_Modfiers_GrossAmount": modifier_gross,
    }
    return sale(check, ordinal, number, **{"gross": "10.00", **added, **cells})


def comped(name: str, amount: str, kind: str = "Comp", **cells: str) -> Row:
    """The cells of a comp or promo on an item."""
    return row(**{f"ItemSale_{kind}_{kind}Name": name, f"ItemSale_{kind}_Amount": amount, **cells})


def paid(amount: str, check: str = "1001", tender: str = "1", tip: str = "", **cells: str) -> Row:
    """A row of Payments."""
    plain = {"Payment_CheckNumber": check, "Payment_TenderNumber": tender, "Payment_BaseAmount": amount}
    return row(**{**plain, "Payment_Tip": tip, **cells})


def discount(name: str, amount: str, check: str = "1001", kind: str = "Comp", **cells: str) -> Row:
    """A row of Discounts."""
    return row(**{"CompPromo_CheckNumber": check, f"{kind}_{kind}Name": name, f"{kind}_Amount": amount, **cells})


def void(amount: str, number: str = "", check: str = "1001", **cells: str) -> Row:
    """A row of Voids."""
    return row(**{"Void_CheckNumber": check, "Void_ItemNumber": number, "Void_Amount": amount, **cells})


def refund(amount: str, tax: str = "", check: str = "1001", **cells: str) -> Row:
    """A row of Refunds."""
    return row(**{"Refund_CheckNumber": check, "Refund_Amount": amount, "Refund_TaxAmount": tax, **cells})


def tax(amount: str, number: str = "1", check: str = "1001", inclusive: str = "") -> Row:
    """A row of Tax Details."""
    return row(CheckNumber=check, Tax_TaxNumber=number, Tax_Amount=amount, IsInclusive=inclusive)


def shift(start: str, end: str, employee: str = "101", number: str = "1", date: str = "", **cells: str) -> Row:
    """A row of Labor Detail; the date is the clock-in's unless said otherwise."""
    plain = {
        "EmployeeNumber": employee,
        "ShiftNumber": number,
        "ClockInDate": f"{date or start[:10]}T00:00:00",
        "ClockInTime": start,
        "ClockOutTime": end,
    }
    return row(**{**plain, **cells})


MENU: Final[list[Row]] = [
    row(ItemNumber="2001", ItemName="Burger", CategoryName="Food"),
    row(ItemNumber="2002", ItemName="Soup", CategoryName="Food"),
    row(ItemNumber="2101", ItemName="Bacon", CategoryName="Extras"),
    row(ItemNumber="2102", ItemName="Cheese", CategoryName="Extras"),
]
TENDERS: Final[list[Row]] = [
    row(Number="1", Name="Cash", Type="cash"),
    row(Number="01", Name="Voucher", Type="other"),
    row(Number="2", Name="Visa", Type="non-cash"),
]
TAXES: Final[list[Row]] = [
    row(Number="1", Name="Sales Tax", Rate="8.25", RateType="Percentage", IsInclusive="false"),
    row(Number="2", Name="VAT", Rate="19", RateType="Percentage", IsInclusive="true"),
]
KNOWN: Final[dict[str, list[Row]]] = {"menu_items": MENU, "tenders": TENDERS, "tax_definitions": TAXES}
"""Reference data of a session, in the form of :func:`captured`."""


def captured(**files: list[Row]) -> Capture:
    """A capture of rows, one page a kind (underscores stand for dashes)."""
    pages = [page(name.replace("_", "-"), rows) for name, rows in files.items()]
    return Capture("files", 1, {"connection": "c", "location": "l"}, tuple(pages))


def page(kind: str, rows: list[Row]) -> Page:
    """A page of rows: of each all official columns in official order."""
    cells = [[row.get(header, "") for header in KINDS[kind].headers] for row in rows]
    return Page(kind, len(rows), json.dumps(cells, separators=(",", ":")).encode())


def in_force(*records: Record) -> Page:
    """A page of reference data in force, all of one kind."""
    data = [canonical(record) for record in records]
    return Page(f"reference:{data[0][0]}", len(data), b"[" + b",".join(record for _, _, record in data) + b"]")


def read_whole(capture: Capture, day: Window = DAY) -> SourceDay:
    """What a capture says of a day, taken as translating takes it: the records, and then the notes."""
    read = SYSTEM.read(capture, day)
    records = {kind: list(found) for kind, found in read.records.items()}
    return SourceDay(records, tuple(read.notes), read.dates)


def read(day: Window = DAY, /, **files: list[Row]) -> SourceDay:
    """What these files say of a day, beside the reference data that tests share."""
    return read_whole(captured(**{**KNOWN, **files}), day)


def tickets(day: Window = DAY, /, **files: list[Row]) -> list[Ticket]:
    """The tickets of these files."""
    return list(read(day, **files).records["ticket"])


def ticket(day: Window = DAY, /, **files: list[Row]) -> Ticket:
    """The only ticket of these files."""
    (only,) = tickets(day, **files)
    return only


def left(ticket: Ticket) -> int:
    """What the identity of a ticket leaves, in cents: credits less debits, as the record's docstring has it."""
    credited = (
        sum(item.amount_cents for item in ticket.items)
        + sum(charge.amount_cents for charge in ticket.surcharges)
        + sum(sale.amount_cents for sale in ticket.non_sales)
        + ticket.stated_tax_cents
    )
    debited = (
        sum(payment.amount_cents for payment in ticket.payments)
        + sum(given.amount_cents for given in ticket.discounts)
        + sum(entry.amount_cents for entry in ticket.voids if not entry.late)
    )
    return credited - debited


def net_sales(tickets: Iterable[Ticket]) -> int:
    """Sales details that were not voided, less discounts and refunds that stand beside the lines, in cents."""
    return sum(
        sum(item.amount_cents for item in ticket.items if item.void is None)
        - sum(given.amount_cents for given in ticket.discounts)
        - sum(refund.amount_cents - refund.tax_cents for refund in ticket.refunds if not refund.in_details)
        for ticket in tickets
    )


def records(day: SourceDay) -> dict[str, Any]:
    """All records of a day by kind and key, in canonical bytes."""
    return {kind: {record.key: canonical(record)[2] for record in found} for kind, found in day.records.items()}


def utc(text: str) -> dt.datetime:
    """A UTC instant: ``"2026-11-20 23:05"``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def day_of(date: str, zone: str = ZONE, starts: dt.time = MIDNIGHT) -> Window:
    """The window of a business day."""
    return window(dt.date.fromisoformat(date), zone, starts)


CUSTOMARY: Final[list[tuple[str, type[Any], dict[str, str]]]] = [
    (
        "sales-detail",
        rows.SaleRow,
        {
            "by": "ItemSale_EmployeeNumber",
            "ordinal": "ItemSale_TicketItemNumber",
            "number": "ItemSale_ItemNumber",
            "gross": "ItemSale_GrossAmount",
            "modifier": "ItemSale_Modifiers_ItemNumber",
            "modifier_gross": "ItemSale_Modfiers_GrossAmount",
            "comp": "ItemSale_Comp_CompName",
            "comp_amount": "ItemSale_Comp_Amount",
            "promo_amount": "ItemSale_Promo_Amount",
        },
    ),
    (
        "sales-detail",
        rows.SaleHead,
        {"check_number": "CheckNumber", "closed": "CloseTime", "table": "TableName"},
    ),
    (
        "payments",
        rows.PaymentRow,
        {"check": "Payment_CheckNumber", "amount": "Payment_BaseAmount", "gratuity": "Payment_AutogratuityAmount"},
    ),
    ("discounts", rows.DiscountRow, {"check": "CompPromo_CheckNumber", "promo_amount": "Promo_Amount"}),
    ("voids", rows.VoidRow, {"check": "Void_CheckNumber", "amount": "Void_Amount", "name": "Void_Name"}),
    ("refunds", rows.RefundRow, {"check": "Refund_CheckNumber", "tax": "Refund_TaxAmount", "amount": "Refund_Amount"}),
    ("surcharges", rows.SurchargeRow, {"check": "Surcharge_CheckNumber", "name": "Surcharge_Name"}),
    ("non-sales-revenue", rows.NonSaleRow, {"amount": "NonSalesRevenue_Amount", "name": "NonSalesRevenue_Name"}),
    ("tax-details", rows.TaxRow, {"check": "CheckNumber", "amount": "Tax_Amount", "inclusive": "IsInclusive"}),
    ("deposits", rows.DepositRow, {"date": "DepositDate", "amount": "Amount", "closed": "ClosedTime"}),
    ("paid-in-outs", rows.PaidInOutRow, {"amount": "Amount", "affects_cash": "AffectsCash", "notes": "Notes"}),
    ("tills", rows.TillRow, {"drawer": "DrawerNumber", "expected": "ExpectedAmount", "closed": "IsClosed"}),
    (
        "labor-detail",
        rows.LaborRow,
        {"employee": "EmployeeNumber", "end": "ClockOutTime", "rate": "PayRate", "paid_break": "IsPaidBreak"},
    ),
    ("employees", rows.EmployeeRow, {"number": "EmployeeId", "address": "Address", "inactive": "IsInactive"}),
    ("house-accounts", rows.HouseAccountRow, {"number": "HouseAccountNumber", "email": "EmailAddress"}),
    ("jobs", rows.JobRow, {"code": "JobCode", "description": "JobDescription"}),
    ("menu-items", rows.MenuItemRow, {"number": "ItemNumber", "category": "CategoryName", "sku": "SKU"}),
    ("tax-definitions", rows.TaxDefinitionRow, {"number": "Number", "inclusive": "IsInclusive"}),
    ("tenders", rows.TenderRow, {"number": "Number", "type": "Type"}),
]
"""Kind of file, the struct of its rows, and of some of its fields the official columns that they are."""
