"""Completing, approving and reopening a day: given its state, when somebody decides, then this is recorded."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from domain.business_day import decide_poll
from domain.commands.intent import Intent
from domain.commands.loading import NothingRecorded, load_books, load_day
from domain.commands.map_accounts import MapAccounts, Mapped, map_accounts
from domain.commands.recording import MOST_DECISIONS, NotTheVersion
from domain.commands.settle_day import Settled, SettleDay, State, settle_day
from domain.facts import (
    AccountsMapped,
    ChangesStaged,
    DayApproved,
    DayCompleted,
    DayReopened,
    GenerationStaged,
    RecordsChanged,
    StagedApplied,
)
from domain.facts.catalogue import Fact
from domain.facts.entries import Provenance
from domain.identifiers import BooksId, DayId
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal
from domain.settling import NotInThatState
from domain.summary import summarize, summary_bytes
from tests.domain.build import DATE, attempt, day_window, item, paid, ticket, translated
from tests.support.fake_captures import MemoryCaptures
from tests.support.fake_vault import MemoryVault
from tests.support.fakes import MemoryJournal

DAY = DayId("main", "L1", DATE)
BOOKS = BooksId("main")
LUNCH = ticket("t1", items=(item("10.00"),), payments=(paid("10.00"),))
LATER = ticket("t1", items=(item("9.00"),), payments=(paid("9.00"),))


class Clock:
    """A clock that stands still."""

    def now(self) -> dt.datetime:
        """The time at which it stands."""
        return dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


class Contested(MemoryJournal):
    """A journal in which somebody else comes first, as often as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def append(self, recordings: Sequence[Recording], provenance: Provenance) -> Receipt:
        """Lose the race, or record."""
        if self.lost:
            self.lost -= 1
            self.meanwhile()
            raise StreamMoved("Somebody else came first.")
        return super().append(recordings, provenance)


@pytest.fixture
def journal() -> Contested:
    """An empty journal."""
    return Contested()


@pytest.fixture
def house(journal: Contested) -> House:
    """A house of fakes around it."""
    return House(journal, MemoryCaptures(), MemoryVault(), Clock(), {})


def polled(house: House, *records: object, capture: str = "c") -> None:
    """Poll the day, which then has these records."""
    day = load_day(house.journal, DAY)
    facts = decide_poll(day, translated(*records), attempt=attempt(), capture=capture, window=day_window())
    house.journal.append([Recording(DAY.stream, day.version, facts)], Intent("worker").provenance)


def settled(house: House, state: State, why: str = "checked", version: int | None = None) -> Settled:
    """Settle the day."""
    return settle_day(SettleDay(DAY, state, Intent("cli:anna", why), version), house)


def facts(house: House) -> list[Fact]:
    """What is recorded of the day since it was polled first."""
    return [entry.fact for entry in house.journal.stream(DAY.stream)][2:]


def test_a_day_is_completed_then_approved_then_reopened(house: House) -> None:
    """Each step is a fact with who and why, and the day's state follows."""
    polled(house, LUNCH)
    done = settled(house, "completed", "all checks are in")
    assert (done.day.state, load_day(house.journal, DAY).state) == ("completed", "completed")
    assert done.receipt is not None
    assert settled(house, "approved").day.state == "approved"
    assert settled(house, "in progress").day.state == "in progress"
    assert [type(fact) for fact in facts(house)] == [DayCompleted, DayApproved, DayReopened]
    reasons = [entry.provenance.reason for entry in house.journal.stream(DAY.stream)]
    assert reasons[2] == "all checks are in"


def test_an_approval_keeps_the_digest_of_the_approved_summary(house: House) -> None:
    """The summary as of the approval's position, hashed again, is what was approved, whatever came later."""
    polled(house, LUNCH)
    settled(house, "completed")
    receipt = settled(house, "approved").receipt
    polled(house, LATER, capture="newer")
    assert receipt is not None
    (approval,) = [fact for fact in facts(house) if isinstance(fact, DayApproved)]
    then = summarize(load_day(house.journal, DAY, until=receipt.position))
    assert (then.state, then.net_sales_cents) == ("approved", 1000)
    assert approval.summary == hashlib.sha256(summary_bytes(then)).hexdigest()
    assert approval.generation == 1


def test_an_approved_day_takes_no_change_and_lists_it(house: House) -> None:
    """A repoll that differs is staged: the figures stay, an issue tells, and reopening lets it in at once."""
    polled(house, LUNCH)
    settled(house, "completed")
    settled(house, "approved")
    polled(house, LATER)
    assert [type(fact) for fact in facts(house)][2:] == [GenerationStaged, ChangesStaged]
    summary = summarize(load_day(house.journal, DAY))
    assert (summary.net_sales_cents, summary.late_changes) == (1000, 1)
    assert [issue.code for issue in summary.issues] == ["changes_after_approval"]
    settled(house, "in progress")
    assert [type(fact) for fact in facts(house)][4:] == [DayReopened, StagedApplied, RecordsChanged]
    after = summarize(load_day(house.journal, DAY))
    assert (after.net_sales_cents, after.late_changes, after.issues) == (900, 0, ())


