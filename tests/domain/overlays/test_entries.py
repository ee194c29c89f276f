"""Deposits, comments and tags that people enter: what is taken, what is refused, and what the summary says."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.business_day import NEW_DAY
from domain.facts import DayApproved, DayCompleted
from domain.overlays import (
    BadEntry,
    ConflictOpen,
    DayIsApproved,
    NothingEntered,
    TooManyEntries,
    decide_comment,
    decide_deposit,
    decide_tag,
    decide_withdraw,
)
from domain.overlays.entries import LONGEST_COMMENT, MOST_COMMENTS, MOST_DEPOSITS, MOST_TAGS
from domain.polling import Options
from domain.polling.translation import BadKey
from domain.summary import plain_summary, summarize, summary_bytes, summary_of_bytes
from tests.domain.build import DATE, item, paid, punch, ticket
from tests.domain.overlays.days import Story, deposit

CASH = ticket("t1", items=(item("240.00"),), payments=(paid("240.00"),))


def test_a_manual_deposit_makes_over_short_known() -> None:
    """With deposits switched off over/short is unknown, until somebody enters what was taken to the bank."""
    story = Story(CASH, options=Options(disable_deposits_import=True))
    before = story.summary
    story.record(decide_deposit(story.day, DATE, 23_000, "17"))
    after = story.summary
    assert (before.over_short_cents, after.total_deposit_cents, after.over_short_cents) == (None, 23_000, -1_000)
    assert [(line.name, line.amount_cents) for line in story.summary.deposits] == [("17", 23_000)]


def test_a_manual_deposit_is_changed() -> None:
    """Amount and number one by one; the same again records nothing."""
    story = Story(CASH)
    story.record(decide_deposit(story.day, DATE, 23_000, None))
    story.record(decide_deposit(story.day, DATE, 24_000, None, "daybook:1"))
    story.record(decide_deposit(story.day, DATE, None, "17", "daybook:1"))
    assert story.names == ["OverlayEntered"]
    assert [(line.name, line.amount_cents) for line in story.summary.deposits] == [("17", 24_000)]
    assert decide_deposit(story.day, DATE, 24_000, "17", "daybook:1") == ()
    assert story.summary.over_short_cents == 0


@pytest.mark.parametrize(
    ("amount", "number", "said"),
    [
        (None, None, "needs an amount"),
        (None, "17", "needs an amount"),
        (0, None, "more than 0.00"),
        (-1, None, "more than 0.00"),
        (10**9, None, "less than 10,000,000.00"),
        (1, "x" * 65, "up to 64 characters"),
        (1, "a\x00b", "on one line"),
    ],
)
def test_what_is_no_deposit(amount: int | None, number: str | None, said: str) -> None:
    """An amount above nothing, and a number that can be read."""
    with pytest.raises(BadEntry, match=said):
        decide_deposit(NEW_DAY, DATE, amount, number)


def test_only_deposits_that_were_entered_here_are_changed() -> None:
    """The source's are changed at the source; a change has to say something."""
    story = Story(deposit("d1", 100))
    with pytest.raises(NothingEntered, match="the source's change there"):
        decide_deposit(story.day, DATE, 200, None, "d1")
    story.record(decide_deposit(story.day, DATE, 200, None))
    with pytest.raises(BadEntry, match="needs an amount"):
        decide_deposit(story.day, DATE, None, None, "daybook:1")


def test_deposits_in_conflict_are_resolved_first() -> None:
    """While a deposit of the source is in conflict nobody enters, changes or withdraws some of the manual ones."""
    story = Story(punch())
    story.record(decide_deposit(story.day, DATE, 200, None))
    story.record(decide_deposit(story.day, DATE, 300, None))
    story.poll(deposit("d1", 100))
    decisions: list[Callable[[], Any]] = [
        lambda: decide_deposit(story.day, DATE, 1, None),
        lambda: decide_deposit(story.day, DATE, 1, None, "daybook:1"),
        lambda: decide_withdraw(story.day, "deposit", "daybook:1"),
    ]
    for decide in decisions:
        with pytest.raises(ConflictOpen, match="deposit/d1 is in conflict"):
            decide()


def test_deposit_and_comment_survive() -> None:
    """What was entered before the first poll and after it stands, whatever is polled since."""
    story = Story()
    story.record(decide_comment(story.day, "  The fryer broke at seven.  ", "cli:anna"))
    story.record(decide_deposit(story.day, DATE, 24_000, "17"))
    story.record(decide_tag(story.day, "street fair", "cli:anna"))
    assert story.day.state == "missing"
    story.poll(CASH)
    story.poll(CASH, punch())
    story.poll(CASH)
    summary = story.summary
    assert [(line.key, line.text, line.by) for line in summary.comments] == [
        ("daybook:1", "The fryer broke at seven.", "cli:anna")
    ]
    assert (summary.tags, summary.total_deposit_cents, summary.over_short_cents) == (("street fair",), 24_000, 0)


