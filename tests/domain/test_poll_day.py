"""Polling, connecting and replaying as commands: given a house of fakes, when told, then recorded."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain.business_date import Window
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.feeding import BadSourceIds
from domain.commands.intent import Intent, new_id
from domain.commands.loading import NothingRecorded, load_connection, load_day
from domain.commands.poll_day import DayNotOver, PollDay, poll_day
from domain.commands.recording import MOST_DECISIONS, NotTheVersion, Outcome
from domain.commands.replay_day import ReplayDay, replay_day
from domain.connection import AlreadyConnected, NotConnected
from domain.facts import LocationAdded, Provenance
from domain.identifiers import ConnectionId, DayId
from domain.money import cents
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.house import House, UnknownSystem, secret_name
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.source import RETRYABLE, BadEndpoint, DayRequest, Fetched, SourceFailure
from domain.ports.vault import Vault
from domain.records import Employee, Job, canonical
from domain.refusals import Conflict, Refusal
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import NotExamined, StoppedClock

CONNECTION = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
ANNA = Intent("cli:anna", "because")


@dataclass
class ScriptedSystem(NotExamined):
    """A system whose days are what the test says; the capture names which of its readings it holds."""

    readings: list[list[Any]] = field(default_factory=list)
    failure: SourceFailure | None = None
    before_answer: Callable[[], None] = lambda: None
    requests: list[DayRequest] = field(default_factory=list)
    closed: int = 0
    refuses: bool = False
    answer_with: int | None = None
    key: str = "scripted"
    title: str = "Scripted"
    location_ids: tuple[str, ...] = ("venue",)
    default_options: dict[str, Any] = field(default_factory=lambda: {"use_item_level_taxes": True})
    options: frozenset[str] = frozenset(Options.__struct_fields__)
    presets: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: bool = False

    def connect(self, environment: str, secret: str, vault: Vault, limits: object = None) -> "ScriptedSystem":
        """Itself; the secret must have come through the vault."""
        if not environment.startswith("https://") or not secret.strip() or self.refuses:
            raise BadEndpoint("The address or the key cannot be used.")
        assert (environment, secret) == ("https://kernel.example.com", "s3cret")
        assert vault
        assert limits
        return self

    def fetch(self, request: DayRequest) -> Fetched:
        """The newest reading, or the failure."""
        self.requests.append(request)
        self.before_answer()
        if self.failure:
            raise self.failure
        number = len(self.readings) - 1 if self.answer_with is None else self.answer_with
        self.answer_with = None
        page = Page("checks", 1, f"[{number}]".encode())
        return Fetched(Capture(self.key, 1, {"venue": request.source["venue"]}, (page,)), 3, 100, {"checks": 1})

    def read(self, capture: Capture, asked: Window) -> SourceDay:
        """The reading that a capture names."""
        assert asked.date == DATE
        records = self.readings[int(capture.pages[0].data[1:-1])]
        if any(isinstance(record, Exception) for record in records):
            raise records[0]
        named: dict[str, list[Any]] = {kind: [] for kind in ("ticket", "punch", "employee", "job")}
        for record in records:
            named[canonical(record)[0]].append(record)
        return SourceDay(named)

    def close(self) -> None:
        """Count."""
        self.closed += 1


@pytest.fixture
def system() -> ScriptedSystem:
    """A system without anything."""
    return ScriptedSystem()


@pytest.fixture
def house(system: ScriptedSystem) -> House:
    """A house of fakes with one connection that feeds L1."""
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": system})
    connect_system(connecting(), made)
    return made


def connecting(**fields: Any) -> ConnectSystem:
    """A command that connects L1, with other fields where the test says so."""
    location = LocationAdded("L1", "Pier", "America/New_York", {"venue": "V1"})
    plain: dict[str, Any] = {
        "connection": CONNECTION,
        "system": "scripted",
        "name": "Pier",
        "environment": "https://kernel.example.com/",
        "secret": "s3cret",
        "locations": (location,),
        "intent": Intent("cli:anna"),
    }
    return ConnectSystem(**{**plain, **fields})


def poll(house: House, **fields: Any) -> Outcome:
    """Poll the day."""
    return poll_day(PollDay(DAY, CONNECTION, fields.pop("intent", Intent("cli:anna")), **fields), house)


def names(house: House) -> list[str]:
    """The shapes of all facts in the log, past the three of connecting."""
    return [type(entry.fact).__name__ for entry in house.journal.log(after=0, limit=1000)][3:]


LUNCH = ticket("t1", items=(item("10.00"),), payments=(paid("10.00"),))
FIXED_LUNCH = ticket("t1", items=(item("9.00"),), payments=(paid("9.00"),))
ANN = Employee("e1", "p1", first_name="sealed:a")


def test_the_first_poll_records_day_and_roster_in_one_commit(house: House, system: ScriptedSystem) -> None:
    """Given a connection, when a day is polled, then its records and the roster are recorded together, once."""
    system.readings.append([LUNCH, punch(), ANN, Job("j1", "Server")])
    outcome = poll(house)
    assert (outcome.outcome, outcome.generation, outcome.added) == ("polled", 1, 2)
    assert names(house) == ["DayPolled", "RecordsChanged", "RosterChanged"]
    assert len(house.journal.seals()) == 2
    assert load_connection(house.journal, CONNECTION).rosters["L1"]["employee"].keys() == {"e1"}
    assert system.requests[0].source == {"venue": "V1"}
    assert system.closed == 2  # once for trying it while connecting


def test_an_unchanged_repoll_adds_one_attempt(house: House, system: ScriptedSystem) -> None:
    """Given a polled day, when the source says the same again, then one fact is added and nothing else."""
    system.readings.append([LUNCH, ANN])
    poll(house)
    before = names(house)
    assert poll(house).outcome == "unchanged"
    assert names(house) == [*before, "PollUnchanged"]


def test_a_repoll_is_a_new_generation(house: House, system: ScriptedSystem) -> None:
    """Given a polled day, when a ticket was edited at the source, then generation 2 has it, and 1 can still be read."""
    system.readings.append([LUNCH])
    first = poll(house)
    system.readings.append([FIXED_LUNCH])
    second = poll(house)
    assert (second.outcome, second.generation, second.changed) == ("polled", 2, 1)
    then = load_day(house.journal, DAY, until=first.receipt.position)
    now = load_day(house.journal, DAY)
    assert b'"amount_cents":1000' in then.records["ticket"]["t1"]
    assert b'"amount_cents":900' in now.records["ticket"]["t1"]


def test_a_failure_is_an_attempt_and_nothing_else(house: House, system: ScriptedSystem) -> None:
    """Given a source that fails in the middle, when polled, then the attempt says how far it came."""
    when = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
    system.failure = SourceFailure(
        "rate-limited", "Slow down.", resource="checks", retry_at=when, requests=4, read_bytes=9, rows={"checks": 7}
    )
    outcome = poll(house)
    assert outcome.outcome == "failed"
    assert outcome.generation == 0
    assert outcome.failure
    assert (outcome.failure.failure, outcome.failure.retry_at, outcome.failure.retryable) == (
        "rate-limited",
        when,
        True,
    )
    assert (outcome.failure.attempt.requests, outcome.failure.attempt.rows) == (4, {"checks": 7})
    assert names(house) == ["PollFailed"]
    assert load_day(house.journal, DAY).state == "missing"


@pytest.mark.parametrize("records", [[ValueError("bad")], [ticket(), ticket()]])
def test_an_answer_that_cannot_be_read_is_a_failed_attempt(
    house: House, system: ScriptedSystem, records: list[Any]
) -> None:
    """A value without meaning, or one ticket twice, fails the whole attempt as malformed."""
    system.readings.append(records)
    outcome = poll(house)
    assert outcome.failure
    assert outcome.failure.failure == "malformed"
    assert names(house) == ["PollFailed"]


def test_a_day_that_is_not_over_is_refused(system: ScriptedSystem, house: House) -> None:
    """The day ends at 04:00 UTC the next morning; before that it is not polled, and nothing is recorded."""
    early = replace(house, clock=StoppedClock(dt.datetime(2026, 11, 1, 3, 59, tzinfo=dt.UTC)))
    with pytest.raises(DayNotOver, match="2026-11-01 04:00 UTC"):
        poll(early)
    assert names(house) == []
    assert system.requests == []


def test_a_command_is_done_once(house: House, system: ScriptedSystem) -> None:
    """The same command again answers what it recorded, without asking the source."""
    system.readings.append([LUNCH])
    intent = Intent("api:bob", command=new_id())
    first = poll(house, intent=intent)
    assert poll(house, intent=intent) == first
    assert len(system.requests) == 1
    system.failure = SourceFailure("timeout", "No answer.")
    failing = Intent("api:bob", command=new_id())
    assert poll(house, intent=failing) == poll(house, intent=failing)
    repeated = Intent("api:bob", command=new_id())
    system.failure = None
    assert poll(house, intent=repeated).outcome == "unchanged"
    assert poll(house, intent=repeated).outcome == "unchanged"


def test_an_id_of_another_command_is_refused(house: House, system: ScriptedSystem) -> None:
    """An id that was used for connecting cannot be used for polling."""
    system.readings.append([LUNCH])
    (used,) = {entry.provenance.command for entry in house.journal.log(after=0, limit=1000)}
    with pytest.raises(Conflict, match="used for another command"):
        poll(house, intent=Intent("api:bob", command=used))


def test_the_version_that_was_seen(house: House, system: ScriptedSystem) -> None:
    """A poll that expects a version is refused before the source is asked when the day is at another."""
    system.readings.append([LUNCH])
    assert poll(house, expected_version=0).generation == 1
    with pytest.raises(NotTheVersion, match="at version 2, not 0"):
        poll(house, expected_version=0)
    assert len(system.requests) == 1


def test_two_polls_at_once_give_one_generation(house: House, system: ScriptedSystem) -> None:
    """While one poll reads, another records the day: the first decides again, and adds the attempt only."""
    system.readings.append([LUNCH])

    def meanwhile() -> None:
        system.before_answer = lambda: None
        assert poll(house).outcome == "polled"

    system.before_answer = meanwhile
    outcome = poll(house)
    assert (outcome.outcome, outcome.generation) == ("unchanged", 1)
    assert names(house) == ["DayPolled", "RecordsChanged", "PollUnchanged"]


def test_a_poll_that_is_given_twice_at_once_has_one_answer(house: House, system: ScriptedSystem) -> None:
    """While one try reads, another of the same id records the day: both are answered with what is recorded."""
    system.readings.append([LUNCH, ANN])
    same = Intent("cli:anna", "because", "the same")
    answers: list[Outcome] = []

    def meanwhile() -> None:
        system.before_answer = lambda: None
        answers.append(poll(house, intent=same))

    system.before_answer = meanwhile
    answers.append(poll(house, intent=same))
    assert (answers[0].outcome, answers[1]) == ("polled", answers[0])
    assert names(house) == ["DayPolled", "RecordsChanged", "RosterChanged"]


def test_a_hundred_polls_at_once_give_one_generation(house: House, system: ScriptedSystem) -> None:
    """Polled 100 times at once, a day has one generation and 100 attempts, and nobody is told of a lost race."""
    system.readings.append([LUNCH, ANN])
    together = threading.Barrier(100)

    def one_poll() -> Outcome:
        together.wait()
        return poll(house)

    with ThreadPoolExecutor(100) as pool:
        outcomes = [future.result() for future in [pool.submit(one_poll) for _ in range(100)]]
    assert sorted(outcome.outcome for outcome in outcomes) == ["polled", *["unchanged"] * 99]
    day = load_day(house.journal, DAY)
    assert (day.generation, day.attempts) == (1, 100)


def test_an_older_reading_never_undoes_a_newer_one(house: House, system: ScriptedSystem) -> None:
    """A poll that read before an edit and records after another poll saw it reads again: the edit stands."""
    system.readings.append([LUNCH, ANN])
    poll(house)
    stale = len(system.readings) - 1

    def meanwhile() -> None:
        system.before_answer = lambda: None
        system.readings.append([FIXED_LUNCH, replace_employee(ANN)])
        assert poll(house).generation == 2
        system.answer_with = stale

    system.before_answer = meanwhile
    outcome = poll(house)
    assert (outcome.outcome, outcome.generation) == ("unchanged", 2)
    assert b'"amount_cents":900' in load_day(house.journal, DAY).records["ticket"]["t1"]
    assert b"sealed:b" in load_connection(house.journal, CONNECTION).rosters["L1"]["employee"]["e1"]


def test_a_poll_that_is_overtaken_again_and_again_gives_up(house: House, system: ScriptedSystem) -> None:
    """Where other polls keep recording other things meanwhile, the attempt fails, says so, and changes nothing."""
    system.readings.append([LUNCH])
    prices = iter(range(100, 200))

    def meanwhile() -> None:
        system.before_answer = lambda: None
        system.readings.append([ticket("t1", guests=next(prices))])
        assert poll(house).outcome == "polled"
        system.before_answer = meanwhile
        system.readings.append([ticket("t1", guests=next(prices))])

    system.before_answer = meanwhile
    outcome = poll(house)
    assert outcome.failure
    assert (outcome.failure.failure, outcome.failure.retryable) == ("changed-while-reading", True)


def test_an_endpoint_that_cannot_be_used_is_a_failed_attempt(house: House, system: ScriptedSystem) -> None:
    """A connection whose address or key the system refuses later leaves an attempt that says so."""
    system.refuses = True
    outcome = poll(house)
    assert outcome.failure
    assert (outcome.failure.failure, outcome.failure.retryable) == ("bad-endpoint", False)


def test_what_cannot_be_summed_up_is_not_recorded(house: House, system: ScriptedSystem) -> None:
    """A value that every view would stumble over, such as the first instant there is, fails as malformed."""
    never = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    system.readings.append([ticket(closed_at=never)])
    outcome = poll(house)
    assert outcome.failure
    assert outcome.failure.failure == "malformed"
    assert names(house) == ["PollFailed"]


def replace_employee(employee: Employee) -> Employee:
    """The same person with another sealed name."""
    return Employee(employee.id, employee.person, first_name="sealed:b")


class LosingJournal(MemoryJournal):
    """A journal in which every race is lost, a number of times."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Lose, as long as there is something to lose."""
        if recordings[0].stream.startswith("business-day:") and self.losses:
            self.losses -= 1
            raise StreamMoved("Somebody was faster.")
        return super().append(recordings, provenance)


