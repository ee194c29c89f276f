"""Facts for tests: one ordinary example of every type in the catalogue, and commits of them."""

import datetime as dt
import itertools
from typing import Final

import msgspec

from domain.facts import (
    ABSENT,
    AccessLost,
    AccessRegained,
    AccountsMapped,
    AdminChanged,
    Attempt,
    Change,
    ChangesStaged,
    ClientAdded,
    ClientRenamed,
    Company,
    ConfigurationChanged,
    ConflictRaised,
    ConflictResolved,
    ConnectionDisconnected,
    ConnectionDrafted,
    ConnectionEdited,
    ConnectionEstablished,
    ConnectionRenewed,
    ConnectionResumed,
    ConnectionSuspended,
    ConnectionTested,
    CredentialsRotated,
    CustomerRegistered,
    DataOpened,
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayConfirmedClosed,
    DayDeleted,
    DayPolled,
    DayReopened,
    DerivedFeed,
    Fact,
    FilesRead,
    GenerationStaged,
    IdentityLinked,
    IdentityUnlinked,
    ImportJobAdded,
    ImportJobChanged,
    ImportJobEnded,
    ImportJobScheduled,
    ImportJobUnscheduled,
    ImportPartDone,
    ImportRunEnded,
    ImportRunStarted,
    ImportTurnTaken,
    KeyIssued,
    KeyRevoked,
    LateChangeObserved,
    LeftOut,
    LocationAdded,
    LocationEdited,
    OverlayAgreed,
    OverlayEntered,
    OverlayWithdrawn,
    PasswordSet,
    Period,
    PersonHeld,
    PersonReleased,
    PersonRestricted,
    PersonShredded,
    PersonSought,
    PollFailed,
    PollUnchanged,
    Provenance,
    ReadFile,
    RecordsChanged,
    ReplayApplied,
    ReplayStaged,
    RosterChanged,
    Span,
    StagedApplied,
    UserAdded,
    UserChanged,
    UserDisabled,
    UserEnabled,
    UserInvited,
    Venue,
    VisibilityChanged,
    fact_name,
)
from domain.ports.journal import Recording

NOON: Final = dt.datetime(2026, 10, 31, 12, 0, tzinfo=dt.UTC)
BY: Final = Provenance("cli:anna", "command-1", reason="the till was wrong", cause="command-0", correlation="request-1")

ATTEMPT: Final = Attempt(
    kind="repoll",
    connection="main",
    configuration=3,
    started_at=NOON,
    ended_at=NOON + dt.timedelta(seconds=2, microseconds=5),
    requests=4,
    read_bytes=12_345,
    rows={"checks": 20, "punches": 3},
    files=(ReadFile("deposits", "Deposits 2026-10-31.csv", "f" * 64, 2),),
)
CHANGES: Final = (
    Change("ticket", "chk-17", ABSENT, msgspec.Raw(b'{"number":17,"total":1250}')),
    Change("ticket", "chk-18", msgspec.Raw(b'{"number":18,"total":900}'), msgspec.Raw(b'{"number":18,"total":950}')),
    Change("punch", "p-3", msgspec.Raw(b'{"job":"Koch \\u00fc"}'), ABSENT),
)
COMPANIES: Final = (Company("o-1", "Pier Inc."), Company("o-2", "Süd LLC"))
FEED: Final = DerivedFeed("main", 3, "c" * 64, ("amounts-in-cents",), ("punch", "ticket"), {"open_time": True})

_OPEN: Final = msgspec.Raw(b'{"id":"p-3"}')
_OURS: Final = msgspec.Raw(b'{"id":"p-3","clock_out":"2026-11-01T02:00:00Z"}')
_THEIRS: Final = msgspec.Raw(b'{"id":"p-3","clock_out":"2026-11-01T03:00:00Z"}')

