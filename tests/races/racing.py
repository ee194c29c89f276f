"""One business day, and eight threads that poll, edit, delete and enter on it at the same moment."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final

from domain.business_day import BusinessDay
from domain.commands.changing_day import DayChanged
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.edit_punch import EditPunch, edit_punch
from domain.commands.enter_deposit import EnterDeposit, enter_deposit
from domain.commands.intent import Intent
from domain.commands.overlaying import workplace
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.commands.settle_day import Settled
from domain.facts import LocationAdded, Provenance
from domain.facts.catalogue import DayFact
from domain.identifiers import ConnectionId, DayId
from domain.keeping import decide_delete
from domain.overlays import PunchFields, decide_deposit, decide_edit_punch
from domain.ports.house import House
from domain.ports.journal import Journal, Receipt, Recording, StreamMoved
from domain.records import Record
from domain.refusals import Refusal
from tests.domain.build import DATE, at, item, paid, punch, ticket
from tests.sim.house import FaultyJournal
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.scripted import Scripted, StoppedClock

THREADS: Final = 8
LONGEST_PAUSE: Final = 0.02
"""Seconds that a thread waits at most before it acts: about as long as some commands take, so that orders differ."""

DEPOSIT_CENTS: Final = 12_345
CLOCK_OUT: Final = PunchFields(clock_out=at("23:00"))
RATE: Final = PunchFields(rate=Decimal("19.50"))

Told = Outcome | DayChanged | Settled
Decide = Callable[[BusinessDay], tuple[DayFact, ...]]


def _lunch(price: str) -> Record:
    return ticket("t1", items=(item(price),), payments=(paid(price),))


READINGS: Final[tuple[tuple[Record, ...], ...]] = (
    (_lunch("10.00"), ticket("t2", items=(item("5.00"),), payments=(paid("5.00"),)), punch("s1"), punch("s2")),
    (_lunch("9.00"), ticket("t2", items=(item("5.00"),), payments=(paid("5.00"),)), punch("s1"), punch("s2")),
    (_lunch("9.00"), punch("s1", clock_out="21:00"), punch("s2"), punch("s3")),
)
"""What the source says at first, then of a ticket that was edited, then of one that is gone and punches that differ."""


class WatchedJournal(FaultyJournal):
    """A journal that counts the races that each try of a command lost, by its id and thread."""

    def __init__(self, inner: Journal) -> None:
        super().__init__(inner)
        self.lost = Counter[tuple[str, int]]()
        self._counting = threading.Lock()

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Record, and count where somebody else came first."""
        try:
            return super().append(recordings, provenance)
        except StreamMoved:
            with self._counting:
                self.lost[provenance.command, threading.get_ident()] += 1
            raise


