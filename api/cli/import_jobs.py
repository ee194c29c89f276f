"""The commands `import-jobs` and `import-job …`: what is imported, when, and what came of it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from api import days
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import progress_bar, remark, show, show_json
from api.composition import OpenHouse
from api.import_jobs import (
    find_job,
    find_run,
    go_on,
    import_job_id,
    left_of,
    plain_jobs,
    start,
    told_run,
    told_runs,
    zone_of,
)
from api.texts import counted
from domain.business_date import business_date
from domain.commands.add_import_job import AddImportJob, add_import_job
from domain.commands.change_import_job import ChangeImportJob, change_import_job
from domain.commands.changing_import_job import ImportJobMade, OnImportJob
from domain.commands.end_import_job import end_import_job
from domain.commands.intent import Intent
from domain.commands.schedule_import_job import ScheduleImportJob, schedule_import_job
from domain.facts import Period
from domain.identifiers import ImportJobId, ImportRunId
from domain.import_jobs import Meant
from projections import import_jobs as views
from projections.asking import MOST_ROWS
from projections.catching_up import catch_up
from projections.import_sentences import period_words

Job = Annotated[str, typer.Argument(metavar="JOB", help="The id of a data import job.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]
Expect = Annotated[
    int | None, typer.Option("--expect", metavar="REVISION", min=0, help="Only if the job is at this revision.")
]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", metavar="ID", help="A chosen company, by the source's id; may be repeated."),
]
Locations = Annotated[
    list[str] | None, typer.Option("--location", metavar="ID", help="A chosen location; may be repeated.")
]
DataSets = Annotated[
    list[str] | None,
    typer.Option("--data-set", metavar="NAME", help="sales, labor, …; may be repeated.  [default: all there are]"),
]
Days = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="Which business days: `last-7` (of those that are over), `2026-10-01/2026-10-31`, or `everything`.",
    ),
]

MOST_RUNS = 10
"""Runs that `import-job show` lists."""


def import_jobs(client: Client = None, as_json: AsJson = False) -> None:
    """List the data import jobs: what they import, when they run by themselves, and which were ended."""
    with opened_for(client, reads_views=True) as opened:
        whose, intent = opened.settings.client, intent_of(opened, "")
        told: list[dict[str, Any]] = []
        while rows := views.import_jobs(
            opened.engine, whose, among=intent.rights.locations, after=told[-1]["job"] if told else ""
        ):
            told += plain_jobs(opened, whose, rows, intent.actor, intent.rights)
    if as_json:
        show_json({"data": told})
        return
    if not told:
        remark("There are no data import jobs yet: `daybook import-job add` adds one.")
    width = max((len(one["job"]) for one in told), default=0)
    for one in told:
        show(f"{one['job']:<{width}}  {_meant(one)}{_when(one)}")


def show_job(
    job: Job,
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", min=1, help="One of its runs, with every day.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show a data import job with its newest runs, or one run with everything that came of it."""
    with opened_for(client, reads_views=True) as opened:
        named, intent = import_job_id(opened.settings.client, job), intent_of(opened, "")
        among = intent.rights.locations
        if run is not None:
            told = told_run(opened, find_run(opened, ImportRunId(named.client, job, run), among), among)
        else:
            row = find_job(opened, named, among)
            (told,) = plain_jobs(opened, named.client, [row], intent.actor, intent.rights)
            found = views.import_runs(opened.engine, named.client, job, among=among, limit=MOST_ROWS)
            told["newest_runs"] = told_runs(opened, found[:MOST_RUNS], among)
    if as_json:
        show_json(told)
    elif run is not None:
        _show_run(told)
    else:
        _show_job(told)


def add(
    job: Annotated[str, typer.Argument(metavar="JOB", help="The new job's id.")],
    connection: Annotated[str, typer.Option(metavar="ID", help="The connection that is polled.")],
    name: Annotated[str, typer.Option(help="What people call the job.  [default: its id]")] = "",
    company: Companies = None,
    location: Locations = None,
    data_set: DataSets = None,
    period: Days = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Add a data import job: a connection, companies or locations, data sets and a period. It imports nothing yet."""
    if period is None:
        raise typer.BadParameter("say which days by --period: last-7, 2026-10-01/2026-10-31 or everything.")
    meant = Meant(name or job, _period(period), tuple(company or ()), tuple(location or ()), tuple(data_set or ()))

    def deed(opened: OpenHouse, named: ImportJobId, intent: Intent) -> ImportJobMade:
        return add_import_job(AddImportJob(named, connection, meant, intent), opened.house)

    _do(job, why, client, deed, "is added; run it, or schedule it", as_json=as_json)


def change(
    job: Job,
    name: Annotated[str | None, typer.Option(help="What people call the job.")] = None,
    company: Companies = None,
    location: Locations = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="All locations that its connection feeds.")] = False,
    data_set: DataSets = None,
    period: Days = None,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Change a data import job: only what is given changes. Runs that had begun go on as they were planned."""
    if everywhere and (company or location):
        raise typer.BadParameter("--everywhere goes without --company and --location.")

    def deed(opened: OpenHouse, named: ImportJobId, intent: Intent) -> ImportJobMade:
        command = ChangeImportJob(
            named,
            intent,
            expect,
            name=name,
            period=None if period is None else _period(period),
            companies=() if everywhere else None if company is None else tuple(company),
            locations=() if everywhere else None if location is None else tuple(location),
            data_sets=None if data_set is None else tuple(data_set),
        )
        return change_import_job(command, opened.house)

    _do(job, why, client, deed, "is changed", as_json=as_json)


def schedule(
    job: Job,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="Every day at this time.  [default: never]")] = "",
    zone: Annotated[
        str, typer.Option(metavar="ZONE", help="The clock's IANA zone.  [default: that of the first location]")
    ] = "",
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Let a data import job run by itself, every day at a time, or without --at no more. The worker starts it."""

    def deed(opened: OpenHouse, named: ImportJobId, intent: Intent) -> ImportJobMade:
        clock = zone or zone_of(opened, named) if at else ""
        return schedule_import_job(ScheduleImportJob(named, intent, expect, at, clock), opened.house)

    done = f"runs every day at {at}, from the next time on" if at else "does not run by itself"
    _do(job, why, client, deed, done, as_json=as_json)


def end(
    job: Job,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")],
    expect: Expect = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """End a data import job, for good: what it imported stays."""

    def deed(opened: OpenHouse, named: ImportJobId, intent: Intent) -> ImportJobMade:
        return end_import_job(OnImportJob(named, intent, expect), opened.house)

    _do(job, why, client, deed, "is ended", as_json=as_json)


def run_job(job: Job, why: Why = "", client: Client = None, as_json: AsJson = False) -> None:
    """Run a data import job now, at your locations; what is left in the middle the worker does, or `continue`."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        intent = intent_of(opened, reason)
        begun = start(opened, import_job_id(opened.settings.client, job), intent)
        told = _gone_on(opened, begun.id, intent)
    _tell_run(told, as_json=as_json)


