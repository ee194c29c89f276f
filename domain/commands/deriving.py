"""Deriving a business day again from the answers that are kept: under the recorded configuration, or another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.business_day import BusinessDay, DerivedDay, Feed, as_reopened, beside, fold, passed_over, source_id
from domain.business_day.day import OVERTIME
from domain.commands.loading import NothingRecorded, load_connection
from domain.commands.recording import read_capture
from domain.commands.replaying_labor import derived_since, newest_look, replayed_labor, replayed_overtime, under
from domain.commands.standing import Keys, moved_by_others, standing_under
from domain.connection import Connection, check_known
from domain.facts import DayPolled, Entry, GenerationStaged, PollUnchanged
from domain.facts.catalogue import DayFact
from domain.identifiers import ConnectionId, DayId
from domain.polling import Options, PollingConfiguration, options_for
from domain.polling.frame import Frame, dates_alike, reaches_over
from domain.polling.translation import Translation
from domain.ports.house import House
from domain.ports.source import System
from domain.refusals import NotFound, Refusal


class NoSuchConfiguration(NotFound):
    """The connection has no configuration of that version."""


class BroughtNothing(NotFound):
    """The connection brought nothing to the business day, so its configuration has no say there."""


class MovesBetweenDays(Refusal):
    """Options that no configuration ever had would move records between business days."""


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """Derive one business day again: under the configuration that it was recorded with, or under another.

    Attributes:
        day: which.
        connection: the connection whose configuration is meant where another is asked for.
        configuration: the version to derive it under, or None for the recorded one.
        options: polling options to put over that version, by name.
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
        options: what was put over that version.
        recorded_options: what the day is recorded under, over its version.
    """

    connection: str
    system: str
    capture: str
    recorded: int
    configuration: int
    options: Mapping[str, Any] = field(default_factory=dict)
    recorded_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def anew(self) -> bool:
        """It was derived under something else than what is recorded."""
        return (self.configuration, self.options) != (self.recorded, self.recorded_options)


@dataclass(frozen=True, slots=True)
class Answer:
    """One connection's answer, derived again.

    Attributes:
        derivation: how.
        connection: as recorded.
        translation: of the answer.
        position: in the log, of the newest reading that gave it: what came later, it does not know.
        standing: records of other days' readings that stand as they are, whatever the answer says.
        options: at the location, that it was derived with.
    """

    derivation: Derivation
    connection: Connection
    translation: Translation
    position: int
    standing: Keys
    options: Options


@dataclass(frozen=True, slots=True)
class Derived:
    """A business day that was derived again.

    Attributes:
        day: as recorded; of an approved one as it would be if it were reopened.
        derived: as it was derived.
        answers: that it was derived from.
    """

    day: BusinessDay
    derived: DerivedDay
    answers: tuple[Answer, ...]

    @property
    def standing(self) -> dict[str, set[str]]:
        """Records of other days' readings that stand as they are, by kind."""
        found: dict[str, set[str]] = {}
        for answer in self.answers:
            for kind, keys in answer.standing.items():
                found.setdefault(kind, set()).update(keys)
        return found

    @property
    def after(self) -> BusinessDay:
        """The day as it would be."""
        made = self.derived
        return replace(
            self.day,
            records=made.records,
            feeds=made.feeds,
            zone=made.zone,
            starts_at=made.starts_at,
            ends_at=made.ends_at,
        )


