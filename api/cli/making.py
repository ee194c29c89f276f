"""The commands `daybook connection draft`, `test` and `establish`: how a connection is made."""

from typing import Annotated, Any

import typer

from api.cli.choosing import Preset, Set, chosen, shown
from api.cli.connecting import locations_of, the_key
from api.cli.connection import DayStarts, Places, Zone
from api.cli.living import Companies, Expect, Id, KeyEnv, KeyFile, Values, Why, do, values_of
from api.cli.options import AsJson, Client
from api.composition import OpenHouse
from api.connections import all_locations, existing, plain_inherited, remarks_on
from api.lives import actor_of, plain_known, plain_test
from domain.commands.changing import Changed
from domain.commands.draft_connection import DraftConnection, draft_connection
from domain.commands.establish_connection import EstablishConnection, establish_connection
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.try_connection import TryConnection, try_connection
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId


def draft(
    connection: Id,
    system: Annotated[str, typer.Option(help="The system's key in the catalogue.")] = "tray",
    name: Annotated[str, typer.Option(help="What people call the connection.  [default: its id]")] = "",
    environment: Annotated[str, typer.Option(metavar="URL", help="The system's base address.")] = "",
    value: Values = None,
    shared: Annotated[bool, typer.Option("--shared", help="Other users may edit it.")] = False,
    key_env: KeyEnv = None,
    key_file: KeyFile = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Begin to connect a system: what is filled in of its form. Nothing is asked of the source yet."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        pushes = opened.house.system(system).pushes
        secret = "" if pushes and key_env is None and key_file is None else the_key(key_env, key_file)
        command = DraftConnection(
            named,
            intent,
            system,
            name or connection,
            environment,
            values_of(opened, system, value) or {},
            secret,
            "shared" if shared else "private",
        )
        return draft_connection(command, opened.house), {}

    do(connection, why, client, deed, "is drafted; test it next", as_json=as_json)


def ask(connection: Id, expect: Expect = None, why: Why = "", client: Client = None, as_json: AsJson = False) -> None:
    """Really ask the source, with the secret in use, who we are there and what we may see."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        others = existing(opened, named.client, without=connection)
        tried = try_connection(TryConnection(named, intent, expect, others), opened.house)
        found = plain_test(tried)
        return tried.change, {**found, "told": _tested(found)}

    do(connection, why, client, deed, "", as_json=as_json)


def _tested(found: dict[str, Any]) -> str:
    if not found["passed"]:
        return f"failed its test ({found['failure']}): {found['message'].rstrip('.')}"
    if not found["asked"]:
        return "has the right form; there is no source that could be asked"
    companies = [
        f"{one['organization']} ({one['name']})" if one["name"] else one["organization"] for one in found["companies"]
    ]
    venues = [", ".join(one["source"].values()) for one in found["venues"]]
    seen = "; ".join([*companies, *venues]) or "nothing by name"
    lost = found["lost"]["companies"] + found["lost"]["locations"]
    return f"passed its test, and sees {seen}" + (f"; no longer {', '.join(lost)}" if lost else "")


def establish(
    connection: Id,
    company: Companies = None,
    location: Places = None,
    zone: Zone = None,
    day_starts: DayStarts = None,
    admin: Annotated[
        str | None, typer.Option(metavar="USER", help="Who is responsible.  [default: you, or the operator]")
    ] = None,
    preset: Preset = "",
    options: Set = None,
    expect: Expect = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Establish a tested draft, with the companies or locations that you choose of what the source shows."""

    def deed(opened: OpenHouse, named: ConnectionId, intent: Intent) -> tuple[Changed, dict[str, Any]]:
        command = EstablishConnection(
            named,
            intent,
            expect,
            companies=None if company is None else tuple(company),
            locations=_places(opened, named, location or [], zone, day_starts),
            admin=None if admin is None else actor_of(admin),
            options=chosen(options or []),
            preset=preset,
            existing=existing(opened, named.client, without=connection),
        )
        done = establish_connection(command, opened.house)
        taken = [
            f"{entry.option} = {shown(entry.value)}: inherited from {entry.connection}" for entry in done.inherited
        ]
        after = done.change.after
        return done.change, {
            "companies": sorted(after.life.companies),
            "locations": sorted(after.locations),
            "admin": after.life.admin,
            "inherited": plain_inherited(done.inherited),
            "known": plain_known(done.known),
            "remarks": [*taken, *remarks_on(after)],
        }

    do(connection, why, client, deed, "is established", as_json=as_json)


def _places(
    opened: OpenHouse, named: ConnectionId, texts: list[str], zone: str | None, day_starts: str | None
) -> tuple[LocationAdded, ...]:
    ids = opened.house.system(load_connection(opened.journal, named).system).location_ids
    known = {row.location: row for row in all_locations(opened, named.client)}
    return tuple(entry.fact() for entry in locations_of(texts, zone, day_starts, ids, known))
