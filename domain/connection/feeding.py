"""Deciding which locations a connection feeds: making it with some, and adding others."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.business_date import zone
from domain.connection.configuring import configured, decide_configure
from domain.connection.folding import fold
from domain.connection.state import NEW_CONNECTION, Connection
from domain.facts import ConfigurationChanged, ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import plain
from domain.polling import Options
from domain.polling.inheriting import NEVER_INHERITED
from domain.refusals import Conflict, Refusal

MOST_LOCATIONS: Final = 1_000
"""Locations of one connection at most."""

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class AlreadyConnected(Conflict):
    """A connection or location of that id exists already."""


class TooManyLocations(Refusal):
    """A connection feeds more locations than one can."""


class BadTimeOfDay(Refusal):
    """The start of the business day is not a wall-clock time HH:MM."""


def decide_establish(
    connection: Connection,
    established: ConnectionEstablished,
    locations: Iterable[LocationAdded],
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    *,
    known: frozenset[str] = frozenset(Options.__struct_fields__),
) -> tuple[ConnectionFact, ...]:
    """The facts of a new connection with its locations and its first configuration.

    Args:
        connection: as recorded: there must be none.
        established: what it is.
        locations: what it feeds.
        options: polling options of all of them.
        overrides: options by location, over those.
        known: the options that the system has.

    Raises:
        AlreadyConnected: it exists, or two of the locations carry one id.
        BadIdentifier, UnknownZone, BadTimeOfDay, BadConfiguration: what the caller gave does not fit.
    """
    if connection.version:
        raise AlreadyConnected("A connection of this id exists already: choose another id, or add locations to it.")
    added = decide_add_locations(NEW_CONNECTION, locations)
    return (established, configured(fold(added), 1, options, overrides, known), *added)


def common_overrides(connection: Connection) -> dict[str, Any]:
    """What a location that is added takes over: options that all existing locations have of their own, and alike.

    Its part of its venue is never taken over, not even where it was configured for all locations.
    """
    newest = connection.configuration
    first, *others = [newest.overrides.get(location, {}) for location in sorted(connection.locations)] or [{}]
    shared = {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    own: dict[str, Any] = {name: [] for name in NEVER_INHERITED if newest.options.get(name)}
    return {**{name: value for name, value in shared.items() if name not in NEVER_INHERITED}, **own}


def decide_extend(
    connection: Connection,
    locations: Iterable[LocationAdded],
    chosen: Mapping[str, Mapping[str, Any]],
    *,
    known: frozenset[str],
) -> tuple[LocationAdded | ConfigurationChanged, ...]:
    """The facts that add locations which poll as the existing ones do.

    Args:
        connection: as recorded.
        locations: what it feeds from now on as well.
        chosen: options by added location, over those that it takes over.
        known: the options that the system has.

    Raises:
        AlreadyConnected, TooManyLocations, BadIdentifier, UnknownZone, BadTimeOfDay, BadConfiguration: what the caller
            gave does not fit.
    """
    added = decide_add_locations(connection, locations)
    newest, common = connection.configuration, common_overrides(connection)
    fresh = {fact.location: {**common, **chosen.get(fact.location, {})} for fact in added}
    wider = fold(added, connection)
    return (*added, *decide_configure(wider, newest.options, {**newest.overrides, **fresh}, known=known))


def decide_add_locations(connection: Connection, locations: Iterable[LocationAdded]) -> tuple[LocationAdded, ...]:
    """The facts that add locations to a connection.

    Raises:
        AlreadyConnected: one of them is fed by it already, or named twice.
        TooManyLocations: there would be more than :data:`MOST_LOCATIONS`.
        BadIdentifier, UnknownZone, BadTimeOfDay: what the caller gave does not fit.
    """
    known = set(connection.locations)
    added = []
    for fact in locations:
        if len(known) == MOST_LOCATIONS:
            raise TooManyLocations(f"A connection feeds {MOST_LOCATIONS} locations at most: make another connection.")
        plain(fact.location, "location")
        if fact.location in known:
            raise AlreadyConnected(f"The connection feeds the location {fact.location!r} already.")
        known.add(fact.location)
        zone(fact.zone)
        day_start(fact.day_starts)
        added.append(fact)
    return tuple(added)


def day_start(text: str) -> dt.time:
    """The wall-clock time of ``HH:MM``.

    Raises:
        BadTimeOfDay: it is none.
    """
    if _TIME_OF_DAY.fullmatch(text):
        return dt.time.fromisoformat(text)
    raise BadTimeOfDay(f"{text[:20]!r} is not a time of day: write it HH:MM, for example 04:00.")
