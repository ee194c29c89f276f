"""Record history: which fact holds which change of a record."""

from collections.abc import Sequence
from typing import Final

from domain.facts import Change, OverlayFact, RecordsChanged, RosterChanged
from projections.batches import Batch
from projections.overlay_sentences import OPERATIONS
from projections.tables import record_history
from projections.views.view import View
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """One row for each change of a record, and for each fact about what people entered over one.

    Of business-day.records-changed and connection.roster-changed, and of overlays and conflicts.
    """
    for roster in batch.connections:
        rows: list[Row] = []
        client = roster.connection.client
        for entry in roster.entries:
            fact = entry.fact
            if isinstance(fact, RosterChanged):
                _index(rows, (client, fact.location, ""), fact.changes, entry.position, 0)
        writer.add(record_history, rows)
    for touched in batch.days:
        rows = []
        place = (touched.day.client, touched.day.location, touched.date)
        for entry in touched.entries:
            if isinstance(entry.fact, RecordsChanged):
                _index(rows, place, entry.fact.changes, entry.position, entry.fact.generation)
            elif isinstance(entry.fact, OverlayFact):
                fact = entry.fact
                operation = OPERATIONS[type(fact)]
                rows.append((*place, fact.kind, fact.key, entry.position, 0, operation, fact.generation))
        writer.add(record_history, rows)


def _index(
    rows: list[Row], place: tuple[str, str, str], changes: Sequence[Change], position: int, generation: int
) -> None:
    client, location, date = place
    rows += [
        (client, location, date, change.kind, change.key, position, index, change.operation, generation)
        for index, change in enumerate(changes)
    ]


VIEW: Final = View("records", (record_history,), project)
