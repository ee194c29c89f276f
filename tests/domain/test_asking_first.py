"""Commands that ask first: whoever may not is refused before anything is looked at, and nothing is recorded."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.commands.add_location import AddLocation, add_location
from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.import_files import ImportFiles, import_files
from domain.commands.import_reference import ImportReference, import_reference
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.map_accounts import MapAccounts, map_accounts
from domain.facts import LocationAdded
from domain.identifiers import BooksId, ConnectionId, DayId
from domain.permissions import NotPermitted, Permission, Rights, rights_of
from domain.polling import BadConfiguration
from domain.ports.house import House
from tests.domain.build import DATE
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock
from tests.support.scripted import import_files as files_system

TRAY, FILES, NEW = (ConnectionId("main", name) for name in ("tray", "files", "new"))
BOOKS = BooksId("main")
FULL = rights_of("full-access")


@pytest.fixture
def house() -> House:
    """A house of fakes in which one connection feeds pier and harbor, and another takes files for depot."""
    systems = {"scripted": Scripted(), "files": files_system()}
    house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), systems)
    connect(house, TRAY, FULL, place("pier"), place("harbor"))
    connect(house, FILES, FULL, place("depot", {}), system="files")
    return house


def place(key: str, source: dict[str, str] | None = None) -> LocationAdded:
    """A location in New York."""
    return LocationAdded(key, key, "America/New_York", {"venue": f"V-{key}"} if source is None else source)


def connect(
    house: House, named: ConnectionId, rights: Rights, *places: LocationAdded, system: str = "scripted"
) -> None:
    """Connect a system."""
    polled = system == "scripted"
    environment, secret = ("https://kernel.example.com", "s3cret") if polled else ("", "")
    intent = Intent("cli:anna", "r", rights=rights)
    connect_system(ConnectSystem(named, system, "POS", environment, secret, places, intent), house)


def configure(house: House, rights: Rights, **fields: Any) -> None:
    """Configure the polled connection."""
    configure_connection(ConfigureConnection(TRAY, Intent("cli:anna", "r", rights=rights), **fields), house)


def add(house: House, rights: Rights, *places: LocationAdded) -> None:
    """Add locations to the polled connection."""
    add_location(AddLocation(TRAY, places, Intent("cli:anna", "r", rights=rights)), house)


Doing = Callable[[House, Rights], object]

COMMANDS: dict[Permission, tuple[Doing, ...]] = {
    Permission.CONNECT_POS: (
        lambda house, rights: connect(house, NEW, rights, place("pier-two")),
        lambda house, rights: connect(house, NEW, rights),
        lambda house, rights: add(house, rights, place("pier-two")),
        add,
        lambda house, rights: configure(house, rights, put={"open_time": True}),
        lambda house, rights: configure(house, rights, location="pier", put={"open_time": True}),
    ),
    Permission.IMPORT: (
        lambda house, rights: import_files(
            ImportFiles(DayId("main", "depot", DATE), FILES, Intent("cli:anna", "r", rights=rights)), house
        ),
        lambda house, rights: import_reference(
            ImportReference(FILES, "depot", Intent("cli:anna", "r", rights=rights)), house
        ),
    ),
    Permission.MAP_ACCOUNTS: (
        lambda house, rights: map_accounts(
            MapAccounts(BOOKS, {"sales/*": "1"}, Intent("cli:anna", "r", rights=rights)), house
        ),
    ),
}


@pytest.mark.parametrize(
    ("permission", "number"), [(one, number) for one, doings in COMMANDS.items() for number in range(len(doings))]
)
def test_without_the_permission_nothing_is_done(house: House, permission: Permission, number: int) -> None:
    """Every other permission together does not help."""
    rights = Rights(frozenset(Permission) - {permission}, roles=("all-but-one",))
    head = house.journal.head()
    with pytest.raises(NotPermitted, match=permission.value):
        COMMANDS[permission][number](house, rights)
    assert house.journal.head() == head


@pytest.mark.parametrize("number", [0, 2])
def test_new_locations_are_connected_by_who_has_them(house: House, number: int) -> None:
    """A location that is not theirs is refused, whether it exists or not."""
    theirs = rights_of("pos-admin", locations=frozenset({"pier", "pier-two"}))
    others = rights_of("pos-admin", locations=frozenset({"pier"}))
    with pytest.raises(NotPermitted, match="at the location 'pier-two'"):
        COMMANDS[Permission.CONNECT_POS][number](house, others)
    COMMANDS[Permission.CONNECT_POS][number](house, theirs)


@pytest.mark.parametrize("number", [0, 1])
def test_files_are_imported_by_who_has_the_location(house: House, number: int) -> None:
    """At another location they are not."""
    with pytest.raises(NotPermitted, match="at the location 'depot'"):
        COMMANDS[Permission.IMPORT][number](house, rights_of("manager", locations=frozenset({"pier"})))


def test_who_has_some_locations_configures_these_alone(house: House) -> None:
    """Their own options change; others' stay as they are, and what holds for all is not theirs to say."""
    pier = rights_of("pos-admin", locations=frozenset({"pier"}))
    configure(house, FULL, location="harbor", put={"open_time": True})
    configure(house, pier, location="pier", put={"skip_tax_on_discount": True})
    before = load_connection(house.journal, TRAY).configuration
    configure(house, pier, options=before.options, overrides={"pier": {"open_time": True}})
    after = load_connection(house.journal, TRAY).configuration
    assert after.overrides == {"harbor": {"open_time": True}, "pier": {"open_time": True}}
    head = house.journal.head()
    refused: tuple[dict[str, Any], ...] = (
        {"put": {"open_time": True}},
        {"options": {"open_time": True}},
        {"location": "harbor", "put": {"open_time": False}},
        {"location": "nowhere", "put": {"open_time": False}},
        {"overrides": {"harbor": {}}},
        {"overrides": {"nowhere": {}}},
    )
    for fields in refused:
        with pytest.raises(NotPermitted, match="that are not yours"):
            configure(house, pier, **fields)
    assert house.journal.head() == head


