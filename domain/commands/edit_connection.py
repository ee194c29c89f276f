"""Edit a connection: its name, address, form values or chosen companies. What concerns the source is tried first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.commands.replacing import Replaced, Replacement, put_in_place
from domain.commands.stewarding import OnConnection
from domain.connection import Connection
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class EditConnection(OnConnection):
    """Edit a connection; what is None stays.

    Attributes:
        name: what people call it.
        environment: base address of the source.
        values: of the system's form, all of them, without secrets.
        companies: the chosen ones, by the source's ids: all of them.
        secret: in place of the one in use; empty: that stays.
        existing: the client's other connections, by id.
    """

    name: str | None = None
    environment: str | None = None
    values: Mapping[str, Any] | None = None
    companies: tuple[str, ...] | None = None
    secret: str = field(default="", repr=False)
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


def edit_connection(command: EditConnection, house: House) -> Replaced:
    """Record the edit. Another address, other form values or another secret are tried at the source first.

    Where that fails, what is in use stays in use, and the test is recorded with its reason.

    Raises:
        NotConnected, NotPermitted, NotTheVersion, IsDisconnected, ChangedMeanwhile, CommandReused: as for
            ``put_in_place``.
        NeedsNoAddress, BadValues, NotSeen, NothingChosen, NotTested: what was given does not fit.
    """
    wanted = Replacement(
        command.connection,
        command.intent,
        command.expected,
        name=command.name,
        environment=command.environment,
        values=command.values,
        companies=command.companies,
        secret=command.secret,
        existing=command.existing,
    )
    return put_in_place(wanted, house)
