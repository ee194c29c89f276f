"""Both sides change: given an edit here, when the source changes too, then a conflict, and nothing is overwritten."""

from typing import Any

import msgspec
import pytest

from domain.business_day import NEW_DAY, fold, with_conflicts
from domain.facts import (
    ABSENT,
    Change,
    ConflictRaised,
    ConflictResolved,
    DayApproved,
    DayCompleted,
    OverlayAgreed,
    OverlayWithdrawn,
    RecordsChanged,
)
from domain.overlays import (
    BadSide,
    DayIsApproved,
    NoSuchConflict,
    PunchFields,
    Side,
    decide_add_punch,
    decide_deposit,
    decide_edit_punch,
    decide_resolve,
    decide_strike_punch,
    decide_withdraw,
)
from domain.polling import Options
from domain.records import Record, canonical
from domain.settling import decide_reopen
from tests.domain.build import DATE, at, punch
from tests.domain.overlays.days import OPEN, PLACE, Story, deposit


def edited(*, policy: str = "ask", **fields: Any) -> Story:
    """A day with a punch that nobody ended at the source, and that was ended here at 22:00."""
    story = Story(OPEN, policy=policy)
    given: dict[str, Any] = fields or {"clock_out": at("22:00")}
    story.record(decide_edit_punch(story.day, "s1", PunchFields(**given), PLACE))
    return story


def resolve(story: Story, kind: str, key: str, side: Side) -> None:
    """Say which side stands."""
    story.record(decide_resolve(story.day, kind, key, side))


def test_edits_lost_by_a_repoll() -> None:
    """An unchanged repoll, and one that changes other records, leave the edit as it is, and raise nothing."""
    story = edited()
    shown = story.shown()
    story.poll(OPEN)
    assert story.names == ["PollUnchanged"]
    story.poll(OPEN, punch("s2"))
    assert story.names == ["DayPolled", "RecordsChanged"]
    assert (story.shown(), story.conflicts) == (shown, [])


def test_source_edits_ignored_without_notice() -> None:
    """The source says 23:00 after 22:00 was entered here: ours counts, and the conflict is listed."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    assert story.names == ["DayPolled", "RecordsChanged", "ConflictRaised"]
    raised = story.last[-1]
    assert isinstance(raised, ConflictRaised)
    assert (raised.ours, raised.theirs) == (
        _raw(punch(clock_out="22:00")),
        _raw(punch(clock_out="23:00")),
    )
    assert raised.generation == 2
    assert story.hours == 8
    assert b"T23:00" in story.day.records["punch"]["s1"]
    (issue,) = story.summary.issues
    assert (issue.code, issue.record) == ("conflict", "punch/s1")
    assert "ours 8.00 h at 15.00 (120.00) count; the source says 9.00 h at 15.00 (135.00)" in issue.message


def _raw(record: Record) -> msgspec.Raw:
    return msgspec.Raw(canonical(record)[2])


def test_a_conflict_is_told_once_and_follows_the_source() -> None:
    """A repoll that finds the same tells nothing again; another change at the source is shown in its place."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    story.poll(punch(clock_out="23:00"), punch("s2"))
    assert story.names == ["DayPolled", "RecordsChanged"]
    story.poll(punch(clock_out="23:30"), punch("s2"))
    assert story.names == ["DayPolled", "RecordsChanged", "ConflictRaised"]
    assert b"T23:30" in (story.day.conflicts["punch", "s1"].theirs or b"")


def test_ours_stands_until_the_source_changes_again() -> None:
    """Resolved for ours the conflict is gone; the source's next change is a conflict again."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    resolve(story, "punch", "s1", "ours")
    assert (story.conflicts, story.hours) == ([], 8)
    story.poll(punch(clock_out="23:00"), punch("s2"))
    assert story.conflicts == []
    story.poll(punch(clock_out="23:30"), punch("s2"))
    assert story.conflicts == ["punch/s1"]


def test_theirs_ends_the_edit() -> None:
    """Resolved for theirs the punch is the source's again, now and from then on."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    resolve(story, "punch", "s1", "theirs")
    assert (story.conflicts, story.day.overlays, story.hours) == ([], {}, 9)
    story.poll(punch(clock_out="20:00"))
    assert (story.names, story.hours) == (["DayPolled", "RecordsChanged"], 6)


