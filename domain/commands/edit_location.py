"""Edit a location: its name, its number in the books, its zone, or when its business days begin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.business_date import zone
from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.connection import NEW_CONNECTION, Connection, NotConnected, day_start
from domain.facts import LocationEdited
from domain.identifiers import ConnectionId
from domain.names import checked_name
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved

MOST_DECISIONS: Final = 200
"""How often a lost race is decided again before giving up: polls add to rosters all the time."""


@dataclass(frozen=True, slots=True)
class EditLocation:
    """Edit a location; what is None stays.

    Attributes:
        client: whose.
        location: our id.
        intent: who and why.
        feeding: the connections that may feed it, by id.
        name: what people call it.
        zone: IANA zone.
        day_starts: ``HH:MM`` wall-clock time.
        number: the location's number in the books; empty: it has none.
    """

    client: str
    location: str
    intent: Intent
    feeding: Mapping[str, Connection] = field(repr=False)
    name: str | None = None
    zone: str | None = None
    day_starts: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class EditedLocation:
    """What came of it.

    Attributes:
        fact: how the location is described now.
        receipt: where it is recorded; None where it was so already.
        again: it was recorded before; now it was only answered.
        moved: its days have other hours than before: those that are recorded keep theirs until they are polled again.
    """

    fact: LocationEdited
    receipt: Receipt | None
    again: bool = False
    moved: bool = False


def edit_location(command: EditLocation, house: House) -> EditedLocation:
    """Record how the location is described, at every connection that feeds it, so that all go by one clock.

    Days that are polled, imported or repolled from then on have the new hours; recorded ones keep theirs until then.

    Raises:
        NotPermitted: they may not change the client's locations, or not this one.
        NotConnected: no connection feeds it.
        UnknownZone, BadTimeOfDay, BadName: what was given does not fit.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """
    house.permit(command.intent.asks(Permission.MANAGE_CLIENT, command.client, command.location))
    lost = 0
    while True:
        known = _feeding(command, house)
        done = house.journal.receipt(command.client, command.intent.command)
        if done:
            return _recorded(command, house, list(known), done)
        place = known[next(iter(known))].at(command.location)
        fact = _described(command, known)
        recordings = [
            Recording(named.stream, connection.version, (fact,))
            for named, connection in known.items()
            if _as_it_is(connection, command.location) != fact
        ]
        moved = (place.zone, f"{place.day_starts:%H:%M}") != (fact.zone, fact.day_starts)
        if not recordings:
            return EditedLocation(fact, None)
        try:
            receipt = house.journal.append(recordings, command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return EditedLocation(fact, receipt, moved=moved)


def _feeding(command: EditLocation, house: House) -> dict[ConnectionId, Connection]:
    """The connections that feed the location, as they are now."""
    found = {}
    for name, known in sorted(command.feeding.items()):
        named = ConnectionId(command.client, name)
        now = load_connection(house.journal, named, known=known if known.version else NEW_CONNECTION)
        if now.life.standing and command.location in now.locations:
            found[named] = now
    if not found:
        raise NotConnected(f"No connection feeds the location {command.location!r}.")
    return found


def _described(command: EditLocation, known: Mapping[ConnectionId, Connection]) -> LocationEdited:
    now = _as_it_is(known[next(iter(known))], command.location)
    fact = LocationEdited(
        command.location,
        now.name if command.name is None else checked_name(command.name),
        command.zone or now.zone,
        command.day_starts or now.day_starts,
        now.number if command.number is None else command.number,
    )
    zone(fact.zone)
    day_start(fact.day_starts)
    return fact


def _as_it_is(connection: Connection, location: str) -> LocationEdited:
    place = connection.at(location)
    return LocationEdited(location, place.name, place.zone, f"{place.day_starts:%H:%M}", place.number)


def _recorded(command: EditLocation, house: House, streams: list[ConnectionId], receipt: Receipt) -> EditedLocation:
    """What this command recorded before."""
    for named in streams:
        for entry in house.journal.stream(named.stream, until=receipt.position):
            fact = entry.fact
            ours = entry.provenance.command == command.intent.command
            if ours and isinstance(fact, LocationEdited) and _wanted(command, fact):
                return EditedLocation(fact, receipt, again=True)
    raise CommandReused(f"The id {command.intent.command!r} was used for another command: use a new one.")


def _wanted(command: EditLocation, fact: LocationEdited) -> bool:
    given = (command.name, command.zone, command.day_starts, command.number)
    said = (fact.name, fact.zone, fact.day_starts, fact.number)
    same = all(asked is None or asked == told for asked, told in zip(given, said, strict=True))
    return fact.location == command.location and same
