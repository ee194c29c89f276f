"""Configure a connection: a new version of its polling configuration. Recorded days do not change by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.commands.changing import Changed, change
from domain.commands.intent import Intent
from domain.commands.recording import NotTheVersion
from domain.connection import Connection, decide_configure
from domain.connection.standing import check_standing
from domain.facts.catalogue import ConnectionFact
from domain.identifiers import ConnectionId
from domain.permissions import NotPermitted, Permission
from domain.polling.choices import differs_at
from domain.polling.configuration import refuse_unknown
from domain.ports.house import House
from domain.ports.source import System

_NOT_THEIRS: Final = (
    "This would configure locations that are not yours: change the options of your own locations alone, or ask "
    "somebody who has all of the connection's."
)


@dataclass(frozen=True, slots=True)
class ConfigureConnection:
    """Configure a connection: say all of it, or change some of it.

    Attributes:
        connection: which.
        intent: who and why.
        options: by name, for all locations, in place of those in force; one that is not named is the system's default.
            None: those in force stay.
        overrides: options by location over those, all of them that the caller may see. None: those in force stay.
        location: where ``put`` and ``drop`` apply; empty: to all locations.
        put: options to set, by name.
        drop: options that go back to the system's default, or of a location to what holds for all.
        expected: the version of the configuration that the caller saw, or None for whatever is there.
    """

    connection: ConnectionId
    intent: Intent
    options: Mapping[str, Any] | None = None
    overrides: Mapping[str, Mapping[str, Any]] | None = None
    location: str = ""
    put: Mapping[str, Any] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Configured:
    """What came of configuring.

    Attributes:
        change: what was recorded; nothing, where the configuration says so already.
        concerned: the locations at which other options are in force than before.
    """

    change: Changed
    concerned: tuple[str, ...]


def configure_connection(command: ConfigureConnection, house: House) -> Configured:
    """Record a new version of the configuration, unless the newest says the same.

    A command that was recorded before is not done again.

    Raises:
        NotPermitted: the role may not configure, or it concerns locations that are not theirs.
        NotConnected: there is no such connection, or it does not feed a location that is named.
        NotEstablished, IsDisconnected: it is a draft, or over.
        NotTheVersion: ``expected`` is not the newest version.
        BadConfiguration: an option is unknown, not for this system, or its value does not fit.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """

    def decide(connection: Connection) -> tuple[ConnectionFact, ...]:
        check_standing(connection)
        _check_version(command, connection)
        system = house.system(connection.system)
        options, overrides = _wanted(command, connection, system)
        if options != connection.configuration.options and not all(map(reach, connection.locations)):
            raise NotPermitted(_NOT_THEIRS)
        return decide_configure(connection, options, overrides, known=system.options)

    reach = command.intent.rights.reach
    house.permit(command.intent.asks(Permission.CONNECT_POS, command.connection.client))
    # Before anything is looked at: whether a location is another's or nobody's is not told.
    if not all(map(reach, (command.location, *(command.overrides or ())))):
        raise NotPermitted(_NOT_THEIRS)
    changed = change(command.connection, command.intent, house, decide)
    before, after = changed.before.configuration, changed.after.configuration
    concerned = [location for location in sorted(changed.after.locations) if differs_at(before, after, location)]
    return Configured(changed, tuple(concerned))


def _wanted(
    command: ConfigureConnection, connection: Connection, system: System
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The options and overrides that the command wants.

    Raises:
        NotConnected: the connection does not feed the location that it names.
        BadConfiguration: an option to drop is none.
    """
    newest, defaults = connection.configuration, system.default_options
    options = dict(newest.options) if command.options is None else {**defaults, **command.options}
    given: Mapping[str, Mapping[str, Any]] = newest.overrides
    if command.overrides is not None:
        reach = command.intent.rights.reach
        # What the caller was not shown stays.
        unseen = {location: chosen for location, chosen in newest.overrides.items() if not reach(location)}
        given = {**unseen, **command.overrides}
    overrides = {location: dict(chosen) for location, chosen in given.items()}
    refuse_unknown(command.drop)
    if command.location:
        connection.at(command.location)
        own = {**overrides.get(command.location, {}), **command.put}
        overrides[command.location] = {name: value for name, value in own.items() if name not in command.drop}
    else:
        back = {name: defaults[name] for name in command.drop if name in defaults}
        options = {name: value for name, value in options.items() if name not in command.drop}
        options = {**options, **back, **command.put}
    return options, overrides


def _check_version(command: ConfigureConnection, connection: Connection) -> None:
    newest = connection.configuration.version
    if command.expected is not None and command.expected != newest:
        raise NotTheVersion(
            f"The configuration is at version {newest}, not {command.expected}: look at it again, then decide."
        )
