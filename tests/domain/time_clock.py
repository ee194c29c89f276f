"""A location whose source is a time clock: what is punched there, polled by the commands of the product."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.business_date import Window, window
from domain.business_day import BusinessDay
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.intent import Intent
from domain.commands.loading import load_connection, load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import Outcome
from domain.commands.replay_day import ReplayDay, ReplayResult, replay_day
from domain.commands.settle_day import SettleDay, settle_day
from domain.connection import decide_configure
from domain.facts import DayCompensated, LateChangeObserved, LocationAdded
from domain.facts.catalogue import Fact
from domain.identifiers import ConnectionId, DayId
from domain.permissions import EVERYTHING
from domain.polling import Options
from domain.polling.source_day import SourceDay
from domain.ports.captures import Capture, Page
from domain.ports.house import House
from domain.ports.journal import Recording
from domain.ports.source import DayRequest, Fetched
from domain.records import Overtime, Punch, decode
from domain.summary import DailySalesSummary, summarize
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import NotExamined, StoppedClock

CLOCK: Final = ConnectionId("main", "clock")
DAY: Final = dt.timedelta(days=1)
NEW_YORK: Final = "America/New_York"


@dataclass
class TimeClock(NotExamined):
    """A source that answers the punches that overlap the hours that it is asked for."""

    punches: dict[str, Punch] = field(default_factory=dict)
    requests: list[DayRequest] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None
    forgets_before: dict[dt.date, dt.datetime] = field(default_factory=dict)
    key: str = "clock"
    title: str = "Clock"
    location_ids: tuple[str, ...] = ("venue",)
    default_options: Mapping[str, Any] = field(default_factory=dict)
    options: frozenset[str] = frozenset(Options.__struct_fields__)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pushes: bool = False
    kinds: tuple[str, ...] = ("punch",)

    def connect(self, *_: object) -> "TimeClock":
        """Itself."""
        return self

    def fetch(self, request: DayRequest) -> Fetched:
        """What overlaps the hours, as the clock says now; only the day's own where earlier days are not to be had."""
        self.requests.append(request)
        begins, ends = request.labor_hours
        begins = self.forgets_before.get(request.window.date, begins)
        found = [
            punch
            for _, punch in sorted(self.punches.items())
            if punch.clock_in < ends and (punch.clock_in >= begins or (punch.clock_out or ends) > begins)
        ]
        self.before_answer()
        data = msgspec.json.encode([begins, ends, found])
        return Fetched(Capture(self.key, 1, {}, (Page("punches", len(found), data),)), 1, len(data), {})

    def read(self, capture: Capture, asked: Window) -> SourceDay:
        """What a capture says."""
        shape = tuple[dt.datetime, dt.datetime, list[Punch]]
        begins, ends, found = msgspec.json.decode(capture.pages[0].data, type=shape)
        named: dict[str, list[Any]] = {kind: [] for kind in self.kinds}
        if "punch" in named:
            named["punch"] = found
        return SourceDay(named, dates=frozenset({asked.date}), labor=(begins, ends))

    def close(self) -> None:
        """Nothing to give back."""


