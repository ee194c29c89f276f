"""Personal data: open it field by field, look for people, export and forget them, and say who read what."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response

from api import forgetting, persons
from api.composition import OpenHouse
from api.exports import export_person
from api.http.answering import Acting, Read, answer, linked, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import seen_of, told_headers
from api.http.documents import documented
from api.http.parameters import PAGE_ROWS, Cursor, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.http.person_models import (
    ErasureAnswer,
    ErasureRequest,
    ExportAnswer,
    HoldRequest,
    OpeningAnswer,
    OpeningRequest,
    PersonAnswer,
    Readings,
    ReasonRequest,
    Retention,
    SearchAnswer,
    SearchRequest,
)
from api.http.writing import Write, Writing
from api.refusals import BadCursor
from domain.commands.changing_person import ChangedPerson
from domain.commands.intent import Intent
from domain.commands.loading import load_person
from domain.commands.seek_person import SeekPerson, seek_person
from domain.identifiers import plain
from domain.permissions import Permission, Principal
from projections import people
from projections.rows import EmployeeRow

router = APIRouter(prefix="/v1", tags=["personal data"])

_ANSWERS: Final = (400, 403, 404, 408, 409, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "Idempotent-Replayed"]
_PRIVATE: Final = {"Cache-Control": "no-store"}

_Changed = tuple[ChangedPerson, dict[str, Any]]
"""What was recorded, and what else there is to answer."""

EmployeePath = Annotated[str, Path(max_length=200, description="The source's id of an employee.", examples=["E17"])]
IfPersonMatches = Annotated[
    str | None, Header(max_length=2000, description="Only if what is recorded is at this version (412 otherwise).")
]


@router.post(
    "/employees/{location}/{employee}/openings",
    operation_id="openPersonalData",
    dependencies=[takes(Permission.REVEAL)],
    summary="Open fields of an employee's personal data",
    response_model=OpeningAnswer,
    responses=documented({200: "The values."}, *_ANSWERS, headers=_HEADERS),
)
def post_opening(
    location: LocationPath,
    employee: EmployeePath,
    body: OpeningRequest,
    asked: Writing,
) -> Response:
    """Who opened what of whom, when and why is recorded before the values are answered; the values are not."""
    with asked.intended(body.reason) as intent:
        row = persons.employee_of(asked.opened, intent, Permission.REVEAL, asked.client, location, employee)
        done = persons.reveal(asked.opened, row, body.fields, intent)
    receipt = done.changed.receipt
    assert receipt is not None  # noqa: S101 - every opening is recorded
    content = {
        "location": row.location,
        "employee": row.employee,
        "fields": {name: value or None for name, value in done.values.items()},
        "position": receipt.position,
        "recorded_at": receipt.recorded_at,
        "command": intent.command,
    }
    return answer(content, headers=_told(asked.opened, done.changed) | _PRIVATE)


@router.post(
    "/employees/searches",
    operation_id="findEmployees",
    dependencies=[takes(Permission.REVEAL)],
    summary="Find employees by their social security number",
    response_model=SearchAnswer,
    responses=documented({200: "Who was found, at most 100."}, *_ANSWERS, headers=_HEADERS),
)
def post_search(body: SearchRequest, asked: Writing) -> Response:
    """By a keyed hash, at one's own locations. The search is recorded, whether somebody is found or not."""
    with asked.intended(body.reason) as intent:
        sought = seek_person(SeekPerson(asked.client, body.ssn, intent), asked.opened.house)
    found = [
        {"location": one.location, "employee": one.employee, "connection": one.connection} for one in sought.people
    ]
    content = {
        "data": found,
        "position": sought.receipt.position,
        "recorded_at": sought.receipt.recorded_at,
        "command": intent.command,
    }
    headers = told_headers(asked.opened, 0, sought.receipt, again=sought.again) | _PRIVATE
    del headers["ETag"]
    return answer(content, headers=headers)


@router.post(
    "/employees/{location}/{employee}/exports",
    operation_id="exportPersonalData",
    dependencies=[takes(Permission.REVEAL)],
    summary="All that is kept of an employee",
    response_model=ExportAnswer,
    responses=documented({200: "The export."}, *_ANSWERS, headers=_HEADERS),
)
def post_export(
    location: LocationPath,
    employee: EmployeePath,
    body: ReasonRequest,
    asked: Writing,
) -> Response:
    """Records, punches and who read what, with the personal data open; recorded as a reading of all of it."""
    with asked.intended(body.reason) as intent:
        row = persons.employee_of(asked.opened, intent, Permission.REVEAL, asked.client, location, employee)
        content, done = export_person(asked.opened, row, intent)
    return answer(content, headers=_told(asked.opened, done.changed) | _PRIVATE)


