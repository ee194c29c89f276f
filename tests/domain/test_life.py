"""The life of a connection: given what happened to it, when somebody decides, then these facts, or a refusal."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from domain.commands.add_location import AddLocation, add_location
from domain.commands.change_admin import ChangeAdmin, change_admin
from domain.commands.changing import Changed, CommandReused
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import ConnectSystem, NeedsNoAddress, connect_system
from domain.commands.disconnect_system import DisconnectSystem, disconnect_system
from domain.commands.draft_connection import DraftConnection, draft_connection
from domain.commands.edit_connection import EditConnection, edit_connection
from domain.commands.establish_connection import EstablishConnection, Established, establish_connection
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion
from domain.commands.renew_connection import RenewConnection, renew_connection
from domain.commands.replacing import Replaced
from domain.commands.rotate_credentials import NoSecret, RotateCredentials, rotate_credentials
from domain.commands.share_connection import ShareConnection, share_connection
from domain.commands.suspend_connection import SuspendConnection, suspend_connection
from domain.commands.try_connection import Tried, TryConnection, try_connection
from domain.commands.trying import BadValues
from domain.connection import AlreadyConnected, Connection, NotConnected, fold
from domain.connection.companies import company_id
from domain.connection.living import ChangedMeanwhile, NoRenewal, NothingChosen, NotSeen, NotTested
from domain.connection.standing import (
    AccessIsLost,
    IsDisconnected,
    IsSuspended,
    NotEstablished,
    NotFitForAdmin,
    may_edit,
)
from domain.facts import Company, ConnectionEstablished, LocationAdded, Venue, fact_name, load
from domain.forms import Filled
from domain.identifiers import ConnectionId, DayId
from domain.names import BadName
from domain.permissions import NotPermitted, Permission, Role, rights_of
from domain.ports import systems
from domain.ports.examining import MOST_SEEN, connecting, kind_of
from domain.ports.house import UnknownSystem
from domain.ports.journal import StreamMoved
from domain.ports.people import NOBODY
from domain.ports.source import DEFAULT_LIMITS, Limits
from domain.refusals import Refusal
from tests.domain.build import DATE
from tests.support.scripted import Scripted, import_files
from tests.support.scripted_erp import ADDRESS, NORTH, SOUTH, Life, ScriptedErp, profile_of, who


def as_anna() -> Intent:
    """What Anna wants, who manages connections."""
    return who("anna", "connection-manager")


@pytest.fixture
def life() -> Life:
    """A house of fakes with nothing in it, and no users."""
    return Life()


def named(name: str = "books") -> ConnectionId:
    """A connection of the client."""
    return ConnectionId("main", name)


def nested(levels: int) -> Any:
    """Lists in each other."""
    held: Any = "x"
    for _ in range(levels):
        held = [held]
    return held


def draft(life: Life, id_: str = "books", *, by: Intent | None = None, **fields: Any) -> Changed:
    """Draft a connection to the ERP."""
    plain: dict[str, Any] = {"system": "erp", "name": id_, "environment": ADDRESS, "secret": "s3cret"}
    return draft_connection(DraftConnection(named(id_), by or who("root"), **{**plain, **fields}), life.house)


def tried(life: Life, name: str = "books", *, by: Intent | None = None, **fields: Any) -> Tried:
    """Try it."""
    return try_connection(TryConnection(named(name), by or who("root"), **fields), life.house)


def establish(life: Life, name: str = "books", *, by: Intent | None = None, **fields: Any) -> Established:
    """Establish it with the first company."""
    plain: dict[str, Any] = {"companies": ("o-1",)}
    return establish_connection(EstablishConnection(named(name), by or who("root"), **{**plain, **fields}), life.house)


def made(life: Life, name: str = "books", *, anna: bool = False, **fields: Any) -> None:
    """Draft, try and establish one; the operator does, or Anna."""
    draft(life, name, by=as_anna() if anna else None, **fields)
    tried(life, name, by=as_anna() if anna else None)
    establish(life, name, by=as_anna() if anna else None)


def edit(life: Life, *, by: Intent | None = None, **fields: Any) -> Replaced:
    """Edit it."""
    return edit_connection(EditConnection(named(), by or who("root"), **fields), life.house)


def rotate(life: Life, secret: str, *, by: Intent | None = None, **fields: Any) -> Replaced:
    """Give it another secret."""
    return rotate_credentials(RotateCredentials(named(), by or who("root"), secret=secret, **fields), life.house)


def renew(life: Life, *, by: Intent | None = None, **fields: Any) -> Replaced:
    """Renew its grant."""
    return renew_connection(RenewConnection(named(), by or who("root"), **fields), life.house)


def suspend(life: Life, name: str = "books", *, by: Intent | None = None, suspended: bool = True) -> Changed:
    """Suspend or resume it."""
    command = SuspendConnection(named(name), by or who("root", reason="the contract"), suspended=suspended)
    return suspend_connection(command, life.house)


def disconnect(life: Life, name: str = "books", *, by: Intent | None = None) -> Changed:
    """Disconnect it."""
    return disconnect_system(DisconnectSystem(named(name), by or who("root")), life.house)


def share(life: Life, *, by: Intent | None = None, **fields: Any) -> Changed:
    """Share it."""
    return share_connection(ShareConnection(named(), by or who("root"), **fields), life.house)


def put_in_charge(life: Life, admin: str, *, by: Intent | None = None, **fields: Any) -> Changed:
    """Change its admin."""
    return change_admin(ChangeAdmin(named(), by or who("root"), admin=admin, **fields), life.house)


def now(life: Life, name: str = "books") -> Connection:
    """The connection as recorded."""
    return load_connection(life.journal, named(name))


def facts(life: Life, after: int = 0) -> list[str]:
    """The names of what is recorded past a position."""
    return [fact_name(entry.fact).removeprefix("connection.") for entry in life.journal.log(after=after, limit=1000)]


def place(key: str, venue: str = "") -> LocationAdded:
    """A location in New York with a venue of its own."""
    return LocationAdded(key, key.title(), "America/New_York", {"venue": venue or f"V-{key}"})


def at_the_pos(life: Life, *places: LocationAdded, name: str = "till") -> None:
    """A tested connection to the point of sale."""
    draft(life, name, system="pos")
    tried(life, name)
    establish(life, name, companies=None, locations=places)


def test_from_a_draft_to_a_connection(life: Life) -> None:
    """A draft is tested at the source, and then established with what was chosen of what the source shows."""
    assert draft(life, values={"entity": "top"}).after.life.stage == "draft"
    found = tried(life)
    assert (found.tested.passed, found.tested.companies, found.known) == (True, (NORTH, SOUTH), ())
    assert len(found.tested.identity) == 12
    assert life.erp.asked == [(ADDRESS, {"entity": "top"}, "s3cret")]
    establish(life)
    assert facts(life) == ["drafted", "tested", "established", "configuration-changed", "renewed"]
    after = now(life)
    assert (after.name, after.environment, after.life.values) == ("books", ADDRESS, {"entity": "top"})
    assert (after.life.stage, after.life.companies, after.life.maker) == (
        "established",
        {"o-1": "North Inc."},
        "cli:root",
    )
    assert after.life.valid_until == life.clock.now() + dt.timedelta(days=30)
    assert (after.life.revision, after.life.credential_version, len(after.credential)) == (5, 1, 12)


def test_no_secret_is_in_any_fact(life: Life) -> None:
    """Of every secret the facts hold a fingerprint, a version and where the vault has it; nothing holds it in clear."""
    made(life)
    life.erp.shows["other-s3cret"] = (NORTH,)
    rotate(life, "other-s3cret")
    stored = b"".join(stored.state for stored in life.journal._stored)
    assert b"s3cret" not in stored
    after = now(life)
    assert life.vault.secret("main", after.secret) == "other-s3cret"
    assert after.life.credential_version == 2


def test_a_failed_test_is_a_fact_with_its_reason(life: Life) -> None:
    """What the source refuses is recorded, and nothing can be established on it; with the right secret it can."""
    draft(life, secret="wrong")
    found = tried(life)
    assert (found.tested.passed, found.tested.failure) == (False, "not-authorized")
    assert facts(life) == ["drafted", "tested"]
    with pytest.raises(NotTested, match="The source does not know this key"):
        establish(life)
    edit(life, secret="s3cret")
    assert facts(life, 2) == ["credentials-rotated"]
    with pytest.raises(NotTested):
        establish(life)
    assert tried(life).tested.passed
    assert tried(life).tested.credential_version == 2
    establish(life)
    assert now(life).life.standing


def test_an_address_that_cannot_be_used_is_a_failed_test(life: Life) -> None:
    """An address of the wrong form is told; a source that lists nothing leaves open which locations there are."""
    draft(life, "mute", system="mute", environment="nonsense")
    assert tried(life, "mute").tested.failure == "bad-endpoint"
    draft(life, "mute-2", system="mute")
    found = tried(life, "mute-2").tested
    assert (found.passed, found.asked, found.identity) == (True, True, "")
    establish(life, "mute-2", companies=None, locations=(place("pier"),))
    assert now(life, "mute-2").locations.keys() == {"pier"}


def test_import_files_can_be_drafted_too(life: Life) -> None:
    """They need no address and no secret, and take none."""
    with pytest.raises(NeedsNoAddress):
        draft(life, "files", system="files")
    draft(life, "files", system="files", environment="", secret="")
    assert not tried(life, "files").tested.asked
    establish(life, "files", companies=None, locations=(LocationAdded("pier", "Pier", "UTC", {}),))
    assert (now(life, "files").secret, now(life, "files").life.credential_version) == ("", 0)


BAD_DRAFTS: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"system": "nonsense"}, UnknownSystem, "no adapter"),
    ({"values": {"password": "x"}}, BadValues, "'password' is a secret"),
    ({"values": {f"f{number}": 1 for number in range(101)}}, BadValues, "101 fields"),
    ({"values": {"a": nested(20)}}, BadValues, "nested deeper than 20 levels"),
    ({"values": {"a": [{"b": nested(18)}, 1]}}, BadValues, "nested deeper than 20 levels"),
    ({"values": {"a": "\ud800"}}, BadValues, "JSON cannot say"),
    ({"values": {"a": float("nan")}}, BadValues, "JSON cannot say"),
    ({"values": {"a": object()}}, BadValues, "JSON cannot say"),
    ({"values": {"a": "x" * 20_000}}, BadValues, "16384 bytes"),
    ({"name": ""}, BadName, "1 to 200"),
    ({"environment": "https://x\x00"}, BadValues, "An address is"),
    ({"by": who("bob", "manager")}, NotPermitted, "connections.manage"),
    ({"by": who("bob", "pos-admin")}, NotPermitted, "connections.manage"),
]


@pytest.mark.parametrize(("given", "refusal", "said"), BAD_DRAFTS)
def test_drafts_that_are_refused(life: Life, given: dict[str, Any], refusal: type[Refusal], said: str) -> None:
    """What cannot be kept, or is not theirs to connect, is refused, and nothing is recorded."""
    with pytest.raises(refusal, match=said):
        draft(life, **given)
    assert facts(life) == []


def test_an_id_is_given_once(life: Life) -> None:
    """A second draft, or a connection made in one step, cannot take the id of another."""
    draft(life)
    with pytest.raises(AlreadyConnected):
        draft(life)
    with pytest.raises(AlreadyConnected):
        connect_system(ConnectSystem(named(), "mute", "x", ADDRESS, "s3cret", (), who("root")), life.house)


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [({"companies": ("o-9",)}, NotSeen), ({"companies": ()}, NothingChosen), ({"companies": None}, NothingChosen)],
)
def test_companies_are_chosen_among_those_that_the_source_shows(
    life: Life, chosen: dict[str, Any], refusal: type[Refusal]
) -> None:
    """A company that is not shown, or none of several, is no choice; the only one that is shown needs none."""
    draft(life)
    tried(life)
    with pytest.raises(refusal):
        establish(life, **chosen)
    life.erp.shows["s3cret"] = (SOUTH,)
    tried(life)
    establish(life, companies=None)
    assert now(life).life.companies == {"o-2": "South LLC"}


def test_a_location_needs_a_venue_that_the_source_shows(life: Life) -> None:
    """Where the source lists venues, a location is one of them."""
    life.pos.venues = (Venue({"venue": "V-pier"}, "Pier"),)
    draft(life, "till", system="pos")
    tried(life, "till")
    with pytest.raises(NotSeen, match="'V-harbor'"):
        establish(life, "till", companies=None, locations=(place("harbor"),))
    establish(life, "till", companies=None, locations=(place("pier"),))
    with pytest.raises(AlreadyConnected, match="is established already"):
        establish(life, "till", companies=None, locations=())


def test_what_was_edited_is_tested_again(life: Life) -> None:
    """Another address or other form values are tried first, and recorded with their test in one commit."""
    made(life)
    before = life.journal.head()
    with pytest.raises(BadValues, match="Give the secret as well"):
        edit(life, environment="https://other.example.com/")
    done = edit(life, environment="https://other.example.com/", secret="s3cret", values={"entity": "top"}, name="Books")
    assert done.refused is None
    assert sorted(facts(life, before)) == ["credentials-rotated", "edited", "renewed", "tested"]
    assert life.erp.asked[-1] == ("https://other.example.com", {"entity": "top"}, "s3cret")
    assert (now(life).environment, now(life).name) == ("https://other.example.com", "Books")


def test_an_edit_that_fails_its_test_changes_nothing(life: Life) -> None:
    """What is in use stays in use; the failed test is kept."""
    made(life)
    before = now(life)
    done = edit(life, secret="wrong", environment="https://other.example.com")
    assert done.refused is not None
    assert done.refused.failure == "not-authorized"
    after = now(life)
    assert (after.environment, after.secret, after.life.test) == (before.environment, before.secret, before.life.test)
    assert after.life.failed == done.refused
    assert rotate(life, "wrong too").refused is not None
    assert renew(life, secret="and this").refused is not None
    assert now(life).life.credential_version == 1


def test_a_name_needs_no_test(life: Life) -> None:
    """Only what concerns the source is tried; what is so already is not recorded."""
    made(life)
    asked = len(life.erp.asked)
    assert edit(life, name="Head office").change.receipt is not None
    assert edit(life, name="Head office").change.receipt is None
    assert len(life.erp.asked) == asked
    assert now(life).life.test is not None


def test_companies_are_chosen_anew(life: Life) -> None:
    """Others are chosen among those that the last test showed, or that the new secret shows."""
    made(life)
    edit(life, companies=("o-2", "o-1"))
    assert now(life).life.companies == {"o-1": "North Inc.", "o-2": "South LLC"}
    with pytest.raises(NotSeen):
        edit(life, companies=("o-9",))
    with pytest.raises(NothingChosen):
        edit(life, companies=())
    life.erp.shows["s3cret-2"] = (Company("o-9", "West"),)
    edit(life, secret="s3cret-2", companies=("o-9",))
    assert now(life).life.companies == {"o-9": "West"}
    connect_system(ConnectSystem(named("old"), "mute", "old", ADDRESS, "s3cret", (), who("root")), life.house)
    with pytest.raises(NotTested):
        edit_connection(EditConnection(named("old"), who("root"), companies=("o-1",)), life.house)


def test_a_draft_is_filled_in_without_a_test(life: Life) -> None:
    """Editing a draft takes back that it was tested; it has no companies, and no grant, yet."""
    draft(life)
    tried(life)
    asked = len(life.erp.asked)
    with pytest.raises(BadValues, match="Give the secret as well"):
        edit(life, environment="https://other.example.com")
    edit(life, environment="https://other.example.com", secret="s3cret")
    assert now(life).life.test is None
    assert len(life.erp.asked) == asked
    with pytest.raises(NotEstablished):
        edit(life, companies=("o-1",))
    with pytest.raises(NotEstablished):
        renew(life)


def test_credentials_are_rotated_and_renewed(life: Life) -> None:
    """Another secret has the next version and begins the grant anew; renewing does so with the one in use."""
    made(life)
    life.erp.shows["s3cret-2"] = (NORTH, SOUTH)
    life.clock.time += dt.timedelta(days=10)
    before = life.journal.head()
    rotate(life, "s3cret-2")
    assert facts(life, before) == ["credentials-rotated", "tested", "renewed"]
    assert now(life).life.valid_until == life.clock.now() + dt.timedelta(days=30)
    life.clock.time += dt.timedelta(days=10)
    renew(life)
    assert now(life).life.valid_until == life.clock.now() + dt.timedelta(days=30)
    assert life.erp.asked[-1][2] == "s3cret-2"
    until = life.clock.now() + dt.timedelta(days=90)
    renew(life, valid_until=until)
    assert now(life).life.valid_until == until
    with pytest.raises(NoRenewal, match="has passed"):
        renew(life, valid_until=life.clock.now())
    with pytest.raises(NoSecret):
        rotate(life, "")
    life.erp.profile = profile_of("erp", None)
    with pytest.raises(NoRenewal, match="do not end"):
        renew(life)


def test_companies_that_are_no_longer_visible_are_lost(life: Life) -> None:
    """A chosen company that a new secret does not show is flagged, in the same commit; a later one brings it back."""
    made(life)
    life.erp.shows |= {"narrow": (SOUTH,), "wide": (NORTH, SOUTH)}
    before = life.journal.head()
    rotate(life, "narrow")
    assert facts(life, before) == ["credentials-rotated", "tested", "access-lost", "renewed"]
    assert now(life).life.lost_companies == {"o-1"}
    assert now(life).life.companies.keys() == {"o-1"}
    before = life.journal.head()
    tried(life)
    assert facts(life, before) == ["tested"]
    rotate(life, "wide")
    assert now(life).life.lost_companies == frozenset()
    rotate(life, "narrow")
    edit(life, companies=("o-2",))
    assert now(life).life.lost_companies == frozenset()


def poll(life: Life, location: str, name: str = "till") -> None:
    """Poll a day of a location."""
    poll_day(PollDay(DayId("main", location, DATE), named(name), who("root")), life.house)


def test_a_location_that_is_lost_is_not_polled(life: Life) -> None:
    """The others are; what is recorded stays; once the source shows its venue again it is polled again."""
    life.pos.says(DATE)
    at_the_pos(life, place("pier"), place("harbor"))
    poll(life, "pier")
    life.pos.venues = (Venue({"venue": "V-harbor"}),)
    tried(life, "till")
    assert now(life, "till").life.lost_locations == {"pier"}
    with pytest.raises(AccessIsLost, match="no longer shows the location 'pier'"):
        poll(life, "pier")
    poll(life, "harbor")
    life.pos.venues = (Venue({"venue": "V-harbor"}), Venue({"venue": "V-pier"}))
    tried(life, "till")
    poll(life, "pier")


def test_a_suspended_connection_polls_nothing(life: Life) -> None:
    """Polls are refused with the reason until it is resumed; suspending it again for the same reason is nothing new."""
    life.pos.says(DATE)
    at_the_pos(life, place("pier"))
    suspend(life, "till")
    assert suspend(life, "till").receipt is None
    with pytest.raises(IsSuspended, match="suspended: the contract"):
        poll(life, "pier")
    suspend(life, "till", suspended=False)
    assert suspend(life, "till", suspended=False).receipt is None
    poll(life, "pier")


def test_disconnecting_is_final(life: Life) -> None:
    """Nothing is polled, edited or tested any more, and the locations are free for another connection."""
    life.pos.says(DATE)
    at_the_pos(life, place("pier"))
    poll(life, "pier")
    others = {"till": now(life, "till")}
    draft(life, "till-2", system="pos")
    tried(life, "till-2")
    with pytest.raises(AlreadyConnected, match="fed by the connection 'till' already"):
        establish(life, "till-2", companies=None, locations=(place("pier"),), existing=others)
    assert disconnect(life, "till").after.life.stage == "disconnected"
    assert disconnect(life, "till").receipt is None
    with pytest.raises(IsDisconnected):
        poll(life, "pier")
    establish(life, "till-2", companies=None, locations=(place("pier"),), existing={"till": now(life, "till")})
    poll(life, "pier", "till-2")


AFTER_THE_END: list[Callable[[Life], object]] = [
    tried,
    lambda life: edit(life, name="x"),
    lambda life: rotate(life, "s3cret"),
    renew,
    share,
    suspend,
    lambda life: suspend(life, suspended=False),
    establish,
    lambda life: put_in_charge(life, ""),
    lambda life: add_location(AddLocation(named(), (place("pier"),), who("root")), life.house),
    lambda life: configure_connection(ConfigureConnection(named(), who("root")), life.house),
]


@pytest.mark.parametrize("deed", AFTER_THE_END)
def test_nothing_is_done_to_what_is_over(life: Life, deed: Callable[[Life], object]) -> None:
    """Whatever somebody wants of a connection that is disconnected is refused, and nothing is recorded."""
    made(life)
    disconnect(life)
    before = life.journal.head()
    with pytest.raises(IsDisconnected):
        deed(life)
    assert life.journal.head() == before


@pytest.mark.parametrize("deed", AFTER_THE_END[5:7] + AFTER_THE_END[8:])
def test_a_draft_feeds_nothing(life: Life, deed: Callable[[Life], object]) -> None:
    """What takes an established connection is refused on a draft; it can be thrown away."""
    draft(life)
    with pytest.raises(NotEstablished):
        deed(life)
    assert disconnect(life).after.life.stage == "disconnected"


def test_private_connections_are_edited_by_who_made_them(life: Life) -> None:
    """Others with the permission may not, until they are shared; the operator may, and the connection admin."""
    made(life, anna=True)
    bob = who("bob", "connection-manager")
    with pytest.raises(NotPermitted, match="is private"):
        edit(life, by=bob, name="Bob's")
    with pytest.raises(NotPermitted, match="is private"):
        share(life, by=bob)
    assert share(life, by=as_anna()).after.life.visibility == "shared"
    assert share(life).receipt is None
    edit(life, by=bob, name="Bob's")
    share(life, visibility="private")
    with pytest.raises(NotPermitted):
        edit(life, by=who("bob", "connection-manager"), name="x")
    life.people.hire("bob", "connection-manager")
    put_in_charge(life, "user:bob")
    edit(life, by=who("bob", "connection-manager"), name="x")


def test_connections_to_points_of_sale_belong_to_all_who_connect_such(life: Life) -> None:
    """Whoever made them; but all of their locations have to be theirs."""
    at_the_pos(life, place("pier"), place("harbor"))
    edit_connection(EditConnection(named("till"), who("bob", "pos-admin"), name="Tills"), life.house)
    with pytest.raises(NotPermitted, match="more locations than are yours") as refusal:
        tried(life, "till", by=who("bob", "pos-admin", locations=frozenset({"pier"})))
    assert "harbor" not in str(refusal.value)
    with pytest.raises(NotPermitted, match=r"connections\.pos"):
        tried(life, "till", by=who("bob", "connection-manager"))


@pytest.mark.parametrize("role", ["pos-admin", "connection-manager", "full-access", "auditor"])
def test_a_connection_that_feeds_nothing_of_theirs_is_not_there(life: Life, role: Role) -> None:
    """For whoever looks after the client as well, and whatever version they name: as one of an id that nothing has."""
    at_the_pos(life, place("pier"), place("harbor"))
    elsewhere = who("bob", role, locations=frozenset({"hill"}))
    told = []
    for name in ("till", "nowhere"):
        for command in (
            SuspendConnection(named(name), elsewhere, 999_999),
            SuspendConnection(named(name), elsewhere, suspended=False),
        ):
            with pytest.raises(NotConnected) as refusal:
                suspend_connection(command, life.house)
            told.append(str(refusal.value).replace(name, "?"))
    assert len(set(told)) == 1


def test_looking_after_the_client_takes_all_locations_of_a_connection(life: Life) -> None:
    """Who has some of them suspends nothing for the others."""
    at_the_pos(life, place("pier"), place("harbor"))
    for locations, may in ((frozenset({"pier"}), False), (frozenset({"pier", "harbor"}), True)):
        command = SuspendConnection(named("till"), who("bob", "full-access", locations=locations))
        if may:
            assert suspend_connection(command, life.house).after.life.stage == "suspended"
        else:
            with pytest.raises(NotPermitted, match="more locations than are yours"):
                suspend_connection(command, life.house)


def test_who_looks_after_the_client_ends_what_others_made(life: Life) -> None:
    """So that nothing is stuck with somebody who left: they suspend, disconnect and name an admin, and edit nothing."""
    made(life, anna=True)
    boss = who("carl", "full-access")
    with pytest.raises(NotPermitted):
        edit(life, by=boss, name="x")
    suspend(life, by=who("carl", "full-access"))
    put_in_charge(life, "", by=who("carl", "full-access"))
    disconnect(life, by=who("carl", "full-access"))


def test_a_connection_whose_adapter_is_gone_can_be_ended(life: Life) -> None:
    """The system need not be installed any more."""
    made(life)
    house = life.house
    gone = type(house)(house.journal, house.captures, house.vault, house.clock, {}, people=house.people)
    assert disconnect_system(DisconnectSystem(named(), who("root")), gone).after.life.stage == "disconnected"


UNFIT: list[tuple[str, str]] = [
    ("user:nobody", "no user 'nobody'"),
    ("user:mary", "'mary' lacks the permission"),
    ("user:hal", "'hal' has no access to the location 'pier'"),
]


@pytest.mark.parametrize(("admin", "said"), UNFIT)
def test_who_cannot_be_the_admin(life: Life, admin: str, said: str) -> None:
    """It takes the permission, and access to all locations of the client."""
    life.people.hire("anna", "connection-manager")
    life.people.hire("mary", "manager")
    life.people.hire("hal", "connection-manager", locations=frozenset({"harbor"}))
    at_the_pos(life, place("pier"))
    others = {"till": now(life, "till")}
    draft(life)
    tried(life)
    with pytest.raises(NotFitForAdmin, match=said):
        establish(life, admin=admin, existing=others)
    establish(life, admin="user:anna", existing=others)
    assert now(life).life.admin == "user:anna"
    with pytest.raises(NotFitForAdmin, match=said):
        put_in_charge(life, admin, existing=others)


def test_the_admin_is_who_connects(life: Life) -> None:
    """Unless another is named: with users it is who connects; without any, or for the operator, the operator."""
    assert NOBODY.users("main") == {}
    made(life)
    assert now(life).life.admin == ""
    life.people.hire("anna", "connection-manager")
    made(life, "hers", anna=True)
    assert now(life, "hers").life.admin == "user:anna"
    draft(life, "ours", by=who("key", "connection-manager"))
    tried(life, "ours", by=who("key", "connection-manager"))
    with pytest.raises(NotFitForAdmin, match="Name a connection admin"):
        establish(life, "ours", by=who("key", "connection-manager"))
    put_in_charge(life, "user:anna")
    assert put_in_charge(life, "user:anna").receipt is None


def test_a_version_that_was_seen_guards(life: Life) -> None:
    """Whoever decides on an old view is told so; the revision does not move with polls."""
    made(life)
    revision = now(life).life.revision
    edit(life, expected=revision, name="x")
    for deed in (
        lambda: edit(life, expected=revision, name="y"),
        lambda: tried(life, expected=revision),
        lambda: share_connection(ShareConnection(named(), who("root"), revision), life.house),
        lambda: put_in_charge(life, "user:x", expected=revision),
    ):
        with pytest.raises((NotTheVersion, NotFitForAdmin)):
            deed()


class Meddling(ScriptedErp):
    """A source that takes its time: somebody else edits the connection meanwhile."""

    life: Life

    def examine(self, filled: Filled, limits: Limits = DEFAULT_LIMITS) -> systems.Examination:
        """Answer after somebody renamed the connection."""
        found = super().examine(filled, limits)
        edit(self.life, name=f"renamed {len(self.asked)}")
        return found


@pytest.mark.parametrize("deed", [tried, renew])
def test_what_was_changed_while_the_source_was_asked(life: Life, deed: Callable[[Life], object]) -> None:
    """The answer is of something that is no longer there: it is not recorded."""
    made(life)
    life.erp = Meddling(shows={"s3cret": (NORTH,)})
    life.erp.life = life
    with pytest.raises(ChangedMeanwhile):
        deed(life)


@pytest.mark.parametrize("deed", [tried, renew])
def test_who_says_what_they_saw_is_told_that_it_is_another(life: Life, deed: Callable[..., object]) -> None:
    """Also where somebody else came first at the last moment: of all who saw a revision one writes."""
    made(life)
    life.erp = Meddling(shows={"s3cret": (NORTH,)})
    life.erp.life = life
    with pytest.raises(NotTheVersion, match="look at it again"):
        deed(life, expected=load_connection(life.journal, named()).life.revision)


REPEATED: list[tuple[Callable[[Life, Intent], Any], Callable[[Life, Intent], Any]]] = [
    (lambda life, by: tried(life, by=by), lambda life, by: suspend(life, by=by)),
    (lambda life, by: edit(life, by=by, name="x"), lambda life, by: edit(life, by=by, name="y")),
    (lambda life, by: edit(life, by=by, secret="s3cret"), lambda life, by: edit(life, by=by, secret="wrong")),
    (
        lambda life, by: establish(life, "next", by=by),
        lambda life, by: establish(life, "next", by=by, admin="user:bob"),
    ),
    (lambda life, by: rotate(life, "s3cret", by=by), lambda life, by: edit(life, by=by, name="y")),
    (lambda life, by: rotate(life, "wrong", by=by), lambda life, by: renew(life, by=by)),
    (lambda life, by: renew(life, by=by), lambda life, by: edit(life, by=by, values={"entity": "below"})),
    (lambda life, by: edit(life, by=by, values={"entity": "below"}), lambda life, by: renew(life, by=by)),
    (lambda life, by: put_in_charge(life, "user:anna", by=by), lambda life, by: put_in_charge(life, "user:bob", by=by)),
    (lambda life, by: disconnect(life, by=by), lambda life, by: tried(life, by=by)),
    (lambda life, by: suspend(life, by=by), lambda life, by: share(life, by=by)),
    (
        lambda life, by: draft(life, "new", by=by),
        lambda life, by: draft(life, "new", by=by, environment="https://x.example"),
    ),
    (lambda life, by: draft(life, "new", by=by), lambda life, by: draft(life, "new", by=by, secret="other")),
    (lambda life, by: draft(life, "new", by=by, secret=""), lambda life, by: draft(life, "new", by=by)),
    (
        lambda life, by: establish(life, "next", by=by),
        lambda life, by: establish(life, "next", by=by, companies=("o-2",)),
    ),
]


@pytest.mark.parametrize(("deed", "other"), REPEATED)
def test_a_command_is_done_once(
    life: Life, deed: Callable[[Life, Intent], Any], other: Callable[[Life, Intent], Any]
) -> None:
    """The same id again is answered, and the source is not asked again; for something else it is refused."""
    life.people.hire("anna", "connection-manager")
    life.people.hire("bob", "connection-manager")
    made(life)
    draft(life, "next")
    tried(life, "next")
    by = who("root", command="c-1", reason="the contract")
    first = getattr(deed(life, by), "change", None) or None
    head, asked = life.journal.head(), len(life.erp.asked)
    again = deed(life, by)
    changed = again if isinstance(again, Changed) else again.change
    assert (life.journal.head(), len(life.erp.asked), changed.again) == (head, asked, True)
    assert first is None or first.receipt == changed.receipt
    with pytest.raises(CommandReused):
        other(life, by)
    assert life.journal.head() == head


def test_a_secret_is_the_same_by_its_fingerprint(life: Life) -> None:
    """A command given again is told what came of it, also where its secret is no longer in the vault."""
    by = who("root", command="c-1")
    draft(life, by=by)
    life.vault._secrets.clear()
    assert draft(life, by=by).again
    with pytest.raises(CommandReused):
        draft(life, by=by, secret="another")


def test_a_draft_that_somebody_made_meanwhile(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two at once one is recorded, and the other is told."""
    append = life.journal.append

    def first(*given: Any) -> Any:
        monkeypatch.setattr(life.journal, "append", append)
        draft(life, by=who("anna"))
        return append(*given)

    monkeypatch.setattr(life.journal, "append", first)
    with pytest.raises(AlreadyConnected):
        draft(life)

    def always(*_: Any) -> Any:
        raise StreamMoved("somebody was faster")

    monkeypatch.setattr(life.journal, "append", always)
    with pytest.raises(StreamMoved):
        draft(life, "other")


