"""Reading: what Tray's rows say in our words, worked out by hand."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

import pytest

from adapters.pos.tray import SYSTEM
from domain.business_date import MIDNIGHT, window
from domain.polling import Options, frame_of, translate
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.source import SourceFailure
from domain.records import (
    Break,
    Deposit,
    Discount,
    Item,
    Job,
    LateVoid,
    PaidInOut,
    Payment,
    Punch,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
)
from tests.support.tray_stage import DATE, ZONE, check, deposit, entry, item, payment

DAY = window(DATE, ZONE)
ITEM_LEVEL = Options(use_item_level_taxes=True)
FRAME = frame_of(DATE, ZONE, MIDNIGHT, ITEM_LEVEL)
NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
VOID = {"reason": "Wrong item", "at": "2026-11-20T17:30:00Z", "by": "s9"}
LATE = {"reason": "Complaint", "at": "2026-11-21T17:30:00Z", "by": "s9"}


def captured(**resources: list[dict[str, Any]]) -> Capture:
    """A capture of rows, one page for each resource (underscores stand for dashes)."""
    pages = [Page(name.replace("_", "-"), len(rows), json.dumps(rows).encode()) for name, rows in resources.items()]
    return Capture("tray", 1, {}, tuple(pages))


def read(**resources: list[dict[str, Any]]) -> SourceDay:
    """What these rows say."""
    return SYSTEM.read(captured(**resources), DAY)


def ticket_of(row: dict[str, Any]) -> Ticket:
    """The ticket of one check."""
    (ticket,) = cast("Iterator[Ticket]", read(checks=[row]).records["ticket"])
    return ticket


def tax(name: str, amount: str, *, inclusive: bool = False) -> dict[str, Any]:
    """A tax of an item."""
    return {"name": name, "amount": amount, "inclusive": inclusive}


def test_a_check_becomes_a_ticket_field_by_field() -> None:
    """Everything that a check says is in the ticket; what counts as tax is left to the polling options."""
    row = check(
        1,
        [
            item(1, "10.00", taxes=[tax("State", "0.83")]),
            item(2, "2.505", quantity="2", parentId="i1", name="Bacon", category=None),
        ],
        [payment(1, "15.29", "3.00", tender="Visa"), payment(2, "0.55")],
        "0.83",
        discounts=[{"id": "d1", "name": "Open Discount", "customName": "spill", "amount": "0.00", "itemId": "i1"}],
        mpfTax="1.65",
    )
    assert ticket_of(row) == Ticket(
        id="c1",
        number="1001",
        business_date=DATE,
        opened_at=NOON,
        closed_at=dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC),
        service_type="Dine In",
        revenue_center="Bar",
        server="s1",
        guests=2,
        items=(
            Item("i1", "Item 1", "Food", 1000, 1000, 1000, "", (Tax("State", 83),)),
            Item("i2", "Bacon", "", 502, 251, 2000, "i1"),
        ),
        discounts=(Discount("d1", "Open Discount", 0, "discount", "spill", "i1"),),
        payments=(Payment("p1", "Visa", 1529, 300), Payment("p2", "Cash", 55)),
        stated_tax_cents=83,
        facilitator_tax_cents=165,
    )


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "milli"),
    [
        (1, "10.00", 1000, 1000),
        ("1", "10.00", 1000, 1000),
        (3, "3.33", 999, 3000),
        ("0.5", "9.99", 500, 500),
        ("0.333", "10.00", 333, 333),
        ("-1", "10.00", -1000, -1000),
        (-2, "1.25", -250, -2000),
        ("-0.5", "9.99", -500, -500),
        (0, "4.00", 0, 0),
    ],
)
def test_a_line_is_quantity_times_price_rounded_half_up(quantity: Any, price: str, amount: int, milli: int) -> None:
    """Away from zero on a tie, in both directions."""
    (line,) = ticket_of(check(1, [item(1, price, quantity=quantity)], [])).items
    assert (line.amount_cents, line.quantity_milli) == (amount, milli)


def test_inclusive_taxes_are_taken_out_of_the_line() -> None:
    """A T-shirt of 18.00 with 1.18 inside is 16.82 of sales; the check's tax has the 1.18."""
    row = check(1, [item(1, "18.00", taxes=[tax("Retail", "1.18", inclusive=True)])], [payment(1, "18.00")], "1.18")
    ticket = ticket_of(row)
    assert ticket.items[0].amount_cents == 1682
    assert ticket.items[0].taxes == (Tax("Retail", 118, inclusive=True),)
    assert ticket.stated_tax_cents == 118


