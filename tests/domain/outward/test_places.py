"""Locations of connections that are told of days, beside the one that feeds them; whose location an object is."""

import pytest

from domain.commands.feeding import OtherClock, check_feedable, purpose_of, purposed
from domain.connection import AlreadyConnected, Connection, fold
from domain.facts import ConnectionEstablished, LocationAdded
from domain.facts.connection import Purpose
from domain.identifiers import ObjectId, object_of
from tests.support.scripted import Scripted, import_files
from tests.support.scripted_target import ScriptedTarget

PIER = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"})


def having(system: str, purpose: Purpose) -> dict[str, Connection]:
    """A connection that has the pier already."""
    place = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"}, purpose=purpose)
    return {"first": fold([ConnectionEstablished(system, "First", "https://x.example", "0"), place])}


def test_what_a_connection_has_locations_for_follows_from_its_system() -> None:
    """Points of sale and files feed days; books and personnel are told of what becomes of them."""
    assert [purpose_of(system) for system in (Scripted(), import_files(), ScriptedTarget())] == [
        "days",
        "days",
        "objects",
    ]
    (told,) = purposed(ScriptedTarget(), [PIER])
    assert (told.location, told.purpose) == ("pier", "objects")


@pytest.mark.parametrize(
    ("system", "existing"),
    [
        (ScriptedTarget(), having("scripted", "days")),
        (ScriptedTarget(), having("books", "objects")),
        (Scripted(), having("books", "objects")),
        (import_files(), having("scripted", "days")),
    ],
)
def test_books_stand_beside_whatever_feeds_a_location(system: Scripted, existing: dict[str, Connection]) -> None:
    """In either order, and several books too: only one connection polls it."""
    check_feedable(system, [PIER], existing)


def test_one_connection_polls_a_location_and_all_go_by_one_clock() -> None:
    """A second point of sale is refused, and books whose days begin elsewhere."""
    with pytest.raises(AlreadyConnected):
        check_feedable(Scripted(), [PIER], having("other", "days"))
    elsewhere = LocationAdded("pier", "Pier", "America/Chicago", {"venue": "V1"})
    with pytest.raises(OtherClock):
        check_feedable(ScriptedTarget(), [elsewhere], having("scripted", "days"))


@pytest.mark.parametrize(
    ("key", "location"),
    [
        ("je:pier:2026-11-01:sales", "pier"),
        ("employee:pier:17:4", "pier"),
        ("location:pier", "pier"),
        ("schedule:pier:2026-11-01", "pier"),
        ("account:4010", ""),
    ],
)
def test_the_key_of_an_object_says_whose_it_is(key: str, location: str) -> None:
    """Accounts are of no location; the stream of an object leads back to it, colons and all."""
    one = ObjectId("main", "books", key)
    assert one.location == location
    assert object_of(one.stream) == one
    assert object_of("books:main") is None
