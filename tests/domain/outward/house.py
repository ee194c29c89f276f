"""A house of fakes with books at the other side, for tests of what goes out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.commands.attempt_object import Attempted, AttemptObject, attempt_object
from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.commands.register_objects import Registered, RegisterObjects, register_objects
from domain.commands.synchronize_objects import SynchronizeObjects, SyncOutcome, synchronize_objects
from domain.commands.verify_object import VerifyObject, verify_object
from domain.facts.objects import How
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import EntryDocument, EntryLine, Registering, SyncObject
from domain.permissions import EVERYTHING
from domain.ports.house import House
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock
from tests.support.scripted_target import ScriptedTarget, connect_books

NOON: Final = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
BOOKS: Final = ConnectionId("main", "books")
DATE: Final = "2026-11-01"


def entry(cents: int, *, account: str = "4010", kind: str = "sales", date: str = DATE) -> EntryDocument:
    """An entry of two lines; without an amount one without lines."""
    lines = (EntryLine("1010", "tender/Cash", cents), EntryLine(account, "sales/Food/Dine In", -cents)) if cents else ()
    return EntryDocument(kind, "pier", date, f"pier {date} {kind}", lines)


def named(key: str) -> ObjectId:
    """An object of the books."""
    return ObjectId("main", "books", key)


SALES: Final = named(f"je:pier:{DATE}:sales")


@dataclass
class Stage:
    """A client whose books are at the other side, and a worker that does what the test says."""

    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOON))
    target: ScriptedTarget = field(default_factory=ScriptedTarget)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    vault: MemoryVault = field(default_factory=MemoryVault)
    captures: MemoryCaptures = field(default_factory=MemoryCaptures)

    def __post_init__(self) -> None:
        self.target.books.now = self.clock.now
        self.vault.keep_secret("main", "password", "s3cret")
        connect_books(self.journal, BOOKS)

    @property
    def house(self) -> House:
        """The ports."""
        return House(self.journal, self.captures, self.vault, self.clock, {"books": self.target})

    def later(self, **by: float) -> None:
        """Time passes."""
        self.clock.time += dt.timedelta(**by)

    def known(self, one: ObjectId = SALES) -> SyncObject:
        """How an object stands."""
        return load_object(self.journal, one)

    def register(self, cents: int, one: ObjectId = SALES, *, position: int = 0, account: str = "4010") -> Registered:
        """The day's entry is of so many cents now."""
        wanted = Registering(one, "sales-entry", entry(cents, account=account), "pier", DATE, position)
        return register_objects(RegisterObjects([wanted], worker()), self.house)

    def ask(self, how: How = "synchronize", one: ObjectId = SALES) -> SyncOutcome:
        """Somebody asks for an object."""
        return self.ask_all([one], how)[0]

    def ask_all(self, objects: Iterable[ObjectId], how: How = "synchronize") -> list[SyncOutcome]:
        """Somebody asks for objects."""
        return synchronize_objects(SynchronizeObjects(list(objects), how, worker()), self.house)

    def attempt(self, one: ObjectId = SALES) -> Attempted:
        """The worker makes one step."""
        return attempt_object(AttemptObject(one, worker()), self.house)

    def verify(self, one: ObjectId = SALES) -> Attempted:
        """The worker looks an effect up."""
        return verify_object(VerifyObject(one, worker()), self.house)

    def post(self, cents: int) -> None:
        """An entry of so many cents is posted."""
        self.register(cents)
        self.ask("background")
        self.attempt()


def worker() -> Intent:
    """What the worker wants; each time it is another command."""
    return Intent("worker", "background", rights=EVERYTHING)
