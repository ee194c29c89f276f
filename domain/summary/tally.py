"""Counting a day up, record by record, into its Daily Sales Summary."""

from decimal import Decimal
from typing import Final

from domain.business_day import APPROVED, BusinessDay
from domain.money import round_half_up, shown
from domain.records import Deposit, LateVoid, Overtime, PaidInOut, Punch, Record, Remainder, Till
from domain.summary.cash import CashBeside
from domain.summary.counting import Named
from domain.summary.document import DailySalesSummary
from domain.summary.entered import comments, note_conflicts, tags
from domain.summary.issues import Issues
from domain.summary.labor import Labor
from domain.summary.lines import NO_HOURS, FeedLine, RemainderLine
from domain.summary.sales import Sales

_HUNDRED: Final = Decimal(100)


class Tally:
    """Sums of the records of one day.

    Attributes:
        issues: what a person should look at.
        sales: of its tickets.
    """

    def __init__(self, zone_name: str) -> None:
        self.issues = Issues()
        self.sales = Sales(zone_name, self.issues)
        self._cash = CashBeside(self.issues)
        self._labor = Labor(self.issues)
        self._late_voids = Named()
        self._remainders: list[Remainder] = []

    def add(self, record: Record) -> None:
        """Count one record that is no ticket."""
        match record:
            case Punch():
                self._labor.punch(record)
            case Overtime():
                self._labor.overtime(record)
            case Deposit():
                self._cash.deposit(record)
            case PaidInOut():
                self._cash.paid(record)
            case Till():
                self._cash.till(record)
            case LateVoid():
                self._late_voids.add(record.reason, record.amount_cents)
            case Remainder():
                self._remainders.append(record)
            case _:
                pass  # people and other reference data live on the connection

    def summary(self, day: BusinessDay) -> DailySalesSummary:
        """The summary of everything counted."""
        sales, beside, labor = self.sales, self._cash, self._labor.whole
        gross, discounts, late_voids = sales.total(0), sales.total(1), self._late_voids.total
        net = gross - discounts - late_voids
        payments = sales.tenders.lines
        # With their tips: what a guest hands over in cash is in the drawer.
        cash = sum(line.amount_cents + line.tips_cents for line in payments if line.cash)
        expected = cash + beside.moved
        deposited = beside.deposits.total if beside.deposits else None
        tills_expected = beside.tills_expected
        remainders = tuple([_remainder_line(record) for record in self._remainders])
        self._note(day, remainders)
        return DailySalesSummary(
            state=day.state,
            generation=day.generation,
            configuration=day.configuration,
            capture=day.capture,
            feeds=_feeds(day),
            late_changes=day.late_changes,
            zone=day.zone,
            tickets=sales.total(2),
            open_tickets=sales.open_tickets,
            guests=sales.total(3),
            gross_sales_cents=gross,
            discounts_cents=discounts,
            late_voids_cents=late_voids,
            net_sales_cents=net,
            tax_cents=sales.taxes.total,
            facilitator_tax_cents=sales.facilitator_taxes.total,
            tips_cents=sum(line.tips_cents for line in payments),
            gratuities_cents=sum(line.gratuities_cents for line in payments),
            surcharges_cents=sales.surcharges.total,
            non_sales_cents=sales.non_sales.total,
            refunds_cents=sales.refunds,
            by_category=sales.by_category,
            by_category_and_service_type=sales.by_category_and_service_type,
            by_service_type=sales.lines(0),
            by_revenue_center=sales.lines(1),
            by_daypart=sales.lines(3),
            by_hour=sales.lines(2),
            payments=payments,
            taxes=sales.taxes.lines,
            facilitator_taxes=sales.facilitator_taxes.lines,
            discounts_by_name=sales.discount_lines,
            surcharges_by_name=sales.surcharges.lines,
            non_sales_by_name=sales.non_sales.lines,
            refunds_by_name=sales.refund_lines,
            voids_by_reason=sales.voids.lines,
            late_voids_by_reason=self._late_voids.lines,
            adjustments=sales.adjustments.lines,
            paid_ins=beside.paid_ins,
            paid_outs=beside.paid_outs,
            tips_paid_out_cents=beside.tips_paid_out,
            deposits=beside.deposits.lines,
            tills=beside.tills(sales.tenders.drawers),
            cash_payments_cents=cash,
            expected_cash_cents=expected,
            total_deposit_cents=deposited,
            over_short_cents=None if deposited is None else deposited - expected,
            tills_expected_cents=tills_expected,
            tills_difference_cents=None if tills_expected is None else expected - tills_expected,
            labor=self._labor.lines,
            labor_hours=labor.hours,
            labor_pay_cents=labor.pay_cents,
            stated_labor_hours=labor.stated_hours,
            stated_labor_pay_cents=labor.stated_pay_cents,
            labor_hours_variance=labor.hours_variance,
            labor_pay_variance_cents=labor.pay_variance_cents,
            labor_percent=round_half_up(_HUNDRED * labor.pay_cents / net) if net > 0 else None,
            remainders=remainders,
            unassigned_cents=sum(line.net_cents for line in remainders if not line.location),
            issue_count=self.issues.count,
            issues=self.issues.listed,
            labor_overtime_hours=labor.overtime_hours or NO_HOURS,
            labor_premium_cents=labor.premium_cents,
            comments=comments(day),
            tags=tags(day),
        )

    def _note(self, day: BusinessDay, remainders: tuple[RemainderLine, ...]) -> None:
        """Note what only the whole day shows."""
        note_conflicts(day, self.issues)
        for note in day.notes:
            self.issues.add_note(note)
        self.sales.note_unplaced()
        for line in remainders:
            if not line.location:
                message = (
                    f"No location keeps the revenue center {line.center}: its net sales are {shown(line.net_cents)}."
                )
                self.issues.add("unassigned_revenue", message, f"remainder/{line.center}")
        if day.late_changes and day.state != APPROVED:
            message = f"Changes of labor that are too old for looking back: {day.late_changes}. A repoll takes them."
            self.issues.add("changes_before_lookback", message)
        elif day.late_changes:
            message = f"Changes that came to light after the approval: {day.late_changes}. Reopened, it takes them."
            self.issues.add("changes_after_approval", message)


def _feeds(day: BusinessDay) -> tuple[FeedLine, ...]:
    return tuple(
        [
            FeedLine(name, feed.configuration, feed.capture, tuple(sorted(feed.kinds)), dict(feed.options))
            for name, feed in sorted(day.feeds.items())
        ]
    )


def _remainder_line(record: Remainder) -> RemainderLine:
    return RemainderLine(
        center=record.center,
        location=record.location,
        tickets=record.tickets,
        guests=record.guests,
        gross_cents=record.gross_cents,
        discounts_cents=record.discounts_cents,
        late_voids_cents=record.late_voids_cents,
        net_cents=record.gross_cents - record.discounts_cents - record.late_voids_cents,
        refunds_cents=record.refunds_cents,
        surcharges_cents=record.surcharges_cents,
        non_sales_cents=record.non_sales_cents,
        tax_cents=sum(tax.amount_cents for tax in record.taxes),
        facilitator_tax_cents=record.facilitator_tax_cents,
        payments_cents=sum(tender.amount_cents for tender in record.tenders),
        tips_cents=sum(tender.tips_cents for tender in record.tenders),
        adjustments_cents=record.adjustments_cents,
        deposits_cents=record.deposits_cents,
    )
