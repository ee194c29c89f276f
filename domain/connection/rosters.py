"""Deciding what a whole reading of employees and jobs adds to the roster of a location."""

from typing import cast

import msgspec

from domain.connection.state import Connection
from domain.differences import RecordMap, changes, parts
from domain.facts import RosterChanged
from domain.records import Employee, RosterRecord, canonical, decode


def decide_roster(
    connection: Connection, location: str, roster: RecordMap, *, capture: str
) -> tuple[RosterChanged, ...]:
    """The facts that a whole reading of a location's employees and jobs adds; none where nothing differs.

    Who vanished from the source's list is not removed: the record stays, marked as not listed, and an employee as not
    active. People are deactivated, never deleted.
    """
    recorded = connection.rosters.get(location, {})
    kept = {
        kind: {
            **{key: _unlisted(kind, data) for key, data in recorded.get(kind, {}).items() if key not in fresh},
            **fresh,
        }
        for kind, fresh in roster.items()
    }
    return tuple([RosterChanged(location, lot, capture) for lot in parts(changes(recorded, kept))])


def _unlisted(kind: str, data: bytes) -> bytes:
    record = cast("RosterRecord", decode(kind, data))
    if isinstance(record, Employee):
        return canonical(msgspec.structs.replace(record, active=False, listed=False))[2]
    return canonical(msgspec.structs.replace(record, listed=False))[2]
