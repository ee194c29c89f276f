"""What stands on a check beside sales, tax and tips: other centers, surcharges, non-sales, automatic gratuities."""

import datetime as dt
import json
from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.conventions import balances, residuals, settle
from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, running
from adapters.pos.tray.wire import CHECKS
from domain.business_date import window
from domain.ports.captures import Capture, Page
from domain.ports.source import DayRequest, SourceFailure
from domain.records import NonSale, Payment, Surcharge, Ticket
from tests.support.fake_vault import MemoryVault
from tests.support.reach import HERE
from tests.support.tray_stage import DATE, ZONE, Stage, check, compact, item, payment, payments_of

DAY = window(DATE, ZONE)
FEE = {"id": "s1", "name": "Service Fee", "amount": "3.00"}
CARD = {"id": "n1", "name": "Gift Card", "quantity": 2, "amount": "50.00"}


def read(*rows: dict[str, Any]) -> list[Ticket]:
    """The tickets of these checks."""
    capture = Capture("tray", 1, {}, (Page("checks", len(rows), json.dumps(rows).encode()),))
    return list(SYSTEM.read(capture, DAY).records["ticket"])


def test_surcharges_and_non_sales_are_lines_of_their_own() -> None:
    """A fee and two gift cards are on the ticket, and in no item."""
    row = check(1, [item(1, "10.00")], [payment(1, "63.00")], surcharges=[FEE], nonSales=[CARD])
    (ticket,) = read(row)
    assert ticket.surcharges == (Surcharge("s1", "Service Fee", 300),)
    assert ticket.non_sales == (NonSale("n1", "Gift Card", 5000, 2000),)
    assert [line.amount_cents for line in ticket.items] == [1000]


@pytest.mark.parametrize("fields", [{}, {"surcharges": [], "nonSales": []}])
def test_a_check_without_them_is_what_it_always_was(fields: dict[str, Any]) -> None:
    """A peer that does not know them, or sends them empty, is read as before."""
    (ticket,) = read(check(1, [item(1, "10.00")], [payment(1, "10.00")], **fields))
    assert (ticket.surcharges, ticket.non_sales) == ((), ())
    assert ticket.items[0].revenue_center == ""
    assert ticket.payments == (Payment("p1", "Cash", 1000),)


@pytest.mark.parametrize(
    ("center", "of_check", "expected"),
    [("Patio", "Bar", "Patio"), ("Bar", "Bar", ""), (None, "Bar", ""), ("", "Bar", ""), ("Patio", None, "Patio")],
)
def test_an_item_names_its_center_where_it_is_another(center: Any, of_check: Any, expected: str) -> None:
    """Where it is the check's own, or none, the ticket's says enough."""
    (ticket,) = read(check(1, [item(1, "10.00", revenueCenter=center)], [], revenueCenter=of_check))
    assert ticket.items[0].revenue_center == expected


@pytest.mark.parametrize(("gratuity", "cents"), [("1.80", 180), ("0.00", 0), (None, 0), ("-1.80", -180)])
def test_a_gratuity_stands_beside_the_tip(gratuity: Any, cents: int) -> None:
    """It is neither in the payment's amount nor in its tip."""
    (ticket,) = read(check(1, [item(1, "10.00")], [payment(1, "10.00", "0.50", gratuity=gratuity)]))
    assert ticket.payments == (Payment("p1", "Cash", 1000, 50, cents),)


def test_a_gratuity_that_is_inside_the_payment_is_taken_out_with_the_tip() -> None:
    """Where payments include tips they include gratuities: 12.30 is 10.00, a tip of 0.50 and a gratuity of 1.80."""
    rows = [check(n, [item(1, "10.00")], [payment(1, "12.30", "0.50", gratuity="1.80")]) for n in range(3)]
    assert [ticket.payments for ticket in read(*rows)] == [(Payment("p1", "Cash", 1000, 50, 180),)] * 3


