"""Disconnect a system, for good: its history stays, and its locations are free."""

from dataclasses import dataclass

from domain.commands.changing import Changed
from domain.commands.destroying import destroy_replaced
from domain.commands.stewarding import OnConnection, decided
from domain.connection.living import decide_disconnect
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class DisconnectSystem(OnConnection):
    """Disconnect a system, or throw a draft away."""


def disconnect_system(command: DisconnectSystem, house: House) -> Changed:
    """Record that the connection is over; nothing where it is.

    Nothing is due from then on. What is recorded stays, and another connection may feed the locations. Its secret is
    destroyed.

    Raises:
        NotConnected, NotPermitted, NotTheVersion, CommandReused, StreamMoved: see ``decided``.
    """
    changed = decided(command, house, decide_disconnect, steward=True)
    destroy_replaced(command.connection, changed, house)
    return changed
