"""Commands on what stands: connections, companies, edit-location, clients, add-client, rename-client."""

from typing import Annotated, Any

import typer

from api import days
from api.cli.options import AsJson, Client, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.connections import all_connections, check_seen, connection_id, existing, reached
from api.lives import plain_companies, plain_connections, plain_seen, plain_tenant
from api.tenants import check_free, customer_of_client
from domain.commands.edit_location import EditLocation, edit_location
from domain.commands.loading import load_connection
from domain.commands.name_client import NameClient, Named, name_client
from domain.identifiers import CustomerId, plain
from projections import queries, standing
from projections.asking import MOST_ROWS
from projections.catching_up import catch_up

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]


def connections(client: Client = None, as_json: AsJson = False) -> None:
    """List the connections: where each stands, who answers for it, and what has to be renewed."""
    with opened_for(client, reads_views=True) as opened:
        whose, intent = opened.settings.client, intent_of(opened, "")
        rows = all_connections(opened, whose, intent.rights.locations)
        told = plain_connections(opened, whose, rows, intent.actor, intent.rights)
        found = [{**one, "overrides": reached(one["overrides"], intent.rights)} for one in told]
    if as_json:
        show_json({"data": found})
        return
    if not found:
        remark("There are no connections yet: `daybook connect` makes one, `daybook connection draft` begins one.")
    width = max((len(one["connection"]) for one in found), default=0)
    for one in found:
        stage = f"suspended because '{one['reason']}'" if one["reason"] else one["stage"]
        show(f"{one['connection']:<{width}}  {one['system']}, {stage}, {one['name']}{_companies(one)}")
        for text in (one["renewal"], one["admin_trouble"], *_lost(one)):
            if text:
                remark(f"{one['connection']}: {text}")