EXAMPLES: Final[dict[str, Fact]] = {
    fact_name(example): example
    for example in (
        DayPolled(
            ATTEMPT,
            generation=2,
            capture="c" * 64,
            zone="America/New_York",
            starts_at=NOON,
            ends_at=NOON + dt.timedelta(hours=24),
            added=1,
            changed=1,
            removed=1,
            parts=1,
            derivation=2,
            notes=("amounts-in-cents",),
            kinds=("punch", "ticket"),
        ),
        RecordsChanged(2, 1, CHANGES),
        PollUnchanged(ATTEMPT, 2, "c" * 64),
        PollFailed(
            ATTEMPT, "rate-limited", "The source asks for patience.", retryable=True, retry_at=NOON, resource="checks"
        ),
        DayCompensated(3, "split-shift", dt.date(2026, 10, 30), "main", 3, "c" * 64, 1, 1, 1, 1),
        LateChangeObserved("deposit", dt.date(2026, 11, 2), "main", "c" * 64, CHANGES[:1], more=4),
        DayCompleted(2),
        DayApproved(2, "d" * 64, 3),
        DayDeleted(2),
        DayConfirmedClosed(2),
        DayReopened("approved"),
        OverlayEntered("punch", "p-3", _OPEN, _OURS, _OPEN, 2),
        OverlayWithdrawn("punch", "p-3", _OURS, _OPEN, 2),
        OverlayAgreed("punch", "p-3", _OURS, _OURS, 3),
        ConflictRaised("punch", "p-3", _OURS, _THEIRS, 3),
        ConflictResolved("punch", "p-3", "theirs", _OURS, _THEIRS, "policy", 3),
        GenerationStaged(
            ATTEMPT,
            generation=3,
            capture="c" * 64,
            zone="America/New_York",
            starts_at=NOON,
            ends_at=NOON + dt.timedelta(hours=24),
            added=1,
            changed=1,
            removed=1,
            parts=1,
            derivation=2,
            notes=("amounts-in-cents",),
            kinds=("punch", "ticket"),
        ),
        ChangesStaged(3, 1, CHANGES),
        StagedApplied(3, "America/New_York", NOON, NOON + dt.timedelta(hours=24), 1, 1, 1, 1, (FEED,)),
        ReplayApplied(3, "main", "America/New_York", NOON, NOON + dt.timedelta(hours=24), 1, 1, 1, 1, 2, (FEED,)),
        ReplayStaged(3, "main", "America/New_York", NOON, NOON + dt.timedelta(hours=24), 1, 1, 1, 1, 2, (FEED,)),
        AccountsMapped(2, {"sales/Food/*": "4010"}, defaults=False, over_short_limit_cents=1_000),
        ConnectionEstablished(
            "tray",
            "Pier 17",
            "https://tray.example",
            "0123456789ab",
            2,
            "connection/pier/c-1",
            {"region": "east"},
            COMPANIES,
            "user:bob",
            "shared",
            "user:anna",
        ),
        LocationEdited("L1", "Pier 17 · Nord", "America/Chicago", "05:00", "0101"),
        ConnectionDrafted(
            "tray",
            "Pier 17",
            "user:anna",
            "https://tray.example",
            {"region": "east"},
            "0123456789ab",
            "connection/pier/c-1",
            "shared",
        ),
        ConnectionTested(
            "draft",
            passed=False,
            credential_version=1,
            environment="https://tray.example",
            identity="9876543210ab",
            companies=COMPANIES,
            venues=(Venue({"venue": "V100"}, "Pier", "o-1"),),
            asked=False,
            failure="not-authorized",
            message="The source does not know this key.",
        ),
        ConnectionEdited("Pier 17", "https://tray.example", {"region": "west"}, COMPANIES),
        VisibilityChanged("private"),
        CredentialsRotated("ba9876543210", 3, "connection/pier/c-2"),
        ConnectionRenewed(NOON),
        ConnectionSuspended("the contract is being renewed"),
        ConnectionResumed(),
        ConnectionDisconnected(),
        AdminChanged("user:bob"),
        AccessLost(("o-1",), ("L1",)),
        AccessRegained(("o-1",), ("L1",)),
        CustomerRegistered("Harbor Group"),
        ClientAdded("harbor-ny", "Harbor New York"),
        ClientRenamed("harbor-ny", "Harbor East"),
        LocationAdded("L1", "Pier 17 · Süd", "America/New_York", {"venue": "V100"}, "04:00", "0100"),
        ConfigurationChanged(3, {"lookback_days": 14}, {"L1": {"tips": "paid-out"}}),
        RosterChanged("L1", CHANGES[:1], "c" * 64),
        DataOpened("L1", "E17", ("phone", "ssn"), "export"),
        PersonSought("ssn", ("main:L1:E17",)),
        PersonRestricted("L1", "E17", dt.date(2026, 10, 30), 7, dt.date(2033, 10, 31)),
        PersonHeld("L1", "E17"),
        PersonReleased("L1", "E17"),
        PersonShredded("L1", "E17"),
        FilesRead("L1", ATTEMPT, "c" * 64, 3, 2, "bad-file", "The file menu-items has 2 errors."),
        UserAdded("berta", "Berta Süd", ("manager", "payroll"), ("L1", "L2")),
        UserChanged("berta", "Berta Nord", ("auditor",), ("L1",)),
        UserDisabled("berta"),
        UserEnabled("berta"),
        UserInvited("berta", "0123456789abcdef", NOON),
        PasswordSet("berta", "p" * 32, "0123456789abcdef"),
        IdentityLinked("berta", "https://login.example", "subject-17"),
        IdentityUnlinked("berta", "https://login.example", "subject-17"),
        KeyIssued("fedcba9876543210", "nightly report", ("auditor",), 90, NOON, "user:anna", ("L1",)),
        KeyRevoked("fedcba9876543210"),
        ImportJobAdded("Nightly", "main", Period("last-days", days=7), ("o-1",), ("L1",), ("sales", "labor")),
        ImportJobChanged(
            "October",
            Period("range", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
            ("o-1", "o-2"),
            ("L1", "L2"),
            ("sales",),
        ),
        ImportJobScheduled("05:00", "America/New_York", dt.date(2026, 11, 1)),
        ImportJobUnscheduled(),
        ImportJobEnded(),
        ImportRunStarted(
            3,
            "main",
            (Span("L1", dt.date(2026, 10, 30), dt.date(2026, 10, 31)),),
            (
                LeftOut("L1", "too-old", dt.date(2026, 9, 1), dt.date(2026, 9, 30)),
                LeftOut("L1", "switched-off", data_set="deposits"),
            ),
            ("sales", "labor", "deposits"),
            ("0123456789abcdef",),
            dt.date(2026, 11, 1),
            old=True,
        ),
        ImportRunEnded(3, "partial"),
        ImportPartDone("L1", dt.date(2026, 10, 31), "failed", 2, "rate-limited", "The source asks for patience."),
        ImportTurnTaken("nightly", 3),
    )
}
"""Permanent name → an example with every field filled in."""

_numbers = itertools.count(1)


def by(command: str | None = None) -> Provenance:
    """Who did it; every call is another command unless one is named."""
    return Provenance("test", command or f"command-{next(_numbers)}")


def numbered(number: int, size: int = 0) -> Fact:
    """A small fact that tells its number, with so many bytes more."""
    return ConnectionEstablished("tray", f"number {number}", "x" * size, "fingerprint")


def recording(stream: str, after: int, count: int = 1, *, size: int = 0) -> Recording:
    """So many facts for a stream that is at version ``after``, numbered as their versions will be."""
    return Recording(stream, after, tuple(numbered(version, size) for version in range(after + 1, after + count + 1)))
