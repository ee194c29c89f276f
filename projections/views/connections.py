"""Connections with their lives, the locations that they feed, and the companies that they have chosen.

A location is shown with the connection that polls it, else with its import files; one that is over goes behind all.
Connections that are only told of what becomes of its days do not show it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from domain.facts import Entry, FilesRead, RosterChanged
from domain.identifiers import FILES
from projections.batches import Batch, RosterBatch
from projections.tables import company as company_table
from projections.tables import company_connection
from projections.tables import connection as connection_table
from projections.tables import feeder as feeder_table
from projections.tables import location as location_table
from projections.views.companies import write_companies
from projections.views.living import NOTHING, fed, noted
from projections.views.view import View
from projections.writing import Writer, as_row

Fields = dict[str, Any]


def project(batch: Batch, writer: Writer) -> None:
    """Bring all tables up to date: every fact of a connection but those of its rosters."""
    for touched in batch.connections:
        known = [entry for entry in touched.entries if not isinstance(entry.fact, RosterChanged | FilesRead)]
        if known:
            _connection(touched, known, writer)


def _connection(touched: RosterBatch, entries: list[Entry], writer: Writer) -> None:
    client, name = touched.connection.client, touched.connection.connection
    columns = connection_table.c
    asked = select(connection_table).where(columns.client == client, columns.connection == name)
    found = writer.execute(asked).mappings().first()
    fields: Fields = dict(found) if found else {"client": client, "connection": name, **NOTHING}
    feeders = _feeders(client, name, writer)
    before = {location: dict(row) for location, row in feeders.items()}
    for entry in entries:
        fields["position"] = entry.position
        fields["revision"] += 1
        noted(fields, entry)
        fed(feeders, fields, entry)
    writer.put(connection_table, [as_row(connection_table, fields)])
    changed = [row for location, row in sorted(feeders.items()) if row != before.get(location)]
    writer.put(feeder_table, [as_row(feeder_table, row) for row in changed])
    _locations(client, [row["location"] for row in changed], writer)
    write_companies(fields, writer)


def _feeders(client: str, connection: str, writer: Writer) -> dict[str, Fields]:
    """The locations that a connection feeds or fed, by id."""
    columns = feeder_table.c
    asked = select(feeder_table).where(columns.client == client, columns.connection == connection)
    return {row["location"]: dict(row) for row in writer.execute(asked).mappings()}


def _locations(client: str, locations: Iterable[str], writer: Writer) -> None:
    """Show each location with the first of those that feed it."""
    columns = feeder_table.c
    rows = []
    for location in locations:
        asked = select(feeder_table).where(columns.client == client, columns.location == location)
        feeding = [dict(row) for row in writer.execute(asked).mappings() if row["purpose"] == "days"]
        if feeding:
            rows.append(as_row(location_table, max(feeding, key=_rank)))
    writer.put(location_table, rows)


def _rank(row: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """Which of several connections a location is shown with: one that stands, that polls it, the newest of those."""
    return not row["over"], row["system"] != FILES, row["added"]


VIEW: Final = View(
    "connections",
    (connection_table, location_table, feeder_table, company_table, company_connection),
    project,
)
