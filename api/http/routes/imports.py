"""Import files: sending them, and the templates that say how they look."""

import io
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from adapters.files import KINDS, kind_named
from adapters.files.copying import write_copy
from adapters.files.templates import template
from api.http import problems
from api.http.answering import Acting, Opened, answer
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.idempotency import IN_USE, command_id
from api.http.import_models import ImportAnswer, ImportKinds
from api.http.permitting import SIGNED_IN, check_reach, takes
from api.http.uploads import Upload, session_of, uploaded
from api.imports import Feeding, Given, Imported, Refused, as_given, feeding, import_session
from api.plain import plain_import
from api.texts import counted
from domain.commands.intent import Intent, new_id
from domain.permissions import Permission, Principal

router = APIRouter(prefix="/v1", tags=["imports"])

CSV: Final = "text/csv"
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["location", "file"],
                    "properties": {
                        "location": {"type": "string", "description": "The location that the files are of."},
                        "date": {"type": "string", "format": "date", "description": "The one day that they are of."},
                        "kind": {"type": "string", "enum": list(KINDS), "description": "What the files are read as."},
                        "check": {"type": "string", "enum": ["true", "false"], "description": "Record nothing."},
                        "reason": {"type": "string", "maxLength": 500, "description": "Kept with the import."},
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "CSV files or workbooks, or one zip of them.",
                        },
                    },
                }
            }
        },
    }
}


@router.post(
    "/imports",
    operation_id="importFiles", dependencies=[takes(Permission.IMPORT)],
    summary="Import files for a location, or check them",
    response_model=ImportAnswer,
    openapi_extra=_FORM,
    responses=documented(
        {200: "Checked, or nothing differs.", 201: "At least one day has a new generation."},
        400, 404, 408, 409, 413, 415, 422, 503,
        headers=["Daybook-Position"],
        model=ImportAnswer,
    ),
)  # fmt: skip
async def post_import(
    request: Request,
    opened: Opened,
    who: Acting,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=2000, description="The same key with the same files is answered, not done again."),
    ] = None,
    accept: Annotated[str | None, Header(include_in_schema=False, max_length=2000)] = None,
) -> Response:
    """Files are whole snapshots of their kinds; all are checked before anything is recorded.

    A file with errors is answered as the problem `bad-files`, whose `files` hold every error with row, column, value
    and reason (the first thousand of each file, and all counted); with `Accept: text/csv` one bad file is answered as
    its copy with the problems of each row in a column put before the others. The attempt is recorded, nothing else.
    """
    wants_csv = CSV in (accept or "")
    async with uploaded(request) as upload:
        return await run_in_threadpool(_imported, request, opened, who, upload, idempotency_key, wants_csv)


def _imported(
    request: Request, opened: Any, who: Principal, upload: Upload, idempotency_key: str | None, wants_csv: bool
) -> Response:
    told = str(get_contextvars().get("request", ""))
    command = new_id() if idempotency_key is None else command_id(idempotency_key)
    # By the key itself: what the same key did before is found by it.
    correlation = told if idempotency_key is None else command
    intent = Intent(who.actor, upload.reason, command, correlation=correlation, rights=who.rights)
    with (
        one_of_few(request.app.state.polls, who.client),
        IN_USE.held(who.client, command),
        session_of(upload) as session,
    ):
        check_reach(who, upload.location)
        fed = feeding(opened, who.client, upload.location)
        files = as_given(session, upload.date)
        found = import_session(
            opened,
            fed,
            files,
            intent,
            check_only=upload.check,
            problems=session.problems,
            once=idempotency_key is not None,
        )
        if opened.projector is not None:
            opened.projector.wake()
        if isinstance(found, Refused):
            return _refused(fed, files, found, wants_csv)
        return _told(upload, found)


def _told(upload: Upload, found: Imported) -> Response:
    fresh = any(outcome.outcome in {"polled", "staged"} for outcome in found.days.values())
    headers = {"Daybook-Position": str(found.position)} if found.position else {}
    content = {"location": upload.location, "check": upload.check, "position": found.position, **plain_import(found)}
    return answer(content, status=201 if fresh else 200, headers=headers)


def _refused(fed: Feeding, files: list[Given], found: Refused, wants_csv: bool) -> Response:
    bad = [file for file, report in zip(files, found.reports, strict=True) if not report.good]
    if wants_csv and len(bad) == 1 and not found.problems:
        (file,) = bad
        copy = io.BytesIO()
        with file.open() as source:
            dating = None if file.kind.reference else fed.dating(file.kind, file.date)
            write_copy(source, file.kind, copy, name=file.name, dating=dating)
        return Response(copy.getvalue(), 422, media_type=f"{CSV}; charset=utf-8")
    errors = sum(report.error_count for report in found.reports) + len(found.problems)
    detail = f"The files have {counted(errors, 'error')}, so nothing was imported."
    return problems.problem(problems.BAD_FILES, detail, extensions=plain_import(found))


@router.get(
    "/imports/kinds",
    operation_id="listImportKinds",
    dependencies=[SIGNED_IN],
    summary="The kinds of import files, with their columns",
    response_model=ImportKinds,
    responses=documented({200: "All kinds."}),
)
def get_kinds() -> Response:
    """In the order in which the files of one session are imported."""
    data = [
        {
            "kind": kind.key,
            "title": kind.title,
            "reference": kind.reference,
            "columns": [
                {"name": column.name, "type": column.type, "required": column.required, "personal": column.personal}
                for column in kind.columns
            ],
        }
        for kind in KINDS.values()
    ]
    return answer({"data": data})


@router.get(
    "/imports/templates/{kind}",
    operation_id="getImportTemplate",
    dependencies=[SIGNED_IN],
    summary="A template: the official headers and a sample row",
    response_class=Response,
    responses={
        **documented({200: "CSV."}, 404, 422),
        200: {"description": "CSV.", "content": {CSV: {"schema": {"type": "string"}}}},
    },
)
def get_template(kind: Annotated[str, Path(description="A kind, for example `sales-detail`.")]) -> Response:
    """A file of this kind is read with its columns in any order and any case."""
    found = kind_named(kind)
    headers = {"Content-Disposition": f'attachment; filename="{found.key}.csv"'}
    return Response(template(found), headers=headers, media_type=f"{CSV}; charset=utf-8")
