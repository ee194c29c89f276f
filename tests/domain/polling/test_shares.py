"""Revenue centers as locations: what each keeps of a venue's day, and what remains."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.business_date import MIDNIGHT
from domain.business_day import NEW_DAY, decide_poll, fold
from domain.polling import Frame, Options, Translation, frame_of
from domain.polling.allotment import NO_CENTER, centers_of
from domain.polling.apportion import share, spread
from domain.polling.identity import REVENUE_CENTER_SPLIT, residual
from domain.polling.shares import Shares
from domain.polling.steps import compile_steps
from domain.records import (
    Adjustment,
    Deposit,
    LateVoid,
    NonSale,
    Payment,
    Refund,
    Remainder,
    Surcharge,
    Tax,
    Ticket,
    VoidEntry,
    VoidMark,
    decode,
)
from tests.domain.build import DATE, attempt, item, off, paid, ticket, translated
from tests.domain.polling.strategies import CENTERS, tickets
from tests.support.laws import examples

KEPT_BY = {"Bar": "L1", "Dining": "L2"}
often = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def keeping(*centers: str, **others: object) -> Options:
    """Options of a location that keeps these centers."""
    return Options(use_revenue_centers=centers, **others)  # type: ignore[arg-type]


def frame(options: Options) -> Frame:
    """The day, in a venue whose bar is L1 and whose dining room is L2."""
    return frame_of(DATE, "America/New_York", MIDNIGHT, options, KEPT_BY)


def settled(source: Ticket, options: Options) -> Ticket:
    """The ticket before it is shared out."""
    for step in compile_steps(options):
        source = step(source)
    return source


def split(source: Ticket, *centers: str, **others: object) -> tuple[Ticket | None, dict[str, Remainder]]:
    """What a location keeps of a ticket, and the remainders."""
    options = keeping(*centers, **others)
    shares = Shares(options, frame(options))
    kept = shares.kept(settled(source, options), DATE)
    return kept, {left.center: left for left in shares.remainders()}


def kept_of(source: Ticket, *centers: str, **others: object) -> Ticket:
    """What a location keeps of a ticket of which it keeps something."""
    kept, _ = split(source, *centers, **others)
    assert kept
    return kept


def read(*records: object, options: Options) -> Translation:
    """The translation of a source day."""
    return translated(*records, options=options, frame=frame(options))


def tickets_in(translation: Translation) -> list[Ticket]:
    """The tickets that were kept."""
    found = [decode("ticket", data) for data in translation.records["ticket"].values()]
    return [each for each in found if isinstance(each, Ticket)]


def remainders_in(translation: Translation) -> dict[str, Remainder]:
    """The remainders by center."""
    found = [decode("remainder", data) for data in translation.records["remainder"].values()]
    return {left.center: left for left in found if isinstance(left, Remainder)}


def sale(key: str, center: str, amount: str) -> Ticket:
    """A ticket of one center, without tax, paid in cash."""
    return ticket(key, revenue_center=center, items=(item(amount),), payments=(paid(amount),))


VENUE = (sale("t1", "Bar", "400.00"), sale("t2", "Dining", "600.00"), sale("t3", "Patio", "100.00"))


def test_a_location_keeps_its_centers_and_shows_the_rest() -> None:
    """Bar 400, Dining 600, Patio 100: L1 keeps the bar, sees what L2 keeps, and that nobody keeps the patio."""
    translation = read(*VENUE, options=keeping("Bar"))
    assert [each.id for each in tickets_in(translation)] == ["t1"]
    left = remainders_in(translation)
    assert {name: (each.location, each.tickets, each.gross_cents) for name, each in left.items()} == {
        "Dining": ("L2", 1, 60_000),
        "Patio": ("", 1, 10_000),
    }
    assert [(tender.name, tender.amount_cents) for tender in left["Dining"].tenders] == [("Cash", 60_000)]


def test_a_center_that_was_renamed_is_unassigned() -> None:
    """Once the bar is called Lounge at the source nobody keeps it: its 400 are shown as unassigned, and not lost."""
    renamed = msgspec.structs.replace(VENUE[0], revenue_center="Lounge")
    translation = read(renamed, *VENUE[1:], options=keeping("Bar"))
    assert tickets_in(translation) == []
    assert remainders_in(translation)["Lounge"] == Remainder(
        "Lounge", "", 1, 40_000, tenders=remainders_in(translation)["Lounge"].tenders, guests=2
    )


def test_without_the_option_there_are_no_remainders() -> None:
    """A location that keeps the whole venue keeps every ticket as it is, and no record says that something remains."""
    translation = read(*VENUE, options=Options())
    assert len(tickets_in(translation)) == 3
    assert "remainder" not in translation.records


def test_what_names_no_center_can_be_kept_as_any_center() -> None:
    """Tickets without a center are the remainder (none), or kept by the location that lists (none)."""
    nowhere = sale("t1", "", "5.00")
    kept, left = split(nowhere, "Bar")
    assert (kept, left[NO_CENTER].gross_cents, left[NO_CENTER].location) == (None, 500, "")
    assert kept_of(nowhere, NO_CENTER).revenue_center == ""


ACROSS = ticket(
    revenue_center="Dining",
    items=(
        item("20.00", "1.65", name="Steak"),
        item("10.00", "0.83", name="Wine", revenue_center="Bar"),
    ),
    payments=(paid("32.48", "5.00", "Visa"),),
    tax="2.48",
    guests=3,
)


def test_a_check_across_centers_is_shared_out_line_by_line() -> None:
    """20.00 of Dining and 10.00 of Bar, taxed 1.65 and 0.83, paid 32.48 with 5.00 of tips: each settles its own."""
    bar = kept_of(ACROSS, "Bar", use_item_level_taxes=True)
    assert [line.name for line in bar.items] == ["Wine"]
    assert (bar.share, bar.revenue_center, bar.guests) == ("Bar", "Bar", 1)
    assert (bar.taxes, bar.tax_cents, bar.stated_tax_cents) == ((Tax("Sales Tax", 83),), 83, 83)
    assert bar.payments == (Payment("p1", "Visa", 1_083, 167),)
    assert (residual(bar), bar.adjustments) == (0, ())
    dining = kept_of(ACROSS, "Dining", use_item_level_taxes=True)
    assert dining.payments == (Payment("p1", "Visa", 2_165, 333),)
    assert (dining.share, dining.guests, dining.adjustments) == ("Dining", 2, ())


def test_a_check_of_which_everything_is_kept_is_whole() -> None:
    """Where a location keeps all centers of a check, it is the source's ticket, and no share."""
    assert kept_of(ACROSS, "Bar", "Dining") == settled(ACROSS, Options())


