"""With which options a new connection begins: given locations that poll already, then what it takes over."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polling import Options, options_for
from domain.polling.choices import OFF, TEXT_OPTIONS, differs_at, meant, plain_options, says_the_same
from domain.polling.configuration import BadConfiguration, PollingConfiguration
from domain.polling.inheriting import Example, Inherited, inherit

TRAY = {"use_item_level_taxes": True}
RULE = {"item": "Bag fee", "category": "Fees"}


def examples(*locations: tuple[str, dict[str, Any]]) -> list[Example]:
    """Locations with what is in force there beside what Tray begins with."""
    return [Example(connection, options_for({**TRAY, **chosen})) for connection, chosen in locations]


TABLE: list[tuple[str, list[tuple[str, dict[str, Any]]], dict[str, tuple[Any, str, int]]]] = [
    ("nobody polls yet", [], {}),
    ("all have the defaults", [("a", {}), ("a", {}), ("b", {})], {}),
    ("the only one", [("a", {"open_time": True})], {"open_time": (True, "a", 1)}),
    ("all agree", [("a", {"open_time": True}), ("b", {"open_time": True})], {"open_time": (True, "a", 2)}),
    (
        "most have it",
        [("a", {"open_time": True}), ("a", {}), ("b", {"open_time": True})],
        {"open_time": (True, "a", 2)},
    ),
    ("most do not have it", [("a", {"open_time": True}), ("a", {}), ("b", {})], {}),
    (
        "a tie goes to the oldest, which has it",
        [("old", {"open_time": True}), ("new", {})],
        {"open_time": (True, "old", 1)},
    ),
    ("a tie goes to the oldest, which has it not", [("old", {}), ("new", {"open_time": True})], {}),
    (
        "what most have, though the oldest has something else",
        [("old", {"offset_time_zone": 1}), ("b", {"offset_time_zone": -1}), ("c", {"offset_time_zone": "-1.0"})],
        {"offset_time_zone": ("-1", "b", 2)},
    ),
    (
        "three values, each once",
        [("old", {"number_of_lookback_days": 2}), ("b", {"number_of_lookback_days": 3}), ("c", {})],
        {"number_of_lookback_days": (2, "old", 1)},
    ),
    (
        "a default that is off there",
        [("a", {"use_item_level_taxes": False})],
        {"use_item_level_taxes": (False, "a", 1)},
    ),
    ("no part of a venue", [("a", {"use_revenue_centers": ["Bar"]}), ("a", {"use_revenue_centers": ["Bar"]})], {}),
    (
        "rules as a whole",
        [("a", {"item_category_override": [RULE]}), ("b", {"item_category_override": [RULE]}), ("c", {})],
        {"item_category_override": ([RULE], "a", 2)},
    ),
    (
        "each option for itself",
        [("a", {"open_time": True, "has_mpf_tax": True}), ("b", {"open_time": True}), ("c", {"has_mpf_tax": True})],
        {"open_time": (True, "a", 2), "has_mpf_tax": (True, "a", 2)},
    ),
]


@pytest.mark.parametrize(("locations", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_taken_over(
    locations: list[tuple[str, dict[str, Any]]], expected: dict[str, tuple[Any, str, int]]
) -> None:
    """Of each option the value that most locations have; of values as common the oldest connection's."""
    found = inherit(examples(*locations), TRAY)
    assert {entry.option: (entry.value, entry.connection, entry.agreeing) for entry in found} == expected
    assert {entry.locations for entry in found} <= {len(locations)}


def test_options_that_the_system_does_not_have_are_not_taken_over() -> None:
    """Only options that the system has are looked at."""
    found = inherit(examples(("a", {"open_time": True})), TRAY, known=frozenset({"use_item_level_taxes"}))
    assert found == ()


def test_options_that_are_texts() -> None:
    """Texts, and what may be a number or a text, need no quotes on a command line."""
    texts = {
        "specify_business_day_start_time",
        "custom_payroll_id_field",
        "offset_time_zone",
        "punch_conflicts",
        "workweek_starts",
    }
    assert texts | {name for name in Options.__struct_fields__ if name.startswith("overtime_")} == TEXT_OPTIONS


def test_every_option_has_one_form_of_its_value() -> None:
    """Equal options are equal as plain values, defaults included."""
    assert plain_options(Options()) == OFF
    assert plain_options(Options(offset_time_zone="-1.50")) == plain_options(Options(offset_time_zone="-1.5"))
    rules = options_for({"split_sales_detail": [{"match": "Box", "name": "Fee", "amount": "2.00", "category": ""}]})
    assert plain_options(rules)["split_sales_detail"] == [{"match": "Box", "name": "Fee", "amount": "2.00"}]
    assert meant({"open_time": "perhaps"}) == {"open_time": "perhaps"}


SAME: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, {}, {}, True),
    ({"open_time": True}, {}, {}, {}, False),
    ({"open_time": False}, {}, {}, {}, True),
    ({"offset_time_zone": 0}, {}, {}, {}, True),
    ({"offset_time_zone": 1}, {}, {"offset_time_zone": "1.0"}, {}, True),
    ({}, {"L1": {}}, {}, {}, True),
    ({}, {"L1": {"open_time": False}}, {}, {}, False),
    ({}, {"L1": {"offset_time_zone": "1"}}, {}, {"L1": {"offset_time_zone": 1}}, True),
    ({}, {"L1": {"open_time": True}}, {}, {"L2": {"open_time": True}}, False),
    ({"gone": True}, {}, {"gone": True}, {}, True),
    ({"gone": True}, {}, {"gone": False}, {}, False),
]


