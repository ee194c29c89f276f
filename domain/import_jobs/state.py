"""A data import job as of some moment, and the parts of one of its runs."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from domain.facts import (
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
    Period,
)
from domain.facts.import_jobs import ImportJobFact

Part = tuple[str, dt.date]
"""One business day of one location."""

Parts = Mapping[Part, ImportPartDone]
"""What came of parts of a run, those that are done."""

Run = ImportRunStarted
"""A run as it was planned."""

Schedule = ImportJobScheduled
"""When a job runs by itself."""


EVERYTHING: Final = Period("everything")


@dataclass(frozen=True, slots=True)
class ImportJob:
    """A data import job.

    Attributes:
        version: of its stream; 0 before the first fact.
        revision: counts what was decided about it; its runs do not count.
        name: what people call it.
        connection: that is polled.
        period: which business days.
        companies: whose locations are meant; empty: none is named.
        locations: that are meant; empty with no company: all that the connection feeds.
        data_sets: what is wanted; empty: all that the system has.
        schedule: when it runs by itself; None: never.
        ended: it is over.
        runs: how many there were.
        running: those that are not over, by number.
        scheduled: the newest date of the schedule that a run was for.
    """

    version: int = 0
    revision: int = 0
    name: str = ""
    connection: str = ""
    period: Period = EVERYTHING
    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()
    schedule: Schedule | None = None
    ended: bool = False
    runs: int = 0
    running: Mapping[int, Run] = field(default_factory=dict)
    scheduled: dt.date | None = None


NEW_IMPORT_JOB: Final = ImportJob()


def fold(facts: Iterable[ImportJobFact], job: ImportJob = NEW_IMPORT_JOB) -> ImportJob:
    """The job after these facts, in their order. Total: it accepts whatever was recorded, and guards nothing."""
    for fact in facts:
        decided = not isinstance(fact, ImportRunStarted | ImportRunEnded)
        job = replace(_evolved(job, fact), version=job.version + 1, revision=job.revision + decided)
    return job


def _evolved(job: ImportJob, fact: ImportJobFact) -> ImportJob:
    match fact:
        case ImportJobAdded():
            return replace(_defined(job, fact), connection=fact.connection)
        case ImportJobChanged():
            return _defined(job, fact)
        case ImportJobScheduled():
            return replace(job, schedule=fact)
        case ImportJobUnscheduled():
            return replace(job, schedule=None)
        case ImportJobEnded():
            return replace(job, schedule=None, ended=True)
        case ImportRunStarted():
            scheduled = fact.scheduled or job.scheduled
            running = {**job.running, fact.run: fact}
            return replace(job, runs=max(job.runs, fact.run), running=running, scheduled=scheduled)
        case ImportRunEnded():
            return replace(job, running={number: run for number, run in job.running.items() if number != fact.run})
        case _:
            assert_never(fact)


def _defined(job: ImportJob, fact: ImportJobAdded | ImportJobChanged) -> ImportJob:
    return replace(
        job,
        name=fact.name,
        period=fact.period,
        companies=fact.companies,
        locations=fact.locations,
        data_sets=fact.data_sets,
    )


def fold_parts(facts: Iterable[ImportPartDone]) -> dict[Part, ImportPartDone]:
    """The parts that are done; of one that was done twice the first time counts."""
    found: dict[Part, ImportPartDone] = {}
    for fact in facts:
        found.setdefault((fact.location, fact.date), fact)
    return found
