"""What connecting a system and adding locations share: who may feed a location, and with which options it begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.commands.intent import Intent
from domain.connection import AlreadyConnected, Connection, day_start
from domain.facts import LocationAdded
from domain.facts.connection import Purpose
from domain.identifiers import FILES
from domain.permissions import Permission
from domain.polling.inheriting import Example, Inherited, inherit
from domain.ports.house import House
from domain.ports.source import System
from domain.refusals import Conflict, Refusal


class BadSourceIds(Refusal):
    """A location lacks an id that the system needs to find it."""


class UnknownPreset(Refusal):
    """The system has no polling options of that name for a kind of location."""


class OtherClock(Conflict):
    """Two connections feed one location, and say differently where its business day begins and ends."""


def permit_at(
    house: House, intent: Intent, permission: Permission, client: str, locations: Iterable[LocationAdded]
) -> None:
    """Go on, if they may at every one of these locations.

    Raises:
        NotPermitted: they may not, or not at one of them.
    """
    for name in ("", *[fact.location for fact in locations]):
        house.permit(intent.asks(permission, client, name))


def preset_options(system: System, preset: str) -> Mapping[str, Any]:
    """The options of a preset; none where none is named.

    Raises:
        UnknownPreset: the system does not have it.
    """
    if not preset:
        return {}
    if preset not in system.presets:
        known = ", ".join(sorted(system.presets)) or "none"
        raise UnknownPreset(f"The system {system.key!r} has no preset {preset[:60]!r}. Its presets: {known}.")
    return system.presets[preset]


def chosen_at(
    system: System, presets: Mapping[str, str], overrides: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The options that were chosen for single locations: those of a preset, and named ones over them.

    Raises:
        UnknownPreset: the system does not have one of the presets.
    """
    return {
        location: {**preset_options(system, presets.get(location, "")), **overrides.get(location, {})}
        for location in sorted({*presets, *overrides})
    }


def purpose_of(system: System) -> Purpose:
    """What a connection to a system has locations for."""
    return "days" if system.profile.kind in {"pos", "files"} else "objects"


def purposed(system: System, locations: Iterable[LocationAdded]) -> tuple[LocationAdded, ...]:
    """The locations, for what a connection to the system has them."""
    purpose = purpose_of(system)
    return tuple([msgspec.structs.replace(location, purpose=purpose) for location in locations])


def check_feedable(system: System, locations: Iterable[LocationAdded], existing: Mapping[str, Connection]) -> None:
    """Refuse locations that the system cannot find, or that other connections feed already.

    One connection polls a location; import files may feed it beside that one, and systems that are told of what becomes
    of its days may have it as well, all by the same clock.

    Args:
        system: of the connection that is to feed them.
        locations: the new ones.
        existing: the client's other connections, by id.

    Raises:
        BadSourceIds, AlreadyConnected, OtherClock, BadTimeOfDay: one of them does not fit.
    """
    for location in locations:
        missing = [name for name in system.location_ids if not location.source.get(name, "").strip()]
        if missing:
            raise BadSourceIds(f"The location {location.location!r} lacks the source id {missing[0]!r}.")
        for owner, connection in existing.items():
            if connection.life.standing and location.location in connection.locations:
                _check_beside(system, location, owner, connection)


def _check_beside(system: System, location: LocationAdded, owner: str, connection: Connection) -> None:
    known = connection.at(location.location)
    feeds = purpose_of(system) == "days" == known.purpose
    if feeds and (connection.system == FILES) == (system.key == FILES):
        raise AlreadyConnected(f"The location {location.location!r} is fed by the connection {owner!r} already.")
    if (known.zone, known.day_starts) != (location.zone, day_start(location.day_starts)):
        raise OtherClock(
            f"The connection {owner!r} feeds the location {location.location!r} too, in the zone {known.zone} and with "
            f"business days from {known.day_starts:%H:%M}: say the same of it here."
        )


@dataclass(frozen=True, slots=True)
class Beginning:
    """The polling options that a connection begins with.

    Attributes:
        options: of all its locations.
        overrides: of single ones.
        inherited: what was taken over from existing locations.
    """

    options: Mapping[str, Any]
    overrides: Mapping[str, Mapping[str, Any]]
    inherited: tuple[Inherited, ...]


def beginning(
    system: System,
    existing: Mapping[str, Connection],
    *,
    options: Mapping[str, Any],
    preset: str,
    presets: Mapping[str, str],
    overrides: Mapping[str, Mapping[str, Any]],
) -> Beginning:
    """What is chosen, over what is inherited from existing locations of the system, over its defaults.

    Raises:
        UnknownPreset: the system does not have one of the presets.
    """
    chosen = {**preset_options(system, preset), **options}
    own = chosen_at(system, presets, overrides)
    examples = [
        Example(name, known.configuration.at(location))
        for name, known in existing.items()
        if known.system == system.key and known.life.standing
        for location in sorted(known.locations)
    ]
    inherited = left(inherit(examples, system.default_options, known=system.options), chosen)
    begins = {**system.default_options, **{entry.option: entry.value for entry in inherited}, **chosen}
    return Beginning(begins, own, inherited)


def left(inherited: Iterable[Inherited], chosen: Iterable[str]) -> tuple[Inherited, ...]:
    """What is inherited and that nobody chose otherwise."""
    named = set(chosen)
    return tuple(entry for entry in inherited if entry.option not in named)
