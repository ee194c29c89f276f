"""What users of such systems complain about: each is a test that carries its name, here or elsewhere.

Told as an ordinary user lives it: a point of sale says something, people decide something, commands are given.
"""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest

from domain.accounts import AccountMapping
from domain.books import NEW_BOOKS, Books
from domain.business_day import APPROVED, BusinessDay
from domain.commands.connect_system import ConnectSystem, connect_system
from domain.commands.delete_day import DeleteDay, delete_day
from domain.commands.edit_punch import EditPunch, edit_punch
from domain.commands.enter_deposit import EnterDeposit, enter_deposit
from domain.commands.intent import Intent
from domain.commands.loading import load_day
from domain.commands.poll_day import PollDay, poll_day
from domain.commands.recording import NotTheVersion, Outcome
from domain.commands.settle_day import SettleDay, settle_day
from domain.facts import Change, DayDeleted, Fact, LocationAdded, RecordsChanged
from domain.identifiers import ConnectionId, DayId
from domain.ledger import CREDIT, journal_entries
from domain.overlays import PunchFields
from domain.ports.house import House
from domain.ports.source import DayRequest, Fetched, SourceFailure
from domain.records import Punch, Record, Ticket, decode
from domain.summary import DailySalesSummary, summarize, summary_bytes
from tests.domain.build import DATE, at, item, paid, punch, ticket
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal
from tests.support.scripted import Scripted, StoppedClock

ROOT: Final = Path(__file__).parent

COMPLAINTS: Final = {
    "duplicates after a re-sync": "test_complaints.py::test_duplicates_after_a_resync",
    "edits lost by a repoll": "test_complaints.py::test_edits_lost_by_a_repoll",
    "source edits ignored without notice": "test_complaints.py::test_source_edits_ignored_without_notice",
    "a closed day that changed silently": "domain/test_staging.py::test_a_closed_day_that_changed_silently",
    "cents that differ on split checks": "test_complaints.py::test_cents_that_differ_on_split_checks",
    "a whole day stuck by one unmapped item": "test_complaints.py::test_a_whole_day_stuck_by_one_unmapped_item",
    "missing days nobody noticed": "api/test_working.py::test_missing_days_nobody_noticed",
    "who changed this punch?": "projections/test_looking_back.py::test_who_changed_this_punch_has_an_answer",
    "two admins overwriting each other": "test_complaints.py::test_two_admins_overwriting_each_other",
    "third-party tax paid twice": "test_complaints.py::test_third_party_tax_paid_twice",
    "green although nothing arrived": "api/test_working.py::test_green_although_nothing_arrived",
    "a backfill that destroyed what was there": (
        "domain/test_staging.py::test_a_backfill_that_destroyed_what_was_there"
    ),
    "a dead worker that needed manual SQL": "api/test_working.py::test_a_dead_worker_that_needed_manual_sql",
    "deletions missed, or invented": "test_complaints.py::test_deletions_missed_or_invented",
}
"""Every complaint, and the test that answers it."""


def test_every_complaint_has_its_test() -> None:
    """All fourteen are answered by a test that exists, carries the complaint's words, and says what is so instead."""
    assert len(COMPLAINTS) == len(set(COMPLAINTS.values())) == 14
    for complaint, where in COMPLAINTS.items():
        path, _, name = where.partition("::")
        nodes = ast.parse((ROOT / path).read_text()).body
        tests = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
        assert name in tests, f"{complaint}: there is no {where}"
        assert ast.get_docstring(tests[name])
        words = "".join(letter if letter.isalpha() else " " for letter in complaint.lower().replace("-", " ")).split()
        said = name.replace("resync", "re_sync").removeprefix("test_").split("_")
        assert said[: len(words)] == words, f"{complaint}: {name} is called otherwise"


DAY: Final = DayId("main", "pier", DATE)
POS: Final = ConnectionId("main", "pos")
ANNA, BEN = "cli:anna", "cli:ben"


class Failing(Scripted):
    """A point of sale that breaks off in the middle when it is told to."""

    breaks_off = False

    def fetch(self, request: DayRequest) -> Fetched:
        """The newest reading, or what came until the line was cut."""
        if self.breaks_off:
            raise SourceFailure("connection-failed", "The connection was cut.", rows={"day": 1})
        return super().fetch(request)


