"""Entering as commands: given a house of fakes, when told, then recorded once, by who may, on the day as it is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.business_date import Window
from domain.business_day import APPROVED
from domain.commands.add_punch import AddPunch, add_punch
from domain.commands.changing import CommandReused
from domain.commands.changing_day import DayChanged, change_day
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.edit_punch import EditPunch, edit_punch
from domain.commands.enter_comment import EnterComment, enter_comment
from domain.commands.enter_deposit import EnterDeposit, enter_deposit
from domain.commands.enter_tag import EnterTag, enter_tag
from domain.commands.import_files import DayNotBegun
from domain.commands.intent import Intent, new_id
from domain.commands.loading import NothingRecorded, load_day
from domain.commands.overlaying import OnDay
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion, Outcome
from domain.commands.resolve_conflict import ResolveConflict, resolve_conflict
from domain.commands.settle_day import SettleDay, settle_day
from domain.commands.strike_punch import StrikePunch, strike_punch
from domain.commands.withdraw_entry import WithdrawEntry, withdraw_entry
from domain.facts import Change, LocationAdded, RecordsChanged
from domain.identifiers import ConnectionId, DayId
from domain.overlays import BadPunch, DayIsApproved, NoSuchPunch, PunchFields
from domain.permissions import Asked, NotPermitted, Permission, rights_of
from domain.polling import BadConfiguration, options_for
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture
from domain.ports.house import House
from domain.records import Deposit, Employee, Job, JobRate, canonical
from domain.summary import summarize
from tests.domain.build import DATE, at, punch
from tests.domain.overlays.days import OPEN
from tests.domain.test_poll_day import ScriptedSystem
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock

CONNECTION = ConnectionId("main", "tray")
DAY = DayId("main", "L1", DATE)
ANN = Employee("e1", "p1", first_name="sealed:a", jobs=(JobRate("j1", Decimal("16.00")),))
WAITER = Job("j1", "Server", rate=Decimal("15.00"))
ADDED = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
EIGHT = PunchFields(clock_out=at("22:00"))


class Depositing(ScriptedSystem):
    """A scripted system that reads deposits too."""

    def read(self, capture: Capture, asked: Window) -> SourceDay:
        """The reading that a capture names."""
        assert asked.date == DATE
        named: dict[str, list[Any]] = {kind: [] for kind in ("ticket", "punch", "deposit", "employee", "job")}
        for record in self.readings[int(capture.pages[0].data[1:-1])]:
            named[canonical(record)[0]].append(record)
        return SourceDay(named)


@pytest.fixture
def system() -> ScriptedSystem:
    """A system without anything."""
    return Depositing()


@pytest.fixture
def house(system: ScriptedSystem) -> House:
    """A house of fakes with one connection that feeds L1."""
    made = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": system})
    location = LocationAdded("L1", "Pier", "America/New_York", {"venue": "V1"})
    connect_system(
        ConnectSystem(
            CONNECTION, "scripted", "Pier", "https://kernel.example.com/", "s3cret", (location,), Intent("cli:anna")
        ),
        made,
    )
    return made


def poll(house: House, system: ScriptedSystem, *records: Any) -> Outcome:
    """Poll the day; the source has just these records."""
    system.readings.append([*records, ANN, WAITER])
    return poll_day(PollDay(DAY, CONNECTION, Intent("worker")), house)


def configure(house: House, **options: Any) -> None:
    """Configure the connection with just these options."""
    configure_connection(ConfigureConnection(CONNECTION, Intent("cli:anna", "a story"), options, {}), house)


def anna(why: str = "forgot to clock out", **fields: Any) -> dict[str, Any]:
    """What every command says: the day, who and why."""
    return {"day": DAY, "intent": Intent("cli:anna", why, **fields)}


def edit(house: House, fields: PunchFields = EIGHT, **other: Any) -> DayChanged:
    """Edit the punch s1."""
    plain = {**anna(), "connection": CONNECTION, "punch": "s1", "fields": fields}
    return edit_punch(EditPunch(**{**plain, **other}), house)


def test_an_edit_is_recorded_with_who_and_why(house: House, system: ScriptedSystem) -> None:
    """An open punch gets its clock-out: one fact, by Anna, because she says so; polls leave it."""
    poll(house, system, OPEN)
    changed = edit(house)
    assert changed.receipt
    entry = list(house.journal.stream(DAY.stream))[-1]
    assert (entry.provenance.actor, entry.provenance.reason) == ("cli:anna", "forgot to clock out")
    assert poll(house, system, OPEN).outcome == "unchanged"
    assert summarize(load_day(house.journal, DAY)).labor_pay_cents == 12_000


def test_a_poll_says_how_many_conflicts_it_raised(house: House, system: ScriptedSystem) -> None:
    """The conflict is in the commit of the poll that saw it, and a person resolves it."""
    poll(house, system, OPEN)
    edit(house)
    outcome = poll(house, system, punch(clock_out="23:00"))
    assert (outcome.outcome, outcome.conflicts) == ("polled", 1)
    seal = house.journal.seals()[-1]
    assert [type(entry.fact).__name__ for entry in house.journal.log(after=seal.first_position - 1, limit=9)] == [
        "DayPolled",
        "RecordsChanged",
        "ConflictRaised",
    ]
    resolve_conflict(ResolveConflict(**anna("the schedule says so"), kind="punch", key="s1", side="ours"), house)
    assert load_day(house.journal, DAY).conflicts == {}
    assert poll(house, system, punch(clock_out="23:00")).conflicts == 0


@pytest.mark.parametrize(("policy", "pay"), [("ours", 12_000), ("theirs", 13_500)])
def test_the_policy_of_the_connection_decides(house: House, system: ScriptedSystem, policy: str, pay: int) -> None:
    """With `punch_conflicts` set nobody is asked, and the history says what the policy did."""
    configure(house, punch_conflicts=policy)
    poll(house, system, OPEN)
    edit(house)
    assert poll(house, system, punch(clock_out="23:00")).conflicts == 1
    day = load_day(house.journal, DAY)
    assert (day.conflicts, summarize(day).labor_pay_cents) == ({}, pay)


def test_the_policy_is_one_of_three() -> None:
    """Any other word is refused."""
    with pytest.raises(BadConfiguration, match="take one of ask, ours, theirs"):
        options_for({"punch_conflicts": "mine"})


def test_a_punch_is_added_at_the_employees_rate(house: House, system: ScriptedSystem) -> None:
    """Of an employee of the roster, in one of its jobs; anybody else is refused."""
    poll(house, system)
    fields = {**anna("forgot to clock in"), "connection": CONNECTION, "fields": ADDED}
    changed = add_punch(AddPunch(**fields, employee="e1"), house)
    assert list(changed.after.shown["punch"]) == ["daybook:1"]
    assert summarize(changed.after).labor_pay_cents == 6_400
    with pytest.raises(BadPunch, match="no employee 'e2' on the roster"):
        add_punch(AddPunch(**{**fields, **anna()}, employee="e2"), house)


def test_the_options_that_the_day_was_read_with_count(house: House, system: ScriptedSystem) -> None:
    """An edit on a day that was read with 24-hour punches allowed keeps to it, whatever is configured since."""
    configure(house, allow_24_hour_punches=True)
    poll(house, system, OPEN)
    configure(house)
    changed = edit(house, PunchFields(clock_in=at("15:00")))
    assert summarize(changed.after).labor_pay_cents == 36_000


def test_labor_of_a_day_that_nobody_read(house: House) -> None:
    """There is nothing to edit before the first poll; comments, tags and deposits may come before it."""
    with pytest.raises(NothingRecorded, match="never read whole"):
        edit(house)
    enter_comment(EnterComment(**anna(), text="The fryer broke."), house)
    enter_tag(EnterTag(**anna(), tag="fair"), house)
    enter_deposit(EnterDeposit(**anna(), connection=CONNECTION, amount_cents=24_000), house)
    assert list(load_day(house.journal, DAY).overlays) == [
        ("comment", "daybook:1"),
        ("tag", "fair"),
        ("deposit", "daybook:3"),
    ]
    with pytest.raises(NothingRecorded):
        add_punch(AddPunch(**anna(), connection=CONNECTION, employee="e1", fields=ADDED), house)


def test_a_deposit_of_a_day_that_has_not_begun(house: House) -> None:
    """Nobody has taken money of tomorrow to the bank."""
    early = replace(house, clock=StoppedClock(dt.datetime(2026, 10, 31, 3, 59, tzinfo=dt.UTC)))
    with pytest.raises(DayNotBegun, match="begins at 2026-10-31 04:00 UTC"):
        enter_deposit(EnterDeposit(**anna(), connection=CONNECTION, amount_cents=1), early)


ENTRIES: list[tuple[Callable[[dict[str, Any]], OnDay], Callable[[Any, House], DayChanged], Permission]] = [
    (
        lambda by: EditPunch(**by, connection=CONNECTION, punch="s1", fields=EIGHT),
        edit_punch,
        Permission.EDIT_LABOR,
    ),
    (
        lambda by: AddPunch(**by, connection=CONNECTION, employee="e1", fields=ADDED),
        add_punch,
        Permission.EDIT_LABOR,
    ),
    (lambda by: StrikePunch(**by, punch="s1"), strike_punch, Permission.EDIT_LABOR),
    (lambda by: EnterDeposit(**by, connection=CONNECTION, amount_cents=1), enter_deposit, Permission.ENTER),
    (lambda by: EnterComment(**by, text="x"), enter_comment, Permission.ENTER),
    (lambda by: EnterTag(**by, tag="x"), enter_tag, Permission.ENTER),
]


@pytest.mark.parametrize(("command", "run", "permission"), ENTRIES, ids=[run.__name__ for _, run, _ in ENTRIES])
def test_who_may_what(house: House, system: ScriptedSystem, command: Any, run: Any, permission: Permission) -> None:
    """Each entry takes its permission, on its location; an auditor may none; a refusal records nothing."""
    poll(house, system, OPEN)
    head = house.journal.head()
    with pytest.raises(NotPermitted, match=permission.value):
        run(command(anna(rights=rights_of("auditor"))), house)
    asked: list[tuple[Permission, str]] = []

    def access(one: Asked) -> bool:
        asked.append((one.permission, one.location))
        return True

    watching = replace(house, access=access)
    assert house.journal.head() == head
    run(command(anna()), watching)
    assert set(asked) == {(permission, "L1")}


@pytest.mark.parametrize(("command", "run", "permission"), ENTRIES, ids=[run.__name__ for _, run, _ in ENTRIES])
def test_a_command_is_done_once(
    house: House, system: ScriptedSystem, command: Any, run: Any, permission: Permission
) -> None:
    """The same command again answers what it recorded; its id for anything else is refused."""
    poll(house, system, OPEN)
    once = anna(command=new_id())
    first = run(command(once), house)
    again = run(command(once), house)
    assert (again.receipt, again.facts, again.again) == (first.receipt, first.facts, True)
    other = {**once, "intent": replace(once["intent"], reason="another")}
    with pytest.raises(CommandReused):
        run(command(other), house)
    with pytest.raises(CommandReused):
        strike_punch(StrikePunch(**once, punch="nobody"), house)
    connected = next(iter(house.journal.log(after=0, limit=1))).provenance
    with pytest.raises(CommandReused):
        run(command(anna(connected.reason, command=connected.command)), house)


def test_given_twice_at_once_it_has_one_answer(
    house: House, system: ScriptedSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one try looks at the day, another records it, and a source or a deletion says otherwise: both are told.

    Neither "nothing changes" nor a refusal is said of what is recorded.
    """
    poll(house, system, OPEN)
    same: dict[str, Any] = {"intent": Intent("cli:anna", "forgot to clock out", "the same"), "expected_version": 2}
    real, answers = house.journal.stream, list[DayChanged]()

    def meanwhile(stream: str, **bounds: Any) -> Any:
        monkeypatch.setattr(house.journal, "stream", real)
        answers.append(edit(house, **same))
        delete_day(DeleteDay(DAY, CONNECTION, Intent("cli:ben", "read it anew")), house)
        return real(stream, **bounds)

    monkeypatch.setattr(house.journal, "stream", meanwhile)
    answers.append(edit(house, **same))
    assert [answer.again for answer in answers] == [False, True]
    assert answers[1].receipt == answers[0].receipt
    with pytest.raises(NoSuchPunch, match="was deleted"):
        edit(house)


