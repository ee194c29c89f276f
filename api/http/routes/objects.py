"""Objects that are synchronized outward: listed, shown, asked for; and how it stands with their connections."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import objects as ways
from api.composition import OpenHouse
from api.http.answering import Acting, Opened, Read, answer, linked
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended
from api.http.documents import documented
from api.http.object_models import (
    Circuits,
    ObjectDetail,
    Objects,
    ObjectsAnswer,
    ObjectsRequest,
    ReviewAnswer,
    ReviewRequest,
)
from api.http.parameters import PAGE_ROWS, Cursor, IdempotencyKey, Limit, LocationQuery
from api.http.permitting import takes
from api.http.routes.connections import ConnectionPath
from api.work.circuits import circuits
from domain.business_date import business_date
from domain.facts.objects import How, ObjectType
from domain.identifiers import plain
from domain.outward import Category, State
from domain.permissions import Permission, Principal
from projections import objects

router = APIRouter(prefix="/v1", tags=["objects"])

_READING = takes(Permission.READ, Permission.SYNCHRONIZE)


@router.get(
    "/objects",
    operation_id="listObjects",
    dependencies=[_READING],
    summary="Objects that other systems are told of, and how it stands with each",
    response_model=Objects,
    responses=documented({200: "A page of objects."}, 400, 422, 503, headers=["Daybook-Position", "Link"]),
)
def list_objects(
    request: Request,
    read: Read,
    key: Annotated[str | None, Query(max_length=200, description="Only keys that begin so.")] = None,
    state: Annotated[State | None, Query(description="Only objects in this state.")] = None,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only objects at this version.")] = None,
    category: Annotated[
        Category | None, Query(description="Only journal entries (`finance`), master data, schedules or notices.")
    ] = None,
    type_: Annotated[ObjectType | None, Query(alias="type", description="Only objects of this type.")] = None,
    connection: Annotated[str | None, Query(max_length=100, description="Only those of this connection.")] = None,
    location: LocationQuery = None,
    date: Annotated[str | None, Query(max_length=40, description="Only this business date.")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_ROWS,
) -> Response:
    """By connection and key. Whoever has some locations alone sees objects of those, and none of no location."""
    given: dict[str, str | int | None] = {
        "key": key,
        "version": version,
        "category": category,
        "type": type_,
        "connection": None if connection is None else plain(connection, "connection"),
        "location": None if location is None else plain(location, "location"),
        "date": None if date is None else business_date(date).isoformat(),
    }
    filters = {name: value for name, value in given.items() if value is not None}
    question = (read.client, "objects", *(f"{name}={value}" for name, value in filters.items()), f"state={state or ''}")
    after = None
    if cursor is not None:
        of, begins = read_cursor(question, cursor, 2)
        after = (of, begins)
    read.begin()
    engine = read.opened.engine
    chosen = filters if state is None else {**filters, "state": state}
    found = objects.objects(engine, read.client, filters=chosen, after=after, limit=limit, among=read.among)
    counts = objects.counts(engine, read.client, filters=filters, among=read.among)
    following = None
    if len(found) == limit:
        following = write_cursor(question, (found[-1].connection, found[-1].key))
    content = {
        "data": [ways.plain_object(row) for row in found],
        "counts": ways.counted(counts),
        "next": following,
    }
    headers = {} if following is None else linked(request, cursor=following)
    return answer(content, position=read.position, headers=headers)


@router.get(
    "/objects/circuits",
    operation_id="listCircuits",
    dependencies=[takes(Permission.READ, Permission.READ_CONNECTIONS)],
    summary="Whether anything goes out over each connection, since when, and within which budget",
    response_model=Circuits,
    responses=documented({200: "The connections that objects go out over."}, 422, 503, headers=["Daybook-Position"]),
)
def list_circuits(read: Read) -> Response:
    """After several failures of a connection in a row nothing goes out over it for a while, then one object, to see."""
    read.begin()
    known = circuits(read.opened, read.client)
    if read.among is not None:
        theirs = {row.connection for row in known if objects.reached(read.opened.engine, row, read.among)}
        known = [row for row in known if row.connection in theirs]
    return answer({"data": [ways.plain_circuit(row) for row in known]}, position=read.position)


@router.post(
    "/objects/synchronize",
    operation_id="synchronizeObjects",
    dependencies=[takes(Permission.SYNCHRONIZE)],
    summary="Synchronize objects that are not integrated or desynchronized",
    response_model=ObjectsAnswer,
    responses=documented(
        {200: "An outcome for each object."},
        *(400, 403, 408, 409, 413, 415, 422, 503),
        headers=["Daybook-Position", "Idempotent-Replayed"],
    ),
)
def post_synchronize(
    body: ObjectsRequest, opened: Opened, who: Acting, idempotency_key: IdempotencyKey = None
) -> Response:
    """One or many; those in any other state are refused one by one, with the reason. The worker does it."""
    return _asked(opened, who, body, "synchronize", idempotency_key)


@router.post(
    "/objects/force-synchronize",
    operation_id="forceSynchronizeObjects",
    dependencies=[takes(Permission.SYNCHRONIZE)],
    summary="Synchronize objects in spite of their errors",
    response_model=ObjectsAnswer,
    responses=documented(
        {200: "An outcome for each object."},
        *(400, 403, 408, 409, 413, 415, 422, 503),
        headers=["Daybook-Position", "Idempotent-Replayed"],
    ),
)
def post_force(body: ObjectsRequest, opened: Opened, who: Acting, idempotency_key: IdempotencyKey = None) -> Response:
    """One or many; those without an error are refused one by one: one that is pending is synchronizing already."""
    return _asked(opened, who, body, "force", idempotency_key)


@router.post(
    "/objects/review",
    operation_id="reviewObjects",
    dependencies=[takes(Permission.SYNCHRONIZE)],
    summary="Look whether objects still stand at the other systems as they were written",
    response_model=ReviewAnswer,
    responses=documented(
        {200: "What is found of each object."},
        *(400, 403, 408, 409, 413, 415, 422, 503),
        headers=["Daybook-Position", "Idempotent-Replayed"],
    ),
)
def post_review(body: ReviewRequest, opened: Opened, who: Acting, idempotency_key: IdempotencyKey = None) -> Response:
    """Changes nothing there. What somebody changed or deleted is desynchronized, and the worker writes it anew."""
    chosen = [ways.object_id(who.client, named.connection, named.key) for named in body.objects]
    with intended(who, body.reason, idempotency_key) as intent:
        reviewed = ways.review(opened, chosen, intent)
    content = {"outcomes": [ways.plain_reviewed(one) for one in reviewed], "command": intent.command}
    position = max((one.position for one in reviewed), default=0)
    headers = {"Daybook-Position": str(position)} if position else {}
    if any(one.again for one in reviewed):
        headers["Idempotent-Replayed"] = "true"
    return answer(content, headers=headers)


@router.get(
    "/objects/{connection}/{object:path}",
    operation_id="getObject",
    dependencies=[_READING],
    summary="An object with its attempts and documents",
    response_model=ObjectDetail,
    responses=documented({200: "The object."}, 400, 404, 422, 503, headers=["Daybook-Position"]),
)
def get_object(
    connection: ConnectionPath,
    object_: Annotated[str, Path(alias="object", description="The key.", examples=["je:pier:2026-11-20:sales"])],
    read: Read,
    who: Acting,
) -> Response:
    """What is to stand at the other system, what stands there, and everything that was tried."""
    one = ways.object_id(read.client, connection, object_)
    read.begin()
    row = ways.found_object(read.opened, one, who.rights)
    rows = objects.attempts(read.opened.engine, one.client, one.connection, one.key, limit=ways.MOST_ATTEMPTS)
    content = {
        "object": ways.plain_object(row),
        "attempts": ways.plain_attempts(rows),
        "documents": ways.documents(read.opened, one, row, rows),
    }
    return answer(content, position=read.position)


def _asked(opened: OpenHouse, who: Principal, body: ObjectsRequest, how: How, idempotency_key: str | None) -> Response:
    chosen = [ways.object_id(who.client, named.connection, named.key) for named in body.objects]
    with intended(who, body.reason, idempotency_key) as intent:
        outcomes = ways.ask(opened, chosen, how, intent)
    told = [ways.plain_outcome(outcome) for outcome in outcomes]
    accepted = sum(outcome.accepted for outcome in outcomes)
    content = {
        "outcomes": told,
        "accepted": accepted,
        "refused": len(outcomes) - accepted,
        "command": intent.command,
    }
    position = max((outcome.position for outcome in outcomes), default=0)
    headers = {"Daybook-Position": str(position)} if position else {}
    if any(outcome.again for outcome in outcomes):
        headers["Idempotent-Replayed"] = "true"
    return answer(content, headers=headers)
