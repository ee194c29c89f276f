"""What a connection may be used for as it stands, and who may answer for it and edit it."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from domain.connection.state import Connection
from domain.permissions import Permission, Rights
from domain.refusals import Conflict, Refusal


class NotEstablished(Conflict):
    """The connection is a draft: it feeds nothing until it is tested and established."""


class IsSuspended(Conflict):
    """The connection is suspended: nothing is polled until it is resumed."""


class IsDisconnected(Conflict):
    """The connection is over for good; its history stays."""


class AccessIsLost(Conflict):
    """The source no longer shows the location to this connection: its data stays, and it is not polled."""


class NotFitForAdmin(Refusal):
    """Somebody cannot be the connection admin: it takes the permission, and access to all locations."""


OPERATOR: Final = "operator"
"""The role of whoever sits at the machine."""


def check_lasting(connection: Connection) -> None:
    """Refuse what is over.

    Raises:
        IsDisconnected: it is.
    """
    if connection.life.stage == "disconnected":
        raise IsDisconnected("The connection is disconnected, for good: make another one.")


def check_standing(connection: Connection) -> None:
    """Refuse what is not established, or over.

    Raises:
        NotEstablished, IsDisconnected: it is so.
    """
    check_lasting(connection)
    if connection.life.stage == "draft":
        raise NotEstablished("The connection is a draft: test it, then establish it.")


def check_usable(connection: Connection, location: str) -> None:
    """Refuse to bring days of a location through the connection while that must not be.

    Raises:
        NotEstablished, IsSuspended, IsDisconnected, AccessIsLost: it must not.
    """
    check_standing(connection)
    if connection.life.stage == "suspended":
        because = f": {connection.life.reason}" if connection.life.reason else ""
        raise IsSuspended(f"The connection {connection.name!r} is suspended{because}. Resume it first.")
    if location in connection.life.lost_locations:
        raise AccessIsLost(
            f"The source no longer shows the location {location!r} to the connection {connection.name!r}: give it "
            "access there, then test the connection again."
        )


class Owned(Protocol):
    """What says whose a connection is: its life, or the row that shows it."""

    @property
    def maker(self) -> str:
        """Who made it."""
        ...

    @property
    def admin(self) -> str:
        """Who is responsible for it."""
        ...

    @property
    def visibility(self) -> str:
        """Who else may edit it."""
        ...


def may_edit(owned: Owned, locations: Iterable[str], permission: Permission, actor: str, rights: Rights) -> bool:
    """Whether somebody may edit a connection, and so sees its companies.

    Connections to points of sale and of import files are edited by whoever connects such; those to other systems by who
    made them and their admins, and by others where they are shared. Either way all of its locations have to be theirs.

    Args:
        owned: whose it is.
        locations: that it feeds.
        permission: what it takes to connect its system.
        actor: who.
        rights: what they may do.
    """
    if permission not in rights.permissions or not all(map(rights.reach, locations)):
        return False
    if permission is Permission.CONNECT_POS or owned.visibility == "shared":
        return True
    return OPERATOR in rights.roles or actor in {owned.maker, owned.admin}


def unfit(
    admin: str, users: Mapping[str, Rights], permission: Permission, locations: Iterable[str], *, operated: bool = False
) -> str:
    """Why somebody cannot be the connection admin, in a sentence; empty where they can.

    Args:
        admin: who; empty: the operator.
        users: those of the client.
        permission: what it takes to connect the system.
        locations: all of the client's.
        operated: the operator is there to answer for it.
    """
    if not admin:
        if users and not operated:
            return "Name a connection admin: a user with the permission, and access to all locations."
        return ""
    rights = users.get(admin)
    if rights is None:
        return f"There is no user {admin.removeprefix('user:')[:80]!r} in this client."
    if permission not in rights.permissions:
        return f"The user {admin.removeprefix('user:')!r} lacks the permission {permission.value!r}."
    beyond = sorted(location for location in locations if not rights.reach(location))
    if beyond:
        return f"The user {admin.removeprefix('user:')!r} has no access to the location {beyond[0]!r}, and needs all."
    return ""
