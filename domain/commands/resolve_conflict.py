"""Resolve a conflict between what was entered here and what the source says."""

from dataclasses import dataclass

from domain.commands.changing_day import DayChanged
from domain.commands.overlaying import OnDay, enter
from domain.overlays import Side, decide_resolve
from domain.ports.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveConflict(OnDay):
    """Say which side of a conflict is shown.

    Attributes:
        kind: ``punch`` or ``deposit``.
        key: of the source's record.
        side: ``ours``, ``theirs``, or of deposits ``both``.
    """

    kind: str
    key: str
    side: Side


def resolve_conflict(command: ResolveConflict, house: House) -> DayChanged:
    """Record which side stands, with who decided so and why.

    Raises:
        NotPermitted: the role may not decide that there.
        NoSuchConflict, BadSide, DayIsApproved: see :func:`domain.overlays.decide_resolve`.
        NotTheVersion, CommandReused, StreamMoved: see :func:`domain.commands.changing_day.change_day`.
    """
    return enter(command, house, command.kind, lambda day: decide_resolve(day, command.kind, command.key, command.side))