VOIDS: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], tuple[VoidEntry, ...]]] = [
    ("by the item", [item(1, "8.00", void=VOID)], [{"itemId": "i1"}], (VoidEntry("i1", 800),)),
    ("by the amount", [item(1, "8.00", void=VOID)], [{"itemId": None}], (VoidEntry("i1", 800),)),
    ("by the amount of an unknown item", [item(1, "8.00", void=VOID)], [{"itemId": "i7"}], (VoidEntry("i1", 800),)),
    ("no payment", [item(1, "8.00", void=VOID)], [], (VoidEntry("i1", 800, matched=False),)),
    (
        "one payment for two lines",
        [item(1, "8.00", void=VOID), item(2, "8.00", void=VOID)],
        [{"itemId": None}],
        (VoidEntry("i1", 800), VoidEntry("i2", 800, matched=False)),
    ),
    (
        "the second line is named",
        [item(1, "8.00", void=VOID), item(2, "8.00", void=VOID)],
        [{"itemId": "i2"}],
        (VoidEntry("i1", 800, matched=False), VoidEntry("i2", 800)),
    ),
    ("a payment without a voided line", [item(1, "8.00")], [{"itemId": "i1"}], ()),
]


@pytest.mark.parametrize(("items", "pairs", "expected"), [row[1:] for row in VOIDS], ids=[row[0] for row in VOIDS])
def test_a_voided_line_keeps_its_amount_and_gets_its_pair(
    items: list[dict[str, Any]], pairs: list[dict[str, Any]], expected: tuple[VoidEntry, ...]
) -> None:
    """Every voided line has one entry; it is matched where Tray has a payment for it, which is never money."""
    payments = [payment(number, "8.00", tender="Void", void=pair) for number, pair in enumerate(pairs)]
    ticket = ticket_of(check(1, items, payments))
    assert ticket.voids == expected
    assert ticket.payments == ()
    assert all(line.amount_cents == 800 for line in ticket.items)


def test_the_taxes_of_a_voided_line_do_not_count() -> None:
    """Even where Tray left one on it, and inside its price."""
    row = check(1, [item(1, "8.00", void=VOID, taxes=[tax("T", "0.50", inclusive=True)])], [])
    (line,) = ticket_of(row).items
    assert (line.taxes, line.amount_cents) == ((), 800)
    assert line.void == VoidMark("Wrong item", dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC), "s9")


def test_a_late_void_leaves_the_sale_on_its_day_and_counts_on_its_own() -> None:
    """Voided the day after: the line stands as sold, its entry says that it is late; the later day lists the void."""
    row = check(
        1, [item(1, "8.00", void=LATE)], [payment(1, "8.00"), payment(2, "8.00", tender="Void", void={"itemId": "i1"})]
    )
    ticket = ticket_of(row)
    assert ticket.items[0].void is None
    assert ticket.voids == (VoidEntry("i1", 800, late=True),)
    assert ticket.payments == (Payment("p1", "Cash", 800),)
    void = {
        "id": "v1",
        "checkId": "c1",
        "checkBusinessDate": "2026-11-19",
        "itemId": "i1",
        "amount": "8.00",
        "reason": "Complaint",
        "at": "2026-11-20T17:30:00Z",
        "by": "s9",
        "businessDate": "2026-11-20",
        "zone": ZONE,
    }
    own = {**void, "id": "v2", "checkBusinessDate": "2026-11-20"}
    at = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    assert read(voids=[void, own]).records["late-void"] == (
        LateVoid("v1", "c1", dt.date(2026, 11, 19), 800, "i1", "Complaint", at, "s9"),
    )


@pytest.mark.parametrize(
    ("at", "is_void"),
    [("2026-11-21T04:59:59Z", True), ("2026-11-21T04:59:59.999999Z", True), ("2026-11-21T05:00:00Z", False)],
)
def test_a_void_is_late_from_the_first_instant_after_the_day(at: str, is_void: bool) -> None:
    """The business day is half-open; New York's midnight is 05:00 UTC."""
    (line,) = ticket_of(check(1, [item(1, "8.00", void={**VOID, "at": at})], [])).items
    assert (line.void is not None) is is_void


