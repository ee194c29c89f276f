"""A stage for tests of the read side: days that are polled, rosters that change, and views on one database."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Engine, select

from domain.business_date import window
from domain.business_day import BusinessDay, decide_compensation, decide_poll, with_conflicts
from domain.commands.loading import load_connection, load_day
from domain.connection import decide_roster
from domain.facts import (
    Attempt,
    ConfigurationChanged,
    ConnectionEstablished,
    Fact,
    LocationAdded,
    PollFailed,
    Provenance,
)
from domain.facts.catalogue import DayFact
from domain.identifiers import ConnectionId, DayId
from domain.keeping import decide_confirm_closed, decide_delete
from domain.polling import Translation
from domain.ports.journal import Journal, Receipt, Recording
from domain.records import Discount, Employee, Item, Job, Payment, Tax, Ticket
from domain.settling import decide_approve, decide_complete, decide_reopen
from domain.summary import summarize
from projections.tables import metadata
from tests.domain.build import CHECK_LEVEL, translated

DATE: Final = dt.date(2026, 10, 31)
ZONE: Final = "America/New_York"

_commands = itertools.count(1)


class Stage:
    """One client's connection ``main`` with the locations ``L1`` and ``L2``.

    Attributes:
        journal: real, on the same database as the views.
        engine: of that database.
        client: whose facts these are.
    """

    def __init__(self, journal: Journal, engine: Engine, client: str = "C1") -> None:
        self.journal = journal
        self.engine = engine
        self.client = client
        self.connection = ConnectionId(client, "main")

    def connect(self) -> Receipt:
        """Establish the connection."""
        facts: tuple[Fact, ...] = (
            ConnectionEstablished("tray", "Pier 17", "https://tray.example", "0123456789ab"),
            ConfigurationChanged(1, {"use_item_level_taxes": True}),
            LocationAdded("L1", "Pier 17", ZONE, {"venue": "V100"}, "04:00", "0100"),
            LocationAdded("L2", "Harbor", ZONE, {"venue": "V200"}),
        )
        return self.record(Recording(self.connection.stream, 0, facts))

    def day(self, location: str = "L1", date: dt.date = DATE) -> DayId:
        """A day of this client."""
        return DayId(self.client, location, date)

    def poll(
        self, *records: object, day: DayId | None = None, reason: str = "", actor: str = "cli:anna", capture: str = "c"
    ) -> Receipt:
        """Poll a day that has just these records."""
        day = day or self.day()
        known = load_day(self.journal, day)
        facts = decide_poll(
            known,
            translated(*records, options=CHECK_LEVEL),
            attempt=self.attempt("repoll" if known.generation else "poll"),
            capture=capture,
            window=window(day.date, ZONE),
        )
        facts = with_conflicts(known, facts)
        return self.record(Recording(day.stream, known.version, facts), reason=reason, actor=actor)

    def enter(
        self, decide: Callable[[BusinessDay], tuple[Fact, ...]], *, day: DayId | None = None, reason: str = "by hand"
    ) -> Receipt:
        """Enter something on a day."""
        day = day or self.day()
        known = load_day(self.journal, day)
        return self.record(Recording(day.stream, known.version, decide(known)), reason=reason)

    def fail(self, *, day: DayId | None = None, retry_at: dt.datetime | None = None) -> Receipt:
        """A poll of a day that fails."""
        day = day or self.day()
        known = load_day(self.journal, day)
        kind = "repoll" if known.generation else "poll"
        fact = PollFailed(self.attempt(kind), "rate-limited", "The source asks for patience", True, retry_at, "checks")
        return self.record(Recording(day.stream, known.version, (fact,)))

    def settle(self, day: DayId) -> Receipt | None:
        """Take the day one step on: completed, approved, in progress again; None where it is missing."""
        known = load_day(self.journal, day)
        if known.state == "missing":
            return None
        decide: dict[str, Callable[[BusinessDay], tuple[DayFact, ...]]] = {
            "in progress": decide_complete,
            "completed": lambda known: decide_approve(known, "d" * 64),
            "approved": decide_reopen,
        }
        return self.record(Recording(day.stream, known.version, decide[known.state](known)))

    def observe(self, *records: Ticket, day: DayId) -> Receipt | None:
        """Reading the next day puts these tickets on a day, or waits with it where that is approved."""
        known = load_day(self.journal, day)
        named = dict(translated(*records, options=CHECK_LEVEL).records["ticket"])
        told = Translation({}, {}, elsewhere={day.date: {"ticket": named}}, seen={"ticket": frozenset(named)})
        facts = decide_compensation(
            known,
            day.date,
            told,
            read_date=day.date + dt.timedelta(days=1),
            attempt=self.attempt("poll"),
            capture="n",
        )
        return self.record(Recording(day.stream, known.version, facts)) if facts else None

    def delete(self, day: DayId | None = None, reason: str = "", actor: str = "cli:anna") -> Receipt | None:
        """Delete the summary of a day, where it can be."""
        day = day or self.day()
        known = load_day(self.journal, day)
        if not known.generation or known.settled == "approved" or known.deleted:
            return None
        return self.record(Recording(day.stream, known.version, decide_delete(known)), reason=reason, actor=actor)

    def confirm_closed(self, day: DayId | None = None) -> Receipt | None:
        """Confirm that the place was closed on a day, where it can be."""
        day = day or self.day()
        known = load_day(self.journal, day)
        net = summarize(known).net_sales_cents
        if known.state not in {"in progress", "completed"} or net or known.closed:
            return None
        return self.record(Recording(day.stream, known.version, decide_confirm_closed(known, net)))

    def roster(self, *people: Employee | Job, location: str = "L1") -> Receipt:
        """The source's list has just these people and jobs."""
        known = load_connection(self.journal, self.connection)
        facts = decide_roster(known, location, translated(*people).roster, capture="r")
        return self.record(Recording(self.connection.stream, known.version, facts))

    def record(self, *recordings: Recording, reason: str = "", actor: str = "cli:anna") -> Receipt:
        """Record whatever it is."""
        return self.journal.append(recordings, Provenance(actor, f"command-{next(_commands)}", reason))

    def attempt(self, kind: str) -> Attempt:
        """An attempt that took a second."""
        started = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)
        ended = started + dt.timedelta(seconds=1)
        return Attempt(kind, "main", 1, started, ended, 4, 12_345, {"checks": 2})  # type: ignore[arg-type]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, bookmarks too, in the order of keys."""
        with self.engine.connect() as connection:
            return {
                table.name: [
                    tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                ]
                for table in metadata.sorted_tables
            }

    def forget(self) -> None:
        """Empty every table: the views have read nothing."""
        with self.engine.begin() as connection:
            for table in metadata.sorted_tables:
                connection.execute(table.delete())

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        return {name: len(rows) for name, rows in self.dump().items()}


