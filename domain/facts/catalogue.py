"""The catalogue of facts. A name is permanent; adding is free, changing fails a test."""

from typing import Final

from domain.facts.books import AccountsMapped
from domain.facts.connection import (
    ConfigurationChanged,
    ConnectionEstablished,
    FilesRead,
    LocationAdded,
    RosterChanged,
)
from domain.facts.customers import ClientAdded, ClientRenamed, CustomerFact, CustomerRegistered
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
from domain.facts.import_jobs import (
    ImportFact,
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
    ImportTurnTaken,
)
from domain.facts.keeping import DayConfirmedClosed, DayDeleted
from domain.facts.life import (
    AccessLost,
    AccessRegained,
    AdminChanged,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    LifeFact,
    LocationEdited,
    VisibilityChanged,
)
from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    FoundStanding,
    LookedUp,
    ObjectChanged,
    ObjectFact,
    ObjectRegistered,
    OutcomeUnknown,
    RemoteChanged,
    SyncRefused,
    SyncRequested,
)
from domain.facts.overlays import (
    ConflictRaised,
    ConflictResolved,
    OverlayAgreed,
    OverlayEntered,
    OverlayFact,
    OverlayWithdrawn,
)
from domain.facts.people import (
    IdentityLinked,
    IdentityUnlinked,
    KeyIssued,
    KeyRevoked,
    PasswordSet,
    PeopleFact,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserInvited,
)
from domain.facts.personnel import (
    EmployeeLinked,
    EmployeesMatched,
    EmployeeUnlinked,
    PersonnelChanged,
    PersonnelFact,
    PersonnelPulled,
    PullFailed,
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
from domain.facts.schedules import ScheduleChanged, ScheduleFact, SchedulePublished
from domain.facts.staging import ChangesStaged, GenerationStaged, StagedApplied

DayFact = (
    DayPolled
    | RecordsChanged
    | PollUnchanged
    | PollFailed
    | DayCompensated
    | LateChangeObserved
    | DayCompleted
    | DayApproved
    | DayReopened
    | OverlayFact
    | GenerationStaged
    | ChangesStaged
    | StagedApplied
    | ReplayApplied
    | ReplayStaged
    | DayDeleted
    | DayConfirmedClosed
)
ConnectionFact = (
    ConnectionEstablished | LocationAdded | LocationEdited | ConfigurationChanged | RosterChanged | FilesRead | LifeFact
)
BooksFact = AccountsMapped
PersonFact = DataOpened | PersonRestricted | PersonHeld | PersonReleased | PersonShredded
Fact = (
    DayFact
    | ConnectionFact
    | BooksFact
    | CustomerFact
    | PeopleFact
    | PersonFact
    | PersonSought
    | ObjectFact
    | ScheduleFact
    | PersonnelFact
    | ImportFact
)

FACTS: Final[dict[str, tuple[type[Fact], int]]] = {
    "business-day.polled": (DayPolled, 2),
    "business-day.records-changed": (RecordsChanged, 1),
    "business-day.poll-unchanged": (PollUnchanged, 2),
    "business-day.poll-failed": (PollFailed, 2),
    "business-day.compensated": (DayCompensated, 1),
    "business-day.late-change-observed": (LateChangeObserved, 1),
    "business-day.completed": (DayCompleted, 1),
    "business-day.approved": (DayApproved, 2),
    "business-day.reopened": (DayReopened, 1),
    "business-day.overlay-entered": (OverlayEntered, 1),
    "business-day.overlay-withdrawn": (OverlayWithdrawn, 1),
    "business-day.overlay-agreed": (OverlayAgreed, 1),
    "business-day.conflict-raised": (ConflictRaised, 1),
    "business-day.conflict-resolved": (ConflictResolved, 1),
    "business-day.generation-staged": (GenerationStaged, 1),
    "business-day.changes-staged": (ChangesStaged, 1),
    "business-day.staged-applied": (StagedApplied, 1),
    "business-day.replay-applied": (ReplayApplied, 1),
    "business-day.replay-staged": (ReplayStaged, 1),
    "business-day.deleted": (DayDeleted, 1),
    "business-day.confirmed-closed": (DayConfirmedClosed, 1),
    "connection.established": (ConnectionEstablished, 2),
    "connection.location-added": (LocationAdded, 2),
    "connection.configuration-changed": (ConfigurationChanged, 1),
    "connection.roster-changed": (RosterChanged, 1),
    "connection.files-read": (FilesRead, 1),
    "connection.location-edited": (LocationEdited, 1),
    "connection.drafted": (ConnectionDrafted, 1),
    "connection.tested": (ConnectionTested, 1),
    "connection.edited": (ConnectionEdited, 1),
    "connection.visibility-changed": (VisibilityChanged, 1),
    "connection.credentials-rotated": (CredentialsRotated, 1),
    "connection.renewed": (ConnectionRenewed, 1),
    "connection.suspended": (ConnectionSuspended, 1),
    "connection.resumed": (ConnectionResumed, 1),
    "connection.disconnected": (ConnectionDisconnected, 1),
    "connection.admin-changed": (AdminChanged, 1),
    "connection.access-lost": (AccessLost, 1),
    "connection.access-regained": (AccessRegained, 1),
    "customer.registered": (CustomerRegistered, 1),
    "customer.client-added": (ClientAdded, 1),
    "customer.client-renamed": (ClientRenamed, 1),
    "books.accounts-mapped": (AccountsMapped, 1),
    "people.user-added": (UserAdded, 1),
    "people.user-changed": (UserChanged, 1),
    "people.user-disabled": (UserDisabled, 1),
    "people.user-enabled": (UserEnabled, 1),
    "people.user-invited": (UserInvited, 1),
    "people.password-set": (PasswordSet, 1),
    "people.identity-linked": (IdentityLinked, 1),
    "people.identity-unlinked": (IdentityUnlinked, 1),
    "people.key-issued": (KeyIssued, 1),
    "people.key-revoked": (KeyRevoked, 1),
    "person.data-opened": (DataOpened, 1),
    "person.restricted": (PersonRestricted, 1),
    "person.held": (PersonHeld, 1),
    "person.released": (PersonReleased, 1),
    "person.shredded": (PersonShredded, 1),
    "searches.person-sought": (PersonSought, 1),
    "schedule.changed": (ScheduleChanged, 1),
    "schedule.published": (SchedulePublished, 1),
    "object.registered": (ObjectRegistered, 2),
    "object.changed": (ObjectChanged, 1),
    "object.sync-requested": (SyncRequested, 1),
    "object.sync-refused": (SyncRefused, 1),
    "object.attempt-started": (AttemptStarted, 1),
    "object.attempt-succeeded": (AttemptSucceeded, 1),
    "object.attempt-failed": (AttemptFailed, 1),
    "object.outcome-unknown": (OutcomeUnknown, 1),
    "object.looked-up": (LookedUp, 1),
    "object.remote-changed": (RemoteChanged, 1),
    "object.found-standing": (FoundStanding, 1),
    "personnel.pulled": (PersonnelPulled, 1),
    "personnel.changed": (PersonnelChanged, 1),
    "personnel.pull-failed": (PullFailed, 1),
    "personnel.matched": (EmployeesMatched, 1),
    "personnel.employee-linked": (EmployeeLinked, 1),
    "personnel.employee-unlinked": (EmployeeUnlinked, 1),
    "import-job.added": (ImportJobAdded, 1),
    "import-job.changed": (ImportJobChanged, 1),
    "import-job.scheduled": (ImportJobScheduled, 1),
    "import-job.unscheduled": (ImportJobUnscheduled, 1),
    "import-job.ended": (ImportJobEnded, 1),
    "import-job.run-started": (ImportRunStarted, 1),
    "import-job.run-ended": (ImportRunEnded, 1),
    "import-run.part-done": (ImportPartDone, 1),
    "import-turn.taken": (ImportTurnTaken, 1),
}
"""Permanent name → the struct of today, and the version of its shape."""

_NAMES: Final = {shape: name for name, (shape, _) in FACTS.items()}


def fact_name(fact: Fact) -> str:
    """The permanent name of a fact."""
    return _NAMES[type(fact)]


def fact_version(name: str) -> int:
    """The version of the shape that facts of this name are stored in today."""
    return FACTS[name][1]
