"""Add locations to a connection: they poll as the existing ones do, unless something else is chosen for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.commands.changing import Changed, change
from domain.commands.feeding import check_feedable, chosen_at, permit_at, preset_options, purposed
from domain.commands.intent import Intent
from domain.connection import Connection, common_overrides, decide_extend
from domain.connection.standing import check_standing
from domain.facts import LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.permissions import Permission
from domain.polling.inheriting import NEVER_INHERITED, Inherited
from domain.ports.house import House
from domain.ports.journal import Receipt
from domain.ports.source import System
from domain.refusals import Refusal


class NoLocation(Refusal):
    """No location was named."""


@dataclass(frozen=True, slots=True)
class AddLocation:
    """Add locations to a connection.

    Attributes:
        connection: which.
        locations: what it feeds from now on as well, at least one.
        intent: who and why.
        options: polling options of the added locations, over those that they inherit.
        preset: the system's options for a kind of locations, over what is inherited; empty: none.
        presets: the same for single locations, by their ids.
        overrides: polling options of single locations, over those of their presets.
        existing: the other connections of the client, by id.
    """

    connection: ConnectionId
    locations: tuple[LocationAdded, ...]
    intent: Intent
    options: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    presets: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    existing: Mapping[str, Connection] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding locations.

    Attributes:
        change: what was recorded.
        receipt: where it is recorded.
        locations: those that were added, by id.
        inherited: the options that the connection's other locations all have of their own, and that these took over.
    """

    change: Changed
    receipt: Receipt
    locations: tuple[str, ...]
    inherited: tuple[Inherited, ...]


def add_location(command: AddLocation, house: House) -> Added:
    """Record the locations, and what is configured for them. A command that was recorded before is not done again.

    Raises:
        NotPermitted: the role may not connect, or not these locations.
        NotConnected: there is no such connection.
        NotEstablished, IsDisconnected: it is a draft, or over.
        NoLocation, BadSourceIds, AlreadyConnected, OtherClock, UnknownPreset, TooManyLocations, BadIdentifier,
        UnknownZone, BadTimeOfDay, BadConfiguration: what was given does not fit; nothing is recorded.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """

    def decide(connection: Connection) -> tuple[ConnectionFact, ...]:
        check_standing(connection)
        system = house.system(connection.system)
        check_feedable(system, command.locations, command.existing)
        locations = purposed(system, command.locations)
        return decide_extend(connection, locations, _chosen(command, system), known=system.options)

    permit_at(house, command.intent, Permission.CONNECT_POS, command.connection.client, command.locations)
    if not command.locations:
        raise NoLocation("Name at least one location.")
    changed = change(command.connection, command.intent, house, decide)
    assert changed.receipt is not None  # noqa: S101 - adding something always records it
    return Added(changed, changed.receipt, *_told(command, changed))


def _chosen(command: AddLocation, system: System) -> dict[str, dict[str, Any]]:
    for_all = {**preset_options(system, command.preset), **command.options}
    own = chosen_at(system, command.presets, command.overrides)
    return {fact.location: {**for_all, **own.get(fact.location, {})} for fact in command.locations}


def _told(command: AddLocation, changed: Changed) -> tuple[tuple[str, ...], tuple[Inherited, ...]]:
    """The locations that were added, and what they took over."""
    locations = tuple(sorted(changed.after.locations.keys() - changed.before.locations.keys()))
    overrides = changed.after.configuration.overrides
    count = len(changed.before.locations)
    inherited = tuple(
        Inherited(name, value, command.connection.connection, count, count)
        for name, value in sorted(common_overrides(changed.before).items())
        if name not in NEVER_INHERITED and all(overrides.get(location, {}).get(name) == value for location in locations)
    )
    return locations, inherited
