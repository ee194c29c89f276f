"""A part of the runs of ``python -m tests.effects.at_webhooks``, in every run of the tests."""

from tests.effects.at_webhooks import run


def test_no_notice_is_taken_twice_and_none_is_forgotten() -> None:
    """Receivers that refuse, cut and forget, secrets that are changed, killed workers: once, or visibly not."""
    came = run(3, seed=3, objects=8)
    assert came["told"] == []
    assert came["effects"] >= 10
    happened = came["happened"]
    assert happened.keys() >= {"killed after sending", "receiver: gateway-error", "receiver: cut-answer", "rotated"}
    assert happened["deliveries"] > came["effects"]
