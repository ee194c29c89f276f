"""A simulated world: one seed, one clock, a POS of three venues, a daybook, and whoever uses it."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Engine

from adapters.pos.tray.simulator import TrayPos, TrayPosSettings, Venue, create_app
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.recording import Outcome
from domain.facts import LocationAdded
from domain.identifiers import ConnectionId, DayId
from domain.permissions import EVERYTHING
from domain.ports.house import House
from domain.ports.journal import Journal, Receipt
from domain.ports.vault import Vault
from tests.sim.clock import SimClock
from tests.sim.house import LIMITS, FaultyCaptures, FaultyJournal, SimulatedTray
from tests.sim.network import Network
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal

KEY: Final = "tray-key-of-the-simulation"
BEGINS: Final = dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)
"""The day before clocks go back in the venues' zones."""

FIRST: Final = dt.date(2026, 10, 27)
LAST: Final = dt.date(2026, 11, 30)
VENUES: Final = (
    Venue("V100", "Harbor Grill", "America/New_York", KEY),
    Venue("V101", "Prairie Kitchen", "America/Chicago", KEY, dt.time(4, 0), double_spaced=True),
    Venue("V102", "Sunset Diner", "America/Los_Angeles", KEY),
)
LOCATIONS: Final = {"plain": "V100", "early": "V101", "odd": "V102"}
"""``plain`` and ``early`` keep the default options: their figures are the POS's own. ``odd`` has random ones."""

TRUE: Final = ("plain", "early")


@dataclass(frozen=True, slots=True)
class Pending:
    """A command whose outcome its caller does not know: it is tried again, with the same id.

    Attributes:
        run: does it again.
        command: its id.
        words: what it was.
        day: that it is about.
    """

    run: Callable[["World", Intent], Receipt | None]
    command: str
    words: str
    day: DayId | None = None


@dataclass
class Model:
    """What a simple mind expects of one business day.

    Attributes:
        state: where it stands.
        attempts: polls that were acknowledged, whatever came of them.
        doubtful: a command on it was given whose outcome nobody knows yet.
    """

    state: str = "missing"
    attempts: int = 0
    doubtful: int = 0


@dataclass
class World:
    """Everything there is.

    Attributes:
        seed: where it all comes from.
        client: whose world it is.
        rng: chance of the workload; others have their own.
        clock: the only time.
        pos: the point of sale.
        network: between the two.
        journal: what commands write to, with its faults.
        store: the journal behind it.
        captures: what commands keep captures in, with their faults.
        vault: real sealing with keys of the seed.
        house: the ports together.
        views: the database of the views, or None where nobody reads them.
        acknowledged: receipts by command, as they were answered.
        pending: commands with an unknown outcome.
        seen: digests of summaries by day and position, as they were shown.
        expected: what the model says of each day.
        commands: how many were given out.
        counts: what happened, by name.
        trace: one line for every step.
        note: what came of the command that runs, for that line.
        among: faults that may come.
    """

    seed: int
    client: str
    rng: random.Random
    clock: SimClock
    pos: TrayPos
    network: Network
    journal: FaultyJournal
    store: Journal
    captures: FaultyCaptures
    vault: Vault
    house: House
    views: Engine | None = None
    acknowledged: dict[str, Receipt] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    seen: dict[tuple[DayId, int], str] = field(default_factory=dict)
    expected: dict[DayId, Model] = field(default_factory=dict)
    commands: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    note: str = "done"
    among: tuple[str, ...] = ()

    @property
    def connection(self) -> ConnectionId:
        """The connection that feeds the locations."""
        return ConnectionId(self.client, "tray")

    def intent(self, reason: str, command: str = "") -> Intent:
        """Who wants something: somebody of support, with an id that only this world gives out."""
        if not command:
            self.commands += 1
            command = f"c{self.commands}"
        return Intent("sim:worker", reason, command, rights=EVERYTHING)

    def count(self, name: str, more: int = 1) -> None:
        """Count that something happened."""
        self.counts[name] = self.counts.get(name, 0) + more

    def over(self, location: str) -> list[dt.date]:
        """Business dates of a location that are over and of which the POS has data, oldest first."""
        today = self.pos.book(LOCATIONS[location]).shop.wall.business_date(int(self.clock.seconds()))
        days = (min(today, LAST) - FIRST).days
        return [FIRST + dt.timedelta(days=number) for number in range(days)]

    def a_day(self, *locations: str) -> DayId:
        """Some day that is over, a late one rather than an early one."""
        location = self.rng.choice(locations or tuple(LOCATIONS))
        dates = self.over(location)
        back = int(min(self.rng.expovariate(0.4), len(dates) - 1))
        return DayId(self.client, location, dates[-1 - back])

    def model(self, day: DayId) -> Model:
        """What the model says of a day."""
        return self.expected.setdefault(day, Model())

    def acknowledge(self, command: str, receipt: Receipt | None) -> None:
        """Keep what a command was answered; the same command may never be answered otherwise."""
        if receipt is None:
            return
        known = self.acknowledged.setdefault(command, receipt)
        assert known == receipt, f"the command {command} was answered with {known}, and then with {receipt}"

    def disarm(self) -> None:
        """No more faults."""
        self.pos.disarm()
        self.network.armed.clear()
        self.journal.next = ""
        self.captures.die = ""


def create(seed: int, store: Journal | None = None, views: Engine | None = None, client: str = "sim") -> World:
    """A world at its beginning, with everything connected.

    Args:
        seed: where it all comes from.
        store: a journal in which the client has nothing yet; None for one in memory.
        views: the migrated database of the views.
        client: whose world it is.
    """
    rng = random.Random(seed)
    clock = SimClock(BEGINS)
    settings = TrayPosSettings(
        seed=rng.randrange(2**32),
        venues=VENUES,
        tickets=rng.randint(0, 6),
        items=rng.choice((None, 2)),
        staff=rng.randint(3, 6),
        first=FIRST,
        last=LAST,
        now=clock.now,
        seconds=clock.seconds,
        surcharge_share=0.2,
        non_sale_share=0.1,
        gratuity_share=0.2,
    )
    pos = TrayPos(settings)
    network = Network(create_app(pos), clock, random.Random(rng.randrange(2**32)))
    store = store or MemoryJournal(clock)
    journal, captures = FaultyJournal(store), FaultyCaptures(MemoryCaptures())
    vault = MemoryVault(random.Random(rng.randrange(2**32)).randbytes)
    tray = SimulatedTray(network, clock, random.Random(rng.randrange(2**32)))
    house = House(journal, captures, vault, clock, {"tray": tray}, limits=LIMITS)
    world = World(seed, client, rng, clock, pos, network, journal, store, captures, vault, house, views)
    locations = tuple(
        LocationAdded(
            name,
            venue.name,
            venue.zone,
            {"venue": venue.id},
            day_starts=venue.day_start.strftime("%H:%M"),
        )
        for name, venue in zip(LOCATIONS, VENUES, strict=True)
    )
    intent = world.intent("the world begins")
    connected = connect_system(
        ConnectSystem(world.connection, "tray", "Tray", "http://127.0.0.1:9", KEY, locations, intent), house
    )
    world.acknowledge(intent.command, connected.receipt)
    return world


def outcome_words(outcome: Outcome) -> str:
    """What came of a poll, in a word or two."""
    return outcome.failure.failure if outcome.failure else outcome.outcome


def without_faults(world: World) -> House:
    """The house as whoever looks from outside has it: nothing fails under them."""
    return replace(world.house, journal=world.store)
