"""Configuring, and what a poll or replay then says: given recorded days, when the configuration changes, then seen."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from domain.commands.changing import CommandReused
from domain.commands.configure_connection import ConfigureConnection, Configured, configure_connection
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion, Outcome, Reading, Target, look, read_capture, record_reading
from domain.commands.replay_day import BroughtNothing, NoSuchConfiguration, ReplayDay, ReplayResult, replay_day
from domain.connection import NotConnected
from domain.effects import Effect
from domain.facts import Attempt, ConfigurationChanged, DayApproved, DayCompleted, LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.polling import BadConfiguration
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.records import Deposit
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import ALL_OPTIONS, Scripted, StoppedClock, import_files

CONNECTION = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
NEXT = DATE + dt.timedelta(days=1)
ANNA = Intent("cli:anna")
LATER = dt.datetime(2026, 11, 9, tzinfo=dt.UTC)


@pytest.fixture
def pos() -> Scripted:
    """A system whose days are what the test says."""
    return Scripted(options=ALL_OPTIONS - {"has_mpf_tax"})


@pytest.fixture
def house(pos: Scripted) -> House:
    """A house of fakes with a connection that feeds L1 and L2."""
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(LATER), {"scripted": pos})
    places = tuple(LocationAdded(key, key, "America/New_York", {"venue": f"V-{key}"}) for key in ("L1", "L2"))
    connect_system(ConnectSystem(CONNECTION, "scripted", "Tray", "https://x.example", "s3cret", places, ANNA), made)
    return made


def configure(house: House, **fields: Any) -> Configured:
    """Configure the connection."""
    return configure_connection(
        ConfigureConnection(CONNECTION, fields.pop("intent", Intent("cli:anna")), **fields), house
    )


def poll(house: House, date: dt.date = DATE, **fields: Any) -> Outcome:
    """Poll a day of L1."""
    day = replace(DAY, date=date)
    return poll_day(PollDay(day, CONNECTION, fields.pop("intent", Intent("cli:anna")), **fields), house)


def replay(house: House, date: dt.date = DATE, **fields: Any) -> ReplayResult:
    """Replay a day of L1."""
    return replay_day(ReplayDay(replace(DAY, date=date), fields.pop("connection", CONNECTION), **fields), house)


def told(result: ReplayResult) -> list[tuple[str, str]]:
    """Keys of records, and what would happen to them."""
    return [(change.key, change.operation) for change in result.changes]


def test_options_are_set_and_unset(house: House) -> None:
    """Setting adds to what is in force, for all or at a location; unsetting goes back to the default, or to all."""
    first = configure(house, put={"open_time": True, "use_item_level_taxes": False})
    assert first.concerned == ("L1", "L2")
    second = configure(house, location="L2", put={"open_time": False})
    assert second.concerned == ("L2",)
    third = configure(house, drop=frozenset({"use_item_level_taxes", "trim_service_type_name"}))
    configuration = third.change.after.configuration
    assert (configuration.version, configuration.options, configuration.overrides) == (
        4,
        {"open_time": True, "use_item_level_taxes": True},
        {"L2": {"open_time": False}},
    )
    fourth = configure(house, location="L2", drop=frozenset({"open_time"}))
    assert (fourth.concerned, fourth.change.after.configuration.overrides) == (("L2",), {})


def test_a_whole_configuration(house: House) -> None:
    """A whole configuration takes the place of the one before; what it does not name is the system's default."""
    configure(house, put={"open_time": True}, location="L1")
    configured = configure(house, options={"trim_service_type_name": True}, overrides={"L2": {"open_time": True}})
    configuration = configured.change.after.configuration
    assert configuration.options == {"use_item_level_taxes": True, "trim_service_type_name": True}
    assert configuration.overrides == {"L2": {"open_time": True}}
    off = configure(house, options={"use_item_level_taxes": False})
    assert not off.change.after.configuration.at("L1").use_item_level_taxes
    assert off.change.after.configuration.overrides == {"L2": {"open_time": True}}


