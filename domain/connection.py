"""The connection: which system feeds which locations, with which configuration, and the rosters that it brought."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, assert_never, cast

import msgspec

from domain.business_date import zone
from domain.differences import RecordMap, apply, changes, parts
from domain.facts import ConfigurationChanged, ConnectionEstablished, FilesRead, LocationAdded, RosterChanged
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import plain
from domain.polling import (
    BadConfiguration,
    Frame,
    Options,
    PollingConfiguration,
    dates_alike,
    frame_of,
    options_for,
    reaches_over,
    redates,
)
from domain.polling.choices import says_the_same
from domain.polling.inheriting import NEVER_INHERITED
from domain.records import Employee, RosterRecord, canonical, decode
from domain.refusals import Conflict, NotFound, Refusal

MOST_LOCATIONS: Final = 1_000
"""Locations of one connection at most."""

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class AlreadyConnected(Conflict):
    """A connection or location of that id exists already."""


class NotConnected(NotFound):
    """There is no such connection, or it does not feed the location."""


class TooManyLocations(Refusal):
    """A connection feeds more locations than one can."""


class BadTimeOfDay(Refusal):
    """The start of the business day is not a wall-clock time HH:MM."""


@dataclass(frozen=True, slots=True)
class Location:
    """A location that a connection feeds.

    Attributes:
        location: our id.
        name: what people call it.
        zone: IANA zone.
        day_starts: wall-clock time.
        source: the system's own ids.
        number: the location's number in the books.
    """

    location: str
    name: str
    zone: str
    day_starts: dt.time
    source: Mapping[str, str]
    number: str = ""

    def frame(self, date: dt.date, options: Options, centers: Mapping[str, str], *, wide: bool) -> Frame:
        """One business day here, under these options."""
        return frame_of(date, self.zone, self.day_starts, options, centers, wide=wide)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as of some moment.

    Attributes:
        version: how many facts it has: the version of its stream; 0 where there is none.
        system: the system's key in the catalogue.
        secret: where the vault has the secret in use.
        locations: by our id.
        configurations: every version of the polling configuration, by its number.
        roster_changes: how often the roster of a location changed.
        rosters: canonical bytes of employees and jobs by location, kind and key.
    """

    version: int = 0
    system: str = ""
    name: str = ""
    environment: str = ""
    credential: str = ""
    secret: str = ""
    locations: Mapping[str, Location] = field(default_factory=dict)
    configurations: Mapping[int, PollingConfiguration] = field(default_factory=dict)
    rosters: Mapping[str, RecordMap] = field(default_factory=dict)
    roster_changes: Mapping[str, int] = field(default_factory=dict)

    @property
    def configuration(self) -> PollingConfiguration:
        """The newest version of the polling configuration."""
        return self.configurations[max(self.configurations)] if self.configurations else PollingConfiguration()

    def at(self, location: str) -> Location:
        """A location that this connection feeds.

        Raises:
            NotConnected: it does not.
        """
        if location not in self.locations:
            known = ", ".join(sorted(self.locations)[:10]) or "none yet"
            raise NotConnected(f"The connection does not feed the location {location!r}. Its locations: {known}.")
        return self.locations[location]

    def frame(self, location: str, date: dt.date, configuration: PollingConfiguration | None = None) -> Frame:
        """One business day of a location, under a version of the configuration; the newest where none is named.

        Raises:
            NotConnected: the connection does not feed the location.
        """
        place = self.at(location)
        chosen = self.configuration if configuration is None else configuration
        options = chosen.at(location)
        sharing = self.sharing(location) if options.use_revenue_centers else ()
        centers = {center: other for other in sharing for center in chosen.at(other).use_revenue_centers}
        own = dict.fromkeys(options.use_revenue_centers, location)
        wide = not all(dates_alike(version.at(location), options) for version in self.configurations.values())
        return place.frame(date, options, {**centers, **own}, wide=wide)

    def sharing(self, location: str) -> tuple[str, ...]:
        """The locations that one venue of the source feeds, this one among them; without source ids each has its own.

        Raises:
            NotConnected: the connection does not feed the location.
        """
        source = self.at(location).source
        alike = [name for name, place in self.locations.items() if source and place.source == source]
        return tuple(sorted({location, *alike}))

    def ever_reached_over(self, location: str) -> bool:
        """Some version of the configuration let readings of one day say something about others."""
        return any(reaches_over(version.at(location)) for version in self.configurations.values())

    def ever_redated(self, location: str) -> bool:
        """Some version of the configuration dated tickets otherwise than the source."""
        return any(redates(version.at(location)) for version in self.configurations.values())


