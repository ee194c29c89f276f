"""Publish the schedule of a location in a week."""

from dataclasses import dataclass

from domain.commands.changing_schedule import ScheduleChange, change_schedule
from domain.commands.intent import Intent
from domain.facts.schedules import ScheduleFact, SchedulePublished
from domain.identifiers import ScheduleId
from domain.permissions import Permission
from domain.ports.house import House
from domain.schedule import Schedule, decide_publish


@dataclass(frozen=True, slots=True)
class PublishSchedule:
    """Publish a schedule as it stands.

    Attributes:
        schedule: which.
        intent: who and why.
        expected_version: the version of the schedule that the caller saw, or None for whatever is there.
    """

    schedule: ScheduleId
    intent: Intent
    expected_version: int | None = None


def publish_schedule(command: PublishSchedule, house: House) -> ScheduleChange:
    """Record that it is published; what is published is what other systems are told.

    Raises:
        NotPermitted: they may not publish schedules there.
        NothingToPublish: it was never entered.
        NotTheVersion, CommandReused, StreamMoved: see :func:`change_schedule`.
    """
    named = command.schedule
    house.permit(command.intent.asks(Permission.EDIT_SCHEDULES, named.client, named.location))

    def same(_: Schedule, facts: list[ScheduleFact]) -> bool:
        return all(isinstance(fact, SchedulePublished) for fact in facts)

    return change_schedule(
        named, command.intent, house, decide_publish, same, expected_version=command.expected_version
    )