def continue_run(
    job: Job,
    run: Annotated[int, typer.Argument(metavar="RUN", min=1, help="The number of the run.")],
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was left in the middle: what is done is not done again."""
    with opened_for(client, reads_views=True) as opened:
        intent = intent_of(opened, "")
        named = ImportRunId(opened.settings.client, import_job_id(opened.settings.client, job).job, run)
        find_run(opened, named, intent.rights.locations)
        told = _gone_on(opened, named, intent)
    _tell_run(told, as_json=as_json)


def _gone_on(opened: OpenHouse, run: ImportRunId, intent: Intent) -> dict[str, Any]:
    _, todo = left_of(opened, run, intent.rights)
    with progress_bar("days") as progress:
        task = progress.add_task(f"{run.name}", total=len(todo))
        for _ in go_on(opened, run, intent):
            progress.advance(task)
    catch_up(opened.engine, opened.journal)
    return told_run(opened, find_run(opened, run, intent.rights.locations), intent.rights.locations)


def _tell_run(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(told)
    else:
        _show_run(told)
    if told["outcome"] != "complete":
        raise typer.Exit(1)


def _show_run(told: dict[str, Any]) -> None:
    for part in told["parts"]:
        where = f"{part['location']} {part['date']}"
        if part["failure"]:
            remark(f"{where}: {part['outcome']} ({part['failure']}). {part['message']}")
        else:
            show(f"{where}: {part['outcome']}, generation {part['generation']}.")
    for one in told["left_out"]:
        remark(f"Left out: {one['reason']}")
    if told["outcome"] == "running":
        left = counted(told["days"]["left"], "day")
        remark(f"{left} to do still: the worker goes on, or `daybook import-job continue`.")
    show(told["confirmation"])


def _show_job(told: dict[str, Any]) -> None:
    show(f"name: {told['name']}")
    show(f"imports: {_meant(told)}{_when(told)}")
    show(f"locations: {', '.join(told['locations']) or 'none'}")
    show(f"revision: {told['revision']}, runs: {told['runs']}")
    for run in told["newest_runs"]:
        show(f"{run['started_at']:%Y-%m-%d %H:%M}Z  {run['confirmation']}")


def _meant(one: dict[str, Any]) -> str:
    period = {name: value for name, value in one["period"].items() if value is not None}
    words = period_words(
        Period(period["kind"], _date(period.get("first")), _date(period.get("last")), period.get("days", 0))
    )
    return f"{one['name']}: {', '.join(one['data_sets'])} of {words}, {one['connection']}"


def _when(one: dict[str, Any]) -> str:
    if one["ended"]:
        return ", ended"
    schedule = one["schedule"]
    return f", every day at {schedule['at']} {schedule['zone']}" if schedule else ""


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _period(text: str) -> Period:
    """The period that somebody wrote."""
    if text == "everything":
        return Period("everything")
    if found := re.fullmatch(r"last-([0-9]{1,6})", text):
        return Period("last-days", days=int(found[1]))
    first, slash, last = text.partition("/")
    if not slash:
        raise typer.BadParameter(f"{text[:40]!r} is no period: write last-7, 2026-10-01/2026-10-31 or everything.")
    return Period("range", business_date(first), business_date(last))


Deed = Callable[[OpenHouse, ImportJobId, Intent], ImportJobMade]


def _do(job: str, why: str, client: str | None, deed: Deed, done: str, *, as_json: bool) -> None:
    """Do it, and tell what came of it."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        made = deed(opened, import_job_id(opened.settings.client, job), intent_of(opened, reason))
        catch_up(opened.engine, opened.journal)
    if as_json:
        position = None if made.receipt is None else made.receipt.position
        changed = made.receipt is not None
        show_json({"job": job, "revision": made.job.revision, "changed": changed, "position": position})
    elif made.receipt is None:
        show(f"{job}: so already; nothing is recorded.")
    else:
        show(f"{job} {done}.")
