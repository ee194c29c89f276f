"""Options about the lines of a ticket: names, categories, splits and voids, each with its numbers."""

import msgspec
import pytest

from adapters.pos.tray import SYSTEM
from domain.business_day import NEW_DAY, decide_poll, fold
from domain.money import cents
from domain.polling import BadConfiguration, Options, options_for
from domain.polling.identity import residual
from domain.polling.steps import compile_steps
from domain.records import Discount, Item, Refund, Tax, Ticket, VoidEntry, VoidMark
from domain.summary import plain_summary, summarize
from tests.domain.build import DATE, attempt, day_window, item, off, paid, ticket, translated, void


def settled(source: Ticket, **chosen: object) -> Ticket:
    """The ticket under these options."""
    for step in compile_steps(options_for(chosen)):
        source = step(source)
    return source


def line(source: Ticket, **chosen: object) -> Item:
    """The only line of the ticket under these options."""
    (found,) = settled(source, **chosen).items
    return found


def summary_of(*tickets: Ticket, **chosen: object) -> dict[str, object]:
    """The summary of a day of these tickets."""
    translation = translated(*tickets, options=options_for(chosen))
    polled = decide_poll(NEW_DAY, translation, attempt=attempt(), capture="c", window=day_window())
    return plain_summary(summarize(fold(polled)))


def named(lines: object) -> dict[str, str]:
    """Lines of a summary by name."""
    assert isinstance(lines, list | tuple)
    return {each["name"]: each.get("gross", "") for each in lines}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Transferred - Burger", "Burger"),
        ("Transferred - Transferred - Burger", "Burger"),
        ("transferred - Burger", "transferred - Burger"),
        ("TRANSFERRED - Burger", "TRANSFERRED - Burger"),
        ("Transferred -Burger", "Transferred -Burger"),
        ("Burger Transferred - ", "Burger Transferred - "),
        (" Transferred - Burger", " Transferred - Burger"),
        ("Transferred - ", "Transferred - "),
        ("Transferred - Transferred - ", "Transferred - Transferred - "),
        ("Burger", "Burger"),
    ],
)
def test_the_transferred_prefix(name: str, shown: str) -> None:
    """It is taken off at the start only, as often as it stands there, in just this case; no name becomes empty."""
    source = ticket(items=(item("10.00", name=name),))
    found = line(source, remove_transferred_prefix=True)
    assert (found.name, found.source_name) == (shown, "" if name == shown else name)
    assert line(source).name == name


@pytest.mark.parametrize(
    ("service_type", "shown"),
    [
        ("Dine  In", "Dine In"),
        ("  Dine   In ", "Dine In"),
        ("Dine\t In", "Dine In"),
        ("Dine\N{NO-BREAK SPACE}In", "Dine In"),
        ("   ", ""),
        ("Dine In", "Dine In"),
        ("", ""),
    ],
)
def test_service_types_are_trimmed(service_type: str, shown: str) -> None:
    """Runs of spaces become one and ends are trimmed; the source's name is kept where it differs."""
    found = settled(ticket(service_type=service_type), trim_service_type_name=True)
    assert (found.service_type, found.source_service_type) == (shown, "" if service_type == shown else service_type)
    assert settled(ticket(service_type=service_type)).service_type == service_type


def test_dine_in_is_one_account() -> None:
    """420.00 of «Dine␣␣In» and 580.00 of «Dine In» are 1,000.00 of one service type, and two without the option."""
    double = ticket("t1", service_type="Dine  In", items=(item("420.00"),), payments=(paid("420.00"),))
    single = ticket("t2", items=(item("580.00"),), payments=(paid("580.00"),))
    assert named(summary_of(double, single, trim_service_type_name=True)["by_service_type"]) == {"Dine In": "1000.00"}
    assert named(summary_of(double, single)["by_service_type"]) == {"Dine  In": "420.00", "Dine In": "580.00"}


def test_refunds_have_service_types_too() -> None:
    """A refund in another service type goes by its trimmed name as well."""
    source = ticket(refunds=(Refund("r", "Back", 100, service_type=" To  Go"), Refund("q", "Back", 100)))
    found = settled(source, trim_service_type_name=True)
    assert [refund.service_type for refund in found.refunds] == ["To Go", ""]
    assert settled(found, trim_service_type_name=True) == found


def test_discounts_go_by_their_reasons() -> None:
    """«Open Discount» of 11.00 is «Manager - spill» 5.00 and «Birthday» 6.00; sum and source's name are kept."""
    source = ticket(
        items=(item("30.00"),),
        discounts=(
            Discount("a", "Open Discount", 500, custom_name="Manager - spill"),
            Discount("b", "Open Discount", 600, custom_name=" Birthday "),
            off("1.00", "Staff"),
        ),
        payments=(paid("18.00"),),
    )
    found = settled(source, use_detailed_discount_reasons=True)
    assert [(one.name, one.source_name, one.amount_cents) for one in found.discounts] == [
        ("Manager - spill", "Open Discount", 500),
        ("Birthday", "Open Discount", 600),
        ("Staff", "", 100),
    ]
    assert settled(source).discounts == source.discounts
    undiscounted = ticket(items=(item("30.00"),), payments=(paid("30.00"),))
    assert settled(undiscounted, use_detailed_discount_reasons=True) == settled(undiscounted)


