"""The configuration of a connection: given what is configured, when somebody configures or adds, then these facts."""

import datetime as dt
from typing import Any

import pytest

from domain.connection import (
    MOST_LOCATIONS,
    NEW_CONNECTION,
    AlreadyConnected,
    Connection,
    TooManyLocations,
    common_overrides,
    decide_add_locations,
    decide_configure,
    decide_establish,
    decide_extend,
    fold,
    shared_whole,
)
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.polling import BadConfiguration, PollingConfiguration
from tests.support.scripted import ALL_OPTIONS

ESTABLISHED = ConnectionEstablished("tray", "Tray", "https://kernel.example.com", "abc123")
TRAY = {"use_item_level_taxes": True}
DATE = dt.date(2026, 10, 31)


def place(key: str, venue: str = "") -> LocationAdded:
    """A location in New York, of a venue of its own unless said otherwise; ``-`` stands for no source ids at all."""
    source = {} if venue == "-" else {"venue": venue or f"V-{key}"}
    return LocationAdded(key, key, "America/New_York", source)


def connected(
    *places: LocationAdded, options: dict[str, Any] = TRAY, overrides: dict[str, dict[str, Any]] | None = None
) -> Connection:
    """A connection with these locations and this first configuration."""
    return fold(decide_establish(NEW_CONNECTION, ESTABLISHED, places, options, overrides or {}))


def test_a_new_version() -> None:
    """Given version 1, when options change, then version 2 says all of it, and version 1 is still known."""
    given = connected(place("L1"), place("L2"))
    (fact,) = decide_configure(given, {**TRAY, "open_time": True}, {"L2": {"open_time": False}})
    assert fact == ConfigurationChanged(2, {**TRAY, "open_time": True}, {"L2": {"open_time": False}})
    then = fold([fact], given)
    assert [then.configuration.at(location).open_time for location in ("L1", "L2")] == [True, False]
    assert not then.configurations[1].at("L1").open_time


@pytest.mark.parametrize(
    ("options", "overrides"),
    [
        (TRAY, {"L2": {"open_time": True}}),
        ({**TRAY, "open_time": False}, {"L2": {"open_time": True}, "L1": {}}),
        ({**TRAY, "offset_time_zone": "0.0"}, {"L2": {"open_time": True}}),
    ],
)
def test_what_is_there_already(options: dict[str, Any], overrides: dict[str, dict[str, Any]]) -> None:
    """A configuration that means what the newest version means is no new version."""
    given = connected(place("L1"), place("L2"), overrides={"L2": {"open_time": True}})
    assert decide_configure(given, options, overrides) == ()


BAD: list[tuple[dict[str, Any], dict[str, dict[str, Any]], type[Exception], str]] = [
    ({"nonsense": True}, {}, BadConfiguration, r"no polling option 'nonsense'. The options are: specify_"),
    ({"open_time": "yes"}, {}, BadConfiguration, r"Expected `bool`, got `str` - at `\$.open_time`"),
    ({"offset_time_zone": 0.5}, {}, BadConfiguration, r"got `float` - at `\$.offset_time_zone`"),
    ({"specify_business_day_start_time": "4"}, {}, BadConfiguration, "specify_business_day_start_time: '4' is not a"),
    ({"number_of_lookback_days": 99}, {}, BadConfiguration, "number_of_lookback_days: take 0 to 30"),
    ({"has_mpf_tax": True}, {}, BadConfiguration, "does not have the option 'has_mpf_tax'"),
    ({}, {"L1": {"has_mpf_tax": True}}, BadConfiguration, "does not have the option 'has_mpf_tax'"),
    ({}, {"L1": {"nonsense": True}}, BadConfiguration, "At the location 'L1': There is no polling option 'nonsense'"),
    ({}, {"L1": {"offset_time_zone": "soon"}}, BadConfiguration, "At the location 'L1': offset_time_zone: 'soon'"),
    ({}, {"L9": {"open_time": True}}, BadConfiguration, "does not feed the location 'L9'"),
    ({"use_revenue_centers": ["Bar"]}, {}, BadConfiguration, "'L1' and 'L2' have one venue.*'Bar'.*count twice"),
    (
        {},
        {"L1": {"use_revenue_centers": ["Bar", "Patio"]}, "L2": {"use_revenue_centers": ["Dining", "Patio"]}},
        BadConfiguration,
        "keep its revenue center 'Patio'",
    ),
]


@pytest.mark.parametrize(("options", "overrides", "refusal", "said"), BAD, ids=[row[3][:40] for row in BAD])
def test_what_does_not_fit(
    options: dict[str, Any], overrides: dict[str, dict[str, Any]], refusal: type[Exception], said: str
) -> None:
    """What does not fit is refused with the option, the rule, and where it is; nothing is recorded."""
    given = connected(place("L1", "V1"), place("L2", "V1"), place("L3", "V3"))
    with pytest.raises(refusal, match=said):
        decide_configure(given, options, overrides, known=ALL_OPTIONS - {"has_mpf_tax"})


def test_one_center_at_two_venues() -> None:
    """Locations of two venues, and locations without source ids, each have a Bar of their own."""
    for places in ([place("L1"), place("L2")], [place("L1", "-"), place("L2", "-")]):
        assert decide_configure(connected(*places), {"use_revenue_centers": ["Bar"]}, {})


BAR = {"use_revenue_centers": ["Bar", "Lounge"]}
DINING = {"use_revenue_centers": ["Dining"]}


