"""When HR systems have to be pulled: a question of what is recorded and the clock."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.due import Rules
from domain.due.pulling import Pulling, pull_due

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
FINE = Pulling("hr", tried_at=NOW - dt.timedelta(minutes=5), whole_at=NOW - dt.timedelta(hours=9))
RULES = Rules()


def hours(number: float) -> dt.datetime:
    """So many hours before now."""
    return NOW - dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("pulling", "way", "not_before"),
    [
        (Pulling("hr"), "whole", NOW),
        (FINE, "incremental", NOW + dt.timedelta(minutes=10)),
        (replace(FINE, tried_at=hours(72), whole_at=hours(5)), "incremental", hours(72) + dt.timedelta(minutes=15)),
        (replace(FINE, whole_at=hours(11)), "whole", hours(10)),
        (replace(FINE, tried_at=hours(80), whole_at=hours(80)), "whole", hours(10)),
        (Pulling("hr", tried_at=hours(1), failures=1), "whole", hours(0.75)),
        (Pulling("hr", tried_at=hours(1), failures=3), "whole", NOW),
        (Pulling("hr", tried_at=hours(1), failures=1, retryable=False), "whole", NOW + dt.timedelta(hours=5)),
        (Pulling("hr", tried_at=hours(1), failures=1, retry_at=NOW + dt.timedelta(hours=2)), "whole", hours(-2)),
        (replace(FINE, failures=1), "incremental", NOW + dt.timedelta(minutes=10)),
    ],
)
def test_what_is_due(pulling: Pulling, way: str, not_before: dt.datetime) -> None:
    """Everybody at first and once a night, else who changed; after a failure not before its pause."""
    found = pull_due(pulling, NOW, RULES)
    assert found is not None
    assert (found.way, found.not_before, found.connection) == (way, not_before, "hr")
    assert found.is_due(NOW) is (not_before <= NOW)
    assert found.reason


def test_the_night_is_that_of_yesterday_until_it_comes() -> None:
    """By the time of day that the setting says."""
    early = NOW.replace(hour=1)
    read = replace(FINE, whole_at=early - dt.timedelta(hours=20))
    found = pull_due(read, early, RULES)
    assert found is not None
    assert found.way == "incremental"
    later = pull_due(read, NOW, RULES, night=dt.time(11, 30))
    assert later is not None
    assert (later.way, later.not_before) == ("whole", NOW.replace(hour=11, minute=30))


def test_what_is_suspended_is_not_pulled() -> None:
    """However long ago it was."""
    assert pull_due(replace(FINE, halted=True), NOW, RULES) is None