FEES = tuple(
    ticket(f"t{number}", items=(item("0.10", name="Bag fee"),), payments=(paid("0.10"),)) for number in range(37)
)
FOOD = ticket("food", items=(item("996.30"),), payments=(paid("996.30"),))


def test_bag_fees_leave_food() -> None:
    """37 bag fees of 0.10 under Food: 1,000.00 of Food become 996.30, and Fees are 3.70."""
    rule = [{"item": "Bag fee", "category": "Fees"}]
    for option in ("item_category_override", "menu_item_category_override"):
        assert named(summary_of(FOOD, *FEES, **{option: rule})["by_category"]) == {"Fees": "3.70", "Food": "996.30"}
    assert named(summary_of(FOOD, *FEES)["by_category"]) == {"Food": "1000.00"}


def test_the_preset_of_ihop() -> None:
    """A location of IHOP has Tray's default and its two fees in categories of their own, and nothing else."""
    chosen = {**SYSTEM.default_options, **SYSTEM.presets["ihop"]}
    found = options_for(chosen)
    assert (SYSTEM.default_options, list(SYSTEM.presets)) == ({"use_item_level_taxes": True}, ["ihop"])
    assert {rule.item: rule.category for rule in found.item_category_override} == {
        "Online fee": "Online fee",
        "Bag fee": "Bag fee",
    }
    assert msgspec.structs.replace(found, item_category_override=()) == options_for(SYSTEM.default_options)
    online = ticket("o", items=(item("1.00", name="Online fee"),), payments=(paid("1.00"),))
    assert named(summary_of(FOOD, online, *FEES, **chosen)["by_category"]) == {
        "Bag fee": "3.70",
        "Food": "996.30",
        "Online fee": "1.00",
    }


@pytest.mark.parametrize(
    ("name", "number", "category"),
    [
        ("Bag fee", "", "Fees"),
        ("Bag fee", "7", "Numbered"),
        ("Sack", "7", "Numbered"),
        ("bag fee", "", "Food"),
        ("Bag fee ", "", "Food"),
        ("7", "", "Numbered"),
        ("Transferred - Bag fee", "", "Fees"),
    ],
)
def test_which_rule_names_an_item(name: str, number: str, category: str) -> None:
    """A rule names an item exactly, by name or number; a number goes over a name, and a transferred item is itself."""
    rules = [{"item": "Bag fee", "category": "Fees"}, {"item": "7", "category": "Numbered"}]
    source = ticket(items=(item("1.00", name=name, number=number),))
    found = line(source, menu_item_category_override=rules, remove_transferred_prefix=True)
    assert (found.category, found.source_category) == (category, "" if category == "Food" else "Food")


def test_what_a_person_chose_goes_over_the_preset() -> None:
    """Where both options have a rule for an item the one for all points of sale counts; back to Food is no override."""
    source = ticket(items=(item("0.10", name="Bag fee"),))
    preset = {"item_category_override": [{"item": "Bag fee", "category": "Fees"}]}
    assert line(source, **preset, menu_item_category_override=[{"item": "Bag fee", "category": "Paper"}]) == item(
        "0.10", name="Bag fee", category="Paper", source_category="Food"
    )
    assert line(source, **preset, menu_item_category_override=[{"item": "Bag fee", "category": "Food"}]) == item(
        "0.10", name="Bag fee"
    )


@pytest.mark.parametrize(
    ("price", "rule", "parts"),
    [
        ("12.00", {"amount": "2.00"}, ("10.00", "2.00")),
        ("12.00", {"percent": "15"}, ("10.20", "1.80")),
        ("0.99", {"percent": "50"}, ("0.49", "0.50")),
        ("-12.00", {"amount": "2.00"}, ("-10.00", "-2.00")),
        ("-12.00", {"percent": "15"}, ("-10.20", "-1.80")),
        ("1.50", {"amount": "2.00"}, ("0.00", "1.50")),
        ("12.00", {"percent": "100"}, ("0.00", "12.00")),
        ("12.00", {"percent": "33.33"}, ("8.00", "4.00")),
        ("0.01", {"percent": "10"}, ("0.01",)),
        ("0.00", {"amount": "2.00"}, ("0.00",)),
    ],
)
def test_a_line_is_split_in_two(price: str, rule: dict[str, str], parts: tuple[str, ...]) -> None:
    """The two parts add up to the line, to the cent; never more is taken than it has, and nothing makes no line."""
    source = ticket(items=(item(price, name="Combo"),), payments=(paid(price),))
    found = settled(source, split_sales_detail=[{"match": "Combo", "name": "Drink", **rule}])
    assert [each.amount_cents for each in found.items] == [cents(part) for part in parts]
    assert sum(each.amount_cents for each in found.items) == cents(price)
    assert found.adjustments == ()
    assert settled(source, split_sales_detail=[{"match": "Combo meal", "name": "Drink", **rule}]).items == source.items


