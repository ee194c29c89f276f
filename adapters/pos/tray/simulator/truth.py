"""What a venue-day really comes to, reckoned by the POS from its own rows.

Amounts are decimal strings with two places, counts are integers. A *line* is quantity × price, rounded half up. *Live*
lines are those that are not voided as the checks stand now, so that a void after the close has already left the sales
of its check's day. Names are the POS's own, with their double spaces.

- ticketCount, guestCount: all checks of the business date and their guests, wholly voided ones included;
  voidedTicketCount: those of them whose lines are all voided.
- grossSales: live lines, refunds (negative) included, without the inclusive taxes inside them, before discounts.
- discounts: {total, byName (the POS's), byType (``discount`` where missing), byReason (customName, else the name)}.
- netSales: grossSales − discounts.total.
- byCategory: gross sales per category; they sum to grossSales.
- byItemCenter: gross sales per revenue center that a line was sold in, the check's where the line names none.
- byServiceType, byRevenueCenter, byHour: {gross, discounts, net, tickets, guests} per name; the hour is the local hour
  of closing, ``00`` to ``23``, or ``open`` for a check that was never closed.
- taxes: {byName and total: item taxes of live lines, inclusive ones included; inclusive: those inside prices}.
- checkTaxTotal: sum of the checks' taxTotal; taxDifference: checkTaxTotal − taxes.total; mpfTax: sum of the checks'
  mpfTax, which is in none of the others.
- surcharges, nonSales: {total, byName}; they are in no other figure but the residual's credits.
- tips: tips of all payments; gratuities: the automatic ones beside them; payments: per tender {amount, tip, gratuity,
  count}, without the entries that pair voids; paymentsTotal: amounts, tips and gratuities; cashPayments: all three of
  the tender ``Cash``.
- refunds: {amount: live lines of negative quantity, turned positive, before inclusive taxes are taken out; count}.
- voids: {amount, count: voided lines of this date's checks, whenever voided; paired: sum of the Void entries;
  unpaired: amount − paired}.
- postedVoids: {amount, count} of the voids resource of the date; lateVoids: those whose check is of another date.
- paidIns, paidOuts: {total, affectingCash, count}, paidOuts without tips; tipsPaidOut: paid outs with the purpose
  ``tips`` that affect cash.
- deposits: {total, count} of those that are for this date, whenever created (even after the POS's clock).
- expectedCash: cashPayments + paidIns.affectingCash − paidOuts.affectingCash − tipsPaidOut; overShort: deposits.total
  − expectedCash.
- labor: over the entries begun on the date (open ones count, with 0 hours): punches, openPunches; hours and pay as the
  rows state them; reckonedHours and reckonedPay from the rows' times (hours: half up to two places; pay: half up of
  those hours × rate), equal to them unless rows were set by hand; seconds (elapsed, less unpaid breaks), declaredTips,
  chargeTips, byJob {hours, pay, punches}.
- residual: the money identity over all checks: live and voided lines + surcharges + nonSales + checkTaxTotal
  − inclusive taxes + tips and gratuities − payments with these − discounts − Void entries; 0.00 unless there are voids
  without a pair or rows set by hand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from adapters.pos.tray.simulator.labor import elapsed
from adapters.pos.tray.simulator.money import CENT, rounded
from adapters.pos.tray.simulator.rows import Check, Deposit, Item, NonSale, PaidInOut, Surcharge, TimeEntry, VoidRow
from adapters.pos.tray.simulator.shelf import Day

_NOTHING = Decimal("0.00")
_Sums = defaultdict[str, Decimal]


def truth(day: Day) -> dict[str, Any]:
    """Add up a venue-day; the module says what each figure is."""
    checks = [msgspec.json.decode(row.text, type=Check) for row in day.rows("checks")]
    stated = {**_sales(checks), **_settlement(checks), **_voids(day, checks), **_cash(day), "labor": _labor(day)}
    gross, discounts = stated["grossSales"], stated["discounts"]["total"]
    stated["netSales"] = gross - discounts
    cash_in, cash_out = stated["paidIns"]["affectingCash"], stated["paidOuts"]["affectingCash"]
    stated["expectedCash"] = stated["cashPayments"] + cash_in - cash_out - stated["tipsPaidOut"]
    stated["overShort"] = stated["deposits"]["total"] - stated["expectedCash"]
    stated["taxDifference"] = stated["checkTaxTotal"] - stated["taxes"]["total"]
    beside = stated["surcharges"]["total"] + stated["nonSales"]["total"] + stated["gratuities"]
    owed = gross + stated["voids"]["amount"] + stated["checkTaxTotal"] + stated["tips"] + beside
    # Gross sales are already without inclusive taxes, and the check tax is with them: what is left out once is put in
    # once.
    stated["residual"] = owed - stated["paymentsTotal"] - discounts - stated["voids"]["paired"]
    answer: dict[str, Any] = {"venue": day.shop.venue.id, "businessDate": day.name, **stated}
    plain: dict[str, Any] = _plain(answer)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.quantize(CENT))
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in (sorted(value) if isinstance(value, defaultdict) else value)}
    return value


def _line(item: Item) -> Decimal:
    return rounded(Decimal(item.quantity) * Decimal(item.price))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _NOTHING)


def _live(check: Check) -> list[Item]:
    return [item for item in check.items if item.void is None]


def _inclusive(item: Item) -> Decimal:
    return _sum(Decimal(tax.amount) for tax in item.taxes if tax.inclusive)


def _sales(checks: list[Check]) -> dict[str, Any]:
    by_category: _Sums = defaultdict(Decimal)
    by_center: _Sums = defaultdict(Decimal)
    taxes: _Sums = defaultdict(Decimal)
    inclusive, refunded, refunds = _NOTHING, _NOTHING, 0
    for check in checks:
        for item in _live(check):
            line, inside = _line(item), _inclusive(item)
            by_category[item.category or ""] += line - inside
            by_center[item.revenue_center or check.revenue_center or ""] += line - inside
            inclusive += inside
            if line < 0:
                refunded, refunds = refunded - line, refunds + 1
            for tax in item.taxes:
                taxes[tax.name] += Decimal(tax.amount)
    return {
        "ticketCount": len(checks),
        "voidedTicketCount": sum(1 for check in checks if check.items and not _live(check)),
        "guestCount": sum(check.guests for check in checks),
        "grossSales": _sum(by_category.values()),
        "netSales": _NOTHING,
        "discounts": _discounts(checks),
        "byCategory": by_category,
        "byItemCenter": by_center,
        "surcharges": _named(charge for check in checks for charge in check.surcharges or ()),
        "nonSales": _named(charge for check in checks for charge in check.non_sales or ()),
        "byServiceType": _grouped(checks, lambda check: check.service_type or ""),
        "byRevenueCenter": _grouped(checks, lambda check: check.revenue_center or ""),
        "byHour": _grouped(checks, lambda check: check.closed_at_local[11:13] if check.closed_at_local else "open"),
        "taxes": {"byName": taxes, "total": _sum(taxes.values()), "inclusive": inclusive},
        "checkTaxTotal": _sum(Decimal(check.tax_total) for check in checks),
        "mpfTax": _sum(Decimal(check.mpf_tax) for check in checks if check.mpf_tax is not UNSET),
        "refunds": {"amount": refunded, "count": refunds},
    }


def _named(charges: Iterable[Surcharge | NonSale]) -> dict[str, Any]:
    by_name: _Sums = defaultdict(Decimal)
    for charge in charges:
        by_name[charge.name] += Decimal(charge.amount)
    return {"total": _sum(by_name.values()), "byName": by_name}


def _grouped(checks: list[Check], name_of: Callable[[Check], str]) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = {}
    for check in checks:
        group = groups.setdefault(
            name_of(check), {"gross": _NOTHING, "discounts": _NOTHING, "net": _NOTHING, "tickets": 0, "guests": 0}
        )
        gross = _sum(_line(item) - _inclusive(item) for item in _live(check))
        off = _sum(Decimal(discount.amount) for discount in check.discounts)
        group["gross"] += gross
        group["discounts"] += off
        group["net"] += gross - off
        group["tickets"] += 1
        group["guests"] += check.guests
    return {name: groups[name] for name in sorted(groups)}


def _discounts(checks: list[Check]) -> dict[str, Any]:
    by_name: _Sums = defaultdict(Decimal)
    by_type: _Sums = defaultdict(Decimal)
    by_reason: _Sums = defaultdict(Decimal)
    for check in checks:
        for discount in check.discounts:
            amount = Decimal(discount.amount)
            by_name[discount.name] += amount
            by_type["discount" if discount.type is UNSET else discount.type] += amount
            by_reason[discount.custom_name or discount.name] += amount
    return {"total": _sum(by_name.values()), "byName": by_name, "byType": by_type, "byReason": by_reason}


def _settlement(checks: list[Check]) -> dict[str, Any]:
    tenders: dict[str, dict[str, Any]] = {}
    for check in checks:
        for payment in check.payments:
            if payment.void is not None:
                continue
            empty = {"amount": _NOTHING, "tip": _NOTHING, "gratuity": _NOTHING, "count": 0}
            tender = tenders.setdefault(payment.tender, empty)
            tender["amount"] += Decimal(payment.amount)
            tender["tip"] += Decimal(payment.tip)
            tender["gratuity"] += Decimal(payment.gratuity or 0)
            tender["count"] += 1
    tips = _sum(tender["tip"] for tender in tenders.values())
    gratuities = _sum(tender["gratuity"] for tender in tenders.values())
    cash = tenders.get("Cash", {"amount": _NOTHING, "tip": _NOTHING, "gratuity": _NOTHING})
    return {
        "tips": tips,
        "gratuities": gratuities,
        "payments": {name: tenders[name] for name in sorted(tenders)},
        "paymentsTotal": _sum(tender["amount"] for tender in tenders.values()) + tips + gratuities,
        "cashPayments": cash["amount"] + cash["tip"] + cash["gratuity"],
    }


def _voids(day: Day, checks: list[Check]) -> dict[str, Any]:
    voided = [_line(item) for check in checks for item in check.items if item.void is not None]
    paired = _sum(Decimal(payment.amount) for check in checks for payment in check.payments if payment.void is not None)
    posted = [msgspec.json.decode(row.text, type=VoidRow) for row in day.rows("voids")]
    late = [Decimal(void.amount) for void in posted if void.check_business_date != day.name]
    return {
        "voids": {"amount": _sum(voided), "count": len(voided), "paired": paired, "unpaired": _sum(voided) - paired},
        "postedVoids": {"amount": _sum(Decimal(void.amount) for void in posted), "count": len(posted)},
        "lateVoids": {"amount": _sum(late), "count": len(late)},
    }


def _cash(day: Day) -> dict[str, Any]:
    moves = [msgspec.json.decode(row.text, type=PaidInOut) for row in day.rows("paid-in-out")]
    tips = [move for move in moves if move.type == "out" and move.purpose == "tips"]
    ins = [move for move in moves if move.type == "in"]
    outs = [move for move in moves if move.type == "out" and move.purpose != "tips"]
    deposits = [msgspec.json.decode(row.text, type=Deposit) for row in day.rows("deposits")]
    return {
        "paidIns": _moved(ins),
        "paidOuts": _moved(outs),
        "tipsPaidOut": _moved(tips)["affectingCash"],
        "deposits": {"total": _sum(Decimal(deposit.amount) for deposit in deposits), "count": len(deposits)},
    }


def _moved(moves: list[PaidInOut]) -> dict[str, Any]:
    return {
        "total": _sum(Decimal(move.amount) for move in moves),
        "affectingCash": _sum(Decimal(move.amount) for move in moves if move.affects_cash),
        "count": len(moves),
    }


def _labor(day: Day) -> dict[str, Any]:
    entries = [msgspec.json.decode(row.text, type=TimeEntry) for row in day.rows("time-entries")]
    by_job: dict[str, dict[str, Any]] = {}
    for entry in entries:
        job = by_job.setdefault(entry.job_id, {"hours": _NOTHING, "pay": _NOTHING, "punches": 0})
        job["hours"] += Decimal(entry.hours)
        job["pay"] += Decimal(entry.pay)
        job["punches"] += 1
    return {
        "punches": len(entries),
        "openPunches": sum(1 for entry in entries if entry.end is None),
        "hours": _sum(Decimal(entry.hours) for entry in entries),
        "pay": _sum(Decimal(entry.pay) for entry in entries),
        **_reckoned(entries),
        "seconds": sum(elapsed(entry) or 0 for entry in entries),
        "declaredTips": _sum(Decimal(entry.declared_tips) for entry in entries),
        "chargeTips": _sum(Decimal(entry.charge_tips) for entry in entries),
        "byJob": {job: by_job[job] for job in sorted(by_job)},
    }


def _reckoned(entries: list[TimeEntry]) -> dict[str, Any]:
    hours = [_hours(entry) for entry in entries]
    pay = [rounded(worked * Decimal(entry.actual_rate)) for worked, entry in zip(hours, entries, strict=True)]
    return {"reckonedHours": _sum(hours), "reckonedPay": _sum(pay)}


def _hours(entry: TimeEntry) -> Decimal:
    return rounded(Decimal(elapsed(entry) or 0) / 3_600)