def test_a_company_that_others_have_is_told(life: Life) -> None:
    """A second connection to a known company is reported when it is tested and when it is established, not doubled."""
    made(life)
    others = {"books": now(life)}
    draft(life, "second", environment="HTTPS://Books.Example.com/")
    found = tried(life, "second", existing=others)
    assert [(known.organization, known.connections) for known in found.known] == [("o-1", ("books",))]
    done = establish(life, "second", existing=others, companies=("o-1", "o-2"))
    (known,) = done.known
    assert (known.company, known.name) == (company_id("erp", ADDRESS, "o-1"), "North Inc.")
    disconnect(life)
    assert (
        edit_connection(
            EditConnection(named("second"), who("root"), name="x", existing={"books": now(life)}), life.house
        ).known
        == ()
    )


def test_the_short_way_is_private_to_who_took_it(life: Life) -> None:
    """Connecting in one step records who made it; connections of before anybody may edit who connects such."""
    command = ConnectSystem(named(), "erp", "Books", ADDRESS, "s3cret", (), as_anna())
    connected = connect_system(command, life.house).connection
    assert (connected.life.maker, connected.life.visibility, connected.life.stage) == (
        "user:anna",
        "private",
        "established",
    )
    assert (connected.life.valid_until is not None, connected.life.admin) == (True, "")
    life.people.hire("anna", "connection-manager")
    again = ConnectSystem(named("more"), "erp", "Books", ADDRESS, "s3cret", (), as_anna())
    assert connect_system(again, life.house).connection.life.admin == "user:anna"
    life.people.hire("anna", "connection-manager", locations=frozenset({"harbor"}))
    fed = ConnectSystem(named("fed"), "erp", "Books", ADDRESS, "s3cret", (place("pier"),), as_anna())
    assert connect_system(fed, life.house).connection.life.admin == ""