def test_a_void_that_the_source_posted_on_this_day_is_of_this_day() -> None:
    """Where the source's day ends after ours, its own list of voids says which day a void at 01:30 counts on."""
    night = {**VOID, "at": "2026-11-21T06:30:00Z"}
    rows = [check(1, [item(1, "8.00", void=night)], [payment(1, "8.00", tender="Void", void={"itemId": "i1"})])]
    posted = {
        "id": "v1",
        "checkId": "c1",
        "checkBusinessDate": "2026-11-20",
        "itemId": "i1",
        "amount": "8.00",
        "reason": "Wrong item",
        "at": "2026-11-21T06:30:00Z",
        "by": "s9",
        "businessDate": "2026-11-20",
        "zone": ZONE,
    }
    for void in (posted, {**posted, "itemId": None}):
        day = read(checks=rows, voids=[void])
        (ticket,) = day.records["ticket"]
        assert ticket.items[0].void is not None
        assert ticket.voids == (VoidEntry("i1", 800),)
        assert day.records["late-void"] == ()


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize(("at", "is_void"), [("2026-11-21T04:59:59Z", True), ("2026-11-21T05:00:00Z", False)])
def test_what_is_late_does_not_hang_on_the_day_that_is_read(days: int, at: str, is_void: bool) -> None:
    """Where neighbouring dates are read as well, each check's voids are late after the check's own date."""
    rows = captured(checks=[check(1, [item(1, "8.00", void={**VOID, "at": at})], [])])
    (ticket,) = SYSTEM.read(rows, window(DATE + dt.timedelta(days=days), ZONE)).records["ticket"]
    assert (ticket.items[0].void is not None) is is_void


def test_a_void_pair_whose_halves_differ_is_not_shown_as_balanced() -> None:
    """A line of 8.00 voided by an entry of 5.00 keeps both amounts, and the identity tells the 3.00."""
    row = check(1, [item(1, "8.00", void=VOID)], [payment(1, "5.00", tender="Void", void={"itemId": "i1"})])
    assert ticket_of(row).voids == (VoidEntry("i1", 500),)
    data = translate(read(checks=[row]), ITEM_LEVEL, FRAME).records["ticket"]["c1"]
    assert b'"unexplained_residual","amount_cents":-300' in data


def test_a_punch_is_of_the_day_in_which_it_began_by_our_clock() -> None:
    """Where the source cuts its days at another hour, a punch still belongs to exactly one of our days."""
    night = {"in": "2026-11-20T05:30:00Z", "out": "2026-11-20T08:30:00Z", "businessDate": "2026-11-19"}
    (found,) = read(time_entries=[entry(1, **night)]).records["punch"]
    assert (found.id, found.business_date) == ("t1", dt.date(2026, 11, 19))


def test_time_entries_become_punches_of_the_day_that_they_began_on() -> None:
    """Which day a shift is of is for the translation to say: what the POS lists is read, what it states kept beside."""
    rest = {"in": "2026-11-20T15:00:00Z", "out": None, "paid": True}
    rows = [
        entry(1, breaks=[rest], declaredTips="5.00", chargeTips="12.30", terminal="HQ", hours="5.07", pay="70.98"),
        entry(2, businessDate="2026-11-19", **{"in": "2026-11-20T03:00:00Z"}),
        entry(3, staffId="s7", jobId="j9", out=None, terminal=None),
    ]
    staff = [{**dict.fromkeys(SEALED, ""), "id": "s1", "person": "p", "active": True, "jobs": []}]
    jobs = [{"id": "j1", "code": None, "name": "Server", "rate": "7.50"}]
    day = read(time_entries=rows, staff=staff, jobs=jobs)
    first, second, third = day.records["punch"]
    assert second.business_date == dt.date(2026, 11, 19)
    assert first == Punch(
        id="t1",
        employee="s1",
        job="j1",
        clock_in=dt.datetime(2026, 11, 20, 13, tzinfo=dt.UTC),
        business_date=DATE,
        clock_out=dt.datetime(2026, 11, 20, 21, tzinfo=dt.UTC),
        job_name="Server",
        rate=Decimal("14.00"),
        breaks=(Break(dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC), None, paid=True),),
        declared_tips_cents=500,
        charge_tips_cents=1230,
        terminal="HQ",
        stated_hours=Decimal("5.07"),
        stated_pay_cents=7098,
    )
    assert (third.clock_out, third.unknown_employee, third.job_name) == (None, True, "")
    assert day.records["job"] == (Job("j1", "Server", "", Decimal("7.50")),)


SEALED = (
    "firstName lastName address phone ssn email dateOfBirth posId hireDate payrollId".split()  # noqa: SIM905 — shorter
)


def test_deposits_say_which_day_they_are_for_and_paid_outs_keep_their_purpose() -> None:
    """A deposit of another day is not this day's money, whenever it was entered."""
    paid = {
        "id": "x1",
        "type": "out",
        "name": "Charge tips",
        "amount": "40.00",
        "affectsCash": True,
        "at": "2026-11-20T19:00:00Z",
        "by": None,
        "notes": None,
        "businessDate": "2026-11-20",
        "zone": ZONE,
        "purpose": "tips",
    }
    day = read(deposits=[deposit(1), deposit(2, businessDate="2026-11-19")], paid_in_out=[paid])
    created = dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC)
    assert day.records["deposit"] == (
        Deposit("d1", 5000, DATE, "7", created, "s1"),
        Deposit("d2", 5000, dt.date(2026, 11, 19), "7", created, "s1"),
    )
    assert list(translate(day, ITEM_LEVEL, FRAME).records["deposit"]) == ["d1"]
    at = dt.datetime(2026, 11, 20, 19, tzinfo=dt.UTC)
    assert day.records["paid-in-out"] == (PaidInOut("x1", "out", "Charge tips", 4000, True, "tips", at),)


