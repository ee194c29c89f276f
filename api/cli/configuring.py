"""The command `configure`: show a connection's polling configuration, or change it."""

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from api import days
from api.cli.choosing import Set, chosen, shown
from api.cli.connecting import read_file
from api.cli.options import AsJson, Client, intent_of, opened_for, principal_of
from api.cli.saying import remark, show, show_json
from api.composition import OpenHouse
from api.configurations import (
    MOST_VERSIONS,
    Version,
    in_force,
    offer,
    plain_configuration,
    plain_version,
    version_of,
    versions,
)
from api.connections import check_seen, connection_id, reached, remarks_on
from api.texts import counted
from domain.commands.configure_connection import ConfigureConnection, Configured, configure_connection
from domain.identifiers import ConnectionId

EXAMPLE: Final = (
    """{"options": {"trim_service_type_name": true}, "overrides": {"bar": {"use_revenue_centers": ["Bar"]}}}"""
)


class ConfigurationFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A configuration as a JSON file: all of it.

    Attributes:
        options: by name, for all locations; one that is not named is the system's default.
        overrides: options by location, over those.
    """

    options: dict[str, Any]
    overrides: dict[str, dict[str, Any]] = {}


def configure(
    connection: Annotated[str, typer.Argument(metavar="CONNECTION", help="The id of a connection.")],
    location: Annotated[
        str,
        typer.Option("--location", metavar="L", help="Set and unset at this location only, over what holds for all."),
    ] = "",
    options: Set = None,
    unset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OPTION",
            help="Back to the system's default; at a location: to what holds for all. May be repeated.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="F.json", help='All of it as JSON: {"options": {…}, "overrides": {L: {…}}}.'),
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")] = "",
    expect: Annotated[
        int | None, typer.Option("--expect", metavar="VERSION", min=0, help="Only if this is the newest version.")
    ] = None,
    client: Client = None,
    as_json: AsJson = False,
) -> None:
    """Show the polling options of a connection, or set some: a new version, which changes no recorded day by itself.

    It says how many recorded days are concerned, and how to see what the new version would change on them.
    """
    put, drop = chosen(options or []), frozenset(unset or [])
    both = sorted(put.keys() & drop)
    if both:
        raise typer.BadParameter(f"{both[0]!r} is set and unset at once.")
    if file is not None and (put or drop or location):
        raise typer.BadParameter("Give either a file, which says all of it, or --set and --unset.")
    reason = days.checked_reason(why) if why else ""
    with opened_for(client, reads_views=True) as opened:
        named = connection_id(opened.settings.client, connection)
        if file is None and not put and not drop:
            _show(opened, named, location, as_json=as_json)
            return
        whole = None if file is None else read_file(file, ConfigurationFile, "a configuration", EXAMPLE)
        command = ConfigureConnection(
            named,
            intent_of(opened, reason),
            None if whole is None else whole.options,
            None if whole is None else whole.overrides,
            location,
            put,
            drop,
            expect,
        )
        configured = configure_connection(command, opened.house)
        _say(opened, named, configured, as_json=as_json)


def _say(opened: OpenHouse, connection: ConnectionId, configured: Configured, *, as_json: bool) -> None:
    """The new version, and how to see what it would change; or that there is none."""
    offered = offer(opened, connection, configured)
    remarks = remarks_on(configured.change.after, principal_of(opened).rights)
    if as_json:
        show_json({**plain_configuration(connection, configured), "replay": offered, "remarks": remarks})
        return
    version = configured.change.after.configuration.version
    for text in remarks:
        remark(text)
    if configured.change.receipt is None:
        show(f"Nothing changed: version {version} of {connection.connection} says so already.")
        return
    show(f"{connection.connection} has version {version} of its configuration. Recorded days stay as they are.")
    if not configured.concerned:
        show("No location has other options in force than before.")
    for place in offered["locations"]:
        if place["command"] is None:
            show(f"  {place['location']}: no day recorded yet.")
        else:
            recorded = counted(place["days"], "day")
            show(f"  {place['location']}: {recorded} recorded. What it would change: {place['command']}")
    more = offered["concerned"] - len(offered["locations"])
    if more:
        show(f"  and {counted(more, 'more location')}.")


def _show(opened: OpenHouse, connection: ConnectionId, location: str, *, as_json: bool) -> None:
    """The newest version with everything that is in force, and the list of versions."""
    rights = principal_of(opened).rights
    check_seen(opened, connection, rights)
    known, found = versions(opened, connection)
    newest = version_of(connection, found, None)
    if location:
        known.at(location)
    overrides, remarks = reached(newest.configuration.overrides, rights), remarks_on(known, rights)
    told = in_force(opened, known.system, newest.configuration, [location] if location else sorted(overrides))
    if as_json:
        show_json(
            {
                "connection": connection.connection,
                "system": known.system,
                **plain_version(newest),
                "options": newest.configuration.options,
                "overrides": overrides,
                "in_force": told,
                "versions": [plain_version(version) for version in found[:MOST_VERSIONS]],
                "remarks": remarks,
            }
        )
        return
    show(f"{connection.connection} ({known.system}): version {newest.configuration.version} of its configuration")
    _show_options(told, at=location)
    _show_versions(found)
    for text in remarks:
        remark(text)


def _show_options(told: dict[str, Any], *, at: str) -> None:
    """Those for all locations and what others have of their own; or everything that is in force at one."""
    if not at:
        show("for all locations:")
        for entry in told["all"]:
            show(_option(entry))
    for place in told["locations"]:
        show(f"at {place['location']}:" if at else f"at {place['location']}, otherwise as for all:")
        for entry in place["options"]:
            if at or entry["named"]:
                show(_option(entry))


def _show_versions(found: list[Version]) -> None:
    show("versions:")
    for version in found[:MOST_VERSIONS]:
        because = f"  {version.reason}" if version.reason else ""
        show(f"  {version.configuration.version}  {version.recorded_at:%Y-%m-%d %H:%M:%S}Z  {version.actor}{because}")
    if len(found) > MOST_VERSIONS:
        show(f"  and {len(found) - MOST_VERSIONS} older ones.")


def _option(entry: dict[str, Any]) -> str:
    return f"  {entry['option']:<32} {shown(entry['value'])}{'  (default)' if entry['default'] else ''}"
