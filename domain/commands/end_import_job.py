"""End a data import job, for good: what it imported stays."""

from domain.commands.changing_import_job import ImportJobMade, OnImportJob, changed, load_parts
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import ImportRunId
from domain.import_jobs import ImportJob, decide_end
from domain.ports.house import House


def end_import_job(command: OnImportJob, house: House) -> ImportJobMade:
    """Record that it is over; runs that were not over end with it, and what they had not polled is not polled.

    Raises:
        NotPermitted: they may not run jobs, or not at all of its locations.
        NoSuchImportJob: there is none.
        NotTheVersion, CommandReused, StreamMoved: see ``changed``.
    """
    named = command.job

    def decide(job: ImportJob) -> tuple[ImportJobFact, ...]:
        runs = [ImportRunId(named.client, named.job, number) for number in job.running]
        return decide_end(job, {run.run: load_parts(house.journal, run)[0] for run in runs})

    return changed(command, house, decide)
