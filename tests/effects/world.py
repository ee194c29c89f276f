"""A world of objects that go out while everything goes wrong, each run from one seed."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.commands.intent import Intent
from domain.commands.loading import load_object
from domain.commands.register_objects import RegisterObjects, register_objects
from domain.commands.sending import kept_document
from domain.commands.synchronize_objects import SynchronizeObjects, synchronize_objects
from domain.commands.work_object import work_object
from domain.facts import Provenance
from domain.facts.objects import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    How,
    LookedUp,
    ObjectType,
    OutcomeUnknown,
)
from domain.identifiers import ConnectionId, ObjectId
from domain.outward import (
    Document,
    EntryDocument,
    EntryLine,
    NoticeDocument,
    RecordDocument,
    Registering,
    ScheduleDocument,
    Shift,
    State,
    SyncObject,
    document_bytes,
    to_do,
)
from domain.permissions import EVERYTHING
from domain.ports.house import House
from domain.ports.journal import JournalUnavailable, Receipt, Recording
from domain.refusals import Refusal
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import StoppedClock
from tests.support.scripted_target import Fault, ScriptedTarget, connect_books

BEGINS: Final = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
BOOKS: Final = ConnectionId("main", "books")
FAULTS: Final[Sequence[Fault]] = (
    "refuse",
    "unavailable",
    "rate-limited",
    "lost before",
    "lost after",
    "late",
    "broken",
    "closed",
)
UNKNOWN_SECONDS: Final = 15 * 60
"""Within so long of the clock whoever asks is told what came of an attempt, where the other side answers look-ups."""

KINDS: Final[Sequence[ObjectType]] = ("sales-entry", "schedule", "notice", "employee")


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Row:
    """How an object stands, as the view would show it."""

    state: State
    retryable: bool
    retry_at: dt.datetime | None
    ends_at: dt.datetime | None
    looked_at: dt.datetime | None


class Unsafe(MemoryJournal):
    """A journal that is away at times, loses answers, and in whose calls processes die."""

    world: "World"

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, or not, or without an answer."""
        self.world.hazard("before recording")
        receipt = super().append(recordings, provenance)
        self.world.hazard("after recording")
        return receipt


