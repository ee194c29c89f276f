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
    frame_of,
    options_for,
    reaches_over,
    redates,
)
from domain.records import Employee, RosterRecord, canonical, decode
from domain.refusals import Conflict, NotFound, Refusal

_TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class AlreadyConnected(Conflict):
    """A connection or location of that id exists already."""


class NotConnected(NotFound):
    """There is no such connection, or it does not feed the location."""


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
        centers = {
            center: other
            for other, known in sorted(self.locations.items())
            if options.use_revenue_centers and known.source == place.source
            for center in chosen.at(other).use_revenue_centers
        }
        own = dict.fromkeys(options.use_revenue_centers, location)
        wide = any(redates(version.at(location)) for version in self.configurations.values())
        return place.frame(date, options, {**centers, **own}, wide=wide)

    def ever_reached_over(self, location: str) -> bool:
        """Some version of the configuration let readings of one day say something about others."""
        return any(reaches_over(version.at(location)) for version in self.configurations.values())


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
    named = {fact.location for fact in added}
    return (established, _configured(1, options, overrides, named, known), *added)


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
        BadConfiguration: an option is unknown, not for this system, ill-typed or has no meaning.
        NotConnected: an override is of a location that the connection does not feed.
    """
    newest = connection.configuration
    fact = _configured(newest.version + 1, options, overrides, set(connection.locations), known)
    if newest.version and (dict(newest.options), dict(newest.overrides)) == (fact.options, fact.overrides):
        return ()
    return (fact,)


def _configured(
    version: int,
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    locations: set[str],
    known: frozenset[str],
) -> ConfigurationChanged:
    kept = {location: dict(chosen) for location, chosen in overrides.items() if chosen}
    strangers = sorted(kept.keys() - locations)
    if strangers:
        raise NotConnected(f"The connection does not feed the location {strangers[0]!r}: it can have no options there.")
    for chosen in (options, *kept.values()):
        foreign = sorted((chosen.keys() & set(Options.__struct_fields__)) - known)
        if foreign:
            raise BadConfiguration(f"The system of this connection does not have the option {foreign[0]!r}.")
    configuration = PollingConfiguration(version, dict(options), kept)
    for location in sorted(locations):
        configuration.at(location)
    options_for(options)
    return ConfigurationChanged(version, dict(options), kept)


def decide_inherit(
    connection: Connection, location: str, preset: Mapping[str, Any], *, known: frozenset[str]
) -> tuple[ConfigurationChanged, ...]:
    """The fact that lets a location that was just added poll as the others do; none where the options of all say so.

    The existing locations' options that differ from the connection's are taken over where all existing locations agree
    on them; where they do not agree, the connection's own stand. What the kind of location brings goes over both.
    """
    newest = connection.configuration
    existing = [newest.overrides.get(other, {}) for other in sorted(connection.locations) if other != location]
    first = existing[0] if existing else {}
    common = {name: value for name, value in first.items() if all(other.get(name) == value for other in existing)}
    # A location's own part of its venue is nobody else's.
    common.pop("use_revenue_centers", None)
    chosen = {**common, **preset}
    if not chosen:
        return ()
    return decide_configure(connection, newest.options, {**newest.overrides, location: chosen}, known=known)


def decide_add_locations(connection: Connection, locations: Iterable[LocationAdded]) -> tuple[LocationAdded, ...]:
    """The facts that add locations to a connection.

    Raises:
        AlreadyConnected: one of them is fed by it already, or named twice.
        BadIdentifier, UnknownZone, BadTimeOfDay: what the caller gave does not fit.
    """
    known = set(connection.locations)
    added = []
    for fact in locations:
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