@pytest.mark.parametrize(
    "fields",
    [
        {"put": {"use_item_level_taxes": True}},
        {"put": {"open_time": False}},
        {"drop": frozenset({"open_time"})},
        {"drop": frozenset({"use_item_level_taxes"})},
        {"location": "L1", "drop": frozenset({"open_time"})},
        {"options": {}, "overrides": {}},
        {"options": {"use_item_level_taxes": True}, "expected": 1},
    ],
)
def test_what_is_configured_already_records_nothing(house: House, fields: dict[str, Any]) -> None:
    """What the newest version says already is no new version, and nothing is recorded."""
    head = house.journal.head()
    configured = configure(house, **fields)
    assert (configured.change.receipt, configured.concerned, house.journal.head()) == (None, (), head)


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"put": {"nonsense": True}}, BadConfiguration, "no polling option 'nonsense'"),
    ({"drop": frozenset({"nonsense"})}, BadConfiguration, "no polling option 'nonsense'"),
    ({"put": {"has_mpf_tax": True}}, BadConfiguration, "does not have the option 'has_mpf_tax'"),
    ({"put": {"offset_time_zone": "27"}}, BadConfiguration, "offset_time_zone: take up to 26 hours"),
    ({"location": "L9", "put": {"open_time": True}}, NotConnected, "'L9'. Its locations: L1, L2"),
    ({"overrides": {"L9": {"open_time": True}}}, BadConfiguration, "'L9'"),
    ({"put": {"open_time": True}, "expected": 0}, NotTheVersion, "at version 1, not 0"),
]


@pytest.mark.parametrize(("fields", "refusal", "said"), REFUSED)
def test_configuring_that_is_refused(house: House, fields: dict[str, Any], refusal: type[Exception], said: str) -> None:
    """What does not fit is refused with its reason, and nothing is recorded."""
    head = house.journal.head()
    with pytest.raises(refusal, match=said):
        configure(house, **fields)
    assert house.journal.head() == head


def test_configuring_is_done_once_for_each_command(house: House) -> None:
    """The same command again answers what it recorded, whatever came since; its id for another one is refused."""
    intent = Intent("api:bob", "taxes", command="cmd-1")
    first = configure(house, put={"open_time": True}, intent=intent)
    configure(house, put={"open_time": False})
    again = configure(house, put={"open_time": True}, intent=intent)
    assert (again.change.again, again.change.receipt, again.concerned) == (True, first.change.receipt, first.concerned)
    assert again.change.after.configuration.version == 2
    for fields in (
        {"put": {"open_time": False}},
        {"put": {"nonsense": 1}},
        {"location": "L1", "put": {"open_time": True}},
    ):
        with pytest.raises(CommandReused):
            configure(house, intent=intent, **fields)


def test_a_configuration_that_became_bad_can_be_mended(house: House) -> None:
    """Options that were recorded under a rule that is stricter now do not stand in the way of changing them."""
    old = ConfigurationChanged(2, {"number_of_lookback_days": 31}, {})
    house.journal.append([Recording(CONNECTION.stream, 4, (old,))], Intent("cli:anna").provenance)
    with pytest.raises(BadConfiguration):
        configure(house, put={"open_time": True})
    assert configure(house, drop=frozenset({"number_of_lookback_days"})).concerned == ("L1", "L2")


LUNCH = ticket(
    "t1", tax="0.31", items=tuple(item("1.25", "0.10", name=f"i{n}") for n in range(3)), payments=(paid("4.06"),)
)


def test_a_replay_under_another_version(house: House, pos: Scripted) -> None:
    """Item taxes of 0.30 and a check tax of 0.31: the version decides, and a replay says what would change."""
    pos.says(DATE, LUNCH)
    poll(house)
    configure(house, put={"use_item_level_taxes": False})
    assert replay(house).changes == ()
    head = house.journal.head()
    result = replay(house, configuration=2)
    figures = {figure.name: (figure.before, figure.after) for figure in result.effect.figures}
    assert (told(result), figures["tax"]) == ([("t1", "changed")], (30, 31))
    assert "configuration" not in figures
    (derivation,) = result.derivations
    assert (derivation.connection, derivation.system, derivation.recorded, derivation.configuration) == (
        "tray",
        "scripted",
        1,
        2,
    )
    assert (derivation.capture, derivation.options, derivation.anew) == (result.capture, {}, True)
    assert house.journal.head() == head
    assert poll(house).changed == 1
    assert replay(house).configuration == 2


