"""What the commands share that enter something over what the sources say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from domain.business_day import BusinessDay
from domain.commands.changing_day import DayChanged, change_day
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_connection
from domain.commands.overtime import overtime_recordings
from domain.facts.catalogue import DayFact
from domain.identifiers import ConnectionId, DayId
from domain.overlays import Workplace
from domain.permissions import Permission
from domain.polling import PollingConfiguration
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.records import Employee, Job, decode

PERMISSIONS: Final = {"punch": Permission.EDIT_LABOR}
"""What it takes to enter something of a kind; all others take :attr:`Permission.ENTER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDay:
    """A command on one business day.

    Attributes:
        day: which.
        intent: who and why.
        expected_version: the version of the day's stream that the caller saw, or None for whatever is there.
    """

    day: DayId
    intent: Intent
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPunches(OnDay):
    """A command on the punches of one business day.

    Attributes:
        connection: the connection that feeds the location.
    """

    connection: ConnectionId


def enter(command: OnDay, house: House, kind: str, decide: Callable[[BusinessDay], tuple[DayFact, ...]]) -> DayChanged:
    """Record what somebody enters, if they may.

    Args:
        command: on which day, who and why.
        house: the ports.
        kind: of what is entered: it says which permission that takes.
        decide: the facts that it adds to the day.
    """
    permission = PERMISSIONS.get(kind, Permission.ENTER)

    def permitted(day: BusinessDay) -> tuple[DayFact, ...]:
        house.permit(command.intent.asks(permission, command.day.client, command.day.location))
        return decide(day)

    def overtime(before: BusinessDay, after: BusinessDay) -> list[Recording]:
        """What a punch that is edited, added or struck out moves on its day and on others of its week."""
        return overtime_recordings(house, command.day, before, after) if kind == "punch" else []

    return change_day(
        command.day, command.intent, house, permitted, expected_version=command.expected_version, beside=overtime
    )


def workplace(command: OnPunches, house: House, day: BusinessDay) -> Workplace:
    """Who works at the location, and under which options the day's punches were read.

    Raises:
        NothingRecorded: the day was never read whole.
        NotConnected: there is no such connection.
    """
    if not day.generation:
        raise NothingRecorded(
            f"The business day {command.day.date} of {command.day.location} was never read whole: it has no labor to "
            "edit yet. Poll it first."
        )
    feeder = day.feeder("punch") or command.connection.connection
    roster: dict[str, dict[str, bytes]] = {}
    for name in dict.fromkeys([command.connection.connection, feeder]):
        connection = load_connection(house.journal, ConnectionId(command.day.client, name))
        for kind, known in connection.rosters.get(command.day.location, {}).items():
            roster.setdefault(kind, {}).update(known)
    read_with = day.feeds[feeder].configuration if feeder in day.feeds else connection.configuration.version
    configuration = connection.configurations.get(read_with, PollingConfiguration())
    return Workplace(
        {key: cast("Employee", decode("employee", data)) for key, data in roster.get("employee", {}).items()},
        {key: cast("Job", decode("job", data)) for key, data in roster.get("job", {}).items()},
        configuration.at(command.day.location),
    )
