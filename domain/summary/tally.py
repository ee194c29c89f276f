"""Counting a day up, record by record."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from domain.business_date import zone
from domain.business_day import BusinessDay
from domain.money import round_half_up, shown
from domain.polling.identity import UNEXPLAINED_RESIDUAL
from domain.records import Deposit, LateVoid, PaidInOut, Punch, Record
from domain.records.punch import EXCLUDED_AS_BACKWARDS, EXCLUDED_AS_OPEN, hours, pay_cents, worked_seconds
from domain.summary.daypart import daypart_of
from domain.summary.lines import (
    AmountLine,
    CategoryLine,
    DailySalesSummary,
    DiscountLine,
    Issue,
    LaborLine,
    SalesLine,
    TenderLine,
)
from domain.summary.sold import SoldItem, SoldTicket

TicketSums = tuple[int, int, int, int]
"""Of one ticket in cents: gross, discounts, tips, adjustments."""

OVER_SHORT_LIMIT_CENTS: Final = 500
"""Over/short beyond this, either way, is flagged."""

MOST_ISSUES: Final = 1000
"""Issues listed on one day; all of them are counted."""

CASH: Final = "cash"

_HUNDRED: Final = Decimal(100)
_UNNAMED: Final = "(none)"
_MINUTE: Final = len("2026-11-21T22:10")


class Tally:
    """Sums of the records of one day. Kept as plain numbers because a day has fifty thousand tickets."""

    def __init__(self, zone_name: str) -> None:
        self._zone = zone(zone_name)
        self._hours: dict[str, tuple[str, int]] = {}  # minute, UTC → label and number of the local hour
        # (service type, revenue center, hour's label, hour) → gross, discounts, tickets, guests
        self._sales: dict[tuple[str, str, str, int], list[int]] = {}
        self._categories: dict[str, list[int]] = {}
        self._tenders: dict[str, list[int]] = {}
        self._amounts: dict[str, dict[str, list[int]]] = defaultdict(dict)
        self._discounts: dict[tuple[str, str], list[int]] = {}
        # job → punches, seconds, pay, stated hours, stated pay
        self._labor: dict[str, tuple[int, int, int, Decimal, int]] = {}
        self._open_tickets = 0
        self._refunds = 0
        self._tips_paid_out = 0
        self._cash_moved = 0
        self._issues: list[Issue] = []
        self._issue_count = 0

    def add(self, record: Record) -> None:
        """Count one record that is no ticket."""
        match record:
            case Punch():
                self._punch(record)
            case Deposit():
                self._count("deposits", record.number or record.id, record.amount_cents)
            case PaidInOut():
                self._paid(record)
            case LateVoid():
                self._count("late_voids", record.reason or _UNNAMED, record.amount_cents)
            case _:
                pass  # employees and jobs live on the connection

    def issue(self, code: str, message: str, record: str = "") -> None:
        """Note something that a person should look at."""
        self._issue_count += 1
        if len(self._issues) < MOST_ISSUES:
            self._issues.append(Issue(code, message, record))

    def _count(self, group: str, name: str, cents: int) -> None:
        sums = self._amounts[group].get(name)
        if sums is None:
            sums = self._amounts[group][name] = [0, 0]
        sums[0] += 1
        sums[1] += cents

    def ticket(self, key: str, ticket: SoldTicket) -> TicketSums:
        """Count one ticket; answers its own sums."""
        gross = self._items(ticket.items)
        discounts = tips = adjustments = 0
        for discount in ticket.discounts:
            discounts += discount.amount_cents
            sums = self._discounts.setdefault((discount.name, discount.kind), [0, 0])
            sums[0] += 1
            sums[1] += discount.amount_cents
        tenders = self._tenders
        for payment in ticket.payments:
            tip = payment.tip_cents
            tips += tip
            sums = tenders.get(payment.tender) or tenders.setdefault(payment.tender, [0, 0, 0])
            sums[0] += 1
            sums[1] += payment.amount_cents
            sums[2] += tip
        taxes = self._amounts["taxes"]
        for tax in ticket.taxes:
            sums = taxes.get(tax.name) or taxes.setdefault(tax.name, [0, 0])
            sums[0] += 1
            sums[1] += tax.amount_cents
        if ticket.adjustments:
            adjustments = self._adjusted(key, ticket)
        if not ticket.closed_at:
            self._open_tickets += 1
            self.issue("open_ticket", f"Ticket {ticket.number} was never closed.", f"ticket/{key}")
        # A minute is enough to tell the hour, and a day has few: the cache makes a day cost as many look-ups.
        instant = ticket.closed_at or ticket.opened_at
        label, hour = self._hours.get(instant[:_MINUTE] if instant[-1] == "Z" else instant) or self._hour(instant)
        place = (ticket.service_type, ticket.revenue_center, label, hour)
        sums = self._sales.get(place) or self._sales.setdefault(place, [0, 0, 0, 0])
        sums[0] += gross
        sums[1] += discounts
        sums[2] += 1
        sums[3] += ticket.guests
        return gross, discounts, tips, adjustments

    def _items(self, items: Iterable[SoldItem]) -> int:
        gross = 0
        categories = self._categories
        for item in items:
            cents = item.amount_cents
            if item.void is not None:
                self._count("voids", item.void.reason or _UNNAMED, cents)
                continue
            gross += cents
            quantity = item.quantity_milli
            if cents < 0:  # a refund, whether its quantity or its price is negative
                self._refunds -= cents
            try:
                sums = categories[item.category]
            except KeyError:
                sums = categories[item.category] = [0, 0]
            sums[0] += quantity
            sums[1] += cents
        return gross

    def _adjusted(self, key: str, ticket: SoldTicket) -> int:
        whole = 0
        for line in ticket.adjustments:
            whole += line.amount_cents
            self._count("adjustments", line.cause, line.amount_cents)
            if line.cause == UNEXPLAINED_RESIDUAL:
                self.issue(
                    "unexplained_residual",
                    f"Ticket {ticket.number} does not balance: sold {shown(line.credits_cents)}, "
                    f"settled {shown(line.debits_cents)}, {shown(line.amount_cents)} unexplained.",
                    f"ticket/{key}",
                )
        return whole

    def _hour(self, instant: str) -> tuple[str, int]:
        """The label and number of the local hour; of an hour that exists twice the second says so."""
        local = dt.datetime.fromisoformat(instant).astimezone(self._zone)
        known = (f"{local.hour:02d}:00{' (second)' if local.fold else ''}", local.hour)
        self._hours[instant[:_MINUTE] if instant[-1] == "Z" else instant] = known
        return known

    def _punch(self, punch: Punch) -> None:
        name = punch.job_name or punch.job
        counted, seconds, pay, stated_hours, stated_pay = self._labor.get(name, (0, 0, 0, Decimal(0), 0))
        self._labor[name] = (
            counted + 1,
            seconds + worked_seconds(punch),
            pay + pay_cents(punch),
            stated_hours + (punch.stated_hours or 0),
            stated_pay + (punch.stated_pay_cents or 0),
        )
        about = f"punch/{punch.id}"
        if punch.excluded == EXCLUDED_AS_OPEN:
            self.issue("open_punch", f"Punch {punch.id} has no clock-out and counts no hours.", about)
        elif punch.excluded == EXCLUDED_AS_BACKWARDS:
            self.issue("backward_punch", f"Punch {punch.id} ends before it begins and counts no hours.", about)
        elif punch.excluded:
            self.issue("long_punch", f"Punch {punch.id} lasts 24 hours or more and counts no hours.", about)
        if punch.unknown_employee:
            message = f"Punch {punch.id} is of employee {punch.employee}, whom the source does not list."
            self.issue("unknown_employee", message, about)

    def _paid(self, paid: PaidInOut) -> None:
        sign = 1 if paid.direction == "in" else -1
        if paid.affects_cash:
            self._cash_moved += sign * paid.amount_cents
        if paid.purpose == "tips" and paid.affects_cash:
            self._tips_paid_out -= sign * paid.amount_cents
        else:
            self._count("paid_ins" if sign > 0 else "paid_outs", paid.name, paid.amount_cents)

    def summary(self, day: BusinessDay) -> DailySalesSummary:
        """The summary of everything counted."""
        gross = sum(sums[0] for sums in self._sales.values())
        discounts = sum(sums[1] for sums in self._sales.values())
        late_voids = self._total("late_voids")
        net = gross - discounts - late_voids
        # With their tips: what a guest hands over in cash is in the drawer.
        cash = sum(sums[1] + sums[2] for name, sums in self._tenders.items() if name.strip().lower() == CASH)
        expected = cash + self._cash_moved
        deposited = self._total("deposits") if self._amounts.get("deposits") else None
        over_short = None if deposited is None else deposited - expected
        self._unassigned()
        labor = self._labor_lines()
        pay = sum(line.pay_cents for line in labor)
        return DailySalesSummary(
            state=day.state,
            generation=day.generation,
            configuration=day.configuration,
            capture=day.capture,
            zone=day.zone,
            tickets=sum(sums[2] for sums in self._sales.values()),
            open_tickets=self._open_tickets,
            guests=sum(sums[3] for sums in self._sales.values()),
            gross_sales_cents=gross,
            discounts_cents=discounts,
            late_voids_cents=late_voids,
            net_sales_cents=net,
            tax_cents=self._total("taxes"),
            tips_cents=sum(sums[2] for sums in self._tenders.values()),
            refunds_cents=self._refunds,
            by_category=tuple([CategoryLine(name, *sums) for name, sums in sorted(self._categories.items())]),
            by_service_type=self._sales_lines(0),
            by_revenue_center=self._sales_lines(1),
            by_daypart=self._sales_lines(3),
            by_hour=self._sales_lines(2),
            payments=tuple([TenderLine(name, *sums) for name, sums in sorted(self._tenders.items())]),
            taxes=self._lines("taxes"),
            discounts_by_name=tuple([DiscountLine(*key, *sums) for key, sums in sorted(self._discounts.items())]),
            voids_by_reason=self._lines("voids"),
            late_voids_by_reason=self._lines("late_voids"),
            paid_ins=self._lines("paid_ins"),
            paid_outs=self._lines("paid_outs"),
            tips_paid_out_cents=self._tips_paid_out,
            deposits=self._lines("deposits"),
            cash_payments_cents=cash,
            expected_cash_cents=expected,
            total_deposit_cents=deposited,
            over_short_cents=over_short,
            over_short_flagged=over_short is not None and abs(over_short) > OVER_SHORT_LIMIT_CENTS,
            labor=labor,
            labor_hours=hours(sum(seconds for _, seconds, *_ in self._labor.values())),
            labor_pay_cents=pay,
            stated_labor_hours=sum((line.stated_hours for line in labor), Decimal(0)),
            stated_labor_pay_cents=sum(line.stated_pay_cents for line in labor),
            labor_percent=round_half_up(_HUNDRED * pay / net) if net > 0 else None,
            adjustments=self._lines("adjustments"),
            issue_count=self._issue_count,
            issues=tuple(self._issues),
        )

    def _unassigned(self) -> None:
        """Note sales that the source put nowhere."""
        quantity, cents = self._categories.pop("", (0, 0))
        if quantity or cents:
            self._categories[_UNNAMED] = [quantity, cents]
            self.issue("unmapped_category", f"Items of {shown(cents)} have no category.")
        nowhere = sum(sums[0] - sums[1] for (_, center, *_), sums in self._sales.items() if not center)
        if nowhere and any(center for _, center, *_ in self._sales):
            self.issue("unassigned_revenue", f"Sales of {shown(nowhere)} have no revenue center, and others have.")

    def _total(self, group: str) -> int:
        return sum(sums[1] for sums in self._amounts.get(group, {}).values())

    def _lines(self, group: str) -> tuple[AmountLine, ...]:
        return tuple([AmountLine(name, *sums) for name, sums in sorted(self._amounts.get(group, {}).items())])

    def _sales_lines(self, place: int) -> tuple[SalesLine, ...]:
        """Sales by one part of their key; the hour as a number becomes its daypart."""
        totals: dict[str, list[int]] = {}
        for key, sums in self._sales.items():
            part = key[place]
            name = daypart_of(part) if isinstance(part, int) else part or _UNNAMED
            line = totals.setdefault(name, [0, 0, 0, 0])
            for index, number in enumerate(sums):
                line[index] += number
        return tuple(
            [
                SalesLine(name, tickets, guests, gross, discounts, gross - discounts)
                for name, (gross, discounts, tickets, guests) in sorted(totals.items())
            ]
        )

    def _labor_lines(self) -> tuple[LaborLine, ...]:
        return tuple(
            [
                LaborLine(name, punches, hours(seconds), pay, stated_hours, stated_pay)
                for name, (punches, seconds, pay, stated_hours, stated_pay) in sorted(self._labor.items())
            ]
        )