def test_a_version_that_changes_nothing(house: House, pos: Scripted) -> None:
    """Where another version leads to the same records, nothing differs, the number of the version included."""
    pos.says(DATE, LUNCH)
    poll(house)
    configure(house, put={"include_inactive_employees": True})
    result = replay(house, configuration=2)
    assert (result.configuration, result.differs, result.effect) == (2, False, Effect((), ()))


def test_a_replay_with_options_to_try(house: House, pos: Scripted) -> None:
    """Options are tried over a version at the day's location; nothing of it is recorded."""
    pos.says(DATE, LUNCH)
    poll(house)
    configure(house, location="L1", put={"trim_service_type_name": True})
    result = replay(house, configuration=2, options={"use_item_level_taxes": False})
    assert told(result) == [("t1", "changed")]
    (derivation,) = result.derivations
    assert (derivation.configuration, derivation.options) == (2, {"use_item_level_taxes": False})


@pytest.mark.parametrize(
    ("fields", "refusal", "said"),
    [
        ({"configuration": 7}, NoSuchConfiguration, "no configuration 7: its newest is 1"),
        ({"options": {"nonsense": 1}}, BadConfiguration, "'nonsense'"),
        ({"options": {"has_mpf_tax": True}}, BadConfiguration, "does not have the option"),
        ({"options": {"open_time": 1}}, BadConfiguration, "open_time"),
        ({"connection": replace(CONNECTION, connection="files"), "configuration": 1}, BroughtNothing, "but from: tray"),
    ],
)
def test_replays_that_are_refused(
    house: House, pos: Scripted, fields: dict[str, Any], refusal: type[Exception], said: str
) -> None:
    """A version, option or connection that has no meaning for the day is refused, with what there is."""
    pos.says(DATE, LUNCH)
    poll(house)
    with pytest.raises(refusal, match=said):
        replay(house, **fields)


def at_night(key: str, date: dt.date) -> Any:
    """A ticket of a date that was opened at 23:40 of the evening before."""
    opened = dt.datetime.combine(date, dt.time(3, 40), dt.UTC)
    return ticket(
        key,
        business_date=date,
        opened_at=opened,
        closed_at=opened + dt.timedelta(minutes=40),
        items=(item("5.00"),),
        payments=(paid("5.00"),),
    )


@pytest.fixture
def moved(house: House, pos: Scripted) -> tuple[House, Outcome]:
    """A day to which the reading of the next one moved a ticket, and what that reading said."""
    configure(house, put={"open_time": True})
    pos.says(DATE, LUNCH)
    poll(house)
    pos.says(NEXT, at_night("t2", NEXT))
    return house, poll(house, NEXT, intent=Intent("cli:anna", command="cmd-next"))


def test_a_poll_says_which_other_days_changed(moved: tuple[House, Outcome]) -> None:
    """Reading a day that moves a ticket to the day before says so, and says it again when the command is repeated."""
    house, outcome = moved
    assert (outcome.outcome, outcome.added, outcome.compensated, outcome.observed) == ("polled", 0, {DATE: 1}, 0)
    assert poll(house, NEXT, intent=Intent("cli:anna", command="cmd-next")) == outcome
    assert poll(house, NEXT).compensated == {}


def test_a_poll_says_what_an_approved_day_does_not_take(house: House, pos: Scripted) -> None:
    """What differs on an approved day is staged: said, kept, and answered again with the same command."""
    pos.says(DATE, LUNCH)
    poll(house)
    version = load_day(house.journal, DAY).version
    settled = (DayCompleted(1), DayApproved(1, "a" * 64))
    house.journal.append([Recording(DAY.stream, version, settled)], Intent("cli:anna").provenance)
    pos.says(DATE, ticket("t1", items=(item("9.00"),), payments=(paid("9.00"),)), punch())
    intent = Intent("cli:anna", command="cmd-late")
    outcome = poll(house, intent=intent)
    told = (outcome.outcome, outcome.generation, outcome.added, outcome.changed, outcome.observed)
    assert told == ("staged", 2, 1, 1, 0)
    assert poll(house, intent=intent) == outcome


