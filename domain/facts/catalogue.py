"""The catalogue of facts. A name is permanent; adding is free, changing fails a test."""

from typing import Final

from domain.facts.connection import ConfigurationChanged, ConnectionEstablished, LocationAdded, RosterChanged
from domain.facts.day import DayPolled, PollFailed, PollUnchanged, RecordsChanged

DayFact = DayPolled | RecordsChanged | PollUnchanged | PollFailed
ConnectionFact = ConnectionEstablished | LocationAdded | ConfigurationChanged | RosterChanged
Fact = DayFact | ConnectionFact

FACTS: Final[dict[str, tuple[type[Fact], int]]] = {
    "business-day.polled": (DayPolled, 1),
    "business-day.records-changed": (RecordsChanged, 1),
    "business-day.poll-unchanged": (PollUnchanged, 1),
    "business-day.poll-failed": (PollFailed, 1),
    "connection.established": (ConnectionEstablished, 1),
    "connection.location-added": (LocationAdded, 1),
    "connection.configuration-changed": (ConfigurationChanged, 1),
    "connection.roster-changed": (RosterChanged, 1),
}
"""Permanent name → the struct of today, and the version of its shape."""

_NAMES: Final = {shape: name for name, (shape, _) in FACTS.items()}


def fact_name(fact: Fact) -> str:
    """The permanent name of a fact."""
    return _NAMES[type(fact)]


def fact_version(name: str) -> int:
    """The version of the shape that facts of this name are stored in today."""
    return FACTS[name][1]
