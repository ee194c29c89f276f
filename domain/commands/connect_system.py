"""Connect a system: establish a connection with the locations that it feeds and its first configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from domain import connection
from domain.commands.feeding import beginning, check_feedable, permit_at, purposed
from domain.commands.intent import Intent
from domain.connection import Connection, decide_establish
from domain.connection.standing import unfit
from domain.facts import ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId, plain
from domain.polling.inheriting import Inherited
from domain.ports.examining import connecting, granted
from domain.ports.house import House, secret_name
from domain.ports.journal import Receipt, Recording
from domain.ports.source import System
from domain.refusals import Refusal


class NeedsNoAddress(Refusal):
    """The system brings its days to daybook: there is no address, and no key that could be kept."""


@dataclass(frozen=True, slots=True)
class ConnectSystem:
    """Connect a system.

    Attributes:
        connection: the new connection's id.
        system: key of the catalogue.
        name: what people call it.
        environment: base address of the source; empty for a system that brings its days itself.
        secret: kept in the vault, never in a fact; empty for such a system.
        locations: what it feeds.
        intent: who and why.
        options: polling options, over what is inherited from existing locations of the system, else its defaults.
        preset: the system's options for a kind of locations, over what is inherited; empty: none.
        presets: the same for single locations, by their ids.
        overrides: polling options of single locations, over those of their presets.
        existing: the connections of the client, by id, the oldest first.
    """

    connection: ConnectionId
    system: str
    name: str
    environment: str
    secret: str = field(repr=False)
    locations: tuple[LocationAdded, ...]
    intent: Intent
    options: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    presets: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Connected:
    """What came of connecting.

    Attributes:
        connection: as it is now.
        receipt: where it is recorded.
        inherited: the polling options that it took over from existing locations.
    """

    connection: Connection
    receipt: Receipt
    inherited: tuple[Inherited, ...]


def connect_system(command: ConnectSystem, house: House) -> Connected:
    """Record the connection; its secret goes to the vault before the fact that names its fingerprint.

    Raises:
        NotPermitted: the role may not connect, or not these locations.
        UnknownSystem, BadEndpoint, NeedsNoAddress, BadSourceIds, AlreadyConnected, OtherClock, UnknownPreset,
        TooManyLocations, BadIdentifier, UnknownZone, BadTimeOfDay, BadConfiguration: what was given does not fit;
            nothing is recorded.
    """
    system = house.system(command.system)
    permit_at(house, command.intent, connecting(system), command.connection.client, command.locations)
    plain(command.connection.client, "client")
    plain(command.connection.connection, "connection")
    environment = _usable(command, system, house)
    check_feedable(system, command.locations, command.existing)
    recorded = connection.fold(
        entry.fact
        for entry in house.journal.stream(command.connection.stream)
        if isinstance(entry.fact, ConnectionFact)
    )
    begins = beginning(
        system,
        command.existing,
        options=command.options,
        preset=command.preset,
        presets=command.presets,
        overrides=command.overrides,
    )
    # Named by the command and told by the fact: of two at once, none can put its key under the other's fact.
    secret = "" if system.pushes else secret_name(command.connection.connection, command.intent.command)
    established = ConnectionEstablished(
        command.system,
        command.name,
        environment,
        credential="",
        secret=secret,
        admin=_admin(command, system, house),
        maker=command.intent.actor,
    )
    admit = partial(
        decide_establish,
        recorded,
        locations=purposed(system, command.locations),
        options=begins.options,
        overrides=begins.overrides,
        known=system.options,
    )
    admit(established)
    if secret:
        fingerprint = house.vault.keep_secret(command.connection.client, secret, command.secret)
        established = msgspec.structs.replace(established, credential=fingerprint)
    facts = (*admit(established), *granted(system, house.clock.now()))
    recording = Recording(command.connection.stream, recorded.version, facts)
    receipt = house.journal.append([recording], command.intent.provenance)
    return Connected(connection.fold(facts, recorded), receipt, begins.inherited)


def _usable(command: ConnectSystem, system: System, house: House) -> str:
    """The address as it is recorded; the system itself says whether it can use it and the key. Nothing is sent."""
    environment = command.environment.strip().rstrip("/")
    if not system.pushes:
        system.connect(environment, command.secret, house.vault, house.limits).close()
    elif environment or command.secret:
        raise NeedsNoAddress(
            f"The system {command.system!r} brings its days to daybook: leave out the address and the key."
        )
    return environment


def _admin(command: ConnectSystem, system: System, house: House) -> str:
    """Who connects is responsible, if they are a user who can be; else the operator is."""
    actor, users = command.intent.actor, house.people.users(command.connection.client)
    places = {name for known in command.existing.values() if known.life.standing for name in known.locations}
    places |= {place.location for place in command.locations}
    return actor if actor in users and not unfit(actor, users, connecting(system), places) else ""