class Life:
    """A restaurant with a daybook.

    Attributes:
        pos: its point of sale.
        house: its daybook.
    """

    def __init__(self, **options: Any) -> None:
        self.pos = Failing(default_options={"use_item_level_taxes": True, **options})
        self.house = House(MemoryJournal(), MemoryCaptures(), MemoryVault(), StoppedClock(), {"scripted": self.pos})
        pier = LocationAdded("pier", "Pier", "America/New_York", {"venue": "V1"})
        connect_system(
            ConnectSystem(POS, "scripted", "POS", "https://pos.example.com", "k", (pier,), Intent(ANNA)), self.house
        )

    def poll(self, *records: Record) -> Outcome:
        """Poll the day; the point of sale has just these records, or what it had before."""
        if records:
            self.pos.says(DATE, *records)
        return poll_day(PollDay(DAY, POS, Intent("worker")), self.house)

    def edit(self, fields: PunchFields, who: str = ANNA, version: int | None = None) -> None:
        """Edit the punch s1."""
        intent = Intent(who, "forgot to clock out")
        command = EditPunch(day=DAY, intent=intent, connection=POS, punch="s1", fields=fields, expected_version=version)
        edit_punch(command, self.house)

    def settle(self, state: str) -> None:
        """Complete, approve or reopen the day."""
        settle_day(SettleDay(DAY, state, Intent(ANNA, "done")), self.house)  # type: ignore[arg-type]

    @property
    def day(self) -> BusinessDay:
        """The day as recorded."""
        return load_day(self.house.journal, DAY)

    @property
    def summary(self) -> DailySalesSummary:
        """Its Daily Sales Summary."""
        return summarize(self.day)

    @property
    def facts(self) -> list[Fact]:
        """What is recorded of it."""
        return [entry.fact for entry in self.house.journal.stream(DAY.stream)]

    @property
    def shift(self) -> Punch:
        """The punch s1 as people see it."""
        found = decode("punch", self.day.shown["punch"]["s1"])
        assert isinstance(found, Punch)
        return found


def sale(key: str = "t1", price: str = "10.00", **fields: Any) -> Ticket:
    """A ticket, paid in cash."""
    return ticket(key, items=(item(price, **fields),), payments=(paid(price),))


def changes(facts: Iterable[Fact]) -> list[Change]:
    """What facts changed, record by record."""
    return [change for fact in facts if isinstance(fact, RecordsChanged) for change in fact.changes]


def test_duplicates_after_a_resync() -> None:
    """Synchronized again and again, also after it was deleted and by a repeated request, every ticket is there once."""
    life = Life()
    life.poll(sale("t1"), sale("t2"), punch())
    before = summary_bytes(life.summary)
    known = len(life.facts)
    assert [life.poll().outcome for _ in range(3)] == ["unchanged"] * 3
    assert (len(life.facts), len(changes(life.facts[known:]))) == (known + 3, 0)
    once = PollDay(DAY, POS, Intent("worker", command="the same request"))
    assert poll_day(once, life.house) == poll_day(once, life.house)
    assert (len(life.facts), summary_bytes(life.summary)) == (known + 4, before)
    delete_day(DeleteDay(DAY, POS, Intent(ANNA, "read it anew")), life.house)
    assert life.poll().outcome == "polled"
    assert (life.summary.net_sales_cents, life.summary.tickets) == (2000, 2)
    assert sorted(life.day.records["ticket"]) == ["t1", "t2"]


def test_edits_lost_by_a_repoll() -> None:
    """A corrected clock-out and a deposit stand, whatever polls bring, and when the day was deleted and read anew."""
    life = Life()
    life.poll(sale(), punch(clock_out=None))
    life.edit(PunchFields(clock_out=at("22:00")))
    command = EnterDeposit(day=DAY, intent=Intent(ANNA, "at the bank"), connection=POS, amount_cents=1_000)
    enter_deposit(command, life.house)
    shown = (life.shift, life.summary.labor_hours, life.summary.total_deposit_cents)
    assert (shown[0].clock_out, shown[2]) == (at("22:00"), 1_000)
    assert life.poll(sale(price="9.00"), punch(clock_out=None)).outcome == "polled"
    assert (life.shift, life.summary.labor_hours, life.summary.total_deposit_cents) == shown
    delete_day(DeleteDay(DAY, POS, Intent(BEN, "read it anew")), life.house)
    assert life.poll().outcome == "polled"
    assert (life.shift, life.summary.labor_hours, life.summary.total_deposit_cents) == shown


def test_source_edits_ignored_without_notice() -> None:
    """What is edited at the point of sale comes in; where somebody edited it here too, both sides are listed."""
    life = Life()
    life.poll(sale(), punch("s1"), punch("s2"))
    life.edit(PunchFields(clock_out=at("23:00")))
    outcome = life.poll(sale(price="9.00"), punch("s1", clock_out="21:00"), punch("s2", clock_out="21:00"))
    assert (outcome.changed, outcome.conflicts) == (3, 1)
    assert (life.summary.net_sales_cents, life.shift.clock_out) == (900, at("23:00"))
    (conflict,) = life.day.conflicts
    assert conflict == ("punch", "s1")
    (issue,) = [issue for issue in life.summary.issues if issue.code == "conflict"]
    assert "Say which stands" in issue.message
    theirs = decode("punch", life.day.records["punch"]["s1"])
    assert isinstance(theirs, Punch)
    assert theirs.clock_out == at("21:00")


