"""One connection: what it feeds, how it is configured, and changing both."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from api.composition import OpenHouse
from api.configurations import MOST_VERSIONS, in_force, offer, plain_configuration, plain_version, version_of, versions
from api.connections import check_seen, connection_id, existing, plain_inherited, reached, remarks_on
from api.http.answering import Acting, Client, IfNoneMatch, Opened, Read, Reading, answer, unchanged, versioned
from api.http.connection_models import (
    Configuration,
    ConfigurationAnswer,
    ConfigurationRequest,
    LocationsAnswer,
    LocationsRequest,
    NewLocation,
    WholeConnection,
)
from api.http.deciding import intended, seen_of
from api.http.documents import documented
from api.http.etags import etag
from api.http.permitting import takes
from api.lives import plain_connections, plain_seen
from api.refusals import NoVersionGiven
from domain.commands.add_location import AddLocation, add_location
from domain.commands.changing import Changed
from domain.commands.configure_connection import ConfigureConnection, configure_connection
from domain.commands.loading import load_connection, no_such_connection
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId
from domain.permissions import Permission
from projections import queries

router = APIRouter(prefix="/v1", tags=["connections"])

ConnectionPath = Annotated[str, Path(description="The id of a connection.", examples=["tray"])]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=2000,
        description="1 to 255 printable characters: the same key again is answered, not done again.",
    ),
]


@router.get(
    "/connections/{connection}",
    operation_id="getConnection",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="A connection with its locations",
    response_model=WholeConnection,
    responses=documented({200: "The connection."}, 400, 404, 422, 503, headers=["Daybook-Position", "ETag"]),
)
def get_connection(read: Read, who: Acting, connection: ConnectionPath) -> Response:
    """What it feeds, its polling options, and their versions; of the secret only the fingerprint.

    Whoever may see some locations only is told of these, and a connection that feeds none of them does not exist.
    The ETag is its revision: what If-Match names when it is edited.
    """
    named = connection_id(read.client, connection)
    read.begin()
    check_seen(read.opened, named, who.rights)
    row = queries.find_connection(read.opened.engine, read.client, connection)
    if row is None:
        raise no_such_connection(named)
    known, found = versions(read.opened, named)
    (told,) = plain_connections(read.opened, read.client, [row], who.actor, who.rights)
    test = known.life.test
    content = {
        **told,
        "overrides": reached(row.overrides, who.rights),
        "seen": plain_seen(test) if test and told["companies"] is not None else None,
        "locations": [
            {
                "location": place.location,
                "name": place.name,
                "number": place.number,
                "zone": place.zone,
                "day_starts": f"{place.day_starts:%H:%M}",
                "source": dict(place.source),
            }
            for _, place in sorted(reached(known.locations, who.rights).items())
        ],
        "configurations": [plain_version(version) for version in found[:MOST_VERSIONS]],
        "remarks": remarks_on(known, who.rights),
    }
    return answer(content, position=read.position, headers={"ETag": etag(row.revision)})


@router.get(
    "/connections/{connection}/configuration",
    operation_id="getConfiguration",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="The polling configuration of a connection",
    response_model=Configuration,
    responses=documented(
        {200: "The version, with every option in force.", 304: "The reader has this version."},
        400,
        404,
        422,
        503,
        headers=["Daybook-Position", "ETag"],
    ),
)
def get_configuration(
    read: Read,
    who: Acting,
    connection: ConnectionPath,
    version: Annotated[int | None, Query(ge=1, le=2**31, description="A version; without it the newest.")] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The newest version, or another one. Its number is the ETag, and what If-Match names when it is replaced."""
    named = connection_id(read.client, connection)
    read.begin()
    check_seen(read.opened, named, who.rights)
    known, found = versions(read.opened, named)
    chosen = version_of(named, found, version)
    configuration = chosen.configuration
    same = unchanged(if_none_match, configuration.version, read.position)
    if same is not None:
        return same
    overrides = reached(configuration.overrides, who.rights)
    content = {
        "connection": connection,
        **plain_version(chosen),
        "options": configuration.options,
        "overrides": overrides,
        "in_force": in_force(read.opened, known.system, configuration, sorted(overrides)),
    }
    return answer(content, position=read.position, headers=versioned(configuration.version))