@pytest.mark.parametrize("losses", [1, MOST_DECISIONS - 1, MOST_DECISIONS])
def test_lost_races_are_decided_again(system: ScriptedSystem, losses: int) -> None:
    """A lost race is decided again on the fresh state, 200 times at most; then it says so."""
    house = House(LosingJournal(losses), MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": system})
    connect_system(connecting(), house)
    system.readings.append([LUNCH])
    if losses == MOST_DECISIONS:
        with pytest.raises(StreamMoved):
            poll(house)
    else:
        assert poll(house).outcome == "polled"
    assert len(system.requests) == 1


def test_a_location_that_is_not_fed(house: House) -> None:
    """Polling a location of another connection, or by a connection that is not there, is refused by name."""
    with pytest.raises(NotConnected, match="'L9'"):
        poll_day(PollDay(replace(DAY, location="L9"), CONNECTION, ANNA), house)
    with pytest.raises(NotConnected, match="'nowhere'"):
        poll_day(PollDay(DAY, ConnectionId("main", "nowhere"), ANNA), house)


def test_a_system_that_is_not_installed(house: House, system: ScriptedSystem) -> None:
    """A connection to a system without adapter says which systems there are."""
    system.readings.append([])
    with pytest.raises(UnknownSystem, match=r"'scripted' here. Known systems: none"):
        poll(replace(house, systems={}))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"system": "toast"}, UnknownSystem),
        ({"environment": "kernel.example.com"}, BadEndpoint),
        ({"environment": "ftp://kernel.example.com"}, BadEndpoint),
        ({"secret": " "}, BadEndpoint),
        ({"locations": (LocationAdded("L2", "L2", "UTC", {}),)}, BadSourceIds),
        ({"connection": ConnectionId("main", "a:b")}, Refusal),
        ({"connection": ConnectionId("main", "tray")}, AlreadyConnected),
    ],
)
def test_connections_that_are_refused(house: House, fields: dict[str, Any], refusal: type[Refusal]) -> None:
    """What does not fit is refused before anything is recorded or any secret is kept."""
    before = house.journal.head()
    plain = {"connection": ConnectionId("main", "second"), "intent": Intent("cli:anna", command="cmd")}
    with pytest.raises(refusal):
        connect_system(connecting(**{**plain, **fields}), house)
    assert house.journal.head() == before
    with pytest.raises(Refusal):
        house.vault.secret("main", secret_name("second", "cmd"))


