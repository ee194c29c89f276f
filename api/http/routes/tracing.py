"""Tracing: from any id to every stream that it touched."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.http.answering import Read, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, Cursor, Limit
from api.http.permitting import takes
from api.http.reading_models import Trace
from api.plain_reading import plain_trace
from domain.permissions import Permission
from projections.tracing import trace

router = APIRouter(prefix="/v1", tags=["trace"])


@router.get(
    "/trace/{id:path}",
    operation_id="trace",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="Every stream that an id touched",
    response_model=Trace,
    responses=documented({200: "A page of streams."}, 400, 404, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_trace(
    request: Request,
    id_: Annotated[
        str,
        Path(
            alias="id",
            description="Of a ticket, punch, employee, deposit or other record (or `KIND/KEY`), a receipt number, the "
            "digest of a capture or file, a command, a correlation, a connection, a location, a position of the log.",
        ),
    ],
    read: Read,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Whatever the id is there, each meaning on its own; also where the record is gone since.

    Whoever may see some locations only is told of the facts that are of these.

    With the first and the last fact that name it, how many do, and the address of what happened there.
    """
    question = (read.client, "trace", id_)
    after: tuple[str, str, str] | None = None
    if cursor is not None:
        meaning, stream, record = read_cursor(question, cursor, 3)
        after = (meaning, stream, record)
    read.begin()
    found = trace(read.opened.engine, read.opened.journal, read.client, id_, after=after, limit=limit, among=read.among)
    following = write_cursor(question, found[-1].place) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    content = {"id": id_, "data": [plain_trace(one) for one in found], "next": following}
    return answer(content, position=read.position, headers=headers)
