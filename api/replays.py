"""Replays: which of many days are meant, and what came of one or many as plain JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from api import days
from api.composition import OpenHouse
from api.connections import check_seen, reached
from api.plain import plain_other_days, plain_record
from api.plain_reading import plain_effect
from api.refusals import NoSuchLocation
from domain.commands.loading import load_connection
from domain.commands.replay_day import Applied, ReplayResult
from domain.commands.replay_range import MOST_DAYS, DayReplayed, ReplayRange, days_between
from domain.differences import operations
from domain.identifiers import ConnectionId, DayId, plain
from domain.money import shown
from domain.permissions import EVERYTHING, Rights


def range_of(
    opened: OpenHouse,
    client: str,
    first: dt.date,
    last: dt.date,
    *,
    location: str | None = None,
    connection: str | None = None,
    configuration: int | None = None,
    options: Mapping[str, Any] | None = None,
    most: int = MOST_DAYS,
    rights: Rights = EVERYTHING,
) -> ReplayRange:
    """The days of a location, or of all locations of a connection that are theirs.

    Args:
        opened: the running daybook.
        client: whose.
        first: business date.
        last: business date.
        location: which; None: all that the connection feeds.
        connection: whose configuration is meant; None: that of the connection that polls the location.
        configuration: the version to derive them under, or None for the recorded one.
        options: polling options to put over that version, by name.
        most: days at most.
        rights: whose they have to be.

    Raises:
        BadRange: there are no such days, or too many.
        NoSuchLocation, NotConnected, BadIdentifier: there is no such location or connection.
    """
    named = None if connection is None else ConnectionId(client, plain(connection, "connection"))
    if named is not None:
        check_seen(opened, named, rights)
    if location is not None:
        found = days_between(client, [plain(location, "location")], first, last, most)
        fed = days.feeding(opened.engine, found[0])
        return ReplayRange(found, {location: named or fed}, configuration, options)
    if named is None:
        raise NoSuchLocation("Name a location, or a connection with --connection for all its locations.")
    locations = sorted(reached(load_connection(opened.journal, named).locations, rights))
    found = days_between(client, locations, first, last, most)
    return ReplayRange(found, dict.fromkeys(locations, named), configuration, options)


def plain_replay(
    day: DayId, result: ReplayResult, most_records: int | None = None, most_effects: int | None = None
) -> dict[str, Any]:
    """What a replay of one day found; ``most_records`` and ``most_effects`` bound the lists, not the counts."""
    return {
        "location": day.location,
        "date": day.date.isoformat(),
        "generation": result.generation,
        "capture": result.capture,
        "configuration": result.configuration,
        "approved": result.approved,
        "derivations": [
            {
                "connection": derivation.connection,
                "system": derivation.system,
                "capture": derivation.capture,
                "recorded": derivation.recorded,
                "configuration": derivation.configuration,
                "options": dict(derivation.options),
            }
            for derivation in result.derivations
        ],
        "differs": result.differs,
        "to_record": result.recorded > 0,
        "changes": operations(result.changes),
        "records": [plain_record(change) for change in result.changes[:most_records]],
        "effect": plain_effect(result.effect, most_effects),
        "standing": result.standing,
        "beside": plain_other_days(result.beside),
    }


def plain_range(found: Sequence[DayReplayed], *, applied: bool) -> dict[str, Any]:
    """What came of many days."""
    outcomes: dict[str, int] = {}
    totals: dict[str, int] = {}
    for day in found:
        outcomes[day.outcome] = outcomes.get(day.outcome, 0) + 1
        for name, cents in day.totals.items():
            totals[name] = totals.get(name, 0) + cents
    return {
        "applied": applied,
        "outcomes": outcomes,
        "totals": {name: shown(cents) for name, cents in sorted(totals.items()) if cents},
        "days": [_plain_day(day) for day in found],
    }


def _plain_day(day: DayReplayed) -> dict[str, Any]:
    return {
        "location": day.day.location,
        "date": day.day.date.isoformat(),
        "outcome": day.outcome,
        "reason": day.reason,
        "added": day.added,
        "changed": day.changed,
        "removed": day.removed,
        "beside": plain_other_days(day.beside),
        "totals": {name: shown(cents) for name, cents in sorted(day.totals.items())},
        "standing": day.standing,
        "approved": day.approved,
    }


def plain_applied(day: DayId, applied: Applied) -> dict[str, Any]:
    """What came of a replay that was recorded."""
    receipt = applied.receipt
    return {
        "outcome": applied.outcome,
        "location": day.location,
        "date": day.date.isoformat(),
        "state": applied.day.state,
        "generation": applied.day.generation,
        "version": applied.day.version,
        "added": applied.added,
        "changed": applied.changed,
        "removed": applied.removed,
        "compensated": plain_other_days(applied.compensated),
        "observed": applied.observed,
        "position": None if receipt is None else receipt.position,
        "recorded_at": None if receipt is None else receipt.recorded_at.isoformat().replace("+00:00", "Z"),
    }
