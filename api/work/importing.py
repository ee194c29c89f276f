"""Runs of data import jobs, as the worker comes to them: what has to be started, and what is to be done still.

Nothing is claimed or leased: what is to be done follows from the views and the clock, and whoever dies in the middle of
a run has left parts that are to be done still, for whoever asks next.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import structlog

from api.composition import OpenHouse
from api.import_jobs import known_days
from domain.commands.changing_import_job import load_import_job
from domain.commands.import_day import DayImported, ImportDay, import_day
from domain.commands.intent import Intent
from domain.commands.start_import import StartImport, start_import
from domain.identifiers import DayId, ImportJobId, ImportRunId
from domain.import_jobs import ImportJob, next_occasion, occasion, parts_of
from domain.permissions import Permission, Rights
from domain.refusals import Conflict, NotYet, Refusal
from projections import import_jobs as views
from projections.due import held
from projections.import_rows import ImportJobRow, ImportRunRow

ACTOR = "worker"
BECAUSE_SCHEDULED = "scheduled"

_RIGHTS = Rights(frozenset({Permission.POLL, Permission.RUN_JOBS}), None, ("worker",))

_log = structlog.get_logger("daybook.worker")


@dataclass(frozen=True, slots=True)
class ImportsAsked:
    """What is to be done for data import jobs.

    Attributes:
        parts: business days to be polled now, each for a run; a day that two runs want is there once.
        again_at: when something is to be done that is not yet; None where there is none.
    """

    parts: Mapping[DayId, ImportRunId]
    again_at: dt.datetime | None


def ask_imports(opened: OpenHouse, client: str) -> ImportsAsked:
    """What is to be done for a client's data import jobs now, as far as the views know."""
    now = opened.house.clock.now()
    patience = held(opened.engine, client, now)
    parts: dict[DayId, ImportRunId] = {}
    moments = [moment for _, moment in _scheduled(opened, client) if moment is not None]
    for row in _open(opened, client):
        until = patience.get(row.connection)
        if until is not None:
            moments.append(until)
            continue
        done = {part.part for part in views.import_parts(opened.engine, client, row.job, row.run)}
        for location, date in parts_of(row.spans):
            if (location, date) not in done:
                parts.setdefault(DayId(client, location, date), ImportRunId(client, row.job, row.run))
    return ImportsAsked(parts, min(moments, default=None))


def run_for(opened: OpenHouse, day: DayId) -> ImportRunId | None:
    """The run that wants a day polled now, or None."""
    place = (day.location, day.date)
    for row in _open(opened, day.client):
        if not any(span.location == day.location and span.first <= day.date <= span.last for span in row.spans):
            continue
        done = views.import_parts(opened.engine, day.client, row.job, row.run, among={day.location})
        patience = held(opened.engine, day.client, opened.house.clock.now())
        if row.connection not in patience and place not in {part.part for part in done}:
            return ImportRunId(day.client, row.job, row.run)
    return None


def perform_part(opened: OpenHouse, run: ImportRunId, day: DayId) -> DayImported:
    """Poll a day for a run, unless that was done.

    Raises:
        JournalUnavailable, VaultLocked: see ``import_day``.
    """
    return import_day(ImportDay(run, day, ACTOR), opened.only(day.client).house)


def start_scheduled(opened: OpenHouse, client: str) -> int:
    """Start the runs that a schedule asks for now; answers how many began.

    Of several that were missed it is one. What is refused (its company is being imported, its connection is suspended)
    is due still, and asked for again with the next question.
    """
    begun = 0
    for named, _ in _scheduled(opened, client):
        job = load_import_job(opened.journal, named)
        date = occasion(job, opened.house.clock.now())
        if date is not None:
            begun += _start(opened, named, job, date)
    return begun


def _start(opened: OpenHouse, named: ImportJobId, job: ImportJob, date: dt.date) -> bool:
    # The same for whoever comes to it: of two workers at once one starts it, and the other is told so.
    own = hashlib.sha256(f"scheduled {named.stream} {date}".encode()).hexdigest()[:32]
    intent = Intent(ACTOR, BECAUSE_SCHEDULED, own, rights=_RIGHTS)
    alone = opened.only(named.client)
    try:
        started = start_import(StartImport(named, intent, known_days(alone, named), date), alone.house)
    except NotYet:
        raise
    except Refusal as refusal:
        # It waits for another run, or the connection is suspended or over: somebody wants it so.
        level = _log.debug if isinstance(refusal, Conflict) else _log.warning
        level("scheduled import not started", client=named.client, job=named.job, error=str(refusal)[:500])
        return False
    if not started.again:
        _log.info("scheduled import started", client=named.client, job=named.job, run=started.id.run, name=job.name)
    return not started.again


def _scheduled(opened: OpenHouse, client: str) -> Iterator[tuple[ImportJobId, dt.datetime | None]]:
    """Jobs that run by themselves, and when they do the next time."""
    now, after = opened.house.clock.now(), ""
    while rows := views.scheduled_jobs(opened.engine, client, after=after):
        for row in rows:
            yield ImportJobId(client, row.job), _next(row, now)
        after = rows[-1].job


def _next(row: ImportJobRow, now: dt.datetime) -> dt.datetime | None:
    return next_occasion(ImportJob(schedule=row.occasions, ended=row.ended), now)


def _open(opened: OpenHouse, client: str) -> Iterator[ImportRunRow]:
    after = ("", 0)
    while rows := views.open_runs(opened.engine, client, after=after):
        yield from rows
        after = (rows[-1].job, rows[-1].run)
