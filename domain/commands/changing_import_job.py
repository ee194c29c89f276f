"""Changing a data import job: by whom it concerns, decided on the fresh state, and once for each command."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, no_such_connection
from domain.commands.recording import NotTheVersion
from domain.commands.stewarding import permission_for
from domain.connection import Connection
from domain.connection.standing import may_edit
from domain.facts import ImportJobScheduled, ImportPartDone, ImportRunEnded
from domain.facts.import_jobs import ImportJobFact
from domain.identifiers import ConnectionId, ImportJobId, ImportRunId
from domain.import_jobs import NEW_IMPORT_JOB, ImportJob, NoSuchImportJob, Part, fold, fold_parts, meant_locations
from domain.permissions import NotPermitted, Permission
from domain.ports.house import House
from domain.ports.journal import Journal, Receipt, Recording, StreamMoved
from domain.refusals import Refusal

MOST_DECISIONS: Final = 200
"""How often a lost race is decided again before giving up: as many parts of one run may end at once."""

_NO_DATE: Final = dt.date(1990, 1, 1)

Decision = Callable[[ImportJob], tuple[ImportJobFact, ...]]
"""The facts that a command adds to a job as it is."""


@dataclass(frozen=True, slots=True)
class OnImportJob:
    """A command on a data import job.

    Attributes:
        job: which.
        intent: who and why.
        expected: the revision that the caller saw, or None for whatever is there.
    """

    job: ImportJobId
    intent: Intent
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class ImportJobMade:
    """What a command made of a job.

    Attributes:
        job: as it is afterwards.
        receipt: where it is recorded; None where nothing is, because nothing changed.
        again: it was recorded before; now it was only answered.
    """

    job: ImportJob
    receipt: Receipt | None = None
    again: bool = False


def load_import_job(journal: Journal, job: ImportJobId, *, known: ImportJob = NEW_IMPORT_JOB) -> ImportJob:
    """A job as recorded; of one that is known as of an earlier version only what came since is read."""
    entries = journal.stream(job.stream, after=known.version)
    return fold([entry.fact for entry in entries if isinstance(entry.fact, ImportJobFact)], known)


def load_parts(journal: Journal, run: ImportRunId) -> tuple[dict[Part, ImportPartDone], int]:
    """The parts of a run that are done, and the version of their stream."""
    facts = [entry.fact for entry in journal.stream(run.stream)]
    return fold_parts([fact for fact in facts if isinstance(fact, ImportPartDone)]), len(facts)


def no_such_import_job(job: ImportJobId) -> NoSuchImportJob:
    """The refusal that there is no such job."""
    return NoSuchImportJob(
        f"There is no data import job {job.job!r}: `daybook import-jobs` lists those that there are."
    )


def check_seen(job: ImportJob, named: ImportJobId, connection: Connection, intent: Intent) -> tuple[str, ...]:
    """The locations that a job means and that somebody may see; all that there are where they may see all.

    Raises:
        NoSuchImportJob: it means nothing that they may see: it is answered as one that there is not.
    """
    theirs = tuple([name for name in meant_locations(job, connection) if intent.rights.reach(name)])
    if intent.rights.locations is not None and not theirs:
        raise no_such_import_job(named)
    return theirs


def check_may_choose(
    house: House, connection_id: ConnectionId, connection: Connection, intent: Intent, *, companies: bool
) -> None:
    """Go on, if they may make jobs about a connection, and choose among its companies where they do.

    Raises:
        NotPermitted: they may not run jobs, or not see the companies.
        NotConnected: the connection feeds nothing that they may see.
    """
    rights = intent.rights
    house.permit(intent.asks(Permission.RUN_JOBS, connection_id.client))
    if rights.locations is not None and not any(map(rights.reach, connection.locations)):
        raise no_such_connection(connection_id)
    permission = permission_for(house, connection.system)
    if companies and not may_edit(connection.life, connection.locations, permission, intent.actor, rights):
        raise NotPermitted(
            "Companies are chosen by who may edit the connection, because nobody else sees them: choose locations."
        )


def changed(command: OnImportJob, house: House, decide: Decision) -> ImportJobMade:
    """Decide and record, if they may, and the job is as they saw it.

    Raises:
        NotPermitted: they may not run jobs, or not at all of its locations.
        NoSuchImportJob: there is none that they may see.
        NotTheVersion: it is not at the revision that the caller saw.
        CommandReused, StreamMoved: see :func:`decided`.
    """
    named, intent = command.job, command.intent
    house.permit(intent.asks(Permission.RUN_JOBS, named.client))

    def guard(job: ImportJob) -> None:
        check_theirs(job, named, house, intent)
        check_revision(command, job)

    return decided(named, intent, house, decide, guard)


def decided(
    named: ImportJobId,
    intent: Intent,
    house: House,
    decide: Decision,
    guard: Callable[[ImportJob], None] = lambda _: None,
) -> ImportJobMade:
    """Decide on the job as it is now, and record; a lost race (runs come in between) is decided again.

    A command that was recorded before is not done again: what it recorded is answered.

    Args:
        named: which job.
        intent: who and why.
        house: the ports.
        decide: the facts.
        guard: refuses what they may not, or did not see so; not asked of what was recorded before.

    Raises:
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost :data:`MOST_DECISIONS` times.
    """
    known, lost = NEW_IMPORT_JOB, 0
    while True:
        known = load_import_job(house.journal, named, known=known)
        # Asked after it was loaded: given twice at once, the command may be among what is known by now.
        done = house.journal.receipt(named.client, intent.command)
        if done:
            return recorded(named, intent, house, decide, done, again=True)
        guard(known)
        facts = decide(known)
        if not facts:
            return ImportJobMade(known)
        try:
            receipt = house.journal.append([Recording(named.stream, known.version, facts)], intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            # Somebody else may have recorded a command of this id and come first: what is recorded is the one answer.
            return recorded(named, intent, house, decide, receipt, again=False)


def check_theirs(job: ImportJob, named: ImportJobId, house: House, intent: Intent) -> Connection:
    """Go on, if all locations that a job means are theirs; answers its connection.

    Raises:
        NoSuchImportJob: there is none that they may see.
        NotPermitted: others are not theirs.
    """
    if not job.version:
        raise no_such_import_job(named)
    connection = load_connection(house.journal, ConnectionId(named.client, job.connection))
    theirs = check_seen(job, named, connection, intent)
    if len(theirs) < len(meant_locations(job, connection)):
        raise NotPermitted("The data import job is about more locations than are yours: this takes all of them.")
    return connection


def check_revision(command: OnImportJob, job: ImportJob) -> None:
    """Go on, if the job is as the caller saw it.

    Raises:
        NotTheVersion: it is not.
    """
    if command.expected is not None and command.expected != job.revision:
        raise NotTheVersion(
            f"The data import job is at revision {job.revision}, not {command.expected}: look at it again, then decide."
        )


def recorded(
    named: ImportJobId, intent: Intent, house: House, decide: Decision, receipt: Receipt, *, again: bool
) -> ImportJobMade:
    """What a commit holds, if it is this command's: somebody else may have used its id and come first.

    Raises:
        CommandReused: they did.
    """
    entries = list(house.journal.stream(named.stream, until=receipt.position))
    told = [(entry.provenance, entry.fact) for entry in entries if isinstance(entry.fact, ImportJobFact)]
    known = fold([fact for by, fact in told if by.command != intent.command])
    facts = [fact for by, fact in told if by.command == intent.command]
    who = {(by.actor, by.reason) for by, _ in told if by.command == intent.command}
    if who != {(intent.actor, intent.reason)} or not _decides(decide, known, facts):
        raise CommandReused(f"The id {intent.command!r} was used for another command: use a new one.")
    return ImportJobMade(fold(facts, known), receipt, again)


def _decides(decide: Decision, known: ImportJob, facts: list[ImportJobFact]) -> bool:
    """The command leads to just these facts, whatever the time is by now."""
    try:
        return [_timeless(fact) for fact in decide(known)] == [_timeless(fact) for fact in facts]
    except Refusal:
        return False


def _timeless(fact: ImportJobFact) -> ImportJobFact:
    """Neither the day of the decision nor what came of parts meanwhile is another command."""
    if isinstance(fact, ImportJobScheduled):
        return msgspec.structs.replace(fact, first=_NO_DATE)
    return msgspec.structs.replace(fact, outcome="partial") if isinstance(fact, ImportRunEnded) else fact
