"""Queries about data import jobs, their runs and the parts of these."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, or_, select, true

from domain.facts import ImportPartDone, ImportRunEnded, ImportRunStarted, LeftOut, Span
from domain.facts.import_jobs import PartOutcome
from domain.identifiers import ImportJobId, ImportRunId
from domain.ports.journal import Journal
from projections import tables
from projections.asking import MOST_ROWS, Among, rows_of, typed
from projections.import_rows import ImportJobRow, ImportPartRow, ImportRunRow
from projections.views.import_jobs import begun, over, part_row
from projections.walls import reading


def import_jobs(
    engine: Engine, client: str, *, among: Among = None, after: str = "", limit: int = MOST_ROWS
) -> list[ImportJobRow]:
    """Data import jobs by id, past the id ``after``, ended ones too; of some locations those that concern one."""
    columns = tables.import_job.c
    asked = select(tables.import_job).where(columns.client == client, columns.job > after, _concerns(among))
    return rows_of(engine, client, asked.order_by(columns.job), ImportJobRow, limit)


def find_import_job(engine: Engine, client: str, job: str, *, among: Among = None) -> ImportJobRow | None:
    """A data import job, or None where this client has none of that id at locations that the reader may see."""
    columns = tables.import_job.c
    asked = select(tables.import_job).where(columns.client == client, columns.job == job, _concerns(among))
    found = rows_of(engine, client, asked, ImportJobRow, 1)
    return found[0] if found else None


def scheduled_jobs(engine: Engine, client: str, *, after: str = "", limit: int = MOST_ROWS) -> list[ImportJobRow]:
    """Data import jobs that run by themselves, by id, past the id ``after``."""
    columns = tables.import_job.c
    asked = select(tables.import_job).where(
        columns.client == client, columns.job > after, columns.schedule_json != "null"
    )
    return rows_of(engine, client, asked.order_by(columns.job), ImportJobRow, limit)


def import_runs(
    engine: Engine, client: str, job: str, *, among: Among = None, after: int | None = None, limit: int = MOST_ROWS
) -> list[ImportRunRow]:
    """Runs of a job, newest first, from before the number ``after``; of some locations what is of these."""
    columns = tables.import_run.c
    asked = select(tables.import_run).where(columns.client == client, columns.job == job)
    asked = asked.where(_polls(columns.spans_json, columns.left_out_json, among))
    if after is not None:
        asked = asked.where(columns.run < after)
    return _runs(engine, client, asked.order_by(columns.run.desc()), among, limit)


def find_import_run(engine: Engine, client: str, job: str, run: int, *, among: Among = None) -> ImportRunRow | None:
    """A run of a job, or None where there is none of that number that concerns what the reader may see."""
    columns = tables.import_run.c
    asked = select(tables.import_run).where(columns.client == client, columns.job == job, columns.run == run)
    asked = asked.where(_polls(columns.spans_json, columns.left_out_json, among))
    found = _runs(engine, client, asked, among, 1)
    return found[0] if found else None


def open_runs(
    engine: Engine, client: str, *, after: tuple[str, int] = ("", 0), limit: int = MOST_ROWS
) -> list[ImportRunRow]:
    """Runs that are not over, by job and number."""
    columns = tables.import_run.c
    past = or_(columns.job > after[0], and_(columns.job == after[0], columns.run > after[1]))
    asked = select(tables.import_run).where(columns.client == client, columns.ended_at == "", past)
    return _runs(engine, client, asked.order_by(columns.job, columns.run), None, limit)


def import_parts(engine: Engine, client: str, job: str, run: int, *, among: Among = None) -> list[ImportPartRow]:
    """The parts of a run that are done, newest day first; there are at most 1,000."""
    columns = tables.import_part.c
    asked = select(tables.import_part).where(columns.client == client, columns.job == job, columns.run == run)
    if among is not None:
        asked = asked.where(columns.location.in_(sorted(among)))
    ordered = asked.order_by(columns.business_date.desc(), columns.location)
    found: list[ImportPartRow] = []
    while page := rows_of(engine, client, ordered.offset(len(found)), ImportPartRow, MOST_ROWS):
        found += page
    return found


def came_by_run(
    engine: Engine, client: str, job: str, runs: Collection[int], *, among: Among = None
) -> dict[int, dict[str, Counter[PartOutcome]]]:
    """How many parts of some runs of a job came to what, by run and location."""
    columns = tables.import_part.c
    key = (columns.run, columns.location, columns.outcome)
    asked = select(*key, func.count()).where(columns.client == client, columns.job == job, columns.run.in_(runs))
    if among is not None:
        asked = asked.where(columns.location.in_(sorted(among)))
    found: dict[int, dict[str, Counter[PartOutcome]]] = {run: {} for run in runs}
    with reading(engine, client) as connection:
        for run, location, outcome, count in connection.execute(asked.group_by(*key)):
            found[run].setdefault(location, Counter())[outcome] += count
    return found


def first_days(engine: Engine, client: str, locations: Collection[str]) -> dict[str, dt.date]:
    """The first business date of which anything is recorded, by location; those without any are left out."""
    columns = tables.watch.c
    asked = select(columns.location, func.min(columns.business_date)).where(
        columns.client == client, columns.location.in_(sorted(locations))
    )
    with reading(engine, client) as connection:
        found = connection.execute(asked.group_by(columns.location)).all()
    return {location: dt.date.fromisoformat(first) for location, first in found}


def recorded_run(journal: Journal, run: ImportRunId) -> tuple[ImportRunRow, list[ImportPartRow]] | None:
    """A run and its parts as they are recorded, whether the views know it yet or not; None where there is none."""
    job = ImportJobId(run.client, run.job)
    fields: dict[str, Any] = {}
    for entry in journal.stream(job.stream):
        if isinstance(entry.fact, ImportRunStarted) and entry.fact.run == run.run:
            fields = begun(job, entry.fact, entry)
        elif isinstance(entry.fact, ImportRunEnded) and entry.fact.run == run.run:
            fields |= over(entry)
    if not fields:
        return None
    parts: dict[tuple[Any, ...], ImportPartRow] = {}
    names = tables.import_part.columns.keys()
    for entry in journal.stream(run.stream):
        if isinstance(entry.fact, ImportPartDone):
            row = part_row(run, entry.fact, entry)
            parts.setdefault(row[:5], ImportPartRow(**typed(dict(zip(names, row, strict=True)))))
    newest_first = sorted(parts.values(), key=lambda row: (-row.business_date.toordinal(), row.location))
    return _run(**typed(fields)), newest_first


def _runs(engine: Engine, client: str, asked: Select[Any], among: Among, limit: int) -> list[ImportRunRow]:
    return [row.among(among) for row in rows_of(engine, client, asked, _run, limit)]


def _run(**fields: Any) -> ImportRunRow:
    fields["spans"] = msgspec.convert(fields["spans"], tuple[Span, ...])
    fields["left_out"] = msgspec.convert(fields["left_out"], tuple[LeftOut, ...])
    return ImportRunRow(**fields)


def _concerns(among: Among) -> ColumnElement[bool]:
    """Jobs that mean one of the locations: by name, or with whatever their connection feeds."""
    if among is None:
        return true()
    job, feeder = tables.import_job.c, tables.feeder.c
    fed = exists(
        select(feeder.location).where(
            feeder.client == job.client, feeder.connection == job.connection, feeder.location.in_(sorted(among))
        )
    )
    return or_(_naming(job.locations_json, among), and_(job.locations_json == "[]", fed))


def _polls(spans: ColumnElement[str], left_out: ColumnElement[str], among: Among) -> ColumnElement[bool]:
    return true() if among is None else or_(_naming(spans, among), _naming(left_out, among))


def _naming(text: ColumnElement[str], among: Collection[str]) -> ColumnElement[bool]:
    """A location is named, read from the JSON itself, in which an id is quoted and looks like nothing else."""
    return or_(*[func.replace(text, f'"{one}"', "") != text for one in sorted(among)]) if among else ~true()
