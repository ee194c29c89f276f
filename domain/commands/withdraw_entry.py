"""Withdraw what was entered: what the source says is shown again."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnDay, enter
from domain.overlays import decide_withdraw
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEntry(OnDay):
    """Withdraw something that was entered on a business day.

    Attributes:
        kind: ``punch``, ``deposit``, ``comment`` or ``tag``.
        key: what it was entered under; of a tag its name.
    """

    kind: str
    key: str


def withdraw_entry(command: WithdrawEntry, house: House) -> DayChanged:
    """Record that an entry is taken back. Its history stays.

    Raises:
        NotPermitted: the role may not enter things of this kind there.
        NothingEntered, DayIsApproved, ConflictOpen: see :func:`domain.overlays.decide_withdraw`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(command, house, command.kind, lambda day: decide_withdraw(day, command.kind, command.key))
