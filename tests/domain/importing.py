"""A stage for tests of data import jobs: a house of fakes with a connection to two companies and three locations."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Final

from domain.commands.add_import_job import AddImportJob, add_import_job
from domain.commands.changing_import_job import ImportJobMade, load_import_job, load_parts
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.import_day import ImportDay, import_day
from domain.commands.intent import Intent, new_id
from domain.commands.schedule_import_job import ScheduleImportJob, schedule_import_job
from domain.commands.start_import import ImportStarted, StartImport, start_import
from domain.facts import Company, ConnectionEdited, ConnectionTested, Fact, LocationAdded, Period, Venue
from domain.identifiers import ConnectionId, DayId, ImportJobId, ImportRunId
from domain.import_jobs import ImportJob, Meant, pending
from domain.permissions import Role, rights_of
from domain.ports.house import House
from domain.ports.journal import Recording
from tests.support.facts import by
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock

NOW: Final = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
TODAY: Final = NOW.date()
YESTERDAY: Final = TODAY - dt.timedelta(days=1)
CONNECTION: Final = ConnectionId("main", "till")
ADDRESS: Final = "https://till.example.com"
NORTH, SOUTH = Company("o-1", "North Inc."), Company("o-2", "South LLC")
VENUES: Final = {"bay": "o-2", "pier": "o-1", "quay": "o-1"}
LAST_TWO: Final = Period("last-days", days=2)


def back(days: int) -> dt.date:
    """The date so many days ago."""
    return TODAY - dt.timedelta(days=days)


def who(*roles: Role, at: tuple[str, ...] | None = None, command: str = "", actor: str = "user:anna") -> Intent:
    """What somebody wants."""
    rights = rights_of(*(roles or ("operator",)), locations=None if at is None else frozenset(at))
    return Intent(actor, "needed", command or new_id(), rights=rights)


@dataclass
class Importing:
    """The stage.

    Attributes:
        system: what is polled; every date is said to be empty, where the test says nothing else.
    """

    system: Scripted = field(default_factory=Scripted)
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOW))
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    house: House = field(init=False)

    def __post_init__(self) -> None:
        """Connect three locations in UTC, of two companies."""
        self.house = House(self.journal, MemoryCaptures(), MemoryVault(), self.clock, {"scripted": self.system})
        places = tuple(LocationAdded(name, name, "UTC", {"venue": f"V-{name}"}) for name in VENUES)
        command = ConnectSystem(CONNECTION, "scripted", "Till", ADDRESS, "s3cret", places, who())
        connect_system(command, self.house)
        for days in range(400):
            self.system.says(back(days))

    def companies(self) -> None:
        """The source says which company each venue belongs to, and both are chosen."""
        venues = tuple(Venue({"venue": f"V-{name}"}, name, company) for name, company in VENUES.items())
        self.tell(
            ConnectionEdited("Till", ADDRESS, {}, (NORTH, SOUTH)),
            ConnectionTested(
                "connection",
                passed=True,
                credential_version=1,
                environment=ADDRESS,
                companies=(NORTH, SOUTH),
                venues=venues,
            ),
        )

    def tell(self, *facts: Fact) -> None:
        """Record something about the connection."""
        version = self.journal.versions([CONNECTION.stream])[CONNECTION.stream]
        self.journal.append([Recording(CONNECTION.stream, version, facts)], by())

    def job(self, name: str = "nightly") -> ImportJob:
        """A job as recorded."""
        return load_import_job(self.journal, ImportJobId("main", name))

    def add(self, job: str = "nightly", intent: Intent | None = None, **meant: Any) -> ImportJobMade:
        """Add a job about the last two days, unless said otherwise."""
        given = {"name": job.title(), "period": LAST_TWO, **meant}
        return add_import_job(
            AddImportJob(ImportJobId("main", job), "till", Meant(**given), intent or who()), self.house
        )

    def schedule(self, at: str = "05:00", zone: str = "UTC", name: str = "nightly") -> ImportJobMade:
        """Schedule a job."""
        return schedule_import_job(ScheduleImportJob(ImportJobId("main", name), who(), at=at, zone=zone), self.house)

    def start(self, name: str = "nightly", intent: Intent | None = None, **given: Any) -> ImportStarted:
        """Start a run."""
        return start_import(StartImport(ImportJobId("main", name), intent or who(), **given), self.house)

    def pending(self, run: ImportRunId) -> list[tuple[str, dt.date]]:
        """The parts that are to be done still."""
        known = load_import_job(self.journal, ImportJobId("main", run.job)).running.get(run.run)
        return pending(known, load_parts(self.journal, run)[0]) if known else []

    def go_on(self, run: ImportRunId, most: int = 1000, actor: str = "worker") -> None:
        """Do parts of a run, all of them or so many."""
        for location, date in self.pending(run)[:most]:
            import_day(ImportDay(run, DayId("main", location, date), actor), self.house)

    def at(self, moment: dt.datetime) -> House:
        """The house at another time."""
        return replace(self.house, clock=StoppedClock(moment))
