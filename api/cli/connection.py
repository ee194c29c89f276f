"""Commands on connections: connect, add-location, locations."""

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from api import days
from api.cli.choosing import Preset, Set, chosen, shown
from api.cli.connecting import (
    EXAMPLE,
    LOCATIONS_EXAMPLE,
    ConnectionFile,
    LocationsFile,
    locations_of,
    overrides_of,
    presets_of,
    read_connection,
    read_file,
    the_key,
)
from api.cli.options import AsJson, Client, among_of, intent_of, opened_for
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.connections import all_locations, connection_id, existing, plain_inherited, remarks_on
from api.rows import plain_row
from domain.commands.add_location import AddLocation, add_location
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.loading import load_connection
from domain.connection import Connection
from domain.identifiers import ConnectionId
from domain.polling.inheriting import Inherited

CONNECT_HELP: Final = f"""Connect a system with the locations that it feeds: from a JSON file, or from options.

\b
The file, in the least it can say:
{EXAMPLE}

Further members: "system" (tray), "name", "preset" and "options" (polling options, over what is inherited); of each
location "name", "day_starts" (HH:MM), "number", and "preset" and "options" of its own. Unknown members are refused.

Where other connections to the same system exist, a new one polls as their locations do, unless a preset or options say
otherwise. Import files ("system": "files") need no environment, no source ids and no key.

The API key is never in the file and never on the command line: give it with --key-env, --key-file or DAYBOOK_SECRET,
or type it when asked.
"""

Places = Annotated[
    list[str] | None,
    typer.Option(
        "--location",
        metavar="ID=VENUE[:ZONE]",
        help="A location and the system's id of it; ID[:ZONE] for import files; may be repeated.",
    ),
]
Zone = Annotated[str | None, typer.Option("--zone", help="The time zone of locations that do not say theirs.")]
DayStarts = Annotated[
    str | None,
    typer.Option("--day-starts", metavar="HH:MM", help="When their business day begins.  [default: 00:00]"),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]


def connect(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.json]", help="The connection as a JSON file.")] = None,
    *,
    id_: Annotated[str | None, typer.Option("--id", help="The connection's id.")] = None,
    system: Annotated[str, typer.Option(help="The system's key in the catalogue.")] = "tray",
    name: Annotated[str, typer.Option(help="What people call the connection.  [default: its id]")] = "",
    environment: Annotated[str | None, typer.Option(metavar="URL", help="The system's base address.")] = None,
    location: Places = None,
    zone: Zone = None,
    day_starts: DayStarts = None,
    preset: Preset = "",
    options: Set = None,
    key_env: Annotated[
        str | None, typer.Option(metavar="VARIABLE", help="The environment variable that holds the API key.")
    ] = None,
    key_file: Annotated[Path | None, typer.Option(metavar="PATH", help="The file that holds the API key.")] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Connect a system with the locations that it feeds."""
    with opened_for(client, reads_views=True) as opened:
        if file is None:
            described = _from_options(opened, id_, system, name, environment, location or [], zone, day_starts)
        elif id_ is not None or environment is not None or location:
            raise typer.BadParameter("Give either a file or options, not both.")
        else:
            described = read_connection(file)
        if preset or options:
            described = msgspec.structs.replace(
                described,
                preset=preset or described.preset,
                options={**described.options, **chosen(options or [])},
            )
        pushes = opened.house.system(described.system).pushes
        key = "" if pushes and key_env is None and key_file is None else the_key(key_env, key_file)
        connected = connect_system(_command(opened, described, key), opened.house)
    names = [entry.id for entry in described.locations]
    _say(
        {"connection": described.id, "locations": names, "position": connected.receipt.position},
        f"Connected {described.id} with {', '.join(names) or 'no location yet'}.",
        connected.connection,
        connected.inherited,
        as_json=as_json,
    )


def _from_options(
    opened: OpenHouse,
    id_: str | None,
    system: str,
    name: str,
    environment: str | None,
    locations: list[str],
    zone: str | None,
    day_starts: str | None,
) -> ConnectionFile:
    chosen_system = opened.house.system(system)
    needed = {"--id": id_, "--environment": environment or chosen_system.pushes, "--location": locations}
    for option, value in needed.items():
        if not value:
            raise typer.BadParameter(f"Give {option}, or a JSON file that says it.")
    known = {row.location: row for row in all_locations(opened, opened.settings.client)}
    found = locations_of(locations, zone, day_starts, chosen_system.location_ids, known)
    return ConnectionFile(id=str(id_), environment=environment or "", locations=found, system=system, name=name)


def _command(opened: OpenHouse, described: ConnectionFile, key: str) -> ConnectSystem:
    client = opened.settings.client
    return ConnectSystem(
        ConnectionId(client, described.id),
        described.system,
        described.name or described.id,
        described.environment,
        key,
        tuple(entry.fact() for entry in described.locations),
        intent_of(opened, "connected on the command line"),
        described.options,
        described.preset,
        presets_of(described.locations),
        overrides_of(described.locations),
        existing(opened, client),
    )


def add_locations(
    connection: Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection.")],
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID=VENUE[:ZONE]]...",
            help="Locations and the system's id of each; ID[:ZONE] for import files.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="F.json", help='Or a JSON file: {"locations": […]}.')
    ] = None,
    zone: Zone = None,
    day_starts: DayStarts = None,
    preset: Preset = "",
    options: Set = None,
    why: Why = "",
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Add locations to a connection; they poll as its others do, unless a preset or options say otherwise."""
    reason = days.checked_reason(why) if why else ""
    if bool(places) == (file is not None):
        raise typer.BadParameter("Give either locations or a file.")
    with opened_for(client, reads_views=True) as opened:
        named = connection_id(opened.settings.client, connection)
        if file is not None:
            entries = read_file(file, LocationsFile, "locations", LOCATIONS_EXAMPLE).locations
        else:
            ids = opened.house.system(load_connection(opened.journal, named).system).location_ids
            known = {row.location: row for row in all_locations(opened, named.client)}
            entries = locations_of(places or [], zone, day_starts, ids, known)
        command = AddLocation(
            named,
            tuple(entry.fact() for entry in entries),
            intent_of(opened, reason),
            chosen(options or []),
            preset,
            presets_of(entries),
            overrides_of(entries),
            existing(opened, named.client, without=named.connection),
        )
        added = add_location(command, opened.house)
    _say(
        {"connection": connection, "locations": list(added.locations), "position": added.receipt.position},
        f"Added {', '.join(added.locations)} to {connection}.",
        added.change.after,
        added.inherited,
        as_json=as_json,
    )


def _say(
    answer: dict[str, Any],
    sentence: str,
    connection: Connection,
    inherited: tuple[Inherited, ...],
    *,
    as_json: bool,
) -> None:
    """What came of it, what was taken over from other locations, and what somebody should know."""
    remarks = remarks_on(connection)
    if as_json:
        told = {"inherited": plain_inherited(inherited), "remarks": remarks}
        show_json({**answer, **{name: value for name, value in told.items() if value}})
        return
    show(sentence)
    for entry in inherited:
        where = f"in force at {entry.agreeing} of {entry.locations}"
        show(f"  {entry.option} = {shown(entry.value)}: inherited from {entry.connection} ({where})")
    for text in remarks:
        remark(text)


def locations(client: Client = None, as_json: AsJson = False) -> None:
    """List the locations that connections feed."""
    with opened_for(client, reads_views=True) as opened:
        found = all_locations(opened, opened.settings.client, among_of(opened))
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
