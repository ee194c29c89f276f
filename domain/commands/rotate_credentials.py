"""Rotate credentials: another secret takes the place of the one in use, once the source lets it in."""

from dataclasses import dataclass, field

from domain.commands.replacing import Replaced, Replacement, put_in_place
from domain.commands.stewarding import OnConnection
from domain.ports.house import House
from domain.refusals import Refusal


class NoSecret(Refusal):
    """No secret was given that could take the place of the one in use."""


@dataclass(frozen=True, slots=True)
class RotateCredentials(OnConnection):
    """Rotate credentials.

    Attributes:
        secret: that is in use from now on; kept in the vault, never in a fact.
    """

    secret: str = field(default="", repr=False)


def rotate_credentials(command: RotateCredentials, house: House) -> Replaced:
    """Record the secret's fingerprint and version, once it was tried; where that fails, the old one stays in use.

    Raises:
        NoSecret: none was given.
        NotConnected, NotPermitted, NotTheVersion, IsDisconnected, ChangedMeanwhile, CommandReused: as for
            ``put_in_place``.
    """
    if not command.secret:
        raise NoSecret("Give the secret that is to be in use from now on.")
    return put_in_place(Replacement(command.connection, command.intent, command.expected, secret=command.secret), house)
