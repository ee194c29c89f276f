"""Editing a location: given what feeds it, when somebody says otherwise of it, then every connection knows."""

import datetime as dt
from typing import Any

import pytest

from domain.business_date import UnknownZone
from domain.commands.add_location import AddLocation, add_location
from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.disconnect_system import DisconnectSystem, disconnect_system
from domain.commands.edit_location import MOST_DECISIONS, EditedLocation, EditLocation, edit_location
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.connection import BadTimeOfDay, Connection, NotConnected, evolve
from domain.facts import LocationAdded, LocationEdited
from domain.identifiers import ConnectionId
from domain.names import BadName
from domain.permissions import NotPermitted
from domain.ports.journal import StreamMoved
from domain.refusals import Refusal
from tests.support.scripted_erp import ADDRESS, Life, who

PIER = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"})


@pytest.fixture
def life() -> Life:
    """The pier is polled from a point of sale, and files come beside."""
    life = Life()
    for name, system in (("till", "mute"), ("files", "files")):
        given = (ADDRESS, "s3cret") if system == "mute" else ("", "")
        command = ConnectSystem(ConnectionId("main", name), system, name, *given, (PIER,), who("root"))
        connect_system(command, life.house)
    return life


def feeding(life: Life) -> dict[str, Connection]:
    """The connections of the client."""
    return {name: load_connection(life.journal, ConnectionId("main", name)) for name in ("till", "files")}


def edit(life: Life, location: str = "pier", *, by: Intent | None = None, **fields: Any) -> EditedLocation:
    """Edit a location."""
    return edit_location(EditLocation("main", location, by or who("root"), feeding(life), **fields), life.house)


def test_every_connection_that_feeds_it_knows(life: Life) -> None:
    """In one commit, so that a poll and the files beside it go by one clock; what is not said stays."""
    done = edit(life, name="Pier 17", day_starts="04:00")
    assert done.moved
    assert done.fact == LocationEdited("pier", "Pier 17", "America/New_York", "04:00")
    for connection in feeding(life).values():
        place = connection.at("pier")
        assert (place.name, place.day_starts, place.source) == ("Pier 17", dt.time(4), {"venue": "V1"})
        assert connection.frame("pier", dt.date(2026, 11, 2)).window.starts_at.hour == 9
    assert edit(life, name="Pier 17").receipt is None
    assert not edit(life, number="0100").moved
    assert edit(life, number="").fact.number == ""


def test_what_is_over_is_left_alone(life: Life) -> None:
    """Only connections that stand are told; where none does there is no such location."""
    disconnect_system(DisconnectSystem(ConnectionId("main", "files"), who("root")), life.house)
    edit(life, zone="America/Chicago")
    assert [connection.at("pier").zone for connection in feeding(life).values()] == [
        "America/Chicago",
        "America/New_York",
    ]
    disconnect_system(DisconnectSystem(ConnectionId("main", "till"), who("root")), life.house)
    with pytest.raises(NotConnected, match="No connection feeds"):
        edit(life, name="x")


REFUSED: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"zone": "Mars/Base"}, UnknownZone),
    ({"day_starts": "4:00"}, BadTimeOfDay),
    ({"name": ""}, BadName),
    ({"name": "two\nlines"}, BadName),
    ({"location": "harbor", "name": "x"}, NotConnected),
    ({"by": who("mary", "manager"), "name": "x"}, NotPermitted),
    ({"by": who("carl", "full-access", locations=frozenset({"harbor"})), "name": "x"}, NotPermitted),
]


@pytest.mark.parametrize(("given", "refusal"), REFUSED)
def test_what_does_not_fit(life: Life, given: dict[str, Any], refusal: type[Refusal]) -> None:
    """It is refused, and nothing is recorded."""
    before = life.journal.head()
    with pytest.raises(refusal):
        edit(life, **given)
    assert life.journal.head() == before


def test_it_is_done_once(life: Life) -> None:
    """The same command again is answered; for another place or name it is refused."""
    by = who("root", command="c-1")
    first = edit(life, by=by, name="Pier 17")
    again = edit(life, by=by, name="Pier 17")
    assert (again.receipt, again.again) == (first.receipt, True)
    with pytest.raises(CommandReused):
        edit(life, by=by, name="Pier 18")


def test_a_race_is_decided_again(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll that adds to the roster meanwhile does not matter, unless it never ends."""
    append, lost = life.journal.append, iter(range(MOST_DECISIONS - 1))

    def losing(*given: Any) -> Any:
        if next(lost, None) is not None:
            raise StreamMoved("a poll was faster")
        return append(*given)

    monkeypatch.setattr(life.journal, "append", losing)
    assert edit(life, name="Pier 17").receipt is not None

    def always(*_: Any) -> Any:
        raise StreamMoved("a poll was faster")

    monkeypatch.setattr(life.journal, "append", always)
    with pytest.raises(StreamMoved):
        edit(life, name="Pier 18")


def test_tickets_that_follow_the_clock_are_looked_for_on_both_sides(life: Life) -> None:
    """Where tickets are dated by our clock, a day that is polled under another one says of its neighbours' as well."""
    date = dt.date(2026, 11, 2)
    edit(life, day_starts="04:00")
    assert not feeding(life)["till"].frame("pier", date).wide
    named = ConnectionId("main", "till")
    configure_connection(ConfigureConnection(named, who("root"), put={"open_time": True}), life.house)
    add_location(AddLocation(named, (LocationAdded("bay", "Bay", "UTC", {"venue": "V2"}),), who("root")), life.house)
    assert feeding(life)["till"].frame("pier", date).wide
    assert "bay" not in feeding(life)["till"].clocks


def test_a_location_that_nobody_knows_is_passed_over(life: Life) -> None:
    """Folding accepts whatever was recorded."""
    connection = evolve(feeding(life)["till"], LocationEdited("nowhere", "x", "UTC"))
    assert connection.locations.keys() == {"pier"}
