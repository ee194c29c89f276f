"""A part of the runs of ``python -m tests.effects.at_intacct``, in every run of the tests."""

from tests.effects.at_intacct import run


def test_no_effect_is_at_intacct_twice_and_none_is_forgotten() -> None:
    """Gateways that give up, attacks, cut answers, ended sessions, killed workers: each effect once, or visibly not."""
    came = run(3)
    assert came["told"] == []
    assert came["effects"] >= 10
    assert came["happened"].keys() >= {"killed after sending", "gateway: cut", "gateway: gateway", "gateway: bomb"}