def test_a_check_whose_lines_are_all_elsewhere_is_of_their_center() -> None:
    """A check that was opened in Dining and sold only at the bar is the bar's, and stands under the bar."""
    moved = ticket(revenue_center="Dining", items=(item("10.00", revenue_center="Bar"),), payments=(paid("10.00"),))
    bar, left = split(moved, "Bar")
    assert bar
    assert (bar.revenue_center, bar.share, left) == ("Bar", "", {})


def test_a_check_of_which_nothing_is_kept_leaves_two_remainders() -> None:
    """A check across two centers of others is in the remainder of each, and counts once in both."""
    kept, left = split(ACROSS, "Patio")
    assert kept is None
    assert {name: (each.tickets, each.guests, each.gross_cents) for name, each in left.items()} == {
        "Bar": (1, 1, 1_000),
        "Dining": (1, 2, 2_000),
    }


def test_discounts_on_a_line_stay_with_it_and_others_go_by_what_was_sold() -> None:
    """3.00 off a check of 20.00 and 10.00 are 2.00 and 1.00; 4.00 off the wine are the bar's alone."""
    source = msgspec.structs.replace(
        ACROSS,
        discounts=(off("3.00", "Neighbours"), off("4.00", "Corked", item="Wine")),
        payments=(paid("25.48"),),
    )
    bar, dining = kept_of(source, "Bar"), kept_of(source, "Dining")
    assert [(one.name, one.amount_cents) for one in bar.discounts] == [("Neighbours", 100), ("Corked", 400)]
    assert [(one.name, one.amount_cents) for one in dining.discounts] == [("Neighbours", 200)]
    assert (bar.adjustments, dining.adjustments) == ((), ())


