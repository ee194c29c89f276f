"""Edit a punch: a manager's version of it is shown in the source's place."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnPunches, enter, workplace
from domain.overlays import PunchFields, decide_edit_punch
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPunch(OnPunches):
    """Edit a punch of a business day.

    Attributes:
        punch: its key: the source's id, of a part with its number.
        fields: what is to change.
    """

    punch: str
    fields: PunchFields


def edit_punch(command: EditPunch, house: House) -> DayChanged:
    """Record how a punch is shown from now on; the source's version stays recorded beside it.

    Raises:
        NotPermitted: the role may not edit labor there.
        NothingRecorded: the day was never read whole.
        NoSuchPunch, BadPunch, DayIsApproved, ConflictOpen: see :func:`domain.overlays.decide_edit_punch`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(
        command,
        house,
        "punch",
        lambda day: decide_edit_punch(day, command.punch, command.fields, workplace(command, house, day)),
    )
