"""Sums: what the rows say is what the Daily Sales Summary shows."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.files import SYSTEM
from domain.business_date import MIDNIGHT
from domain.business_day import NEW_DAY
from domain.polling import Options, frame_of, options_for, translate
from domain.summary import DailySalesSummary, summarize
from tests.adapters.files.assembling.build import (
    DATE,
    KNOWN,
    ZONE,
    Row,
    captured,
    comped,
    discount,
    paid,
    row,
    sale,
    shift,
    tax,
    void,
)
from tests.adapters.files.assembling.days import Habits, written

FRAME = frame_of(DATE, ZONE, MIDNIGHT, Options())


def summary(**files: list[Row]) -> DailySalesSummary:
    """The summary of a day of files, as a new connection reads them."""
    source = SYSTEM.read(captured(**{**KNOWN, **files}), FRAME.window)
    translation = translate(source, options_for(SYSTEM.default_options), FRAME)
    return summarize(replace(NEW_DAY, records=translation.records, zone=ZONE))


def test_a_worked_day() -> None:
    """Gross 500.00, discounts 20.00, net 480.00, tax 39.60, card tips 30.00; cash 180.00, card 369.60 with tips."""
    found = summary(
        sales_detail=[sale("1", gross="150.00"), sale("2", gross="350.00", **comped("Staff", "20.00"))],
        tax_details=[tax("10.00", check="1"), tax("29.60", check="2")],
        payments=[
            paid("160.00", "1", "1"),
            paid("20.00", "2", "1"),
            paid("339.60", "2", "2", tip="30.00"),
        ],
        discounts=[discount("Staff", "20.00", "2")],
        deposits=[row(DepositDate="2026-11-20T00:00:00", Amount="140.00")],
        paid_in_outs=[row(Amount="-40.00", PaidInOutName="Ice")],
    )
    assert (found.gross_sales_cents, found.discounts_cents, found.net_sales_cents) == (50000, 2000, 48000)
    assert (found.tax_cents, found.tips_cents) == (3960, 3000)
    assert {line.name: line.amount_cents + line.tips_cents for line in found.payments} == {"Cash": 18000, "Visa": 36960}
    assert (found.expected_cash_cents, found.total_deposit_cents, found.over_short_cents) == (14000, 14000, 0)
    assert found.adjustments == ()


def test_the_check_tax_of_three_items_counts() -> None:
    """Three items of 1.25 at 8.25 %: the file says 0.31 for the check, 4.06 is paid, and nothing is left."""
    found = summary(
        sales_detail=[sale(ordinal=str(number), gross="1.25") for number in (1, 2, 3)],
        tax_details=[tax("0.31")],
        payments=[paid("4.06")],
    )
    assert (found.net_sales_cents, found.tax_cents, found.adjustments) == (375, 31, ())


def test_what_does_not_balance_is_an_adjustment_of_its_own() -> None:
    """A payment that is missing is told, and disappears in no sales."""
    found = summary(sales_detail=[sale()], payments=[paid("9.00")])
    assert [(line.name, line.amount_cents) for line in found.adjustments] == [("unexplained_residual", -100)]
    assert found.net_sales_cents == 1000


@pytest.mark.parametrize("listed", [True, False])
def test_voids_never_change_net_sales(listed: bool) -> None:
    """Whether the voided soup of 8.00 stands in Sales Detail or not: 10.00 were sold, and 8.00 voided."""
    sales = [sale(), *([sale(ordinal="2", number="2002", gross="8.00")] if listed else [])]
    found = summary(sales_detail=sales, payments=[paid("10.00")], voids=[void("8.00", "2002", Void_Name="Cold")])
    assert (found.gross_sales_cents, found.net_sales_cents) == (1000, 1000)
    assert [(line.name, line.amount_cents) for line in found.voids_by_reason] == [("Cold", 800)]
    assert found.adjustments == ()


def test_labor_shows_both_hours() -> None:
    """15:57–21:01 at 14.00: 5.0667 h and 70.93 of ours, 5.07 h of the file's."""
    found = summary(
        labor_detail=[
            shift("2026-11-20T15:57:00", "2026-11-20T21:01:00", PayRate="14.00", RegularHours="5.07", JobName="Server")
        ],
        jobs=[row(JobCode="SRV", JobName="Server")],
    )
    (line,) = found.labor
    assert (line.name, line.hours, line.pay_cents, line.stated_hours) == (
        "Server",
        Decimal("5.0667"),
        7093,
        Decimal("5.07"),
    )


PLAIN = st.builds(
    Habits,
    convention=st.just("contract"),
    voids_listed=st.booleans(),
    restated=st.booleans(),
    inside=st.booleans(),
    bare_parents=st.booleans(),
    charges=st.just(False),
)


@given(PLAIN, st.integers(3, 8), st.integers(0, 2**32))
def test_sums_of_rows_are_sums_of_the_summary(ways: Habits, checks: int, seed: int) -> None:
    """Sales, discounts, taxes, tips and payments of a day are what its rows say, however they are written down."""
    day = written(ways, checks, seed)
    found = summary(**day.files)
    assert found.tickets == checks
    assert found.guests == 2 * checks
    assert found.net_sales_cents == sum(truth.net_sales for truth in day.truths.values())
    assert found.discounts_cents == sum(truth.discounts for truth in day.truths.values())
    assert found.tax_cents == sum(truth.tax for truth in day.truths.values())
    assert sum(line.amount_cents for line in found.payments) == sum(truth.paid for truth in day.truths.values())
    assert sum(line.gross_cents for line in found.by_category) == found.gross_sales_cents
    assert (found.tips_cents >= 0, found.adjustments) == (True, ())