def test_the_same_again_is_nothing(house: House) -> None:
    """Completing a completed day and approving an approved one record nothing."""
    polled(house, LUNCH)
    settled(house, "completed")
    assert settled(house, "completed").receipt is None
    settled(house, "approved")
    again = settled(house, "approved")
    assert (again.receipt, again.day.state) == (None, "approved")
    assert len(facts(house)) == 2


WRONG: list[tuple[list[State], State, str]] = [
    # states that the day goes through, what is asked for then, what is said
    ([], "approved", "The day is in progress: only a completed day can be approved"),
    ([], "in progress", "The day is in progress: there is nothing to reopen"),
    (["completed", "approved"], "completed", "The day is approved: only a day in progress can be completed"),
    (["completed", "in progress"], "in progress", "there is nothing to reopen"),
    (["completed", "in progress"], "approved", "only a completed day can be approved"),
]


@pytest.mark.parametrize(("before", "state", "said"), WRONG)
def test_what_a_state_does_not_allow(house: House, before: list[State], state: State, said: str) -> None:
    """A step that the day's state does not allow is refused in a sentence, and nothing is recorded."""
    polled(house, LUNCH)
    for step in before:
        settled(house, step)
    head = house.journal.head()
    with pytest.raises(NotInThatState, match=said):
        settled(house, state)
    assert house.journal.head() == head


def test_a_day_that_nobody_polled(house: House) -> None:
    """There is nothing to settle on a day of which nothing is recorded."""
    with pytest.raises(NothingRecorded, match="never polled"):
        settled(house, "completed")


def test_somebody_came_between(house: House) -> None:
    """Who names the version that they saw decides on that one only."""
    polled(house, LUNCH)
    polled(house, LATER)
    with pytest.raises(NotTheVersion, match="at version 4, not 2"):
        settled(house, "completed", version=2)
    assert settled(house, "completed", version=4).day.version == 5


def test_a_lost_race_is_decided_again(house: House, journal: Contested) -> None:
    """Where a poll comes between, the approval is of what is there then; it is given up after many times."""
    polled(house, LUNCH)
    settled(house, "completed")
    journal.meanwhile = lambda: polled(house, LATER)
    journal.lost = 1
    done = settled(house, "approved")
    assert (done.day.generation, done.day.state) == (2, "approved")
    settled(house, "in progress")
    journal.meanwhile = lambda: None
    journal.lost = MOST_DECISIONS
    with pytest.raises(StreamMoved):
        settled(house, "completed")


def mapped(house: House, accounts: dict[str, str], **fields: Any) -> Mapped:
    """Map accounts."""
    return map_accounts(MapAccounts(BOOKS, accounts, Intent("cli:anna", "a new chart of accounts"), **fields), house)


def test_accounts_are_mapped_version_by_version(house: House) -> None:
    """Each change is a version with who and why; the same again records nothing."""
    assert load_books(house.journal, BOOKS).version == 0
    first = mapped(house, {"sales/*": "4000"})
    assert first.receipt is not None
    assert (first.books.version, load_books(house.journal, BOOKS)) == (1, first.books)
    assert mapped(house, {"sales/*": "4000"}).receipt is None
    second = mapped(house, {}, defaults=False, over_short_limit_cents=100)
    assert (second.books.version, second.books.mapping.defaults, second.books.over_short_limit_cents) == (2, False, 100)
    entries = list(house.journal.stream(BOOKS.stream))
    assert [entry.fact for entry in entries] == [
        AccountsMapped(1, {"sales/*": "4000"}),
        AccountsMapped(2, {}, defaults=False, over_short_limit_cents=100),
    ]
    assert entries[0].provenance.reason == "a new chart of accounts"


def test_books_as_of_a_moment(house: House) -> None:
    """The books as they were at a position are what was mapped by then."""
    receipt = mapped(house, {"sales/*": "4000"}).receipt
    mapped(house, {"sales/*": "5000"})
    assert receipt is not None
    assert load_books(house.journal, BOOKS, until=receipt.position).mapping.own == {"sales/*": "4000"}
    assert load_books(house.journal, BOOKS, until=0).version == 0


def test_two_do_not_overwrite_each_other(house: House, journal: Contested) -> None:
    """Who saw an older version is refused; who named none decides again, and gives up after many lost races."""
    mapped(house, {"sales/*": "1"}, expected_version=0)
    with pytest.raises(NotTheVersion, match="at version 1, not 0"):
        mapped(house, {"sales/*": "2"}, expected_version=0)
    journal.lost = 1
    assert mapped(house, {"sales/*": "3"}).books.version == 2
    journal.lost = MOST_DECISIONS
    with pytest.raises(StreamMoved):
        mapped(house, {"sales/*": "4"})


def test_what_does_not_fit_records_nothing(house: House) -> None:
    """A mapping with an unknown key leaves the books as they are."""
    with pytest.raises(Refusal):
        mapped(house, {"nonsense": "1"})
    assert house.journal.head() == 0