def test_withdrawing_an_edit_in_conflict_resolves_it() -> None:
    """Who withdraws the edit decides for the source: both are recorded."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    story.record(decide_withdraw(story.day, "punch", "s1"))
    assert story.names == ["OverlayWithdrawn", "ConflictResolved"]
    assert (story.conflicts, story.day.shown) == ([], story.day.records)


def test_a_punch_that_vanished_at_the_source_stays_shown() -> None:
    """What was edited here and is gone at the source counts until somebody decides, either way."""
    story = edited()
    story.poll(punch("s2"))
    assert story.conflicts == ["punch/s1"]
    assert story.hours == 16
    assert "the source has it no longer" in story.summary.issues[0].message
    resolve(story, "punch", "s1", "ours")
    story.poll(punch("s2"), punch("s3"))
    assert (story.conflicts, story.hours) == ([], 24)
    story.poll(OPEN, punch("s2"))
    assert story.conflicts == ["punch/s1"]
    resolve(story, "punch", "s1", "theirs")
    assert story.hours == 8


def test_the_source_comes_to_say_the_same() -> None:
    """Where the source comes to say what was edited, both agree; what it says beside that is taken over."""
    story = edited()
    story.poll(punch(clock_out="22:00", terminal="HQ"))
    assert story.names == ["DayPolled", "RecordsChanged", "OverlayAgreed"]
    assert isinstance(story.last[-1], OverlayAgreed)
    shown = story.shown()
    assert shown
    assert (shown.terminal, story.conflicts) == ("HQ", [])
    story.poll(OPEN)
    assert story.conflicts == ["punch/s1"]
    assert story.hours == 8


def test_an_agreement_ends_a_conflict() -> None:
    """A conflict about which the source comes round is over."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    story.poll(punch(clock_out="22:00"))
    assert (story.names[-1], story.conflicts) == ("OverlayAgreed", [])


