"""Destroying secrets that no connection uses any more: at once where one takes another's place, and what is left over.

A secret is in the vault before any fact names it, and a fact says that it is out of use before it is destroyed. So a
crash between the two, and a command that kept a secret and then recorded nothing, leave one over, and never too few.
"""

import datetime as dt
from typing import Final

from domain.commands.changing import Changed
from domain.commands.loading import load_connection
from domain.connection import Connection, NotConnected
from domain.identifiers import ConnectionId, plain
from domain.ports.house import House, connection_of_secret
from domain.refusals import BadIdentifier

GRACE: Final = dt.timedelta(hours=1)
"""How long a secret may be kept that no fact names yet: much longer than it takes to try it and record the fact."""

_PAGE: Final = 500


def destroy_replaced(connection_id: ConnectionId, changed: Changed, house: House) -> None:
    """Destroy the secret that a change took out of use; given again, the command finishes what a crash left."""
    name = changed.before.secret
    if name and changed.receipt is not None and not _uses(changed.after, name):
        house.vault.destroy_secret(connection_id.client, name)


def destroy_unused(client: str, house: House) -> int:
    """Destroy the client's secrets that no connection of it uses, older than :data:`GRACE`; answers how many."""
    before = house.clock.now() - GRACE
    destroyed, after = 0, ""
    while names := house.vault.secret_names(client, before=before, after=after, limit=_PAGE):
        for name in names:
            if _is_unused(client, name, house):
                destroyed += house.vault.destroy_secret(client, name)
        after = names[-1]
    return destroyed


def _is_unused(client: str, name: str, house: House) -> bool:
    """Whether the connection that a secret was kept for has another, or is over, or was never made."""
    try:
        connection_id = ConnectionId(client, plain(connection_of_secret(name), "connection"))
    except BadIdentifier:
        return False  # it is none of a connection's
    try:
        return not _uses(load_connection(house.journal, connection_id), name)
    except NotConnected:
        return True


def _uses(connection: Connection, name: str) -> bool:
    in_use = connection.secret if connection.life.stage != "disconnected" else ""
    return name == in_use
