"""Days for tests, made of records as they stand: straight to their summary, past every source and option."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from domain.business_day import NEW_DAY, BusinessDay
from domain.records import (
    Adjustment,
    Deposit,
    Discount,
    Item,
    LateVoid,
    NonSale,
    PaidInOut,
    Payment,
    Punch,
    Refund,
    Remainder,
    Surcharge,
    Tax,
    TaxShare,
    TenderShare,
    Ticket,
    Till,
    VoidEntry,
    VoidMark,
    canonical,
)
from domain.summary import DailySalesSummary, summarize
from tests.domain.build import DATE, at


def day_of(*records: Any, **fields: Any) -> BusinessDay:
    """A day that has just these records."""
    known: dict[str, dict[str, bytes]] = {}
    for record in records:
        kind, key, data = canonical(record)
        known.setdefault(kind, {})[key] = data
    return replace(NEW_DAY, **{"records": known, "zone": "America/New_York", "generation": 1, **fields})


def summed(*records: Any, **fields: Any) -> DailySalesSummary:
    """The summary of such a day."""
    return summarize(day_of(*records, **fields))


def balanced(ticket: Ticket) -> Ticket:
    """The ticket with an adjustment that makes its identity hold, as translating gives every ticket one."""
    both = ticket.facilitator_tax_cents * ticket.facilitator_tax_counts + sum(
        payment.tip_cents + payment.gratuity_cents for payment in ticket.payments
    )
    sold = both + sum(_cents(ticket.items, ticket.surcharges, ticket.non_sales, ticket.taxes, ticket.adjustments))
    voids = [void for void in ticket.voids if not void.late]
    settled = both + sum(_cents(ticket.payments, ticket.discounts, voids))
    if sold == settled:
        return ticket
    left = Adjustment("unexplained_residual", settled - sold, sold, settled)
    return msgspec.structs.replace(ticket, adjustments=(*ticket.adjustments, left))


def _cents(*lists: Iterable[Any]) -> Iterator[int]:
    return (line.amount_cents for lines in lists for line in lines)


# Few names, so that they meet; odd ones among them, because sources write what they like.
NAMES = st.sampled_from(["Food", "Dine In", "Cash", "Visa", "A/B", "*", "50 % off\\", "", "(none)", "tab\there"])
CENTS = st.integers(-50_000, 50_000)
FEW = 3
_AT = st.integers(0, 24 * 60 - 1).map(lambda minute: at(f"{minute // 60:02d}:{minute % 60:02d}"))


def _lists(one: st.SearchStrategy[Any], most: int = FEW) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


ITEMS = st.builds(
    Item,
    id=st.sampled_from(["i1", "i2", "i3"]),
    name=NAMES,
    category=NAMES,
    amount_cents=CENTS,
    price_cents=CENTS,
    quantity_milli=st.integers(-3000, 3000),
    void=st.none() | st.builds(VoidMark, reason=NAMES),
    revenue_center=st.sampled_from(["", "", "Bar", "Patio"]),
)
DISCOUNTS = st.builds(
    Discount,
    id=st.just("d"),
    name=NAMES,
    amount_cents=CENTS,
    kind=st.sampled_from(["discount", "comp", "promo", "coupon"]),
    item=st.sampled_from(["", "i1", "i2"]),
)
PAYMENTS = st.builds(
    Payment,
    id=st.just("p"),
    tender=NAMES,
    amount_cents=CENTS,
    tip_cents=CENTS,
    gratuity_cents=st.just(0) | CENTS,
    tender_type=st.sampled_from(["", "cash", "non-cash"]),
    drawer=st.sampled_from(["", "1", "2"]),
)
REFUNDS = st.builds(
    Refund,
    id=st.just("r"),
    name=NAMES,
    amount_cents=CENTS,
    tax_cents=st.just(0) | CENTS,
    tax_name=NAMES,
    tender=NAMES,
    service_type=NAMES,
    revenue_center=st.sampled_from(["", "Bar"]),
    category=NAMES,
    drawer=st.sampled_from(["", "1"]),
    in_details=st.booleans(),
)
TAXES = st.builds(Tax, name=NAMES, amount_cents=CENTS, inclusive=st.booleans())
VOIDS = st.builds(VoidEntry, item=st.just("i1"), amount_cents=CENTS, late=st.booleans())
ADJUSTMENTS = st.builds(
    Adjustment,
    cause=st.sampled_from(["late_void", "item_check_tax_difference", "unpaid_balance"]),
    amount_cents=CENTS,
    credits_cents=CENTS,
    debits_cents=CENTS,
)
TICKETS = st.builds(
    Ticket,
    id=st.just("t"),
    number=st.just("1"),
    business_date=st.just(DATE),
    opened_at=_AT,
    closed_at=st.none() | _AT,
    service_type=NAMES,
    revenue_center=st.sampled_from(["", "Bar", "Dining"]),
    guests=st.integers(-2, 8),
    items=_lists(ITEMS),
    discounts=_lists(DISCOUNTS, 2),
    payments=_lists(PAYMENTS),
    voids=_lists(VOIDS, 1),
    taxes=_lists(TAXES, 2),
    facilitator_tax_cents=st.just(0) | CENTS,
    facilitator_tax_counts=st.booleans(),
    adjustments=_lists(ADJUSTMENTS, 1),
    surcharges=_lists(st.builds(Surcharge, id=st.just("s"), name=NAMES, amount_cents=CENTS), 1),
    non_sales=_lists(st.builds(NonSale, id=st.just("n"), name=NAMES, amount_cents=CENTS), 1),
    refunds=_lists(REFUNDS, 2),
)
PUNCHES = st.builds(
    Punch,
    id=st.just("x"),
    employee=st.just("e"),
    job=NAMES,
    job_name=NAMES,
    clock_in=st.just(at("10:00")),
    clock_out=st.none() | st.integers(1, 30 * 60).map(lambda minutes: at("10:00") + dt.timedelta(minutes=minutes)),
    business_date=st.just(DATE),
    rate=st.sampled_from([Decimal(0), Decimal("14.37")]),
    excluded=st.sampled_from(["", "", "no_clock_out"]),
    stated_hours=st.none() | st.just(Decimal("5.07")),
    stated_pay_cents=st.none() | CENTS,
)
PAID = st.builds(
    PaidInOut,
    id=st.just("m"),
    direction=st.sampled_from(["in", "out"]),
    name=NAMES,
    amount_cents=CENTS,
    affects_cash=st.booleans(),
    purpose=st.sampled_from(["", "tips"]),
)
BESIDE = st.one_of(
    PUNCHES,
    PAID,
    st.builds(Deposit, id=st.just("b"), amount_cents=CENTS, business_date=st.just(DATE), number=NAMES),
    st.builds(
        LateVoid, id=st.just("v"), ticket=st.just("t0"), ticket_date=st.just(DATE), amount_cents=CENTS, reason=NAMES
    ),
    st.builds(Till, drawer=st.sampled_from(["1", "2", "3"]), expected_cents=CENTS, closed=st.booleans()),
    st.builds(
        Remainder,
        center=st.sampled_from(["Bar", "Patio"]),
        location=st.sampled_from(["", "bar"]),
        gross_cents=CENTS,
        discounts_cents=CENTS,
        taxes=_lists(st.builds(TaxShare, name=NAMES, amount_cents=CENTS), 1),
        tenders=_lists(st.builds(TenderShare, name=NAMES, amount_cents=CENTS, tips_cents=CENTS), 1),
    ),
)


def _keyed(records: tuple[Any, ...]) -> tuple[Any, ...]:
    """The records with a key of each one's own."""
    return tuple(
        msgspec.structs.replace(record, id=f"{record.id}{place}") if hasattr(record, "id") else record
        for place, record in enumerate(records)
    )


RECORDS = st.tuples(_lists(TICKETS), _lists(BESIDE, 6)).map(lambda drawn: _keyed((*drawn[0], *drawn[1])))
"""Records of every kind that a day has; the tickets among them mostly do not balance."""