def test_the_source_takes_its_change_back() -> None:
    """A conflict ends where the source says again what it said when the edit was made: ours stands."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    story.poll(OPEN)
    resolved = story.last[-1]
    assert isinstance(resolved, ConflictResolved)
    assert (resolved.side, resolved.ground, story.conflicts) == ("ours", "taken-back", [])
    assert story.hours == 8


def test_another_option_is_no_change_at_the_source() -> None:
    """Where the configuration alone makes another record of an edited punch, the source said nothing new."""
    story = edited()
    story.options = Options(allow_24_hour_punches=True)
    story.poll(OPEN)
    assert (story.names, story.conflicts, story.hours) == (["DayPolled", "RecordsChanged"], [], 8)
    story.poll(punch(clock_out="23:00"))
    assert story.conflicts == ["punch/s1"]


def test_a_struck_punch_that_the_source_changes() -> None:
    """Struck out here and changed there is a conflict; struck out here and gone there is an agreement that lasts."""
    story = Story(punch())
    story.record(decide_strike_punch(story.day, "s1"))
    story.poll(punch(clock_out="23:00"))
    assert (story.conflicts, story.hours) == (["punch/s1"], 0)
    assert "ours is struck out; the source says 9.00 h" in story.summary.issues[0].message
    resolve(story, "punch", "s1", "ours")
    story.poll()
    assert (story.names[-1], story.conflicts, story.shown()) == ("OverlayAgreed", [], None)
    story.poll(punch())
    assert (story.conflicts, story.shown()) == (["punch/s1"], None)


def test_a_punch_that_was_added_here_is_in_nobodys_way() -> None:
    """Polls leave a punch that the source does not know as it is."""
    story = Story(punch())
    added = PunchFields(clock_in=at("16:00"), clock_out=at("20:00"), job="j1")
    story.record(decide_add_punch(story.day, "e1", added, DATE, PLACE))
    story.poll(punch(clock_out="21:00"))
    assert (story.names, story.hours) == (["DayPolled", "RecordsChanged"], 11)


@pytest.mark.parametrize(("policy", "hours", "overlays"), [("ours", 8, 1), ("theirs", 9, 0)])
def test_a_stated_policy_decides_and_says_so(policy: str, hours: int, overlays: int) -> None:
    """With the option set the conflict is raised and resolved in the same commit: in the history, not in the list."""
    story = edited(policy=policy)
    story.poll(punch(clock_out="23:00"))
    assert story.names == ["DayPolled", "RecordsChanged", "ConflictRaised", "ConflictResolved"]
    resolved = story.last[-1]
    assert isinstance(resolved, ConflictResolved)
    assert (resolved.side, resolved.ground) == (policy, "policy")
    assert (story.conflicts, story.hours, len(story.day.overlays)) == ([], hours, overlays)


def test_an_approved_day_raises_nothing_until_it_takes_the_change() -> None:
    """A change after approval waits outside the records, and so does the conflict; nobody resolves one meanwhile."""
    story = edited()
    story.poll(punch(clock_out="23:00"))
    story.record((DayCompleted(2), DayApproved(2, "d")))
    with pytest.raises(DayIsApproved):
        decide_resolve(story.day, "punch", "s1", "ours")
    story.poll(punch(clock_out="23:30"))
    assert story.names == ["GenerationStaged", "ChangesStaged"]
    known = story.day.conflicts
    story.record(with_conflicts(story.day, decide_reopen(story.day)))
    assert story.names[-1] == "ConflictRaised"
    assert story.day.conflicts.keys() == known.keys()
    assert story.day.conflicts != known


def test_a_day_whose_records_went_away_and_came_back() -> None:
    """Whatever takes all records away (a deleted summary) and reads them again is no conflict with what was entered."""
    story = edited()
    story.record(decide_deposit(story.day, DATE, 24_000, None))
    records = story.day.records
    theirs = msgspec.Raw(records["punch"]["s1"])
    gone = RecordsChanged(2, 1, (Change("punch", "s1", theirs, ABSENT),))
    empty = fold([gone], story.day)
    facts = with_conflicts(empty, (RecordsChanged(3, 1, (Change("punch", "s1", ABSENT, theirs),)),))
    assert len(facts) == 1
    assert fold(facts, empty).records == records


def test_facts_that_change_no_record_raise_nothing() -> None:
    """Only what changes records can be in conflict; a day on which nothing was entered never is."""
    story = edited()
    assert with_conflicts(story.day, (DayCompleted(1),)) == (DayCompleted(1),)
    changed = (RecordsChanged(1, 1, ()),)
    assert with_conflicts(NEW_DAY, changed) == changed


def test_what_cannot_be_resolved() -> None:
    """There has to be a conflict, and a punch is shown once."""
    story = edited()
    with pytest.raises(NoSuchConflict, match=r"punch/s1 is in no conflict on this day\. Open ones: none"):
        decide_resolve(story.day, "punch", "s1", "ours")
    story.poll(punch(clock_out="23:00"))
    with pytest.raises(NoSuchConflict, match="Open ones: punch/s1"):
        decide_resolve(story.day, "deposit", "s1", "ours")
    with pytest.raises(BadSide, match="Both is for deposits"):
        decide_resolve(story.day, "punch", "s1", "both")


def with_deposit(cents: int = 24_000) -> Story:
    """A day with a manual deposit and none of the source."""
    story = Story(punch())
    story.record(decide_deposit(story.day, DATE, cents, "17"))
    return story


def test_a_deposit_of_the_source_never_goes_over_a_manual_one() -> None:
    """It comes for a day with a manual deposit: that one counts, and the conflict shows both."""
    story = with_deposit()
    story.poll(punch(), deposit("d1", 25_000))
    assert (story.conflicts, story.deposits) == (["deposit/d1"], {"daybook:1": 24_000})
    assert story.summary.total_deposit_cents == 24_000
    (issue,) = story.summary.issues
    assert issue.message.startswith(
        "Deposit d1 of 250.00 came from the source for a day with manual deposits of 240.00: only these count."
    )
    story.poll(punch(), deposit("d1", 25_000), deposit("d2", 100))
    assert story.conflicts == ["deposit/d1", "deposit/d2"]
    story.poll(punch(), deposit("d1", 25_500), deposit("d2", 100))
    assert story.day.conflicts["deposit", "d1"].theirs == canonical(deposit("d1", 25_500))[2]


@pytest.mark.parametrize(
    ("side", "deposits"),
    [
        ("ours", {"daybook:1": 24_000}),
        ("theirs", {"d1": 25_000}),
        ("both", {"d1": 25_000, "daybook:1": 24_000}),
    ],
)
def test_ours_theirs_or_both(side: Side, deposits: dict[str, int]) -> None:
    """Somebody says which deposits of the day count."""
    story = with_deposit()
    story.poll(punch(), deposit("d1", 25_000))
    resolve(story, "deposit", "d1", side)
    assert (story.deposits, story.conflicts) == (deposits, [])
    story.poll(punch(), deposit("d1", 25_000), punch("s2"))
    assert (story.deposits, story.conflicts) == (deposits, [])


def test_a_deposit_that_was_set_aside_and_changes_is_asked_about_again() -> None:
    """What somebody decided was about that amount; one that was accepted is just the source's, as it changes."""
    story = with_deposit()
    story.poll(punch(), deposit("d1", 25_000))
    resolve(story, "deposit", "d1", "ours")
    story.poll(punch(), deposit("d1", 25_100))
    assert story.conflicts == ["deposit/d1"]
    resolve(story, "deposit", "d1", "both")
    story.poll(punch(), deposit("d1", 25_200))
    assert (story.conflicts, story.deposits["d1"]) == ([], 25_200)


