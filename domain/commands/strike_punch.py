"""Strike a punch out: it is shown no longer, whatever the source says."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnDay, enter
from domain.overlays import decide_strike_punch
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikePunch(OnDay):
    """Strike a punch of a business day out.

    Attributes:
        punch: its key.
    """

    punch: str


def strike_punch(command: StrikePunch, house: House) -> DayChanged:
    """Record that a punch is shown no longer; one that was added here is withdrawn.

    Raises:
        NotPermitted: the role may not edit labor there.
        NoSuchPunch, DayIsApproved, ConflictOpen: see :func:`domain.overlays.decide_strike_punch`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(command, house, "punch", lambda day: decide_strike_punch(day, command.punch))
