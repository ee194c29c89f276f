"""Replaying labor: from the answer that told it last, which may be another day's, and with the overtime of the week."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import dropwhile

import msgspec

from domain.business_day import BusinessDay
from domain.business_day.looking_back import LABOR_LOOKBACK, labor_changes
from domain.commands.around import Around
from domain.commands.overtime import Rules, overtime_differences
from domain.commands.recording import read_capture
from domain.connection import Connection
from domain.differences import apply
from domain.facts import DayCompensated, DayPolled, PollUnchanged, ReplayApplied, ReplayStaged
from domain.facts.catalogue import DayFact
from domain.identifiers import DayId
from domain.polling import PollingConfiguration
from domain.ports.house import House


def newest_look(facts: Iterable[DayFact], connection: str) -> DayCompensated | None:
    """The lookback that told the labor of a day last, or None where the day's own reading did."""
    found = None
    for fact in facts:
        if isinstance(fact, DayPolled | PollUnchanged):
            found = None if fact.attempt.connection == connection else found
        elif isinstance(fact, DayCompensated) and (fact.origin, fact.connection) == (LABOR_LOOKBACK, connection):
            found = fact
    return found


def derived_since(facts: Iterable[DayFact], look: DayCompensated, connection: str) -> bool:
    """A replay derived what a connection brings after a lookback told it, under what the day is recorded with now."""
    later = dropwhile(lambda fact: fact is not look, facts)
    replays = (fact for fact in later if isinstance(fact, ReplayApplied | ReplayStaged))
    return any(feed.connection == connection for replay in replays for feed in replay.feeds)


def replayed_labor(
    house: House,
    id_: DayId,
    day: BusinessDay,
    look: DayCompensated,
    connection: Connection,
    configuration: PollingConfiguration,
) -> dict[str, bytes]:
    """The punches of a day by what was found when another day was read, under a configuration.

    Args:
        house: the ports.
        id_: the day.
        day: as recorded.
        look: what was found, and in which capture.
        connection: that was read.
        configuration: to derive them under; how far back it looks makes no difference here.
    """
    options = configuration.at(id_.location)
    back = (look.read_date - id_.date).days + 1
    options = msgspec.structs.replace(options, labor_lookback_days=max(options.labor_lookback_days, back, 2))
    frame = connection.frame(id_.location, look.read_date, configuration)
    capture = house.captures.get(id_.client, look.capture)
    translation = read_capture(house.system(connection.system), capture, frame, options)
    punches = {"punch": dict(day.records.get("punch", {}))}
    apply(punches, labor_changes(day, id_.date, translation, look.connection))
    return punches["punch"]


def replayed_overtime(
    house: House, id_: DayId, derived: BusinessDay, connections: Mapping[str, Connection]
) -> dict[str, bytes]:
    """The overtime of a day whose other records were derived again.

    Args:
        house: the ports.
        id_: the day.
        derived: with the records that were derived, and the overtime that is recorded.
        connections: that feed it, each with the configuration that it was derived under.
    """
    around = Around(house.journal, id_)
    around.put(id_.date, derived)
    overtime = {"overtime": dict(derived.records.get("overtime", {}))}
    rules = Rules(house, id_, dict(connections))
    for _, _, changed in overtime_differences(around, rules, {}, latest=id_.date, checked=[id_.date]):
        apply(overtime, changed)
    return overtime["overtime"]


def under(connection: Connection, configuration: PollingConfiguration) -> Connection:
    """The connection as if its version said what is tried."""
    known = {**connection.configurations, configuration.version: configuration}
    return replace(connection, configurations=known)
