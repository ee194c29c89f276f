"""Random tickets, punches, days and option sets: what laws about translating are tried on."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from domain.business_date import date_of
from domain.money import shown
from domain.polling import Frame, Options, frame_of, options_for
from domain.polling.identity import rest_of
from domain.records import (
    Break,
    Deposit,
    Discount,
    Employee,
    Item,
    NonSale,
    Payment,
    Punch,
    Record,
    Refund,
    Surcharge,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
)

DATE = dt.date(2026, 11, 1)
ZONES = ("America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
NAMES = (
    "Burger",
    "Combo",
    "Soup",
    "Bag fee",
    "Transferred - Combo",
    "Transferred - Transferred - Soup",
    "Transferred - ",
)
NUMBERS = ("", "1001", "1002")
CATEGORIES = ("Food", "Bar", "", "Fees")
CENTERS = ("Bar", "Dining", "Patio", "")
SERVICE_TYPES = ("Dine In", "Dine  In", " Take Out ", "")
TENDERS = ("Cash", "Visa", "House")
TAXES = ("State", "City")
NOON = dt.datetime(2026, 11, 1, 17, tzinfo=dt.UTC)

prices = st.integers(1, 5_000)
amounts = st.one_of(prices, st.integers(-3_000, 5_000))
small = st.integers(0, 400)
instants = st.integers(-60 * 3600, 60 * 3600).map(lambda seconds: NOON + dt.timedelta(seconds=seconds))


@st.composite
def taxes_on(draw: st.DrawFn) -> tuple[Tax, ...]:
    """None, one or two taxes of a line."""
    names = draw(st.lists(st.sampled_from(TAXES), max_size=2, unique=True))
    return tuple(Tax(name, draw(st.integers(0, 90)), draw(st.booleans())) for name in names)


@st.composite
def lines(draw: st.DrawFn, *, centers: Sequence[str] = ("",)) -> tuple[Item, ...]:
    """Up to five lines, some of them modifiers of the one before, some voided, some given back."""
    found: list[Item] = []
    for place in range(draw(st.integers(0, 5))):
        amount = draw(amounts)
        modifies = bool(found) and draw(st.booleans())
        found.append(
            Item(
                f"i{place}",
                draw(st.sampled_from(NAMES)),
                draw(st.sampled_from(CATEGORIES)),
                amount,
                amount,
                draw(st.sampled_from([1000, 1000, 2000, 250, 0])),
                found[-1].id if modifies else "",
                draw(taxes_on()),
                draw(st.sampled_from([None, None, None, VoidMark("Cold", NOON)])),
                draw(st.sampled_from(NUMBERS)),
                draw(st.sampled_from(centers)),
            )
        )
    return tuple(found)


@st.composite
def void_entries(draw: st.DrawFn, items: Sequence[Item]) -> tuple[VoidEntry, ...]:
    """The entries of the voided lines, matched or not, and of some that were voided on a later day."""
    found = [VoidEntry(item.id, item.amount_cents, draw(st.booleans())) for item in items if item.void]
    sold = [item for item in items if not item.void]
    if sold and draw(st.integers(0, 4)) == 0:
        found.append(VoidEntry(sold[0].id, sold[0].amount_cents, draw(st.booleans()), late=True))
    return tuple(found)


@st.composite
def discounts_on(draw: st.DrawFn, items: Sequence[Item]) -> tuple[Discount, ...]:
    """Discounts on lines and on the ticket; sometimes just as much as the lines are."""
    targets = ["", "", *[item.id for item in items]]
    given = [
        Discount(
            f"d{place}",
            "Open Discount",
            amount,
            custom_name=draw(st.sampled_from(["", "Birthday", " Manager - spill"])),
            item=draw(st.sampled_from(targets)),
        )
        for place, amount in enumerate(draw(st.lists(amounts, max_size=3)))
    ]
    if draw(st.integers(0, 4)) == 0:
        details = sum(item.amount_cents for item in items if item.void is None)
        given.append(Discount("whole", "Comp", details - sum(one.amount_cents for one in given), "comp"))
    return tuple(given)


@st.composite
def tickets(
    draw: st.DrawFn, key: str = "t1", *, centers: Sequence[str] = ("",), balanced: st.SearchStrategy[bool] | None = None
) -> Ticket:
    """Any ticket at all; where it is to be balanced, its last payment is what the others leave."""
    items = draw(lines(centers=centers))
    stated = draw(st.one_of(st.just(sum(tax.amount_cents for item in items for tax in item.taxes)), small))
    opened = draw(instants)
    names = draw(st.lists(st.sampled_from(TAXES), max_size=2, unique=True))
    ticket = Ticket(
        key,
        f"#{key}",
        draw(st.sampled_from([DATE, DATE, DATE - dt.timedelta(days=1), DATE + dt.timedelta(days=1)])),
        opened,
        draw(st.sampled_from([None, opened, opened + dt.timedelta(hours=1), opened + dt.timedelta(hours=30)])),
        draw(st.sampled_from(SERVICE_TYPES)),
        draw(st.sampled_from(CENTERS if centers != ("",) else ("Dining", ""))),
        guests=draw(st.integers(0, 9)),
        items=items,
        discounts=draw(discounts_on(items)),
        payments=tuple(
            Payment(
                f"p{place}", draw(st.sampled_from(TENDERS)), amount, draw(small), draw(st.sampled_from([0, 0, 180]))
            )
            for place, amount in enumerate(draw(st.lists(amounts, max_size=3)))
        ),
        voids=draw(void_entries(items)),
        stated_tax_cents=stated,
        stated_taxes=tuple(Tax(name, draw(small)) for name in names) if draw(st.booleans()) else (),
        facilitator_tax_cents=draw(st.sampled_from([0, 0, 165])),
        surcharges=tuple(
            Surcharge(f"s{place}", "Service fee", amount, draw(st.sampled_from(centers)))
            for place, amount in enumerate(draw(st.lists(prices, max_size=1)))
        ),
        non_sales=tuple(
            NonSale(f"n{place}", "Gift card", amount, revenue_center=draw(st.sampled_from(centers)))
            for place, amount in enumerate(draw(st.lists(prices, max_size=1)))
        ),
        refunds=tuple(
            Refund(f"r{place}", "Refund", amount, in_details=draw(st.booleans()), service_type="Dine  In")
            for place, amount in enumerate(draw(st.lists(prices, max_size=1)))
        ),
    )
    if balanced is None or not draw(balanced):
        return ticket
    rest = -rest_of(ticket, stated)
    return msgspec.structs.replace(ticket, payments=(*ticket.payments, Payment("last", "Visa", rest, draw(small))))


@st.composite
def days(draw: st.DrawFn, *, most: int = 4, centers: Sequence[str] = ("",)) -> list[Ticket]:
    """The tickets of a day."""
    balanced = st.booleans()
    return [
        draw(tickets(f"t{place}", centers=centers, balanced=balanced)) for place in range(draw(st.integers(0, most)))
    ]


@st.composite
def punches(draw: st.DrawFn, key: str = "s1", *, longest: int = 80 * 3600) -> Punch:
    """Any punch: open, backwards, long or short, with breaks that may lie across, outside or over each other."""
    clock_in = draw(instants) + dt.timedelta(microseconds=draw(st.sampled_from([0, 0, 250_000, 900_000])))
    lasts = draw(st.one_of(st.none(), st.integers(-10, longest), st.sampled_from([86_399, 86_400, 30 * 3600])))
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begins = clock_in + dt.timedelta(
            seconds=draw(st.integers(-3600, 40 * 3600)), milliseconds=draw(st.integers(0, 9))
        )
        rest = draw(st.one_of(st.none(), st.integers(-60, 4 * 3600)))
        pauses.append(Break(begins, None if rest is None else begins + dt.timedelta(seconds=rest), draw(st.booleans())))
    return Punch(
        key,
        "e1",
        "j1",
        clock_in,
        DATE,
        None if lasts is None else clock_in + dt.timedelta(seconds=lasts),
        "Server",
        draw(st.sampled_from([Decimal("15.00"), Decimal("12.37"), Decimal("7.3333")])),
        tuple(pauses),
        draw(small),
        draw(small),
        stated_hours=Decimal(8),
        stated_pay_cents=12_000,
        sales_cents=45_000,
    )


def _split_rules() -> st.SearchStrategy[list[dict[str, str]]]:
    rule = st.builds(
        lambda match, name, category, part: {"match": match, "name": name, "category": category, **part},
        st.sampled_from(["Combo", "Soup", "Transferred - Combo", "Burger"]),
        st.sampled_from(["Drink", "Soup", "Transferred - Side"]),
        st.sampled_from(["", "Bar"]),
        st.one_of(
            st.integers(1, 3_000).map(lambda cents: {"amount": shown(cents)}),
            st.sampled_from(["15", "33.3", "100"]).map(lambda percent: {"percent": percent}),
        ),
    )
    return st.lists(rule, max_size=3, unique_by=lambda found: found["match"])


def _category_rules() -> st.SearchStrategy[list[dict[str, str]]]:
    rule = st.builds(
        lambda item, category: {"item": item, "category": category},
        st.sampled_from(["Combo", "Soup", "Bag fee", "Drink", "1001"]),
        st.sampled_from(["Fees", "Food", "Specials"]),
    )
    return st.lists(rule, max_size=3, unique_by=lambda found: found["item"])


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "specify_business_day_start_time": st.sampled_from(["", "00:00", "04:00", "23:30"]),
    "split_sales_detail": _split_rules(),
    "use_revenue_centers": st.lists(st.sampled_from(["Bar", "Dining", "(none)"]), max_size=2, unique=True),
    "menu_item_category_override": _category_rules(),
    "item_category_override": _category_rules(),
    "number_of_lookback_days": st.integers(0, 5),
    "custom_payroll_id_field": st.sampled_from(["", "id", "pos_id"]),
    "offset_time_zone": st.sampled_from(["0", "0.5", "-3", "13", "-26"]),
    "punch_conflicts": st.sampled_from(["ask", "ours", "theirs"]),
    "labor_lookback_days": st.integers(0, 60),
    "overtime_weekly_hours": st.sampled_from(["0", "40", "37.5"]),
    "overtime_daily_hours": st.sampled_from(["0", "8", 10]),
    "overtime_multiplier": st.sampled_from(["1", "1.5", 2]),
    "workweek_starts": st.sampled_from(["monday", "sunday"]),
}
"""What the options that are more than on or off may be; every other is on or off."""


@st.composite
def option_fields(draw: st.DrawFn, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Any set of options, as a configuration has them."""
    names = [name for name in Options.__struct_fields__ if name not in without]
    chosen = draw(st.lists(st.sampled_from(names), max_size=len(names), unique=True))
    return {name: draw(VALUES.get(name, st.booleans())) for name in sorted(chosen)}


