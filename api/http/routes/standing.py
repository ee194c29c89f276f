"""What stands beside connections: companies, editing locations, and the clients of a customer."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from api.composition import OpenHouse
from api.connections import existing
from api.http.answering import Acting, Client, Opened, Read, Reading, Whole, answer, linked, versioned
from api.http.cursors import read_cursor, write_cursor
from api.http.deciding import intended, seen_of
from api.http.documents import documented
from api.http.life_models import (
    ClientRequest,
    Companies,
    EditLocationAnswer,
    EditLocationRequest,
    RenameClientRequest,
    TenantAnswer,
    Tenants,
)
from api.http.parameters import PAGE_ROWS, Cursor, IdempotencyKey, Limit, LocationPath
from api.http.permitting import SIGNED_IN, takes
from api.lives import plain_companies, plain_connections, plain_tenant
from api.tenants import check_free, customer_of_client
from domain.commands.edit_location import EditLocation, edit_location
from domain.commands.loading import load_customer
from domain.commands.name_client import NameClient, name_client
from domain.customer import NoSuchClient
from domain.identifiers import plain
from domain.permissions import Permission, Principal
from projections import queries, standing

router = APIRouter(prefix="/v1", tags=["connections"])

ClientPath = Annotated[str, Path(description="The id of a client.", examples=["main"])]
IfMatch = Annotated[
    str | None, Header(max_length=2000, description="Only if the customer is at this version (412 otherwise).")
]
_PROBLEMS: Final = (400, 403, 404, 408, 409, 412, 413, 415, 422, 503)
_HEADERS: Final = ["Daybook-Position", "ETag", "Idempotent-Replayed"]


@router.get(
    "/companies",
    operation_id="listCompanies",
    dependencies=[takes(Permission.READ_CONNECTIONS)],
    summary="The companies that connections have chosen",
    response_model=Companies,
    responses=documented({200: "A page of companies."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_companies(
    request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS
) -> Response:
    """Each once, however many connections see it: it is known by system, address and organization.

    Of connections that the caller may edit; a page may have fewer companies for that.
    """
    question = (read.client, "companies")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    engine = read.opened.engine
    found = standing.companies(engine, read.client, after=after, limit=limit)
    links = standing.company_links(engine, read.client, [row.company for row in found])
    following = write_cursor(question, [found[-1].company]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = plain_companies(found, links, _visible(read, who, {link.connection for link in links}))
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


def _visible(read: Reading, who: Principal, names: set[str]) -> frozenset[str]:
    """Those of the connections whose companies somebody sees."""
    rows = [queries.find_connection(read.opened.engine, read.client, name) for name in sorted(names)]
    told = plain_connections(read.opened, read.client, [row for row in rows if row], who.actor, who.rights)
    return frozenset(one["connection"] for one in told if one["companies"] is not None)


@router.patch(
    "/locations/{location}",
    operation_id="editLocation",
    dependencies=[takes(Permission.MANAGE_CLIENT)],
    summary="Edit a location",
    response_model=EditLocationAnswer,
    responses=documented(
        {200: "How it is described now."}, *_PROBLEMS, headers=["Daybook-Position", "Idempotent-Replayed"]
    ),
)
def patch_location(
    location: LocationPath,
    body: EditLocationRequest,
    opened: Opened,
    client: Client,
    who: Acting,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Only what is given changes, at every connection that feeds it.

    Another zone or start of the day holds for days that are polled, imported or repolled from then on; recorded days
    keep their hours until then.
    """
    place = plain(location, "location")
    Reading(opened, client, least=opened.journal.head()).begin()
    with intended(who, body.reason, idempotency_key) as intent:
        command = EditLocation(
            client,
            place,
            intent,
            existing(opened, client),
            name=body.name,
            zone=body.zone,
            day_starts=body.day_starts,
            number=body.number,
        )
        edited = edit_location(command, opened.house)
    if opened.projector is not None:
        opened.projector.wake()
    fact, receipt = edited.fact, edited.receipt
    content = {
        "location": fact.location,
        "name": fact.name,
        "number": fact.number,
        "zone": fact.zone,
        "day_starts": fact.day_starts,
        "changed": receipt is not None,
        "moved": edited.moved,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
        "command": intent.command,
    }
    headers = {"Idempotent-Replayed": "true"} if edited.again else {}
    return answer(content, position=None if receipt is None else receipt.position, headers=headers)


