"""Which connection a location's files go to, and how their rows are put into business days."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from adapters.files import SYSTEM, Dating, Kind
from api.composition import OpenHouse
from api.connections import all_connections, existing, files_connection
from api.refusals import NoSuchLocation
from domain.business_date import TimeDoesNotExist, resolve, zone
from domain.commands.add_location import AddLocation, add_location
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.connection import Location, NotConnected
from domain.facts import LocationAdded
from domain.identifiers import FILES, ConnectionId
from domain.polling import Frame, Options
from projections import queries

BESIDE: Final = "files"
"""The id of the connection of import files that is made where files come beside a connection that polls."""

_SOME_DAY: Final = dt.date(2000, 1, 1)
"""What a frame says of instants does not depend on which day's it is."""

_MOST_KNOWN: Final = 10_000
"""Hours of which is remembered which business day they are of."""

_TO_LAST_MINUTE: Final = dt.timedelta(minutes=59)


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

    @property
    def client(self) -> str:
        """Whose location it is."""
        return self.connection.client

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
        return Dating(_DateOf(self.frame(_SOME_DAY)), only, by)


class _DateOf:
    """The business dates of local times without zone, remembered by the hour; no business day ends inside a minute."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._known: dict[dt.datetime, dt.date | None] = {}

    def __call__(self, local: dt.datetime) -> dt.date:
        """The business date; a time that the clocks skipped counts on from before."""
        hour = local.replace(minute=0, second=0, microsecond=0)
        if hour not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[hour] = self._of_all(hour)
        known = self._known[hour]
        return self._date_of(self._instant(local.replace(second=0, microsecond=0))) if known is None else known

    def _of_all(self, hour: dt.datetime) -> dt.date | None:
        """The business date of a whole hour; None where a day ends in it or clocks are put on or back."""
        first, last = self._instant(hour), self._instant(hour + _TO_LAST_MINUTE)
        date = self._date_of(first)
        return date if last - first == _TO_LAST_MINUTE and date == self._date_of(last) else None

    def _instant(self, local: dt.datetime) -> dt.datetime:
        try:
            return resolve(local, self._frame.zone).instant
        except TimeDoesNotExist:
            return local.replace(tzinfo=zone(self._frame.zone)).astimezone(dt.UTC)

    def _date_of(self, instant: dt.datetime) -> dt.date:
        return self._frame.date_of(instant + self._frame.offset)


def feeding(opened: OpenHouse, client: str, location: str) -> Feeding:
    """Where files of a location go: its own connection of files, or the one beside the connection that polls it.

    Args:
        opened: the running daybook.
        location: our id.
        client: whose; that of the settings where nobody says.

    Raises:
        NoSuchLocation: no connection feeds the location.
    """
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
    there = files_connection(opened, client, location)
    if there is not None:
        return Feeding(location, there, main, place, load_connection(opened.journal, there).configuration.at(location))
    made = [
        row.connection for row in all_connections(opened, client) if row.system == FILES and row.stage == "established"
    ]
    return Feeding(location, replace(main, connection=made[0] if made else BESIDE), main, place, Options())


def make_sure(opened: OpenHouse, fed: Feeding, actor: str) -> None:
    """Make the connection of import files beside a polled one, and add the location to it, where that is missing.

    Args:
        opened: the running daybook.
        fed: where the files go.
        actor: who imports.

    Raises:
        AlreadyConnected: a connection of that id is there and polls another system.
        StreamMoved: the race was lost too often.
    """
    if fed.beside is None:
        return
    others = existing(opened, fed.client, without=fed.connection.connection)
    place = fed.place
    added = LocationAdded(
        fed.location, place.name, place.zone, {}, day_starts=f"{place.day_starts:%H:%M}", number=place.number
    )
    intent = Intent(actor, "import files come beside what is polled")
    try:
        known = load_connection(opened.journal, fed.connection)
    except NotConnected:
        command = ConnectSystem(fed.connection, FILES, SYSTEM.title, "", "", (added,), intent, existing=others)
        connect_system(command, opened.house)
    else:
        if fed.location not in known.locations:
            add_location(AddLocation(fed.connection, (added,), intent, existing=others), opened.house)
