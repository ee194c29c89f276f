"""Draft a connection: what was filled in of a system's form, before anything is asked or connected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain import connection
from domain.commands.changing import Changed, told_before
from domain.commands.intent import Intent
from domain.commands.trying import checked_form, plain_values, same_secret
from domain.connection import Connection
from domain.connection.living import decide_draft
from domain.facts import ConnectionDrafted
from domain.facts.catalogue import ConnectionFact
from domain.facts.life import Visibility
from domain.identifiers import ConnectionId, plain
from domain.names import checked_name
from domain.ports.examining import connecting
from domain.ports.house import House, secret_name
from domain.ports.journal import Recording, StreamMoved


@dataclass(frozen=True, slots=True)
class DraftConnection:
    """Draft a connection.

    Attributes:
        connection: the new connection's id.
        intent: who and why.
        system: key of the catalogue.
        name: what people call it.
        environment: base address of the source.
        values: what was filled in of the system's form, without secrets.
        secret: kept in the vault, never in a fact; empty where there is none yet.
        visibility: who else may edit it.
    """

    connection: ConnectionId
    intent: Intent
    system: str
    name: str
    environment: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    visibility: Visibility = "private"


def draft_connection(command: DraftConnection, house: House) -> Changed:
    """Record the draft; a secret goes to the vault before the fact that names its fingerprint.

    A command that was recorded before is not done again.

    Raises:
        UnknownSystem, BadIdentifier, BadName, NeedsNoAddress, BadValues, BadForm: what was given does not fit.
        NotPermitted: they may not connect the system.
        AlreadyConnected: there is a connection of that id.
        CommandReused: the command's id was used for another one.
    """
    client = command.connection.client
    system = house.system(command.system)
    plain(client, "client")
    plain(command.connection.connection, "connection")
    house.permit(command.intent.asks(connecting(system), client))
    checked_name(command.name)
    environment = checked_form(house, system, command.environment, command.values, command.secret)
    drafted = ConnectionDrafted(
        command.system,
        command.name,
        command.intent.actor,
        environment,
        plain_values(command.values),
        visibility=command.visibility,
    )

    def same(_: Connection, facts: list[ConnectionFact]) -> bool:
        (fact, *_rest) = facts
        return (
            isinstance(fact, ConnectionDrafted)
            and msgspec.structs.replace(fact, credential="", secret="") == drafted
            and same_secret(house, client, fact, command.secret)
        )

    done = told_before(command.connection, command.intent, house, same)
    if done:
        return done
    recorded = _recorded(command.connection, house)
    decide_draft(recorded, drafted)
    fact = drafted
    if command.secret:
        name = secret_name(command.connection.connection, command.intent.command)
        fact = msgspec.structs.replace(
            drafted, credential=house.vault.keep_secret(client, name, command.secret), secret=name
        )
    recording = Recording(command.connection.stream, recorded.version, (fact,))
    try:
        house.journal.append([recording], command.intent.provenance)
    except StreamMoved:
        decide_draft(_recorded(command.connection, house), drafted)
        raise
    made = told_before(command.connection, command.intent, house, same)
    assert made is not None  # noqa: S101 - it was recorded just now
    return Changed(made.before, made.after, made.receipt)


def _recorded(connection_id: ConnectionId, house: House) -> Connection:
    entries = house.journal.stream(connection_id.stream)
    return connection.fold(entry.fact for entry in entries if isinstance(entry.fact, ConnectionFact))