def test_check_level_tax_goes_by_the_taxes_of_the_items() -> None:
    """A check tax of 2.49 where the items say 2.48 is 1.66 and 0.83, and each share's own identity holds."""
    source = msgspec.structs.replace(ACROSS, stated_tax_cents=249, payments=(paid("32.49"),))
    assert (kept_of(source, "Dining").tax_cents, kept_of(source, "Bar").tax_cents) == (166, 83)


def test_a_tax_difference_is_shared_out_with_the_tax() -> None:
    """Items' taxes of 2.48 against a check tax of 2.51: each share tells its part, with both its figures."""
    source = msgspec.structs.replace(ACROSS, stated_tax_cents=251, payments=(paid("32.51"),))
    dining = kept_of(source, "Dining", use_item_level_taxes=True)
    bar = kept_of(source, "Bar", use_item_level_taxes=True)
    assert dining.adjustments == (Adjustment("item_check_tax_difference", 2, 165, 167),)
    assert bar.adjustments == (Adjustment("item_check_tax_difference", 1, 83, 84),)


def test_taxes_that_the_check_names_go_by_what_was_sold_where_no_item_has_any() -> None:
    """State 2.00 and city 1.00 stated for the check are 1.33 and 0.67, and 0.67 and 0.33."""
    source = ticket(
        revenue_center="Dining",
        items=(item("20.00", name="Steak"), item("10.00", name="Wine", revenue_center="Bar")),
        stated_taxes=(Tax("State", 200), Tax("City", 100)),
        payments=(paid("33.00"),),
        tax="3.00",
    )
    bar = kept_of(source, "Bar")
    assert bar.taxes == bar.stated_taxes == (Tax("State", 67), Tax("City", 33))


def test_the_tax_of_sales_items_stays_with_them() -> None:
    """Where modifiers repeat the tax of their item, each center owes what its items carry, to the cent."""
    wine = item("10.00", "0.99", name="Wine", revenue_center="Bar")
    extra = item("2.00", "0.17", name="Ice", parent="Wine", revenue_center="Bar")
    source = ticket(
        revenue_center="Dining", items=(item("6.00", "0.50"), wine, extra), payments=(paid("19.49"),), tax="1.49"
    )
    assert kept_of(source, "Bar", use_sales_item_level_tax=True).tax_cents == 99


def test_voids_follow_their_lines() -> None:
    """A voided line of the bar and its entry are the bar's, and move nothing else."""
    source = msgspec.structs.replace(
        ACROSS,
        items=(*ACROSS.items, item("8.00", name="Beer", revenue_center="Bar", void=VoidMark("Spilt"))),
        voids=(VoidEntry("Beer", 800), VoidEntry("gone", 0)),
    )
    bar, dining = kept_of(source, "Bar"), kept_of(source, "Dining")
    assert (bar.voids, len(bar.items)) == ((VoidEntry("Beer", 800),), 2)
    assert (dining.voids, dining.adjustments) == ((VoidEntry("gone", 0),), ())


def test_a_late_void_is_of_its_lines_center() -> None:
    """A line of the bar voided on a later day is explained at the bar, and Dining has nothing to explain."""
    source = msgspec.structs.replace(ACROSS, voids=(VoidEntry("Wine", 1_000, late=True),), payments=(paid("22.48"),))
    bar, dining = kept_of(source, "Bar"), kept_of(source, "Dining")
    assert [(line.cause, line.amount_cents) for line in bar.adjustments] == [("late_void", -1_000)]
    assert dining.adjustments == ()


def test_an_open_check_owes_its_balance_by_center() -> None:
    """Nobody paid a check across centers: each owes just its own lines and taxes."""
    source = msgspec.structs.replace(ACROSS, payments=(), closed_at=None)
    bar, dining = kept_of(source, "Bar"), kept_of(source, "Dining")
    assert bar.adjustments == (Adjustment("unpaid_balance", -1_083, 1_083, 0),)
    assert dining.adjustments == (Adjustment("unpaid_balance", -2_165, 2_165, 0),)


