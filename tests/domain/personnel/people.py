"""People for tests of personnel, and a system that tells of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.commands.intent import Intent
from domain.commands.pull_personnel import Ours
from domain.facts import ConnectionEstablished
from domain.facts.personnel import PersonnelPulled, Way
from domain.forms import Filled
from domain.identifiers import ConnectionId
from domain.permissions import Role, rights_of
from domain.personnel import Reading
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.personnel import PulledEmployees, PullRequest
from domain.ports.source import DEFAULT_LIMITS, Limits, SourceFailure
from domain.ports.vault import Vault
from domain.records import HrEmployee
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock
from tests.support.scripted_erp import ScriptedErp, profile_of

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
HR = ConnectionId("main", "hr")


def reading(*employees: HrEmployee, way: Way = "whole", watermark: str = "2026-11-02T11:00:00Z") -> Reading:
    """A pull that read these."""
    pulled = PersonnelPulled(way, NOW, NOW, 3, 2, len(employees), watermark, "c" * 64)
    return Reading(pulled, {one.id: one for one in employees})


def person(number: int, **more: Any) -> HrEmployee:
    """An employee of the HR system."""
    return HrEmployee(**{"id": f"u-{number}", "person": f"hr::u-{number}", "payroll_id": str(number), **more})


@dataclass
class Told:
    """What an HR system tells of somebody, in clear."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    ssn: str = ""
    date_of_birth: str = ""
    payroll_id: str = ""
    active: bool = True

    @property
    def personal(self) -> dict[str, str]:
        """What is sealed of it."""
        names = ("first_name", "last_name", "email", "ssn", "date_of_birth")
        return {name: getattr(self, name) for name in names}


@dataclass
class ScriptedHr(ScriptedErp):
    """An HR system that tells what the test says.

    Attributes:
        told: of whom it tells, by id.
        fails: with this, or None.
        asked_for: what it was asked.
        before: what happens while it answers.
    """

    key: str = "hr"
    profile: Any = field(default_factory=lambda: profile_of("hris"))
    told: dict[str, Told] = field(default_factory=dict)
    fails: Exception | None = None
    asked_for: list[PullRequest] = field(default_factory=list)
    before: Any = None
    closed: int = 0

    def personnel(self, filled: Filled, vault: Vault, limits: Limits = DEFAULT_LIMITS) -> "ScriptedSource":
        """Where it is read from."""
        assert filled.environment
        assert limits is not None
        return ScriptedSource(self, vault)


@dataclass
class ScriptedSource:
    """Such a source."""

    hr: ScriptedHr
    vault: Vault

    def pull(self, request: PullRequest) -> PulledEmployees:
        """Everybody whom it tells of, or the failure."""
        self.hr.asked_for.append(request)
        if self.hr.before is not None:
            self.hr.before()
        if self.hr.fails is not None:
            raise self.hr.fails
        made = {key: self._sealed(request, key, told) for key, told in self.hr.told.items()}
        way: Way = "incremental" if request.since else "whole"
        capture = Capture("hr", 1, {}, (Page("Users", len(made), repr(sorted(made)).encode()),))
        return PulledEmployees(way, made, "2026-11-02T11:00:00Z", capture, 3, 2)

    def close(self) -> None:
        """It was given back."""
        self.hr.closed += 1

    def _sealed(self, request: PullRequest, key: str, told: Told) -> HrEmployee:
        name = f"{request.connection}::{key}"
        sealed: dict[str, Any] = dict(self.vault.seal(request.client, name, told.personal))
        return HrEmployee(id=key, person=name, payroll_id=told.payroll_id, active=told.active, **sealed)


@dataclass
class Place:
    """A house with an HR system that is connected."""

    hr: ScriptedHr = field(default_factory=ScriptedHr)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    vault: MemoryVault = field(default_factory=MemoryVault)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOW))
    captures: MemoryCaptures = field(default_factory=MemoryCaptures)

    def __post_init__(self) -> None:
        """Connect it."""
        self.connect("hr", "hr")

    def connect(self, name: str, system: str) -> ConnectionId:
        """A connection of this id to a system."""
        secret = self.vault.keep_secret("main", f"connection/{name}", "token")
        fact = ConnectionEstablished(
            system, name, "https://hr.example.com", secret, secret=f"connection/{name}", maker="cli:a"
        )
        self.journal.append([Recording(ConnectionId("main", name).stream, 0, (fact,))], by())
        return ConnectionId("main", name)

    @property
    def house(self) -> House:
        """The ports."""
        systems: Mapping[str, Any] = {"hr": self.hr, "erp": ScriptedErp()}
        return House(self.journal, self.captures, self.vault, self.clock, systems)

    def ours(self, location: str, employee: str, told: Told, *, active: bool = True) -> Ours:
        """An employee at a point of sale."""
        name = f"tray:{location}:{employee}"
        sealed = self.vault.seal("main", name, told.personal)
        return Ours((location, employee), name, told.payroll_id, active, sealed)


def who(*roles: Role, reason: str = "a test", command: str = "", **rights: Any) -> Intent:
    """What somebody wants; without a role the operator."""
    given = rights_of(*(roles or ("operator",)), **rights)
    return Intent("cli:anna", reason, rights=given, **({"command": command} if command else {}))


def failing(kind: Any = "rate-limited") -> SourceFailure:
    """A failure that says when again."""
    return SourceFailure(kind, "The service has had too many requests.", retry_at=NOW + dt.timedelta(hours=1))
