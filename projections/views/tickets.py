"""Tickets: one row each, with its sums."""

from typing import Final

import msgspec

from domain.facts import ABSENT
from domain.summary import decode_sold
from domain.summary.tally import Tally
from projections.batches import Batch, DayBatch, Figures, figures_of
from projections.tables import ticket as table
from projections.views.view import View
from projections.writing import Row, Writer


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date: business-day.records-changed."""
    for touched in batch.days:
        if "ticket" in touched.net:
            if batch.summing:
                touched.summed(batch.folds)  # decodes every ticket once for both views
            _write(touched, writer)


def _write(touched: DayBatch, writer: Writer) -> None:
    # Day by day: what is let go again soon costs a fraction of what is kept for a whole batch.
    gone: list[Row] = []
    rows: list[Row] = []
    place = (touched.day.client, touched.day.location, touched.date)
    for key, (existed, after, generation, position) in touched.net["ticket"].items():
        if existed:
            gone.append((*place, key))
        if after != ABSENT:
            figures = touched.figures.get(key) or _counted(key, after)
            rows.append((*place, key, *figures, generation, position))
    touched.figures.clear()
    writer.remove(table, gone)
    writer.add(table, rows)


def _counted(key: str, data: msgspec.Raw) -> Figures:
    """The ticket's figures, counted alone by the rule that the day's summary counts by."""
    ticket = decode_sold(data)
    return figures_of(ticket, Tally("UTC").sales.ticket(key, ticket))


VIEW: Final = View("tickets", (table,), project)
