"""Translating: the ticket identity, taxes, and what is left over."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import cents
from domain.polling import BadConfiguration, Options, PollingConfiguration, options_for
from domain.polling.identity import residual
from domain.polling.steps import compile_steps
from domain.polling.translation import BadKey, TwiceTheSame
from domain.records import Adjustment, Discount, Item, Payment, Punch, Tax, Ticket, VoidEntry, decode
from domain.records.punch import worked_seconds
from tests.domain.build import CHECK_LEVEL, ITEM_LEVEL, item, off, paid, punch, ticket, translated, void


def settled(source: Ticket, options: Options = ITEM_LEVEL) -> Ticket:
    """The ticket after every step of the options."""
    for step in compile_steps(options):
        source = step(source)
    return source


THREE_AT_125 = ticket(
    items=tuple(item("1.25", "0.10", name=f"Taco {number}") for number in (1, 2, 3)),
    payments=(paid("4.06"),),
    tax="0.31",
)


def test_item_level_taxes_leave_a_residual_with_a_cause() -> None:
    """3 × 1.25 at 8.25 %: items say 0.30, the check 0.31, paid 4.06: tax is 0.30 and 0.01 is a line of its own."""
    after = settled(THREE_AT_125)
    assert after.tax_cents == 30
    assert after.adjustments == (Adjustment("item_check_tax_difference", 1, 30, 31),)
    assert residual(after) == 0


def test_check_level_taxes_hold_the_identity() -> None:
    """The same ticket with the option off: tax is 0.31 and nothing is left."""
    after = settled(THREE_AT_125, CHECK_LEVEL)
    assert after.tax_cents == 31
    assert after.taxes == (Tax("Sales Tax", 31),)
    assert after.adjustments == ()
    assert residual(after) == 0


def test_the_worked_day() -> None:
    """500.00 + 39.60 + 30.00 = 180.00 + 369.60 (tips included) + 20.00."""
    after = settled(
        ticket(
            items=(item("500.00", "39.60"),),
            discounts=(off("20.00"),),
            payments=(paid("180.00"), paid("339.60", "30.00", "Visa", "p2")),
            tax="39.60",
        )
    )
    assert after.adjustments == ()
    assert residual(after) == 0


def test_a_void_is_a_pair() -> None:
    """A voided line of 8.00 is settled by its void entry of 8.00; nothing else moves, and it owes no tax."""
    line, entry = void("8.00")
    taxed = Item(line.id, line.name, line.category, 800, 800, taxes=(Tax("Sales Tax", 66),), void=line.void)
    after = settled(ticket(items=(item("10.00", "0.83"), taxed), voids=(entry,), payments=(paid("10.83"),), tax="0.83"))
    assert after.tax_cents == 83
    assert after.adjustments == ()


def test_a_late_void_leaves_the_sale_and_explains_what_was_given_back() -> None:
    """A line of 3.86 voided on a later date stands on its own day; the 3.86 given back since has a cause of its own."""
    entry = VoidEntry("Tea", 386, late=True)
    after = settled(ticket(items=(item("10.00"), item("3.86", name="Tea")), voids=(entry,), payments=(paid("10.00"),)))
    assert after.adjustments == (Adjustment("late_void", -386, 1386, 1000),)
    assert residual(after) == 0
    penny = settled(
        ticket(
            items=(item("10.00", "0.82"), item("3.86", name="Tea")),
            voids=(entry,),
            payments=(paid("10.83"),),
            tax="0.83",
        )
    )
    assert penny.adjustments == (
        Adjustment("late_void", -386, 1468, 1082),
        Adjustment("item_check_tax_difference", 1, 82, 83),
    )
    kept = settled(ticket(items=(item("3.86", name="Tea"),), voids=(entry,), payments=(paid("3.86"),)))
    assert kept.adjustments == ()


def test_an_inclusive_tax_is_a_tax() -> None:
    """A price of 10.00 with 0.83 inside is 9.17 of sales and 0.83 of tax, paid with 10.00."""
    line = item("9.17", "0.83", inclusive=True)
    after = settled(ticket(items=(line,), payments=(paid("10.00"),), tax="0.83"))
    assert after.taxes == (Tax("Sales Tax", 83, inclusive=True),)
    assert after.adjustments == ()


def test_what_has_no_explanation_says_so() -> None:
    """Sold for 10.00, paid with 9.00, taxes agreeing: −1.00 is unexplained, with both figures."""
    after = settled(ticket(items=(item("10.00"),), payments=(paid("9.00"),)))
    assert after.adjustments == (Adjustment("unexplained_residual", -100, 1000, 900),)
    assert residual(after) == 0


def test_a_tax_difference_that_explains_only_a_part_is_not_blamed() -> None:
    """Where the residual is not just the tax difference, it stands whole as unexplained."""
    after = settled(ticket(items=(item("10.00", "0.80"),), payments=(paid("12.00"),), tax="0.83"))
    assert [line.cause for line in after.adjustments] == ["unexplained_residual"]


def test_an_open_ticket_has_an_unpaid_balance() -> None:
    """A ticket that nobody closed owes its balance, told apart from errors and from the tax difference."""
    after = settled(ticket(items=(item("10.00", "0.80"),), tax="0.83", closed=None))
    assert after.adjustments == (
        Adjustment("item_check_tax_difference", 3, 80, 83),
        Adjustment("unpaid_balance", -1083, 1083, 0),
    )
    assert residual(after) == 0


def test_an_overpaid_open_ticket_is_unexplained() -> None:
    """Money on an open ticket beyond what it owes is not a balance to pay."""
    after = settled(ticket(items=(item("10.00"),), payments=(paid("12.00"),), closed=None))
    assert [line.cause for line in after.adjustments] == ["unexplained_residual"]


@pytest.mark.parametrize(
    ("items", "stated", "expected"),
    [
        ((), "0", ()),
        ((), "1.00", (Tax("Tax", 100),)),
        ((item("1", "0.10"), item("1", "0.10", name="B")), "0.21", (Tax("Sales Tax", 21),)),
    ],
)
def test_check_level_tax_goes_to_the_names_that_items_carry(
    items: tuple[Item, ...], stated: str, expected: tuple[Tax, ...]
) -> None:
    """The check's tax is shared over the items' tax names; without any it is called Tax."""
    assert settled(ticket(items=items, tax=stated), CHECK_LEVEL).taxes == expected


def test_two_taxes_share_the_check_tax_to_the_cent() -> None:
    """State 0.10 and city 0.05 with a check tax of 0.16 become 0.11 and 0.05."""
    line = item("2.00", taxes=(Tax("City", 5), Tax("State", 10)))
    after = settled(ticket(items=(line,), tax="0.16", payments=(paid("2.16"),)), CHECK_LEVEL)
    assert after.taxes == (Tax("City", 5), Tax("State", 11))
    assert residual(after) == 0


def test_one_key_twice_is_refused() -> None:
    """Two tickets of one id cannot be told apart, so neither counts."""
    with pytest.raises(TwiceTheSame, match="ticket/t1"):
        translated(ticket(), ticket())


@pytest.mark.parametrize(
    ("hours", "excluded"),
    [
        (None, "no_clock_out"),
        (dt.timedelta(hours=23, minutes=59, seconds=59), ""),
        (dt.timedelta(hours=24), "24_hours_or_more"),
        (dt.timedelta(hours=30), "24_hours_or_more"),
        (dt.timedelta(seconds=-1), "out_before_in"),
    ],
)
def test_open_and_long_punches_are_marked(hours: dt.timedelta | None, excluded: str) -> None:
    """A punch without clock-out, or of 24 hours and more, counts no hours and says why; 23:59:59 counts."""
    began = punch().clock_in
    long = msgspec.structs.replace(punch(), clock_out=None if hours is None else began + hours)
    found = decode("punch", translated(long).records["punch"]["s1"])
    assert isinstance(found, Punch)
    assert found.excluded == excluded
    assert (worked_seconds(found) == 0) == bool(excluded)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        (
            {"use_item_level_tax": True},
            "no polling option 'use_item_level_tax'.*The options are: .*use_item_level_taxes",
        ),
        ({"use_item_level_taxes": "yes"}, "Expected `bool`.*use_item_level_taxes"),
    ],
)
def test_options_that_do_not_fit_are_refused(fields: dict[str, object], complaint: str) -> None:
    """An unknown option is refused with the list of those that there are, and an ill-typed value by its option."""
    with pytest.raises(BadConfiguration, match=complaint):
        options_for(fields)


def test_a_location_overrides_the_connection() -> None:
    """An override counts at its location only."""
    configuration = PollingConfiguration(1, {"use_item_level_taxes": True}, {"L2": {"use_item_level_taxes": False}})
    assert configuration.at("L1").use_item_level_taxes
    assert not configuration.at("L2").use_item_level_taxes


AMOUNTS = st.integers(-20_000, 50_000)


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    """Any ticket at all, balanced or not."""
    lines = draw(
        st.lists(st.tuples(AMOUNTS, st.lists(st.tuples(st.sampled_from("AB"), AMOUNTS), max_size=2)), max_size=5)
    )
    return ticket(
        items=tuple(
            Item(str(place), "x", "y", amount, amount, taxes=tuple(Tax(*tax) for tax in taxes))
            for place, (amount, taxes) in enumerate(lines)
        ),
        payments=tuple(
            Payment(str(place), "Visa", amount, abs(tip))
            for place, (amount, tip) in enumerate(draw(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=3)))
        ),
        discounts=tuple(
            Discount(str(place), "d", amount) for place, amount in enumerate(draw(st.lists(AMOUNTS, max_size=2)))
        ),
        stated_tax_cents=draw(AMOUNTS),
        closed=draw(st.sampled_from(["17:00", None])),
    )


@given(tickets(), st.sampled_from([ITEM_LEVEL, CHECK_LEVEL]))
def test_the_identity_always_holds_or_is_explained(source: Ticket, options: Options) -> None:
    """Whatever a source says, after translating the identity leaves nothing that is not an adjustment with a cause."""
    after = settled(source, options)
    assert residual(after) == 0
    assert all(line.cause and line.amount_cents for line in after.adjustments)


@given(tickets(), st.sampled_from([ITEM_LEVEL, CHECK_LEVEL]))
def test_translating_twice_is_translating_once(source: Ticket, options: Options) -> None:
    """The steps are idempotent, and leave items, payments and discounts alone."""
    once = settled(source, options)
    assert settled(once, options) == once
    assert (once.items, once.payments, once.discounts) == (source.items, source.payments, source.discounts)


@given(tickets())
def test_check_level_taxes_add_up_to_the_check_tax(source: Ticket) -> None:
    """With the option off, the taxes by name are the check's tax to the cent."""
    assert settled(source, CHECK_LEVEL).tax_cents == source.stated_tax_cents


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\x00"])
def test_keys_that_are_no_names_are_refused(key: str) -> None:
    """A record whose key is empty, longer than 200 characters or not printable is refused before it is recorded."""
    with pytest.raises(BadKey, match="1 to 200 printable characters"):
        translated(ticket(key))


def test_amounts_are_cents() -> None:
    """The makers of these tests speak of dollars."""
    assert item("12.30").amount_cents == cents("12.30") == 1230