@router.put(
    "/connections/{connection}/configuration",
    operation_id="configureConnection",
    dependencies=[takes(Permission.CONNECT_POS)],
    summary="Replace the polling configuration of a connection",
    response_model=ConfigurationAnswer,
    responses=documented(
        {200: "The new version, or that the newest says so already."},
        400,
        404,
        408,
        409,
        412,
        413,
        415,
        422,
        428,
        503,
        headers=["Daybook-Position", "ETag", "Idempotent-Replayed"],
    ),
)
def put_configuration(
    connection: ConnectionPath,
    body: ConfigurationRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    if_match: Annotated[
        str | None,
        Header(max_length=2000, description="The version that is replaced: required, 412 where it is not the newest."),
    ] = None,
    idempotency_key: Key = None,
) -> Response:
    """Record a new version. Recorded days do not change by it: `replay` says how to see what it would change on them.

    `options` and `overrides` are the whole configuration. Where it says what the newest version says, nothing is
    recorded. Whoever has some of the locations only says the overrides of these, and leaves the `options` as they are.
    """
    named = connection_id(client, connection)
    check_seen(opened, named, who.rights)
    if if_match is None:
        raise NoVersionGiven(
            "Name the version that you replace in If-Match: it is the ETag of the configuration as you read it."
        )
    with intended(who, body.reason, idempotency_key) as intent:
        expected = seen_of(opened, client, intent, if_match, lambda: _newest(opened, named), "configuration")
        command = ConfigureConnection(named, intent, body.options, body.overrides, expected=expected)
        configured = configure_connection(command, opened.house)
    content = {
        **plain_configuration(named, configured, who.rights),
        "command": intent.command,
        "replay": offer(opened, named, configured),
        "remarks": remarks_on(configured.change.after, who.rights),
    }
    return _written(opened, content, configured.change, 200)


def _newest(opened: OpenHouse, connection: ConnectionId) -> int:
    return load_connection(opened.journal, connection).configuration.version


@router.post(
    "/connections/{connection}/locations",
    operation_id="addLocations",
    dependencies=[takes(Permission.CONNECT_POS)],
    summary="Add locations to a connection",
    response_model=LocationsAnswer,
    status_code=201,
    responses=documented(
        {201: "They are added."},
        400,
        404,
        408,
        409,
        413,
        415,
        422,
        503,
        headers=["Daybook-Position", "Location", "Idempotent-Replayed"],
        model=LocationsAnswer,
    ),
)
def post_locations(
    connection: ConnectionPath,
    body: LocationsRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: Key = None,
) -> Response:
    """They poll as the connection's other locations do, unless a preset or options say otherwise.

    They have the options of the connection, and take over what all of its locations have of their own, and alike. A
    preset goes over that, and options that are named here over both.
    """
    named = connection_id(client, connection)
    check_seen(opened, named, who.rights)
    # Whatever was recorded up to now counts: no second connection may come to feed a location.
    Reading(opened, client, least=opened.journal.head()).begin()
    with intended(who, body.reason, idempotency_key) as intent:
        command = AddLocation(
            named,
            tuple(fact_of(place) for place in body.locations),
            intent,
            presets={place.id: place.preset for place in body.locations if place.preset},
            overrides={place.id: place.options for place in body.locations if place.options},
            existing=existing(opened, client, without=connection),
        )
        added = add_location(command, opened.house)
    content = {
        "connection": connection,
        "locations": added.locations,
        "configuration": added.change.after.configuration.version,
        "inherited": plain_inherited(added.inherited),
        "remarks": remarks_on(added.change.after, who.rights),
        "position": added.receipt.position,
        "recorded_at": added.receipt.recorded_at,
        "command": intent.command,
    }
    return _written(opened, content, added.change, 201)


def fact_of(place: NewLocation) -> LocationAdded:
    """A location as the domain takes it."""
    return LocationAdded(
        place.id, place.name or place.id, place.zone, place.source, day_starts=place.day_starts, number=place.number
    )


def _written(opened: OpenHouse, content: dict[str, Any], change: Changed, status: int) -> Response:
    """The answer to a change that is recorded, or that there was nothing to record."""
    if opened.projector is not None:
        opened.projector.wake()
    position = None if change.receipt is None else change.receipt.position
    connection = content["connection"]
    headers = {"Location": f"/v1/connections/{connection}"} if status == 201 else {}
    headers |= {"ETag": etag(change.after.configuration.version)} if status == 200 else {}
    headers |= {"Idempotent-Replayed": "true"} if change.again else {}
    return answer(content, position=position, status=status, headers=headers)