def derive(command: ReplayDay, house: House, *, version: int | None = None) -> Derived:
    """Translate the newest captures of a day again with the code of today.

    Args:
        command: which day, and under what.
        house: the ports.
        version: of the day's stream, up to which facts count; None for all.

    Raises:
        NothingRecorded: the day has no generation.
        NoSuchConfiguration: the connection has no such version.
        BroughtNothing: another configuration is asked for of a connection that has no part in the day.
        BadConfiguration: the options do not fit.
        NoCapture: an answer is no longer kept.
        SourceFailure: an answer cannot be read by today's code.
    """
    entries = [
        entry for entry in house.journal.stream(command.day.stream) if version is None or entry.version <= version
    ]
    facts = [entry.fact for entry in entries if isinstance(entry.fact, DayFact)]
    day = as_reopened(fold(facts))
    _check(command, day)
    moved = moved_by_others(facts, day)
    records, feeds = dict(day.records), dict(day.feeds)
    zone, starts_at, ends_at = day.zone, day.starts_at, day.ends_at
    answers = []
    connections: dict[str, Connection] = {}
    for name, feed in sorted(day.feeds.items()):
        connection = load_connection(house.journal, replace(command.connection, connection=name))
        system = house.system(connection.system)
        chosen, derivation = _chosen(command, name, feed, connection, system)
        own = connection.frame(command.day.location, command.day.date, chosen)
        capture = house.captures.get(command.day.client, feed.capture)
        options = chosen.at(command.day.location)
        translation = read_capture(system, capture, own, options)
        standing = standing_under(moved, options) if derivation.anew else moved
        made = _fed(day, feed, translation, own, standing)
        look = newest_look(facts, name)
        if look and "punch" in made:
            anew = derivation.anew or derived_since(facts, look, name)
            labor = chosen if anew else connection.configurations.get(look.configuration, chosen)
            made["punch"] = replayed_labor(house, command.day, day, look, connection, labor)
        connections[name] = under(connection, chosen)
        records |= made
        feeds[name] = replace(
            feed,
            configuration=derivation.configuration,
            options=derivation.options,
            notes=translation.notes + passed_over(translation, made),
            kinds=feed.kinds | made.keys(),
        )
        answers.append(Answer(derivation, connection, translation, _read_at(entries, name, feed), standing, options))
        if name == day.connection and derivation.anew:
            zone, starts_at, ends_at = own.window.zone, own.window.starts_at, own.window.ends_at
    overtime = replayed_overtime(house, command.day, replace(day, records=records, feeds=feeds), connections)
    if overtime or day.records.get(OVERTIME):
        records[OVERTIME] = overtime
    derived = DerivedDay(command.connection.connection, records, feeds, zone, starts_at, ends_at)
    return Derived(day, derived, tuple(answers))


def check_recordable(found: Derived, location: str) -> None:
    """Refuse to record what later readings would not know of.

    A reading looks for what it moves between days as far as some version of the configuration ever moved it.

    Raises:
        MovesBetweenDays: the options are of no version, and move records otherwise than any did.
    """
    for answer in found.answers:
        connection, options = answer.connection, answer.options
        dated = any(dates_alike(known.at(location), options) for known in connection.configurations.values())
        if answer.derivation.options and not (
            dated and (connection.ever_reached_over(location) or not reaches_over(options))
        ):
            raise MovesBetweenDays(
                "These options move records between business days, and no version of the configuration does so: record "
                "them with `daybook configure` first, then apply the replay under that version."
            )


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


def _chosen(
    command: ReplayDay, name: str, feed: Feed, connection: Connection, system: System
) -> tuple[PollingConfiguration, Derivation]:
    """The version to derive what one connection brought, with options over it."""
    meant = name == command.connection.connection
    version = command.configuration if meant and command.configuration is not None else feed.configuration
    if version and version not in connection.configurations:
        raise NoSuchConfiguration(
            f"The connection {name!r} has no configuration {version}: its newest is {connection.configuration.version}."
        )
    configuration = connection.configurations.get(version, PollingConfiguration())
    asked = dict(command.options or {}) if meant else {}
    check_known(asked, system.options)
    options_for(asked)
    # Another version is asked for as it is; what was put over the recorded one stays there.
    tried = asked if meant and command.configuration is not None else {**feed.options, **asked}
    location = command.day.location
    overrides = {**configuration.overrides, location: {**configuration.overrides.get(location, {}), **tried}}
    chosen = replace(configuration, overrides=overrides) if tried else configuration
    if chosen.at(location) == configuration.at(location):
        chosen, tried = configuration, {}
    derivation = Derivation(
        name, system.key, feed.capture, feed.configuration, configuration.version, tried, dict(feed.options)
    )
    return chosen, derivation


def _fed(
    day: BusinessDay, feed: Feed, translation: Translation, frame: Frame, standing: Keys
) -> dict[str, dict[str, bytes]]:
    """What a connection would bring to the day, of the kinds that it feeds; what stands there stays as it is."""
    given = {
        kind: records for kind, records in translation.records.items() if kind in feed.kinds or not day.feeder(kind)
    }
    made = {kind: dict(records) for kind, records in given.items()}
    made |= beside(day, translation, frame.window, given.keys())
    for kind in given:
        recorded, seen = day.records.get(kind, {}), translation.seen.get(kind, frozenset())
        stands = {source_id(kind, key, seen) for key in standing.get(kind, ())}
        for key in [key for key in made[kind] if source_id(kind, key, seen) in stands]:
            del made[kind][key]
        made[kind] |= {key: data for key, data in recorded.items() if source_id(kind, key, seen) in stands}
    return made


def _read_at(entries: Sequence[Entry], name: str, feed: Feed) -> int:
    """The position of the newest reading of a connection that gave the answer which the day is derived from."""
    return max(
        (
            entry.position
            for entry in entries
            if isinstance(entry.fact, DayPolled | PollUnchanged | GenerationStaged)
            and (entry.fact.attempt.connection, entry.fact.capture) == (name, feed.capture)
        ),
        default=0,
    )
