"""What changes of a connection's life share: who may, on what they saw, and once."""

from dataclasses import dataclass

from domain.commands.changing import Changed, Decision, change
from domain.commands.intent import Intent
from domain.commands.loading import no_such_connection
from domain.commands.recording import NotTheVersion
from domain.connection import Connection
from domain.connection.standing import may_edit
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.permissions import NotPermitted, Permission
from domain.ports.examining import connecting
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class OnConnection:
    """A command on a connection.

    Attributes:
        connection: which.
        intent: who and why.
        expected: the revision that the caller saw, or None for whatever is there.
    """

    connection: ConnectionId
    intent: Intent
    expected: int | None = None


def decided(command: OnConnection, house: House, decide: Decision, *, steward: bool = False) -> Changed:
    """Decide and record, if they may.

    Args:
        command: who wants it, and on what.
        house: the ports.
        decide: the facts.
        steward: whoever looks after the client may as well, whosever connection it is.

    Raises:
        NotPermitted: they may not edit the connection.
        NotTheVersion: it is not at the revision that the caller saw.
        NotConnected, CommandReused, StreamMoved: see :func:`change`.
    """

    def whole(connection: Connection) -> tuple[ConnectionFact, ...]:
        permit(command, house, connection, steward=steward)
        check_revision(command, connection)
        return decide(connection)

    return change(command.connection, command.intent, house, whole)


def permission_for(house: House, system: str) -> Permission:
    """What it takes to connect a system; of one that has no adapter here any more, what most ask for."""
    known = house.systems.get(system)
    return Permission.CONNECT_ERP if known is None else connecting(known)


def permit(command: OnConnection, house: House, connection: Connection, *, steward: bool = False) -> None:
    """Go on, if they may edit the connection.

    Of the locations that it feeds all have to be theirs, however they may. A connection that feeds none of theirs, and
    that they may not edit, is answered as one that does not exist.

    Raises:
        NotConnected: it does not concern them.
        NotPermitted: they may not.
    """
    intent, client = command.intent, command.connection.client
    rights = intent.rights
    permission = permission_for(house, connection.system)
    editable = may_edit(connection.life, connection.locations, permission, intent.actor, rights)
    reached = [location for location in connection.locations if rights.reach(location)]
    if rights.locations is not None and not reached and not editable:
        raise no_such_connection(command.connection)
    stewards = steward and Permission.MANAGE_CLIENT in rights.permissions
    house.permit(intent.asks(Permission.MANAGE_CLIENT if stewards else permission, client))
    if len(reached) < len(connection.locations):
        raise NotPermitted(
            f"The connection {command.connection.connection!r} feeds more locations than are yours: this takes all of "
            "them."
        )
    for location in sorted(connection.locations):
        house.permit(intent.asks(Permission.MANAGE_CLIENT if stewards else permission, client, location))
    if not stewards and not editable:
        raise NotPermitted(
            f"The connection {command.connection.connection!r} is private: only who made it and its admin edit it, "
            "until they let other users."
        )


def check_revision(command: OnConnection, connection: Connection) -> None:
    """Go on, if the connection is as the caller saw it.

    Raises:
        NotTheVersion: it is not.
    """
    now = connection.life.revision
    if command.expected is not None and command.expected != now:
        raise NotTheVersion(
            f"The connection is at revision {now}, not {command.expected}: look at it again, then decide."
        )


def as_seen(command: OnConnection, decide: Decision) -> Decision:
    """The same decision, on the revision that the caller saw: also where somebody else comes first at the last moment.

    Without it they would be told that the connection changed meanwhile, and not that it is not what they saw.
    """

    def decided_as_seen(connection: Connection) -> tuple[ConnectionFact, ...]:
        check_revision(command, connection)
        return decide(connection)

    return decided_as_seen