@dataclass(frozen=True, slots=True)
class Deed:
    """A command that is given at the same moment as others.

    Attributes:
        name: what it does.
        command: its id.
        act: gives it.
        decide: what it decides on a day; None of a poll, whose fact says what was read.
    """

    name: str
    command: str
    act: Callable[[], Told]
    decide: Decide | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered.

    Attributes:
        deed: the command.
        began: when it was given, on a clock that only counts.
        ended: when it was answered.
        told: the answer; None where it was refused.
        refusal: why not.
    """

    deed: Deed
    began: int
    ended: int
    told: Told | None = None
    refusal: Refusal | None = None

    @property
    def receipt(self) -> Receipt | None:
        """Where it is recorded, if it is."""
        return self.told.receipt if self.told else None


@dataclass
class Round:
    """A day after the race.

    Attributes:
        day: which.
        connection: that feeds it.
        house: the ports, with a journal that counts lost races.
        journal: that journal.
        source: what was read.
        answers: of every command.
        accidents: what came up that is no refusal.
    """

    day: DayId
    connection: ConnectionId
    house: House
    journal: WatchedJournal
    source: Scripted
    answers: list[Answer] = field(default_factory=list)
    accidents: list[str] = field(default_factory=list)

    def poll(self, why: str = "repoll") -> Outcome:
        """Poll the day."""
        return poll_day(PollDay(self.day, self.connection, Intent(f"race:{why}", why)), self.house)


def prepare(journal: Journal, client: str) -> Round:
    """A client with one connection and one day, which was polled once."""
    source = Scripted()
    watched = WatchedJournal(journal)
    house = House(watched, MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": source})
    made = Round(DayId(client, "pier", DATE), ConnectionId(client, "pos"), house, watched, source)
    location = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"})
    connect_system(
        ConnectSystem(made.connection, "scripted", "POS", "https://pos.example.com", "k", (location,), Intent("race")),
        house,
    )
    source.says(DATE, *READINGS[0])
    made.poll("first poll")
    return made


def race(made: Round, pool: ThreadPoolExecutor, rng: random.Random) -> Round:
    """Let all of them loose at the same moment; answers when everybody was answered."""
    deeds = list(_deeds(made, rng))
    together, ticks = threading.Barrier(len(deeds) + 1), itertools.count()

    def give(deed: Deed, pause: float) -> Answer:
        together.wait()
        time.sleep(pause)
        began = next(ticks)
        try:
            told = deed.act()
        except Refusal as refusal:
            return Answer(deed, began, next(ticks), refusal=refusal)
        return Answer(deed, began, next(ticks), told)

    def edit_at_the_source(pauses: list[float]) -> None:
        together.wait()
        for reading, pause in zip(READINGS[1:], pauses, strict=True):
            time.sleep(pause)
            made.source.says(DATE, *reading)

    given = [pool.submit(give, deed, _pause(rng)) for deed in deeds]
    at_the_source = pool.submit(edit_at_the_source, [_pause(rng) / 2 for _ in READINGS[1:]])
    at_the_source.result()
    for deed, future in zip(deeds, given, strict=True):
        accident = future.exception()
        if accident:
            made.accidents.append(f"{deed.name}: {accident!r}")
        else:
            made.answers.append(future.result())
    return made


def _pause(rng: random.Random) -> float:
    """None for every third, so that some begin at once."""
    return rng.choice((0.0, 0.5, 1.0)) * rng.uniform(0, LONGEST_PAUSE)


def _deeds(made: Round, rng: random.Random) -> Iterator[Deed]:
    """The seven commands: one of them is given twice, as by a client that did not wait for its answer."""
    deeds = [*_polls(made), *_entries(made), _deletion(made)]
    yield from deeds
    twin = rng.choice(deeds)
    yield replace(twin, name=f"{twin.name} again")


def _polls(made: Round) -> Iterator[Deed]:
    for _ in range(2):
        intent = Intent("race:worker", "repoll")
        command = PollDay(made.day, made.connection, intent)
        yield Deed("repoll", intent.command, partial(poll_day, command, made.house))


def _entries(made: Round) -> Iterator[Deed]:
    day, house = made.day, made.house
    for name, why, fields in (("edit", "forgot to clock out", CLOCK_OUT), ("rate", "got a raise", RATE)):
        intent = Intent(f"race:{name}", why)
        edit = EditPunch(day=day, intent=intent, connection=made.connection, punch="s1", fields=fields)
        yield Deed(name, intent.command, partial(edit_punch, edit, house), _editing(made, edit))
    intent = Intent("race:deposit", "at the bank")
    entering = EnterDeposit(day=day, intent=intent, connection=made.connection, amount_cents=DEPOSIT_CENTS, number="7")
    yield Deed("deposit", intent.command, partial(enter_deposit, entering, house), _depositing)


def _deletion(made: Round) -> Deed:
    intent = Intent("race:delete", "read it anew")
    command = DeleteDay(made.day, made.connection, intent)
    return Deed("delete", intent.command, partial(delete_day, command, made.house), decide_delete)


def _depositing(known: BusinessDay) -> tuple[DayFact, ...]:
    return decide_deposit(known, DATE, DEPOSIT_CENTS, "7", "")


def _editing(made: Round, edit: EditPunch) -> Decide:
    return lambda known: decide_edit_punch(known, edit.punch, edit.fields, workplace(edit, made.house, known))
