"""Conventions: habits of a source that most of its tickets prove, each by its own identity."""

import pytest

from tests.adapters.files.assembling.build import (
    Row,
    comped,
    discount,
    left,
    modified,
    net_sales,
    paid,
    read,
    sale,
    tickets,
    void,
)


def tipped(checks: range, *, inside: bool, gratuity: str = "") -> dict[str, list[Row]]:
    """Checks of 10.00 with a tip of 2.00 that the payment has in it, or beside it."""
    amount = 10 + (2 + float(gratuity or 0) if inside else 0)
    return {
        "sales_detail": [sale(str(check)) for check in checks],
        "payments": [
            paid(f"{amount:.2f}", str(check), tip="2.00", Payment_AutogratuityAmount=gratuity) for check in checks
        ],
    }


def with_modifiers(checks: range, *, inside: bool) -> dict[str, list[Row]]:
    """Checks with a burger and bacon, 12.00 together."""
    gross = "12.00" if inside else "10.00"
    return {
        "sales_detail": [modified("2101", "2.00", str(check), gross=gross) for check in checks],
        "payments": [paid("12.00", str(check)) for check in checks],
    }


def discounted(checks: range, *, taken_off: bool) -> dict[str, list[Row]]:
    """Checks of 20.00 with a comp of 5.00 on the line and a discount of 3.00 on the whole."""
    gross = "12.00" if taken_off else "20.00"
    return {
        "sales_detail": [sale(str(check), gross=gross, **comped("Staff", "5.00")) for check in checks],
        "discounts": [discount("Manager", "3.00", str(check)) for check in checks],
        "payments": [paid("12.00", str(check)) for check in checks],
    }