def test_whose_center_it_is() -> None:
    """The frame of a day says which location of the venue keeps which center; other venues and files do not matter."""
    places = [place("bar", "V1"), place("dining", "V1"), place("whole", "V1"), place("other"), place("file", "-")]
    given = connected(*places, overrides={"bar": BAR, "dining": DINING, "other": DINING, "file": DINING})
    venue = {"Bar": "bar", "Lounge": "bar", "Dining": "dining"}
    shown = {name: given.frame(name, DATE).centers for name in sorted(given.locations)}
    expected = {"bar": venue, "dining": venue, "file": {"Dining": "file"}, "other": {"Dining": "other"}, "whole": {}}
    assert shown == expected
    assert given.sharing("dining") == ("bar", "dining", "whole")


def test_centers_of_another_version() -> None:
    """A day that is derived under another version has that version's centers."""
    given = connected(place("bar", "V1"), place("dining", "V1"), overrides={"bar": BAR, "dining": DINING})
    tried = PollingConfiguration(9, {}, {"bar": {"use_revenue_centers": ["Dining"]}, "dining": DINING})
    assert given.frame("bar", DATE, tried).centers == {"Dining": "bar"}
    assert given.frame("bar", DATE).centers["Lounge"] == "bar"


def test_sales_that_would_count_more_than_once() -> None:
    """Locations of one venue are named where not all of them keep centers of their own."""
    places = [place("bar", "V1"), place("dining", "V1"), place("other")]
    assert shared_whole(connected(*places)) == (("bar", "dining"),)
    assert shared_whole(connected(*places, overrides={"bar": BAR})) == (("bar", "dining"),)
    assert shared_whole(connected(*places, overrides={"bar": BAR, "dining": DINING})) == ()
    assert shared_whole(connected(place("a", "-"), place("b", "-"))) == ()


OPEN: dict[str, Any] = {"open_time": True}
EXTENDING: list[tuple[str, dict[str, dict[str, Any]], dict[str, Any], dict[str, Any]]] = [
    ("nothing of their own", {}, {}, {}),
    ("all alike", {"L1": OPEN, "L2": OPEN}, {}, OPEN),
    ("only one has it", {"L1": OPEN}, {}, {}),
    ("they differ", {"L1": OPEN, "L2": {"open_time": False}}, {}, {}),
    ("alike in part", {"L1": {**OPEN, "has_mpf_tax": True}, "L2": OPEN}, {}, OPEN),
    ("a part of the venue is nobody else's", {"L1": {**OPEN, **BAR}, "L2": {**OPEN, **BAR}}, {}, OPEN),
    ("what is chosen goes over it", {"L1": OPEN, "L2": OPEN}, {"open_time": False}, {"open_time": False}),
    ("and beside it", {"L1": OPEN, "L2": OPEN}, {"has_mpf_tax": True}, {**OPEN, "has_mpf_tax": True}),
]


@pytest.mark.parametrize(
    ("overrides", "chosen", "expected"), [row[1:] for row in EXTENDING], ids=[row[0] for row in EXTENDING]
)
def test_an_added_location_polls_as_the_others(
    overrides: dict[str, dict[str, Any]], chosen: dict[str, Any], expected: dict[str, Any]
) -> None:
    """It takes over what all existing locations have of their own, and alike; what is chosen for it goes over that."""
    given = connected(place("L1"), place("L2"), overrides=overrides)
    facts = decide_extend(given, [place("L3"), place("L4")], {"L3": chosen}, known=ALL_OPTIONS)
    then = fold(facts, given)
    assert then.configuration.overrides.get("L3", {}) == expected
    # The second one takes over from those that were there before, never from the first.
    assert then.configuration.overrides.get("L4", {}) == common_overrides(given)
    assert {name: then.configuration.overrides.get(name) for name in overrides} == overrides
    assert len(facts) == (2 if then.configuration.version == 1 else 3)


def test_centers_for_all_are_not_taken_over_either() -> None:
    """Where all locations keep a part of their venues, a new one keeps all of its own until somebody says a part."""
    given = connected(place("L1"), options={**TRAY, "use_revenue_centers": ["Bar"]})
    then = fold(decide_extend(given, [place("L2")], {}, known=ALL_OPTIONS), given)
    assert then.configuration.at("L1").use_revenue_centers == ("Bar",)
    assert then.configuration.at("L2").use_revenue_centers == ()
    named = fold(decide_extend(given, [place("L2")], {"L2": BAR}, known=ALL_OPTIONS), given)
    assert named.configuration.at("L2").use_revenue_centers == ("Bar", "Lounge")


def test_the_first_location_of_a_connection() -> None:
    """Where there is no location yet, a new one has the options of the connection."""
    (added,) = decide_extend(connected(), [place("L1")], {}, known=ALL_OPTIONS)
    assert added == place("L1")


def test_a_location_is_added_once() -> None:
    """A location that the connection feeds already, or that is named twice, is refused."""
    for places in ([place("L1")], [place("L2"), place("L2")]):
        with pytest.raises(AlreadyConnected):
            decide_extend(connected(place("L1")), places, {}, known=ALL_OPTIONS)


def test_a_connection_has_a_bounded_number_of_locations() -> None:
    """One more than a connection feeds at most is refused, with what to do."""
    many = [place(f"L{number}") for number in range(MOST_LOCATIONS + 1)]
    assert len(decide_add_locations(NEW_CONNECTION, many[:-1])) == MOST_LOCATIONS
    with pytest.raises(TooManyLocations, match="another connection"):
        decide_add_locations(NEW_CONNECTION, many)


def test_a_first_configuration_of_single_locations() -> None:
    """Connecting may give locations options of their own; for strangers they are refused."""
    given = connected(place("L1"), place("L2"), overrides={"L2": OPEN})
    assert [given.configuration.at(location).open_time for location in ("L1", "L2")] == [False, True]
    with pytest.raises(BadConfiguration, match="'L9'"):
        connected(place("L1"), overrides={"L9": OPEN})
