"""Polls: every attempt on a day, whatever came of it."""

from typing import Any, Final

from domain.facts import DayPolled, Entry, GenerationStaged, PollFailed, PollUnchanged
from projections.batches import Batch
from projections.tables import poll
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Row, Writer, as_row


def project(batch: Batch, writer: Writer) -> None:
    """One row for each business-day.polled, generation-staged, poll-unchanged and poll-failed."""
    rows: list[Row] = []
    for touched in batch.days:
        place = {
            "client": touched.day.client,
            "location": touched.day.location,
            "business_date": touched.date,
        }
        rows += [
            _row(place, entry, entry.fact)
            for entry in touched.entries
            if isinstance(entry.fact, DayPolled | GenerationStaged | PollUnchanged | PollFailed)
        ]
    writer.add(poll, rows)


def _row(place: dict[str, str], entry: Entry, fact: DayPolled | GenerationStaged | PollUnchanged | PollFailed) -> Row:
    attempt = fact.attempt
    fields: dict[str, Any] = {
        **place,
        "position": entry.position,
        "kind": attempt.kind,
        "connection": attempt.connection,
        "configuration": attempt.configuration,
        "failure": "",
        "message": "",
        "resource": "",
        "retryable": False,
        "retry_at": "",
        "generation": None,
        "added": 0,
        "changed": 0,
        "removed": 0,
        "requests": attempt.requests,
        "read_bytes": attempt.read_bytes,
        "rows_json": json_text(attempt.rows),
        "files_json": json_text(attempt.files),
        "started_at": instant_text(attempt.started_at),
        "ended_at": instant_text(attempt.ended_at),
        "recorded_at": instant_text(entry.recorded_at),
        "actor": entry.provenance.actor,
        "reason": entry.provenance.reason,
        "command": entry.provenance.command,
        "capture": "",
    }
    match fact:
        case DayPolled() | GenerationStaged():
            came = "polled" if isinstance(fact, DayPolled) else "staged"
            fields |= {"outcome": came, "generation": fact.generation, "capture": fact.capture}
            fields |= {"added": fact.added, "changed": fact.changed, "removed": fact.removed}
        case PollUnchanged():
            fields |= {"outcome": "unchanged", "generation": fact.generation, "capture": fact.capture}
        case PollFailed():
            fields |= {"outcome": "failed", "failure": fact.failure, "message": fact.message}
            fields |= {"resource": fact.resource, "retryable": fact.retryable, "retry_at": instant_text(fact.retry_at)}
    return as_row(poll, fields)


VIEW: Final = View("polls", (poll,), project)