def test_cents_that_differ_on_split_checks() -> None:
    """A check paid in three parts whose item taxes miss a cent: the cent has a line and a cause, and all balances."""
    life = Life()
    thirds = tuple([paid(amount, key=f"p{amount}{place}") for place, amount in enumerate(("1.36", "1.35", "1.35"))])
    lines = tuple([item("1.25", "0.10", id=f"i{place}") for place in range(3)])
    life.poll(ticket(items=lines, payments=thirds, tax="0.31"))
    found = life.summary
    assert (found.net_sales_cents, found.tax_cents, sum(tender.amount_cents for tender in found.payments)) == (
        375,
        30,
        406,
    )
    recorded = decode("ticket", life.day.records["ticket"]["t1"])
    assert isinstance(recorded, Ticket)
    (left,) = recorded.adjustments
    assert (left.cause, left.amount_cents) == ("item_check_tax_difference", 1)
    sales = journal_entries(found, NEW_BOOKS).sales
    assert (sales.debits_cents, sales.credits_cents) == (406, 406)
    assert [line.amount_cents for line in sales.lines if line.key == "sales/Food/Dine In"] == [375]


def test_a_whole_day_stuck_by_one_unmapped_item() -> None:
    """The day is read, completed and approved; one line waits for its account with an issue, and gets it later."""
    life = Life()
    life.poll(sale("t1", "60.00"), sale("t2", "40.00", name="Board", category="Surfboards"))
    life.settle("completed")
    life.settle("approved")
    assert (life.day.state, life.summary.net_sales_cents) == (APPROVED, 10_000)
    waiting = journal_entries(life.summary, NEW_BOOKS)
    assert [line.key for line in waiting.sales.lines if line.blocked] == ["sales/Surfboards/Dine In"]
    assert [issue.code for issue in waiting.issues] == ["unmapped_key"]
    version = life.day.version
    mapped = journal_entries(life.summary, Books(1, AccountMapping({"sales/Surfboards/*": "4077"})))
    assert (mapped.sales.blocked, mapped.issues, life.day.version) == (0, (), version)


def test_two_admins_overwriting_each_other() -> None:
    """Both looked at the same version: the second is told so and changes nothing, and then decides on what is there."""
    life = Life()
    life.poll(sale(), punch(clock_out=None))
    seen = life.day.version
    life.edit(PunchFields(clock_out=at("22:00")), version=seen)
    with pytest.raises(NotTheVersion, match="look at it again"):
        life.edit(PunchFields(clock_out=at("18:00")), BEN, seen)
    assert (life.shift.clock_out, life.day.version) == (at("22:00"), seen + 1)
    life.edit(PunchFields(clock_out=at("18:00")), BEN, seen + 1)
    who = [entry.provenance.actor for entry in life.house.journal.stream(DAY.stream, after=seen)]
    assert (who, life.shift.clock_out) == ([ANNA, BEN], at("18:00"))


def test_third_party_tax_paid_twice() -> None:
    """A marketplace's tax stands on both sides under its own name, and is never among what the restaurant owes."""
    life = Life(has_mpf_tax=True)
    life.poll(ticket(items=(item("20.00", "0.50"),), payments=(paid("20.50"),), tax="0.50", facilitator_tax_cents=165))
    found = life.summary
    assert (found.tax_cents, [tax.amount_cents for tax in found.taxes]) == (50, [50])
    assert (found.facilitator_tax_cents, found.adjustments) == (165, ())
    sales = journal_entries(found, NEW_BOOKS).sales
    owed = {line.key: line.amount_cents for line in sales.lines if line.side == CREDIT}
    assert owed["tax/Sales Tax"] == 50
    assert sales.debits_cents == sales.credits_cents == 2000 + 50 + 165


def test_deletions_missed_or_invented() -> None:
    """What a whole reading does not have is gone, with what it was; a reading that broke off takes nothing away."""
    life = Life()
    life.poll(sale("t1"), sale("t2"), punch())
    life.pos.breaks_off = True
    failed = life.poll(sale("t1"))
    assert (failed.outcome, life.day.generation, sorted(life.day.records["ticket"])) == ("failed", 1, ["t1", "t2"])
    life.pos.breaks_off = False
    was = life.day.records["ticket"]["t2"]
    assert life.poll().removed == 2
    gone = {(change.kind, change.key): change for change in changes(life.facts) if change.operation == "removed"}
    assert gone.keys() == {("ticket", "t2"), ("punch", "s1")}
    assert bytes(gone["ticket", "t2"].before) == was
    assert (life.summary.net_sales_cents, life.summary.labor_pay_cents) == (1000, 0)
    assert not any(isinstance(fact, DayDeleted) for fact in life.facts)
