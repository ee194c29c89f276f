"""Connections and the locations that they feed: each with the one that polls it, else with its import files."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from domain.facts import ConfigurationChanged, ConnectionEstablished, Entry, LocationAdded
from domain.identifiers import FILES
from projections.batches import Batch, RosterBatch
from projections.tables import connection as connection_table
from projections.tables import location as location_table
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Writer, as_row

Fields = dict[str, Any]

_NOTHING: Final[Fields] = {
    "system": "",
    "name": "",
    "environment": "",
    "credential": "",
    "credential_version": 0,
    "configuration": 0,
    "options_json": "{}",
    "overrides_json": "{}",
    "established_at": "",
}


def project(batch: Batch, writer: Writer) -> None:
    """Bring both tables up to date: connection.established, location-added and configuration-changed."""
    for touched in batch.connections:
        known = [entry for entry in touched.entries if not _is_elsewhere(entry)]
        if known:
            _connection(touched, known, writer)


def _is_elsewhere(entry: Entry) -> bool:
    return not isinstance(entry.fact, ConnectionEstablished | LocationAdded | ConfigurationChanged)


def _connection(touched: RosterBatch, entries: list[Entry], writer: Writer) -> None:
    client, name = touched.connection.client, touched.connection.connection
    columns = connection_table.c
    asked = select(connection_table).where(columns.client == client, columns.connection == name)
    found = writer.execute(asked).mappings().first()
    fields: Fields = dict(found) if found else {"client": client, "connection": name, **_NOTHING}
    locations: dict[str, Fields] = {}
    for entry in entries:
        fields["position"] = entry.position
        match entry.fact:
            case ConnectionEstablished() as fact:
                fields |= {
                    "system": fact.system,
                    "name": fact.name,
                    "environment": fact.environment,
                    "credential": fact.credential,
                    "credential_version": fact.credential_version,
                    "established_at": instant_text(entry.recorded_at),
                }
            case ConfigurationChanged() as fact:
                fields |= {
                    "configuration": fact.version,
                    "options_json": json_text(fact.options),
                    "overrides_json": json_text(fact.overrides),
                }
            case LocationAdded() as fact:
                locations[fact.location] = {
                    "client": client,
                    "location": fact.location,
                    "connection": name,
                    "system": fields["system"],
                    "name": fact.name,
                    "number": fact.number,
                    "zone": fact.zone,
                    "day_starts": fact.day_starts,
                    "source_json": json_text(fact.source),
                    "position": entry.position,
                }
    writer.put(connection_table, [as_row(connection_table, fields)])
    owned = [fed for name, fed in sorted(locations.items()) if _rank(fed) > _known(client, name, writer)]
    writer.put(location_table, [as_row(location_table, fed) for fed in owned])


def _known(client: str, location: str, writer: Writer) -> tuple[bool, int]:
    """The rank of the row that a location has already."""
    columns = location_table.c
    asked = select(columns.system, columns.position).where(columns.client == client, columns.location == location)
    found = writer.execute(asked).mappings().first()
    return _rank(found) if found else (False, 0)


def _rank(row: Mapping[Any, Any]) -> tuple[bool, int]:
    """Which of several connections a location is shown with: one that polls it, and of those the newest."""
    return row["system"] != FILES, row["position"]


VIEW: Final = View("connections", (connection_table, location_table), project)
