"""Deciding on the polling configuration of a connection."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.connection.state import Connection
from domain.facts import ConfigurationChanged
from domain.polling import BadConfiguration, Options, PollingConfiguration, options_for
from domain.polling.choices import says_the_same


def decide_configure(
    connection: Connection,
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    *,
    known: frozenset[str] = frozenset(Options.__struct_fields__),
) -> tuple[ConfigurationChanged, ...]:
    """The fact of a new version of the polling configuration; none where it says what the newest one says.

    Recorded days do not change by it.

    Args:
        connection: as recorded.
        options: by name, for all locations: all of them, not only what changes.
        overrides: options by location, over those.
        known: the options that the system has.

    Raises:
        BadConfiguration: an option is unknown, not for this system, ill-typed or has no meaning, or it is for a
            location that the connection does not feed.
    """
    newest = connection.configuration
    fact = configured(connection, newest.version + 1, options, overrides, known)
    if newest.version and says_the_same(newest, fact.options, fact.overrides):
        return ()
    return (fact,)


def configured(
    connection: Connection,
    version: int,
    options: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    known: frozenset[str],
) -> ConfigurationChanged:
    """The fact of a version of the configuration, once it is checked.

    Raises:
        BadConfiguration: as for :func:`decide_configure`.
    """
    kept = {location: dict(chosen) for location, chosen in overrides.items() if chosen}
    strangers = sorted(kept.keys() - connection.locations.keys())
    if strangers:
        raise BadConfiguration(
            f"The connection does not feed the location {strangers[0]!r}: it can have no options there."
        )
    for chosen in (options, *kept.values()):
        check_known(chosen, known)
    options_for(options)
    _check_centers(connection, PollingConfiguration(version, dict(options), kept))
    return ConfigurationChanged(version, dict(options), kept)


def check_known(chosen: Iterable[str], known: frozenset[str]) -> None:
    """Refuse options that the system does not have; names that are no options at all are refused where they are read.

    Raises:
        BadConfiguration: there is one.
    """
    foreign = sorted((set(chosen) & set(Options.__struct_fields__)) - known)
    if foreign:
        raise BadConfiguration(f"The system of this connection does not have the option {foreign[0]!r}.")


def _check_centers(connection: Connection, configuration: PollingConfiguration) -> None:
    """Two locations of one venue keep different revenue centers; what is in force at each is checked on the way.

    Raises:
        BadConfiguration: both keep the same one, or the options of a location do not fit.
    """
    keepers: dict[tuple[frozenset[tuple[str, str]], str], str] = {}
    for name, place in sorted(connection.locations.items()):
        try:
            centers = configuration.checked_at(name).use_revenue_centers
        except BadConfiguration as refusal:
            raise BadConfiguration(f"At the location {name!r}: {refusal}") from None
        for center in centers if place.source else ():
            keeper = keepers.setdefault((frozenset(place.source.items()), center), name)
            if keeper != name:
                raise BadConfiguration(
                    f"use_revenue_centers: the locations {keeper!r} and {name!r} have one venue, and both would keep "
                    f"its revenue center {center!r}: its sales would count twice. Give it to one of them."
                )


def shared_whole(connection: Connection) -> tuple[tuple[str, ...], ...]:
    """Groups of locations with one venue of which one keeps all its revenue centers, so that sales count twice."""
    groups = sorted({connection.sharing(location) for location in connection.locations})
    configuration = connection.configuration
    return tuple(
        group
        for group in groups
        if len(group) > 1 and not all(configuration.at(location).use_revenue_centers for location in group)
    )
