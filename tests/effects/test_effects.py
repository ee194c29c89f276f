"""A part of the runs of ``python -m tests.effects``, in every run of the tests."""

from tests.effects.__main__ import run
from tests.effects.world import UNKNOWN_SECONDS


def test_no_effect_is_there_twice_and_none_is_forgotten() -> None:
    """Refusals, lost and late answers, killed workers, a database that is away: each effect once, or visibly not."""
    came = run(100)
    assert came["told"] == []
    assert came["effects"] >= 100
    assert came["longest_unknown_seconds"] <= UNKNOWN_SECONDS
    happened = came["happened"]
    assert happened["killed after sending"]
    assert happened["killed before recording"]
    assert happened["lost after"]
    assert happened["late"]