def test_a_parent_keeps_its_center_when_its_modifiers_are_taken_out() -> None:
    """Taking what is inside of a price out of it changes nothing else of the line."""
    items = [item(1, "12.00", revenueCenter="Patio"), item(2, "2.00", parentId="i1", revenueCenter="Patio")]
    rows = [check(number, items, [payment(1, "12.00")]) for number in range(3)]
    assert [line.revenue_center for line in read(*rows)[0].items] == ["Patio", "Patio"]
    assert [line.amount_cents for line in read(*rows)[0].items] == [1000, 200]


@pytest.mark.parametrize(
    ("row", "left"),
    [
        (check(1, [item(1, "10.00")], [payment(1, "13.00")], surcharges=[FEE]), (0, 0, 0, 0)),
        (check(1, [item(1, "10.00")], [payment(1, "10.00")], surcharges=[FEE]), (300, 300, 300, 300)),
        (check(1, [item(1, "10.00")], [payment(1, "60.00")], nonSales=[CARD]), (0, 0, 0, 0)),
        (check(1, [], [payment(1, "50.00")], nonSales=[CARD]), (0, 0, 0, 0)),
        (check(1, [], [payment(1, "53.00")], surcharges=[FEE], nonSales=[CARD]), (0, 0, 0, 0)),
        (check(1, [item(1, "10.00")], [payment(1, "10.00", gratuity="1.80")]), (0, 180, 0, 0)),
        (check(1, [item(1, "10.00")], [payment(1, "11.80", gratuity="1.80")]), (-180, 0, -180, -180)),
        (check(1, [item(1, "10.00")], [payment(1, "10.00", "1.00", gratuity="1.80")]), (0, 280, 0, 0)),
    ],
)
def test_the_identity_counts_what_stands_beside(row: dict[str, Any], left: tuple[int, ...]) -> None:
    """In cents: the contract, tips in payments, prices of lines, modifiers in parents."""
    (decoded,) = CHECKS.decode(compact([row]))
    found = residuals(decoded)
    assert (found.contract, *found.alternatives) == left
    assert balances(decoded, DAY) is (0 in left)


def test_fees_do_not_look_like_another_convention() -> None:
    """A day on which every check has a fee, a gift card and a gratuity settles on the contract."""
    rows = [
        check(
            number,
            [item(1, "10.00", quantity=2), item(2, "1.00", parentId="i1")],
            [payment(1, "74.00", "2.00", gratuity="1.00")],
            surcharges=[FEE],
            nonSales=[CARD],
        )
        for number in range(9)
    ]
    assert settle([CHECKS.decode(compact(rows))]) == "contract"


BAD: list[tuple[str, dict[str, Any]]] = [
    ("surcharges that are null", {"surcharges": None}),
    ("a surcharge without a name", {"surcharges": [{"id": "s1", "amount": "1.00"}]}),
    ("a surcharge of a number", {"surcharges": [{**FEE, "amount": 3}]}),
    ("a surcharge that is no amount", {"surcharges": [{**FEE, "amount": "three"}]}),
    ("a non-sale without a quantity", {"nonSales": [{"id": "n1", "name": "Gift Card", "amount": "1.00"}]}),
    ("a non-sale of half a word", {"nonSales": [{**CARD, "quantity": "half"}]}),
    ("a gratuity of a number", {"payments": [payment(1, "10.00", gratuity=1.5)]}),
    ("a gratuity that is no amount", {"payments": [payment(1, "10.00", gratuity="x")]}),
    ("a center of a number", {"items": [item(1, "10.00", revenueCenter=7)]}),
]


@pytest.mark.parametrize("fields", [row[1] for row in BAD], ids=[row[0] for row in BAD])
def test_what_stands_beside_is_checked_as_everything_is(
    stage: Stage, connect: Any, request_day: DayRequest, fields: dict[str, Any]
) -> None:
    """A field of another type, or a word without meaning, is malformed: on the wire or when it is read."""
    rows = [{**check(1, [item(1, "10.00")], [payment(1, "10.00")]), **fields}]
    stage.rows["checks"] = rows
    stage.rows["payments"] = payments_of(rows)
    with pytest.raises(SourceFailure) as failed:
        list(SYSTEM.read(connect().fetch(request_day).capture, request_day.window).records["ticket"])
    assert failed.value.failure == "malformed"


