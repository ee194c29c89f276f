"""Options about taxes and the identity that they leave, with their numbers."""

import msgspec
import pytest

from domain.money import cents
from domain.polling import options_for
from domain.polling.identity import credits_of, debits_of, residual
from domain.polling.steps import compile_steps
from domain.records import (
    Adjustment,
    Item,
    NonSale,
    Payment,
    Refund,
    Surcharge,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
)
from tests.domain.build import item, off, paid, ticket, translated

SALES_ITEM = {"use_sales_item_level_tax": True}
ITEM = {"use_item_level_taxes": True}
SKIP = {"skip_tax_on_discount": True}


def settled(source: Ticket, **chosen: object) -> Ticket:
    """The ticket under these options."""
    for step in compile_steps(options_for(chosen)):
        source = step(source)
    return source


def notes_on(*tickets: Ticket, **chosen: object) -> tuple[str, ...]:
    """What translating notes about a day of these tickets."""
    return translated(*tickets, options=options_for(chosen)).notes


REPEATED = ticket(
    "t1",
    items=(item("10.00", "0.99"), item("2.00", "0.17", name="Bacon", parent="Burger")),
    payments=(paid("12.99"),),
    tax="0.99",
)
SEPARATE = ticket(
    "t1",
    items=(item("10.00", "0.83"), item("2.00", "0.17", name="Bacon", parent="Burger")),
    payments=(paid("13.00"),),
    tax="1.00",
)


@pytest.mark.parametrize(
    ("source", "chosen", "tax_cents", "adjustments", "noted"),
    [
        # A burger that carries the tax of its bacon, which repeats its own.
        (REPEATED, {}, 99, (), False),
        (REPEATED, ITEM, 116, (Adjustment("item_check_tax_difference", -17, 116, 99),), False),
        (REPEATED, SALES_ITEM, 99, (), False),
        (REPEATED, {**ITEM, **SALES_ITEM}, 99, (), False),
        # A burger and a bacon that each carry their own: the option is short by the bacon's, and says so.
        (SEPARATE, {}, 100, (), False),
        (SEPARATE, ITEM, 100, (), False),
        (SEPARATE, SALES_ITEM, 83, (Adjustment("item_check_tax_difference", 17, 83, 100),), True),
        (SEPARATE, {**ITEM, **SALES_ITEM}, 83, (Adjustment("item_check_tax_difference", 17, 83, 100),), True),
    ],
)
def test_whose_taxes_count(
    source: Ticket, chosen: dict[str, bool], tax_cents: int, adjustments: tuple[Adjustment, ...], noted: bool
) -> None:
    """Burger and bacon under each option: what is owed, what is left with its cause, and whether a person is asked."""
    found = settled(source, **chosen)
    assert (found.tax_cents, found.adjustments, residual(found)) == (tax_cents, adjustments, 0)
    assert notes_on(source, **chosen) == (("sales-item-tax-differs:t1",) if noted else ())


@pytest.mark.parametrize(
    ("stated", "noted"), [("0.99", False), ("1.01", False), ("0.97", False), ("1.02", True), ("0.96", True)]
)
def test_a_cent_a_line_is_rounding(stated: str, noted: bool) -> None:
    """Two lines may be two cents from the check's tax; a third is told, whatever was paid; voided lines are none."""
    voided = item("1.00", name="Tea", void=VoidMark("Cold"))
    source = msgspec.structs.replace(REPEATED, items=(*REPEATED.items, voided), voids=(VoidEntry("Tea", 100),))
    source = msgspec.structs.replace(source, stated_tax_cents=cents(stated), payments=(paid("12.99"),))
    assert bool(notes_on(source, **SALES_ITEM)) == noted


@pytest.mark.parametrize("rule", [ITEM, SALES_ITEM])
def test_voided_lines_owe_no_tax(rule: dict[str, bool]) -> None:
    """Whatever tax a voided line carries, it is not owed."""
    voided = item("8.00", "0.66", name="Tea", void=VoidMark("Cold"))
    source = ticket(
        items=(item("10.00", "0.83"), voided), voids=(VoidEntry("Tea", 800),), payments=(paid("10.83"),), tax="0.83"
    )
    found = settled(source, **rule)
    assert (found.tax_cents, found.adjustments) == (83, ())


