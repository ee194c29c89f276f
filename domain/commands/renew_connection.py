"""Renew a connection: the source's grant begins anew, before or after it has ended."""

import datetime as dt
from dataclasses import dataclass, field

from domain.commands.replacing import Replaced, Replacement, put_in_place
from domain.commands.stewarding import OnConnection
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class RenewConnection(OnConnection):
    """Renew the grant of a source, with the secret in use or another one.

    Attributes:
        secret: in place of the one in use; empty: that stays.
        valid_until: until when the grant is good; None: as long as the system's grants are.
    """

    secret: str = field(default="", repr=False)
    valid_until: dt.datetime | None = None


def renew_connection(command: RenewConnection, house: House) -> Replaced:
    """Record that the grant begins anew, once the source lets us in.

    Raises:
        NotConnected, NotPermitted, NotTheVersion, IsDisconnected, ChangedMeanwhile, CommandReused: as for
            ``put_in_place``.
        NoRenewal: the system's grants do not end, and nobody said until when this one is good.
    """
    wanted = Replacement(
        command.connection,
        command.intent,
        command.expected,
        of="renewal",
        secret=command.secret,
        renews=True,
        valid_until=command.valid_until,
    )
    return put_in_place(wanted, house)
