"""Add a punch that the source does not have: somebody forgot to clock in."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnPunches, enter, workplace
from domain.overlays import PunchFields, decide_add_punch
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPunch(OnPunches):
    """Add a punch to a business day.

    Attributes:
        employee: the source's staff id, of the location's roster.
        fields: what it says: at least clock-in, clock-out and job.
    """

    employee: str
    fields: PunchFields


def add_punch(command: AddPunch, house: House) -> DayChanged:
    """Record a punch on our side; its key is none that a source can use.

    Raises:
        NotPermitted: the role may not edit labor there.
        NothingRecorded: the day was never read whole.
        BadPunch, DayIsApproved: see :func:`domain.overlays.decide_add_punch`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(
        command,
        house,
        "punch",
        lambda day: decide_add_punch(
            day, command.employee, command.fields, command.day.date, workplace(command, house, day)
        ),
    )
