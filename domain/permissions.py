"""Permissions: what somebody may do, by the role they act in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from domain.refusals import Refusal

Role = Literal["manager", "support", "auditor"]
"""``manager`` does the daily work, ``support`` also what is older than others may touch, ``auditor`` reads."""


class Permission(StrEnum):
    """What a command asks leave for; the names are permanent."""

    POLL = "days.poll"
    """Poll, repoll or delete a business day."""

    POLL_OLD = "days.poll-old"
    """The same with a day that is older than others may touch."""

    COMPLETE = "days.complete"
    """Call a day complete, or confirm that the place was closed."""

    APPROVE = "days.approve"
    """Approve a completed day."""

    REOPEN = "days.reopen"
    """Take completion or approval back."""

    REPLAY = "days.apply-replay"
    """Record what deriving a day again changes."""

    EDIT_LABOR = "labor.edit"
    """Edit punches, and say which side of a conflict about one stands."""

    ENTER = "overlays.enter"
    """Enter deposits, comments and tags, and say which side of a conflict about a deposit stands."""


class NotPermitted(Refusal):
    """The role in which somebody acts may not do that."""


_NOT_OF_MANAGERS: Final = frozenset({Permission.POLL_OLD})
ROLES: Final[dict[Role, frozenset[Permission]]] = {
    "manager": frozenset(Permission) - _NOT_OF_MANAGERS,
    "support": frozenset(Permission),
    "auditor": frozenset(),
}
"""What each role may do; reading is everybody's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to access control.

    Attributes:
        actor: who wants to.
        role: in which they act.
        permission: what the command takes.
        client: whose data.
        location: where; empty for what is of no single location.
    """

    actor: str
    role: Role
    permission: Permission
    client: str
    location: str = ""


Access = Callable[[Asked], bool]
"""The hook of access control: may they?"""


def by_role(asked: Asked) -> bool:
    """Access by the role alone, as long as nothing tells people apart."""
    return asked.permission in ROLES[asked.role]