def test_what_a_system_declares() -> None:
    """Its kind says which permission it takes."""
    assert [kind_of(system) for system in (ScriptedErp(), Scripted(), import_files())] == ["erp", "pos", "files"]
    assert connecting(ScriptedErp(profile=profile_of("hris"))) is Permission.CONNECT_ERP
    assert connecting(import_files()) is Permission.CONNECT_POS


def test_a_source_that_lists_too_much(life: Life) -> None:
    """More companies than anybody has are a failed test."""
    life.erp.shows["s3cret"] = tuple(Company(f"o-{number}") for number in range(MOST_SEEN + 1))
    draft(life)
    assert tried(life).tested.failure == "too-large"


@pytest.mark.parametrize(
    ("companies", "venues"),
    [
        ((Company("o-1", "a\x00b"),), ()),
        ((Company("o\n1"),), ()),
        ((Company("x" * 201),), ()),
        ((), (Venue({"venue": "a\x00b"}),)),
        ((), (Venue({"venue": "V1"}, organization="\ud800"),)),
    ],
)
def test_a_source_that_lists_what_cannot_be_kept(
    life: Life, companies: tuple[Company, ...], venues: tuple[Venue, ...]
) -> None:
    """Names and ids that no table and no sentence can hold are a failed test, not a fault later."""
    life.erp.shows["s3cret"], life.erp.venues = companies, venues
    draft(life)
    assert tried(life).tested.failure == "malformed"


def test_what_is_not_there(life: Life) -> None:
    """A connection that does not exist can be neither tested nor edited."""
    for deed in (lambda: tried(life), lambda: edit(life, name="x"), lambda: establish(life), lambda: share(life)):
        with pytest.raises(NotConnected):
            deed()


def test_connections_of_before_are_shared() -> None:
    """A connection that an older release recorded is edited by whoever connects such a system, as it was."""
    data = b'{"system":"erp","name":"x","environment":"","credential":""}'
    old = b'{"v":1,"by":{"actor":"cli:anna","command":"c"},"data":' + data + b"}"
    fact, _ = load("connection.established", old)
    assert isinstance(fact, ConnectionEstablished)
    assert (fact.visibility, fact.maker, fact.companies) == ("shared", "", ())
    assert not may_edit(fold([fact]).life, (), Permission.CONNECT_ERP, "user:bob", rights_of("manager"))
    assert may_edit(fold([fact]).life, (), Permission.CONNECT_ERP, "user:bob", rights_of("connection-manager"))