class Place:
    """A house with one location and its time clock."""

    def __init__(
        self, zone: str = NEW_YORK, starts: str = "00:00", today: dt.date | None = None, **options: Any
    ) -> None:
        self.zone, self.starts = zone, dt.time.fromisoformat(starts)
        self.clock = TimeClock()
        now = StoppedClock(dt.datetime.combine(today or dt.date(2027, 6, 1), dt.time(18), dt.UTC))
        self.house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), now, {"clock": self.clock})
        location = LocationAdded("L1", "Pier", zone, {"venue": "V1"}, starts)
        command = ConnectSystem(CLOCK, "clock", "P", "https://x", "s", (location,), Intent("test"), options=options)
        connect_system(command, self.house)

    def at(self, date: dt.date, hours: float) -> dt.datetime:
        """So many elapsed hours after a business day began."""
        return window(date, self.zone, self.starts).starts_at + dt.timedelta(hours=hours)

    def clocks(self, key: str, date: dt.date, hours: float = 8, *, begins: float = 9, **fields: Any) -> Punch:
        """Somebody clocks in, so many hours after the start of the day, and works so many hours."""
        start = self.at(date, begins)
        plain = {
            "employee": "ann",
            "job": "cook",
            "clock_in": start,
            "clock_out": start + dt.timedelta(hours=hours),
            "business_date": date,
            "rate": Decimal("15.00"),
        }
        punch = self.clock.punches[key] = Punch(**{"id": key, **plain, **fields})
        return punch

    def edits(self, key: str, **fields: Any) -> None:
        """Somebody above store edits a punch."""
        self.clock.punches[key] = msgspec.structs.replace(self.clock.punches[key], **{"terminal": "HQ", **fields})

    def extends(self, key: str, hours: float) -> None:
        """Somebody above store moves the clock-out."""
        out = self.clock.punches[key].clock_out
        assert out
        self.edits(key, clock_out=out + dt.timedelta(hours=hours))

    def id_of(self, date: dt.date) -> DayId:
        """The day of a date."""
        return DayId("main", "L1", date)

    def poll(self, *dates: dt.date) -> Outcome:
        """Poll days; answers what came of the last."""
        for date in dates:
            outcome = poll_day(
                PollDay(self.id_of(date), CLOCK, Intent("test", "because", rights=EVERYTHING)), self.house
            )
            assert outcome.failure is None, outcome.failure
        return outcome

    def replay(self, date: dt.date, **tried: Any) -> ReplayResult:
        """Derive a day again."""
        return replay_day(ReplayDay(self.id_of(date), CLOCK, **tried), self.house)

    def configure(self, **options: Any) -> None:
        """Set the options of the connection."""
        connection = load_connection(self.house.journal, CLOCK)
        made = decide_configure(connection, options, {})
        self.house.journal.append(
            [Recording(CLOCK.stream, connection.version, made)], Intent("t", rights=EVERYTHING).provenance
        )

    def approve(self, date: dt.date) -> None:
        """Complete and approve a day."""
        for state in ("completed", "approved"):
            settle_day(SettleDay(self.id_of(date), state, Intent("test", "because", rights=EVERYTHING)), self.house)

    def day(self, date: dt.date) -> BusinessDay:
        """A day as recorded."""
        return load_day(self.house.journal, self.id_of(date))

    def facts(self, date: dt.date) -> list[Fact]:
        """What is recorded of a day."""
        return [entry.fact for entry in self.house.journal.stream(self.id_of(date).stream)]

    def compensations(self, date: dt.date) -> list[tuple[str, dt.date, int, int, int]]:
        """Of a day: why, by which day's reading, and how much was added, changed and removed."""
        return [
            (fact.origin, fact.read_date, fact.added, fact.changed, fact.removed)
            for fact in self.facts(date)
            if isinstance(fact, DayCompensated)
        ]

    def observed(self, date: dt.date) -> list[tuple[str, int]]:
        """Of a day: why something was only observed, and how many changes."""
        return [(f.origin, len(f.changes)) for f in self.facts(date) if isinstance(f, LateChangeObserved)]

    def punches(self, date: dt.date) -> dict[str, Punch]:
        """The punches of a day, by key."""
        found = {key: decode("punch", data) for key, data in self.day(date).records.get("punch", {}).items()}
        return {key: punch for key, punch in found.items() if isinstance(punch, Punch)}

    def overtime(self, date: dt.date) -> dict[str, Overtime]:
        """The overtime of a day, by the punch's key."""
        found = {key: decode("overtime", data) for key, data in self.day(date).records.get("overtime", {}).items()}
        return {key: record for key, record in found.items() if isinstance(record, Overtime)}

    def summary(self, date: dt.date) -> DailySalesSummary:
        """The summary of a day."""
        return summarize(self.day(date))

    def pay(self, *dates: dt.date) -> int:
        """The labor pay of days together, in cents."""
        return sum(self.summary(date).labor_pay_cents for date in dates)
