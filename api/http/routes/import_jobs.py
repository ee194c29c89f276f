"""Data import jobs: defining them, scheduling them, running them, and what came of that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.responses import Response

from api.composition import OpenHouse
from api.http.answering import Acting, Client, Opened, Read, answer, linked, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended
from api.http.documents import documented
from api.http.etags import etag, expected_version
from api.http.few_at_once import Few, one_of_few
from api.http.import_job_models import (
    ImportJob,
    ImportJobAnswer,
    ImportJobPatch,
    ImportJobRequest,
    ImportJobs,
    ImportRunAnswer,
    ImportRuns,
    ReasonRequest,
    ScheduleRequest,
    WholeImportRun,
)
from api.http.parameters import PAGE_ROWS, Cursor, IdempotencyKey, Limit
from api.http.permitting import takes
from api.import_jobs import (
    MOST_AT_ONCE,
    find_job,
    find_run,
    go_on,
    import_job_id,
    plain_jobs,
    recorded,
    start,
    told_run,
    told_runs,
    zone_of,
)
from domain.commands.add_import_job import AddImportJob, add_import_job
from domain.commands.change_import_job import ChangeImportJob, change_import_job
from domain.commands.changing_import_job import ImportJobMade, OnImportJob, check_theirs, load_import_job
from domain.commands.end_import_job import end_import_job
from domain.commands.intent import Intent
from domain.commands.schedule_import_job import ScheduleImportJob, schedule_import_job
from domain.identifiers import ImportJobId, ImportRunId
from domain.import_jobs import Meant
from domain.permissions import Permission, Principal
from projections import import_jobs as views

router = APIRouter(prefix="/v1", tags=["data import jobs"])

JobPath = Annotated[str, Path(description="The id of a data import job.", examples=["nightly"])]
RunPath = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of a run of the job.", examples=[1])]
IfJobMatches = Annotated[
    str | None, Header(max_length=2000, description="Only if the job is at this revision (412 otherwise).")
]
_WRITING: Final = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_TOLD: Final = ["Daybook-Position", "ETag", "Idempotent-Replayed"]
_DONE: Final = documented({200: "As it is now."}, *_WRITING, headers=_TOLD)


Deed = Callable[[Intent, int | None], ImportJobMade]
"""What a request asks for, by whom and on which revision."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about a job.

    Attributes:
        opened: the running daybook.
        job: its id, as it was given.
        who: in whose name the request acts.
        key: by which the request may be repeated.
    """

    opened: OpenHouse
    job: str
    who: Principal
    key: str | None

    @property
    def named(self) -> ImportJobId:
        """The job.

        Raises:
            BadIdentifier: what was given is no id.
        """
        return import_job_id(self.who.client, self.job)


@dataclass(frozen=True, slots=True)
class AskedChange(Asked):
    """A request to change a job, and the revision that they saw."""

    if_match: str | None

    def done(self, reason: str, deed: Deed) -> Response:
        """Do what it asks for, once for each idempotency key, and tell what came of it."""
        named = self.named
        with intended(self.who, reason, self.key) as intent:
            # What was recorded before is answered, whatever the revision is now.
            again = self.opened.journal.receipt(named.client, intent.command)
            seen = None
            if self.if_match is not None and not again:
                known = load_import_job(self.opened.journal, named)
                check_theirs(known, named, self.opened.house, intent)
                seen = expected_version(self.if_match, known.revision, "data import job")
            made = deed(intent, seen)
        return _told(self.opened, named, made, intent, 200)


@dataclass(frozen=True, slots=True)
class AskedRun(Asked):
    """A request to run a job, and who else polls at the moment."""

    polls: Few

    @contextmanager
    def polling(self, reason: str) -> Iterator[Intent]:
        """The intent to do it once for each idempotency key, as one of the few who poll at the same time."""
        with one_of_few(self.polls, self.who.client), intended(self.who, reason, self.key) as intent:
            yield intent

    def go_on(self, run: ImportRunId, intent: Intent) -> None:
        """Poll what is to be done of a run, as far as one request does."""
        for _ in go_on(self.opened, run, intent, MOST_AT_ONCE):
            pass


async def _asked(
    job: JobPath, opened: Opened, who: Acting, if_match: IfJobMatches = None, idempotency_key: IdempotencyKey = None
) -> AskedChange:
    return AskedChange(opened, job, who, idempotency_key, if_match)


async def _asked_run(
    http: Request, job: JobPath, opened: Opened, who: Acting, idempotency_key: IdempotencyKey = None
) -> AskedRun:
    return AskedRun(opened, job, who, idempotency_key, http.app.state.polls)


AskedOfJob = Annotated[AskedChange, Depends(_asked)]
AskedToRun = Annotated[AskedRun, Depends(_asked_run)]


@router.get(
    "/import-jobs",
    operation_id="listImportJobs",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="Data import jobs",
    response_model=ImportJobs,
    responses=documented({200: "A page of jobs."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_import_jobs(
    request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """By id, those that were ended too. At one's own locations; companies where one may edit the connection."""
    question = (read.client, "import-jobs")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    found = views.import_jobs(read.opened.engine, read.client, among=read.among, after=after, limit=limit)
    following = write_cursor(question, [found[-1].job]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    told = plain_jobs(read.opened, read.client, found, who.actor, who.rights)
    return answer({"data": told, "next": following}, position=read.position, headers=headers)


@router.get(
    "/import-jobs/{job}",
    operation_id="getImportJob",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="A data import job",
    response_model=ImportJob,
    responses=documented({200: "The job."}, 400, 404, 422, 503, headers=["Daybook-Position", "ETag"]),
)
def get_import_job(read: Read, who: Acting, job: JobPath) -> Response:
    """The ETag is its revision: what If-Match names when it is changed. Runs do not count."""
    named = import_job_id(read.client, job)
    read.begin()
    row = find_job(read.opened, named, read.among)
    (told,) = plain_jobs(read.opened, read.client, [row], who.actor, who.rights)
    return answer(told, position=read.position, headers={"ETag": etag(row.revision)})


@router.post(
    "/import-jobs",
    operation_id="addImportJob",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="Add a data import job",
    response_model=ImportJobAnswer,
    status_code=201,
    responses=documented({201: "Added."}, *_WRITING, headers=[*_TOLD, "Location"], model=ImportJobAnswer),
)
def post_import_job(
    body: ImportJobRequest, opened: Opened, client: Client, who: Acting, idempotency_key: IdempotencyKey = None
) -> Response:
    """It imports nothing until it is run or scheduled. Companies are chosen by who may edit the connection."""
    named = import_job_id(client, body.id)
    with intended(who, body.reason, idempotency_key) as intent:
        meant = Meant(body.name, body.period.meant, tuple(body.companies), tuple(body.locations), tuple(body.data_sets))
        made = add_import_job(AddImportJob(named, body.connection, meant, intent), opened.house)
    return _told(opened, named, made, intent, 201)


@router.patch(
    "/import-jobs/{job}",
    operation_id="changeImportJob",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="Change a data import job",
    response_model=ImportJobAnswer,
    responses=_DONE,
)
def patch_import_job(body: ImportJobPatch, asked: AskedOfJob) -> Response:
    """Only what is given changes; the connection stays, and runs that had begun go on as they were planned."""

    def deed(intent: Intent, seen: int | None) -> ImportJobMade:
        command = ChangeImportJob(
            asked.named,
            intent,
            seen,
            name=body.name,
            period=None if body.period is None else body.period.meant,
            companies=None if body.companies is None else tuple(body.companies),
            locations=None if body.locations is None else tuple(body.locations),
            data_sets=None if body.data_sets is None else tuple(body.data_sets),
        )
        return change_import_job(command, asked.opened.house)

    return asked.done(body.reason, deed)


@router.put(
    "/import-jobs/{job}/schedule",
    operation_id="scheduleImportJob",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="Say when a data import job runs by itself",
    response_model=ImportJobAnswer,
    responses=_DONE,
)
def put_schedule(body: ScheduleRequest, asked: AskedOfJob) -> Response:
    """Every day at a time, from the next time on; only the last days can be scheduled. The worker starts it."""

    def deed(intent: Intent, seen: int | None) -> ImportJobMade:
        zone = body.zone or zone_of(asked.opened, asked.named) if body.at else ""
        command = ScheduleImportJob(asked.named, intent, seen, body.at or "", zone)
        return schedule_import_job(command, asked.opened.house)

    return asked.done(body.reason, deed)


@router.post(
    "/import-jobs/{job}/ending",
    operation_id="endImportJob",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="End a data import job, for good",
    response_model=ImportJobAnswer,
    responses=_DONE,
)
def post_ending(body: ReasonRequest, asked: AskedOfJob) -> Response:
    """What it imported stays; runs that are not over end with it, and what they had not polled is not polled."""

    def deed(intent: Intent, seen: int | None) -> ImportJobMade:
        return end_import_job(OnImportJob(asked.named, intent, seen), asked.opened.house)

    return asked.done(body.reason, deed)


@router.get(
    "/import-jobs/{job}/runs",
    operation_id="listImportRuns",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="Runs of a data import job",
    response_model=ImportRuns,
    responses=documented({200: "A page of runs."}, 400, 404, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_runs(request: Request, read: Read, job: JobPath, cursor: Cursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """Newest first, each as far as it is of one's own locations: what came of it is what came of these."""
    named = import_job_id(read.client, job)
    question = (read.client, "import-runs", named.job)
    after = int(read_cursor(question, cursor, 1)[0]) if cursor is not None else None
    read.begin()
    find_job(read.opened, named, read.among)
    found = views.import_runs(read.opened.engine, read.client, job, among=read.among, after=after, limit=limit)
    following = write_cursor(question, [str(found[-1].run)]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": told_runs(read.opened, found, read.among), "next": following}
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/import-jobs/{job}/runs/{run}",
    operation_id="getImportRun",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="A run of a data import job",
    response_model=WholeImportRun,
    responses=documented({200: "The run with its parts."}, 400, 404, 422, 503, headers=["Daybook-Position"]),
)
def get_run(read: Read, job: JobPath, run: RunPath) -> Response:
    """Every business day that was polled for it, what is to be done still, and what is left out and why."""
    named = import_job_id(read.client, job)
    read.begin()
    row = find_run(read.opened, ImportRunId(named.client, named.job, run), read.among)
    return answer(told_run(read.opened, row, read.among), position=read.position)


@router.post(
    "/import-jobs/{job}/runs",
    operation_id="runImportJob",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="Run a data import job",
    response_model=ImportRunAnswer,
    status_code=201,
    responses=documented({201: "How far it came."}, *_WRITING, headers=[*_TOLD, "Location"], model=ImportRunAnswer),
)
def post_run(body: ReasonRequest, asked: AskedToRun) -> Response:
    """At one's own locations. Up to 30 business days are polled at once; the worker, or going on, does what is left.

    A company is imported by one run at a time: while one is not over, another is refused (409) and names it.
    """
    named = asked.named
    with asked.polling(body.reason) as intent:
        begun = start(asked.opened, named, intent)
        asked.go_on(begun.id, intent)
    headers = {"Location": f"/v1/import-jobs/{begun.id.job}/runs/{begun.id.run}"}
    headers |= {"Idempotent-Replayed": "true"} if begun.again else {}
    return _run_told(asked.opened, begun.id, intent, headers, 201)


@router.post(
    "/import-jobs/{job}/runs/{run}/continuation",
    operation_id="continueImportRun",
    dependencies=[takes(Permission.RUN_JOBS)],
    summary="Go on with a run of a data import job",
    response_model=ImportRunAnswer,
    responses=documented({200: "How far it came."}, *_WRITING, headers=_TOLD),
)
def post_continuation(run: RunPath, body: ReasonRequest, asked: AskedToRun) -> Response:
    """With what is to be done still at one's own locations, up to 30 business days; of a run that is over nothing is.

    For a run whose process died, and for a store without a worker. Nothing is polled twice.
    """
    named = ImportRunId(asked.named.client, asked.named.job, run)
    with asked.polling(body.reason) as intent:
        recorded(asked.opened, named, intent)
        asked.go_on(named, intent)
    return _run_told(asked.opened, named, intent, {}, 200)


def _run_told(opened: OpenHouse, run: ImportRunId, intent: Intent, headers: dict[str, str], status: int) -> Response:
    """What came of it, from the journal: however far the views are behind, it was done and is told."""
    position = opened.journal.head()
    if opened.projector is not None:
        opened.projector.wake()
    opened.waking.set()
    content = {**recorded(opened, run, intent), "command": intent.command}
    return answer(content, position=position, status=status, headers=headers)


def _told(opened: OpenHouse, named: ImportJobId, made: ImportJobMade, intent: Intent, status: int) -> Response:
    if opened.projector is not None:
        opened.projector.wake()
    opened.waking.set()
    headers = versioned(made.job.revision)
    if status == 201:
        headers["Location"] = f"/v1/import-jobs/{named.job}"
    if made.again:
        headers["Idempotent-Replayed"] = "true"
    position = None if made.receipt is None else made.receipt.position
    content: dict[str, Any] = {
        "job": named.job,
        "revision": made.job.revision,
        "changed": made.receipt is not None,
        "position": position,
        "command": intent.command,
    }
    return answer(content, position=position, status=status, headers=headers)
