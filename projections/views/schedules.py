"""Schedules: what is entered and what is published, of every location and week."""

from typing import Any, Final

import msgspec
from sqlalchemy import select

from domain.facts import Entry
from domain.facts.schedules import ScheduledShift, ScheduleFact, SchedulePublished
from domain.identifiers import ScheduleId, schedule_of
from domain.schedule import NEW_SCHEDULE, Schedule, fold
from projections.batches import Batch
from projections.schedule_tables import schedule
from projections.views.view import View
from projections.words import instant_text
from projections.writing import Writer, as_row

Fields = dict[str, Any]

_SHIFTS: Final = msgspec.json.Decoder(dict[str, ScheduledShift])


def project(batch: Batch, writer: Writer) -> None:
    """Bring the table up to date."""
    told: dict[ScheduleId, list[Entry]] = {}
    for entry in batch.entries:
        named = schedule_of(entry.stream)
        if named is not None and isinstance(entry.fact, ScheduleFact):
            told.setdefault(named, []).append(entry)
    for named, entries in told.items():
        row = _known(named, writer)
        for entry in entries:
            row = _after(row, entry)
        writer.put(schedule, [as_row(schedule, row)])


def state_of(row: Fields) -> Schedule:
    """The schedule that a row is of."""
    return Schedule(
        row["version"],
        _SHIFTS.decode(row["shifts_json"]),
        _SHIFTS.decode(row["published_json"]),
        row["publications"],
        row["numbered"],
    )


def _after(row: Fields, entry: Entry) -> Fields:
    fact = entry.fact
    assert isinstance(fact, ScheduleFact)  # noqa: S101 - no others were gathered
    now = fold([fact], state_of(row))
    when, who = instant_text(entry.recorded_at), entry.provenance.actor
    way = "published" if isinstance(fact, SchedulePublished) else "changed"
    return {**row, **_fields(now), f"{way}_at": when, f"{way}_by": who, "position": entry.position}


def _fields(now: Schedule) -> Fields:
    return {
        "version": now.version,
        "publications": now.publications,
        "numbered": now.numbered,
        "shifts_json": msgspec.json.encode(now.shifts).decode(),
        "published_json": msgspec.json.encode(now.published).decode(),
    }


def _known(named: ScheduleId, writer: Writer) -> Fields:
    week = named.week.isoformat()
    asked = select(schedule).where(
        schedule.c.client == named.client, schedule.c.location == named.location, schedule.c.week == week
    )
    found = writer.execute(asked).mappings().first()
    if found is not None:
        return dict(found)
    begun = dict.fromkeys(("changed_at", "changed_by", "published_at", "published_by"), "")
    return {"client": named.client, "location": named.location, "week": week, **begun, **_fields(NEW_SCHEDULE)}


VIEW: Final = View("schedules", (schedule,), project)
