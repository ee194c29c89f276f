"""Facts: everything that ever happened, each with a permanent name and a version of its shape."""

from domain.facts.attempts import Attempt, ReadFile
from domain.facts.books import AccountsMapped
from domain.facts.catalogue import FACTS, Fact, fact_name, fact_version
from domain.facts.connection import (
    ConfigurationChanged,
    ConnectionEstablished,
    FilesRead,
    LocationAdded,
    RosterChanged,
)
from domain.facts.day import (
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayPolled,
    DayReopened,
    LateChangeObserved,
    PollFailed,
    PollUnchanged,
    RecordsChanged,
)
from domain.facts.entries import Entry, Provenance
from domain.facts.keeping import DayConfirmedClosed, DayDeleted
from domain.facts.storing import UnknownFact, load, store
from domain.facts.values import ABSENT, Change

__all__ = [
    "ABSENT",
    "FACTS",
    "AccountsMapped",
    "Attempt",
    "Change",
    "ConfigurationChanged",
    "ConnectionEstablished",
    "DayApproved",
    "DayCompensated",
    "DayCompleted",
    "DayConfirmedClosed",
    "DayDeleted",
    "DayPolled",
    "DayReopened",
    "Entry",
    "Fact",
    "FilesRead",
    "LateChangeObserved",
    "LocationAdded",
    "PollFailed",
    "PollUnchanged",
    "Provenance",
    "ReadFile",
    "RecordsChanged",
    "RosterChanged",
    "UnknownFact",
    "fact_name",
    "fact_version",
    "load",
    "store",
]
