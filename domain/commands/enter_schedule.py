"""Enter the schedule of a location in a week."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from domain.business_date import window
from domain.commands.changing_schedule import ScheduleChange, change_schedule
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_schedule
from domain.connection import Connection
from domain.facts.schedules import ScheduleChanged, ScheduleFact
from domain.identifiers import ConnectionId, ScheduleId
from domain.permissions import Permission
from domain.polling.overtime import DAYS_A_WEEK, rule_of
from domain.ports.house import House
from domain.records import Employee, decode
from domain.refusals import Refusal
from domain.schedule import Schedule, WantedShift, Workplace, decide_enter
from domain.schedule.wanting import beside_of

_WEEK: Final = dt.timedelta(days=DAYS_A_WEEK)


class NotAWeek(Refusal):
    """The date is not one that the workweek of the location begins with."""


@dataclass(frozen=True, slots=True)
class EnterSchedule:
    """Enter the schedule of a location in a week, whole.

    Attributes:
        schedule: which.
        connection: the connection that feeds the location.
        shifts: all of them.
        intent: who and why.
        source: the name of the file that they came from.
        expected_version: the version of the schedule that the caller saw, or None for whatever is there.
        check_only: nothing is recorded.
    """

    schedule: ScheduleId
    connection: ConnectionId
    shifts: Sequence[WantedShift]
    intent: Intent
    source: str = ""
    expected_version: int | None = None
    check_only: bool = False


def enter_schedule(command: EnterSchedule, house: House) -> ScheduleChange:
    """Record the shifts. What was published stays so until it is published again.

    Raises:
        NotPermitted: they may not enter schedules there.
        NotConnected: the connection does not feed the location.
        NotAWeek: no workweek begins with the date.
        BadShifts: some shifts cannot be so.
        NotTheVersion, CommandReused, StreamMoved: see :func:`change_schedule`.
    """
    named = command.schedule
    house.permit(command.intent.asks(Permission.EDIT_SCHEDULES, named.client, named.location))
    connection = load_connection(house.journal, command.connection)
    check_week(connection, named)
    place = _workplace(house, connection, named)
    prefix = f"{named.week:%Y%m%d}-"

    def decide(schedule: Schedule) -> tuple[ScheduleFact, ...]:
        return decide_enter(schedule, command.shifts, place, prefix, source=command.source)

    def same(after: Schedule, facts: list[ScheduleFact]) -> bool:
        entered = all(isinstance(fact, ScheduleChanged) and fact.source == command.source for fact in facts)
        wanted = sorted((one.shift for one in command.shifts), key=repr)
        return entered and sorted(after.shifts.values(), key=repr) == wanted

    if command.check_only:
        known = load_schedule(house.journal, named)
        decide(known)
        return ScheduleChange(known, known)
    return change_schedule(named, command.intent, house, decide, same, expected_version=command.expected_version)


def check_week(connection: Connection, named: ScheduleId) -> None:
    """Go on, if a workweek of the location begins with the date.

    Raises:
        NotConnected: the connection does not feed the location.
        NotAWeek: it does not; the message says with which date.
    """
    connection.at(named.location)
    begins = rule_of(connection.configuration.at(named.location)).week_of(named.week)[0]
    if begins != named.week:
        raise NotAWeek(
            f"The workweek of {named.location} begins on {begins:%A}s: {named.week} is in the week of {begins}."
        )


def _workplace(house: House, connection: Connection, named: ScheduleId) -> Workplace:
    place = connection.at(named.location)
    roster = connection.rosters.get(named.location, {})
    employees = {
        key: employee.active
        for key, employee in (
            (key, cast("Employee", decode("employee", data))) for key, data in roster.get("employee", {}).items()
        )
    }
    neighbours = (ScheduleId(named.client, named.location, named.week + step) for step in (-_WEEK, _WEEK))
    beside = tuple(
        beside_of(shift) for one in neighbours for shift in load_schedule(house.journal, one).shifts.values()
    )
    begins = window(named.week, place.zone, place.day_starts).starts_at
    ends = window(named.week + _WEEK, place.zone, place.day_starts).starts_at
    return Workplace(begins, ends, employees, frozenset(roster.get("job", {})), beside)
