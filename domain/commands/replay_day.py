"""Replay a business day: derive it again from the answers that we hold, and say what would differ. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.business_date import Window
from domain.business_day import BusinessDay, Feed, beside
from domain.commands.loading import NothingRecorded, load_connection, load_day
from domain.commands.recording import read_capture
from domain.connection import Connection
from domain.differences import FieldChange, changes, compare
from domain.facts import Change
from domain.identifiers import ConnectionId, DayId
from domain.polling import PollingConfiguration, options_for
from domain.polling.translation import Translation
from domain.ports.house import House
from domain.refusals import NotFound
from domain.summary import plain_summary, summarize


class NoSuchConfiguration(NotFound):
    """The connection has no configuration of that version."""


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """Derive one business day again: under the configuration that it was recorded with, or under another.

    Attributes:
        day: which.
        connection: the connection whose configuration is meant where another is asked for.
        configuration: the version to derive it under, or None for the recorded one.
        options: polling options to try over that version, by name; nothing of it is recorded.
    """

    day: DayId
    connection: ConnectionId
    configuration: int | None = None
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay found.

    Attributes:
        generation: the recorded generation that was compared.
        capture: the digest of the answer that it was derived from, of the connection that feeds the tickets.
        configuration: the version that it was derived under.
        changes: what would turn the recorded records into the derived ones.
        figures: what would change in the Daily Sales Summary.
    """

    generation: int
    capture: str
    configuration: int
    changes: tuple[Change, ...]
    figures: tuple[FieldChange, ...]


def replay_day(command: ReplayDay, house: House) -> ReplayResult:
    """Translate the newest captures of the day again with the code of today, and compare.

    Raises:
        NothingRecorded: the day has no generation.
        NoSuchConfiguration: the connection has no such version.
        BadConfiguration: the options to try do not fit.
        NoCapture: an answer is no longer kept.
        SourceFailure: an answer cannot be read by today's code.
    """
    day = load_day(house.journal, command.day)
    if not day.generation:
        raise NothingRecorded(
            f"The business day {command.day.date} of {command.day.location} has not been polled: "
            "there is nothing to replay."
        )
    derived, zone = dict(day.records), day.zone
    feeds = dict(day.feeds)
    for name, feed in sorted(day.feeds.items()):
        connection = load_connection(house.journal, replace(command.connection, connection=name))
        configuration = _configuration(command, name, feed, connection)
        frame = connection.frame(command.day.location, command.day.date, configuration)
        capture = house.captures.get(command.day.client, feed.capture)
        options = configuration.at(command.day.location)
        translation = read_capture(house.system(connection.system), capture, frame, options)
        derived |= _fed(day, feed, translation, frame.window)
        feeds[name] = replace(feed, configuration=configuration.version, notes=translation.notes)
        if name == day.connection:
            zone = frame.zone
    found = tuple(changes(day.records, derived))
    after = replace(day, records=derived, feeds=feeds, zone=zone)
    figures = compare(plain_summary(summarize(day)), plain_summary(summarize(after)))
    return ReplayResult(day.generation, day.capture, after.configuration, found, tuple(figures))


def _configuration(command: ReplayDay, name: str, feed: Feed, connection: Connection) -> PollingConfiguration:
    """The configuration to derive what one connection brought."""
    version = feed.configuration
    tried: Mapping[str, Any] = {}
    if name == command.connection.connection:
        version = version if command.configuration is None else command.configuration
        tried = command.options or {}
    if version and version not in connection.configurations:
        raise NoSuchConfiguration(
            f"The connection {name!r} has no configuration {version}: its newest is {connection.configuration.version}."
        )
    chosen = connection.configurations.get(version, PollingConfiguration())
    if not tried:
        return chosen
    options_for(tried)
    location = command.day.location
    return replace(chosen, overrides={**chosen.overrides, location: {**chosen.overrides.get(location, {}), **tried}})


def _fed(day: BusinessDay, feed: Feed, translation: Translation, window: Window) -> dict[str, dict[str, bytes]]:
    """What a connection would bring to the day, of the kinds that it feeds."""
    records = {
        kind: records for kind, records in translation.records.items() if kind in feed.kinds or not day.feeder(kind)
    }
    return {**records, **beside(day, translation, window, records)}
