"""A daybook with two locations whose days are recorded, and books at the other side that remember everything."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from api.composition import OpenHouse, init_store, open_house
from api.http import create_app
from api.logs import configure_logs
from api.settings import load_settings
from api.work.objects import Outbox
from domain.commands.loading import load_books, load_day
from domain.identifiers import BooksId, ConnectionId, DayId, ObjectId
from domain.ledger import journal_entries
from domain.outward import entry_documents
from domain.records import Employee, Job
from domain.summary import summarize
from projections import objects
from projections.catching_up import catch_up
from projections.object_rows import ObjectRow
from tests.api.site import Client, copy_of_a_store
from tests.projections.stage import DATE, Stage, sale
from tests.support.scripted_target import ScriptedTarget, connect_books

BOOKS: Final = ConnectionId("main", "books")


@dataclass
class Clock:
    """The machine's clock, put forward by a test."""

    ahead: dt.timedelta = dt.timedelta()

    def now(self) -> dt.datetime:
        """The time."""
        return dt.datetime.now(dt.UTC) + self.ahead


@dataclass
class Office:
    """A daybook, its days, and its books.

    Attributes:
        opened: the running daybook.
        target: the books.
        stage: records days.
        client: sends requests.
        outbox: what the worker does.
        folder: of the data.
    """

    opened: OpenHouse
    target: ScriptedTarget
    stage: Stage
    client: Client
    outbox: Outbox
    clock: Clock
    folder: Path
    done: list[str] = field(default_factory=list)

    def approve(self, location: str = "L1", date: dt.date = DATE) -> None:
        """Take a day in progress all the way to approved."""
        day = self.stage.day(location, date)
        while load_day(self.stage.journal, day).settled != "approved":
            self.stage.settle(day)

    def work(self, *, rounds: int = 20) -> list[str]:
        """Everything that there is to do now; answers what came of it."""
        done: list[str] = []
        for _ in range(rounds):
            catch_up(self.opened.engine, self.opened.journal)
            self.outbox.register("main")
            errands, _ = self.outbox.errands("main")
            if not errands:
                break
            done += [self.outbox.perform(errand.object) for errand in errands]
        catch_up(self.opened.engine, self.opened.journal)
        return done

    def row(self, key: str, connection: str = "books") -> ObjectRow:
        """An object as the view shows it."""
        catch_up(self.opened.engine, self.opened.journal)
        found = objects.find_object(self.opened.engine, "main", connection, key)
        assert found is not None
        return found

    def entries_stand(self, location: str = "L1", date: dt.date = DATE) -> bool:
        """What stands in the books of a day is, line by line, what its journal entries say."""
        day = load_day(self.stage.journal, DayId("main", location, date))
        entries = journal_entries(summarize(day), load_books(self.stage.journal, BooksId("main")))
        for kind, document in entry_documents(location, date, entries).items():
            wanted = {f"{line.key} {line.account}": line.cents or int(line.quantity * 100) for line in document.lines}
            if self.target.books.standing(f"je:{location}:{date}:{kind}") != wanted:
                return False
        return True

    def post(self, path: str, *keys: str, **headers: str) -> Any:
        """Ask for objects of the books over HTTP."""
        named = [{"connection": "books", "key": key} for key in keys]
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/v1/objects/{path}", {"objects": named, "reason": "a test"}, headers=given)


@contextlib.contextmanager
def an_office(folder: Path, *, url: str = "", values: dict[str, Any] | None = None, **given: Any) -> Iterator[Office]:
    """A daybook with one approved day, and books that take what is posted from October on."""
    settings = load_settings(data_dir=folder, database_url=url, log_level="error", **given)
    configure_logs(settings)
    if url:
        init_store(settings)
    else:
        copy_of_a_store(folder)
    target, clock = ScriptedTarget(), Clock()
    target.books.now = clock.now
    with open_house(settings, systems={"books": target}) as whole:
        opened = replace(whole, house=replace(whole.house, clock=clock))
        opened.house.vault.keep_secret("main", "password", "s3cret")
        stage = Stage(opened.journal, opened.engine, "main")
        stage.connect()
        chosen = {"post_from": "2026-10-01", "objects": ["sales-entry", "labor-entry", "statistical-entry"]}
        connect_books(opened.journal, BOOKS, values={**chosen, **(values or {})}, locations=("L1", "L2"))
        stage.poll(sale("1", 950, 400, tip=200), sale("2", 500))
        office = Office(opened, target, stage, Client(create_app(opened)), Outbox(opened), clock, folder)
        catch_up(opened.engine, opened.journal)
        yield office


def roster(office: Office) -> None:
    """Employees, a job and a menu item of the location L1."""
    sealed = office.opened.house.vault.seal(
        "main", "person-1", {"first_name": "Ana", "last_name": "Süd", "ssn": "900-11-0001", "phone": "1"}
    )
    ana = Employee(
        "e1",
        "person-1",
        payroll_id="P17",
        first_name=sealed["first_name"],
        last_name=sealed["last_name"],
        ssn=sealed["ssn"],
        phone=sealed["phone"],
    )
    office.stage.roster(ana, Job("j1", "Server", "SRV"))


def key_of(kind: str = "sales", location: str = "L1", date: dt.date = DATE) -> str:
    """The key of a day's entry."""
    return f"je:{location}:{date}:{kind}"


def named(key: str) -> ObjectId:
    """An object of the books."""
    return ObjectId("main", "books", key)
