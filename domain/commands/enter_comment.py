"""Comment on a business day."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnDay, enter
from domain.overlays import decide_comment
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterComment(OnDay):
    """Comment on a business day.

    Attributes:
        text: on one line.
    """

    text: str


def enter_comment(command: EnterComment, house: House) -> DayChanged:
    """Record a comment; it may come before the day was polled.

    Raises:
        NotPermitted: the role may not comment there.
        BadEntry, TooManyEntries, DayIsApproved: see :func:`domain.overlays.decide_comment`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(command, house, "comment", lambda day: decide_comment(day, command.text, command.intent.actor))