def test_deposits_that_were_there_before_count_beside_a_manual_one() -> None:
    """Who enters a deposit sees those of the source: the new one is beside them."""
    story = Story(deposit("d1", 100))
    story.record(decide_deposit(story.day, DATE, 24_000, None))
    assert story.deposits == {"d1": 100, "daybook:1": 24_000}
    story.poll(deposit("d1", 200))
    assert (story.deposits, story.conflicts) == ({"d1": 200, "daybook:1": 24_000}, [])


def test_with_the_last_manual_deposit_nothing_stands_against_the_sources() -> None:
    """Withdrawing it resolves every conflict for the source's, those that were set aside too."""
    story = with_deposit()
    story.poll(deposit("d1", 25_000), deposit("d2", 100), deposit("d3", 1))
    resolve(story, "deposit", "d3", "ours")
    story.record(decide_withdraw(story.day, "deposit", "daybook:1"))
    assert story.names == ["OverlayWithdrawn", "ConflictResolved", "ConflictResolved"]
    assert (story.conflicts, story.day.shown, story.day.entered.answers) == ([], story.day.records, {})


def test_theirs_takes_the_place_of_all_manual_deposits() -> None:
    """One deposit of the source in the place of ours ends them all, and with them the other conflicts."""
    story = with_deposit()
    story.record(decide_deposit(story.day, DATE, 500, None))
    story.poll(deposit("d1", 25_000), deposit("d2", 100))
    resolve(story, "deposit", "d1", "theirs")
    assert [type(fact) for fact in story.last] == [OverlayWithdrawn] * 2 + [ConflictResolved] * 2
    assert (story.deposits, story.conflicts) == ({"d1": 25_000, "d2": 100}, [])


def test_the_source_takes_a_deposit_back() -> None:
    """A deposit in conflict that is gone at the source is in conflict no longer."""
    story = with_deposit()
    story.poll(deposit("d1", 25_000))
    story.poll()
    assert (story.names[-1], story.conflicts) == ("ConflictResolved", [])
    assert story.deposits == {"daybook:1": 24_000}
