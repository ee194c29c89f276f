"""A part of the runs of ``python -m tests.effects.at_office``, in every run of the tests."""

from tests.effects.at_office import run


def test_no_entry_is_at_24sevenoffice_twice_and_none_is_forgotten() -> None:
    """Gateways that give up, cut answers, ended tokens, closed periods, killed workers: once, or visibly not."""
    came = run(3)
    assert came["told"] == []
    assert came["effects"] >= 10
    assert came["happened"].keys() >= {"killed after sending", "ledger: gateway-error", "ledger: cut-answer"}
