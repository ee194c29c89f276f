"""The connection: given what happened, when somebody connects or a roster is read, then these facts."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from domain.business_date import UnknownZone
from domain.connection import (
    NEW_CONNECTION,
    AlreadyConnected,
    BadTimeOfDay,
    Connection,
    NotConnected,
    decide_add_locations,
    decide_establish,
    decide_roster,
    evolve,
    fold,
)
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.polling import BadConfiguration, PollingConfiguration
from domain.records import Employee, Job, canonical, decode
from domain.refusals import BadIdentifier
from tests.domain.build import translated

ESTABLISHED = ConnectionEstablished("tray", "Tray", "https://kernel.example.com", "abc123")


def location(key: str = "L1", **fields: Any) -> LocationAdded:
    """A location in New York."""
    return LocationAdded(
        key, fields.pop("name", key), fields.pop("zone", "America/New_York"), {"venue": "V1"}, **fields
    )


def connected(*locations: LocationAdded) -> Connection:
    """A connection that feeds these locations."""
    options = {"use_item_level_taxes": True}
    return fold(decide_establish(NEW_CONNECTION, ESTABLISHED, locations or (location(),), options))


def test_connecting_records_system_configuration_and_locations() -> None:
    """Given nothing, when a system is connected, then it is established, configured and feeds its locations."""
    connection = connected(location("L1"), location("L2", day_starts="04:00"))
    assert (connection.version, connection.system, connection.credential) == (4, "tray", "abc123")
    assert connection.configuration.version == 1
    assert connection.configuration.at("L1").use_item_level_taxes
    assert connection.at("L2").day_starts == dt.time(4)
    assert connection.frame("L1", dt.date(2026, 11, 1)).window.ends_at.hour == 5


def test_connecting_twice_is_refused() -> None:
    """A connection that exists is not made again."""
    with pytest.raises(AlreadyConnected):
        decide_establish(connected(), ESTABLISHED, [location()], {})


@pytest.mark.parametrize(
    ("added", "refusal"),
    [
        (location("L 1"), BadIdentifier),
        (location("L1:x"), BadIdentifier),
        (location(""), BadIdentifier),
        (location(zone="Mars/Base"), UnknownZone),
        (location(day_starts="4:00"), BadTimeOfDay),
        (location(day_starts="24:00"), BadTimeOfDay),
        (location(day_starts="04:00:00"), BadTimeOfDay),
    ],
)
def test_locations_that_do_not_fit(added: LocationAdded, refusal: type[Exception]) -> None:
    """An id, zone or start that does not fit is refused, and nothing is recorded."""
    with pytest.raises(refusal):
        decide_establish(NEW_CONNECTION, ESTABLISHED, [added], {})


def test_a_location_is_fed_once() -> None:
    """The same location twice, in one go or later, is refused; another one is added."""
    with pytest.raises(AlreadyConnected, match="L1"):
        decide_establish(NEW_CONNECTION, ESTABLISHED, [location("L1"), location("L1")], {})
    with pytest.raises(AlreadyConnected, match="L1"):
        decide_add_locations(connected(), [location("L1")])
    (added,) = decide_add_locations(connected(), [location("L2")])
    assert evolve(connected(), added).at("L2").name == "L2"


def test_unknown_options_are_refused() -> None:
    """An option that does not exist is refused before anything is recorded."""
    with pytest.raises(BadConfiguration, match="no_such_option"):
        decide_establish(NEW_CONNECTION, ESTABLISHED, [location()], {"no_such_option": True})


def test_a_location_that_is_not_fed() -> None:
    """Asking for a location that the connection does not feed names those that it feeds."""
    with pytest.raises(NotConnected, match=r"'L9'.*L1"):
        connected().at("L9")
    with pytest.raises(NotConnected, match="none yet"):
        NEW_CONNECTION.at("L9")


def test_every_version_of_the_configuration_is_kept() -> None:
    """A later version is in force, and a day that was translated with an earlier one still finds it."""
    connection = evolve(connected(), ConfigurationChanged(2, {}))
    assert connection.configuration.version == 2
    assert connection.configurations[1].at("L1").use_item_level_taxes
    assert NEW_CONNECTION.configuration.version == 0


ANN = Employee("e1", "p1", first_name="sealed:a", phone="sealed:1")
BOB = Employee("e2", "p2")
COOK = Job("j1", "Cook")


def test_a_roster_is_recorded_once_and_then_by_its_changes() -> None:
    """Given nothing, two employees and a job are added; given them, an unchanged roster adds nothing."""
    first = decide_roster(connected(), "L1", translated(ANN, BOB, COOK).roster, capture="c1")
    assert [(change.kind, change.key, change.operation) for change in first[0].changes] == [
        ("employee", "e1", "added"),
        ("employee", "e2", "added"),
        ("job", "j1", "added"),
    ]
    known = fold(first, connected())
    assert decide_roster(known, "L1", translated(ANN, BOB, COOK).roster, capture="c2") == ()
    assert decide_roster(known, "L2", translated(ANN).roster, capture="c2")[0].location == "L2"


def test_who_vanishes_is_deactivated_and_never_deleted() -> None:
    """An employee or job that the source no longer lists stays, not listed; coming back is a change again."""
    known = fold(decide_roster(connected(), "L1", translated(ANN, BOB, COOK).roster, capture="c1"), connected())
    gone = decide_roster(known, "L1", translated(ANN).roster, capture="c2")
    assert [(change.key, change.operation) for change in gone[0].changes] == [("e2", "changed"), ("j1", "changed")]
    after = fold(gone, known)
    employee, job = (decode("employee", after.rosters["L1"]["employee"]["e2"]), after.rosters["L1"]["job"]["j1"])
    assert employee == msgspec.structs.replace(BOB, active=False, listed=False)
    assert decode("job", job) == msgspec.structs.replace(COOK, listed=False)
    assert decide_roster(after, "L1", translated(ANN).roster, capture="c3") == ()
    back = decide_roster(after, "L1", translated(ANN, BOB).roster, capture="c4")
    assert [bytes(change.after) for change in back[0].changes] == [canonical(BOB)[2]]


def test_a_rule_that_was_tightened_leaves_recorded_configurations_readable() -> None:
    """What is refused today and was recorded before is read as it was recorded; only recording it anew is refused."""
    recorded = PollingConfiguration(1, {"number_of_lookback_days": 99, "use_revenue_centers": ["Bar", "Bar"]})
    assert recorded.at("L1").number_of_lookback_days == 99
    with pytest.raises(BadConfiguration, match="take 0 to 30 days"):
        recorded.checked_at("L1")
