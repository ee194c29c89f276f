"""What every way in shows of a configuration: its versions, what is in force, and how to see what it would change."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.composition import OpenHouse
from api.connections import reached
from domain.commands.configure_connection import Configured
from domain.commands.loading import no_such_connection
from domain.commands.replay_day import NoSuchConfiguration
from domain.connection import Connection, fold
from domain.facts import ConfigurationChanged
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.permissions import EVERYTHING, Rights
from domain.polling import Options, PollingConfiguration
from domain.polling.choices import OFF, meant
from projections import queries

MOST_OFFERED: Final = 50
"""Locations that an offer to replay names; all of them are counted."""

MOST_VERSIONS: Final = 100
"""Versions of a configuration that are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a connection's configuration, as it was recorded.

    Attributes:
        configuration: what it says.
        recorded_at: the database's time, UTC.
        actor: who.
        reason: why, or empty.
        command: the id of the command.
    """

    configuration: PollingConfiguration
    recorded_at: dt.datetime
    actor: str
    reason: str
    command: str


def versions(opened: OpenHouse, connection: ConnectionId) -> tuple[Connection, list[Version]]:
    """The connection, and every version of its configuration, the newest first.

    Raises:
        NotConnected: there is no such connection.
    """
    found: list[Version] = []

    def facts() -> Iterator[ConnectionFact]:
        for entry in opened.journal.stream(connection.stream):
            fact, by = entry.fact, entry.provenance
            if isinstance(fact, ConfigurationChanged):
                told = PollingConfiguration(fact.version, fact.options, fact.overrides)
                found.append(Version(told, entry.recorded_at, by.actor, by.reason, by.command))
            if isinstance(fact, ConnectionFact):
                yield fact

    known = fold(facts())
    if not known.version:
        raise no_such_connection(connection)
    return known, sorted(found, key=lambda version: version.configuration.version, reverse=True)


def version_of(connection: ConnectionId, found: Iterable[Version], number: int | None) -> Version:
    """One of these versions; the newest where none is named.

    Raises:
        NoSuchConfiguration: there is none of that number.
    """
    listed = list(found)
    for version in listed:
        if number is None or version.configuration.version == number:
            return version
    newest = listed[0].configuration.version if listed else 0
    raise NoSuchConfiguration(
        f"The connection {connection.connection!r} has no configuration {number}: its newest is {newest}."
    )


def plain_version(version: Version) -> dict[str, Any]:
    """When, by whom and why a version was recorded."""
    return {
        "version": version.configuration.version,
        "recorded_at": version.recorded_at,
        "actor": version.actor,
        "reason": version.reason,
        "command": version.command,
    }


def plain_configuration(
    connection: ConnectionId, configured: Configured, rights: Rights = EVERYTHING
) -> dict[str, Any]:
    """What came of configuring, as far as they may see it; without a place in the log where nothing was recorded."""
    configuration, receipt = configured.change.after.configuration, configured.change.receipt
    return {
        "connection": connection.connection,
        "outcome": "unchanged" if receipt is None else "configured",
        "version": configuration.version,
        "options": configuration.options,
        "overrides": reached(configuration.overrides, rights),
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at,
    }


def in_force(
    opened: OpenHouse, system: str, configuration: PollingConfiguration, locations: Iterable[str] | None = None
) -> dict[str, Any]:
    """Every option that the system has, with its value: for all locations, and for those with options of their own.

    Each entry says whether the value is what the system begins with, and whether somebody named the option there.

    Args:
        opened: the running daybook.
        system: key of the catalogue.
        configuration: a version.
        locations: those to tell of; None: those with options of their own, the others are as all.
    """
    known = opened.house.systems.get(system)
    begins = {**OFF, **(meant(known.default_options) if known else {})}
    names = [name for name in Options.__struct_fields__ if known is None or name in known.options]

    def entries(chosen: Mapping[str, Any], named: Mapping[str, Any]) -> list[dict[str, Any]]:
        values = {**OFF, **meant(chosen)}
        return [
            {"option": name, "value": values[name], "default": values[name] == begins[name], "named": name in named}
            for name in names
        ]

    return {
        "all": entries(configuration.options, configuration.options),
        "locations": [
            {"location": location, "options": entries({**configuration.options, **own}, own)}
            for location in (sorted(configuration.overrides) if locations is None else locations)
            for own in [configuration.overrides.get(location, {})]
        ],
    }


def offer(opened: OpenHouse, connection: ConnectionId, configured: Configured) -> dict[str, Any]:
    """How to see what a new version would change on recorded days, which stay as they are."""
    version = configured.change.after.configuration.version
    return {
        "configuration": version,
        "concerned": len(configured.concerned),
        "locations": [_offered(opened, connection, name, version) for name in configured.concerned[:MOST_OFFERED]],
    }


def _offered(opened: OpenHouse, connection: ConnectionId, location: str, version: int) -> dict[str, Any]:
    count, newest = queries.recorded_days(opened.engine, connection.client, location)
    found = queries.find_location(opened.engine, connection.client, location)
    beside = found is not None and found.connection != connection.connection
    body = {"configuration": version, **({"connection": connection.connection} if beside else {})}
    options = f" --connection {connection.connection}" if beside else ""
    return {
        "location": location,
        "days": count,
        "newest": newest,
        "command": f"daybook replay {location} {newest} --configuration {version}{options}" if newest else None,
        "url": f"/v1/days/{location}/{newest}/replays" if newest else None,
        "body": body if newest else None,
    }
