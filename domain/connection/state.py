"""A connection as of some moment: which system feeds which locations, with which configuration, and its rosters."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.connection.life import NEW_LIFE, Life
from domain.differences import RecordMap
from domain.facts.connection import Purpose
from domain.polling import Frame, Options, PollingConfiguration, dates_alike, frame_of, reaches_over, redates
from domain.refusals import NotFound


class NotConnected(NotFound):
    """There is no such connection, or it does not feed the location."""


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
        purpose: ``days`` where the connection feeds them, ``objects`` where it is told of what becomes of them.
    """

    location: str
    name: str
    zone: str
    day_starts: dt.time
    source: Mapping[str, str]
    number: str = ""
    purpose: Purpose = "days"

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
        life: where it stands, who answers for it, and what its source lets it see.
        clocks: locations whose zone or start of day was another one before.
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
    life: Life = NEW_LIFE
    clocks: frozenset[str] = frozenset()

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
        wide = self._dated_otherwise(location, options)
        return place.frame(date, options, {**centers, **own}, wide=wide)

    def _dated_otherwise(self, location: str, options: Options) -> bool:
        """Tickets may be recorded on other days than these options and the location's clock put them on."""
        if location in self.clocks and self.ever_redated(location):
            return True
        return not all(dates_alike(version.at(location), options) for version in self.configurations.values())

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