@pytest.mark.parametrize(("command", "run", "permission"), ENTRIES, ids=[run.__name__ for _, run, _ in ENTRIES])
def test_the_version_that_was_seen(
    house: House, system: ScriptedSystem, command: Any, run: Any, permission: Permission
) -> None:
    """Two managers do not overwrite each other: who names an older version is refused."""
    poll(house, system, OPEN)
    version = load_day(house.journal, DAY).version
    with pytest.raises(NotTheVersion):
        run(command({**anna(), "expected_version": version - 1}), house)
    run(command({**anna(), "expected_version": version}), house)


@pytest.mark.parametrize(("command", "run", "permission"), ENTRIES, ids=[run.__name__ for _, run, _ in ENTRIES])
def test_an_approved_day_is_reopened_first(
    house: House, system: ScriptedSystem, command: Any, run: Any, permission: Permission
) -> None:
    """Nothing is entered on an approved day; reopened it takes everything."""
    poll(house, system, OPEN)
    for state in ("completed", "approved"):
        settle_day(SettleDay(DAY, state, Intent("cli:anna", "done")), house)
    assert load_day(house.journal, DAY).settled == APPROVED
    with pytest.raises(DayIsApproved):
        run(command(anna()), house)
    settle_day(SettleDay(DAY, "in progress", Intent("cli:anna", "a late entry")), house)
    assert run(command(anna()), house).receipt