def test_who_has_all_locations_of_a_connection_configures_it(house: House) -> None:
    """Also where the client has more than these; a location that there is not is told, as to everybody."""
    both = rights_of("pos-admin", locations=frozenset({"pier", "harbor", "attic"}))
    configure(house, both, put={"open_time": True})
    assert load_connection(house.journal, TRAY).configuration.options["open_time"] is True
    with pytest.raises(BadConfiguration, match="attic"):
        configure(house, both, overrides={"attic": {"open_time": False}})


def mapped(house: House, command: str, accounts: dict[str, str], reason: str = "r", version: int | None = None) -> Any:
    """Map accounts under a command's id."""
    return map_accounts(MapAccounts(BOOKS, accounts, Intent("a", reason, command), expected_version=version), house)


def test_a_mapping_is_recorded_once_for_each_command(house: House) -> None:
    """Given again it is answered, also where the books have gone on and whatever version is named."""
    first = mapped(house, "c1", {"sales/*": "1"}, version=0)
    mapped(house, "c2", {"sales/*": "2"})
    again = mapped(house, "c1", {"sales/*": "1"}, version=0)
    assert (first.again, again.again) == (False, True)
    assert (again.books, again.receipt) == (first.books, first.receipt)


@pytest.mark.parametrize(("accounts", "reason"), [({"sales/*": "2"}, "r"), ({"sales/*": "1"}, "another")])
def test_the_command_of_another_mapping_is_refused(house: House, accounts: dict[str, str], reason: str) -> None:
    """Other accounts, or the same for another reason."""
    mapped(house, "c1", {"sales/*": "1"})
    with pytest.raises(CommandReused):
        mapped(house, "c1", accounts, reason)


def test_the_command_of_something_else_is_refused(house: House) -> None:
    """The id of what was recorded elsewhere is none for a mapping."""
    configure_connection(ConfigureConnection(TRAY, Intent("a", "r", "c9"), put={"open_time": True}), house)
    with pytest.raises(CommandReused):
        mapped(house, "c9", {"sales/*": "1"})
