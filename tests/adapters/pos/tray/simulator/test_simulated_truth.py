"""The simulator's own totals against a naive recomputation from what it serves."""

import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.adapters.pos.tray.simulator.tray_reader import DAY, TICKETS, Tray


def _line(item: Any) -> Decimal:
    return (Decimal(item["quantity"]) * Decimal(item["price"])).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _text(amount: Decimal | int) -> str:
    return str(Decimal(amount).quantize(Decimal("0.01")))


def _recomputed(
    checks: list[Any], payments: list[Any], voids: list[Any], moves: list[Any], entries: list[Any]
) -> dict[str, Any]:
    live = [item for check in checks for item in check["items"] if not item["void"]]
    taxes = [tax for item in live for tax in item["taxes"]]
    inclusive = sum(Decimal(tax["amount"]) for tax in taxes if tax["inclusive"])
    gross = sum(_line(item) for item in live) - inclusive
    off = sum(Decimal(discount["amount"]) for check in checks for discount in check["discounts"])
    money = [payment for payment in payments if payment["void"] is None]
    by_category: dict[str, Decimal] = defaultdict(Decimal)
    for item in live:
        by_category[item["category"]] += _line(item) - sum(
            Decimal(tax["amount"]) for tax in item["taxes"] if tax["inclusive"]
        )
    tips_out = [move for move in moves if move.get("purpose") == "tips"]
    cash = sum(Decimal(payment["amount"]) for payment in money if payment["tender"] == "Cash")
    ins = sum(Decimal(move["amount"]) for move in moves if move["type"] == "in" and move["affectsCash"])
    outs = sum(Decimal(move["amount"]) for move in moves if move["type"] == "out" and move["affectsCash"])
    return {
        "ticketCount": len(checks),
        "guestCount": sum(check["guests"] for check in checks),
        "grossSales": _text(gross),
        "netSales": _text(gross - off),
        "discounts.total": _text(off),
        "taxes.total": _text(sum(Decimal(tax["amount"]) for tax in taxes)),
        "checkTaxTotal": _text(sum(Decimal(check["taxTotal"]) for check in checks)),
        "mpfTax": _text(sum(Decimal(check.get("mpfTax", "0")) for check in checks)),
        "tips": _text(sum(Decimal(payment["tip"]) for payment in money)),
        "cashPayments": _text(cash),
        "paymentsTotal": _text(sum(Decimal(payment["amount"]) + Decimal(payment["tip"]) for payment in money)),
        "voids.amount": _text(sum(_line(item) for check in checks for item in check["items"] if item["void"])),
        "voids.paired": _text(sum(Decimal(payment["amount"]) for payment in payments if payment["void"])),
        "postedVoids.amount": _text(sum(Decimal(void["amount"]) for void in voids)),
        "postedVoids.count": len(voids),
        "refunds.amount": _text(-sum(_line(item) for item in live if _line(item) < 0)),
        "byCategory": {name: _text(amount) for name, amount in sorted(by_category.items())},
        "tipsPaidOut": _text(sum(Decimal(move["amount"]) for move in tips_out)),
        "expectedCash": _text(cash + ins - outs),
        "labor.punches": len(entries),
        "labor.hours": _text(sum(Decimal(entry["hours"]) for entry in entries)),
        "labor.pay": _text(sum(Decimal(entry["pay"]) for entry in entries)),
        "residual": "0.00",
    }


def _stated(truth: Any, path: str) -> Any:
    for name in path.split("."):
        truth = truth[name]
    return truth


@pytest.mark.parametrize("venue", ["V100", "V101", "V102"])
@pytest.mark.parametrize("date", [dt.date(2026, 11, 1), DAY])
def test_the_truth_is_what_the_served_rows_come_to(tray: Tray, venue: str, date: dt.date) -> None:
    """Adding up the rows that a reader gets gives the simulator's totals."""
    entries = [
        row
        for row in tray.rows("time-entries", venue, **tray.window(date, venue))
        if row["businessDate"] == date.isoformat()
    ]
    checks, payments = tray.day("checks", date, venue), tray.day("payments", date, venue)
    expected = _recomputed(
        checks, payments, tray.day("voids", date, venue), tray.day("paid-in-out", date, venue), entries
    )
    truth = tray.http.get("/simulator/truth", params={"venue": venue, "businessDate": date.isoformat()}).json()
    assert {path: _stated(truth, path) for path in expected} == expected


def test_groups_sum_to_their_totals(tray: Tray) -> None:
    """Service types, revenue centers and hours each come to net sales; over and short to the deposits."""
    truth = tray.pos.truth("V101", DAY)
    for name in ("byServiceType", "byRevenueCenter", "byHour"):
        groups = truth[name].values()
        assert sum(Decimal(group["net"]) for group in groups) == Decimal(truth["netSales"])
        assert sum(group["tickets"] for group in groups) == truth["ticketCount"]
    assert Decimal(truth["overShort"]) == Decimal(truth["deposits"]["total"]) - Decimal(truth["expectedCash"])
    assert truth["labor"]["reckonedPay"] == truth["labor"]["pay"]


def test_a_worked_example_can_be_played(tray: Tray) -> None:
    """Rows set verbatim come back byte for byte, and the truth follows from them."""
    tax = {"name": "Tax", "amount": "0.30", "inclusive": False}
    gum = {
        "id": "i1",
        "parentId": None,
        "name": "Gum",
        "category": "Food",
        "quantity": 3,
        "price": "1.25",
        "void": None,
    }
    check = {
        "id": "c1",
        "number": "1",
        "openedAt": "2026-11-03T17:00:00.500Z",
        "openedAtLocal": "2026-11-03T12:00:00",
        "closedAt": None,
        "closedAtLocal": None,
        "zone": "America/New_York",
        "businessDate": "2026-11-03",
        "serviceType": "Dine In",
        "revenueCenter": "Bar",
        "server": None,
        "guests": 2,
        "discounts": [],
        "taxTotal": "0.31",
        "unknown": {"x": 1},
        "items": [{**gum, "taxes": [tax]}],
        "payments": [{"id": "p1", "tender": "Cash", "amount": "4.06", "tip": "0.00", "void": None}],
    }
    answer = tray.http.put(f"/simulator/days/V100/{DAY}/checks", json=[check])
    assert answer.json() == {"rows": 1}
    assert tray.day("checks") == [check]
    assert [row["checkId"] for row in tray.day("payments")] == ["c1"]
    truth = tray.pos.truth("V100", DAY)
    assert (truth["grossSales"], truth["taxes"]["total"], truth["checkTaxTotal"], truth["taxDifference"]) == (
        "3.75",
        "0.30",
        "0.31",
        "0.01",
    )
    assert tray.http.delete(f"/simulator/days/V100/{DAY}").status_code == 200
    assert len(tray.day("checks")) == TICKETS


def test_a_real_shift_is_stated_as_the_pos_does(tray: Tray) -> None:
    """15:57 to 21:01 at 14.00 is 5.07 hours and 70.98."""
    times = {"in": "2026-11-03T20:57:00Z", "out": "2026-11-04T02:01:00Z", "businessDate": "2026-11-03"}
    entry = {"id": "t1", "staffId": "V100-E001", "jobId": "V100-J01", "actualRate": "14.00", **times}
    tray.http.put(f"/simulator/days/V100/{DAY}/time-entries", json=[entry])
    labor = tray.pos.truth("V100", DAY)["labor"]
    assert (labor["reckonedHours"], labor["reckonedPay"], labor["seconds"]) == ("5.07", "70.98", 18_240)
