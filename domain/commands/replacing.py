"""What editing, rotating and renewing share: what takes the place of something is tried first, and once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from domain.commands.changing import Changed, Decision, change, told_before
from domain.commands.destroying import destroy_replaced
from domain.commands.loading import load_connection
from domain.commands.stewarding import OnConnection, as_seen, check_revision, permit
from domain.commands.trying import BadValues, checked_form, plain_values, same_secret, secret_of, tried
from domain.connection import Connection
from domain.connection.companies import KnownCompany, known_companies, plain_address
from domain.connection.living import (
    NoRenewal,
    NotTested,
    Secret,
    as_it_is,
    check_unchanged,
    chosen,
    decide_edit,
    decide_redraft,
    decide_replace,
)
from domain.connection.standing import check_lasting, check_standing
from domain.facts import Company, ConnectionEdited, ConnectionTested, CredentialsRotated
from domain.facts.catalogue import ConnectionFact
from domain.facts.life import TestOf
from domain.names import checked_name
from domain.ports.examining import renewed_until
from domain.ports.house import House, secret_name
from domain.ports.source import System


@dataclass(frozen=True, slots=True)
class Replacement(OnConnection):
    """What takes the place of what is in use; what is None stays.

    Attributes:
        of: what it is called in the fact of its test.
        name: what people call it.
        environment: base address of the source.
        values: of the system's form, all of them, without secrets.
        companies: the chosen ones, by the source's ids: all of them.
        secret: empty: the one in use stays.
        renews: the grant begins anew.
        valid_until: until when it is good; None: as long as the system's grants are.
        existing: the client's other connections, by id.
    """

    of: TestOf = "edit"
    name: str | None = None
    environment: str | None = None
    values: Mapping[str, Any] | None = None
    companies: tuple[str, ...] | None = None
    secret: str = field(default="", repr=False)
    renews: bool = False
    valid_until: dt.datetime | None = None
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of it.

    Attributes:
        change: what was recorded; nothing, where it is so already.
        refused: the test that failed, so that what is in use stays in use; None where nothing failed.
        known: chosen companies that other connections have as well.
    """

    change: Changed
    refused: ConnectionTested | None
    known: tuple[KnownCompany, ...]


def put_in_place(command: Replacement, house: House) -> Replaced:
    """Try what is new at the source, and record it in place of what is in use; or only that the test failed.

    A draft is not tried: that is its next step. A command that was recorded before is not done again.

    Raises:
        NotConnected: there is no such connection.
        NotPermitted: they may not edit it.
        NotTheVersion: it is not at the revision that the caller saw.
        IsDisconnected: it is over.
        NotEstablished: it is a draft, whose companies are chosen when it is established.
        BadName, NeedsNoAddress, BadValues, NotSeen, NothingChosen, NotTested, NoRenewal: what was given does not fit.
        ChangedMeanwhile: somebody changed it meanwhile.
        CommandReused: the command's id was used for another one.
    """
    same = partial(_same, command, house)
    done = told_before(command.connection, command.intent, house, same)
    if done:
        destroy_replaced(command.connection, done, house)
        return _told(command, done)
    known = load_connection(house.journal, command.connection)
    permit(command, house, known)
    check_revision(command, known)
    check_lasting(known)
    if command.companies is not None or command.renews:
        check_standing(known)
    system = house.system(known.system)
    edited = _edited(command, known, house, system)
    if known.life.stage == "draft":
        decide: Decision = partial(_redraft, known, edited, _kept(command, house))
    elif command.secret or command.renews or _moves(known, edited):
        decide = _tried(command, house, known, system, edited)
    else:
        decide = partial(_described, known, edited)
    changed = change(command.connection, command.intent, house, as_seen(command, decide), same)
    destroy_replaced(command.connection, changed, house)
    return _told(command, changed)