def test_notes_are_bounded() -> None:
    """Of many tickets that differ the first fifty are named, in the order of their names, and the others counted."""
    many = [msgspec.structs.replace(SEPARATE, id=f"t{number:03d}") for number in reversed(range(53))]
    notes = notes_on(*many, **SALES_ITEM)
    assert (len(notes), notes[0], notes[-1]) == (51, "sales-item-tax-differs:t000", "sales-item-tax-differs:and 3 more")


@pytest.mark.parametrize(
    ("discounts", "payments", "tax", "adjustment"),
    [
        # The discounts are just the details: off leaves 0.83 to explain, on suppresses the tax.
        ((off("10.00"),), (), ("0.83", "0.00"), (-83, 0)),
        ((off("6.00", "A"), off("4.00", "B")), (), ("0.83", "0.00"), (-83, 0)),
        ((off("10.00", item="Burger"),), (), ("0.83", "0.00"), (-83, 0)),
        # A discount that covers the tax, or not quite all: untouched.
        ((off("10.83"),), (), ("0.83", "0.83"), (0, 0)),
        ((off("9.99"),), (paid("0.84"),), ("0.83", "0.83"), (0, 0)),
        ((off("10.01"),), (paid("0.82"),), ("0.83", "0.83"), (0, 0)),
        ((), (paid("10.83"),), ("0.83", "0.83"), (0, 0)),
        # Given away, and the guest paid the tax all the same.
        ((off("10.00"),), (paid("0.83"),), ("0.83", "0.83"), (0, 0)),
        # A tip on it settles nothing.
        ((off("10.00"),), (paid("0.00", "5.00", "Visa"),), ("0.83", "0.00"), (-83, 0)),
    ],
)
@pytest.mark.parametrize("rule", [{}, ITEM, SALES_ITEM])
def test_a_ticket_that_was_given_away_owes_no_tax(
    rule: dict[str, bool],
    discounts: tuple[object, ...],
    payments: tuple[object, ...],
    tax: tuple[str, str],
    adjustment: tuple[int, int],
) -> None:
    """Item 10.00, tax 0.83: suppressed only where the discounts are 10.00 to the cent and nobody settled the tax."""
    source = ticket(items=(item("10.00", "0.83"),), discounts=discounts, payments=payments, tax="0.83")
    for place, chosen in enumerate(({}, SKIP)):
        found = settled(source, **rule, **chosen)
        assert found.tax_cents == cents(tax[place])
        assert sum(line.amount_cents for line in found.adjustments) == adjustment[place]
        assert (residual(found), found.stated_tax_cents) == (0, 83)


def test_99_9_percent_off_is_not_given_away() -> None:
    """10.00 less 9.99 still owes its tax, and so does a ticket whose lines are nothing."""
    almost = ticket(items=(item("10.00", "0.83"),), discounts=(off("9.99"),), payments=(paid("0.84"),), tax="0.83")
    assert settled(almost, **SKIP).tax_cents == 83
    empty = ticket(items=(item("0.00"),), discounts=(off("0.00"),), tax="0.83")
    assert settled(empty, **SKIP).tax_cents == 83


def test_a_voided_line_is_not_given_away() -> None:
    """The details are what was not voided: 10.00 of them given away, 8.00 voided, no tax."""
    soup = item("8.00", name="Soup", void=VoidMark("Cold"))
    source = ticket(
        items=(item("10.00", "0.83"), soup), voids=(VoidEntry("Soup", 800),), discounts=(off("10.00"),), tax="0.83"
    )
    found = settled(source, **SKIP)
    assert (found.tax_cents, found.taxes, found.adjustments) == (0, (), ())


def test_an_open_ticket_that_was_given_away_owes_nothing() -> None:
    """The suppressed tax is no difference to explain on an open ticket: what is left there is a gift card."""
    source = ticket(
        items=(item("10.00", "0.83"),),
        discounts=(off("10.00"),),
        non_sales=(NonSale("n", "Gift card", 2_500),),
        tax="0.83",
        closed=None,
    )
    assert settled(source, **SKIP).adjustments == (Adjustment("unpaid_balance", -2_500, 3_500, 1_000),)


def test_given_away_tickets_are_not_doubted_for_their_suppressed_tax() -> None:
    """A suppressed tax is no difference of the option; one that the option would have read wrongly is still told."""
    right = ticket("t1", items=(item("10.00", "0.83"),), discounts=(off("10.00"),), tax="0.83")
    wrong = ticket("t2", items=(item("10.00", "0.60"),), discounts=(off("10.00"),), tax="0.83")
    assert notes_on(right, wrong, **SKIP, **SALES_ITEM) == ("sales-item-tax-differs:t2",)