def test_an_open_check_that_is_paid_in_part_owes_the_rest_by_what_is_left() -> None:
    """A wine was given away: of 21.65 for the steak and 0.83 of its tax 12.48 is paid; each owes in proportion."""
    source = msgspec.structs.replace(
        ACROSS, discounts=(off("10.00", "Corked", item="Wine"),), payments=(paid("12.48"),), closed_at=None
    )
    bar, dining = kept_of(source, "Bar"), kept_of(source, "Dining")
    assert [line.amount_cents for part in (bar, dining) for line in part.adjustments] == [-37, -963]
    assert [payment.amount_cents for part in (bar, dining) for payment in part.payments] == [46, 1_202]


def test_a_check_that_was_given_away_across_centers_leaves_nothing() -> None:
    """Half of it off one line, half off the check, nothing paid: the general discount evens the shares out."""
    source = ticket(
        revenue_center="Dining",
        items=(item("10.00", name="Steak"), item("10.00", name="Wine", revenue_center="Bar")),
        discounts=(off("10.00", "Corked", item="Wine"), off("10.00", "Owner")),
    )
    for center in ("Bar", "Dining"):
        assert kept_of(source, center).adjustments == ()


def test_what_no_payment_and_no_discount_can_even_out_is_told() -> None:
    """A line moved from one center to another without anything paid: 10.00 and −10.00, told as settled by the other."""
    source = ticket(
        revenue_center="Dining",
        items=(item("10.00", name="Wine", revenue_center="Bar"), item("-10.00", name="Gone")),
    )
    bar = kept_of(source, "Bar")
    assert bar.adjustments == (Adjustment(REVENUE_CENTER_SPLIT, -1_000, 1_000, 0),)
    assert residual(bar) == residual(kept_of(source, "Dining")) == 0


def test_an_unexplained_rest_takes_what_is_left_where_nothing_was_paid() -> None:
    """Wine 10.00 and −4.00 elsewhere, closed and unpaid: the shares explain 6.00 in all, each its own."""
    source = ticket(
        revenue_center="Dining",
        items=(item("10.00", name="Wine", revenue_center="Bar"), item("-4.00", name="Gone")),
    )
    causes = [kept_of(source, center).adjustments for center in ("Bar", "Dining")]
    assert [line.amount_cents for lines in causes for line in lines] == [-1_000, 400]


def test_what_stands_beside_the_lines_is_of_its_center() -> None:
    """A fee, a gift card and a refund of the bar are the bar's; the payment settles them there."""
    source = ticket(
        revenue_center="Dining",
        items=(item("20.00"),),
        surcharges=(Surcharge("s", "Fee", 150, "Bar"),),
        non_sales=(NonSale("n", "Gift card", 2_500, revenue_center="Bar"),),
        refunds=(
            Refund("r", "Back", 300, revenue_center="Bar"),
            Refund("q", "Shown", 200, revenue_center="Bar", in_details=True),
        ),
        payments=(paid("46.50"),),
    )
    bar, left = split(source, "Bar")
    assert bar
    assert (bar.surcharges, bar.non_sales, bar.refunds) == (source.surcharges, source.non_sales, source.refunds)
    assert (bar.payments[0].amount_cents, bar.adjustments, bar.items) == (2_650, (), ())
    assert left["Dining"].gross_cents == 2_000
    _, other = split(source, "Dining")
    bars = other["Bar"]
    assert (bars.surcharges_cents, bars.non_sales_cents, bars.refunds_cents) == (150, 2_500, 300)


def test_a_marketplaces_tax_is_shared_out_by_what_was_sold() -> None:
    """1.65 over 20.00 and 10.00 is 1.10 and 0.55, on both sides of each share, and never its own tax."""
    source = msgspec.structs.replace(ACROSS, facilitator_tax_cents=165)
    bar, left = split(source, "Bar", has_mpf_tax=True)
    assert bar
    assert (bar.facilitator_tax_cents, bar.facilitator_tax_counts, bar.tax_cents) == (55, True, 83)
    assert left["Dining"].facilitator_tax_cents == 110
    assert split(source, "Bar")[1]["Dining"].facilitator_tax_cents == 0