def test_a_replay_keeps_what_other_readings_brought(moved: tuple[House, Outcome]) -> None:
    """The day's own answer does not know what the next day's brought: replaying as recorded still finds nothing."""
    house, _ = moved
    assert (replay(house).changes, replay(house, NEXT).changes) == ((), ())


def test_a_replay_under_options_that_move_nothing(moved: tuple[House, Outcome]) -> None:
    """What the next day's reading brought stands until that is replayed: then it is there, and here no longer."""
    house, _ = moved
    here, there = replay(house, options={"open_time": False}), replay(house, NEXT, options={"open_time": False})
    assert (told(here), here.standing, here.beside) == ([], 1, {})
    assert (told(there), there.beside) == ([("t2", "added")], {DATE: 1})
    assert there.totals == {}, "what comes to one day goes from the other"
    assert told(replay(house, options={"use_item_level_taxes": False})) == [("t1", "changed")]


def test_a_replay_of_what_was_moved_away(house: House, pos: Scripted) -> None:
    """What a newer reading took away stays away, whatever the day's own, older answer says."""
    configure(house, put={"open_time": True})
    pos.says(DATE, ticket("t1"), ticket("t2"))
    poll(house)
    pos.says(NEXT, ticket("t2", business_date=NEXT, opened_at=dt.datetime(2026, 11, 1, 16, tzinfo=dt.UTC)))
    assert poll(house, NEXT).compensated == {DATE: 1}
    assert replay(house).changes == ()
    assert told(replay(house, options={"trim_service_type_name": True})) == []
    pos.says(DATE, ticket("t1"))
    assert poll(house).outcome == "unchanged"
    assert replay(house).changes == ()


def test_a_deposit_that_was_found_by_looking_back(house: House, pos: Scripted) -> None:
    """Monday's deposit that Thursday's poll attached stays on Monday when that is replayed; disabled, it would go."""
    configure(house, put={"number_of_lookback_days": 3})
    pos.says(DATE, LUNCH)
    poll(house)
    later = DATE + dt.timedelta(days=3)
    pos.says(later, Deposit("d1", 24_663, DATE))
    assert poll(house, later).compensated == {DATE: 1}
    assert replay(house).changes == ()
    assert told(replay(house, options={"number_of_lookback_days": 2})) == []
    for off in ({"number_of_lookback_days": 0}, {"disable_deposits_import": True}):
        assert told(replay(house, options=off)) == [("d1", "removed")]


def test_a_day_of_two_connections(house: House, pos: Scripted) -> None:
    """A replay derives what each connection brought, under the version of each; the deposits of files stay theirs."""
    files, named = import_files(kinds=("deposit",)), ConnectionId("main", "files")
    house.systems["files"] = files  # type: ignore[index]
    place = LocationAdded("L1", "L1", "America/New_York", {})
    connect_system(ConnectSystem(named, "files", "Files", "", "", (place,), Intent("cli:anna")), house)
    pos.says(DATE, LUNCH)
    poll(house)
    files.says(DATE, Deposit("d1", 24_663, DATE))
    target = Target(DAY, named, Intent("cli:anna"))
    seen = look(target, house)
    frame, options = seen.connection.frame("L1", DATE), seen.connection.configuration.at("L1")
    capture = files.holds(DATE, {})
    made = Attempt("import", "files", 1, LATER, LATER)
    translation = read_capture(files, capture, frame, options)
    reading = Reading(translation, made, house.captures.keep("main", capture), frame.window)
    assert record_reading(target, house, reading, seen).added == 1
    result = replay(house)
    derived = [(derivation.connection, derivation.system, derivation.anew) for derivation in result.derivations]
    assert (derived, told(result)) == ([("files", "files", False), ("tray", "scripted", False)], [])
    configure(house, put={"use_item_level_taxes": False})
    result = replay(house, configuration=2)
    assert [derivation.anew for derivation in result.derivations] == [False, True]
    assert told(result) == [("t1", "changed")]
    assert told(replay(house, connection=named, options={"disable_deposits_import": True})) == [("d1", "removed")]
    pos.says(DATE, LUNCH, Deposit("d2", 1_00, DATE))
    poll(house)
    assert "fed-by-another:deposit" in load_day(house.journal, DAY).notes
    assert not replay(house).differs
