"""Replay a business day: derive it again from the answers that we hold, and say what would differ. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.business_date import Window
from domain.business_day import BusinessDay, Feed, beside, fold, passed_over, source_id
from domain.commands.loading import NothingRecorded, load_connection
from domain.commands.recording import read_capture
from domain.connection import Connection, check_known
from domain.differences import FieldChange, changes, compare
from domain.facts import Change, DayCompensated, DayPolled, PollUnchanged, RecordsChanged
from domain.facts.catalogue import DayFact
from domain.identifiers import ConnectionId, DayId
from domain.polling import Options, PollingConfiguration, options_for, redates
from domain.polling.translation import Translation
from domain.ports.house import House
from domain.ports.source import System
from domain.refusals import NotFound
from domain.summary import plain_summary, summarize

Keys = Mapping[str, set[str]]
"""Keys of records by kind."""


class NoSuchConfiguration(NotFound):
    """The connection has no configuration of that version."""


class BroughtNothing(NotFound):
    """The connection brought nothing to the business day, so its configuration has no say there."""


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
class Derivation:
    """What one connection brought to a day, and how it was derived again.

    Attributes:
        connection: its id.
        system: key of the catalogue.
        capture: the digest of its newest answer, from which it was derived.
        recorded: the version of its configuration that the day is recorded under.
        configuration: the version that it was derived under.
        options: what was tried over that version.
    """

    connection: str
    system: str
    capture: str
    recorded: int
    configuration: int
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def anew(self) -> bool:
        """It was derived under something else than what is recorded."""
        return bool(self.options) or self.configuration != self.recorded


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay found.

    Attributes:
        generation: the recorded generation that was compared.
        capture: the digest of the answer that it was derived from, of the connection that feeds the tickets.
        configuration: the version that it was derived under.
        changes: what would turn the recorded records into the derived ones.
        figures: what would change in the Daily Sales Summary.
        derivations: what it was derived from, and under which versions, by connection.
    """

    generation: int
    capture: str
    configuration: int
    changes: tuple[Change, ...]
    figures: tuple[FieldChange, ...]
    derivations: tuple[Derivation, ...] = ()


def replay_day(command: ReplayDay, house: House) -> ReplayResult:
    """Translate the newest captures of the day again with the code of today, and compare.

    Raises:
        NothingRecorded: the day has no generation.
        NoSuchConfiguration: the connection has no such version.
        BroughtNothing: another configuration is asked for of a connection that has no part in the day.
        BadConfiguration: the options to try do not fit.
        NoCapture: an answer is no longer kept.
        SourceFailure: an answer cannot be read by today's code.
    """
    facts = [entry.fact for entry in house.journal.stream(command.day.stream) if isinstance(entry.fact, DayFact)]
    day = fold(facts)
    _check(command, day)
    moved = _moved(facts, day)
    derived, zone = dict(day.records), day.zone
    feeds = dict(day.feeds)
    derivations = []
    for name, feed in sorted(day.feeds.items()):
        connection = load_connection(house.journal, replace(command.connection, connection=name))
        system = house.system(connection.system)
        tried = (command.options or {}) if name == command.connection.connection else {}
        configuration = _configuration(command, name, feed, connection)
        derivation = Derivation(name, system.key, feed.capture, feed.configuration, configuration.version, tried)
        chosen = _with(configuration, command.day.location, tried, system)
        frame = connection.frame(command.day.location, command.day.date, chosen)
        capture = house.captures.get(command.day.client, feed.capture)
        options = chosen.at(command.day.location)
        translation = read_capture(system, capture, frame, options)
        standing = _standing(moved, options) if derivation.anew else moved
        made = _fed(day, feed, translation, frame.window, standing, derivation)
        derived |= made
        notes = translation.notes + passed_over(translation, made)
        feeds[name] = replace(feed, configuration=configuration.version, notes=notes)
        derivations.append(derivation)
        if name == day.connection:
            zone = frame.zone
    found = tuple(changes(day.records, derived))
    after = replace(day, records=derived, feeds=feeds, zone=zone)
    # The version is what was asked for, and no figure that differs by it.
    figures = [
        figure
        for figure in compare(plain_summary(summarize(day)), plain_summary(summarize(after)))
        if figure.path.rpartition(".")[2] != "configuration"  # of the day, and of each of its feeds
    ]
    return ReplayResult(day.generation, day.capture, after.configuration, found, tuple(figures), tuple(derivations))


