"""Which connection a location's files go to, and how their rows are put into business days."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from adapters.files import SYSTEM, Dating, Kind
from api.composition import OpenHouse
from api.refusals import NoSuchLocation
from domain.business_date import TimeDoesNotExist, resolve, zone
from domain.commands.intent import Intent, new_id
from domain.commands.loading import load_connection
from domain.connection import NEW_CONNECTION, Connection, Location, NotConnected, decide_add_locations, decide_establish
from domain.facts import ConnectionEstablished, LocationAdded
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.polling import Frame, Options
from domain.ports.journal import Recording, StreamMoved
from projections import queries

BESIDE: Final = "files"
"""The id of the connection of import files that is made where files come beside a connection that polls."""

_MOST_DECISIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Feeding:
    """Where files of one location go.

    Attributes:
        location: our id.
        connection: the connection of import files.
        beside: the connection that polls the location, if one does.
        place: the location, as the connection that feeds its tickets has it.
        options: the polling options in force for the files.
    """

    location: str
    connection: ConnectionId
    beside: ConnectionId | None
    place: Location
    options: Options

    def frame(self, date: dt.date) -> Frame:
        """A business day of the location, for the files."""
        return self.place.frame(date, self.options, {}, wide=False)

    def dating(self, kind: Kind, only: dt.date | None) -> Dating:
        """How rows of a kind are put into business days.

        Args:
            kind: of the file.
            only: the one day that they may be of, or None where each row says its own.
        """
        # Of a check, what dates it for the options that are in force; of everything else, its own column.
        by = ("OpenTime", "CloseTime") if self.options.open_time and "OpenTime" in kind.headers else ()
        return Dating(self.date_of, only, by)

    def date_of(self, local: dt.datetime) -> dt.date:
        """The business date of a local time without zone; one that the clocks skipped counts on from the hour before."""
        frame = self.frame(local.date())
        try:
            instant = resolve(local, frame.zone).instant
        except TimeDoesNotExist:
            instant = local.replace(tzinfo=zone(frame.zone)).astimezone(dt.UTC)
        return frame.date_of(instant + frame.offset)


def feeding(opened: OpenHouse, location: str) -> Feeding:
    """Where files of a location go: its own connection of files, or the one beside the connection that polls it.

    Raises:
        NoSuchLocation: no connection feeds the location.
    """
    client = opened.settings.client
    found = queries.find_location(opened.engine, client, location)
    if found is None:
        raise NoSuchLocation(
            f"There is no location {location!r} here. Connect it: `daybook connect --system files --id files "
            f"--location {location}:America/New_York`, or with the system that it is polled from."
        )
    main = ConnectionId(client, found.connection)
    connection = load_connection(opened.journal, main)
    place = connection.at(location)
    if opened.house.system(connection.system).pushes:
        return Feeding(location, main, None, place, connection.configuration.at(location))
    beside = replace(main, connection=BESIDE)
    try:
        options = load_connection(opened.journal, beside).configuration.at(location)
    except NotConnected:
        options = Options()
    return Feeding(location, beside, main, place, options)


def make_sure(opened: OpenHouse, fed: Feeding) -> None:
    """Make the connection of import files beside a polled one, and add the location to it, where that is missing.

    Raises:
        NotFromFiles: a connection of that id is there and polls another system.
        StreamMoved: the race was lost too often.
    """
    if fed.beside is None:
        return
    for attempt in range(1, _MOST_DECISIONS + 1):
        connection = _connection(opened, fed.connection)
        if fed.location in connection.locations:
            return
        facts = _facts(fed, connection)
        intent = Intent(opened.settings.who, "import files come beside what is polled", new_id())
        try:
            opened.journal.append([Recording(fed.connection.stream, connection.version, facts)], intent.provenance)
        except StreamMoved:
            if attempt == _MOST_DECISIONS:
                raise


def _connection(opened: OpenHouse, connection: ConnectionId) -> Connection:
    try:
        return load_connection(opened.journal, connection)
    except NotConnected:
        return NEW_CONNECTION


def _facts(fed: Feeding, connection: Connection) -> tuple[ConnectionFact, ...]:
    place = fed.place
    added = LocationAdded(
        fed.location, place.name, place.zone, {}, day_starts=f"{place.day_starts:%H:%M}", number=place.number
    )
    if connection.version:
        return decide_add_locations(connection, [added])
    established = ConnectionEstablished(SYSTEM.key, SYSTEM.title, "", credential="", credential_version=0)
    return decide_establish(connection, established, [added], {}, known=SYSTEM.options)
