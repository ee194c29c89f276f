"""Import one business day for a run: poll it, as everybody polls, and record that this part of the run is done."""

import hashlib
from dataclasses import dataclass

from domain.commands.changing_import_job import MOST_DECISIONS, load_import_job, load_parts
from domain.commands.intent import Intent
from domain.commands.poll_day import DayNotOver, PollDay, poll_day
from domain.commands.recording import Outcome
from domain.facts import ImportPartDone, ImportRunStarted
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId, ImportJobId, ImportRunId
from domain.import_jobs import ImportJob, decide_part
from domain.import_jobs.running import parts_of
from domain.permissions import Permission, Rights
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.ports.vault import VaultLocked
from domain.refusals import NotYet, Refusal


@dataclass(frozen=True, slots=True)
class ImportDay:
    """Poll one business day for a run.

    Attributes:
        run: which.
        day: the part of it.
        actor: who does it: whoever started the run, or the worker.
    """

    run: ImportRunId
    day: DayId
    actor: str


@dataclass(frozen=True, slots=True)
class DayImported:
    """What came of a part.

    Attributes:
        part: as it is recorded.
        receipt: where; None where nothing had to be done, because the part was done, or the run is over.
        outcome: of the poll; None where it was refused or nothing had to be done.
    """

    part: ImportPartDone | None
    receipt: Receipt | None = None
    outcome: Outcome | None = None


def import_day(command: ImportDay, house: House) -> DayImported:
    """Poll the day unless that was done, and record what came of it; the last part ends the run.

    A run may be left at any moment, and whoever goes on finds what was done: a part is polled by a command of its own,
    which is the same whoever gives it, so that a day that was polled and not yet recorded as done is not polled again.
    It is polled with the rights that the run began with: who goes on with a run was asked whether they may before.

    Raises:
        JournalUnavailable, VaultLocked: not now; the part is to be done still.
        StreamMoved: a race was lost too often; likewise.
    """
    run_id, day = command.run, command.day
    job = load_import_job(house.journal, ImportJobId(run_id.client, run_id.job))
    parts, _ = load_parts(house.journal, run_id)
    run = job.running.get(run_id.run)
    known = parts.get((day.location, day.date))
    if run is None or known is not None or (day.location, day.date) not in set(parts_of(run.spans)):
        return DayImported(known)
    intent = _intent(command, job, run)
    outcome, part = _polled(command, run, intent, house)
    receipt = _record(command, job, part, Intent(command.actor, "", _own(run_id, day, "done"), "", run_id.name), house)
    return DayImported(part, receipt, outcome)


def _intent(command: ImportDay, job: ImportJob, run: ImportRunStarted) -> Intent:
    """Who polls and why, with the rights that the run began with: those of its job, and nothing else."""
    run_id = command.run
    old = {Permission.POLL_OLD} if run.old else set()
    rights = Rights(frozenset({Permission.POLL, *old}), frozenset({command.day.location}), ("data import job",))
    reason = f"data import job {job.name}, run {run_id.run}"
    return Intent(command.actor, reason, _own(run_id, command.day, "poll"), "", run_id.name, rights)


def _own(run: ImportRunId, day: DayId, what: str) -> str:
    """The id of the command that does something for a part, the same whoever gives it."""
    return hashlib.sha256(f"{what} {run.stream} {day.stream}".encode()).hexdigest()[:32]


def _polled(
    command: ImportDay, run: ImportRunStarted, intent: Intent, house: House
) -> tuple[Outcome | None, ImportPartDone]:
    day = command.day
    try:
        outcome = poll_day(PollDay(day, ConnectionId(day.client, run.connection), intent), house)
    except (NotYet, VaultLocked, StreamMoved) as refusal:
        if not isinstance(refusal, DayNotOver):
            raise
        return None, _refused(day, refusal)
    except Refusal as refusal:
        return None, _refused(day, refusal)
    failure = outcome.failure
    told = (failure.failure, failure.message) if failure else ("", "")
    return outcome, ImportPartDone(day.location, day.date, outcome.outcome, outcome.generation, *told)


def _refused(day: DayId, refusal: Refusal) -> ImportPartDone:
    return ImportPartDone(day.location, day.date, "refused", 0, refusal.code, str(refusal))


def _record(command: ImportDay, job: ImportJob, part: ImportPartDone, intent: Intent, house: House) -> Receipt | None:
    """Record that the part is done, on the fresh state; a lost race (with other parts) is decided again."""
    run_id, lost = command.run, 0
    while True:
        job = load_import_job(house.journal, ImportJobId(run_id.client, run_id.job), known=job)
        parts, version = load_parts(house.journal, run_id)
        done, ended = decide_part(job, run_id.run, parts, part)
        if not done:
            return None
        own: tuple[Fact, ...] = done
        recordings = [Recording(run_id.stream, version, own)]
        if ended:
            stream = ImportJobId(run_id.client, run_id.job).stream
            recordings.append(Recording(stream, job.version, ended))
        try:
            return house.journal.append(recordings, intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
