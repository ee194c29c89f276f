"""Changes after approval: what approved days do not take until they are reopened."""

from typing import Any, Final

from sqlalchemy import delete, select

from domain.business_day import BusinessDay
from domain.facts import ABSENT, ChangesStaged, DayReopened, GenerationStaged, LateChangeObserved, ReplayStaged
from projections.batches import Batch, DayBatch
from projections.tables import late_change as table
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Row, Writer, as_row

_GONE: Final = bytes(ABSENT)
_HELD: Final = (GenerationStaged, ChangesStaged, LateChangeObserved, ReplayStaged, DayReopened)

Told = dict[int, tuple[int, str]]
"""Position and time of facts, by their version in the day's stream."""


def project(batch: Batch, writer: Writer) -> None:
    """The rows of each day that something came to light on, or that was reopened, anew: as many as wait on it."""
    for touched in batch.days:
        if any(isinstance(entry.fact, _HELD) for entry in touched.entries):
            day, _ = touched.summed(batch.folds)
            known = _told_before(touched, writer)
            told = {entry.version: (entry.position, instant_text(entry.recorded_at)) for entry in touched.entries}
            writer.execute(delete(table).where(*_of(touched)))
            writer.add(table, _rows(touched, day, {**known, **told}))


def _of(touched: DayBatch) -> tuple[Any, ...]:
    return (
        table.c.client == touched.day.client,
        table.c.business_date == touched.date,
        table.c.location == touched.day.location,
    )


def _told_before(touched: DayBatch, writer: Writer) -> Told:
    """Where facts of earlier batches stand: what waits of them has a row."""
    asked = select(table.c.version, table.c.position, table.c.recorded_at).where(*_of(touched)).distinct()
    return {row.version: (row.position, row.recorded_at) for row in writer.execute(asked)}


def _rows(touched: DayBatch, day: BusinessDay, told: Told) -> list[Row]:
    return [
        as_row(
            table,
            {
                "client": touched.day.client,
                "business_date": touched.date,
                "location": touched.day.location,
                "kind": kind,
                "key": key,
                "version": late.version,
                "position": told[late.version][0],
                "recorded_at": told[late.version][1],
                "origin": late.origin,
                "read_date": "" if late.read_date is None else late.read_date.isoformat(),
                "connection": late.connection,
                "capture": late.capture,
                "before": day.records.get(kind, {}).get(key, _GONE),
                "after": late.after,
            },
        )
        for (kind, key), late in sorted(day.late.items())
    ]


VIEW: Final = View("late-changes", (table,), project)
