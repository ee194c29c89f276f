"""Change the admin of a connection: who is responsible for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.commands.changing import Changed, change, told_before
from domain.commands.loading import load_connection
from domain.commands.stewarding import OnConnection, check_revision, permission_for, permit
from domain.connection import Connection
from domain.connection.living import decide_change_admin
from domain.connection.standing import OPERATOR, NotFitForAdmin, unfit
from domain.facts import AdminChanged
from domain.facts.catalogue import ConnectionFact
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ChangeAdmin(OnConnection):
    """Change the admin of a connection.

    Attributes:
        admin: who is responsible from now on, ``user:anna``; empty: the operator.
        existing: the client's connections, by id: the admin needs access to all their locations.
    """

    admin: str = ""
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


def change_admin(command: ChangeAdmin, house: House) -> Changed:
    """Record who is responsible; nothing where they are already.

    Raises:
        NotFitForAdmin: they lack the permission, or access to a location.
        NotConnected, NotPermitted, NotTheVersion, CommandReused, StreamMoved: see ``decided``.
        NotEstablished, IsDisconnected: there is nothing to be responsible for.
    """

    def same(_: Connection, facts: list[ConnectionFact]) -> bool:
        return facts == [AdminChanged(command.admin)]

    def decide(connection: Connection) -> tuple[ConnectionFact, ...]:
        check_revision(command, connection)
        return decide_change_admin(connection, command.admin)

    done = told_before(command.connection, command.intent, house, same)
    if done:
        return done
    connection = load_connection(house.journal, command.connection)
    permit(command, house, connection, steward=True)
    users = house.people.users(command.connection.client)
    places = {name for known in command.existing.values() if known.life.standing for name in known.locations}
    places |= connection.locations.keys()
    permission = permission_for(house, connection.system)
    operated = OPERATOR in command.intent.rights.roles
    trouble = unfit(command.admin, users, permission, places, operated=operated)
    if trouble:
        raise NotFitForAdmin(trouble)
    return change(command.connection, command.intent, house, decide, same)