def test_comments_and_tags_stand_at_the_end_of_the_summary() -> None:
    """In the order of entering and of the alphabet; where there are none the bytes are those of releases before."""
    story = Story(CASH)
    old = summary_bytes(story.summary)
    assert b"comments" not in old
    assert plain_summary(old)["comments"] == plain_summary(old)["tags"] == []
    for text in ("second thoughts", "a first one"):
        story.record(decide_comment(story.day, text, "cli:anna"))
    for tag in ("rain", "fair"):
        story.record(decide_tag(story.day, tag, "cli:anna"))
    summary = story.summary
    assert [line.text for line in summary.comments] == ["second thoughts", "a first one"]
    assert summary.tags == ("fair", "rain")
    assert summary_of_bytes(summary_bytes(summary)) == summary
    assert list(plain_summary(summary))[-2:] == ["comments", "tags"]
    story.record(decide_withdraw(story.day, "comment", "daybook:1"))
    story.record(decide_withdraw(story.day, "comment", "daybook:2"))
    story.record(decide_withdraw(story.day, "tag", "rain"))
    story.record(decide_withdraw(story.day, "tag", "fair"))
    assert summary_bytes(summarize(story.day)) == old


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST_COMMENT + 1), "a\nb", "a\x00b", "a\u2028b", "\ud800"])
def test_what_is_no_comment(text: str) -> None:
    """Nothing, too much, and what is not one line of text."""
    with pytest.raises(BadEntry, match="1 to 2000 characters on one line"):
        decide_comment(NEW_DAY, text, "cli:anna")


@pytest.mark.parametrize("tag", ["", " ", "-", "a,b", "a/b", "x" * 65, "a\nb", "a\x00", "(x)"])
def test_what_is_no_tag(tag: str) -> None:
    """Tags are plain words."""
    with pytest.raises(BadEntry, match="is no tag"):
        decide_tag(NEW_DAY, tag, "cli:anna")


@pytest.mark.parametrize("tag", ["a", "Straßenfest", "4th of July", "R&B", "C+", "Dr. No", "re-opening"])
def test_what_is_a_tag(tag: str) -> None:
    """Words of any language, with what stands between them."""
    story = Story()
    story.record(decide_tag(story.day, f" {tag} ", "cli:anna"))
    assert list(story.day.overlays) == [("tag", tag)]
    assert decide_tag(story.day, tag, "cli:bob") == ()


def _times(count: int, decide: Callable[[Story, int], tuple[Any, ...]]) -> Story:
    story = Story()
    for number in range(count):
        story.record(decide(story, number))
    return story


def test_entries_of_a_day_are_bounded() -> None:
    """So many comments, tags and deposits, and no more; a deposit that is there can still be changed."""
    comments = _times(MOST_COMMENTS, lambda story, number: decide_comment(story.day, f"{number}", "a"))
    with pytest.raises(TooManyEntries, match="200 entries of the kind 'comment'"):
        decide_comment(comments.day, "one more", "a")
    tags = _times(MOST_TAGS, lambda story, number: decide_tag(story.day, f"t{number}", "a"))
    with pytest.raises(TooManyEntries):
        decide_tag(tags.day, "one more", "a")
    deposits = _times(MOST_DEPOSITS, lambda story, number: decide_deposit(story.day, DATE, 1 + number, None))
    with pytest.raises(TooManyEntries):
        decide_deposit(deposits.day, DATE, 1, None)
    assert decide_deposit(deposits.day, DATE, 99, None, "daybook:1")


def test_an_approved_day_takes_no_entry() -> None:
    """Deposits, comments, tags and withdrawals wait until the day is reopened."""
    story = Story(CASH)
    story.record(decide_tag(story.day, "fair", "a"))
    story.record((DayCompleted(1), DayApproved(1, "d")))
    decisions: list[Callable[[], Any]] = [
        lambda: decide_deposit(story.day, DATE, 1, None),
        lambda: decide_comment(story.day, "x", "a"),
        lambda: decide_tag(story.day, "x", "a"),
        lambda: decide_withdraw(story.day, "tag", "fair"),
    ]
    for decide in decisions:
        with pytest.raises(DayIsApproved, match="reopen it first"):
            decide()


@pytest.mark.parametrize(("kind", "key"), [("comment", "daybook:1"), ("punch", "s1"), ("nonsense", "x")])
def test_what_was_not_entered_cannot_be_withdrawn(kind: str, key: str) -> None:
    """Only what somebody entered here is taken back."""
    with pytest.raises(NothingEntered, match=f"Nothing was entered as {kind}/{key}"):
        decide_withdraw(Story(punch()).day, kind, key)


def test_a_key_of_ours_is_no_sources() -> None:
    """A source that names a record as entries here are named is not understood: nothing can collide."""
    with pytest.raises(BadKey, match="names that begin so are those of entries made here"):
        Story(deposit("daybook:1", 100))
