"""Watch: how each day stands as far as polling it again is concerned. What is due is asked of it and the clock."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select, tuple_

from domain.business_day import BusinessDay
from domain.facts import DayConfirmedClosed, DayDeleted, DayPolled, Entry, GenerationStaged, PollFailed, PollUnchanged
from projections.batches import Batch, DayBatch
from projections.tables import watch as table
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer, as_row

Fields = dict[str, Any]

MOST_ASKED: Final = 200
"""Rows that are asked for at once."""

_DELETED: Final = ("deleted_at", "deleted_by", "deleted_because")
_CLOSED: Final = ("closed_at", "closed_by", "closed_because")
_NOTHING: Final[Fields] = {
    "state": "missing",
    "generation": 0,
    "generation_at": "",
    "net_sales_cents": 0,
    "unchanged": 0,
    "tried_at": "",
    "failures": 0,
    "failure": "",
    "message": "",
    "retryable": False,
    "retry_at": "",
    **dict.fromkeys((*_DELETED, *_CLOSED), ""),
}
_WELL: Final[Fields] = {"failures": 0, "failure": "", "message": "", "retryable": False, "retry_at": ""}


def project(batch: Batch, writer: Writer) -> None:
    """Bring each day's row up to date: all facts of business days."""
    known = _known(batch.days, writer)
    writer.put(table, [_row(touched, known.get(_place(touched), {}), batch) for touched in batch.days])


def _place(touched: DayBatch) -> tuple[str, str, str]:
    return touched.day.client, touched.day.location, touched.date


def _known(days: list[DayBatch], writer: Writer) -> dict[tuple[str, str, str], Mapping[Any, Any]]:
    """The rows that are there, of days that are not new in the batch."""
    places = [_place(touched) for touched in days if touched.entries[0].version > 1]
    found: dict[tuple[str, str, str], Mapping[Any, Any]] = {}
    for begin in range(0, len(places), MOST_ASKED):
        key = tuple_(table.c.client, table.c.location, table.c.business_date)
        asked = select(table).where(key.in_(places[begin : begin + MOST_ASKED]))
        rows = writer.execute(asked).mappings()
        found |= {(row["client"], row["location"], row["business_date"]): row for row in rows}
    return found


def _row(touched: DayBatch, known: Mapping[Any, Any], batch: Batch) -> Row:
    client, location, date = _place(touched)
    fields: Fields = {**_NOTHING, **known, "client": client, "location": location, "business_date": date}
    for entry in touched.entries:
        fields |= _after(fields, entry)
    fields["position"] = touched.entries[-1].position
    if not all(isinstance(entry.fact, PollUnchanged | PollFailed) for entry in touched.entries):
        day, summary = touched.summed(batch.folds)
        fields |= _standing(day, summary.net_sales_cents)
    return as_row(table, fields)


def _standing(day: BusinessDay, net_sales_cents: int) -> Fields:
    gone = () if day.deleted else _DELETED
    void = () if day.closed else _CLOSED
    standing: Fields = {"state": day.state, "generation": day.generation, "net_sales_cents": net_sales_cents}
    return {**standing, **dict.fromkeys((*gone, *void), "")}


def _after(known: Fields, entry: Entry) -> Fields:
    """What one fact changes."""
    by = (instant_text(entry.recorded_at), entry.provenance.actor, entry.provenance.reason)
    match entry.fact:
        case DayPolled() as fact:
            anew: Fields = {"generation_at": by[0], "unchanged": 0}
            return anew if _imports(fact) else {**anew, **_WELL, "tried_at": instant_text(fact.attempt.ended_at)}
        case (PollUnchanged() | GenerationStaged()) as fact if not _imports(fact):
            tried = {"tried_at": instant_text(fact.attempt.ended_at)}
            return {**_WELL, **tried, "unchanged": known["unchanged"] + 1}
        case PollFailed() as fact if not _imports(fact):
            return {
                "tried_at": instant_text(fact.attempt.ended_at),
                "failures": known["failures"] + 1,
                "failure": fact.failure,
                "message": fact.message,
                "retryable": fact.retryable,
                "retry_at": instant_text(fact.retry_at),
            }
        case DayDeleted():
            # Somebody wants the day anew: what failed before does not make them wait.
            return {**_WELL, **dict(zip(_DELETED, by, strict=True))}
        case DayConfirmedClosed():
            return dict(zip(_CLOSED, by, strict=True))
        case _:
            return {}


def _imports(fact: DayPolled | PollUnchanged | GenerationStaged | PollFailed) -> bool:
    return fact.attempt.kind == "import"


VIEW: Final = View("watch", (table,), project)