@pytest.mark.parametrize(("options", "overrides", "others", "other_overrides", "same"), SAME)
def test_two_configurations_that_say_the_same(
    options: dict[str, Any],
    overrides: dict[str, Any],
    others: dict[str, Any],
    other_overrides: dict[str, Any],
    same: bool,
) -> None:
    """For all locations an option that is off may be named or not; at one location naming it makes a difference."""
    assert says_the_same(PollingConfiguration(1, options, overrides), others, other_overrides) is same
    assert says_the_same(PollingConfiguration(1, others, other_overrides), options, overrides) is same


def test_where_other_options_are_in_force() -> None:
    """A location differs where what holds there differs, whether said for all or there."""
    before = PollingConfiguration(1, {"open_time": True}, {"L2": {"open_time": True}})
    after = PollingConfiguration(2, {"open_time": False}, {"L2": {"open_time": True}, "L3": {"open_time": True}})
    assert [location for location in ("L1", "L2", "L3") if differs_at(before, after, location)] == ["L1"]


VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.booleans() for name, value in OFF.items() if isinstance(value, bool)},
    "specify_business_day_start_time": st.sampled_from(["", "03:00", "04:00"]),
    "number_of_lookback_days": st.integers(0, 30),
    "offset_time_zone": st.sampled_from(["0", "-1", "0.5", 2]),
    "labor_lookback_days": st.integers(0, 60),
    "overtime_weekly_hours": st.sampled_from(["40", "40.0", 38]),
    "workweek_starts": st.sampled_from(["monday", "sunday"]),
    "use_revenue_centers": st.lists(st.sampled_from(["Bar", "Dining"]), unique=True),
    "item_category_override": st.sampled_from([[], [RULE]]),
}
CHOICES = st.fixed_dictionaries({}, optional=VALUES)
LOCATIONS = st.lists(st.tuples(st.sampled_from("abc"), CHOICES), min_size=1, max_size=5)


def begun(found: Sequence[Inherited]) -> Options:
    """What is in force at a new connection that took these over."""
    return options_for({**TRAY, **{entry.option: entry.value for entry in found}})


@given(CHOICES)
def test_one_location_is_an_example_in_everything_but_its_centers(chosen: dict[str, Any]) -> None:
    """Where one location polls, a new connection polls just as it does, and keeps all of its own venue."""
    found = begun(inherit(examples(("a", chosen)), TRAY))
    there = options_for({**TRAY, **chosen})
    assert plain_options(found) == {**plain_options(there), "use_revenue_centers": []}


@given(LOCATIONS)
def test_who_took_over_is_an_example_of_the_same(locations: list[tuple[str, dict[str, Any]]]) -> None:
    """Locations that poll as a new connection was told to do not change what the next one is told."""
    known = examples(*locations)
    first = begun(inherit(known, TRAY))
    assert begun(inherit([*known, Example("new", first)], TRAY)) == first


@given(LOCATIONS)
def test_every_value_is_in_use_somewhere(locations: list[tuple[str, dict[str, Any]]]) -> None:
    """A new connection never begins with a value that no location has, and the count says how many have it."""
    known = examples(*locations)
    for entry in inherit(known, TRAY):
        having = [example for example in known if plain_options(example.options)[entry.option] == entry.value]
        assert (entry.agreeing, entry.connection) == (len(having), having[0].connection)
        assert entry.locations == len(known)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"custom_payroll_id_field": "ssn"}, "custom_payroll_id_field: take one of id, pos_id"),
    ({"number_of_lookback_days": -1}, "number_of_lookback_days: take 0 to 30 days"),
    ({"offset_time_zone": "26.5"}, "offset_time_zone: take up to 26 hours"),
    ({"offset_time_zone": "0.01"}, "in whole minutes"),
    ({"use_revenue_centers": ["Bar", "Bar"]}, "use_revenue_centers: 'Bar' stands there twice"),
    ({"use_revenue_centers": [" "]}, "use_revenue_centers: a name has 1 to 200 printable characters"),
    ({"use_revenue_centers": [f"c{n}" for n in range(501)]}, "use_revenue_centers: 501 entries are more than the 500"),
    ({"menu_item_category_override": [{"item": "A", "category": ""}]}, "menu_item_category_override: a name has"),
    ({"split_sales_detail": [{"match": "A", "name": "B"}]}, "the rule for 'A' needs either an amount or a percent"),
    ({"split_sales_detail": [{"match": "A", "name": "B", "amount": "x"}]}, "has 'x', which is no number"),
    ({"split_sales_detail": [{"match": "A", "name": "B", "percent": "101"}]}, "a percent above 0 and up to 100"),
    (
        {"split_sales_detail": [{"match": "A", "name": "B", "category": "\n", "amount": "1"}]},
        "split_sales_detail: a name",
    ),
    ({"split_sales_detail": [{"match": "A", "name": "B", "amount": 1}]}, r"split_sales_detail\[0\].amount"),
]


@pytest.mark.parametrize(("chosen", "said"), BAD, ids=[row[1] for row in BAD])
def test_values_without_a_meaning(chosen: dict[str, Any], said: str) -> None:
    """A value of the right type that means nothing is refused with the option and its rule."""
    with pytest.raises(BadConfiguration, match=said):
        options_for(chosen)


def test_split_rules_that_fit() -> None:
    """A line is split by an amount or a percent, into a category of its own or the item's."""
    rules = [
        {"match": "Box", "name": "Fee", "amount": "2.00", "category": "Fees"},
        {"match": "Tray", "name": "Fee", "percent": "15"},
    ]
    assert [rule.name for rule in options_for({"split_sales_detail": rules}).split_sales_detail] == ["Fee", "Fee"]
