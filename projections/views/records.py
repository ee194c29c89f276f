"""Record history: which fact holds which change of a record."""

from typing import Final

from domain.facts import Entry, RosterChanged
from domain.facts.saying import saying
from projections.batches import Batch
from projections.tables import record_history
from projections.views.view import View
from projections.words import OBSERVED
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """One row for each change of a record that a fact says: see :data:`domain.facts.saying.SAYINGS`."""
    for roster in batch.connections:
        rows: list[Row] = []
        client = roster.connection.client
        for entry in roster.entries:
            if isinstance(entry.fact, RosterChanged):
                _index(rows, (client, entry.fact.location, ""), entry)
        writer.add(record_history, rows)
    for touched in batch.days:
        rows = []
        place = (touched.day.client, touched.day.location, touched.date)
        for entry in touched.entries:
            _index(rows, place, entry)
        writer.add(record_history, rows)


def _index(rows: list[Row], place: tuple[str, str, str], entry: Entry) -> None:
    said = saying(entry.fact)
    client, location, date = place
    generation = getattr(entry.fact, "generation", 0)
    rows += [
        (
            client,
            location,
            date,
            change.kind,
            change.key,
            entry.position,
            index,
            said.operation or (change.operation if said.applied else OBSERVED),
            generation,
        )
        for index, change in enumerate(said.changes)
    ]


VIEW: Final = View("records", (record_history,), project)