NEW_CONNECTION = Connection()


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
    return (established, _configured(fold(added), 1, options, overrides, known), *added)


def decide_configure(
    connection: Connection,
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    *,
    known: frozenset[str] = frozenset(Options.__struct_fields__),
) -> tuple[ConfigurationChanged, ...]:
    """The fact of a new version of the polling configuration; none where it says what the newest one says.

    Recorded days do not change by it.

    Args:
        connection: as recorded.
        options: by name, for all locations: all of them, not only what changes.
        overrides: options by location, over those.
        known: the options that the system has.

    Raises:
        BadConfiguration: an option is unknown, not for this system, ill-typed or has no meaning, or it is for a
            location that the connection does not feed.
    """
    newest = connection.configuration
    fact = _configured(connection, newest.version + 1, options, overrides, known)
    if newest.version and says_the_same(newest, fact.options, fact.overrides):
        return ()
    return (fact,)


def _configured(
    connection: Connection,
    version: int,
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    known: frozenset[str],
) -> ConfigurationChanged:
    kept = {location: dict(chosen) for location, chosen in overrides.items() if chosen}
    strangers = sorted(kept.keys() - connection.locations.keys())
    if strangers:
        raise BadConfiguration(
            f"The connection does not feed the location {strangers[0]!r}: it can have no options there."
        )
    for chosen in (options, *kept.values()):
        check_known(chosen, known)
    options_for(options)
    _check_centers(connection, PollingConfiguration(version, dict(options), kept))
    return ConfigurationChanged(version, dict(options), kept)


def check_known(chosen: Iterable[str], known: frozenset[str]) -> None:
    """Refuse options that the system does not have; names that are no options at all are refused where they are read.

    Raises:
        BadConfiguration: there is one.
    """
    foreign = sorted((set(chosen) & set(Options.__struct_fields__)) - known)
    if foreign:
        raise BadConfiguration(f"The system of this connection does not have the option {foreign[0]!r}.")


def _check_centers(connection: Connection, configuration: PollingConfiguration) -> None:
    """Two locations of one venue keep different revenue centers; what is in force at each is checked on the way.

    Raises:
        BadConfiguration: both keep the same one, or the options of a location do not fit.
    """
    keepers: dict[tuple[frozenset[tuple[str, str]], str], str] = {}
    for name, place in sorted(connection.locations.items()):
        try:
            centers = configuration.checked_at(name).use_revenue_centers
        except BadConfiguration as refusal:
            raise BadConfiguration(f"At the location {name!r}: {refusal}") from None
        for center in centers if place.source else ():
            keeper = keepers.setdefault((frozenset(place.source.items()), center), name)
            if keeper != name:
                raise BadConfiguration(
                    f"use_revenue_centers: the locations {keeper!r} and {name!r} have one venue, and both would keep "
                    f"its revenue center {center!r}: its sales would count twice. Give it to one of them."
                )


def shared_whole(connection: Connection) -> tuple[tuple[str, ...], ...]:
    """Groups of locations with one venue of which one keeps all its revenue centers, so that sales count twice."""
    groups = sorted({connection.sharing(location) for location in connection.locations})
    configuration = connection.configuration
    return tuple(
        group
        for group in groups
        if len(group) > 1 and not all(configuration.at(location).use_revenue_centers for location in group)
    )


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


def decide_roster(
    connection: Connection, location: str, roster: RecordMap, *, capture: str
) -> tuple[RosterChanged, ...]:
    """The facts that a whole reading of a location's employees and jobs adds; none where nothing differs.

    Who vanished from the source's list is not removed: the record stays, marked as not listed, and an employee as not
    active. People are deactivated, never deleted.
    """
    recorded = connection.rosters.get(location, {})
    kept = {
        kind: {
            **{key: _unlisted(kind, data) for key, data in recorded.get(kind, {}).items() if key not in fresh},
            **fresh,
        }
        for kind, fresh in roster.items()
    }
    return tuple([RosterChanged(location, lot, capture) for lot in parts(changes(recorded, kept))])


def _unlisted(kind: str, data: bytes) -> bytes:
    record = cast("RosterRecord", decode(kind, data))
    if isinstance(record, Employee):
        return canonical(msgspec.structs.replace(record, active=False, listed=False))[2]
    return canonical(msgspec.structs.replace(record, listed=False))[2]
