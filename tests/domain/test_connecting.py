"""Connecting and adding locations as commands: given connections that exist, when somebody connects, then recorded."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.commands.add_location import Added, AddLocation, NoLocation, add_location
from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import Connected, ConnectSystem, NeedsNoAddress, connect_system
from domain.commands.feeding import BadSourceIds, OtherClock, UnknownPreset
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import NotPolled, PollDay, poll_day
from domain.commands.recording import MOST_DECISIONS
from domain.connection import AlreadyConnected, BadTimeOfDay, Connection, NotConnected
from domain.facts import LocationAdded, Provenance
from domain.identifiers import ConnectionId, DayId
from domain.polling import BadConfiguration
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import NotFound, Refusal
from tests.domain.build import DATE
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock, import_files

FEES = [{"item": "Bag fee", "category": "Fees"}]
POS = Scripted(presets={"ihop": {"item_category_override": FEES}})


def a_house(journal: MemoryJournal | None = None) -> House:
    """A house of fakes with a polled and a pushing system."""
    systems = {"scripted": POS, "files": import_files(), "other": Scripted(key="other")}
    return House(journal or MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), systems)


@pytest.fixture
def house() -> House:
    """Such a house, with nothing in it."""
    return a_house()


def place(key: str, **fields: Any) -> LocationAdded:
    """A location in New York with a venue of its own."""
    plain = {"name": key.title(), "zone": "America/New_York", "source": {"venue": f"V-{key}"}}
    return LocationAdded(key, **{**plain, **fields})


def existing(house: House) -> dict[str, Connection]:
    """The connections of the client, the oldest first."""
    streams = dict.fromkeys(entry.stream for entry in house.journal.log(after=0, limit=1000))
    ids = [ConnectionId("main", stream.split(":")[2]) for stream in streams if stream.startswith("connection:")]
    return {found.connection: load_connection(house.journal, found) for found in ids}


def connect(house: House, name: str, *places: LocationAdded, **fields: Any) -> Connected:
    """Connect the scripted system, or another one."""
    pushes = fields.get("system") == "files"
    plain: dict[str, Any] = {
        "connection": ConnectionId("main", name),
        "system": "scripted",
        "name": name,
        "environment": "" if pushes else "https://kernel.example.com",
        "secret": "" if pushes else "s3cret",
        "locations": places,
        "intent": Intent("cli:anna"),
        "existing": existing(house),
    }
    return connect_system(ConnectSystem(**{**plain, **fields}), house)


def in_force(house: House, name: str, location: str) -> Any:
    """The options in force at a location."""
    return load_connection(house.journal, ConnectionId("main", name)).configuration.at(location)


def configure(house: House, name: str, location: str = "", **put: Any) -> None:
    """Set options of a connection or at a location."""
    command = ConfigureConnection(ConnectionId("main", name), Intent("cli:anna"), location=location, put=put)
    configure_connection(command, house)


def test_a_system_that_brings_its_days_needs_no_address_and_no_key(house: House) -> None:
    """Import files are connected without environment and key: none is asked of the vault, and nothing can be polled."""
    connect(house, "files", place("pier", source={}), system="files")
    connection = load_connection(house.journal, ConnectionId("main", "files"))
    assert (connection.system, connection.environment, connection.credential, connection.secret) == (
        "files",
        "",
        "",
        "",
    )
    with pytest.raises(NotFound):
        house.vault.secret("main", "")
    with pytest.raises(NotPolled, match="import files"):
        poll_day(PollDay(DayId("main", "pier", DATE), ConnectionId("main", "files"), Intent("cli:anna")), house)


@pytest.mark.parametrize("given", [{"environment": "https://kernel.example.com"}, {"secret": "s3cret"}])
def test_such_a_system_takes_no_address_and_no_key(house: House, given: dict[str, str]) -> None:
    """An address or a key for it is refused rather than dropped, and nothing is recorded."""
    with pytest.raises(NeedsNoAddress, match="leave out the address and the key"):
        connect(house, "files", place("pier", source={}), system="files", **given)
    assert house.journal.head() == 0


@pytest.mark.parametrize("first", ["scripted", "files"])
def test_import_files_may_feed_beside_a_poll(house: House, first: str) -> None:
    """One connection polls a location and one brings files for it, in whatever order they were made."""
    for system in (first, *{"scripted", "files"} - {first}):
        connect(house, f"by-{system}", place("pier"), system=system)
    assert {name: set(known.locations) for name, known in existing(house).items()} == {
        "by-scripted": {"pier"},
        "by-files": {"pier"},
    }


PAIRS: list[tuple[str, str, type[Refusal] | None]] = [
    ("scripted", "scripted", AlreadyConnected),
    ("scripted", "other", AlreadyConnected),
    ("files", "files", AlreadyConnected),
    ("scripted", "files", None),
    ("files", "other", None),
]


@pytest.mark.parametrize(("one", "two", "refusal"), PAIRS)
@pytest.mark.parametrize("adding", [False, True])
def test_who_may_feed_a_location_too(
    house: House, one: str, two: str, refusal: type[Refusal] | None, adding: bool
) -> None:
    """Two connections poll no location, nor do two bring files for it; connecting and adding keep the same rule."""
    connect(house, "first", place("pier"), system=one)
    head = house.journal.head()

    def second() -> object:
        if not adding:
            return connect(house, "second", place("pier"), system=two)
        connect(house, "second", place("far"), system=two)
        return add(house, "second", place("pier"))

    if refusal is None:
        assert second()
        return
    with pytest.raises(refusal, match="fed by the connection 'first' already"):
        second()
    assert house.journal.head() == head + (3 if adding else 0)


CLOCKS: list[tuple[dict[str, str], type[Refusal]]] = [
    ({"zone": "America/Chicago", "day_starts": "04:00"}, OtherClock),
    ({"day_starts": "00:00"}, OtherClock),
    ({"day_starts": "4"}, BadTimeOfDay),
]


@pytest.mark.parametrize(("clock", "refusal"), CLOCKS)
def test_two_connections_feed_a_location_by_one_clock(
    house: House, clock: dict[str, str], refusal: type[Refusal]
) -> None:
    """Files beside a poll have to say the same zone and start of the business day."""
    connect(house, "tray", place("pier", day_starts="04:00"))
    with pytest.raises(refusal):
        connect(house, "files", place("pier", source={}, **clock), system="files")
    assert connect(house, "files", place("pier", source={}, day_starts="04:00"), system="files")


def test_a_preset_goes_over_the_defaults_and_options_over_the_preset(house: House) -> None:
    """A preset of the connection holds for all its locations, and one of a location there; named options go over it."""
    own = [{"item": "Bag fee", "category": "Bags"}]
    connect(house, "a", place("one"), preset="ihop")
    connect(house, "b", place("two"), preset="ihop", options={"item_category_override": own}, existing={})
    connect(
        house,
        "c",
        place("three"),
        place("four"),
        place("five"),
        presets={"three": "ihop", "five": "ihop"},
        overrides={"five": {"item_category_override": own}, "four": {"open_time": True}},
        existing={},
    )
    categories = {
        location: [rule.category for rule in in_force(house, name, location).item_category_override]
        for name, known in existing(house).items()
        for location in known.locations
    }
    assert categories == {"one": ["Fees"], "two": ["Bags"], "three": ["Fees"], "four": [], "five": ["Bags"]}
    assert in_force(house, "c", "four").open_time
    assert in_force(house, "c", "three").use_item_level_taxes


@pytest.mark.parametrize("fields", [{"preset": "diner"}, {"presets": {"one": "diner"}}])
def test_a_preset_that_there_is_not(house: House, fields: dict[str, Any]) -> None:
    """An unknown preset is refused by name, with those that there are; nothing is recorded, no key kept."""
    with pytest.raises(UnknownPreset, match=r"no preset 'diner'. Its presets: ihop"):
        connect(house, "a", place("one"), **fields)
    with pytest.raises(UnknownPreset, match="Its presets: none"):
        connect(house, "a", place("one"), system="other", **fields)
    assert house.journal.head() == 0


def test_an_option_that_the_system_does_not_have(house: House) -> None:
    """Options that are for other systems are refused while connecting."""
    house.systems["other"].options = frozenset({"use_item_level_taxes"})  # type: ignore[misc]
    with pytest.raises(BadConfiguration, match="does not have the option 'open_time'"):
        connect(house, "a", place("one"), system="other", options={"open_time": True})


def test_a_new_connection_takes_over_what_the_existing_locations_poll_with(house: House) -> None:
    """What most locations of the same system have is taken over and told; other systems and other options are not."""
    connect(house, "old", place("one"), place("two"), overrides={"one": {"open_time": True}})
    connect(house, "other", place("far"), system="other", options={"has_mpf_tax": True})
    connect(house, "mid", place("three"), options={"open_time": True, "use_revenue_centers": ["Bar"]}, existing={})
    made = connect(house, "new", place("four"))
    told = [(entry.option, entry.value, entry.connection, entry.agreeing, entry.locations) for entry in made.inherited]
    assert told == [("open_time", True, "old", 2, 3)]
    assert made.connection.configuration.options == {"use_item_level_taxes": True, "open_time": True}
    assert in_force(house, "new", "four").open_time
    plain = connect(house, "plain", place("five"), options={"open_time": False})
    assert (plain.inherited, in_force(house, "plain", "five").open_time) == ((), False)


def test_a_preset_goes_over_what_is_inherited(house: House) -> None:
    """What is inherited gives way to a preset of the same option."""
    connect(house, "old", place("one"), options={"item_category_override": [{"item": "X", "category": "Y"}]})
    made = connect(house, "new", place("two"), preset="ihop")
    assert made.inherited == ()
    assert [rule.item for rule in in_force(house, "new", "two").item_category_override] == ["Bag fee"]


def add(house: House, name: str, *places: LocationAdded, **fields: Any) -> Added:
    """Add locations to a connection."""
    others = {key: known for key, known in existing(house).items() if key != name}
    intent = fields.pop("intent", Intent("cli:anna", "a new place"))
    return add_location(AddLocation(ConnectionId("main", name), places, intent, existing=others, **fields), house)


def test_added_locations_poll_as_the_others_do(house: House) -> None:
    """What all locations have of their own, and alike, is taken over and told; a preset and options go over it."""
    both = {"open_time": True, "item_category_override": [{"item": "X", "category": "Y"}]}
    connect(house, "tray", place("one"), place("two"), overrides={"one": both, "two": both})
    added = add(house, "tray", place("three"), place("four"), presets={"four": "ihop"})
    assert (added.locations, added.receipt.position) == (("four", "three"), house.journal.head())
    assert [(entry.option, entry.connection, entry.agreeing) for entry in added.inherited] == [("open_time", "tray", 2)]
    items = [in_force(house, "tray", location).item_category_override[0].item for location in ("three", "four")]
    assert items == ["X", "Bag fee"]
    (told,) = (
        add(house, "tray", place("five"), options={"open_time": False})
        .change.after.configuration.overrides["five"]
        .items()
    )
    assert told == ("open_time", False)


ADDING: list[tuple[tuple[LocationAdded, ...], dict[str, Any], type[Refusal]]] = [
    ((), {}, NoLocation),
    ((place("two", source={}),), {}, BadSourceIds),
    ((place("two", source={"venue": " "}),), {}, BadSourceIds),
    ((place("one"),), {}, AlreadyConnected),
    ((place("two", zone="Mars/Base"),), {}, Refusal),
    ((place("two"),), {"preset": "diner"}, UnknownPreset),
    ((place("two"),), {"presets": {"two": "diner"}}, UnknownPreset),
    ((place("two"),), {"options": {"nonsense": 1}}, BadConfiguration),
    ((place("two"),), {"overrides": {"two": {"open_time": 1}}}, BadConfiguration),
]


@pytest.mark.parametrize(("places", "fields", "refusal"), ADDING)
def test_locations_that_are_not_added(
    house: House, places: tuple[LocationAdded, ...], fields: dict[str, Any], refusal: type[Refusal]
) -> None:
    """What does not fit is refused, and nothing is recorded."""
    connect(house, "tray", place("one"))
    head = house.journal.head()
    with pytest.raises(refusal):
        add(house, "tray", *places, **fields)
    with pytest.raises(NotConnected, match="'nowhere'"):
        add(house, "nowhere", place("two"))
    assert house.journal.head() == head


def test_adding_is_done_once_for_each_command(house: House) -> None:
    """The same command again answers what it recorded; its id for anything else is refused."""
    connect(house, "tray", place("one"), overrides={"one": {"open_time": True}})
    intent = Intent("api:bob", "more", command="cmd-1")
    first = add(house, "tray", place("two"), intent=intent)
    head = house.journal.head()
    again = add(house, "tray", place("two"), intent=intent)
    assert (first.change.again, again.change.again) == (False, True)
    assert (again.locations, again.receipt, again.inherited) == (first.locations, first.receipt, first.inherited)
    others: list[tuple[LocationAdded, dict[str, Any]]] = [
        (place("three"), {"intent": intent}),
        (place("one"), {"intent": intent}),
        (place("two"), {"intent": intent, "options": {"open_time": False}}),
        (place("two"), {"intent": Intent("api:bob", "something else", command="cmd-1")}),
    ]
    for other, fields in others:
        with pytest.raises(CommandReused, match="'cmd-1'"):
            add(house, "tray", other, **fields)
    configured = ConfigureConnection(ConnectionId("main", "tray"), intent, put={"open_time": True})
    with pytest.raises(CommandReused):
        configure_connection(configured, house)
    connect(house, "second", place("far"))
    with pytest.raises(CommandReused):
        add(house, "second", place("two"), intent=intent)
    assert house.journal.head() == head + 3


def test_a_change_that_is_given_twice_at_once_has_one_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one try looks at the connection another records it: both are told where, neither that nothing changes."""
    connect(house, "tray", place("one"))
    intent = Intent("api:bob", "a late bar", command="cmd-1")
    command = ConfigureConnection(ConnectionId("main", "tray"), intent, put={"open_time": True})
    real, receipts = house.journal.stream, []

    def meanwhile(stream: str, **bounds: Any) -> Any:
        monkeypatch.setattr(house.journal, "stream", real)
        receipts.append(configure_connection(command, house).change.receipt)
        return real(stream, **bounds)

    monkeypatch.setattr(house.journal, "stream", meanwhile)
    receipts.append(configure_connection(command, house).change.receipt)
    assert receipts[0] is not None
    assert receipts == [receipts[0]] * 2
    assert in_force(house, "tray", "one").open_time


