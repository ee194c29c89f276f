"""Approved days: given what was approved, when sources say otherwise, then it waits until the day is reopened."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_day import (
    NEW_DAY,
    BusinessDay,
    LateChange,
    as_reopened,
    decide_compensation,
    decide_poll,
    fold,
    hold_back,
    take_staged,
)
from domain.facts import (
    ABSENT,
    Change,
    ChangesStaged,
    DayApproved,
    DayReopened,
    DerivedFeed,
    GenerationStaged,
    LateChangeObserved,
    PollUnchanged,
    RecordsChanged,
    ReplayApplied,
    StagedApplied,
)
from domain.facts.catalogue import DayFact
from domain.polling import Translation
from domain.records import Deposit, Record, Ticket
from domain.settling import decide_approve, decide_complete, decide_reopen
from domain.summary import summarize, summary_bytes
from tests.domain.build import DATE, attempt, day_window, item, paid, ticket
from tests.domain.readings import reading

NEXT = DATE + dt.timedelta(days=1)


def sale(key: str, price: str = "10.00") -> Ticket:
    """A ticket of one line that is paid in cash."""
    return ticket(key, items=(item(price),), payments=(paid(price),))


def polled(day: BusinessDay, *records: Record, capture: str = "b", zone: str = "") -> tuple[DayFact, ...]:
    """What a poll that reads these records adds."""
    return told(day, reading(*records), capture=capture, zone=zone)


def told(day: BusinessDay, translation: Translation, *, capture: str = "b", zone: str = "") -> tuple[DayFact, ...]:
    """What a poll adds that reads this."""
    window = replace(day_window(), zone=zone) if zone else day_window()
    made = attempt("repoll" if day.generation else "poll")
    return decide_poll(day, translation, attempt=made, capture=capture, window=window)


def elsewhere(day: BusinessDay, *, here: tuple[Record, ...] = (), gone: tuple[Record, ...] = ()) -> tuple[DayFact, ...]:
    """What reading the next day adds, which puts records here or takes some away."""
    translation = reading(*gone, elsewhere={DATE: here})
    return decide_compensation(day, DATE, translation, read_date=NEXT, attempt=attempt(), capture="n")


def approved(*records: Record) -> BusinessDay:
    """A day that was polled with these records, completed and approved."""
    day = fold(polled(NEW_DAY, *records, capture="a"))
    day = fold(decide_complete(day), day)
    return fold(decide_approve(day, "d" * 64), day)


def reopened(day: BusinessDay) -> BusinessDay:
    """The day, reopened."""
    return fold(decide_reopen(day), day)


def names(facts: tuple[DayFact, ...]) -> list[str]:
    """The types of facts."""
    return [type(fact).__name__ for fact in facts]


def keys(day: BusinessDay) -> set[str]:
    """The keys of its tickets."""
    return set(day.records.get("ticket", {}))


def test_a_closed_day_that_changed_silently() -> None:
    """A repoll of an approved day changes no record and no figure; it says what would, and reopening lets it in."""
    day = approved(sale("t1"), sale("t2"))
    facts = polled(day, sale("t1", "9.00"), sale("t3"))
    header, part = facts
    assert isinstance(header, GenerationStaged)
    assert isinstance(part, ChangesStaged)
    assert (header.generation, header.added, header.changed, header.removed, header.parts) == (2, 1, 1, 1, 1)
    after = fold(facts, day)
    assert (after.records, after.generation, after.state, after.capture) == (day.records, 1, "approved", "a")
    assert (after.late_changes, summarize(after).net_sales_cents) == (3, 2000)
    assert {change.origin for change in after.late.values()} == {"poll"}
    assert {change.capture for change in after.late.values()} == {"b"}
    open_again = reopened(after)
    assert (keys(open_again), summarize(open_again).net_sales_cents) == ({"t1", "t3"}, 1900)
    assert (open_again.generation, open_again.capture, open_again.late_changes) == (2, "b", 0)
    assert polled(open_again, sale("t1", "9.00"), sale("t3"))[0] == PollUnchanged(attempt("repoll"), 2, "b")


def test_a_backfill_that_destroyed_what_was_there() -> None:
    """An empty answer to the repoll of an approved day removes nothing; what would go is listed, every record of it."""
    day = approved(*[sale(f"t{number}") for number in range(600)])
    facts = polled(day)
    header = facts[0]
    assert isinstance(header, GenerationStaged)
    assert (header.removed, header.parts) == (600, 3)
    assert [len(fact.changes) for fact in facts if isinstance(fact, ChangesStaged)] == [250, 250, 100]
    after = fold(facts, day)
    assert (after.records, after.late_changes) == (day.records, 600)
    applied = decide_reopen(after)
    assert names(applied) == ["DayReopened", "StagedApplied", *["RecordsChanged"] * 3]
    assert fold(applied, after).records["ticket"] == {}


def test_what_says_the_same_as_what_waits_is_a_bare_attempt() -> None:
    """An unchanged repoll of what is staged adds one attempt; what was approved keeps the capture that it is of."""
    day = approved(sale("t1"))
    day = fold(polled(day, sale("t1", "9.00")), day)
    again = polled(day, sale("t1", "9.00"), capture="c")
    assert again == (PollUnchanged(attempt("repoll"), 2, "c"),)
    after = fold(again, day)
    assert (after.capture, after.attempts, after.readings, after.late_changes) == ("a", 3, 3, 1)
    assert reopened(after).capture == "c"


def test_a_newer_staging_takes_the_place_of_the_one_before() -> None:
    """What the source says last waits, beside what was approved; nothing of an earlier answer is left."""
    day = approved(sale("t1"), sale("t2"))
    day = fold(polled(day, sale("t1", "9.00"), sale("t2")), day)
    header, part = polled(day, sale("t1"), sale("t2", "8.00"))
    assert isinstance(part, ChangesStaged)
    (change,) = part.changes
    assert (change.key, bytes(change.before)) == ("t2", day.records["ticket"]["t2"])
    after = fold((header, part), day)
    assert set(after.late) == {("ticket", "t2")}


def test_the_source_goes_back_to_what_was_approved() -> None:
    """Then nothing is left to wait: zero differences are staged, and reopening is reopening alone."""
    day = approved(sale("t1"))
    day = fold(polled(day, sale("t1", "9.00")), day)
    back = polled(day, sale("t1"), capture="c")
    (header,) = back
    assert isinstance(header, GenerationStaged)
    assert (header.added, header.changed, header.removed, header.parts) == (0, 0, 0, 0)
    after = fold(back, day)
    assert (after.late_changes, after.waiting, after.staged, after.capture) == (0, False, None, "c")
    assert names(decide_reopen(after)) == ["DayReopened"]
    assert names(polled(after, sale("t1"))) == ["PollUnchanged"]


def test_the_newest_says_where_a_poll_and_another_days_reading_name_one_record() -> None:
    """Whichever came last stands, and going back to what was approved takes it off the list."""
    day = approved(sale("t1"), sale("t2"))
    day = fold(polled(day, sale("t1", "9.00"), sale("t2")), day)
    day = fold(elsewhere(day, here=(sale("t9"),), gone=(sale("t1"),)), day)
    assert {place: change.origin for place, change in day.late.items()} == {
        ("ticket", "t1"): "dated",
        ("ticket", "t9"): "dated",
    }
    assert day.late["ticket", "t1"].read_date == NEXT
    assert keys(as_reopened(day)) == {"t2", "t9"}
    back = fold(elsewhere(day, gone=(sale("t9"),)), day)
    assert set(back.late) == {("ticket", "t1")}
    newest = fold(polled(back, sale("t1", "7.00"), sale("t2")), back)
    assert {place: change.origin for place, change in newest.late.items()} == {("ticket", "t1"): "poll"}


def test_another_window_waits_as_well() -> None:
    """A repoll by another zone changes no record: the approved day keeps its own, and takes it once it is reopened."""
    day = approved(sale("t1"))
    facts = polled(day, sale("t1"), zone="America/Chicago")
    assert names(facts) == ["GenerationStaged"]
    after = fold(facts, day)
    assert (after.zone, after.waiting, after.late_changes) == ("America/New_York", True, 0)
    assert names(polled(after, sale("t1"), zone="America/Chicago")) == ["PollUnchanged"]
    assert names(decide_reopen(after)) == ["DayReopened", "StagedApplied"]
    assert reopened(after).zone == "America/Chicago"


def test_a_staged_replay_waits_for_the_kinds_that_it_derives() -> None:
    """What deriving the day again would change waits like a poll, with the options that it was derived under."""
    day = approved(sale("t1"))
    window = day_window()
    feed = DerivedFeed("c1", 2, "a", (), ("deposit", "punch", "ticket"), {"open_time": True})
    change = fold(polled(day, sale("t1", "9.00")), day).late["ticket", "t1"].after
    made = (
        ReplayApplied(2, "c1", window.zone, window.starts_at, window.ends_at, 0, 1, 0, 1, feeds=(feed,)),
        RecordsChanged(2, 1, (_change(day, "t1", change),)),
    )
    facts = hold_back(day, made)
    assert names(facts) == ["ReplayStaged", "ChangesStaged"]
    after = fold(facts, day)
    assert (after.late["ticket", "t1"].origin, after.configuration) == ("replay", 1)
    again = reopened(after)
    assert (again.configuration, dict(again.feeds["c1"].options)) == (2, {"open_time": True})
    assert summarize(again).feeds[0].options == {"open_time": True}
    assert again.records == fold(made, day).records
    # A poll reads the day under the configuration in force, without what was tried over it.
    assert fold(polled(again, sale("t1", "8.00")), again).feeds["c1"].options == {}


def _change(day: BusinessDay, key: str, after: bytes | None) -> Change:
    before = msgspec.Raw(day.records["ticket"][key])
    return Change("ticket", key, before, ABSENT if after is None else msgspec.Raw(after))


def test_closings_are_numbered() -> None:
    """Approving again is closing 2, with the digest of what is approved then; facts without a number are counted."""
    day = approved(sale("t1"))
    assert (day.closings, day.closing) == (1, "d" * 64)
    day = fold(decide_complete(reopened(day)), reopened(day))
    (fact,) = decide_approve(day, "e" * 64)
    assert fact == DayApproved(1, "e" * 64, 2)
    second = fold([fact], day)
    assert (second.closings, second.closing) == (2, "e" * 64)
    old = fold([DayReopened("approved"), DayApproved(1, "f" * 64)], second)
    assert (old.closings, old.closing) == (3, "f" * 64)


def test_what_was_observed_before_generations_were_staged_comes_in_as_well() -> None:
    """Old facts list at most 250 changes and count the others: what they list is applied, the rest comes by a poll."""
    day = approved(sale("t1"), sale("t2"))
    gone = _change(day, "t1", None)
    day = fold([LateChangeObserved("poll", DATE, "c1", "b", (gone,), 40)], day)
    assert (day.late_changes, day.staged) == (41, None)
    assert fold(elsewhere(day, here=(sale("t9"),)), day).late_changes == 42
    assert names(polled(day, sale("t2"), capture="c")) == ["PollUnchanged"]
    assert fold(polled(day, sale("t2"), capture="c"), day).capture == "a"
    again = reopened(day)
    assert (keys(again), again.late_changes) == ({"t2"}, 0)


def test_a_day_on_which_nothing_waits() -> None:
    """Reopening it is the fact alone, and as reopened it is itself, in progress."""
    day = approved(sale("t1"))
    assert take_staged(day) == ()
    assert as_reopened(day) == replace(day, settled="")
    assert LateChange(b"null") not in day.late.values()


SALES = st.builds(sale, st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["10.00", "9.00"]))
RECORDS = st.lists(SALES | st.builds(Deposit, st.sampled_from(["d1", "d2"]), st.just(500), st.just(DATE)), max_size=5)
ONCE = RECORDS.map(lambda records: tuple({(type(record), record.key): record for record in records}.values()))
STEPS = st.lists(
    st.tuples(st.just("poll"), ONCE, st.sampled_from(["", "America/Chicago"]))
    | st.tuples(st.just("other"), ONCE, ONCE),
    max_size=6,
)


def taken(day: BusinessDay, steps: list[tuple[str, tuple[Record, ...], object]]) -> BusinessDay:
    """The day after these polls, and readings of the next day."""
    for number, (kind, records, more) in enumerate(steps):
        if kind == "poll":
            day = fold(polled(day, *records, capture=f"c{number}", zone=str(more)), day)
        else:
            day = fold(elsewhere(day, here=records, gone=more), day)  # type: ignore[arg-type]
    return day


@settings(deadline=None)
@given(ONCE, STEPS)
def test_a_reopened_day_is_the_day_that_was_never_approved(
    first: tuple[Record, ...], steps: list[tuple[str, tuple[Record, ...], object]]
) -> None:
    """Approved, polled and compensated in any order, and reopened, it is as if nobody had approved it.

    In records, figures and sources; and until it is reopened, nothing of what was approved changes.
    """
    day = fold(polled(NEW_DAY, *first, capture="a"))
    closed = approved(*first)
    held = taken(closed, steps)
    assert (held.records, held.generation, held.zone) == (closed.records, closed.generation, closed.zone)
    assert as_reopened(held).records == reopened(held).records
    free, again = taken(day, steps), reopened(held)
    assert _without_numbers(again) == _without_numbers(free)
    assert _without_numbers(taken(again, steps[-1:])) == _without_numbers(taken(free, steps[-1:]))


def _without_numbers(day: BusinessDay) -> tuple[object, ...]:
    """Records, figures, captures and notes, without the number of the generation."""
    records = {kind: known for kind, known in day.records.items() if known}
    return records, summary_bytes(summarize(replace(day, generation=1))), day.feeds


@pytest.mark.parametrize("count", [0, 1, 250, 251, 1000])
def test_no_number_of_changes_is_too_large_to_wait(count: int) -> None:
    """Every change is in a fact of at most 250, and all of them come in."""
    day = approved()
    facts = polled(day, *[sale(f"t{number}") for number in range(count)])
    listed = [len(fact.changes) for fact in facts if isinstance(fact, ChangesStaged)]
    assert (sum(listed), max(listed, default=0) <= 250) == (count, True)
    after = reopened(fold(facts, day))
    assert len(after.records.get("ticket", {})) == count


def test_what_the_day_takes_says_where_it_comes_from() -> None:
    """The fact of taking it names every source with its capture."""
    day = approved(sale("t1"))
    day = fold(polled(day, sale("t1", "9.00")), day)
    _, applied, _ = decide_reopen(day)
    assert isinstance(applied, StagedApplied)
    assert applied.feeds == (DerivedFeed("c1", 1, "b", (), ("deposit", "punch", "ticket")),)
