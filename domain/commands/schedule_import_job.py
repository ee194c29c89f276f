"""Schedule a data import job, every day at a time, or no more."""

from dataclasses import dataclass

from domain.commands.changing_import_job import ImportJobMade, OnImportJob, changed
from domain.facts.import_jobs import ImportJobFact
from domain.import_jobs import ImportJob, decide_schedule, decide_unschedule
from domain.ports.house import House


@dataclass(frozen=True, slots=True)
class ScheduleImportJob(OnImportJob):
    """Say when a job runs by itself.

    Attributes:
        at: ``HH:MM`` wall-clock time; empty: never.
        zone: IANA zone of that clock.
    """

    at: str = ""
    zone: str = ""


def schedule_import_job(command: ScheduleImportJob, house: House) -> ImportJobMade:
    """Record when it runs: the worker starts it then, or as soon as it can.

    Raises:
        NotPermitted: they may not run jobs, or not at all of its locations.
        NoSuchImportJob, ImportJobIsOver: there is none to schedule.
        NotScheduled: only the last days can be, as far as they may be polled.
        BadTimeOfDay, UnknownZone: the time or the zone is none.
        NotTheVersion, CommandReused, StreamMoved: see ``changed``.
    """

    def decide(job: ImportJob) -> tuple[ImportJobFact, ...]:
        if not command.at:
            return decide_unschedule(job)
        return decide_schedule(job, command.at, command.zone, house.clock.now(), house.window_days)

    return changed(command, house, decide)
