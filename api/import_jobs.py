"""What every way in does with data import jobs: start a run, go on with it, and tell what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from api.composition import OpenHouse
from api.rows import plain_row
from api.texts import counted
from domain.commands.changing_import_job import check_seen, load_import_job, load_parts, no_such_import_job
from domain.commands.import_day import DayImported, ImportDay, import_day
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.start_import import ImportStarted, StartImport, start_import
from domain.commands.stewarding import permission_for
from domain.connection import Connection
from domain.connection.standing import may_edit
from domain.facts import ImportRunStarted, PollFailed
from domain.facts.import_jobs import PartOutcome
from domain.identifiers import ConnectionId, DayId, ImportJobId, ImportRunId, plain
from domain.import_jobs import (
    READ,
    ImportJob,
    NoSuchImportJob,
    NothingToAskFor,
    data_sets_of,
    left_out_sentence,
    meant_locations,
    next_occasion,
    pending,
    planned,
)
from domain.permissions import Permission, Rights
from domain.ports.house import UnknownSystem
from projections import import_jobs as views
from projections.asking import Among
from projections.due import held
from projections.import_rows import Came, ImportJobRow, ImportPartRow, ImportRunRow, came_of, came_to

MOST_AT_ONCE: Final = 30
"""Business days that one request polls at most; the others are left to the worker, or to whoever goes on."""


class NoSuchRun(NoSuchImportJob):
    """There is no such run of the data import job."""


def import_job_id(client: str, job: str) -> ImportJobId:
    """The job of a text that somebody gave.

    Raises:
        BadIdentifier: it cannot be one.
    """
    return ImportJobId(client, plain(job, "data import job"))


def start(opened: OpenHouse, named: ImportJobId, intent: Intent) -> ImportStarted:
    """Start a run, at the locations of whoever asks.

    Raises:
        Refusal: see ``start_import``.
    """
    return start_import(StartImport(named, intent, known_days(opened, named)), opened.house)


def known_days(opened: OpenHouse, named: ImportJobId) -> Mapping[str, Any]:
    """The first business date of which anything is recorded, by location of a job."""
    job = load_import_job(opened.journal, named)
    if not job.version:
        return {}
    connection = load_connection(opened.journal, ConnectionId(named.client, job.connection))
    return views.first_days(opened.engine, named.client, meant_locations(job, connection))


def zone_of(opened: OpenHouse, named: ImportJobId) -> str:
    """The zone of the first location that a job means.

    Raises:
        NoSuchImportJob: there is none.
    """
    job = load_import_job(opened.journal, named)
    if not job.version:
        raise no_such_import_job(named)
    connection = load_connection(opened.journal, ConnectionId(named.client, job.connection))
    first = next(iter(meant_locations(job, connection) or sorted(connection.locations)))
    return connection.at(first).zone


def go_on(opened: OpenHouse, run: ImportRunId, intent: Intent, most: int | None = None) -> Iterator[DayImported]:
    """Do parts of a run that are to be done still, those at the locations of whoever asks, one by one.

    It ends where the source asks for patience; what is left is done by the worker, or by whoever goes on later.

    Args:
        opened: the running daybook.
        run: which.
        intent: who.
        most: how many parts at most; None: all of them.

    Raises:
        NotPermitted: they may not run jobs.
        JournalUnavailable, VaultLocked: not now.
    """
    opened.house.permit(intent.asks(Permission.RUN_JOBS, run.client))
    begun, todo = left_of(opened, run, intent.rights)
    if begun is None or begun.connection in held(opened.engine, run.client, opened.house.clock.now()):
        return
    for location, date in todo[:most]:
        done = import_day(ImportDay(run, DayId(run.client, location, date), intent.actor), opened.house)
        yield done
        if done.outcome is not None and _asks_for_patience(opened, done.outcome.failure):
            return


def left_of(opened: OpenHouse, run: ImportRunId, rights: Rights) -> tuple[ImportRunStarted | None, list[Any]]:
    """A run that is not over, and the parts of it that are to be done still at somebody's locations."""
    begun = load_import_job(opened.journal, ImportJobId(run.client, run.job)).running.get(run.run)
    if begun is None:
        return None, []
    parts, _ = load_parts(opened.journal, run)
    return begun, [part for part in pending(begun, parts) if rights.reach(part[0])]


def _asks_for_patience(opened: OpenHouse, failure: PollFailed | None) -> bool:
    if failure is None or failure.failure != "rate-limited" or failure.retry_at is None:
        return False
    return failure.retry_at > opened.house.clock.now()


def find_job(opened: OpenHouse, named: ImportJobId, among: Among) -> ImportJobRow:
    """A job as the views have it.

    Raises:
        NoSuchImportJob: there is none that may be seen.
    """
    row = views.find_import_job(opened.engine, named.client, named.job, among=among)
    if row is None:
        raise no_such_import_job(named)
    return row


def find_run(opened: OpenHouse, run: ImportRunId, among: Among) -> ImportRunRow:
    """A run as the views have it, as far as it may be seen.

    Raises:
        NoSuchImportJob, NoSuchRun: there is none.
    """
    find_job(opened, ImportJobId(run.client, run.job), among)
    row = views.find_import_run(opened.engine, run.client, run.job, run.run, among=among)
    if row is None:
        raise NoSuchRun(f"There is no run {run.run} of the data import job {run.job!r}.")
    return row


