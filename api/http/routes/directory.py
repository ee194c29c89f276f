"""What is there: locations, connections, employees and other reference data."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.connections import reached
from api.http.answering import Acting, Read, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.models import Connections, Employees, Locations
from api.http.moments import shown_rosters
from api.http.parameters import PAGE_ROWS, AsOf, Cursor, Limit, LocationQuery
from api.http.permitting import takes
from api.http.reference_models import Jobs, References
from api.lives import plain_connections
from api.persons import todays
from api.rows import plain_employees, plain_reference, plain_row
from domain.identifiers import plain
from domain.permissions import Permission
from projections import queries

router = APIRouter(prefix="/v1", tags=["directory"])


@router.get(
    "/locations",
    operation_id="listLocations",
    dependencies=[takes(Permission.READ, Permission.READ_CONNECTIONS)],
    summary="The locations that connections feed",
    response_model=Locations,
    responses=documented({200: "A page of locations."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_locations(request: Request, read: Read, cursor: Cursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """By id, with zone, start of the business day and the connection that feeds each."""
    question = (read.client, "locations")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    found = queries.locations(read.opened.engine, read.client, after=after, limit=limit, among=read.among)
    following = write_cursor(question, [found[-1].location]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = [plain_row(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/connections",
    operation_id="listConnections",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="The connections to outside systems",
    response_model=Connections,
    responses=documented({200: "A page of connections."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_connections(
    request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """By id, with the polling configuration; of the secret only the fingerprint.

    Companies and form values are shown to those who may edit the connection.
    """
    question = (read.client, "connections")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    found = queries.connections(read.opened.engine, read.client, after=after, limit=limit, among=read.among)
    following = write_cursor(question, [found[-1].connection]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    told = plain_connections(read.opened, read.client, found, who.actor, who.rights)
    data = [{**one, "overrides": reached(row.overrides, who.rights)} for one, row in zip(told, found, strict=True)]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/employees",
    operation_id="listEmployees",
    dependencies=[takes(Permission.READ)],
    summary="The employees that the sources list",
    response_model=Employees,
    responses=documented({200: "A page of employees."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_employees(
    request: Request,
    read: Read,
    location: LocationQuery = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By location and id, as they are listed or were at a moment.

    Names are opened for display, and null once a person was forgotten. Of the SSN the last four digits are shown, of
    the date of birth whether the employee is not 18 yet on today's business date. The rest is `sealed`, where it is
    known; `POST …/openings` opens it, field by field.
    """
    where = None if location is None else plain(location, "location")
    with shown_rosters(read, as_of) as (engine, moment):
        question = (read.client, "employees", where or "", moment)
        after: tuple[str, str] | None = None
        if cursor is not None:
            place, employee = read_cursor(question, cursor, 2)
            after = (place, employee)
        found = queries.employees(engine, read.client, location=where, after=after, limit=limit, among=read.among)
    following = write_cursor(question, [found[-1].location, found[-1].employee]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = plain_employees(found, read.opened.house.vault, todays(read.opened, read.client))
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.get(
    "/jobs",
    operation_id="listJobs",
    dependencies=[takes(Permission.READ)],
    summary="The jobs that the sources list",
    response_model=Jobs,
    responses=documented({200: "A page of jobs."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_jobs(
    request: Request,
    read: Read,
    location: LocationQuery = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By location and id, as they are listed or were at a moment."""
    where = None if location is None else plain(location, "location")
    with shown_rosters(read, as_of) as (engine, moment):
        question = (read.client, "jobs", where or "", moment)
        after: tuple[str, str] | None = None
        if cursor is not None:
            place, job = read_cursor(question, cursor, 2)
            after = (place, job)
        found = queries.jobs(engine, read.client, location=where, after=after, limit=limit, among=read.among)
    following = write_cursor(question, [found[-1].location, found[-1].job]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    return answer(
        {"data": [plain_row(row) for row in found], "next": following}, position=read.position, headers=headers
    )


@router.get(
    "/reference/{kind}",
    operation_id="listReference",
    dependencies=[takes(Permission.READ)],
    summary="Menu items, tenders, tax definitions or house accounts",
    response_model=References,
    responses=documented({200: "A page of them."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_reference(
    request: Request,
    kind: Annotated[
        Literal["menu-items", "tenders", "tax-definitions", "house-accounts"], Path(description="Which of them.")
    ],
    read: Read,
    location: LocationQuery = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By location and number, as they are listed or were at a moment.

    The personal fields of house accounts never leave: `sealed` says that they are known.
    """
    where = None if location is None else plain(location, "location")
    known_as = kind.removesuffix("s")
    with shown_rosters(read, as_of) as (engine, moment):
        question = (read.client, "reference", kind, where or "", moment)
        after: tuple[str, str] | None = None
        if cursor is not None:
            place, number = read_cursor(question, cursor, 2)
            after = (place, number)
        found = queries.references(
            engine, read.client, known_as, location=where, after=after, limit=limit, among=read.among
        )
    following = write_cursor(question, [found[-1].location, found[-1].number]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = [plain_reference(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)
