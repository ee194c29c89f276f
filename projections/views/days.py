"""Days: the Daily Sales Summary of every business day, with the figures that lists show."""

from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping, select

from domain.business_day import APPROVED, BusinessDay
from domain.facts import PollFailed, PollUnchanged
from domain.summary import DailySalesSummary, summary_bytes, summary_of_bytes
from projections.batches import Batch, DayBatch
from projections.tables import day as table
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer, as_row


def project(batch: Batch, writer: Writer) -> None:
    """Fold and summarize each day that a fact of the batch belongs to, once: all facts of business days."""
    writer.put(table, [_attempted(touched, batch, writer) or _summed(touched, batch) for touched in batch.days])


def _summed(touched: DayBatch, batch: Batch) -> Row:
    day, summary = touched.summed(batch.folds)
    return _row(touched, summary, day, batch)


def _attempted(touched: DayBatch, batch: Batch, writer: Writer) -> Row | None:
    """The row where nothing but attempts came to a day: its records need not be read again. None where they must."""
    facts = [entry.fact for entry in touched.entries]
    before = touched.entries[0].version - 1
    if batch.folds.knows(touched.day, before) or not all(
        isinstance(fact, PollUnchanged | PollFailed) for fact in facts
    ):
        return None
    found = _found(touched, writer)
    if found is None or found["version"] != before:
        return None
    if found["state"] == APPROVED:
        return None  # a reading may be of what waits, and not of what was approved
    if any(fact.attempt.connection != found["connection"] for fact in facts):  # type: ignore[union-attr]
        return None  # what another connection than that of the tickets brought shows only in the whole
    captures = [fact.capture for fact in facts if isinstance(fact, PollUnchanged)]
    capture = captures[-1] if captures else found["capture"]
    readings = [fact.attempt.configuration for fact in facts if isinstance(fact, PollUnchanged)]
    configuration = readings[-1] if readings else found["configuration"]
    summary = summary_of_bytes(found["document"])
    if captures and found["connection"] not in {feed.connection for feed in summary.feeds}:
        return None  # the first thing that it brings
    summary = _read_again(summary, found["connection"], capture, configuration)
    newest = touched.entries[-1]
    return as_row(
        table,
        {
            **found,
            "version": newest.version,
            "position": batch.ends[newest.position],
            "recorded_at": instant_text(newest.recorded_at),
            "connection": facts[-1].attempt.connection,  # type: ignore[union-attr]
            "capture": capture,
            "configuration": configuration,
            "attempts": found["attempts"] + len(facts),
            "document": summary_bytes(summary),
        },
    )


def _read_again(summary: DailySalesSummary, connection: str, capture: str, configuration: int) -> DailySalesSummary:
    """The summary of a day that the connection of its tickets read again, and found unchanged."""
    feeds = [
        msgspec.structs.replace(feed, capture=capture, configuration=configuration, options={})
        if feed.connection == connection
        else feed
        for feed in summary.feeds
    ]
    return msgspec.structs.replace(summary, capture=capture, configuration=configuration, feeds=tuple(feeds))


def _found(touched: DayBatch, writer: Writer) -> RowMapping | None:
    asked = select(table).where(
        table.c.client == touched.day.client,
        table.c.location == touched.day.location,
        table.c.business_date == touched.date,
    )
    return writer.execute(asked).mappings().first()


def _row(touched: DayBatch, summary: DailySalesSummary, day: BusinessDay, batch: Batch) -> Row:
    newest = touched.entries[-1]
    fields: dict[str, Any] = {
        "client": touched.day.client,
        "location": touched.day.location,
        "business_date": touched.date,
        "state": day.state,
        "generation": day.generation,
        "version": day.version,
        "position": batch.ends[newest.position],
        "recorded_at": instant_text(newest.recorded_at),
        "connection": day.connection,
        "configuration": day.configuration,
        "capture": day.capture,
        "net_sales_cents": summary.net_sales_cents,
        "gross_sales_cents": summary.gross_sales_cents,
        "tickets": summary.tickets,
        "guests": summary.guests,
        "issue_count": summary.issue_count,
        "attempts": day.attempts,
        "closings": day.closings,
        "closing": day.closing,
        "document": summary_bytes(summary),
    }
    return as_row(table, fields)


VIEW: Final = View("days", (table,), project)
