"""Folding the facts of a connection into what it is: total, and guarding nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from domain.connection.life import established, lived
from domain.connection.state import NEW_CONNECTION, Connection, Location
from domain.differences import apply
from domain.facts import (
    ConfigurationChanged,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    CredentialsRotated,
    FilesRead,
    LifeFact,
    LocationAdded,
    LocationEdited,
    RosterChanged,
)
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


_Noted = ConnectionEstablished | LocationAdded | LocationEdited | ConfigurationChanged | FilesRead | LifeFact


def _noted(connection: Connection, fact: _Noted) -> Connection:
    if isinstance(fact, FilesRead):
        return connection
    life = replace(connection.life, revision=connection.life.revision + 1)
    connection = replace(connection, life=life)
    if isinstance(fact, LifeFact):
        return _in_use(replace(connection, life=lived(life, fact)), fact)
    match fact:
        case ConnectionEstablished():
            return replace(
                connection,
                system=fact.system,
                name=fact.name,
                environment=fact.environment,
                credential=fact.credential,
                secret=fact.secret,
                life=established(life, fact),
            )
        case LocationAdded():
            starts = _time(fact.day_starts)
            added = Location(fact.location, fact.name, fact.zone, starts, fact.source, fact.number, fact.purpose)
            return replace(connection, locations={**connection.locations, fact.location: added})
        case LocationEdited():
            return _edited(connection, fact)
        case ConfigurationChanged():
            configured = PollingConfiguration(fact.version, fact.options, fact.overrides)
            return replace(connection, configurations={**connection.configurations, fact.version: configured})
        case _:
            assert_never(fact)


def _in_use(connection: Connection, fact: LifeFact) -> Connection:
    """The connection with the name, address and secret that are in use after a fact of its life."""
    match fact:
        case ConnectionDrafted():
            return replace(
                connection,
                system=fact.system,
                name=fact.name,
                environment=fact.environment,
                credential=fact.credential,
                secret=fact.secret,
            )
        case ConnectionEdited():
            return replace(connection, name=fact.name, environment=fact.environment)
        case CredentialsRotated():
            return replace(connection, credential=fact.credential, secret=fact.secret)
        case _:
            return connection


def _edited(connection: Connection, fact: LocationEdited) -> Connection:
    known = connection.locations.get(fact.location)
    if known is None:
        return connection
    starts = _time(fact.day_starts)
    moved = (known.zone, known.day_starts) != (fact.zone, starts)
    edited = replace(known, name=fact.name, zone=fact.zone, day_starts=starts, number=fact.number)
    return replace(
        connection,
        locations={**connection.locations, fact.location: edited},
        clocks=connection.clocks | {fact.location} if moved else connection.clocks,
    )


def _time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)
