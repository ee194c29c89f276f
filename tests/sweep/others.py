"""Flows beside journal entries: a schedule written back, a pull of an HR system, people forgotten, views of objects."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Final

import sqlalchemy as sa

from adapters.hris.scim import SYSTEM as SCIM
from adapters.pos.tray import SYSTEM as TRAY
from adapters.vault.tables import PERSON_KEYS
from api import personnel as ours
from api import persons
from api.composition import OpenHouse
from api.work.pulling import pulls
from domain.commands.enter_schedule import EnterSchedule, enter_schedule
from domain.commands.intent import Intent
from domain.commands.loading import load_connection
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.publish_schedule import PublishSchedule, publish_schedule
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.synchronize_objects import SynchronizeObjects, synchronize_objects
from domain.facts import ConfigurationChanged, ConnectionEstablished
from domain.facts.personnel import PersonnelChanged
from domain.identifiers import ConnectionId, DayId, ObjectId, PersonId, PersonnelId, ScheduleId
from domain.outward import EntryDocument, EntryLine, Registering
from domain.permissions import EVERYTHING, Permission
from domain.ports.journal import Recording
from domain.ports.vault import PersonForgotten
from domain.records import Employee, Job
from domain.schedule import WantedShift
from projections import objects, personnel, queries
from projections.catching_up import catch_up
from tests.api.site import DATES, a_pos, connect
from tests.projections.stage import Stage
from tests.support.facts import by
from tests.support.scim_server import EXTENSION, TOKEN, scim_server
from tests.support.scripted_target import ScriptedTarget, connect_books
from tests.sweep.posting import work
from tests.sweep.running import Flow, Step, Trial

WEEK: Final = DATES[0] + dt.timedelta(days=14 - DATES[0].weekday())
SCHEDULE: Final = ScheduleId("main", "alpha", WEEK)


def somebody() -> Intent:
    """A person wants it; each time it is another command."""
    return Intent("cli:anna", "a sweep", rights=EVERYTHING)


class WriteSchedule(Flow):
    """A schedule is published and written to Tray; then it changes, and is written again."""

    name = "schedule to Tray"

    def __init__(self, closing: ExitStack) -> None:
        self.systems = {"tray": TRAY}
        self.pos = closing.enter_context(a_pos(4))

    def prepare(self, opened: OpenHouse) -> None:
        """The point of sale is connected, and a day was polled, so that its people are known."""
        connect(opened, self.pos)
        poll_day(PollDay(DayId("main", "alpha", DATES[0]), ConnectionId("main", "tray"), somebody()), opened.house)
        self._publish(opened, 3)

    def begin(self, trial: Trial) -> None:
        """Nothing is scheduled there, but for a shift of somebody else."""
        self.pos.pos.rotas.clear()
        staff, job = self._people(trial.opened)
        self.pos.pos.rota("V100").enter(WEEK, staff[0], job, f"{WEEK}T22:00:00Z", f"{WEEK}T23:00:00Z")

    @property
    def steps(self) -> Sequence[Step]:
        """It is written, changes, and is written again."""
        return (Step(work), Step(lambda trial: self._publish(trial.opened, 2), counted=False), Step(work))

    def violations(self, trial: Trial) -> Iterator[str]:
        """What is scheduled there is not what is published, each shift once, beside what others scheduled."""
        rota = self.pos.pos.rota("V100")
        staff, _ = self._people(trial.opened)
        found = sorted((row["staffId"], row["startsAt"]) for row in rota.standing(WEEK, "daybook:alpha"))
        if found != [(one, f"{WEEK}T15:00:00Z") for one in staff[:2]]:
            yield f"scheduled there is {found}"
        if len(rota.standing(WEEK, None)) != 1:
            yield "a shift of somebody else was touched"

    def _people(self, opened: OpenHouse) -> tuple[list[str], str]:
        rosters = load_connection(opened.journal, ConnectionId("main", "tray")).rosters["alpha"]
        return sorted(rosters["employee"]), min(rosters["job"])

    def _publish(self, opened: OpenHouse, count: int) -> bool:
        staff, job = self._people(opened)
        starts = dt.datetime.combine(WEEK, dt.time(15), dt.UTC)
        shifts = [WantedShift(one, job, starts, starts + dt.timedelta(hours=6)) for one in staff[:count]]
        enter_schedule(EnterSchedule(SCHEDULE, ConnectionId("main", "tray"), shifts, somebody()), opened.house)
        publish_schedule(PublishSchedule(SCHEDULE, somebody()), opened.house)
        return True


class PullPersonnel(Flow):
    """An HR system is read whole, then by what changed, and its employees are matched."""

    name = "pull of HR"

    def __init__(self, closing: ExitStack) -> None:
        self.systems = {"scim": SCIM}
        self.hr = closing.enter_context(scim_server())
        self.hr.add("Ann Bell", number="P17")
        self.hr.add("Bo Cole", number="P18")
        self.hr.add("Di Eve", number="P19")

    def prepare(self, opened: OpenHouse) -> None:
        """The HR system is connected, and the point of sale knows one of its employees."""
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        stage.roster(Employee("e1", "person-1", payroll_id="P17"))
        opened.house.vault.keep_secret("main", "token", TOKEN)
        values = {"page_size": 2, "extension": EXTENSION}
        facts = (
            ConnectionEstablished("scim", "HR", self.hr.url, "0123456789ab", secret="token", values=values),
            ConfigurationChanged(1, {}, {}),
        )
        opened.journal.append([Recording(ConnectionId("main", "hr").stream, 0, facts)], by("connect hr"))

    def begin(self, trial: Trial) -> None:  # noqa: ARG002 - the others' need it
        """As they were."""
        self.hr.change("Bo Cole", number="P18")

    @property
    def steps(self) -> Sequence[Step]:
        """Everybody is read, somebody changes, and is read again."""
        return (Step(self._pull), Step(self._change, counted=False), Step(self._pull))

    def violations(self, trial: Trial) -> Iterator[str]:
        """Somebody is not known as they are, or was recorded more than once for what they are."""
        opened = trial.opened
        found = sorted(row.payroll_id for row in personnel.hr_employees(opened.engine, "main"))
        if found != ["P17", "P19", "P28"]:
            yield f"known are {found}"
        changed = Counter[str]()
        for entry in opened.journal.stream(PersonnelId("main", "hr").stream):
            if isinstance(entry.fact, PersonnelChanged):
                changed.update(one.key for one in entry.fact.changes)
        if sorted(changed.values()) != [1, 1, 2]:
            yield f"recorded were {sorted(changed.values())}"
        matched = [row.hr for row in personnel.matches_of(opened.engine, "main", "L1", "e1")]
        if matched != [self.hr.ids["Ann Bell"]]:
            yield f"matched are {matched}"

    def _pull(self, trial: Trial) -> bool:
        opened = trial.opened
        catch_up(opened.engine, opened.journal)
        for due, version in pulls(opened, "main"):
            if due.is_due(opened.house.clock.now()):
                intent = Intent("worker", due.reason, f"pull-{due.connection}-{version}", rights=EVERYTHING)
                ours.pull(opened.only("main"), ConnectionId("main", due.connection), intent, due.way)
        catch_up(opened.engine, opened.journal)
        with trial.points.paused():
            known = personnel.standing(opened.engine, "main", "hr")
            waits = not any(due.is_due(opened.house.clock.now()) for due, _ in pulls(opened, "main"))
            return known is not None and waits and not known.failures

    def _change(self, trial: Trial) -> bool:
        self.hr.change("Bo Cole", number="P28")
        trial.clock.ahead += dt.timedelta(minutes=20)
        return True


class Forget(Flow):
    """Somebody is forgotten at once, and their key is destroyed once that is due."""

    name = "forget and shred"

    def __init__(self, closing: ExitStack) -> None:  # noqa: ARG002 - the others need it
        self.systems = {"tray": TRAY}
        self._wrapped: bytes = b""

    def prepare(self, opened: OpenHouse) -> None:
        """Two people whose data is sealed."""
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        people: list[Employee | Job] = []
        for number in (1, 2):
            person = PersonId("main", "main", "L1", f"e{number}").person
            sealed = opened.house.vault.seal("main", person, {"first_name": f"Name {number}"})
            people.append(Employee(f"e{number}", person, first_name=sealed["first_name"]))
        stage.roster(*people)

    def begin(self, trial: Trial) -> None:
        """The key as it lies in the store."""
        row = queries.find_employee(trial.opened.engine, "main", "L1", "e1")
        assert row is not None
        columns = PERSON_KEYS.c
        with trial.opened.engine.connect() as connection:
            asked = sa.select(columns.wrapped_key).where(columns.person == persons.person_of_row(row).person)
            self._wrapped = bytes(connection.execute(asked).scalar_one())

    @property
    def steps(self) -> Sequence[Step]:
        """Somebody asks for it until it is answered; a worker destroys what is due."""
        return (Step(self._forget), Step(self._shred))

    def violations(self, trial: Trial) -> Iterator[str]:
        """Their data opens, or the key lies about; or it is the other one's."""
        opened = trial.opened
        for employee, gone in (("e1", True), ("e2", False)):
            row = queries.find_employee(opened.engine, "main", "L1", employee)
            assert row is not None
            shown = {}
            with suppress(PersonForgotten):
                shown = opened.house.vault.open("main", row.person, {"first_name": row.first_name})
            if bool(shown) == gone:
                yield f"of {employee} {shown} opens"
        (one,) = persons.all_retention(opened, "main")
        if one.state != "shredded":
            yield f"it is {one.state}"
        if opened.engine.dialect.name == "sqlite":
            folder = opened.settings.data_dir
            yield from (
                f"the key lies in {file.name}"
                for file in folder.rglob("*")
                if file.is_file() and self._wrapped in file.read_bytes()
            )

    def _forget(self, trial: Trial) -> bool:
        opened = trial.opened
        row = persons.employee_of(opened, somebody(), Permission.ERASE, "main", "L1", "e1")
        persons.forget(opened, row, somebody())
        return True

    def _shred(self, trial: Trial) -> bool:
        opened = trial.opened
        catch_up(opened.engine, opened.journal)
        persons.shred_due(opened, "main", somebody)
        catch_up(opened.engine, opened.journal)
        with trial.points.paused():
            return [one.state for one in persons.all_retention(opened, "main")] == ["shredded"]


