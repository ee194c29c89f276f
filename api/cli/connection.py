"""Commands on connections: connect, locations."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.connecting import EXAMPLE, ConnectionFile, locations_of, read_connection, the_key
from api.cli.options import AsJson, Client, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.rows import plain_row
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.identifiers import ConnectionId
from projections import queries
from projections.rows import LocationRow

CONNECT_HELP: Final = f"""Connect a system with the locations that it feeds: from a JSON file, or from options.

\b
The file, in the least it can say:
{EXAMPLE}

Further members: "system" (tray), "name", "options" (polling options over the system's defaults); of each location
"name", "day_starts" (HH:MM) and "number". Unknown members are refused.

The API key is never in the file and never on the command line: give it with --key-env, --key-file or DAYBOOK_SECRET,
or type it when asked.
"""


def connect(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.json]", help="The connection as a JSON file.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The connection's id.")] = None,
    system: Annotated[str, typer.Option(help="The system's key in the catalogue.")] = "tray",
    name: Annotated[str, typer.Option(help="What people call the connection.  [default: its id]")] = "",
    environment: Annotated[str | None, typer.Option(metavar="URL", help="The system's base address.")] = None,
    location: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=VENUE[:ZONE]", help="A location and the system's id of it; may be repeated."),
    ] = None,
    zone: Annotated[str | None, typer.Option(help="The time zone of locations that do not say theirs.")] = None,
    day_starts: Annotated[str, typer.Option(metavar="HH:MM", help="When their business day begins.")] = "00:00",
    key_env: Annotated[
        str | None, typer.Option(metavar="VARIABLE", help="The environment variable that holds the API key.")
    ] = None,
    key_file: Annotated[Path | None, typer.Option(metavar="PATH", help="The file that holds the API key.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Connect a system with the locations that it feeds."""
    with opened_for(client, reads_views=True) as opened:
        if file is not None:
            if id_ is not None or environment is not None or location:
                raise typer.BadParameter("Give either a file or options, not both.")
            described = read_connection(file)
        else:
            described = _from_options(opened, id_, system, name, environment, location or [], zone, day_starts)
        command = _command(opened, described, the_key(key_env, key_file))
        receipt = connect_system(command, opened.house)
    locations = [entry.id for entry in described.locations]
    if as_json:
        show_json({"connection": described.id, "locations": locations, "position": receipt.position})
    else:
        show(f"Connected {described.id} with {', '.join(locations) or 'no location yet'}.")


def _from_options(
    opened: OpenHouse,
    id_: str | None,
    system: str,
    name: str,
    environment: str | None,
    locations: list[str],
    zone: str | None,
    day_starts: str,
) -> ConnectionFile:
    for option, value in (("--id", id_), ("--environment", environment), ("--location", locations)):
        if not value:
            raise typer.BadParameter(f"Give {option}, or a JSON file that says it.")
    names = opened.house.system(system).location_ids
    if len(names) != 1:
        raise typer.BadParameter(
            f"Locations of {system} need the ids {', '.join(names)}: describe them in a JSON file."
        )
    found = locations_of(locations, zone, day_starts, names[0])
    return ConnectionFile(str(id_), str(environment), found, system=system, name=name)


def _command(opened: OpenHouse, described: ConnectionFile, key: str) -> ConnectSystem:
    client = opened.settings.client
    return ConnectSystem(
        ConnectionId(client, described.id),
        described.system,
        described.name or described.id,
        described.environment,
        key,
        tuple(entry.fact() for entry in described.locations),
        Intent(opened.settings.who, "connected on the command line"),
        described.options,
        {row.location: row.connection for row in all_locations(opened)},
    )


def all_locations(opened: OpenHouse) -> list[LocationRow]:
    """Every location of the client, page by page."""
    found: list[LocationRow] = []
    while True:
        after = found[-1].location if found else ""
        page = queries.locations(opened.engine, opened.settings.client, after=after)
        found += page
        if len(page) < queries.MOST_ROWS:
            return found


def locations(client: Client = None, as_json: AsJson = False) -> None:
    """List the locations that connections feed."""
    with opened_for(client, reads_views=True) as opened:
        found = all_locations(opened)
        whose = opened.settings.client
    if as_json:
        rows: list[dict[str, Any]] = [plain_row(row) for row in found]
        show_json({"data": rows})
        return
    if not found:
        remark(f"The client {whose} has no locations yet: `daybook connect` makes a connection with some.")
    width = max((len(row.location) for row in found), default=0)
    for row in found:
        fed = f"{row.connection} ({row.system})"
        show(f"{row.location:<{width}}  {row.zone}, day from {row.day_starts}, {fed}, {row.name}")