def show_connection(
    connection: Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection.")],
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show a connection: where it stands, what it feeds, and what its source showed when it was tested."""
    with opened_for(client, reads_views=True) as opened:
        named, intent = connection_id(opened.settings.client, connection), intent_of(opened, "")
        check_seen(opened, named, intent.rights)
        known = load_connection(opened.journal, named)
        row = queries.find_connection(opened.engine, named.client, connection)
        (told,) = plain_connections(opened, named.client, [row] if row else [], intent.actor, intent.rights)
    test = known.life.test
    seen = plain_seen(test) if test and told["companies"] is not None else None
    places = sorted(reached(known.locations, intent.rights))
    if as_json:
        overrides = reached(told["overrides"], intent.rights)
        show_json({**told, "overrides": overrides, "locations": places, "seen": seen})
        return
    for name in ("name", "system", "environment", "stage", "revision", "maker", "admin", "visibility", "valid_until"):
        if told[name]:
            show(f"{name.replace('_', ' ')}: {told[name]}")
    show(f"secret: {told['credential'] or 'none'}, version {told['credential_version']}")
    show(f"locations: {', '.join(places) or 'none'}")
    for company in told["companies"] or ():
        show(f"company: {company['organization']} {company['name']}{' (no longer visible)' if company['lost'] else ''}")
    for company in (seen or {}).get("companies", ()):
        show(f"seen: {company['organization']} {company['name']}")
    for venue in (seen or {}).get("venues", ()):
        show(f"seen: {', '.join(venue['source'].values())} {venue['name']}")
    for text in (told["renewal"], told["admin_trouble"]):
        if text:
            remark(text)


def _companies(one: dict[str, Any]) -> str:
    named = [company["name"] or company["organization"] for company in one["companies"] or ()]
    return f": {', '.join(named)}" if named else ""


def _lost(one: dict[str, Any]) -> list[str]:
    gone = [company["name"] or company["organization"] for company in one["companies"] or () if company["lost"]]
    gone += one["lost_locations"] or []
    return [f"The source no longer shows {', '.join(gone)}: the data stays, and polls of it stop."] if gone else []


def companies(client: Client = None, as_json: AsJson = False) -> None:
    """List the companies that connections have chosen: each once, however many connections see it."""
    with opened_for(client, reads_views=True) as opened:
        whose, intent = opened.settings.client, intent_of(opened, "")
        rows = all_connections(opened, whose, intent.rights.locations)
        told = plain_connections(opened, whose, rows, intent.actor, intent.rights)
        seen = frozenset(one["connection"] for one in told if one["companies"] is not None)
        found: list[dict[str, Any]] = []
        after = ""
        while page := standing.companies(opened.engine, whose, after=after, limit=MOST_ROWS):
            links = standing.company_links(opened.engine, whose, [row.company for row in page])
            found += plain_companies(page, links, seen)
            after = page[-1].company
    if as_json:
        show_json({"data": found})
        return
    for one in found:
        having = ", ".join(link["connection"] for link in one["connections"])
        show(f"{one['company']}  {one['name'] or one['organization']} ({one['system']}), by {having}")


def edit_location_(
    location: Annotated[str, typer.Argument(metavar="LOCATION", help="The id of a location.")],
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    number: Annotated[str | None, typer.Option(help="Its number in the books; empty: it has none.")] = None,
    zone: Annotated[str | None, typer.Option(metavar="ZONE", help="Its IANA time zone.")] = None,
    day_starts: Annotated[
        str | None, typer.Option("--day-starts", metavar="HH:MM", help="When its business day begins.")
    ] = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Edit a location: only what is given changes; recorded days keep their hours until they are polled again."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        command = EditLocation(
            opened.settings.client,
            plain(location, "location"),
            intent_of(opened, reason),
            existing(opened, opened.settings.client),
            name=name,
            zone=zone,
            day_starts=day_starts,
            number=number,
        )
        edited = edit_location(command, opened.house)
        catch_up(opened.engine, opened.journal)
    fact, receipt = edited.fact, edited.receipt
    if as_json:
        told = {"name": fact.name, "number": fact.number, "zone": fact.zone, "day_starts": fact.day_starts}
        position = None if receipt is None else receipt.position
        show_json({"location": location, **told, "moved": edited.moved, "position": position})
        return
    if receipt is None:
        show(f"{location}: so already; nothing is recorded.")
        return
    show(f"{location} is {fact.name}, {fact.zone}, day from {fact.day_starts}.")
    if edited.moved:
        remark("Recorded days keep their hours until they are polled again; repoll the days beside them as well.")


def clients(
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this customer.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the clients (tenants) that were added to customers."""
    with opened_for(None, reads_views=True) as opened:
        found: list[dict[str, Any]] = []
        after = ""
        while rows := standing.tenants(opened.engine, customer=customer, after=after):
            found += [plain_tenant(row) for row in rows]
            after = rows[-1].client
    if as_json:
        show_json({"data": found})
        return
    if not found:
        remark("No client was added to a customer yet: `daybook add-client` does.")
    for one in found:
        show(f"{one['client']}  {one['name']}, of {one['customer_name']} ({one['customer']})")


def add_client(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT", help="The new client's id.")],
    customer: Annotated[str, typer.Option(metavar="ID", help="The customer, who is registered if they are new.")],
    name: Annotated[str, typer.Option(help="What people call the client.  [default: its id]")] = "",
    customer_name: Annotated[str, typer.Option(help="What people call a new customer.  [default: its id]")] = "",
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Add a client (tenant) to a customer; a customer may have several, and everything is done inside one."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(None, reads_views=True) as opened:
        named = CustomerId(plain(customer, "customer"))
        check_free(opened, client_id, named)
        command = NameClient(named, client_id, name or client_id, intent_of(opened, reason), called=customer_name)
        done = name_client(command, opened.house)
        catch_up(opened.engine, opened.journal)
    _say(done, client_id, customer, "is a client of", as_json=as_json)


def rename_client(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id, which stays.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call it from now on.")],
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Call a client otherwise; its id stays."""
    reason = days.checked_reason(why) if why else ""
    with opened_for(None, reads_views=True) as opened:
        named = customer_of_client(opened, plain(client_id, "client"))
        done = name_client(NameClient(named, client_id, name, intent_of(opened, reason), adds=False), opened.house)
        catch_up(opened.engine, opened.journal)
    _say(done, client_id, named.customer, f"is called {name}, of", as_json=as_json)


def _say(done: Named, client: str, customer: str, said: str, *, as_json: bool) -> None:
    if as_json:
        position = None if done.receipt is None else done.receipt.position
        show_json({"client": client, "customer": customer, "name": done.customer.clients[client], "position": position})
    elif done.receipt is None:
        show(f"{client}: so already; nothing is recorded.")
    else:
        show(f"{client} {said} {done.customer.name} ({customer}).")