@router.post(
    "/employees/{location}/{employee}/erasures",
    operation_id="forgetEmployee",
    dependencies=[takes(Permission.ERASE)],
    summary="Have an employee forgotten",
    response_model=ErasureAnswer,
    responses=documented({200: "What became of it."}, *_ANSWERS, 412, headers=[*_HEADERS, "ETag"]),
)
def post_erasure(
    location: LocationPath,
    employee: EmployeePath,
    body: ErasureRequest,
    asked: Writing,
    if_match: IfPersonMatches = None,
) -> Response:
    """Nothing of the personal data opens from now on, names included; it is destroyed once retention allows.

    So it is of what HR systems tell of the same person, and of their records at other locations within reach, as far
    as they are linked or matched, unless `with_linked` says otherwise; each is kept for as long as it has to be. Every
    figure stays. A legal hold on any of them refuses all of it. Forgetting somebody who is forgotten records nothing.
    """

    def forget(row: EmployeeRow, intent: Intent, expected: int | None) -> _Changed:
        done = forgetting.forget(asked.opened, row, intent, expected=expected, with_linked=body.with_linked)
        return done.changed, done.plain()

    return _change(asked, (location, employee), body.reason, if_match, forget)


@router.post(
    "/employees/{location}/{employee}/holds",
    operation_id="holdEmployee",
    dependencies=[takes(Permission.ERASE)],
    summary="Place a legal hold on an employee's data, or end it",
    response_model=PersonAnswer,
    responses=documented({200: "What became of it."}, *_ANSWERS, 412, headers=[*_HEADERS, "ETag"]),
)
def post_hold(
    location: LocationPath,
    employee: EmployeePath,
    body: HoldRequest,
    asked: Writing,
    if_match: IfPersonMatches = None,
) -> Response:
    """While it stands, the data can be neither restricted nor destroyed."""

    def hold(row: EmployeeRow, intent: Intent, expected: int | None) -> _Changed:
        return persons.hold(asked.opened, row, body.held, intent, expected_version=expected), {}

    return _change(asked, (location, employee), body.reason, if_match, hold)


@router.get(
    "/readings",
    operation_id="listReadings",
    dependencies=[takes(Permission.READ_HISTORY)],
    summary="Who read what of whose personal data",
    response_model=Readings,
    responses=documented({200: "A page of readings."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_readings(
    request: Request,
    read: Read,
    who: Acting,
    location: LocationQuery = None,
    employee: Annotated[str | None, Query(max_length=200, description="Only this employee's.")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """Openings, exports and searches, newest first, with who and why; never a value."""
    read.opened.house.permit(_asking(who).asks(Permission.READ_HISTORY, read.client))
    where = None if location is None else plain(location, "location")
    question = (read.client, "readings", where or "", employee or "")
    after = _places(read_cursor(question, cursor, 2)) if cursor is not None else None
    read.begin()
    found = people.readings(
        read.opened.engine,
        read.client,
        location=where,
        employee=employee,
        within=who.rights.locations,
        after=after,
        limit=limit,
    )
    following = None
    if len(found) == limit:
        following = write_cursor(question, [str(found[-1].position), str(found[-1].place)])
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": [persons.plain_reading(row) for row in found], "next": following}
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/retention",
    operation_id="listRetention",
    dependencies=[takes(Permission.ERASE)],
    summary="Whose data is to be destroyed, is held, or was destroyed",
    response_model=Retention,
    responses=documented({200: "A page of people."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_retention(
    request: Request,
    read: Read,
    who: Acting,
    location: LocationQuery = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By location and employee: `scheduled`, `overdue` (`daybook shred` and the worker do it), `held`, `shredded`."""
    read.opened.house.permit(_asking(who).asks(Permission.ERASE, read.client))
    where = None if location is None else plain(location, "location")
    question = (read.client, "retention", where or "")
    after: tuple[str, str, str] | None = None
    if cursor is not None:
        place, employee, connection = read_cursor(question, cursor, 3)
        after = (place, employee, connection)
    read.begin()
    found = persons.retention(
        read.opened, read.client, location=where, within=who.rights.locations, after=after, limit=limit
    )
    following = None
    if len(found) == limit:
        last = found[-1].row
        following = write_cursor(question, [last.location, last.employee, last.connection])
    headers = {} if following is None else linked(request, cursor=following)
    content = {"data": [one.plain() for one in found], "next": following}
    return answer(content, position=read.position, headers=headers)


def _change(
    asked: Write,
    whose: tuple[str, str],
    reason: str,
    if_match: str | None,
    change: Callable[[EmployeeRow, Intent, int | None], _Changed],
) -> Response:
    opened = asked.opened
    with asked.intended(reason) as intent:
        row = persons.employee_of(opened, intent, Permission.ERASE, asked.client, *whose)
        person = persons.person_of_row(row)
        expected = seen_of(
            opened, person.client, intent, if_match, lambda: load_person(opened.journal, person).version, "person"
        )
        changed, more = change(row, intent, expected)
    content: dict[str, Any] = {**persons.plain_changed(row, changed), **more, "command": intent.command}
    return answer(content, headers=_told(opened, changed) | versioned(changed.after.version))


def _told(opened: OpenHouse, changed: ChangedPerson) -> dict[str, str]:
    headers = told_headers(opened, changed.after.version, changed.receipt, again=changed.again)
    del headers["ETag"]
    return headers


def _asking(who: Principal) -> Intent:
    return Intent(who.actor, rights=who.rights)


def _places(parts: list[str]) -> tuple[int, int]:
    if not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in parts):
        raise BadCursor("The cursor was not given for this list with these filters: begin again without it.")
    return int(parts[0]), int(parts[1])
