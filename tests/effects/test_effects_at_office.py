"""A part of the runs of ``python -m tests.effects.at_office``, in every run of the tests."""

from tests.effects.at_office import run


def test_no_entry_is_at_24sevenoffice_twice_and_none_is_forgotten() -> None:
    """Gateways that give up, cut answers, ended tokens, searches that lag, killed workers: once, or visibly not."""
    came = run(4, 10)
    assert came["told"] == []
    assert came["effects"] >= 10
    assert came["happened"].keys() >= {"killed after sending", "ledger: gateway-error", "ledger: cut-answer"}
    assert came["happened"]["lag of 10800 s"] == came["happened"]["lag of 840 s"] == 1
    assert came["happened"]["hidden from the search"]
