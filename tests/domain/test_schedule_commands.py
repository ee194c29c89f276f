"""Entering and publishing schedules: given a roster, when somebody enters and publishes, then that is recorded once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from domain.commands.changing import CommandReused
from domain.commands.changing_schedule import ScheduleChange
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.enter_schedule import EnterSchedule, NotAWeek, enter_schedule
from domain.commands.intent import Intent
from domain.commands.loading import load_schedule
from domain.commands.publish_schedule import PublishSchedule, publish_schedule
from domain.commands.recording import MOST_DECISIONS, NotTheVersion
from domain.connection import NotConnected
from domain.facts import ABSENT, Change, LocationAdded, Provenance, RosterChanged
from domain.identifiers import ConnectionId, ScheduleId
from domain.permissions import NotPermitted
from domain.ports.journal import Recording, StreamMoved
from domain.records import Employee, Job, canonical
from domain.schedule import BadShifts, NothingToPublish, WantedShift
from tests.support.scripted_erp import ADDRESS, Life, who

TILL = ConnectionId("main", "till")
WEEK = dt.date(2026, 11, 23)
NAMED = ScheduleId("main", "pier", WEEK)


@pytest.fixture
def life() -> Life:
    """The pier in New York, with two people and a job on its roster."""
    life = Life()
    pier = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"}, day_starts="04:00")
    connect_system(ConnectSystem(TILL, "mute", "till", ADDRESS, "s3cret", (pier,), who("root")), life.house)
    records: list[Employee | Job] = [Employee("E1", "p1"), Employee("E2", "p2", active=False), Job("J1", "Server")]
    changes = tuple(
        Change(kind, key, ABSENT, msgspec.Raw(data)) for kind, key, data in (canonical(record) for record in records)
    )
    version = life.journal.versions([TILL.stream])[TILL.stream]
    life.journal.append([Recording(TILL.stream, version, (RosterChanged("pier", changes),))], Provenance("x", "roster"))
    return life


def shift(day: int, starts: int, ends: int, employee: str = "E1") -> WantedShift:
    """A shift on a day of the week, by the hours of UTC."""
    midnight = dt.datetime(2026, 11, 23 + day, tzinfo=dt.UTC)
    return WantedShift(
        employee, "J1", midnight + dt.timedelta(hours=starts), midnight + dt.timedelta(hours=ends), row=1
    )


def enter(life: Life, shifts: Sequence[WantedShift], by: Intent | None = None, **fields: Any) -> ScheduleChange:
    """Enter the schedule of the week."""
    named = fields.pop("named", NAMED)
    return enter_schedule(EnterSchedule(named, TILL, shifts, by or who("root"), **fields), life.house)


def publish(life: Life, by: Intent | None = None, **fields: Any) -> ScheduleChange:
    """Publish it."""
    return publish_schedule(PublishSchedule(NAMED, by or who("root"), **fields), life.house)


def test_a_week_begins_and_ends_with_the_business_day(life: Life) -> None:
    """From 4 o'clock in New York on: what begins an hour earlier is in the week before."""
    assert enter(life, [shift(0, 9, 17)]).after.stage == "draft"
    with pytest.raises(BadShifts, match="not in this week, which is 2026-11-23 09:00 to 2026-11-30 09:00 UTC"):
        enter(life, [shift(0, 8, 17)])
    with pytest.raises(NotAWeek, match="begins on Mondays: 2026-11-24 is in the week of 2026-11-23"):
        enter(life, [], named=ScheduleId("main", "pier", WEEK + dt.timedelta(days=1)))
    with pytest.raises(NotConnected):
        enter(life, [], named=ScheduleId("main", "quay", WEEK))
    with pytest.raises(BadShifts, match="does not work here any more"):
        enter(life, [shift(0, 9, 17, "E2")])


def test_weeks_beside_are_looked_at(life: Life) -> None:
    """A shift that reaches over from the week before is not overlapped."""
    before = ScheduleId("main", "pier", WEEK - dt.timedelta(days=7))
    enter(life, [shift(0, 5, 12)], named=before)
    with pytest.raises(BadShifts, match="a shift of the week beside"):
        enter(life, [shift(0, 11, 17)])
    assert enter(life, [shift(0, 12, 17)]).receipt is not None


def test_commands_are_done_once(life: Life) -> None:
    """Given again they are answered; with another content, or of another kind, they are refused."""
    one = who("root", command="c-1")
    first = enter(life, [shift(0, 12, 17)], one)
    again = enter(life, [shift(0, 12, 17)], one)
    assert (again.receipt, again.again, again.after) == (first.receipt, True, first.after)
    for changed in ([shift(0, 12, 18)], []):
        with pytest.raises(CommandReused):
            enter(life, changed, one)
    with pytest.raises(CommandReused):
        publish(life, one)
    told = publish(life, who("root", command="c-2"))
    assert (told.after.stage, told.again) == ("published", False)
    assert publish(life, who("root", command="c-2")).again
    assert publish(life).receipt is None
    assert enter(life, [shift(0, 12, 17)]).receipt is None


def test_checking_records_nothing(life: Life) -> None:
    """What can be entered is only looked at."""
    assert enter(life, [shift(0, 12, 17)], check_only=True).receipt is None
    assert load_schedule(life.journal, NAMED).version == 0
    with pytest.raises(NothingToPublish):
        publish(life)


def test_who_may_and_on_what_they_saw(life: Life) -> None:
    """It takes the permission at the location, and the version that was seen."""
    for by in (who("anna", "auditor"), who("anna", "manager", locations=frozenset({"quay"}))):
        with pytest.raises(NotPermitted):
            enter(life, [], by)
        with pytest.raises(NotPermitted):
            publish(life, by)
    manager = who("anna", "manager", locations=frozenset({"pier"}))
    assert enter(life, [shift(0, 12, 17)], manager).after.version == 1
    with pytest.raises(NotTheVersion, match="at version 1"):
        enter(life, [], expected_version=0)
    with pytest.raises(NotTheVersion, match="at version 1"):
        publish(life, expected_version=2)
    assert publish(life, expected_version=1).after.version == 2


def test_a_race_is_decided_again(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes second decides on what the first one left, unless that never ends."""
    append, lost = life.journal.append, iter(range(MOST_DECISIONS - 1))

    def losing(*given: Any) -> Any:
        if next(lost, None) is not None:
            raise StreamMoved("somebody was faster")
        return append(*given)

    monkeypatch.setattr(life.journal, "append", losing)
    assert enter(life, [shift(0, 12, 17)]).receipt is not None

    def always(*_: Any) -> Any:
        raise StreamMoved("somebody was faster")

    monkeypatch.setattr(life.journal, "append", always)
    with pytest.raises(StreamMoved):
        enter(life, [])