def test_what_the_new_line_is() -> None:
    """It has an id that tells its original, no pieces and no tax; quantity, tax, modifiers and discounts stay there."""
    combo = item("24.00", "1.98", name="Combo", quantity_milli=2000, price_cents=1200, number="9", by="e7")
    extra = item("1.00", name="Cheese", parent="Combo")
    source = ticket(items=(combo, extra), discounts=(off("3.00", item="Combo"),), payments=(paid("23.98"),), tax="1.98")
    rule = {"match": "Combo", "name": "Drink", "category": "Bar", "amount": "4.00"}
    original, new, modifier = settled(source, split_sales_detail=[rule]).items
    assert original == msgspec.structs.replace(combo, amount_cents=2000, price_cents=1000)
    assert new == Item("Combo/split", "Drink", "Bar", 400, 400, 0, split_from="Combo", by="e7")
    assert modifier == extra
    free = ticket(items=(item("3.00", name="Combo", quantity_milli=0),))
    assert [each.price_cents for each in settled(free, split_sales_detail=[rule]).items] == [0, 300]


def test_a_new_line_without_a_category_goes_with_its_item() -> None:
    """Categories come before splits: the item's override counts for both, and no rule looks at the new line's name."""
    found = settled(
        ticket(items=(item("12.00", name="Combo"),), payments=(paid("12.00"),)),
        split_sales_detail=[{"match": "Combo", "name": "Drink", "amount": "2.00"}],
        menu_item_category_override=[
            {"item": "Combo", "category": "Meals"},
            {"item": "Drink", "category": "Somewhere else"},
        ],
    )
    assert [each.category for each in found.items] == ["Meals", "Meals"]


def test_a_new_line_is_not_split_again() -> None:
    """A rule whose new line has the name of another rule, or its own, splits the source's lines only, and once."""
    rules = [
        {"match": "Combo", "name": "Soup", "amount": "2.00"},
        {"match": "Soup", "name": "Soup", "amount": "1.00"},
    ]
    source = ticket(items=(item("12.00", name="Combo"), item("5.00", name="Soup")), payments=(paid("17.00"),))
    once = settled(source, split_sales_detail=rules)
    assert [(each.id, each.amount_cents) for each in once.items] == [
        ("Combo", 1000),
        ("Combo/split", 200),
        ("Soup", 400),
        ("Soup/split", 100),
    ]
    assert settled(once, split_sales_detail=rules) == once


def test_a_voided_line_is_not_split() -> None:
    """A void stays one pair of one line; a modifier that is split stays a modifier twice."""
    voided, entry = void("12.00", "Combo")
    side = item("4.00", name="Side", parent="Burger")
    source = ticket(items=(item("10.00"), voided, side), voids=(entry,), payments=(paid("14.00"),))
    rules = [{"match": name, "name": "Drink", "amount": "1.00"} for name in ("Combo", "Side")]
    found = settled(source, split_sales_detail=rules)
    assert [(each.id, each.parent) for each in found.items] == [
        ("Burger", ""),
        ("Combo", ""),
        ("Side", "Burger"),
        ("Side/split", "Burger"),
    ]
    assert found.voids == (entry,)


def test_unmatched_voids_leave_as_a_pair() -> None:
    """A void of 8.00 without a payment record goes, both halves; a matched one stays; net sales are 10.00 still."""
    soup, unmatched = item("8.00", name="Soup", void=VoidMark("Cold")), VoidEntry("Soup", 800, matched=False)
    tea, matched = void("3.00", "Tea")
    source = ticket(
        items=(item("10.00"), soup, tea), voids=(unmatched, matched), payments=(paid("10.00"),), service_type=""
    )
    kept = settled(source)
    assert (len(kept.items), len(kept.voids), residual(kept)) == (3, 2, 0)
    skipped = settled(source, skip_unmatched_void_entries=True)
    assert ([each.id for each in skipped.items], skipped.voids) == (["Burger", "Tea"], (matched,))
    assert (residual(skipped), skipped.adjustments) == (0, ())
    for chosen in ({}, {"skip_unmatched_void_entries": True}):
        summary = summary_of(source, **chosen)
        assert (summary["net_sales"], summary["gross_sales"]) == ("10.00", "10.00")


