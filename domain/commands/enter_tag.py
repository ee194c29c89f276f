"""Put a tag on a business day."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnDay, enter
from domain.overlays import decide_tag
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterTag(OnDay):
    """Put a tag on a business day.

    Attributes:
        tag: plain words.
    """

    tag: str


def enter_tag(command: EnterTag, house: House) -> DayChanged:
    """Record a tag; it may come before the day was polled. One that is there already records nothing.

    Raises:
        NotPermitted: the role may not tag days there.
        BadEntry, TooManyEntries, DayIsApproved: see :func:`domain.overlays.decide_tag`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(command, house, "tag", lambda day: decide_tag(day, command.tag, command.intent.actor))