class Project(Flow):
    """Facts of objects are read into the views, a few at a time."""

    name = "views of objects"

    def __init__(self, closing: ExitStack) -> None:  # noqa: ARG002 - the others need it
        self.systems = {"books": ScriptedTarget()}

    def prepare(self, opened: OpenHouse) -> None:
        """Books."""
        opened.house.vault.keep_secret("main", "password", "s3cret")
        connect_books(opened.journal, ConnectionId("main", "books"))

    def begin(self, trial: Trial) -> None:
        """Objects that are registered and asked for, and that no view has."""
        ones = [ObjectId("main", "books", f"je:pier:2026-11-{day:02}:sales") for day in range(1, 7)]
        for day, one in enumerate(ones, 1):
            lines = (EntryLine("1010", "tender/Cash", day), EntryLine("4010", "sales/Food/Dine In", -day))
            document = EntryDocument("sales", "pier", f"2026-11-{day:02}", "", lines)
            wanted = Registering(one, "sales-entry", document, "pier", document.date)
            register_objects(RegisterObjects([wanted], somebody()), trial.opened.house)
        synchronize_objects(SynchronizeObjects(ones, "synchronize", somebody()), trial.opened.house)

    @property
    def steps(self) -> Sequence[Step]:
        """The views catch up."""
        return (Step(self._catch_up),)

    def violations(self, trial: Trial) -> Iterator[str]:
        """An object is not shown as it stands."""
        found = Counter(row.state for row in objects.objects(trial.opened.engine, "main"))
        if found != {"pending": 6}:
            yield f"shown are {dict(found)}"

    def _catch_up(self, trial: Trial) -> bool:
        reached = catch_up(trial.opened.engine, trial.opened.journal, limit=5)
        return reached == trial.opened.journal.head()