def test_a_marketplaces_tax_stands_on_both_sides() -> None:
    """1.65 of it is a detail row and a payment row: the identity is what it was, and the ticket's own tax too."""
    source = ticket(items=(item("20.00", "0.50"),), payments=(paid("20.50"),), tax="0.50", facilitator_tax_cents=165)
    without, counted = settled(source), settled(source, has_mpf_tax=True)
    assert (without.facilitator_tax_counts, counted.facilitator_tax_counts) == (False, True)
    assert (counted.tax_cents, counted.taxes) == (50, (Tax("Sales Tax", 50),))
    assert (credits_of(counted, 50) - credits_of(without, 50), debits_of(counted) - debits_of(without)) == (165, 165)
    assert (residual(counted), counted.adjustments) == (0, ())
    assert not settled(
        msgspec.structs.replace(source, facilitator_tax_cents=0), has_mpf_tax=True
    ).facilitator_tax_counts


STATED = ticket(
    items=(item("20.00"),),
    stated_taxes=(Tax("State", 100), Tax("City", 65)),
    payments=(paid("21.65"),),
    tax="1.65",
)


@pytest.mark.parametrize("rule", [{}, ITEM, SALES_ITEM])
def test_taxes_that_the_check_names_count_as_they_are(rule: dict[str, bool]) -> None:
    """Where a source names taxes for the check, and none for its items, these are the taxes, whatever is chosen."""
    found = settled(STATED, **rule)
    assert (found.taxes, found.tax_cents, found.adjustments) == (STATED.stated_taxes, 165, ())


def test_taxes_that_the_check_names_and_that_do_not_add_up() -> None:
    """State 1.00 and city 0.65 for a check tax of 1.66: shared out by them, so that the sum is the check's."""
    found = settled(msgspec.structs.replace(STATED, stated_tax_cents=166, payments=(paid("21.66"),)))
    assert (found.taxes, found.adjustments) == ((Tax("State", 101), Tax("City", 65)), ())


def test_items_that_carry_taxes_go_before_what_the_check_names() -> None:
    """Item-level taxes are the items' own where they have any, also beside taxes that the check names."""
    source = msgspec.structs.replace(STATED, items=(item("20.00", "1.64"),))
    assert settled(source, **ITEM).taxes == (Tax("Sales Tax", 164),)
    assert settled(source).taxes == STATED.stated_taxes


def test_the_whole_identity() -> None:
    """Surcharges, non-sales, tips and gratuities beside details and tax; refunds and MPF on both sides."""
    source = ticket(
        items=(item("20.00", "1.65"),),
        surcharges=(Surcharge("s", "Service fee", 150),),
        non_sales=(NonSale("n", "Gift card", 2_500),),
        payments=(Payment("p", "Visa", 4_615, 300, 180), paid("0.00")),
        discounts=(off("2.00"),),
        refunds=(Refund("r", "Back", 500, tax_cents=41), Refund("q", "Shown", 700, in_details=True)),
        facilitator_tax_cents=165,
        tax="1.65",
    )
    found = settled(source, has_mpf_tax=True)
    assert credits_of(found, 165) == 2_000 + 150 + 2_500 + 165 + 300 + 180 - 500 + 165
    assert debits_of(found) == 4_615 + 300 + 180 + 200 - 500 + 165
    assert (found.adjustments, residual(found)) == ((), 0)


def test_a_residual_names_both_figures() -> None:
    """Short by 1.00 with everything on it: the figures are what was sold and what settled it, gratuity and all."""
    source = ticket(items=(item("20.00"),), payments=(Payment("p", "Visa", 1_900, 300, 180),))
    assert settled(source).adjustments == (Adjustment("unexplained_residual", -100, 2_480, 2_380),)


def test_a_residual_never_disappears_into_sales() -> None:
    """However wrong a ticket is, its lines are what the source said: what is left has a line of its own."""
    source = ticket(items=(item("20.00"),), payments=(paid("12.34"),))
    found = settled(source, **ITEM, **SKIP)
    assert found.items == source.items == (Item("Burger", "Burger", "Food", 2_000, 2_000),)
    assert [line.amount_cents for line in found.adjustments] == [-766]
