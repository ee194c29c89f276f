"""What reading one business day says about others: given two days, when one is read, then what the other gets."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from domain.business_day import NEW_DAY, BusinessDay, FedByAnother, decide_compensation, decide_poll, fold
from domain.facts import (
    DayApproved,
    DayCompensated,
    DayCompleted,
    DayPolled,
    DayReopened,
    LateChangeObserved,
    PollUnchanged,
    ReadFile,
    RecordsChanged,
)
from domain.facts.catalogue import DayFact
from domain.polling import Translation
from domain.records import Deposit, Record, canonical
from domain.settling import NotInThatState, decide_approve, decide_complete, decide_reopen
from tests.domain.build import DATE, attempt, day_window, item, paid, punch, ticket, translated
from tests.domain.readings import KINDS, reading

BEFORE = DATE - dt.timedelta(days=1)


def recorded(*records: Record) -> BusinessDay:
    """A day that was polled with these records."""
    facts = decide_poll(NEW_DAY, reading(*records), attempt=attempt(), capture="a", window=day_window())
    return fold(facts)


def compensated(day: BusinessDay, told: Translation, date: dt.date = BEFORE) -> tuple[DayFact, ...]:
    """What reading DATE adds to another day."""
    return decide_compensation(day, date, told, read_date=DATE, attempt=attempt(), capture="b")


PART_2 = punch("p1", part=2)


@pytest.mark.parametrize(
    ("there", "told", "counts", "left"),
    [
        # a check that the source booked on the polled day and we date on the day before joins it
        ((), reading(elsewhere={BEFORE: (ticket("t9"),)}), {"dated": (1, 0, 0)}, {"t9"}),
        # one that is of the polled day now leaves the other
        ((ticket("t1"), ticket("t2")), reading(ticket("t1")), {"dated": (0, 0, 1)}, {"t2"}),
        # one that neither names stays
        ((ticket("t2"),), reading(ticket("t1")), {}, {"t2"}),
        # what is there already as it is told makes no difference
        ((ticket("t9"),), reading(elsewhere={BEFORE: (ticket("t9"),)}), {}, {"t9"}),
        # one that differs is changed, unless its own day is the source's as well: then that day's own reading does
        ((ticket("t9"),), reading(elsewhere={BEFORE: (ticket("t9", guests=7, business_date=BEFORE),)}), {}, {"t9"}),
        ((ticket("t9"),), reading(elsewhere={BEFORE: (ticket("t9", guests=7),)}), {"dated": (0, 1, 0)}, {"t9"}),
        # the second part of a shift that no longer reaches over the start of the day vanishes
        ((PART_2,), reading(punch("p1")), {"split-shift": (0, 0, 1)}, set()),
        # a part that moved is changed, and one that came is added
        (
            (PART_2,),
            reading(punch("p1", part=1), elsewhere={BEFORE: (punch("p1", part=2, clock_out="21:00"),)}),
            {"split-shift": (0, 1, 0)},
            {"p1#2"},
        ),
        ((), reading(elsewhere={BEFORE: (PART_2,)}), {"split-shift": (1, 0, 0)}, {"p1#2"}),
        # a punch whose own id looks like a part is not one of another punch
        ((punch("p1#2"),), reading(punch("p1"), also="p1#2"), {"split-shift": (0, 0, 1)}, set()),
        # Wednesday's deposit for Monday
        ((), reading(elsewhere={BEFORE: (Deposit("d1", 24663, BEFORE),)}), {"deposit": (1, 0, 0)}, {"d1"}),
        # a deposit that the source now has for the polled day leaves the other: it attaches to one day
        ((Deposit("d1", 5, BEFORE),), reading(Deposit("d1", 5, DATE)), {"deposit": (0, 0, 1)}, set()),
    ],
)
def test_what_a_reading_says_about_another_day(
    there: tuple[Record, ...], told: Translation, counts: dict[str, tuple[int, int, int]], left: set[str]
) -> None:
    """Named here: added or changed; named elsewhere: removed; not named: as it was. Each origin is a generation."""
    day = recorded(*there)
    facts = compensated(day, told)
    found = {f.origin: (f.added, f.changed, f.removed) for f in facts if isinstance(f, DayCompensated)}
    after = fold(facts, day)
    assert (found, {key for kind in KINDS for key in after.records.get(kind, {})}) == (counts, left)
    assert after.generation == day.generation + len(counts)
    assert compensated(after, told) == ()


def test_a_day_that_was_never_read_is_not_compensated() -> None:
    """Its own poll brings all of it; a part alone would look like a day."""
    assert compensated(NEW_DAY, reading(elsewhere={BEFORE: (ticket("t9"),)})) == ()


def test_what_another_connection_feeds_is_not_compensated() -> None:
    """Deposits that came from files are not the source's to take away."""
    day = recorded(Deposit("d1", 5, BEFORE))
    other = msgspec.structs.replace(attempt(), connection="c2")
    told = reading(Deposit("d1", 5, DATE))
    assert decide_compensation(day, BEFORE, told, read_date=DATE, attempt=other, capture="b") == ()


def test_one_commit_may_compensate_several_kinds() -> None:
    """Tickets and deposits of one reading are two generations, one after the other."""
    told = reading(elsewhere={BEFORE: (ticket("t9"), Deposit("d1", 5, BEFORE))})
    facts = compensated(recorded(), told)
    assert [f.generation for f in facts if isinstance(f, DayCompensated)] == [2, 3]
    assert [f.generation for f in facts if isinstance(f, RecordsChanged)] == [2, 3]


def settled(day: BusinessDay) -> BusinessDay:
    """The day, approved."""
    for facts in (decide_complete(day), decide_approve(fold(decide_complete(day), day), "d" * 64)):
        day = fold(facts, day)
    return day