def _check(command: ReplayDay, day: BusinessDay) -> None:
    where = f"The business day {command.day.date} of {command.day.location}"
    if not day.generation:
        raise NothingRecorded(f"{where} has not been polled: there is nothing to replay.")
    if day.deleted:
        raise NothingRecorded(f"{where} was deleted: there is nothing to replay until it is polled again.")
    asked = command.configuration is not None or bool(command.options)
    if asked and command.connection.connection not in day.feeds:
        raise BroughtNothing(
            f"{where} has nothing from the connection {command.connection.connection!r}, but from: "
            f"{', '.join(sorted(day.feeds))}. Ask for a configuration of that one."
        )


def _configuration(command: ReplayDay, name: str, feed: Feed, connection: Connection) -> PollingConfiguration:
    """The version to derive what one connection brought."""
    version = feed.configuration
    if name == command.connection.connection and command.configuration is not None:
        version = command.configuration
    if version and version not in connection.configurations:
        raise NoSuchConfiguration(
            f"The connection {name!r} has no configuration {version}: its newest is {connection.configuration.version}."
        )
    return connection.configurations.get(version, PollingConfiguration())


def _with(
    configuration: PollingConfiguration, location: str, tried: Mapping[str, Any], system: System
) -> PollingConfiguration:
    """The configuration with options to try at the location."""
    if not tried:
        return configuration
    check_known(tried, system.options)
    options_for(tried)
    overrides = {**configuration.overrides, location: {**configuration.overrides.get(location, {}), **tried}}
    return replace(configuration, overrides=overrides)


def _moved(facts: Iterable[DayFact], day: BusinessDay) -> Keys:
    """Records that readings of other days changed here since the day itself was read: its captures do not know."""
    found: dict[str, set[str]] = {}
    compensating = 0
    for fact in facts:
        if isinstance(fact, DayPolled | PollUnchanged):
            feed = day.feeds[fact.attempt.connection]
            for kind in feed.kinds:
                found.pop(kind, None)
        elif isinstance(fact, DayCompensated):
            compensating = fact.generation
        elif isinstance(fact, RecordsChanged) and fact.generation == compensating:
            for change in fact.changes:
                found.setdefault(change.kind, set()).add(change.key)
    return found


def _standing(moved: Keys, options: Options) -> Keys:
    """Those that readings of other days would move under these options as well."""
    moving = {
        "ticket": redates(options),
        "punch": options.vsd_for_actual,
        "deposit": options.number_of_lookback_days > 0 and not options.disable_deposits_import,
    }
    return {kind: keys for kind, keys in moved.items() if moving.get(kind, True)}


def _fed(
    day: BusinessDay, feed: Feed, translation: Translation, window: Window, moved: Keys, derivation: Derivation
) -> dict[str, dict[str, bytes]]:
    """What a connection would bring to the day, of the kinds that it feeds.

    What another day's reading moved here or away stands: unless it is derived anew, and the day's own answer names it.
    """
    given = {
        kind: records for kind, records in translation.records.items() if kind in feed.kinds or not day.feeder(kind)
    }
    made = {kind: dict(records) for kind, records in given.items()}
    made |= beside(day, translation, window, given.keys())
    for kind in given:
        recorded, seen = day.records.get(kind, {}), translation.seen.get(kind, frozenset())
        for key in moved.get(kind, ()):
            if not (derivation.anew and source_id(kind, key, seen) in seen):
                made[kind].pop(key, None)
                made[kind] |= {key: recorded[key]} if key in recorded else {}
    return made