class World:
    """Objects of four kinds, books at the other side, workers that die, and a clock.

    Args:
        seed: of everything.
        objects: how many.
    """

    def __init__(self, seed: str, objects: int) -> None:
        self.random = random.Random(seed)
        self.clock = StoppedClock(BEGINS)
        self.counts = Counter[str]()
        self.unsafe = False
        self.target = ScriptedTarget(before=lambda _: self.hazard("before sending"))
        self.target.after = lambda _: self.hazard("after sending")
        self.target.books.now = self.clock.now
        journal = Unsafe(self.clock)
        journal.world = self
        vault = MemoryVault(self.random.randbytes)
        vault.keep_secret("main", "password", "s3cret")
        self.house = House(journal, MemoryCaptures(), vault, self.clock, {"books": self.target})
        connect_books(journal, BOOKS)
        self.commands = 0
        self.types: dict[ObjectId, ObjectType] = {}
        for number in range(objects):
            kind = KINDS[number % len(KINDS)]
            one = ObjectId("main", "books", f"{kind}:pier:{number}")
            self.types[one] = kind
            self.change(one)

    def hazard(self, where: str) -> None:
        """At this point the process may die, or the database be away."""
        if not self.unsafe:
            return
        chance = self.random.random()
        if chance < 0.03:
            self.counts[f"killed {where}"] += 1
            raise Killed
        if chance < 0.06 and "recording" in where:
            self.counts[f"database away {where}"] += 1
            raise JournalUnavailable("The database is away.")

    def intend(self) -> Intent:
        """Another command of the worker."""
        self.commands += 1
        return Intent("worker", "background", f"command-{self.commands}", rights=EVERYTHING)

    def change(self, one: ObjectId) -> None:
        """Something else is to stand at the other side."""
        kind, number = self.types[one], self.random.randrange(8)
        document = document_for(kind, one.key, number, self.random)
        wanted = Registering(one, kind, document, "pier", "2026-11-01")
        register_objects(RegisterObjects([wanted], self.intend()), self.house)

    def known(self, one: ObjectId) -> SyncObject:
        """How an object stands."""
        return load_object(self.house.journal, one)

    def run(self, steps: int) -> None:
        """Everything goes wrong for so many steps."""
        self.unsafe = True
        for _ in range(steps):
            self.clock.time += dt.timedelta(seconds=self.random.uniform(1, 45))
            if self.random.random() < 0.03:
                self.target.deaf = not self.target.deaf
            for one in self.random.sample(list(self.types), max(1, len(self.types) // 2)):
                self.surviving(one)
        self.unsafe = False
        self.target.deaf, self.target.faults = False, []

    def surviving(self, one: ObjectId) -> None:
        """Somebody does something with an object; whatever breaks, the world goes on."""
        try:
            does = self.random.random()
            if does < 0.08:
                self.change(one)
            elif does < 0.2:
                how: How = self.random.choice(("synchronize", "force"))
                if how == "force" and not self.may_force(self.known(one)):
                    return
                synchronize_objects(SynchronizeObjects([one], how, self.intend()), self.house)
            else:
                fault = self.random.choice(FAULTS) if self.random.random() < 0.35 else None
                self.target.faults = [fault]
                self.counts[fault or "no fault"] += 1
                self.work(one)
        except (Killed, Refusal):
            pass

    def work(self, one: ObjectId) -> bool:
        """What there is to do for an object, if it is time; whether there was."""
        if not self.known(one).version:  # nothing ever had to stand there
            return False
        todo = to_do(self.row(one), self.house.outward)
        if todo is None or not todo.is_due(self.clock.now()):
            return False
        work_object(one, todo.task, self.intend, self.house)
        return True

    def row(self, one: ObjectId) -> Row:
        """How an object stands, as the view would show it."""
        known = self.known(one)
        looked_at = None
        if known.state == "verifying":
            for entry in self.house.journal.stream(one.stream):
                if isinstance(entry.fact, LookedUp | OutcomeUnknown):
                    looked_at = entry.recorded_at
        ends_at = known.running.until if known.running else None
        return Row(known.state, known.retryable, known.retry_at, ends_at, looked_at)

    def may_force(self, known: SyncObject) -> bool:  # noqa: ARG002 - some worlds look at it
        """A person who read the message of an object forces it."""
        return True

    def settle(self, patience: int = 400) -> None:
        """Nothing goes wrong any more: whoever goes on gets there, in so many minutes."""
        for _ in range(patience):
            self.clock.time += dt.timedelta(seconds=60)
            busy = False
            for one in self.types:
                known = self.known(one)
                if known.state == "error" and not known.retryable:
                    busy = True
                    if self.may_force(known):
                        synchronize_objects(SynchronizeObjects([one], "force", self.intend()), self.house)
                stands = known.state in {"success", "error"} and not known.waiting
                busy = self.work(one) or busy or (known.version > 0 and not stands)
            if not busy:
                return

    def violations(self, *, settled: bool) -> list[str]:
        """What must never be so and is."""
        self.target.books.arrive()
        told = Counter(effect.reference for effect in self.target.books.effects)
        found = [f"{reference} is there {times} times" for reference, times in told.items() if times > 1]
        for one in self.types:
            known = self.known(one)
            if not known.version:  # nothing ever had to stand there
                continue
            state, wanted = known.state, kept_document(self.house, one, known.document)
            there = self.target.books.standing(one.key) == standing_of(wanted)
            if state == "success" and not there:
                found.append(f"{one.key} is called synchronized and is not")
            if settled and state != "success":
                found.append(f"{one.key} is {state} though nothing goes wrong any more")
        return found

    def longest_unknown(self) -> float:
        """The most seconds from an attempt's beginning to its outcome, where every look-up was answered."""
        longest = 0.0
        for one in self.types:
            began: dict[int, dt.datetime] = {}
            unanswered: set[int] = set()
            for entry in self.house.journal.stream(one.stream):
                fact: Any = entry.fact
                if isinstance(fact, AttemptStarted):
                    began[fact.attempt] = entry.recorded_at
                elif isinstance(fact, LookedUp) and not fact.answered:
                    unanswered.add(fact.attempt)
                elif isinstance(fact, AttemptSucceeded | AttemptFailed) and fact.attempt not in unanswered:
                    seconds = (entry.recorded_at - began.pop(fact.attempt, entry.recorded_at)).total_seconds()
                    longest = max(longest, seconds)
        return longest


def document_for(kind: ObjectType, key: str, number: int, chance: random.Random) -> Document:
    """A document of a kind; of entries some have no lines."""
    if kind == "sales-entry":
        cents = chance.choice((0, 480, 500, 625))
        lines = (EntryLine("1010", "tender/Cash", cents), EntryLine("4010", "sales/Food/Dine In", -cents))
        return EntryDocument("sales", "pier", "2026-11-01", "", lines if cents else ())
    if kind == "schedule":
        shifts = [
            Shift(f"s-{name}", "E1", "J1", "2026-11-01T14:00:00Z", "2026-11-01T22:00:00Z") for name in range(number)
        ]
        return ScheduleDocument("pier", "2026-11-01", tuple(shifts))
    if kind == "notice":
        date = key.rpartition(":")[2]
        moved = "2026-11-02T03:00:00Z"
        state = chance.choice(("in progress", "completed", "approved"))
        where = f"/v1/days/pier/{date}"
        return NoticeDocument(
            "main", "pier", date, state, number, "0" * 32, number, f'"{number}"', number, where, moved
        )
    return RecordDocument(kind, key, "", {"job": f"J{number}"})


def standing_of(wanted: Document) -> dict[str, int]:
    """What is to stand at the other side, as the books tell it."""
    if isinstance(wanted, EntryDocument):
        return {f"{line.key} {line.account}": line.cents for line in wanted.lines}
    return {document_bytes(wanted).decode(): 1}
