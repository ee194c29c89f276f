"""Start a run of a data import job: plan its parts, and take the turns of its companies."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.commands.changing import CommandReused
from domain.commands.changing_import_job import MOST_DECISIONS, check_seen, load_import_job, no_such_import_job
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.connection import Connection
from domain.connection.standing import IsSuspended, check_standing
from domain.facts import ImportRunStarted, ImportTurnTaken
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, ImportJobId, ImportRunId, ImportTurnId, client_of
from domain.import_jobs import (
    NEW_IMPORT_JOB,
    ImportJob,
    Place,
    RunInProgress,
    company_of,
    data_sets_of,
    decide_start,
    plan,
)
from domain.import_jobs.defining import check_lasting
from domain.permissions import Permission
from domain.polling import BadConfiguration
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved


@dataclass(frozen=True, slots=True)
class StartImport:
    """Start a run of a job, at those of its locations that whoever starts it has.

    Attributes:
        job: which.
        intent: who and why.
        known: the first business date of which anything is recorded, by location.
        scheduled: the date of the schedule that it is for; None: somebody starts it.
    """

    job: ImportJobId
    intent: Intent
    known: Mapping[str, dt.date] = field(default_factory=dict)
    scheduled: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ImportStarted:
    """A run that began.

    Attributes:
        id: which.
        run: as it is planned.
        receipt: where it is recorded.
        again: it was recorded before; now it was only answered.
    """

    id: ImportRunId
    run: ImportRunStarted
    receipt: Receipt
    again: bool = False


def start_import(command: StartImport, house: House) -> ImportStarted:
    """Record that a run begins; its parts are polled afterwards, one by one, by whoever comes to it.

    Raises:
        NotPermitted: they may not run jobs.
        NoSuchImportJob, ImportJobIsOver: there is none to run.
        IsSuspended, IsDisconnected: nothing is polled through its connection.
        NothingToAskFor: its system is not asked any more.
        NothingToImport: of what it asks for nothing can be imported now.
        RunInProgress: another run has one of its companies; also where that is for the same date of the schedule.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    named, intent = command.job, command.intent
    house.permit(intent.asks(Permission.RUN_JOBS, named.client))
    job, lost = NEW_IMPORT_JOB, 0
    while True:
        job = load_import_job(house.journal, named, known=job)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(named.client, intent.command)
        if done:
            return _recorded(command, house, done, again=True)
        recordings = _decided(command, house, job)
        try:
            receipt = house.journal.append(recordings, intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return _recorded(command, house, receipt, again=False)


def _decided(command: StartImport, house: House, job: ImportJob) -> list[Recording]:
    named, intent = command.job, command.intent
    if not job.version:
        raise no_such_import_job(named)
    connection = load_connection(house.journal, ConnectionId(named.client, job.connection))
    theirs = check_seen(job, named, connection, intent)
    check_lasting(job)
    check_running(connection)
    if command.scheduled is not None and job.scheduled is not None and command.scheduled <= job.scheduled:
        raise RunInProgress("The run for this date of the schedule was started already.")
    system = house.system(connection.system)
    data_sets = data_sets_of(system.title, system.profile.capabilities, job.data_sets)
    old = bool(theirs) and all(house.access(intent.asks(Permission.POLL_OLD, named.client, name)) for name in theirs)
    places = [_place(connection, name, command.known.get(name), house.clock.now()) for name in theirs]
    planned = plan(job.period, data_sets, places, window_days=house.window_days, old=old)
    companies = sorted({company_of(connection, span.location) for span in planned.spans})
    streams = {ImportTurnId(named.client, company).stream: company for company in companies}
    versions = house.journal.versions(streams)
    held = {company: _holder(house, stream, versions.get(stream, 0), intent) for stream, company in streams.items()}
    run = decide_start(
        job,
        planned,
        data_sets=data_sets,
        companies=companies,
        taken={company: words for company, words in held.items() if words},
        scheduled=command.scheduled,
        old=old,
    )
    turn: tuple[Fact, ...] = (ImportTurnTaken(named.job, run.run),)
    turns = [Recording(stream, versions.get(stream, 0), turn) for stream in streams]
    return [Recording(named.stream, job.version, (run,)), *turns]


def check_running(connection: Connection) -> None:
    """Refuse to run what nothing is polled for.

    Raises:
        NotEstablished, IsSuspended, IsDisconnected: it is so.
    """
    check_standing(connection)
    if connection.life.stage == "suspended":
        because = f": {connection.life.reason}" if connection.life.reason else ""
        raise IsSuspended(f"The connection {connection.name!r} is suspended{because}. Resume it first.")


def _place(connection: Connection, location: str, known: dt.date | None, now: dt.datetime) -> Place:
    try:
        frame = connection.frame(location, now.date())
        options = connection.configuration.at(location)
    except BadConfiguration:  # a newer release recorded it
        return Place(location, None)
    today = frame.date_of(now)
    last = today
    while frame.window_of(last).ends_at > now:
        last -= dt.timedelta(days=1)
    lost = location in connection.life.lost_locations
    return Place(location, today, last, known, lost, not options.disable_deposits_import)


def _holder(house: House, stream: str, version: int, intent: Intent) -> str:
    """The run that has a turn and is not over, in words; empty where there is none.

    A run that is over never goes on, so that what is read here is no older than what the turn's stream says.
    """
    turns = house.journal.stream(stream, after=version - 1) if version else ()
    turn = next((entry.fact for entry in turns if isinstance(entry.fact, ImportTurnTaken)), None)
    if turn is None:
        return ""
    run = load_import_job(house.journal, ImportJobId(client_of(stream), turn.job)).running.get(turn.run)
    if run is None:
        return ""
    if any(intent.rights.reach(span.location) for span in run.spans):
        return f"The run {turn.run} of the data import job {turn.job!r}"
    return "A run at other locations of the company"


def _recorded(command: StartImport, house: House, receipt: Receipt, *, again: bool) -> ImportStarted:
    """What a commit holds, if it is this command's.

    Raises:
        CommandReused: it is another's.
    """
    named, intent = command.job, command.intent
    for entry in house.journal.stream(named.stream, until=receipt.position):
        by = entry.provenance
        if by.command == intent.command and isinstance(entry.fact, ImportRunStarted):
            same = (by.actor, by.reason, entry.fact.scheduled) == (intent.actor, intent.reason, command.scheduled)
            if same:
                return ImportStarted(ImportRunId(named.client, named.job, entry.fact.run), entry.fact, receipt, again)
    raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
