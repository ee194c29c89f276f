"""What the facts about entries change of what is shown."""

import msgspec
import pytest

from domain.facts import ABSENT, ConflictRaised, ConflictResolved, OverlayAgreed, OverlayFact, OverlayWithdrawn

OURS, THEIRS = msgspec.Raw(b'{"id":"1"}'), msgspec.Raw(b'{"id":"2"}')

CHANGES: list[tuple[OverlayFact, msgspec.Raw, msgspec.Raw]] = [
    (OverlayWithdrawn("punch", "1", OURS, THEIRS), OURS, THEIRS),
    (OverlayAgreed("punch", "1", OURS, THEIRS), OURS, THEIRS),
    (ConflictRaised("punch", "1", OURS, THEIRS), OURS, THEIRS),
    (ConflictRaised("deposit", "1", OURS, THEIRS), ABSENT, THEIRS),
    (ConflictResolved("punch", "1", "ours", OURS, THEIRS), OURS, OURS),
    (ConflictResolved("punch", "1", "theirs", OURS, THEIRS), OURS, THEIRS),
    (ConflictResolved("deposit", "1", "ours", OURS, THEIRS), ABSENT, ABSENT),
    (ConflictResolved("deposit", "1", "both", OURS, THEIRS), ABSENT, THEIRS),
]


@pytest.mark.parametrize(("fact", "before", "after"), CHANGES)
def test_each_fact_says_what_it_changes(fact: OverlayFact, before: msgspec.Raw, after: msgspec.Raw) -> None:
    """Before and after, as history shows them: a deposit of the source is another one than ours."""
    change = fact.change
    assert (change.kind, change.key, change.before, change.after) == (fact.kind, fact.key, before, after)
