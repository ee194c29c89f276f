"""What every way in does with connections: which there are, and what new locations take over from them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from api.composition import OpenHouse
from domain.commands.loading import load_connection, no_such_connection
from domain.connection import Connection, shared_whole
from domain.identifiers import FILES, ConnectionId, plain
from domain.permissions import EVERYTHING, Rights
from domain.polling.inheriting import Inherited
from projections import queries
from projections.asking import MOST_ROWS, Among
from projections.rows import ConnectionRow, LocationRow

_T = TypeVar("_T")
_STANDING: Final = frozenset({"established", "suspended"})


def connection_id(client: str, connection: str) -> ConnectionId:
    """The connection of a text that somebody gave.

    Raises:
        BadIdentifier: it cannot be one.
    """
    return ConnectionId(client, plain(connection, "connection"))


def check_seen(opened: OpenHouse, connection: ConnectionId, rights: Rights) -> None:
    """Make sure that a connection feeds a location that they may see; of all locations nothing is to be checked.

    Raises:
        NotConnected: it feeds none, or there is none of that id: nobody can tell the one from the other.
    """
    if rights.locations is not None and not reached(load_connection(opened.journal, connection).locations, rights):
        raise no_such_connection(connection)


def reached(by_location: Mapping[str, _T], rights: Rights) -> dict[str, _T]:
    """What is of locations that they may see."""
    return {location: value for location, value in by_location.items() if rights.reach(location)}


def all_connections(opened: OpenHouse, client: str, among: Among = None) -> list[ConnectionRow]:
    """Every connection of the client, the oldest first; of some locations those that feed one of them."""
    found: list[ConnectionRow] = []
    while True:
        page = queries.connections(opened.engine, client, after=found[-1].connection if found else "", among=among)
        found += page
        if len(page) < MOST_ROWS:
            return sorted(found, key=lambda row: row.established_at or dt.datetime.max.replace(tzinfo=dt.UTC))


def all_locations(opened: OpenHouse, client: str, among: Among = None) -> list[LocationRow]:
    """Every location of the client, page by page; of some locations these."""
    found: list[LocationRow] = []
    while True:
        page = queries.locations(opened.engine, client, after=found[-1].location if found else "", among=among)
        found += page
        if len(page) < MOST_ROWS:
            return found


def existing(opened: OpenHouse, client: str, *, without: str = "") -> dict[str, Connection]:
    """The client's connections as recorded, by id, the oldest first: what a new location may inherit from."""
    return {
        row.connection: load_connection(opened.journal, ConnectionId(client, row.connection))
        for row in all_connections(opened, client)
        if row.connection != without
    }


def files_connection(opened: OpenHouse, client: str, location: str) -> ConnectionId | None:
    """The connection of import files that feeds a location, alone or beside the one that polls it; None: none does."""
    for row in all_connections(opened, client):
        named = ConnectionId(client, row.connection)
        if (
            row.system == FILES
            and row.stage in _STANDING
            and location in load_connection(opened.journal, named).locations
        ):
            return named
    return None


def plain_inherited(inherited: Iterable[Inherited]) -> list[dict[str, Any]]:
    """What was taken over from existing locations."""
    return [
        {
            "option": entry.option,
            "value": entry.value,
            "connection": entry.connection,
            "agreeing": entry.agreeing,
            "locations": entry.locations,
        }
        for entry in inherited
    ]


def remarks_on(connection: Connection, rights: Rights = EVERYTHING) -> list[str]:
    """What somebody should know about a connection as it is configured now, where all of it is theirs to see."""
    return [
        f"The locations {', '.join(group)} have one venue, and not all of them say which revenue centers they keep "
        "(use_revenue_centers): its sales count more than once."
        for group in shared_whole(connection)
        if all(rights.reach(location) for location in group)
    ]
