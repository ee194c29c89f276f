"""Permissions: what somebody may do and where, by the roles that they were given."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from domain.refusals import Refusal

Role = Literal[
    "full-access",
    "accounting-admin",
    "pos-admin",
    "pos-sync",
    "connection-manager",
    "manager",
    "auditor",
    "support",
    "payroll",
    "operator",
]
"""Permanent names.

``pos-admin`` and ``pos-sync`` are the back office's permissions *3rd Party POS Admin* and *3rd Party POS Sync*,
``connection-manager`` is its *Can manage connections*. ``manager`` does a restaurant's daily work. ``operator`` is
whoever sits at the machine with the key file and the database; nobody else is ever given it.
"""


class Permission(StrEnum):
    """What a route or a command asks leave for; the names are permanent."""

    READ = "days.read"
    """See days, sales, labor, employees with their personal data masked, journal entries, and where polls stand."""

    READ_HISTORY = "history.read"
    """See who changed what, when and why: histories, traces, facts, explanations, and the record of who read what."""

    READ_CONNECTIONS = "connections.read"
    """See which connections there are, and how they are configured; never their secrets."""

    POLL = "days.poll"
    """Poll, repoll or synchronize by hand, at one's own locations."""

    DELETE = "days.delete"
    """Delete the summary of a business day, so that it is polled again."""

    POLL_OLD = "days.poll-old"
    """Poll, repoll or delete a day that is older than others may touch."""

    IMPORT = "files.import"
    """Import files."""

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

    MAP_ACCOUNTS = "books.map-accounts"
    """Say which accounts the journal entries post to."""

    CONNECT_POS = "connections.pos"
    """Add, edit, configure and remove connections to points of sale and import files."""

    CONNECT_ERP = "connections.manage"
    """Make connections to ERP and HR systems and edit one's own, and others' where those allow it."""

    SYNCHRONIZE = "objects.synchronize"
    """Have objects synchronized with ERP and HR systems and points of sale, in spite of an error too."""

    RUN_JOBS = "jobs.manage"
    """Make, schedule and run data import jobs."""

    MANAGE_PEOPLE = "people.manage"
    """Add users, give roles and locations, and issue and revoke API keys."""

    MANAGE_CLIENT = "client.manage"
    """Change customers, clients and their locations."""

    REVEAL = "personal-data.reveal"
    """Open personal data, field by field; each opening is recorded with who and why."""

    ERASE = "personal-data.erase"
    """Have a person's data restricted and, when retention allows, destroyed."""

    OPERATE = "store.operate"
    """Look after the installation: rebuild views, check the journal, rotate keys."""


_READING: Final = frozenset({Permission.READ, Permission.READ_CONNECTIONS})
_DAILY: Final = frozenset(
    {
        Permission.POLL,
        Permission.DELETE,
        Permission.IMPORT,
        Permission.COMPLETE,
        Permission.APPROVE,
        Permission.REOPEN,
        Permission.REPLAY,
        Permission.EDIT_LABOR,
        Permission.ENTER,
    }
)
_CONNECTING: Final = frozenset({Permission.CONNECT_POS, Permission.RUN_JOBS})

ROLES: Final[dict[Role, frozenset[Permission]]] = {
    "full-access": frozenset(Permission) - {Permission.REVEAL, Permission.POLL_OLD, Permission.OPERATE},
    "accounting-admin": _READING
    | _DAILY
    | _CONNECTING
    | {Permission.READ_HISTORY, Permission.MAP_ACCOUNTS, Permission.SYNCHRONIZE},
    "pos-admin": _READING | _CONNECTING | {Permission.POLL, Permission.DELETE, Permission.IMPORT},
    "pos-sync": _READING | {Permission.POLL},
    "connection-manager": frozenset(
        {Permission.READ_CONNECTIONS, Permission.CONNECT_ERP, Permission.RUN_JOBS, Permission.SYNCHRONIZE}
    ),
    "manager": _READING | _DAILY | {Permission.READ_HISTORY},
    "auditor": _READING | {Permission.READ_HISTORY},
    "support": _READING
    | {
        Permission.READ_HISTORY,
        Permission.POLL,
        Permission.DELETE,
        Permission.POLL_OLD,
        Permission.REPLAY,
        Permission.IMPORT,
    },
    "payroll": frozenset({Permission.READ, Permission.READ_HISTORY, Permission.REVEAL, Permission.ERASE}),
    "operator": frozenset(Permission),
}
"""What each role may do. Where the product's documents are silent the cell is our decision."""


class NotPermitted(Refusal):
    """Somebody may not do that, by the roles that they have."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do, and where.

    Attributes:
        permissions: what.
        locations: the only locations at which, or None for all of the client's, later ones included.
        roles: where they come from, for messages.
    """

    permissions: frozenset[Permission]
    locations: frozenset[str] | None = None
    roles: tuple[str, ...] = ()

    def cover(self, permission: Permission, location: str = "") -> bool:
        """They may, there; what is of no single location asks for the permission alone."""
        return permission in self.permissions and self.reach(location)

    def reach(self, location: str) -> bool:
        """The location is one of theirs; the empty text is no single location."""
        return not location or self.locations is None or location in self.locations


def rights_of(*roles: Role, locations: frozenset[str] | None = None) -> Rights:
    """What these roles together may do."""
    granted = frozenset(permission for role in roles for permission in ROLES[role])
    return Rights(granted, locations, roles)


EVERYTHING: Final = rights_of("operator")
"""What the operator may do, who could do it without daybook as well."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who acts, as they were recognized.

    Attributes:
        actor: who, as facts record it: ``user:anna``, ``key:reports``, ``cli:root``.
        client: whose data they work with.
        rights: what they may do there.
        how: how they were recognized: ``open`` where nobody is asked, ``operator`` at the machine itself, ``password``,
            ``key`` or ``oidc``.
    """

    actor: str
    client: str
    rights: Rights
    how: str = "open"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to access control.

    Attributes:
        actor: who wants to.
        rights: what they may do.
        permission: what the command takes.
        client: whose data.
        location: where; empty for what is of no single location.
    """

    actor: str
    rights: Rights
    permission: Permission
    client: str
    location: str = ""


Access = Callable[[Asked], bool]
"""The hook of access control: may they?"""


def by_rights(asked: Asked) -> bool:
    """Access by the rights alone."""
    return asked.rights.cover(asked.permission, asked.location)
