"""Deciding what a job is: which connection and locations, which data sets and days, and whether it runs by itself."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from domain.business_date import date_of
from domain.connection import Connection, NotConnected, day_start
from domain.connection.companies import organization_of
from domain.facts import (
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportRunEnded,
    Period,
)
from domain.import_jobs.periods import checked_period
from domain.import_jobs.running import outcome_of, outcomes_of, planned
from domain.import_jobs.state import ImportJob, Parts
from domain.names import checked_name
from domain.refusals import Conflict, NotFound, Refusal


class NoSuchImportJob(NotFound):
    """There is no such data import job."""


class ImportJobExists(Conflict):
    """There is a data import job of that id."""


class ImportJobIsOver(Conflict):
    """The data import job was ended, for good; what it imported stays."""


class BadImportJob(Refusal):
    """What a data import job is to import does not fit its connection."""


class NotScheduled(Refusal):
    """The data import job cannot run by itself: only the last days can be scheduled, as far as they may be polled."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a job is to import.

    Attributes:
        name: what people call it.
        period: which business days.
        companies: whose locations; the source's ids.
        locations: which; with no company all that the connection feeds.
        data_sets: which; empty: all.
    """

    name: str
    period: Period
    companies: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    data_sets: tuple[str, ...] = ()


def decide_add(job: ImportJob, connection_id: str, connection: Connection, meant: Meant) -> tuple[ImportJobAdded, ...]:
    """The fact of a new job.

    Raises:
        ImportJobExists: there is one of that id.
        BadName, BadPeriod, BadImportJob, NotConnected: what is meant does not fit.
    """
    if job.version:
        raise ImportJobExists("A data import job of this id exists already: choose another id.")
    chosen = _checked(meant, connection)
    return (
        ImportJobAdded(chosen.name, connection_id, chosen.period, chosen.companies, chosen.locations, chosen.data_sets),
    )


def decide_change(
    job: ImportJob, connection: Connection, meant: Meant, window_days: int
) -> tuple[ImportJobChanged, ...]:
    """The fact of a job that is defined otherwise; none where it is so already.

    Raises:
        NoSuchImportJob, ImportJobIsOver: there is none to change.
        NotScheduled: it is scheduled, and what is meant cannot be.
        BadName, BadPeriod, BadImportJob, NotConnected: what is meant does not fit.
    """
    check_lasting(job)
    chosen = _checked(meant, connection)
    if job.schedule is not None:
        check_schedulable(chosen.period, window_days)
    fact = ImportJobChanged(chosen.name, chosen.period, chosen.companies, chosen.locations, chosen.data_sets)
    now = ImportJobChanged(job.name, job.period, job.companies, job.locations, job.data_sets)
    return () if fact == now else (fact,)


def decide_schedule(
    job: ImportJob, at: str, zone: str, now: dt.datetime, window_days: int
) -> tuple[ImportJobScheduled, ...]:
    """The fact that a job runs every day at a time, from the next time on; none where it does already.

    Raises:
        NoSuchImportJob, ImportJobIsOver: there is none.
        NotScheduled: it is not about the last days, or about more than may be polled.
        BadTimeOfDay, UnknownZone: the time or the zone is none.
    """
    check_lasting(job)
    check_schedulable(job.period, window_days)
    starts = day_start(at)
    if job.schedule is not None and (job.schedule.at, job.schedule.zone) == (at, zone):
        return ()
    return (ImportJobScheduled(at, zone, date_of(now, zone, starts) + dt.timedelta(days=1)),)


def decide_unschedule(job: ImportJob) -> tuple[ImportJobUnscheduled, ...]:
    """The fact that a job runs only when somebody says so; none where it does already.

    Raises:
        NoSuchImportJob, ImportJobIsOver: there is none.
    """
    check_lasting(job)
    return (ImportJobUnscheduled(),) if job.schedule is not None else ()


def decide_end(job: ImportJob, parts: Mapping[int, Parts]) -> tuple[ImportRunEnded | ImportJobEnded, ...]:
    """The facts that a job is over, and with it its runs; none where it is.

    Args:
        job: as recorded.
        parts: of each of its runs that is not over, those that are done.

    Raises:
        NoSuchImportJob: there is none.
    """
    _check_there(job)
    if job.ended:
        return ()
    stopped = [
        ImportRunEnded(number, outcome_of(planned(run.spans), outcomes_of(parts.get(number, {})), run.left_out))
        for number, run in sorted(job.running.items())
    ]
    return (*stopped, ImportJobEnded())


def check_lasting(job: ImportJob) -> None:
    """Refuse a job that there is not, or not any more.

    Raises:
        NoSuchImportJob, ImportJobIsOver: it is so.
    """
    _check_there(job)
    if job.ended:
        raise ImportJobIsOver("The data import job was ended, for good: add another one.")


def check_schedulable(period: Period, window_days: int) -> None:
    """Refuse to run by itself what is not about the last days, or about days that the worker may not poll.

    Raises:
        NotScheduled: it is so.
    """
    if period.kind != "last-days":
        raise NotScheduled(
            "Only the last days can be scheduled: a fixed range is imported once, and everything takes too long for "
            "every day. Give the job the period of the last days first."
        )
    if period.days > window_days:
        raise NotScheduled(
            f"A scheduled job may be about the last {window_days} days at most, because older ones are polled by the "
            "role 'support' alone."
        )


def meant_locations(job: ImportJob, connection: Connection) -> tuple[str, ...]:
    """The locations that a job means, of those that its connection feeds now."""
    there = sorted(connection.locations)
    if job.companies:
        return tuple([name for name in there if organization_of(connection, name) in job.companies])
    return tuple([name for name in there if not job.locations or name in job.locations])


def _check_there(job: ImportJob) -> None:
    if not job.version:
        raise NoSuchImportJob("There is no such data import job.")


def _checked(meant: Meant, connection: Connection) -> Meant:
    """What is meant, in one order and each thing once.

    Raises:
        BadName, BadPeriod, BadImportJob, NotConnected: it does not fit.
    """
    if meant.companies and meant.locations:
        raise BadImportJob("Choose companies or locations, not both.")
    nowhere = sorted(set(meant.locations) - connection.locations.keys())
    if nowhere:
        # Nothing is said about other locations: they may not be theirs to know.
        raise NotConnected(f"The connection does not feed the location {nowhere[0][:80]!r}.")
    strangers = sorted(set(meant.companies) - connection.life.companies.keys())
    if strangers:
        chosen = ", ".join(sorted(connection.life.companies)[:10]) or "none"
        raise BadImportJob(f"The connection has not chosen the company {strangers[0][:80]!r}. It has: {chosen}.")
    if not connection.locations:
        raise NotConnected("The connection feeds no location, so that there is nothing to import.")
    return Meant(
        checked_name(meant.name),
        checked_period(meant.period),
        tuple(sorted(set(meant.companies))),
        tuple(sorted(set(meant.locations))),
        meant.data_sets,
    )


def redefined(
    job: ImportJob,
    *,
    name: str | None = None,
    period: Period | None = None,
    companies: tuple[str, ...] | None = None,
    locations: tuple[str, ...] | None = None,
    data_sets: tuple[str, ...] | None = None,
) -> Meant:
    """What a job means where some of it is given anew; what is None stays.

    Companies take the place of locations, and the other way round.
    """
    kept_companies = () if locations else job.companies
    kept_locations = () if companies else job.locations
    return Meant(
        job.name if name is None else name,
        job.period if period is None else period,
        kept_companies if companies is None else companies,
        kept_locations if locations is None else locations,
        job.data_sets if data_sets is None else data_sets,
    )
