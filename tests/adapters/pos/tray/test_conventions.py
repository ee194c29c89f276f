"""Conventions: a source that means its figures otherwise is found out by the identity, and read as it means them."""

from typing import Any

import pytest

from adapters.pos.tray import SYSTEM
from adapters.pos.tray.conventions import balances, residuals, settle
from adapters.pos.tray.wire import CHECKS
from domain.business_date import window
from domain.ports.captures import Capture, Page
from tests.support.tray_stage import DATE, ZONE, check, compact, item, payment

DAY = window(DATE, ZONE)


def plain(number: int) -> dict[str, Any]:
    """A check on which all conventions agree."""
    return check(number, [item(1, "5.00")], [payment(1, "5.00")])


def tipped(number: int) -> dict[str, Any]:
    """A check whose payment has the tip in it."""
    return check(number, [item(1, "10.00")], [payment(1, "12.00", "2.00")])


def lined(number: int) -> dict[str, Any]:
    """A check whose price is for both pieces."""
    return check(number, [item(1, "5.00", quantity=2)], [payment(1, "5.00")])


def nested(number: int) -> dict[str, Any]:
    """A check whose burger of 12.00 has the bacon of 2.00 in it."""
    return check(number, [item(1, "12.00"), item(2, "2.00", parentId="i1")], [payment(1, "12.00")])


def honest(number: int) -> dict[str, Any]:
    """A check that keeps to the contract where the others do not."""
    items = [item(1, "10.00", quantity=2), item(2, "2.00", parentId="i1")]
    return check(number, items, [payment(1, "22.00", "4.00")])


def broken(number: int) -> dict[str, Any]:
    """A check that adds up under no convention."""
    return check(number, [item(1, "10.00", quantity=2)], [payment(1, "3.33", "1.00")])


def read(*makers: Any) -> Any:
    """The day of these checks."""
    rows = [make(number) for number, make in enumerate(makers)]
    return SYSTEM.read(Capture("tray", 1, {}, (Page("checks", len(rows), compact(rows)),)), DAY)


@pytest.mark.parametrize(
    ("makers", "notes"),
    [
        ([], ()),
        ([plain] * 5, ()),
        ([honest] * 5, ()),
        ([tipped] * 3, ("convention:payments_include_tips",)),
        ([lined] * 3, ("convention:prices_are_for_the_line",)),
        ([nested] * 3, ("convention:parents_include_modifiers",)),
        ([tipped] * 2, ()),
        ([tipped] * 3 + [honest], ("convention:payments_include_tips",)),
        ([tipped] * 4 + [honest] * 2, ()),
        ([honest] * 9 + [tipped] * 3, ()),
        ([plain] * 200 + [tipped] * 6, ("convention:payments_include_tips",)),
        ([tipped] * 3 + [lined] * 3, ()),
        ([tipped] * 6 + [lined] * 3, ("convention:payments_include_tips",)),
        ([broken] * 9, ()),
    ],
    ids=[
        "no checks",
        "nothing to tell them apart",
        "the contract",
        "tips in payments",
        "prices of lines",
        "modifiers in parents",
        "too few to tell",
        "a clear majority",
        "no clear majority",
        "the contract prevails",
        "few with tips among many without",
        "two alternatives alike",
        "the stronger of two",
        "sums that are simply wrong",
    ],
)
def test_a_clear_majority_decides_and_the_contract_where_there_is_none(makers: Any, notes: tuple[str, ...]) -> None:
    """Only checks on which an alternative and the contract differ have a vote."""
    assert read(*makers).notes == notes


def test_payments_that_include_tips_are_read_without_them() -> None:
    """12.00 with a tip of 2.00 inside is 10.00 and 2.00."""
    ticket = next(read(*[tipped] * 3).records["ticket"])
    assert [(entry.amount_cents, entry.tip_cents) for entry in ticket.payments] == [(1000, 200)]


def test_prices_of_lines_are_the_lines_amount() -> None:
    """5.00 for two pieces is a line of 5.00, 2.50 each; a refund of it is negative."""
    ticket = next(read(*[lined] * 3).records["ticket"])
    assert [(line.amount_cents, line.price_cents) for line in ticket.items] == [(500, 250)]

    def refunded(number: int) -> dict[str, Any]:
        return check(number, [item(1, "5.00", quantity="-2")], [payment(1, "-5.00")])

    ticket = next(read(*[refunded] * 3).records["ticket"])
    assert [(line.amount_cents, line.price_cents) for line in ticket.items] == [(-500, 250)]


def test_parents_that_include_modifiers_are_read_without_them() -> None:
    """A burger of 12.00 with bacon of 2.00 inside is 10.00 of burger and 2.00 of bacon."""
    ticket = next(read(*[nested] * 3).records["ticket"])
    assert [(line.amount_cents, line.price_cents) for line in ticket.items] == [(1000, 1000), (200, 200)]


def test_checks_that_are_still_open_have_no_vote() -> None:
    """What nobody paid yet adds up under no convention, or under one by chance."""

    def open_check(number: int) -> dict[str, Any]:
        return {**tipped(number), "closedAt": None}

    assert read(*[open_check] * 9).notes == ()


def test_a_late_void_neither_votes_nor_looks_like_a_cut_list() -> None:
    """Whether Tray gave the money back on the check or not: the check adds up, as it is now or as it was sold."""
    late = {"reason": "Complaint", "at": "2026-11-21T17:30:00Z", "by": None}
    items = [item(1, "8.00", void=late), item(2, "2.00")]
    given_back, kept = check(1, items, [payment(1, "2.00")]), check(2, items, [payment(1, "10.00")])
    for row in CHECKS.decode(compact([given_back, kept])):
        assert balances(row, DAY)
        assert settle([[row] * 9]) == "contract"
    (cut,) = CHECKS.decode(compact([check(3, items, [payment(1, "9.00")])]))
    assert not balances(cut, DAY)


@pytest.mark.parametrize(
    ("make", "left"),
    [
        (plain, (0, 0, 0, 0)),
        (tipped, (-200, 0, -200, -200)),
        (lined, (500, 500, 0, 500)),
        (nested, (200, 200, 200, 0)),
        (honest, (0, 400, -1000, -200)),
    ],
)
def test_what_the_identity_leaves_under_each_convention(make: Any, left: tuple[int, ...]) -> None:
    """In cents: the contract, tips in payments, prices of lines, modifiers in parents."""
    (row,) = CHECKS.decode(compact([make(1)]))
    found = residuals(row)
    assert (found.contract, *found.alternatives) == left