def test_withdrawing_and_resolving_take_the_permission_of_the_kind(house: House, system: ScriptedSystem) -> None:
    """About a punch that is labor's, about the rest that of entering."""
    poll(house, system, OPEN)
    edit(house)
    enter_tag(EnterTag(**anna(), tag="fair"), house)
    asked: list[Permission] = []

    def access(one: Asked) -> bool:
        asked.append(one.permission)
        return True

    watching = replace(house, access=access)
    withdraw_entry(WithdrawEntry(**anna(), kind="tag", key="fair"), watching)
    assert set(asked) == {Permission.ENTER}
    asked.clear()
    poll(house, system, punch(clock_out="23:00"))
    resolve_conflict(ResolveConflict(**anna(), kind="punch", key="s1", side="theirs"), watching)
    assert set(asked) == {Permission.EDIT_LABOR}
    assert load_day(house.journal, DAY).overlays == {}


def test_a_deposit_that_the_source_brings_later(house: House, system: ScriptedSystem) -> None:
    """It never goes over a manual one: the poll says so, and somebody says that both count."""
    poll(house, system, OPEN)
    enter_deposit(EnterDeposit(**anna(), connection=CONNECTION, amount_cents=24_000, number="17"), house)
    brought = Deposit("d1", 25_000, DATE)
    assert poll(house, system, OPEN, brought).conflicts == 1
    assert summarize(load_day(house.journal, DAY)).total_deposit_cents == 24_000
    resolve_conflict(ResolveConflict(**anna(), kind="deposit", key="d1", side="both"), house)
    assert summarize(load_day(house.journal, DAY)).total_deposit_cents == 49_000
    assert poll(house, system, OPEN, brought).outcome == "unchanged"


def test_any_decision_that_changes_records_raises_conflicts(house: House, system: ScriptedSystem) -> None:
    """Whatever a command changes of the source's records (a staged generation, a replay), what was entered stands."""
    poll(house, system, OPEN)
    edit(house)

    def applied(day: Any) -> tuple[Any, ...]:
        other = load_day(house.journal, DAY).records["punch"]["s1"].replace(b'"15.00"', b'"16.00"')
        before = day.records["punch"]["s1"]
        return (RecordsChanged(2, 1, (Change("punch", "s1", msgspec.Raw(before), msgspec.Raw(other)),)),)

    changed = change_day(DAY, Intent("cli:anna", "applied"), house, applied)
    assert [type(fact).__name__ for fact in changed.facts] == ["RecordsChanged", "ConflictRaised"]
    other_way = change_day(DAY, Intent("cli:anna", "again"), house, lambda _: (), punch_conflicts="ours")
    assert other_way.receipt is None
