"""The figures of a Daily Sales Summary as the simulated POS reckons them on its own."""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from adapters.pos.tray.simulator import TrayPos


def late_voids(pos: TrayPos, venue: str, date: dt.date, later: Iterable[dt.date]) -> Decimal:
    """What was voided on later dates, after the close, of checks of this one: it counts there, and not here."""
    total = Decimal(0)
    for other in later:
        for row in pos.day(venue, other).rows("voids"):
            void = msgspec.json.decode(row.text)
            if void["checkBusinessDate"] == str(date) < void["businessDate"]:
                total += Decimal(void["amount"])
    return total


def refunds(pos: TrayPos, venue: str, date: dt.date) -> Decimal:
    """What was given back, less the taxes inside it: the POS's own figure has these in it."""
    total = Decimal("0.00")
    for row in pos.day(venue, date).rows("checks"):
        for item in msgspec.json.decode(row.text)["items"]:
            line = Decimal(item["quantity"]) * Decimal(item["price"])
            if line < 0 and item["void"] is None:
                inside = sum(Decimal(tax["amount"]) for tax in item["taxes"] if tax["inclusive"])
                total -= line.quantize(Decimal("0.01"), ROUND_HALF_UP) - inside
    return total


def figures(pos: TrayPos, venue: str, date: dt.date, later: Iterable[dt.date]) -> dict[str, Any]:
    """Figures of a plain summary by name, for a location without options that move or rename anything.

    ``by_category`` and ``taxes`` follow the checks as they stand: they are None where a check was voided late.
    """
    truth = pos.truth(venue, date)
    late = late_voids(pos, venue, date, later)
    gross = Decimal(truth["grossSales"]) + late
    return {
        "tickets": truth["ticketCount"],
        "guests": truth["guestCount"],
        "gross_sales": str(gross),
        "discounts": truth["discounts"]["total"],
        "late_voids": truth["lateVoids"]["amount"],
        "net_sales": str(gross - Decimal(truth["discounts"]["total"]) - Decimal(truth["lateVoids"]["amount"])),
        "tips": str(Decimal(truth["tips"]) + Decimal(truth["gratuities"])),
        "gratuities": truth["gratuities"],
        "surcharges": truth["surcharges"]["total"],
        "non_sales": truth["nonSales"]["total"],
        "refunds": str(refunds(pos, venue, date)),
        "cash_payments": truth["cashPayments"],
        "tips_paid_out": truth["tipsPaidOut"],
        "expected_cash": truth["expectedCash"],
        "stated_labor_pay": truth["labor"]["pay"],
        "stated_labor_hours": Decimal(truth["labor"]["hours"]),
        "punches": truth["labor"]["punches"],
        "payments": {
            name: (tender["amount"], str(Decimal(tender["tip"]) + Decimal(tender["gratuity"])), tender["count"])
            for name, tender in truth["payments"].items()
        },
        "discounts_by_name": truth["discounts"]["byName"],
        "by_category": None if late else truth["byCategory"],
        "taxes": None if late else truth["taxes"]["byName"],
    }


def shown(summary: dict[str, Any]) -> dict[str, Any]:
    """The same figures of a plain summary that daybook shows."""
    return {
        **{name: summary[name] for name in _PLAIN},
        "stated_labor_hours": Decimal(summary["stated_labor_hours"]),
        "punches": sum(line["punches"] for line in summary["labor"]),
        "payments": {line["name"]: (line["amount"], line["tips"], line["count"]) for line in summary["payments"]},
        "discounts_by_name": {line["name"]: line["amount"] for line in summary["discounts_by_name"]},
        "by_category": {line["name"]: line["gross"] for line in summary["by_category"]},
        "taxes": {line["name"]: line["amount"] for line in summary["taxes"]},
    }


def differences(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Expected and found of every figure that differs; one that is expected as None may be anything."""
    return {
        name: (value, found[name]) for name, value in expected.items() if value is not None and value != found[name]
    }


_PLAIN = (
    "tickets",
    "guests",
    "gross_sales",
    "discounts",
    "late_voids",
    "net_sales",
    "tips",
    "gratuities",
    "surcharges",
    "non_sales",
    "refunds",
    "cash_payments",
    "tips_paid_out",
    "expected_cash",
    "stated_labor_pay",
)