def sale(key: str, *cents: int, tip: int = 0, off: int = 0, closed: bool = True, **fields: Any) -> Ticket:
    """A ticket with an item for each amount, paid by card."""
    opened = dt.datetime(2026, 10, 31, 16, 0, tzinfo=dt.UTC)
    whole = sum(cents) - off
    plain: dict[str, Any] = {
        "number": f"10{key}",
        "business_date": DATE,
        "opened_at": opened,
        "closed_at": opened + dt.timedelta(minutes=50) if closed else None,
        "service_type": "Dine In",
        "revenue_center": "Bar",
        "server": "e1",
        "guests": 2,
        "items": tuple(Item(f"i-{at}", "Soup", "Food", amount, amount) for at, amount in enumerate(cents, 1)),
        "discounts": (Discount("d-1", "Staff", off),) if off else (),
        "payments": (Payment("p-1", "Visa", whole + whole // 10, tip),),
        "taxes": (Tax("Sales Tax", whole // 10),),
        "stated_tax_cents": whole // 10,
        "tax_cents": whole // 10,
    }
    return Ticket(**{"id": key, **plain, **fields})


def varied_history(stage: Stage) -> None:
    """A history in which everything happens: polls, edits, removals, returns, failures, rosters."""
    employee = Employee("e1", "person-1", "sealed:Ann", pos_id="12")
    stage.connect()
    stage.roster(employee, Job("j1", "Server"))
    stage.poll(sale("1", 950, 400, tip=200), sale("2", 500), sale("3", 700, off=70))
    stage.fail()
    stage.poll(sale("1", 1050, 400, tip=200), sale("2", 500), sale("4", 100, closed=False), reason="edited at the POS")
    stage.poll(sale("1", 1050, 400, tip=200), sale("2", 500), sale("4", 100, closed=False), capture="c2")
    stage.poll(sale("9", 900), day=stage.day("L2"))
    stage.fail(day=stage.day("L2", DATE + dt.timedelta(days=1)))
    stage.roster(Employee("e1", "person-1", "sealed:Anna", pos_id="13"), location="L1")
    stage.poll(sale("3", 700, off=70), sale("2", 600))
    stage.roster(employee, location="L2")
    for day in (stage.day(), stage.day("L2")):
        stage.settle(day)
        stage.settle(day)
    stage.poll(sale("3", 700), sale("5", 600), reason="nobody saw that it was approved")
    stage.poll(sale("9", 800), day=stage.day("L2"))
    stage.observe(sale("8", 300), sale("3", 750), day=stage.day())
    stage.settle(stage.day("L2"))
