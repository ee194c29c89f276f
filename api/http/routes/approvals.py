"""What came to light after approvals, and what was approved."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api import days
from api.approvals import DOES_NOT_MATCH, plain_after_approval, plain_closing, plain_late_row
from api.http.answering import Read, answer, linked
from api.http.approval_models import AfterApproval, Closing, LateChanges
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, AsOf, Cursor, DatePath, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.plain_reading import MOST_EFFECTS
from domain.business_date import business_date
from domain.commands.loading import NothingRecorded
from domain.identifiers import plain
from domain.permissions import Permission
from projections import queries
from projections.after_approval import after_approval, closing_of

router = APIRouter(prefix="/v1", tags=["approvals"])
_READ = (400, 404, 422, 503)


@router.get(
    "/days/{location}/{date}/changes-after-approval",
    operation_id="listDayChangesAfterApproval",
    dependencies=[takes(Permission.READ)],
    summary="What an approved day does not take until it is reopened",
    response_model=AfterApproval,
    responses=documented({200: "A page of changes."}, *_READ, headers=["Daybook-Position", "Link"]),
)
def get_after_approval(
    request: Request,
    location: LocationPath,
    date: DatePath,
    read: Read,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Each change with where it comes from and its amount; and what all would do to the figures and journal lines."""
    day = days.day_id(read.client, location, date)
    question = (day.stream, "changes-after-approval", as_of or "")
    after = tuple(read_cursor(question, cursor, 2)) if cursor is not None else ("", "")
    read.begin()
    until = None if as_of is None else days.moment(read.opened.journal, as_of)
    found = after_approval(read.opened.journal, day, until)
    if not found.day.version:
        raise NothingRecorded(f"Nothing is recorded of the business day {day.date} of {day.location}.")
    page = [late for late in found.changes if (late.change.kind, late.change.key) > after][:limit]
    last = page[-1].change if len(page) == limit else None
    following = None if last is None else write_cursor(question, [last.kind, last.key])
    headers = {} if following is None else linked(request, cursor=following)
    content = {**plain_after_approval(day, found, page, MOST_EFFECTS), "next": following}
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/changes-after-approval",
    operation_id="listChangesAfterApproval",
    dependencies=[takes(Permission.READ)],
    summary="What approved days do not take until they are reopened",
    response_model=LateChanges,
    responses=documented({200: "A page of changes."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_changes_after_approval(
    request: Request, read: Read, location: LocationQuery = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """By date, location and record, each change with where it comes from and its amount."""
    where = None if location is None else plain(location, "location")
    question = (read.client, "changes-after-approval", where or "")
    after = None
    if cursor is not None:
        date, place, kind, key = read_cursor(question, cursor, 4)
        after = (business_date(date), place, kind, key)
    read.begin()
    found = queries.late_changes(
        read.opened.engine, read.client, location=where, after=after, limit=limit, among=read.among
    )
    following = None
    if len(found) == limit:
        last = found[-1]
        following = write_cursor(question, [last.business_date.isoformat(), last.location, last.kind, last.key])
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": [plain_late_row(row) for row in found], "next": following}
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/days/{location}/{date}/closings/{number}",
    operation_id="getClosing",
    dependencies=[takes(Permission.READ)],
    summary="What was approved",
    response_model=Closing,
    responses=documented({200: "The summary as it was approved."}, *_READ, headers=["Daybook-Position"]),
)
def get_closing(
    location: LocationPath,
    date: DatePath,
    number: Annotated[int, Path(ge=1, le=2**31, description="1 for the first time that the day was approved.")],
    read: Read,
) -> Response:
    """The summary that the facts until the approval lead to, verified against the digest that the approval keeps."""
    day = days.day_id(read.client, location, date)
    read.begin()
    closing = closing_of(read.opened.journal, day, number)
    content: dict[str, Any] = plain_closing(day, closing)
    if not closing.matches:
        content["message"] = DOES_NOT_MATCH
    return answer(content, position=read.position)
