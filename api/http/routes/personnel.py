"""Personnel: pulling HR systems, who of their employees is whom at the points of sale, and what they say of them."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import forgetting, persons
from api import personnel as ours
from api.composition import OpenHouse
from api.connections import connection_id
from api.http.answering import Acting, Read, Reading, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.few_at_once import one_of_few
from api.http.parameters import PAGE_ROWS, Cursor, Limit, LocationPath, LocationQuery
from api.http.permitting import takes
from api.http.person_models import ErasureRequest
from api.http.personnel_models import (
    Beside,
    HrEmployees,
    HrErasureAnswer,
    HrOpeningAnswer,
    HrOpeningRequest,
    LinkAnswer,
    LinkRequest,
    PullAnswer,
    PullRequest,
    StaffMatches,
    State,
)
from api.http.routes.connections import ConnectionPath
from api.http.routes.persons import EmployeePath
from api.http.writing import Write, Writing
from api.refusals import NoSuchEmployee
from domain.commands.link_employee import Linked
from domain.identifiers import plain
from domain.permissions import Permission
from domain.ports.journal import Receipt
from projections import personnel, queries

router = APIRouter(prefix="/v1", tags=["personnel"])

_ANSWERS: Final = (400, 403, 404, 408, 409, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "Idempotent-Replayed"]
_PRIVATE: Final = {"Cache-Control": "no-store"}

HrPath = Annotated[str, Path(max_length=200, description="An HR system's id of an employee.", examples=["u-17"])]
ConnectionQuery = Annotated[str | None, Query(max_length=64, description="Only of this connection.")]


@router.post(
    "/connections/{connection}/pull",
    operation_id="pullPersonnel",
    dependencies=[takes(Permission.CONNECT_ERP)],
    summary="Pull the employees of an HR system now",
    response_model=PullAnswer,
    responses=documented({200: "What came of it."}, *_ANSWERS, headers=_HEADERS),
)
def post_pull(
    http: Request,
    connection: ConnectionPath,
    body: PullRequest,
    asked: Writing,
) -> Response:
    """Who changed since the last pull, or everybody; then who of them is whom at the points of sale is found anew.

    Nobody who is there the whole time is lost: where the list never stands still, the pull fails whole, and nothing of
    it counts. A failure is recorded, and answered with its kind.
    """
    named = connection_id(asked.client, connection)
    with one_of_few(http.app.state.polls, asked.who.client), asked.intended(body.reason) as intent:
        # Employees that the views do not know yet would not be matched.
        Reading(asked.opened, asked.client, least=asked.opened.journal.head()).begin()
        done = ours.pull(asked.opened, named, intent, "whole" if body.whole else "incremental")
    headers = _told(asked.opened, done.receipt, again=done.again)
    return answer({**ours.plain_pulled(done, named.connection), "command": intent.command}, headers=headers)


@router.get(
    "/hr-employees",
    operation_id="listHrEmployees",
    dependencies=[takes(Permission.READ)],
    summary="The employees that HR systems tell of",
    response_model=HrEmployees,
    responses=documented({200: "A page of employees."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_hr_employees(
    request: Request,
    read: Read,
    who: Acting,
    connection: ConnectionQuery = None,
    matched: Annotated[bool | None, Query(description="Only who is somebody at a point of sale, or is not.")] = None,
    active: Annotated[bool | None, Query(description="Only who is employed and listed, or is not.")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By connection and id, with hire date, jobs and pay rates, and who they are at the points of sale.

    Whoever has some locations sees those who are matched there. Names are open, the rest is `sealed`, as of employees
    at the points of sale.
    """
    question = (read.client, "hr-employees", connection or "", str(matched), str(active))
    after: tuple[str, str] | None = None
    if cursor is not None:
        name, employee = read_cursor(question, cursor, 2)
        after = (name, employee)
    read.begin()
    found = personnel.hr_employees(
        read.opened.engine,
        read.client,
        connection=connection,
        matched=matched,
        active=active,
        after=after,
        limit=limit,
        among=read.among,
    )
    following = write_cursor(question, [found[-1].connection, found[-1].employee]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    today = read.opened.house.clock.now().date()
    data = ours.plain_hr_employees(read.opened, read.client, found, who.rights, today)
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/employee-matches",
    operation_id="listEmployeeMatches",
    dependencies=[takes(Permission.READ)],
    summary="Who the employees at the points of sale are to HR systems",
    response_model=StaffMatches,
    responses=documented({200: "A page of employees."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_matches(
    request: Request,
    read: Read,
    location: LocationQuery = None,
    connection: ConnectionQuery = None,
    state: Annotated[State | None, Query(description="Only those; `unmatched`, `ambiguous`, … need somebody.")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By location and id, with the strongest rule that says so.

    `ambiguous`: rules lead to several, or several lead to one; `suggested` counts for nothing until it
    is linked.
    """
    where = None if location is None else plain(location, "location")
    question = (read.client, "employee-matches", where or "", connection or "", state or "")
    after: tuple[str, str, str] | None = None
    if cursor is not None:
        place, employee, name = read_cursor(question, cursor, 3)
        after = (place, employee, name)
    read.begin()
    found = personnel.staff_matches(
        read.opened.engine,
        read.client,
        location=where,
        connection=connection,
        state=state,
        after=after,
        limit=limit,
        among=read.among,
    )
    following = None
    if len(found) == limit:
        following = write_cursor(question, [found[-1].location, found[-1].employee, found[-1].connection])
    headers = {} if following is None else linked(request, cursor=following)
    data = ours.plain_staff(read.opened, found)
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/employees/{location}/{employee}/personnel",
    operation_id="getPersonnelOfEmployee",
    dependencies=[takes(Permission.READ)],
    summary="What HR systems say of an employee, beside the point of sale",
    response_model=Beside,
    responses=documented({200: "Each system's word."}, 400, 404, 422, 503, headers=["Daybook-Position"]),
)
def get_beside(location: LocationPath, employee: EmployeePath, read: Read) -> Response:
    """Hire date, whether somebody is a minor, jobs and pay rates.

    Where an HR system and the point of sale say different things, `conflicts` lists both, and nothing is chosen.
    """
    place = plain(location, "location")
    read.begin()
    row = queries.find_employee(read.opened.engine, read.client, place, employee)
    if row is None:
        raise NoSuchEmployee(f"There is no employee {employee[:80]!r} at the location {place!r}.")
    today = persons.todays(read.opened, read.client)(place)
    return answer(ours.beside(read.opened, row, today), position=read.position)


@router.post(
    "/employees/{location}/{employee}/link",
    operation_id="linkEmployee",
    dependencies=[takes(Permission.CONNECT_ERP)],
    summary="Say which employee of an HR system somebody is",
    response_model=LinkAnswer,
    responses=documented({200: "Who they are now."}, *_ANSWERS, headers=_HEADERS),
)
def post_link(
    location: LocationPath,
    employee: EmployeePath,
    body: LinkRequest,
    asked: Writing,
) -> Response:
    """It stands until it is taken back: no rule says otherwise. Linked twice records nothing."""
    return _link(asked, (location, employee), body, to=True)


@router.post(
    "/employees/{location}/{employee}/unlink",
    operation_id="unlinkEmployee",
    dependencies=[takes(Permission.CONNECT_ERP)],
    summary="Say which employee of an HR system somebody is not",
    response_model=LinkAnswer,
    responses=documented({200: "Who they are now."}, *_ANSWERS, headers=_HEADERS),
)
def post_unlink(
    location: LocationPath,
    employee: EmployeePath,
    body: LinkRequest,
    asked: Writing,
) -> Response:
    """Of a link as of what rules found or suggest: they do not say so again."""
    return _link(asked, (location, employee), body, to=False)


@router.post(
    "/hr-employees/{connection}/{hr}/openings",
    operation_id="openHrData",
    dependencies=[takes(Permission.REVEAL)],
    summary="Open fields of personal data that an HR system told",
    response_model=HrOpeningAnswer,
    responses=documented({200: "The values."}, *_ANSWERS, headers=_HEADERS),
)
def post_hr_opening(
    connection: ConnectionPath,
    hr: HrPath,
    body: HrOpeningRequest,
    asked: Writing,
) -> Response:
    """Who opened what of whom, when and why is recorded before the values are answered; the values are not."""
    with asked.intended(body.reason) as intent:
        row = ours.hr_employee_of(asked.opened, asked.client, intent, Permission.REVEAL, (connection, hr))
        done = ours.reveal(asked.opened, row, body.fields, intent)
    receipt = done.changed.receipt
    assert receipt is not None  # noqa: S101 - every opening is recorded
    content = {
        "connection": row.connection,
        "employee": row.employee,
        "fields": {name: value or None for name, value in done.values.items()},
        "position": receipt.position,
        "recorded_at": receipt.recorded_at,
        "command": intent.command,
    }
    return answer(content, headers=_told(asked.opened, receipt, again=done.changed.again) | _PRIVATE)


@router.post(
    "/hr-employees/{connection}/{hr}/erasures",
    operation_id="forgetHrEmployee",
    dependencies=[takes(Permission.ERASE)],
    summary="Have an employee of an HR system forgotten",
    response_model=HrErasureAnswer,
    responses=documented({200: "What became of it."}, *_ANSWERS, headers=_HEADERS),
)
def post_hr_erasure(
    connection: ConnectionPath,
    hr: HrPath,
    body: ErasureRequest,
    asked: Writing,
) -> Response:
    """Nothing of what the HR system told opens from now on; it is destroyed once retention allows.

    So it is of who they are at the points of sale, at one's own locations, as far as they are linked or matched, unless
    `with_linked` says otherwise; each record is kept for as long as it has to be.
    """
    with asked.intended(body.reason) as intent:
        row = ours.hr_employee_of(asked.opened, asked.client, intent, Permission.ERASE, (connection, hr))
        done = forgetting.forget(asked.opened, row, intent, with_linked=body.with_linked)
    content = {**ours.plain_forgotten(row, done.changed), **done.plain(), "command": intent.command}
    return answer(content, headers=_told(asked.opened, done.changed.receipt, again=done.changed.again))


def _link(asked: Write, whom: tuple[str, str], body: LinkRequest, *, to: bool) -> Response:
    named = connection_id(asked.client, body.connection)
    with asked.intended(body.reason) as intent:
        done: Linked = ours.link(asked.opened, named, whom, body.hr, intent, linked=to)
    headers = _told(asked.opened, done.receipt, again=done.again)
    return answer({**ours.plain_linked(named.connection, whom, done), "command": intent.command}, headers=headers)


def _told(opened: OpenHouse, receipt: Receipt | None, *, again: bool) -> dict[str, str]:
    if opened.projector is not None:
        opened.projector.wake()
    headers = {} if receipt is None else {"Daybook-Position": str(receipt.position)}
    return headers | ({"Idempotent-Replayed": "true"} if again else {})
