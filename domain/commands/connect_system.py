"""Connect a system: establish a connection with the locations that it feeds and its first configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain import connection
from domain.commands.intent import Intent
from domain.connection import AlreadyConnected, decide_establish
from domain.facts import ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId, plain
from domain.ports.house import House, secret_name
from domain.ports.journal import Receipt, Recording
from domain.refusals import Refusal


class BadSourceIds(Refusal):
    """A location lacks an id that the system needs to find it."""


@dataclass(frozen=True, slots=True)
class ConnectSystem:
    """Connect a system.

    Attributes:
        connection: the new connection's id.
        system: key of the catalogue.
        name: what people call it.
        environment: base address of the source.
        secret: kept in the vault, never in a fact.
        locations: what it feeds.
        intent: who and why.
        options: polling options over the system's defaults.
        fed_already: locations of the client that a connection feeds, by the connection's id.
    """

    connection: ConnectionId
    system: str
    name: str
    environment: str
    secret: str = field(repr=False)
    locations: tuple[LocationAdded, ...]
    intent: Intent
    options: Mapping[str, Any] = field(default_factory=dict)
    fed_already: Mapping[str, str] = field(default_factory=dict)


def connect_system(command: ConnectSystem, house: House) -> Receipt:
    """Record the connection; its secret goes to the vault before the fact that names its fingerprint.

    Raises:
        UnknownSystem, BadEndpoint, BadSourceIds, AlreadyConnected, BadIdentifier, UnknownZone, BadTimeOfDay,
        BadConfiguration: what was given does not fit; nothing is recorded.
    """
    system = house.system(command.system)
    plain(command.connection.client, "client")
    plain(command.connection.connection, "connection")
    # The system itself says whether it can use the address and the key; nothing is sent.
    environment = command.environment.strip().rstrip("/")
    system.connect(environment, command.secret, house.vault).close()
    for location in command.locations:
        if location.location in command.fed_already:
            owner = command.fed_already[location.location]
            raise AlreadyConnected(f"The location {location.location!r} is fed by the connection {owner!r} already.")
        missing = [name for name in system.location_ids if not location.source.get(name, "").strip()]
        if missing:
            raise BadSourceIds(f"The location {location.location!r} lacks the source id {missing[0]!r}.")
    recorded = connection.fold(
        entry.fact
        for entry in house.journal.stream(command.connection.stream)
        if isinstance(entry.fact, ConnectionFact)
    )
    options = {**system.default_options, **command.options}
    # Named by the command and told by the fact: of two at once, none can put its key under the other's fact.
    secret = secret_name(command.connection.connection, command.intent.command)
    established = ConnectionEstablished(command.system, command.name, environment, credential="", secret=secret)
    decide_establish(recorded, established, command.locations, options)
    fingerprint = house.vault.keep_secret(command.connection.client, secret, command.secret)
    established = msgspec.structs.replace(established, credential=fingerprint)
    facts = decide_establish(recorded, established, command.locations, options)
    recording = Recording(command.connection.stream, recorded.version, facts)
    return house.journal.append([recording], command.intent.provenance)
