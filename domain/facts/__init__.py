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
from domain.facts.overlays import (
    Comment,
    ConflictRaised,
    ConflictResolved,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
    Tag,
)
from domain.facts.people import (
    IdentityLinked,
    IdentityUnlinked,
    KeyIssued,
    KeyRevoked,
    PasswordSet,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserInvited,
)
from domain.facts.persons import (
    DataOpened,
    PersonHeld,
    PersonReleased,
    PersonRestricted,
    PersonShredded,
    PersonSought,
)
from domain.facts.replays import ReplayApplied, ReplayStaged
from domain.facts.staging import ChangesStaged, DerivedFeed, GenerationStaged, StagedApplied
from domain.facts.storing import UnknownFact, load, store
from domain.facts.values import ABSENT, Change

__all__ = [
    "ABSENT",
    "FACTS",
    "AccountsMapped",
    "Attempt",
    "Change",
    "ChangesStaged",
    "Comment",
    "ConfigurationChanged",
    "ConflictRaised",
    "ConflictResolved",
    "ConnectionEstablished",
    "DataOpened",
    "DayApproved",
    "DayCompensated",
    "DayCompleted",
    "DayConfirmedClosed",
    "DayDeleted",
    "DayPolled",
    "DayReopened",
    "DerivedFeed",
    "Entry",
    "Fact",
    "FilesRead",
    "GenerationStaged",
    "IdentityLinked",
    "IdentityUnlinked",
    "KeyIssued",
    "KeyRevoked",
    "LateChangeObserved",
    "LocationAdded",
    "OverlayAgreed",
    "OverlayEntered",
    "OverlayFact",
    "OverlayWithdrawn",
    "PasswordSet",
    "PersonHeld",
    "PersonReleased",
    "PersonRestricted",
    "PersonShredded",
    "PersonSought",
    "PollFailed",
    "PollUnchanged",
    "Provenance",
    "ReadFile",
    "RecordsChanged",
    "ReplayApplied",
    "ReplayStaged",
    "RosterChanged",
    "StagedApplied",
    "Tag",
    "UnknownFact",
    "UserAdded",
    "UserChanged",
    "UserDisabled",
    "UserEnabled",
    "UserInvited",
    "fact_name",
    "fact_version",
    "load",
    "store",
]
