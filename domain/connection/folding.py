"""Folding the facts of a connection into what it is: total, and guarding nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from domain.connection.state import NEW_CONNECTION, Connection, Location
from domain.differences import apply
from domain.facts import ConfigurationChanged, ConnectionEstablished, FilesRead, LocationAdded, RosterChanged
from domain.facts.catalogue import ConnectionFact
from domain.polling import PollingConfiguration


def fold(facts: Iterable[ConnectionFact], connection: Connection = NEW_CONNECTION) -> Connection:
    """The connection after these facts, in their order; ``connection`` is left as it was."""
    rosters = {
        location: {kind: dict(known) for kind, known in roster.items()}
        for location, roster in connection.rosters.items()
    }
    version = connection.version
    counts = dict(connection.roster_changes)
    for fact in facts:
        version += 1
        if isinstance(fact, RosterChanged):
            counts[fact.location] = counts.get(fact.location, 0) + 1
            apply(rosters.setdefault(fact.location, {}), fact.changes)
        else:
            connection = _noted(connection, fact)
    return replace(connection, version=version, rosters=rosters, roster_changes=counts)


def evolve(connection: Connection, fact: ConnectionFact) -> Connection:
    """The connection after one more fact. Total: it accepts whatever was recorded, and guards nothing."""
    return fold([fact], connection)


def _noted(
    connection: Connection, fact: ConnectionEstablished | LocationAdded | ConfigurationChanged | FilesRead
) -> Connection:
    match fact:
        case ConnectionEstablished():
            return replace(
                connection,
                system=fact.system,
                name=fact.name,
                environment=fact.environment,
                credential=fact.credential,
                secret=fact.secret,
            )
        case LocationAdded():
            starts = dt.time.fromisoformat(fact.day_starts)
            added = Location(fact.location, fact.name, fact.zone, starts, fact.source, fact.number)
            return replace(connection, locations={**connection.locations, fact.location: added})
        case ConfigurationChanged():
            configured = PollingConfiguration(fact.version, fact.options, fact.overrides)
            return replace(connection, configurations={**connection.configurations, fact.version: configured})
        case FilesRead():
            return connection
        case _:
            assert_never(fact)
