"""The connection: which system feeds which locations, with which configuration, and the rosters that it brought."""

from domain.connection.configuring import check_known, decide_configure, shared_whole
from domain.connection.feeding import (
    MOST_LOCATIONS,
    AlreadyConnected,
    BadTimeOfDay,
    TooManyLocations,
    common_overrides,
    day_start,
    decide_add_locations,
    decide_establish,
    decide_extend,
)
from domain.connection.folding import evolve, fold
from domain.connection.rosters import decide_roster
from domain.connection.state import NEW_CONNECTION, Connection, Location, NotConnected

__all__ = [
    "MOST_LOCATIONS",
    "NEW_CONNECTION",
    "AlreadyConnected",
    "BadTimeOfDay",
    "Connection",
    "Location",
    "NotConnected",
    "TooManyLocations",
    "check_known",
    "common_overrides",
    "day_start",
    "decide_add_locations",
    "decide_configure",
    "decide_establish",
    "decide_extend",
    "decide_roster",
    "evolve",
    "fold",
    "shared_whole",
]