def options(*, without: Sequence[str] = ()) -> st.SearchStrategy[Options]:
    """Any set of options that a configuration may have."""
    return option_fields(without=without).map(options_for)


@st.composite
def frames(draw: st.DrawFn, chosen: Options) -> Frame:
    """The frame of the day anywhere."""
    starts = draw(st.sampled_from([dt.time(0), dt.time(4), dt.time(5, 30)]))
    return frame_of(DATE, draw(st.sampled_from(ZONES)), starts, chosen, {"Bar": "L1", "Dining": "L2"})


def booked(ticket: Ticket, zone: str, starts: dt.time) -> Ticket:
    """The ticket, booked by the source on the business day of its closing there."""
    date = date_of(ticket.closed_at or ticket.opened_at, zone, starts)
    return msgspec.structs.replace(ticket, business_date=date)


@st.composite
def whole_days(draw: st.DrawFn) -> dict[str, list[Record]]:
    """Records of every kind that options may change."""
    people = [Employee(f"e{place}", f"person-{place}", pos_id=draw(st.sampled_from(["", "77"]))) for place in range(3)]
    made = draw(st.lists(st.integers(-4, 4), max_size=3))
    deposits = [
        Deposit(f"d{place}", 1_000 + place, DATE + dt.timedelta(days=days), created_at=draw(instants))
        for place, days in enumerate(made)
    ]
    return {
        "ticket": list(draw(days(centers=CENTERS))),
        "punch": [draw(punches(f"s{place}")) for place in range(draw(st.integers(0, 3)))],
        "employee": list(people),
        "deposit": list(deposits),
    }