def test_late_voids_name_no_center() -> None:
    """A void of an earlier day's ticket is nobody's until a location lists (none); it never counts at two."""
    late = LateVoid("v1", "t9", DATE - dt.timedelta(days=3), 386)
    translation = read(*VENUE, late, options=keeping("Bar"))
    assert translation.records["late-void"] == {}
    assert remainders_in(translation)[NO_CENTER].late_voids_cents == 386
    assert read(late, options=keeping(NO_CENTER)).records["late-void"].keys() == {"v1"}
    assert read(late, options=Options()).records["late-void"].keys() == {"v1"}


def test_deposits_that_name_a_center_go_with_it() -> None:
    """A deposit of the dining room is not the bar's; one that names no center is of every location of the venue."""
    dining = Deposit("d1", 50_000, DATE, revenue_center="Dining")
    bar = Deposit("d2", 40_000, DATE, revenue_center="Bar")
    venue = Deposit("d3", 1_000, DATE)
    translation = read(dining, bar, venue, options=keeping("Bar"))
    assert translation.records["deposit"].keys() == {"d2", "d3"}
    assert translation.notes == ("deposit-of-whole-venue:d3",)
    assert remainders_in(translation)["Dining"].deposits_cents == 50_000


def test_what_is_left_out_of_another_day_is_no_remainder_of_this_one() -> None:
    """Remainders are of the polled day: a ticket, or a deposit found by looking back, of another day adds nothing."""
    options = keeping("Bar", open_time=True, number_of_lookback_days=3)
    before = DATE - dt.timedelta(days=1)
    early = sale("t1", "Dining", "5.00")
    early = msgspec.structs.replace(early, opened_at=early.opened_at - dt.timedelta(days=1))
    made = dt.datetime.combine(DATE, dt.time(18), tzinfo=dt.UTC)
    deposit = Deposit("d1", 100, before, created_at=made, revenue_center="Dining")
    translation = read(early, deposit, options=options)
    assert remainders_in(translation) == {}
    assert translation.elsewhere[before] == {"ticket": {}}
    assert translation.seen == {"ticket": frozenset({"t1"}), "deposit": frozenset({"d1"})}


def test_a_center_may_be_called_anything() -> None:
    """A name that cannot be a record's key is shown as one that can, and its revenue is not lost."""
    left = remainders_in(read(sale("t1", "Pool\tBar" + "x" * 300, "5.00"), options=keeping("Bar")))
    (name,) = left
    assert (name[:8], len(name), left[name].gross_cents) == ("Pool?Bar", 200, 500)


def test_switching_the_option_off_takes_the_remainders_away() -> None:
    """A day that was recorded with remainders has none once its location keeps the whole venue."""
    begun = decide_poll(
        NEW_DAY,
        read(*VENUE, options=keeping("Bar")),
        attempt=attempt(),
        capture="c1",
        window=frame(Options()).window,
    )
    day = fold(begun)
    assert day.records["remainder"].keys() == {"Dining", "Patio"}
    again = decide_poll(
        day, read(*VENUE, options=Options()), attempt=attempt(), capture="c1", window=frame(Options()).window
    )
    after = fold(again, day)
    assert (after.records["remainder"], len(after.records["ticket"])) == ({}, 3)


def sums(parts: Iterable[Ticket]) -> dict[str, object]:
    """What parts of tickets add up to."""
    found: dict[str, dict[str, int]] = {"payments": {}, "tips": {}, "taxes": {}, "discounts": {}}
    totals = dict.fromkeys(["guests", "gross", "voids", "beside", "refunds", "facilitator", "stated", "adjusted"], 0)

    def add(group: str, name: str, cents: int) -> None:
        found[group][name] = found[group].get(name, 0) + cents

    for part in parts:
        for payment in part.payments:
            add("payments", payment.id, payment.amount_cents)
            add("tips", payment.id, payment.tip_cents + payment.gratuity_cents)
        for tax in part.taxes:
            add("taxes", f"{tax.name}/{tax.inclusive}", tax.amount_cents)
        for discount in part.discounts:
            add("discounts", discount.id, discount.amount_cents)
        totals["guests"] += part.guests
        totals["gross"] += sum(line.amount_cents for line in part.items if line.void is None)
        totals["voids"] += sum(entry.amount_cents for entry in part.voids)
        totals["beside"] += sum(line.amount_cents for line in part.surcharges)
        totals["beside"] += sum(line.amount_cents for line in part.non_sales)
        totals["refunds"] += sum(refund.amount_cents for refund in part.refunds)
        totals["facilitator"] += part.facilitator_tax_cents
        totals["stated"] += part.stated_tax_cents
        totals["adjusted"] += sum(line.amount_cents for line in part.adjustments)
    return {
        **totals,
        **{group: {name: cents for name, cents in sorted(known.items()) if cents} for group, known in found.items()},
    }