@pytest.mark.parametrize(
    "voids",
    [
        (VoidEntry("Soup", 800, matched=False, late=True),),
        (VoidEntry("Soup", 800, matched=False), VoidEntry("Soup", 0)),
        (VoidEntry("Nothing", 800, matched=False),),
        (),
    ],
)
def test_what_is_no_unmatched_pair_stays(voids: tuple[VoidEntry, ...]) -> None:
    """A void of a later day, a line that has a matched entry too, and an entry without its line are left alone."""
    late = any(entry.late for entry in voids)
    soup = item("8.00", name="Soup", void=None if late else VoidMark("Cold"))
    source = ticket(items=(item("10.00"), soup), voids=voids)
    found = settled(source, skip_unmatched_void_entries=True)
    assert (found.items, found.voids) == (source.items, source.voids)


def test_a_sale_is_never_taken_for_its_void() -> None:
    """Of two lines with one id only the voided one leaves."""
    soup = item("8.00", name="Soup", void=VoidMark("Cold"))
    source = ticket(items=(item("8.00", name="Soup"), soup), voids=(VoidEntry("Soup", 800, matched=False),))
    assert settled(source, skip_unmatched_void_entries=True).items == (source.items[0],)


def test_everything_is_off_by_default() -> None:
    """A ticket that every option would change is left as it is by none."""
    source = ticket(
        service_type="Dine  In",
        items=(item("8.00", name="Transferred - Combo"),),
        discounts=(off("1.00", custom_name="Birthday"),),
        payments=(paid("7.00"),),
        facilitator_tax_cents=165,
    )
    assert settled(source) == source
    assert settled(source, use_item_level_taxes=True) == source


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"specify_business_day_start_time": "4:00"}, "not a time of day: write it HH:MM"),
        ({"specify_business_day_start_time": "24:00"}, "not a time of day"),
        ({"offset_time_zone": "one"}, "not a number of hours"),
        ({"offset_time_zone": "0.001"}, "in whole minutes"),
        ({"offset_time_zone": "27"}, "up to 26 hours"),
        ({"number_of_lookback_days": 31}, "0 to 30"),
        ({"number_of_lookback_days": -1}, "0 to 30"),
        ({"custom_payroll_id_field": "ssn"}, "take one of id, pos_id"),
        ({"use_revenue_centers": [" "]}, "1 to 200 printable"),
        ({"use_revenue_centers": ["Bar", "Bar"]}, "stands there twice"),
        ({"use_revenue_centers": [f"Bar {number}" for number in range(501)]}, "more than the 500"),
        ({"menu_item_category_override": [{"item": "Bag fee", "category": ""}]}, "1 to 200 printable"),
        ({"item_category_override": [{"item": "Bag fee"}]}, "category"),
        ({"split_sales_detail": [{"match": "Combo", "name": "Drink"}]}, "either an amount or a percent"),
        (
            {"split_sales_detail": [{"match": "Combo", "name": "Drink", "amount": "1", "percent": "1"}]},
            "either an amount or a percent",
        ),
        ({"split_sales_detail": [{"match": "Combo", "name": "Drink", "amount": "two"}]}, "which is no number"),
        ({"split_sales_detail": [{"match": "Combo", "name": "Drink", "amount": "0"}]}, "above 0"),
        ({"split_sales_detail": [{"match": "Combo", "name": "Drink", "percent": "101"}]}, "up to 100"),
        ({"split_sales_detail": [{"match": "Combo", "name": "Drink", "amount": "1.234"}]}, "whole cents"),
        ({"split_sales_detail": [{"match": "Combo", "name": "", "percent": "1"}]}, "1 to 200 printable"),
        ({"split_sales_detail": [{"match": "C", "name": "D", "category": "\n", "percent": "1"}]}, "1 to 200 printable"),
    ],
)
def test_values_that_have_no_meaning(fields: dict[str, object], complaint: str) -> None:
    """What an option cannot mean is refused with what it can."""
    with pytest.raises(BadConfiguration, match=complaint):
        options_for(fields)


def test_an_offset_may_be_a_number() -> None:
    """Whole hours may be written as a number, parts of an hour as a decimal string."""
    assert options_for({"offset_time_zone": -1}).offset_hours == options_for({"offset_time_zone": "-1.0"}).offset_hours
    assert Options().offset_hours == 0


def test_the_worked_taxes_are_those_of_the_source() -> None:
    """Splitting and moving leave every tax on its line."""
    source = ticket(items=(item("12.00", "0.99", name="Combo"),), payments=(paid("12.99"),), tax="0.99")
    rule = {"match": "Combo", "name": "Drink", "percent": "50"}
    found = settled(source, split_sales_detail=[rule], use_item_level_taxes=True)
    assert (found.taxes, found.adjustments) == ((Tax("Sales Tax", 99),), ())
    assert found.business_date == DATE
