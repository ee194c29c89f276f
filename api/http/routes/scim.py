"""SCIM 2.0: employees as users that other systems read; nothing is written by it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import JSONResponse, Response
from structlog.contextvars import get_contextvars

from api.http.answering import Acting, IfNoneMatch, Opened, Read
from api.http.cursors import read_cursor, write_cursor
from api.http.documents import documented
from api.http.etags import not_modified
from api.http.permitting import SIGNED_IN, takes
from api.http.scim_models import ScimResource, ScimResources, ScimUser, ScimUsers
from api.refusals import NoSuchEmployee
from api.scim.describing import CONFIGURATION, RESOURCE_TYPES, SCHEMAS
from api.scim.filters import EVERYBODY, KNOWN, read_filter
from api.scim.ids import employee_of
from api.scim.selecting import read_selection
from api.scim.users import Shower, wanted
from api.scim.words import LIST, MEDIA_TYPE, MOST, MOST_OPENED, PAGE, PREFIX
from domain.permissions import Permission
from domain.refusals import NotFound
from projections import queries, staff
from projections.rows import EmployeeRow

_ENCODE: Final = msgspec.json.Encoder().encode


class ScimResponse(JSONResponse):
    """An answer of the SCIM service."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """The JSON of it."""
        return _ENCODE(content)


class NoSuchResource(NotFound):
    """The SCIM service has no resource of that id, or not for this reader."""


router = APIRouter(prefix=PREFIX, tags=["SCIM"], default_response_class=ScimResponse)

_MOST_INDEX: Final = 2**31 - 1

Attributes = Annotated[
    str | None,
    Query(
        max_length=2000,
        description="Answer only these attributes, with commas between. `emails`, `phoneNumbers`, `addresses` and "
        "`dateOfBirth` are opened for who may, which is recorded, and only where they are named.",
    ),
]
ExcludedAttributes = Annotated[
    str | None,
    Query(alias="excludedAttributes", max_length=2000, description="Answer these attributes not, with commas between."),
]


def _answer(content: Any, headers: Mapping[str, str] | None = None) -> Response:
    return ScimResponse(content, headers=headers)


def _all(resources: Mapping[str, Any]) -> Response:
    found = list(resources.values())
    counts = {"totalResults": len(found), "startIndex": 1, "itemsPerPage": len(found)}
    return _answer({"schemas": [LIST], **counts, "Resources": found})


def _one(resources: Mapping[str, Any], name: str) -> Response:
    if name not in resources:
        raise NoSuchResource("There is no resource of this id here.")
    return _answer(resources[name])


@router.get(
    "/ServiceProviderConfig",
    operation_id="getScimConfiguration",
    dependencies=[SIGNED_IN],
    summary="What the SCIM service can do",
    response_model=ScimResource,
    responses=documented({200: "The configuration."}),
)
def get_configuration() -> Response:
    """It is read only: no POST, PUT, PATCH or DELETE (405), no bulk, no sorting; pages by index or by cursor."""
    return _answer(CONFIGURATION)


@router.get(
    "/ResourceTypes",
    operation_id="listScimResourceTypes",
    dependencies=[SIGNED_IN],
    summary="The types of resources of the SCIM service",
    response_model=ScimResources,
    responses=documented({200: "All of them."}),
)
def get_resource_types() -> Response:
    """There is one: User."""
    return _all(RESOURCE_TYPES)


@router.get(
    "/ResourceTypes/{resource_type}",
    operation_id="getScimResourceType",
    dependencies=[SIGNED_IN],
    summary="A type of resource of the SCIM service",
    response_model=ScimResource,
    responses=documented({200: "The type."}, 404),
)
def get_resource_type(
    resource_type: Annotated[str, Path(max_length=200, description="Its id.", examples=["User"])],
) -> Response:
    """By its id."""
    return _one(RESOURCE_TYPES, resource_type)


@router.get(
    "/Schemas",
    operation_id="listScimSchemas",
    dependencies=[SIGNED_IN],
    summary="The schemas of the SCIM service",
    response_model=ScimResources,
    responses=documented({200: "All of them."}),
)
def get_schemas() -> Response:
    """Those of users, with our own extension, and those that describe the service."""
    return _all(SCHEMAS)


@router.get(
    "/Schemas/{schema_id}",
    operation_id="getScimSchema",
    dependencies=[SIGNED_IN],
    summary="A schema of the SCIM service",
    response_model=ScimResource,
    responses=documented({200: "The schema."}, 404),
)
def get_schema(schema_id: Annotated[str, Path(max_length=200, description="Its URN.")]) -> Response:
    """By its URN."""
    return _one(SCHEMAS, schema_id)


@router.get(
    "/Users",
    operation_id="listScimUsers",
    dependencies=[takes(Permission.READ)],
    summary="Employees as SCIM users",
    response_model=ScimUsers,
    responses=documented({200: "A page of users."}, 400, 503),
)
def get_users(
    read: Read,
    who: Acting,
    filter_: Annotated[
        str | None, Query(alias="filter", max_length=1000, description=f"What can be compared: {KNOWN}.")
    ] = None,
    start_index: Annotated[
        int | None,
        Query(alias="startIndex", ge=-_MOST_INDEX, le=_MOST_INDEX, description="The index of the first, from 1."),
    ] = None,
    count: Annotated[
        int | None,
        Query(ge=-_MOST_INDEX, le=_MOST_INDEX, description=f"Users on the page; at most {MOST} are answered."),
    ] = None,
    cursor: Annotated[
        str | None,
        Query(max_length=1000, description="Pages by cursor (RFC 9865): empty at first, then `nextCursor`."),
    ] = None,
    attributes: Attributes = None,
    excluded: ExcludedAttributes = None,
) -> Response:
    """By location and employee, at one's own locations; who left or vanished is listed still, and not active.

    Names are open as elsewhere; an SSN is never answered. Pages by cursor lose nobody who is there the whole time, and
    so do pages by index, since nobody is ever taken off the list.
    """
    selection = read_selection(attributes, excluded)
    chosen = EVERYBODY if filter_ is None else read_filter(filter_)
    question = (read.client, "scim-users", filter_ or "")
    after: tuple[str, str] | None = None
    if cursor:
        location, employee = read_cursor(question, cursor, 2)
        after = (location, employee)
    read.begin()
    shower = _shower(read.opened, who)
    whom, engine = wanted(read.opened, who, chosen), read.opened.engine
    most = MOST_OPENED if shower.may_open(selection) else MOST
    limit = max(0, min(PAGE if count is None else count, most))
    first = max(1, start_index or 1)
    found: list[EmployeeRow] = []
    if limit:
        skip = 0 if cursor is not None else first - 1
        found = staff.part(engine, read.client, whom, skip=skip, after=after, limit=limit)
    content = {
        "schemas": [LIST],
        "totalResults": staff.count(engine, read.client, whom),
        **({"startIndex": first} if cursor is None else {}),
        "itemsPerPage": len(found),
        "Resources": shower.show(found, selection),
    }
    if cursor is not None and limit and len(found) == limit:
        content["nextCursor"] = write_cursor(question, [found[-1].location, found[-1].employee])
    return _answer(content)


@router.get(
    "/Users/{user}",
    operation_id="getScimUser",
    dependencies=[takes(Permission.READ)],
    summary="An employee as a SCIM user",
    response_model=ScimUser,
    responses=documented({200: "The user.", 304: "The reader has this version."}, 400, 404, 503, headers=["ETag"]),
)
def get_user(
    user: Annotated[str, Path(max_length=1000, description="The id of a user.", examples=["harbor:E17"])],
    read: Read,
    who: Acting,
    attributes: Attributes = None,
    excluded: ExcludedAttributes = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """By its id, at one's own locations. Personal data is opened, and that recorded, only where it is named."""
    selection = read_selection(attributes, excluded)
    named = employee_of(user)
    read.begin()
    row = None
    if named is not None and who.rights.reach(named[0]):
        row = queries.find_employee(read.opened.engine, read.client, *named)
    if row is None:
        raise NoSuchEmployee("There is no user of this id here.")
    shower = _shower(read.opened, who)
    headers = {"ETag": shower.version(row), "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    opens = shower.may_open(selection)
    if not opens and not_modified(if_none_match, headers["ETag"].removeprefix('W/"').removesuffix('"')):
        return Response(status_code=304, headers=headers)
    if opens:
        headers["Cache-Control"] = "no-store"
    return _answer(shower.show([row], selection)[0], headers)


def _shower(opened: Opened, who: Acting) -> Shower:
    return Shower(opened, who, str(get_contextvars().get("request", "")))