@often
@given(tickets(centers=CENTERS, balanced=st.booleans()), st.booleans())
def test_the_parts_of_a_ticket_are_the_ticket(source: Ticket, by_item: bool) -> None:
    """Over all centers every payment, tip, tax, discount, guest and adjustment adds up to the ticket's, to the cent."""
    options = Options(use_item_level_taxes=by_item)
    whole = settled(source, options)
    parts = [kept_of(source, center, use_item_level_taxes=by_item) for center in centers_of(whole)]
    assert sums(parts) == sums([whole])
    assert sorted(line.id for part in parts for line in part.items) == sorted(line.id for line in whole.items)


@often
@given(tickets(centers=CENTERS, balanced=st.just(value=True)))
def test_no_share_has_a_residual_that_the_ticket_has_not(source: Ticket) -> None:
    """Where a ticket balances, each of its shares does, unless nothing that was paid or taken off can even it out."""
    whole = settled(source, Options())
    payable = any(payment.amount_cents for payment in whole.payments)
    for center in centers_of(whole):
        part = kept_of(source, center)
        assert residual(part) == 0
        if payable and not whole.adjustments:
            assert part.adjustments == ()


@often
@given(
    tickets(centers=CENTERS, balanced=st.booleans()), st.sets(st.sampled_from(["Bar", "Dining", "Patio", NO_CENTER]))
)
def test_kept_and_remainders_are_the_venue(source: Ticket, centers: set[str]) -> None:
    """What a location keeps and what remains are the venue's ticket, whichever centers it keeps."""
    chosen = sorted(centers)
    kept, left = split(source, *chosen)
    whole = settled(source, keeping(*chosen))
    expected = sums([whole])
    have = sums([kept] if kept else [])

    def total(name: str) -> int:
        return sum(getattr(each, name) for each in left.values())

    assert have["gross"] + total("gross_cents") == expected["gross"]  # type: ignore[operator]
    assert have["guests"] + total("guests") == expected["guests"]  # type: ignore[operator]
    assert have["beside"] + total("surcharges_cents") + total("non_sales_cents") == expected["beside"]  # type: ignore[operator]
    assert have["adjusted"] + total("adjustments_cents") == expected["adjusted"]  # type: ignore[operator]
    assert _values(have["discounts"]) + total("discounts_cents") == _values(expected["discounts"])
    paid_elsewhere = sum(tender.amount_cents for each in left.values() for tender in each.tenders)
    tips_elsewhere = sum(tender.tips_cents for each in left.values() for tender in each.tenders)
    assert _values(have["payments"]) + paid_elsewhere == _values(expected["payments"])
    assert _values(have["tips"]) + tips_elsewhere == _values(expected["tips"])
    taxed_elsewhere = sum(tax.amount_cents for each in left.values() for tax in each.taxes)
    assert _values(have["taxes"]) + taxed_elsewhere == _values(expected["taxes"])


def _values(found: object) -> int:
    assert isinstance(found, dict)
    return sum(found.values())


@often
@given(tickets(centers=CENTERS, balanced=st.booleans()))
def test_a_share_does_not_depend_on_who_asks(source: Ticket) -> None:
    """What one location keeps of a center is what every other one sees as that center's remainder."""
    for center in centers_of(settled(source, Options())):
        mine = kept_of(source, center)
        _, theirs = split(source, "Somewhere else")
        left = theirs[center]
        assert left.gross_cents == sums([mine])["gross"]
        assert sum(tender.amount_cents for tender in left.tenders) == _values(sums([mine])["payments"])
        assert sum(tender.tips_cents for tender in left.tenders) == _values(sums([mine])["tips"])
        assert sum(tax.amount_cents for tax in left.taxes) == mine.tax_cents
        assert (left.guests, left.adjustments_cents) == (mine.guests, sums([mine])["adjusted"])


