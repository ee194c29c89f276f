"""Establish a tested draft: the companies or locations that are chosen, and who is responsible."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from domain.commands.changing import Changed, change, told_before
from domain.commands.feeding import Beginning, beginning, check_feedable, purposed
from domain.commands.loading import load_connection
from domain.commands.stewarding import OnConnection, check_revision, permission_for, permit
from domain.connection import NEW_CONNECTION, Connection, decide_establish
from domain.connection.companies import KnownCompany, known_companies
from domain.connection.living import decide_admit
from domain.connection.standing import OPERATOR, NotFitForAdmin, unfit
from domain.facts import ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.polling.inheriting import Inherited
from domain.ports.examining import granted
from domain.ports.house import House
from domain.ports.source import System


@dataclass(frozen=True, slots=True)
class EstablishConnection(OnConnection):
    """Establish a tested draft.

    Attributes:
        companies: the chosen ones, by the source's ids; None: the only one that it shows.
        locations: what it feeds; none for a system whose days are not polled.
        admin: who is responsible, ``user:anna``; None: who establishes it, or the operator where there are no users.
        options: polling options, over what is inherited from existing locations of the system, else its defaults.
        preset: the system's options for a kind of locations, over what is inherited; empty: none.
        presets: the same for single locations, by their ids.
        overrides: polling options of single locations, over those of their presets.
        existing: the client's other connections, by id, the oldest first.
    """

    companies: tuple[str, ...] | None = None
    locations: tuple[LocationAdded, ...] = ()
    admin: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    presets: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Established:
    """What came of it.

    Attributes:
        change: what was recorded.
        inherited: the polling options that it took over from existing locations.
        known: chosen companies that other connections have already: they stay one company each.
    """

    change: Changed
    inherited: tuple[Inherited, ...]
    known: tuple[KnownCompany, ...]


def establish_connection(command: EstablishConnection, house: House) -> Established:
    """Record that the connection is made, with its locations and their first configuration.

    A command that was recorded before is not done again.

    Raises:
        NotConnected: there is no such draft.
        NotPermitted: they may not edit it.
        NotTheVersion: it is not at the revision that the caller saw.
        AlreadyConnected, IsDisconnected: it is no draft, or a location is fed already.
        NotTested: it was not tested as it is now, or the test failed.
        NotSeen, NothingChosen: what was chosen is not among what the source shows.
        NotFitForAdmin: somebody cannot be the connection admin.
        BadSourceIds, OtherClock, UnknownPreset, TooManyLocations, BadIdentifier, UnknownZone, BadTimeOfDay,
        BadConfiguration: what was given does not fit; nothing is recorded.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """
    same = partial(_same, command)
    done = told_before(command.connection, command.intent, house, same)
    if done:
        return _told(command, done, ())
    draft = load_connection(house.journal, command.connection)
    permit(command, house, draft)
    system = house.system(draft.system)
    admin = fit_admin(command, house, draft)
    begins = beginning(
        system,
        command.existing,
        options=command.options,
        preset=command.preset,
        presets=command.presets,
        overrides=command.overrides,
    )

    def decide(connection: Connection) -> tuple[ConnectionFact, ...]:
        check_revision(command, connection)
        return (*_decided(command, connection, system, begins, admin), *granted(system, house.clock.now()))

    changed = change(command.connection, command.intent, house, decide, same)
    return _told(command, changed, begins.inherited)


def _decided(
    command: EstablishConnection, connection: Connection, system: System, begins: Beginning, admin: str
) -> tuple[ConnectionFact, ...]:
    sources = [location.source for location in command.locations]
    admitted = decide_admit(connection, command.companies, sources, admin=admin)
    check_feedable(system, command.locations, command.existing)
    locations = purposed(system, command.locations)
    return decide_establish(NEW_CONNECTION, admitted, locations, begins.options, begins.overrides, known=system.options)


def fit_admin(command: EstablishConnection, house: House, draft: Connection) -> str:
    """Who is responsible for it from now on.

    Raises:
        NotFitForAdmin: they cannot be.
    """
    users = house.people.users(command.connection.client)
    operated = OPERATOR in command.intent.rights.roles
    admin = command.admin
    if admin is None:
        admin = command.intent.actor if command.intent.actor in users else ""
    locations = {name for known in command.existing.values() if known.life.standing for name in known.locations}
    locations |= {place.location for place in command.locations}
    trouble = unfit(admin, users, permission_for(house, draft.system), locations, operated=operated)
    if trouble:
        raise NotFitForAdmin(trouble)
    return admin


def _same(command: EstablishConnection, _: Connection, facts: list[ConnectionFact]) -> bool:
    made = [fact for fact in facts if isinstance(fact, ConnectionEstablished)]
    added = [fact for fact in facts if isinstance(fact, LocationAdded)]
    # What for follows from the system.
    locations = tuple([msgspec.structs.replace(fact, purpose="days") for fact in added])
    if len(made) != 1 or locations != command.locations or command.admin not in {None, made[0].admin}:
        return False
    chosen = {company.organization for company in made[0].companies}
    return command.companies is None or chosen == set(command.companies)


def _told(command: EstablishConnection, changed: Changed, inherited: tuple[Inherited, ...]) -> Established:
    after = changed.after
    known = known_companies(command.existing, after.system, after.environment, after.life.companies)
    return Established(changed, inherited, known)