def test_a_gratuity_that_differs_between_the_lists_is_a_day_that_changed(
    stage: Stage, connect: Any, request_day: DayRequest
) -> None:
    """The venue's list of payments has to say the same of it as the check does."""
    stage.rows["payments"][0]["gratuity"] = "1.00"
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert failed.value.failure == "changed-while-reading"
    stage.rows["checks"][0]["payments"][0]["gratuity"] = "1.00"
    assert b'"gratuity":"1.00"' in next(iter(connect().fetch(request_day).capture.of("payments"))).data


@pytest.mark.parametrize("name", ["surcharges", "nonSales"])
@pytest.mark.parametrize(
    ("count", "paid", "whole"), [(100, "100.00", True), (100, "101.00", False), (99, "1.00", True)]
)
def test_a_list_of_a_hundred_that_does_not_add_up_was_cut(
    stage: Stage, connect: Any, request_day: DayRequest, name: str, count: int, paid: str, whole: bool
) -> None:
    """As with every list inside a check."""
    charges: Any = [{"id": f"x{number}", "name": "Fee", "quantity": 1, "amount": "1.00"} for number in range(count)]
    rows = [check(1, [], [payment(1, paid)], **{name: charges})]
    stage.rows["checks"], stage.rows["payments"] = rows, payments_of(rows)
    if whole:
        assert connect().fetch(request_day).rows["checks"] == 1
        return
    with pytest.raises(SourceFailure) as failed:
        connect().fetch(request_day)
    assert failed.value.failure == "nested-list-cut"


@pytest.mark.parametrize("consolidated", [False, True])
def test_a_simulated_day_with_all_of_it_is_read_as_the_pos_reckons_it(consolidated: bool) -> None:
    """Surcharges, non-sales, gratuities and sales by the center of each line are the POS's own truth."""
    date = dt.date(2026, 11, 3)
    pos = TrayPos(
        TrayPosSettings(
            seed=4,
            tickets=200,
            now=lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
            item_center_share=0.2,
            surcharge_share=0.3,
            non_sale_share=0.2,
            gratuity_share=0.5,
        )
    )
    day = window(date, ZONE)
    request = DayRequest("acme", "conn-1", "loc-1", day, {"venue": "V100"}, consolidated=consolidated)
    with running(pos) as served:
        source = SYSTEM.connect(served.url, "tray-key-one", MemoryVault(), HERE)
        told = SYSTEM.read(source.fetch(request).capture, day)
        source.close()
    tickets: list[Ticket] = list(told.records["ticket"])
    truth = pos.truth("V100", date)
    assert told.notes == ()
    assert (
        total(charge.amount_cents for ticket in tickets for charge in ticket.surcharges)
        == (truth["surcharges"]["total"])
    )
    assert total(sold.amount_cents for ticket in tickets for sold in ticket.non_sales) == truth["nonSales"]["total"]
    assert total(paid.gratuity_cents for ticket in tickets for paid in ticket.payments) == truth["gratuities"]
    assert total(paid.tip_cents for ticket in tickets for paid in ticket.payments) == truth["tips"]
    centers: dict[str, int] = {}
    for ticket in tickets:
        for line in ticket.items:
            if line.void is None:
                name = line.revenue_center or ticket.revenue_center
                centers[name] = centers.get(name, 0) + line.amount_cents
    assert {name: total([cents]) for name, cents in centers.items()} == truth["byItemCenter"]
    assert any(line.revenue_center for ticket in tickets for line in ticket.items)


def total(cents: Any) -> str:
    """The sum as the POS writes it."""
    return f"{sum(cents) / 100:.2f}"