@often
@given(tickets(centers=CENTERS, balanced=st.booleans()), st.sets(st.sampled_from(["Bar", "Dining"]), min_size=1))
def test_keeping_what_is_kept_keeps_it(source: Ticket, centers: set[str]) -> None:
    """A location's part of a ticket is wholly its own: taking its part of that again changes nothing."""
    kept, _ = split(source, *sorted(centers))
    if kept:
        options = keeping(*sorted(centers))
        again = Shares(options, frame(options))
        assert (again.kept(kept, DATE), list(again.remainders())) == (kept, [])


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, ([1, 1, 1],), [34, 33, 33]),
        (-100, ([2, 1],), [-67, -33]),
        (100, ([0, 0], [3, 1]), [75, 25]),
        (3, ([0, 0],), [2, 1]),
        (0, ([5, -5],), [0, 0]),
    ],
)
def test_a_total_by_center(total: int, weights: Sequence[list[int]], shares: list[int]) -> None:
    """A total goes by the first weights that are not all zero, largest remainder first; equally where all are."""
    assert share(total, *weights) == shares


@pytest.mark.parametrize(
    ("rows", "columns", "cells"),
    [
        ([], [0, 0], []),
        ([100], [67, 33], [[67, 33]]),
        ([50, 50], [67, 33], [[34, 16], [33, 17]]),
        ([1, 1, 1, 97], [50, 50], [[1, 0], [0, 1], [1, 0], [48, 49]]),
        ([-30, -60], [-60, -30], [[-20, -10], [-40, -20]]),
        ([10, -10], [3, -3], [[5, 5], [-2, -8]]),
        ([0, 0], [0, 0], [[0, 0], [0, 0]]),
    ],
)
def test_rows_and_columns_both_add_up(rows: list[int], columns: list[int], cells: list[list[int]]) -> None:
    """Payments by center: each payment adds up to itself, each center to what it is owed."""
    assert spread(rows, columns, [1, 1]) == cells


@often
@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=6), st.data())
def test_each_cell_is_within_a_cent_of_its_proportion(rows: list[int], data: st.DataObject) -> None:
    """Whatever is paid by whatever many payments, each center's part of each is a rounding of its proportion."""
    whole = sum(rows)
    cuts = sorted(data.draw(st.lists(st.integers(0, whole), max_size=4)))
    columns = [after - before for before, after in zip([0, *cuts], [*cuts, whole], strict=True)]
    cells = spread(rows, columns, [1] * len(columns))
    assert [sum(row) for row in cells] == rows
    assert [sum(column) for column in zip(*cells, strict=True)] == columns
    for row, parts in zip(rows, cells, strict=True):
        for column, part in zip(columns, parts, strict=True):
            assert part >= 0
            assert abs(part - Decimal(row * column) / (whole or 1)) <= 1


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tickets(centers=CENTERS, balanced=st.booleans()), max_size=4))
def test_two_locations_and_what_is_unassigned_are_the_venue(found: list[Ticket]) -> None:
    """A + B + unassigned = venue, for sales, tenders with tips, and taxes: as each of the two polls the same day."""
    day = [
        msgspec.structs.replace(one, id=f"t{place}", business_date=DATE, closed_at=one.opened_at)
        for place, one in enumerate(found)
    ]
    venue = sums(tickets_in(read(*day, options=Options())))
    bar, dining = read(*day, options=keeping("Bar")), read(*day, options=keeping("Dining"))
    both = sums([*tickets_in(bar), *tickets_in(dining)])
    unassigned = [left for left in remainders_in(bar).values() if not left.location]
    assert unassigned == [left for left in remainders_in(dining).values() if not left.location]
    assert both["gross"] + sum(left.gross_cents for left in unassigned) == venue["gross"]  # type: ignore[operator]
    taxes = sum(tax.amount_cents for left in unassigned for tax in left.taxes)
    assert _values(both["taxes"]) + taxes == _values(venue["taxes"])
    tenders = [tender for left in unassigned for tender in left.tenders]
    assert _values(both["payments"]) + sum(tender.amount_cents for tender in tenders) == _values(venue["payments"])
    assert _values(both["tips"]) + sum(tender.tips_cents for tender in tenders) == _values(venue["tips"])