def test_a_secret_is_never_shown(house: House) -> None:
    """Neither the command nor the facts show the secret; the fact has its fingerprint."""
    assert "s3cret" not in repr(connecting())
    assert "s3cret" not in repr(house.journal.log(after=0, limit=10))
    assert len(load_connection(house.journal, CONNECTION).credential) == 12


def test_a_replay_of_what_is_recorded_differs_in_nothing(house: House, system: ScriptedSystem) -> None:
    """The newest capture, translated again as it was recorded, gives what is recorded, and writes nothing."""
    system.readings.append([LUNCH, punch()])
    poll(house)
    head = house.journal.head()
    result = replay_day(ReplayDay(DAY, CONNECTION), house)
    assert (result.generation, result.configuration, result.changes, result.differs) == (1, 1, (), False)
    assert house.journal.head() == head


def test_a_replay_tells_what_newer_code_would_change(house: House, system: ScriptedSystem) -> None:
    """Where the same capture reads differently today, records and figures say from what to what."""
    system.readings.append([LUNCH])
    poll(house)
    system.readings[0] = [FIXED_LUNCH]
    result = replay_day(ReplayDay(DAY, CONNECTION), house)
    assert [(change.key, change.operation) for change in result.changes] == [("t1", "changed")]
    figures = {figure.name: (figure.before, figure.after) for figure in result.effect.figures}
    assert (figures["net_sales"], result.differs) == ((1000, 900), True)
    assert cents("9.00") == 900