def test_an_approved_day_only_observes_what_others_say() -> None:
    """What another day's reading would change is kept as observed, once, and changes nothing until it is reopened."""
    day = settled(recorded(ticket("t1")))
    (observed,) = compensated(day, reading(ticket("t1")))
    assert isinstance(observed, LateChangeObserved)
    assert (observed.origin, observed.read_date, len(observed.changes), observed.more) == ("dated", DATE, 1, 0)
    after = fold([observed], day)
    assert compensated(after, reading(ticket("t1"))) == ()
    assert (set(after.records["ticket"]), after.state, after.late_changes) == ({"t1"}, "approved", 1)
    reopened = fold(decide_reopen(after), after)
    assert (reopened.state, reopened.late_changes, reopened.records["ticket"]) == ("in progress", 0, {})


def test_a_lookback_that_brings_more_than_one_fact_holds_lists_all() -> None:
    """300 changes after the approval are two facts, and every record is in one of them."""
    day = settled(recorded(*[ticket(f"t{number}") for number in range(300)]))
    facts = compensated(day, reading(*[ticket(f"t{number}") for number in range(300)]))
    assert [len(fact.changes) for fact in facts if isinstance(fact, LateChangeObserved)] == [250, 50]
    assert fold(facts, day).late_changes == 300


@pytest.mark.parametrize(
    ("deed", "from_missing", "from_progress", "from_completed", "from_approved"),
    [
        ("complete", NotInThatState, DayCompleted, None, NotInThatState),
        ("approve", NotInThatState, NotInThatState, DayApproved, None),
        ("reopen", NotInThatState, NotInThatState, DayReopened, DayReopened),
    ],
)
def test_states(
    deed: str, from_missing: object, from_progress: object, from_completed: object, from_approved: object
) -> None:
    """In progress, completed, approved, and back; what is so already adds nothing, and what cannot be is refused."""
    decide = {
        "complete": decide_complete,
        "approve": lambda day: decide_approve(day, "d" * 64),
        "reopen": decide_reopen,
    }[deed]
    progress = recorded()
    completed = fold(decide_complete(progress), progress)
    approved = settled(progress)
    expected = (from_missing, from_progress, from_completed, from_approved)
    for day, outcome in zip((NEW_DAY, progress, completed, approved), expected, strict=True):
        if outcome is NotInThatState:
            with pytest.raises(NotInThatState):
                decide(day)
        else:
            facts = decide(day)
            assert [type(fact) for fact in facts] == ([outcome] if outcome else [])


def test_absence_proves_nothing_on_a_date_that_was_not_read() -> None:
    """A ticket that the source booked on another date is not gone because this date's list does not have it."""
    lent = ticket("t9", business_date=BEFORE)
    day = recorded(ticket("t1"), lent)
    again = decide_poll(day, reading(ticket("t1")), attempt=attempt("repoll"), capture="b", window=day_window())
    assert [type(fact) for fact in again] == [PollUnchanged]
    moved = decide_poll(day, reading(also="t9"), attempt=attempt("repoll"), capture="b", window=day_window())
    assert fold(moved, day).records["ticket"] == {}


def test_each_kind_has_one_feeder() -> None:
    """A poll leaves alone what files brought; files do not overwrite what a poll brought."""
    day = recorded(ticket("t1"), punch("p1"))
    files = msgspec.structs.replace(attempt(), kind="import", connection="f", files=(ReadFile("x", "x", "d", 1),))
    money = Translation({"deposit": {"d1": canonical(Deposit("d1", 5, DATE))[2]}}, {})
    facts = decide_poll(day, money, attempt=files, capture="f1", window=day_window())
    both = fold(facts, day)
    assert (both.feeder("deposit"), both.feeder("ticket"), both.connection, both.capture) == ("f", "c1", "c1", "a")
    polled = decide_poll(both, reading(ticket("t1"), punch("p1")), attempt=attempt(), capture="b", window=day_window())
    assert [type(fact) for fact in polled] == [PollUnchanged]
    more = reading(ticket("t1"), punch("p1"), Deposit("d9", 7, DATE))
    (noted, *changed) = decide_poll(both, more, attempt=attempt(), capture="b", window=day_window())
    assert isinstance(noted, DayPolled)
    assert (noted.notes, changed) == (("fed-by-another:deposit",), [])
    with pytest.raises(FedByAnother, match="'punch' come from the connection 'c1'"):
        decide_poll(
            both,
            Translation({"punch": {"p2": canonical(punch("p2"))[2]}}, {}),
            attempt=files,
            capture="f2",
            window=day_window(),
        )


def test_notes_and_captures_are_the_feeds_own() -> None:
    """What one connection's reading found out stays when another's is recorded."""
    day = recorded(ticket("t1"))
    files = msgspec.structs.replace(attempt(configuration=5), kind="import", connection="f")
    noted = replace(Translation({"till": {}}, {}), notes=("unknown-drawer",))
    both = fold(decide_poll(day, noted, attempt=files, capture="f1", window=day_window()), day)
    assert (both.notes, both.configuration, both.feeds["f"].configuration) == (("unknown-drawer",), 1, 5)
    assert decide_poll(both, noted, attempt=files, capture="f2", window=day_window())[0] == PollUnchanged(
        files, both.generation, "f2"
    )


def test_before_any_reading_the_connection_is_the_one_that_was_tried() -> None:
    """A day that only failed so far still says whom it was asked of."""
    assert (NEW_DAY.connection, NEW_DAY.capture, NEW_DAY.configuration, NEW_DAY.notes) == ("", "", 0, ())
    assert translated().dates == frozenset({DATE})
    assert item("1.00").amount_cents == paid("1.00").amount_cents
