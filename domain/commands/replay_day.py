"""Replay a business day: derive it again from the answer that we hold, and say what would differ. Writes nothing."""

from dataclasses import dataclass, replace

from domain.business_date import Window
from domain.commands.loading import NothingRecorded, load_connection, load_day
from domain.commands.poll_day import read_capture
from domain.differences import FieldChange, changes, compare
from domain.facts import Change
from domain.identifiers import ConnectionId, DayId
from domain.ports.house import House
from domain.summary import plain_summary, summarize


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """Derive one business day again, under the configuration that it was recorded with.

    Attributes:
        day: which.
        connection: the connection that feeds the location.
    """

    day: DayId
    connection: ConnectionId


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay found.

    Attributes:
        generation: the recorded generation that was compared.
        capture: the digest of the answer that it was derived from.
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
    """Translate the newest capture of the day again with the code of today, and compare.

    Raises:
        NothingRecorded: the day has no generation.
        NoCapture: the answer is no longer kept.
        SourceFailure: the answer cannot be read by today's code.
    """
    day = load_day(house.journal, command.day)
    if day.zone == "" or day.starts_at is None or day.ends_at is None:
        raise NothingRecorded(
            f"The business day {command.day.date} of {command.day.location} has not been polled: "
            "there is nothing to replay."
        )
    connection = load_connection(house.journal, command.connection)
    configuration = connection.configurations.get(day.configuration, connection.configuration)
    window = Window(command.day.date, day.zone, day.starts_at, day.ends_at)
    capture = house.captures.get(command.day.client, day.capture)
    translation = read_capture(house.system(connection.system), capture, window, configuration.at(command.day.location))
    found = tuple(changes(day.records, translation.records))
    derived = replace(day, records=translation.records, notes=translation.notes)
    figures = compare(plain_summary(summarize(day)), plain_summary(summarize(derived)))
    return ReplayResult(day.generation, day.capture, configuration.version, found, tuple(figures))