def test_there_is_nothing_to_replay(house: House) -> None:
    """A day that was never polled cannot be replayed, and says so."""
    with pytest.raises(NothingRecorded, match="has not been polled"):
        replay_day(ReplayDay(DAY, CONNECTION), house)


def test_failures_know_whether_they_pass() -> None:
    """What goes away by itself is retryable; what somebody has to mend is not."""
    assert SourceFailure("timeout", "x").retryable
    assert not SourceFailure("not-authorized", "x").retryable
    assert "rate-limited" in RETRYABLE


def test_provenance_ties_a_commit_together(house: House, system: ScriptedSystem) -> None:
    """Every entry carries actor, reason, command and correlation."""
    system.readings.append([LUNCH])
    poll(house, intent=Intent("cli:anna", "closing", cause="cause-1", command="cmd-1"))
    (first, *_) = house.journal.stream(DAY.stream)
    assert first.provenance == Provenance("cli:anna", "cmd-1", "closing", "cause-1", "cmd-1")


def test_captures_know_their_pages() -> None:
    """A capture's digest stands for what was asked and answered; its pages are found by resource."""
    capture = Capture("tray", 1, {"venue": "V1"}, (Page("checks", 0, b"[]"), Page("jobs", 0, b"[]")))
    assert [page.resource for page in capture.of("jobs")] == ["jobs"]
    assert capture.digest == replace_capture(capture).digest
    assert capture.digest != Capture("tray", 1, {"venue": "V2"}, capture.pages).digest


def replace_capture(capture: Capture) -> Capture:
    """The same capture, made again."""
    return Capture(capture.system, capture.contract, dict(capture.parameters), tuple(capture.pages))