def both(*files: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows of several sets of files."""
    kinds = {kind for one in files for kind in one}
    return {kind: [row for one in files for row in one.get(kind, [])] for kind in sorted(kinds)}


@pytest.mark.parametrize(
    ("files", "convention"),
    [
        pytest.param(tipped(range(3), inside=False), "", id="tips beside the amounts"),
        pytest.param(tipped(range(3), inside=True), "payments_include_tips", id="tips in the amounts"),
        pytest.param(
            tipped(range(3), inside=True, gratuity="1.00"), "payments_include_tips", id="tips and gratuities in them"
        ),
        pytest.param(tipped(range(2), inside=True), "", id="two tickets are too few"),
        pytest.param(
            both(tipped(range(4), inside=True), tipped(range(4, 6), inside=False)), "", id="no clear majority"
        ),
        pytest.param(
            both(tipped(range(6), inside=True), tipped(range(6, 8), inside=False)),
            "payments_include_tips",
            id="three times as many",
        ),
        pytest.param(with_modifiers(range(3), inside=False), "", id="parents without their modifiers"),
        pytest.param(with_modifiers(range(3), inside=True), "parents_include_modifiers", id="parents with them"),
        pytest.param(discounted(range(3), taken_off=False), "", id="gross lines"),
        pytest.param(discounted(range(3), taken_off=True), "amounts_are_after_discounts", id="lines after discounts"),
        pytest.param({"sales_detail": [sale(str(check)) for check in range(5)]}, "", id="nothing is paid"),
        pytest.param(
            both(tipped(range(120), inside=False), tipped(range(200, 210), inside=True)), "", id="settled early"
        ),
        pytest.param(both(tipped(range(3), inside=True), with_modifiers(range(10, 13), inside=True)), "", id="a draw"),
    ],
)
def test_a_days_tickets_prove_a_convention(files: dict[str, list[Row]], convention: str) -> None:
    """At least three tickets that hold only under it, and three times as many as speak against it; a note says so."""
    notes = [note for note in read(**files).notes if note.startswith("convention")]
    assert notes == ([f"convention:{convention}"] if convention else [])


def test_no_more_tickets_are_asked_than_a_habit_needs_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a day on which nothing holds, not every ticket is put together twice."""
    monkeypatch.setattr("adapters.files.assembling.conventions.MOST_ASKED", 2)
    assert not [note for note in read(**tipped(range(3), inside=True)).notes if note.startswith("convention")]


def test_a_payment_that_has_its_tip_in_it_is_taken_apart() -> None:
    """13.00 with 2.00 of tip and 1.00 of gratuity paid for 10.00."""
    found = tickets(**tipped(range(3), inside=True, gratuity="1.00"))
    assert [(one.payments[0].amount_cents, one.payments[0].tip_cents, left(one)) for one in found] == [
        (1000, 200, 0)
    ] * 3


def test_a_parent_that_has_its_modifiers_in_it_is_taken_apart() -> None:
    """12.00 with 2.00 of bacon in it is 10.00 of burger, and every amount stands on one line only."""
    found = tickets(**with_modifiers(range(3), inside=True))
    assert [[(item.amount_cents, item.price_cents) for item in one.items] for one in found] == [
        [(1000, 1000), (200, 200)]
    ] * 3
    assert [left(one) for one in found] == [0] * 3


def test_lines_after_discounts_are_made_gross_again() -> None:
    """12.00 with 5.00 and 3.00 taken off is 20.00: net sales are what was paid."""
    found = tickets(**discounted(range(3), taken_off=True))
    assert [(one.items[0].amount_cents, left(one)) for one in found] == [(2000, 0)] * 3
    assert net_sales(found) == 3 * 1200


def test_discounts_of_the_whole_check_are_shared_out_over_its_lines() -> None:
    """5.00 off lines of 3.00 and 12.00 after it are 4.00 and 16.00 before it; a voided line bears none."""
    rows = [
        row for check in range(3) for row in (sale(str(check), gross="3.00"), sale(str(check), "2", "2002", "12.00"))
    ]
    files = {
        "sales_detail": [*rows, sale("9", gross="0.00")],
        "discounts": [discount("Manager", "5.00", str(check)) for check in (0, 1, 2, 9)],
        "payments": [paid("15.00", str(check)) for check in range(3)],
        "voids": [void("4.00", "2003", "0"), void("1.00", "2003", "8")],
    }
    found = {one.number: one for one in tickets(**files)}
    assert [item.amount_cents for item in found["0"].items] == [400, 1600, 400]
    assert [item.amount_cents for item in found["1"].items] == [400, 1600]
    assert [item.amount_cents for item in found["9"].items] == [500]
    assert [item.amount_cents for item in found["8"].items] == [100]
    assert {left(one) for one in found.values()} == {0}


def test_under_another_convention_restated_discounts_count_once() -> None:
    """Where lines are after discounts the identity cannot say how often one counts: alike is the same."""
    files = discounted(range(3), taken_off=True)
    files["discounts"] = [discount("Staff", "5.00", str(check)) for check in range(3)]
    files["sales_detail"] = [sale(str(check), gross="15.00", **comped("Staff", "5.00")) for check in range(3)]
    files["payments"] = [paid("15.00", str(check)) for check in range(3)]
    found = tickets(**files)
    assert [[given.amount_cents for given in one.discounts] for one in found] == [[500]] * 3
    assert [one.items[0].amount_cents for one in found] == [2000] * 3


def test_a_ticket_that_proves_the_contract_is_read_by_it() -> None:
    """Nine payments have their tips in them; on the tenth ticket the tip is beside, and it says so itself."""
    found = tickets(**both(tipped(range(9), inside=True), tipped(range(9, 10), inside=False)))
    assert [one.payments[0].amount_cents for one in found] == [1000] * 10
    assert {left(one) for one in found} == {0}


def test_voids_and_conventions_are_decided_together() -> None:
    """Payments with tips in them, and voided lines that are in Sales Detail: both are seen."""
    files = tipped(range(3), inside=True)
    files["sales_detail"] += [sale(str(check), "2", "2002", "8.00") for check in range(3)]
    files["voids"] = [void("8.00", "2002", str(check)) for check in range(3)]
    found = tickets(**files)
    assert [[item.void is not None for item in one.items] for one in found] == [[False, True]] * 3
    assert {left(one) for one in found} == {0}