@router.get(
    "/clients",
    operation_id="listClients",
    dependencies=[SIGNED_IN],
    summary="The clients of the customer",
    response_model=Tenants,
    responses=documented({200: "A page of clients."}, 400, 403, 422, 503, headers=["Daybook-Position", "Link"]),
)
def get_clients(request: Request, read: Read, who: Acting, cursor: Cursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """The caller's own client; for those who look after the installation, all clients of the same customer."""
    question = (read.client, "clients")
    after = read_cursor(question, cursor, 1)[0] if cursor is not None else ""
    read.begin()
    own = standing.find_tenant(read.opened.engine, read.client)
    found = [own] if own and own.client > after else []
    if own and Permission.OPERATE in who.rights.permissions:
        found = standing.tenants(read.opened.engine, customer=own.customer, after=after, limit=limit)
    following = write_cursor(question, [found[-1].client]) if len(found) == limit else None
    headers = {} if following is None else linked(request, cursor=following)
    data = [plain_tenant(row) for row in found]
    return answer({"data": data, "next": following}, position=read.position, headers=headers)


@router.post(
    "/clients",
    operation_id="addClient",
    dependencies=[takes(Permission.OPERATE)],
    summary="Add a client to the customer",
    response_model=TenantAnswer,
    status_code=201,
    responses=documented({201: "It is added."}, *_PROBLEMS, headers=_HEADERS, model=TenantAnswer),
)
def post_client(
    body: ClientRequest,
    opened: Whole,
    client: Client,
    who: Acting,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """It belongs to the customer of the caller's client, who has to be known."""
    return _named(body.client, body.name, (opened, client, who), body.reason, (if_match, idempotency_key), adds=True)


@router.patch(
    "/clients/{client_id}",
    operation_id="renameClient",
    dependencies=[takes(Permission.MANAGE_CLIENT)],
    summary="Rename a client",
    response_model=TenantAnswer,
    responses=documented({200: "What it is called now."}, *_PROBLEMS, headers=_HEADERS),
)
def patch_client(
    client_id: ClientPath,
    body: RenameClientRequest,
    opened: Whole,
    client: Client,
    who: Acting,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The caller's own; for those who look after the installation, any client of the same customer. Its id stays."""
    if client_id != client and Permission.OPERATE not in who.rights.permissions:
        raise NoSuchClient(f"There is no client {client_id[:80]!r} of this customer.")
    return _named(client_id, body.name, (opened, client, who), body.reason, (if_match, idempotency_key), adds=False)


def _named(
    client: str,
    name: str,
    asked: tuple[OpenHouse, str, Principal],
    reason: str,
    headers: tuple[str | None, str | None],
    *,
    adds: bool,
) -> Response:
    opened, own, who = asked
    if_match, key = headers
    Reading(opened, own, least=opened.journal.head()).begin()
    customer = customer_of_client(opened, own)
    if adds:
        check_free(opened, client, customer)
    with intended(who, reason, key) as intent:
        owner = f"@{customer.customer}"
        seen = seen_of(
            opened, owner, intent, if_match, lambda: load_customer(opened.journal, customer).version, "customer"
        )
        done = name_client(NameClient(customer, client, name, intent, adds, expected=seen), opened.house)
    if opened.projector is not None:
        opened.projector.wake()
    receipt = done.receipt
    content = {
        "client": client,
        "name": done.customer.clients[client],
        "customer": customer.customer,
        "version": done.customer.version,
        "changed": receipt is not None,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
        "command": intent.command,
    }
    told = versioned(done.customer.version) | ({"Idempotent-Replayed": "true"} if done.again else {})
    position = None if receipt is None else receipt.position
    return answer(content, position=position, status=201 if adds else 200, headers=told)
