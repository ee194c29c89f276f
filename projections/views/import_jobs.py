"""Data import jobs as they are, their runs, and what came of each part."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Table, select

from domain.facts import (
    Entry,
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
)
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import ImportJobId, ImportRunId, import_job_of, import_run_of
from projections.batches import Batch
from projections.tables import import_job, import_part, import_run
from projections.views.view import View
from projections.words import instant_text, json_text
from projections.writing import Row, Writer, as_row

Fields = dict[str, Any]
Key = tuple[str | int, ...]

_NEW: Final[Fields] = {
    "name": "",
    "connection": "",
    "period_json": json_text({"kind": "everything"}),
    "companies_json": "[]",
    "locations_json": "[]",
    "data_sets_json": "[]",
    "schedule_json": "null",
    "scheduled": "",
    "ended": False,
    "revision": 0,
    "runs": 0,
    "added_at": "",
    "added_by": "",
    "changed_at": "",
    "changed_by": "",
}


def project(batch: Batch, writer: Writer) -> None:
    """Bring the three tables up to date, from every fact about data import jobs."""
    jobs: dict[Key, Fields] = {}
    runs: dict[Key, Fields] = {}
    parts: dict[Key, Row] = {}
    for entry in batch.entries:
        fact, job, run = entry.fact, import_job_of(entry.stream), import_run_of(entry.stream)
        if job is not None and isinstance(fact, ImportJobFact):
            _noted(jobs, job, entry, fact, writer)
            _run_noted(runs, job, entry, fact, writer)
        elif run is not None and isinstance(fact, ImportPartDone):
            row = part_row(run, fact, entry)
            if _known({}, writer, import_part, row[:5]) is None:  # of one that was done twice the first time counts
                parts.setdefault(row[:5], row)
    writer.put(import_job, [as_row(import_job, fields) for _, fields in sorted(jobs.items())])
    writer.put(import_run, [as_row(import_run, fields) for _, fields in sorted(runs.items())])
    writer.add(import_part, [row for _, row in sorted(parts.items())])


def _known(touched: Mapping[Key, Fields], writer: Writer, table: Table, key: Key) -> Fields | None:
    """The row as of now, from the batch or the table."""
    if key in touched:
        return touched[key]
    columns = list(table.primary_key.columns)
    asked = select(table).where(*[column == value for column, value in zip(columns, key, strict=True)])
    found = writer.execute(asked).mappings().first()
    return None if found is None else dict(found)


def _noted(jobs: dict[Key, Fields], job: ImportJobId, entry: Entry, fact: ImportJobFact, writer: Writer) -> None:
    key: Key = (job.client, job.job)
    fields = _known(jobs, writer, import_job, key) or {"client": job.client, "job": job.job, **_NEW}
    fields = fields | _of_job(fields, fact, entry) | {"position": entry.position}
    if not isinstance(fact, ImportRunStarted | ImportRunEnded):
        changed = {"changed_at": instant_text(entry.recorded_at), "changed_by": entry.provenance.actor}
        fields |= {**changed, "revision": fields["revision"] + 1}
    jobs[key] = fields


def _of_job(fields: Fields, fact: ImportJobFact, entry: Entry) -> Fields:
    """The columns of a job that a fact changes."""
    match fact:
        case ImportJobAdded():
            added = {"added_at": instant_text(entry.recorded_at), "added_by": entry.provenance.actor}
            return {**_defined(fact), "connection": fact.connection, **added}
        case ImportJobChanged():
            return _defined(fact)
        case ImportJobScheduled():
            return {"schedule_json": json_text(fact)}
        case ImportJobUnscheduled():
            return {"schedule_json": "null"}
        case ImportJobEnded():
            return {"schedule_json": "null", "ended": True}
        case ImportRunStarted():
            scheduled = fact.scheduled.isoformat() if fact.scheduled else fields["scheduled"]
            return {"runs": max(fields["runs"], fact.run), "scheduled": scheduled}
        case ImportRunEnded():
            return {}


def _defined(fact: ImportJobAdded | ImportJobChanged) -> Fields:
    return {
        "name": fact.name,
        "period_json": json_text(fact.period),
        "companies_json": json_text(fact.companies),
        "locations_json": json_text(fact.locations),
        "data_sets_json": json_text(fact.data_sets),
    }


def _run_noted(runs: dict[Key, Fields], job: ImportJobId, entry: Entry, fact: ImportJobFact, writer: Writer) -> None:
    if isinstance(fact, ImportRunStarted):
        runs[job.client, job.job, fact.run] = begun(job, fact, entry)
    elif isinstance(fact, ImportRunEnded):
        key: Key = (job.client, job.job, fact.run)
        known = _known(runs, writer, import_run, key)
        if known is not None:
            runs[key] = known | over(entry)


def begun(job: ImportJobId, fact: ImportRunStarted, entry: Entry) -> Fields:
    """The row of a run that began."""
    return {
        "client": job.client,
        "job": job.job,
        "run": fact.run,
        "connection": fact.connection,
        "spans_json": json_text(fact.spans),
        "left_out_json": json_text(fact.left_out),
        "data_sets_json": json_text(fact.data_sets),
        "scheduled": fact.scheduled.isoformat() if fact.scheduled else "",
        "started_at": instant_text(entry.recorded_at),
        "started_by": entry.provenance.actor,
        "reason": entry.provenance.reason,
        "command": entry.provenance.command,
        "ended_at": "",
        "position": entry.position,
    }


def over(entry: Entry) -> Fields:
    """What of the row of a run is another once it is over."""
    return {"ended_at": instant_text(entry.recorded_at), "position": entry.position}


def part_row(run: ImportRunId, fact: ImportPartDone, entry: Entry) -> Row:
    """The row of a part that is done."""
    key = (run.client, run.job, run.run, fact.location, fact.date.isoformat())
    told = (fact.outcome, fact.generation, fact.failure, fact.message)
    return (*key, *told, instant_text(entry.recorded_at), entry.provenance.actor, entry.position)


VIEW: Final = View("import-jobs", (import_job, import_run, import_part), project)
