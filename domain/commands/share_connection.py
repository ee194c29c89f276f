"""Share a connection: other users may edit it from now on, or may no longer."""

from dataclasses import dataclass

from domain.commands.changing import Changed
from domain.commands.stewarding import OnConnection, decided
from domain.connection.living import decide_share
from domain.facts.life import Visibility
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ShareConnection(OnConnection):
    """Share a connection, or take that back.

    Attributes:
        visibility: who else may edit it, and so sees its companies.
    """

    visibility: Visibility = "shared"


def share_connection(command: ShareConnection, house: House) -> Changed:
    """Record who else may edit the connection; nothing where it is so already.

    Raises:
        NotConnected, NotPermitted, NotTheVersion, IsDisconnected, CommandReused, StreamMoved: see ``decided``.
    """
    return decided(command, house, lambda connection: decide_share(connection, command.visibility))