class LosingJournal(MemoryJournal):
    """A journal in which races for existing connections are lost, a number of times."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Lose, as long as there is something to lose."""
        if recordings[0].expected_version and self.losses:
            self.losses -= 1
            raise StreamMoved("Somebody was faster.")
        return super().append(recordings, provenance)


@pytest.mark.parametrize("losses", [1, MOST_DECISIONS - 1, MOST_DECISIONS])
def test_a_lost_race_is_decided_again(losses: int) -> None:
    """While polls add to the rosters of a connection, locations are added all the same; bounded, and then said."""
    house = a_house(LosingJournal(losses))
    connect(house, "tray", place("one"))
    if losses == MOST_DECISIONS:
        with pytest.raises(StreamMoved):
            add(house, "tray", place("two"))
    else:
        assert add(house, "tray", place("two")).locations == ("two",)


def test_two_locations_of_one_venue(house: House) -> None:
    """Both are polled at the one venue, and the frame of each says whose every center is."""
    connect(house, "tray", place("bar", source={"venue": "V1"}), place("dining", source={"venue": "V1"}))
    configure(house, "tray", "bar", use_revenue_centers=["Bar"])
    with pytest.raises(BadConfiguration, match="'bar' and 'dining' have one venue"):
        configure(house, "tray", "dining", use_revenue_centers=["Dining", "Bar"])
    configure(house, "tray", "dining", use_revenue_centers=["Dining"])
    POS.requests.clear()
    POS.says(DATE)
    for location in ("bar", "dining"):
        outcome = poll_day(
            PollDay(DayId("main", location, DATE), ConnectionId("main", "tray"), Intent("cli:anna")), house
        )
        assert outcome.outcome == "polled"
        frame = load_connection(house.journal, ConnectionId("main", "tray")).frame(location, DATE)
        assert frame.centers == {"Bar": "bar", "Dining": "dining"}
    assert [(request.location, request.source) for request in POS.requests] == [
        ("bar", {"venue": "V1"}),
        ("dining", {"venue": "V1"}),
    ]
