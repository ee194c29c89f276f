"""Schedules: when a job runs by itself. Pure: nothing remembers that something was to be done."""

import datetime as dt

from domain.business_date import date_of, window
from domain.import_jobs.state import ImportJob


def occasion(job: ImportJob, now: dt.datetime) -> dt.date | None:
    """The date of the schedule for which a run is due now, or None.

    Where several were missed it is the newest alone: the last days are the same for all of them.
    """
    schedule = job.schedule
    if schedule is None or job.ended:
        return None
    newest = date_of(now, schedule.zone, dt.time.fromisoformat(schedule.at))
    if newest < schedule.first or (job.scheduled is not None and newest <= job.scheduled):
        return None
    return newest


def next_occasion(job: ImportJob, now: dt.datetime) -> dt.datetime | None:
    """When the job runs by itself the next time, after this moment; None: never."""
    schedule = job.schedule
    if schedule is None or job.ended:
        return None
    at = dt.time.fromisoformat(schedule.at)
    date = max(date_of(now, schedule.zone, at) + dt.timedelta(days=1), schedule.first)
    return window(date, schedule.zone, at).starts_at