def _edited(command: Replacement, known: Connection, house: House, system: System) -> ConnectionEdited:
    """How the connection is described from now on, as far as it needs no test."""
    now = as_it_is(known)
    values = now.values if command.values is None else plain_values(command.values)
    given = now.environment if command.environment is None else command.environment
    environment = checked_form(house, system, given, values, command.secret)
    moves = now.environment and plain_address(environment) != plain_address(now.environment)
    if known.secret and not command.secret and moves:
        # Whoever may edit an address must not make daybook send a secret there that they were never shown.
        raise BadValues("Give the secret as well: it is never sent to another address than the one it was given for.")
    name = now.name if command.name is None else checked_name(command.name)
    edited = ConnectionEdited(name, environment, values, now.companies)
    if command.companies is None or _moves(known, edited) or command.secret:
        return edited
    if known.life.test is None:
        raise NotTested("Test the connection first: companies are chosen among those that its source shows.")
    return _with(edited, chosen(known.life.test, command.companies))


def _moves(known: Connection, edited: ConnectionEdited) -> bool:
    return (known.environment, known.life.values) != (edited.environment, edited.values)


def _with(edited: ConnectionEdited, companies: tuple[Company, ...]) -> ConnectionEdited:
    return ConnectionEdited(edited.name, edited.environment, edited.values, companies)


def _described(known: Connection, edited: ConnectionEdited, connection: Connection) -> tuple[ConnectionFact, ...]:
    check_unchanged(connection, known.life.revision)
    return decide_edit(connection, edited)


def _redraft(
    known: Connection, edited: ConnectionEdited, secret: Secret | None, connection: Connection
) -> tuple[ConnectionFact, ...]:
    return decide_redraft(connection, edited, secret, revision=known.life.revision)


def _tried(command: Replacement, house: House, known: Connection, system: System, edited: ConnectionEdited) -> Decision:
    """Ask the source with what is new; what is decided once it has answered."""
    valid_until = _good_until(command, house, system)
    tested = tried(
        house,
        system,
        command.of,
        environment=edited.environment,
        values=edited.values,
        secret=command.secret or secret_of(house, command.connection, known),
        version=known.life.credential_version + bool(command.secret),
    )
    if tested.passed and command.companies is not None:
        edited = _with(edited, chosen(tested, command.companies))
    secret = _kept(command, house) if tested.passed else None
    revision = known.life.revision
    return lambda connection: decide_replace(
        connection, edited, tested, revision=revision, secret=secret, valid_until=valid_until
    )


def _good_until(command: Replacement, house: House, system: System) -> dt.datetime | None:
    now = house.clock.now()
    until = command.valid_until or (renewed_until(system, now) if command.secret or command.renews else None)
    if command.renews and until is None:
        raise NoRenewal(f"Grants of the system {system.key!r} do not end by themselves: say until when this one does.")
    if until is not None and until <= now:
        raise NoRenewal(f"{until:%Y-%m-%d %H:%M} UTC has passed: name a later moment.")
    return until


def _kept(command: Replacement, house: House) -> Secret | None:
    """The new secret, in the vault before any fact names it."""
    if not command.secret:
        return None
    name = secret_name(command.connection.connection, command.intent.command)
    return Secret(house.vault.keep_secret(command.connection.client, name, command.secret), name)


def _same(command: Replacement, house: House, _: Connection, facts: list[ConnectionFact]) -> bool:
    """What was recorded is what this command wants, as far as facts can tell."""
    tested = next((fact for fact in facts if isinstance(fact, ConnectionTested)), None)
    if tested is not None and tested.of != command.of:
        return False
    if tested is not None and not tested.passed:
        return command.environment in {None, tested.environment}
    rotated = next((fact for fact in facts if isinstance(fact, CredentialsRotated)), None)
    if (rotated is None) == bool(command.secret):
        return False
    if rotated and not same_secret(house, command.connection.client, rotated, command.secret):
        return False
    edited = next((fact for fact in facts if isinstance(fact, ConnectionEdited)), None)
    return edited is None or _says(command, edited)


def _says(command: Replacement, edited: ConnectionEdited) -> bool:
    companies = {company.organization for company in edited.companies}
    return (
        command.name in {None, edited.name}
        and command.values in (None, edited.values)
        and (command.companies is None or set(command.companies) == companies)
    )


def _told(command: Replacement, changed: Changed) -> Replaced:
    after = changed.after
    refused = (
        after.life.failed if changed.receipt and after.life.failed and after.life.failed.of == command.of else None
    )
    known = known_companies(command.existing, after.system, after.environment, after.life.companies)
    return Replaced(changed, refused, known)