def recorded(opened: OpenHouse, run: ImportRunId, intent: Intent) -> dict[str, Any]:
    """A run with its parts as they are recorded, as far as somebody may see them.

    Raises:
        NoSuchImportJob, NoSuchRun: there is none that they may see.
    """
    named = ImportJobId(run.client, run.job)
    job = load_import_job(opened.journal, named)
    if not job.version:
        raise no_such_import_job(named)
    check_seen(job, named, load_connection(opened.journal, ConnectionId(run.client, job.connection)), intent)
    found = views.recorded_run(opened.journal, run)
    row = found[0].among(intent.rights.locations) if found else None
    if found is None or row is None or not (row.spans or row.left_out):
        raise NoSuchRun(f"There is no run {run.run} of the data import job {run.job!r}.")
    parts = [part for part in found[1] if intent.rights.reach(part.location)]
    return plain_run(row, came_to(parts)) | {"parts": [plain_part(part) for part in parts]}


def plain_jobs(
    opened: OpenHouse, client: str, rows: Sequence[ImportJobRow], actor: str, rights: Rights
) -> list[dict[str, Any]]:
    """Jobs as somebody may see them: their own locations, and companies only where they may edit the connection."""
    known: dict[str, Connection] = {}
    for row in rows:
        if row.connection not in known:
            known[row.connection] = load_connection(opened.journal, ConnectionId(client, row.connection))
    return [_plain_job(opened, row, known[row.connection], actor, rights) for row in rows]


def _plain_job(
    opened: OpenHouse, row: ImportJobRow, connection: Connection, actor: str, rights: Rights
) -> dict[str, Any]:
    job = ImportJob(companies=tuple(row.companies), locations=tuple(row.locations), schedule=row.occasions)
    permission = permission_for(opened.house, connection.system)
    editable = may_edit(connection.life, connection.locations, permission, actor, rights)
    return {
        **plain_row(row, without=frozenset({"companies", "locations", "data_sets", "scheduled", "schedule", "period"})),
        "period": {"first": None, "last": None, "days": None, **row.period},
        "companies": row.companies if editable else None,
        "locations": [name for name in meant_locations(job, connection) if rights.reach(name)],
        "chosen": "companies" if row.companies else "locations" if row.locations else "all",
        "data_sets": row.data_sets or _data_sets(opened, connection),
        "schedule": None if row.schedule is None else {"at": row.schedule["at"], "zone": row.schedule["zone"]},
        "next_at": None if row.ended else next_occasion(job, opened.house.clock.now()),
    }


def _data_sets(opened: OpenHouse, connection: Connection) -> list[str]:
    try:
        system = opened.house.system(connection.system)
        return list(data_sets_of(system.title, system.profile.capabilities))
    except (UnknownSystem, NothingToAskFor):
        return []


def told_run(opened: OpenHouse, row: ImportRunRow, among: Among) -> dict[str, Any]:
    """A run with all of its parts, as far as they may be seen."""
    parts = views.import_parts(opened.engine, row.client, row.job, row.run, among=among)
    return plain_run(row, came_to(parts)) | {"parts": [plain_part(part) for part in parts]}


def told_runs(opened: OpenHouse, rows: Sequence[ImportRunRow], among: Among) -> list[dict[str, Any]]:
    """Runs of one job, without their parts."""
    if not rows:
        return []
    came = views.came_by_run(opened.engine, rows[0].client, rows[0].job, [row.run for row in rows], among=among)
    return [plain_run(row, came[row.run]) for row in rows]


def plain_run(row: ImportRunRow, came: Came) -> dict[str, Any]:
    """What came of a run, as far as it is told."""
    outcome = came_of(row, came) or "running"
    total = sum(came.values(), Counter())
    days = _counted(planned(row.spans), total)
    return {
        **plain_row(row, without=frozenset({"spans", "left_out", "scheduled", "ended_at", "command"})),
        "scheduled": row.scheduled or None,
        "ended_at": None if outcome == "running" else row.ended_at,
        "outcome": outcome,
        "confirmation": _confirmation(row, outcome, days),
        "days": days,
        "locations": [
            {
                "location": span.location,
                "first": span.first,
                "last": span.last,
                **_counted(planned([span]), came.get(span.location, Counter())),
            }
            for span in row.spans
        ],
        "left_out": [
            {
                "location": one.location,
                "why": one.why,
                "first": one.first,
                "last": one.last,
                "data_set": one.data_set or None,
                "reason": f"{left_out_sentence(one)}.",
            }
            for one in row.left_out
        ],
    }


def _counted(count: int, came: Counter[PartOutcome]) -> dict[str, int]:
    return {
        "planned": count,
        "read": sum(came[outcome] for outcome in READ),
        "failed": came["failed"],
        "refused": came["refused"],
        "left": count - came.total(),
    }


def _confirmation(row: ImportRunRow, outcome: str, days: Mapping[str, int]) -> str:
    """A sentence for a person: partial results are called partial, with what is missing."""
    names = ", ".join(span.location for span in row.spans) or "no location"
    missing = [f"{days[name]} {word}" for name, word in _MISSING.items() if days[name]]
    missing += [f"{counted(len(row.left_out), 'thing')} left out"] if row.left_out else []
    came = f"{days['read']} of {counted(days['planned'], 'day')} read"
    return f"Run {row.run} of {row.job} ({names}) is {outcome}: {', '.join([came, *missing])}."


_MISSING: Final = {"failed": "failed", "refused": "refused", "left": "to do still"}


def plain_part(part: ImportPartRow) -> dict[str, Any]:
    """What came of one business day."""
    return plain_row(part, without=frozenset({"job", "run"}))