def test_a_row_of_another_zone_is_noted() -> None:
    """The day is read all the same, since instants are UTC; but somebody should look at the location's zone."""
    assert read(checks=[check(1, [], [])]).notes == ()
    assert read(checks=[check(1, [], [], zone="Asia/Tokyo")]).notes == ("zone-differs",)
    assert read(time_entries=[entry(1, zone="Asia/Tokyo")]).notes == ("zone-differs",)


@pytest.mark.parametrize(
    "more",
    [
        {"openedAt": "2026-11-20 17:00:00Z"},
        {"openedAt": "2026-11-20T17:00:00+00:00"},
        {"openedAt": "2026-11-31T17:00:00Z"},
        {"openedAt": ""},
        {"closedAt": "late"},
        {"closedAt": "0001-01-01T00:00:00Z"},
        {"items": [item(1, "9999999999.00", quantity=9_000_000)]},
        {"taxTotal": "1e2"},
        {"taxTotal": "NaN"},
        {"taxTotal": "99999999999999999.00"},
        {"mpfTax": "x"},
        {"businessDate": "2026-11-20T00:00"},
        {"items": [item(1, "ten")]},
        {"items": [item(1, "1.00", quantity=10**30)]},
        {"items": [item(1, "1.00", taxes=[{"name": "T", "amount": "", "inclusive": False}])]},
        {"guests": "two"},
    ],
)
def test_a_row_without_meaning_is_a_failure_of_the_source(more: dict[str, Any]) -> None:
    """Whatever passed the wire but means nothing ends in one failure, and never in a traceback of ours."""
    with pytest.raises(SourceFailure) as failed:
        list(read(checks=[{**check(1, [], []), **more}]).records["ticket"])
    assert failed.value.failure == "malformed"


def test_fractions_of_seconds_are_read() -> None:
    """Instants may carry fractions."""
    ticket = ticket_of(check(1, [], [], openedAt="2026-11-20T17:00:00.25Z", closedAt=None))
    assert ticket.opened_at == NOON + dt.timedelta(milliseconds=250)
    assert ticket.closed_at is None


def test_the_identity_of_a_worked_day_holds_without_adjustments() -> None:
    """Voids, refunds, inclusive taxes, discounts and tips on four checks leave nothing to explain."""
    rows = [
        check(1, [item(1, "10.00", taxes=[tax("T", "0.83")])], [payment(1, "10.83", "2.00")], "0.83"),
        check(2, [item(1, "10.00", quantity="-1")], [payment(1, "-10.00")]),
        check(3, [item(1, "8.00", void=VOID)], [payment(1, "8.00", tender="Void", void={"itemId": "i1"})]),
        check(
            4,
            [item(1, "18.00", taxes=[tax("R", "1.18", inclusive=True)])],
            [payment(1, "8.00")],
            "1.18",
            discounts=[{"id": "d", "name": "Comp", "amount": "10.00", "type": "comp"}],
        ),
    ]
    translation = translate(read(checks=rows), ITEM_LEVEL, FRAME)
    assert len(translation.records["ticket"]) == 4
    assert not [data for data in translation.records["ticket"].values() if b"adjustments" in data]


def test_tickets_of_many_pages_are_never_objects_all_at_once() -> None:
    """Pages after the first are decoded when the iterator reaches them: a broken third page shows only then."""
    pages = [Page("checks", 1, json.dumps([check(number, [], [])]).encode()) for number in range(2)]
    capture = Capture("tray", 1, {}, (*pages, Page("checks", 1, b"[{}]")))
    with pytest.raises(SourceFailure):
        SYSTEM.read(capture, DAY)  # settling the convention of so few checks reads them all
    many = [check(number, [item(1, "1.00")], [payment(1, "1.00")]) for number in range(120)]
    capture = Capture("tray", 1, {}, (Page("checks", 120, json.dumps(many).encode()), Page("checks", 1, b"[{}]")))
    tickets = cast("Iterator[Ticket]", SYSTEM.read(capture, DAY).records["ticket"])
    assert [next(tickets).id for _ in range(120)] == [f"c{number}" for number in range(120)]
    with pytest.raises(SourceFailure):
        next(tickets)
