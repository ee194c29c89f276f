"""Suspend a connection: nothing is polled through it until it is resumed, and nothing is due."""

from dataclasses import dataclass

from domain.commands.changing import Changed
from domain.commands.stewarding import OnConnection, decided
from domain.connection.living import decide_resume, decide_suspend
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class SuspendConnection(OnConnection):
    """Suspend a connection, or resume it.

    Attributes:
        suspended: it is from now on; False: it is no longer.
    """

    suspended: bool = True


def suspend_connection(command: SuspendConnection, house: House) -> Changed:
    """Record that polls are refused, with the reason, or taken again; nothing where it is so already.

    What was missed meanwhile is due once it is resumed, as far back as days are looked after.

    Raises:
        NotConnected, NotPermitted, NotTheVersion, CommandReused, StreamMoved: see ``decided``.
        NotEstablished, IsDisconnected: there is nothing to suspend.
    """
    if command.suspended:
        return decided(
            command, house, lambda connection: decide_suspend(connection, command.intent.reason), steward=True
        )
    return decided(command, house, decide_resume, steward=True)
