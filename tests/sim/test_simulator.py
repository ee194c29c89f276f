"""A short run of the simulator, what it finds, and that one seed is one history."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from adapters.pos.tray.gathering import Gathering
from adapters.pos.tray.whole import WholeDay
from domain import differences
from domain.business_day import NEW_DAY, BusinessDay, folding, reading
from domain.commands import poll_day as polling
from domain.facts import PollUnchanged
from tests.sim.__main__ import main, polls
from tests.sim.faults import EVERY
from tests.sim.running import run

SEEDS = range(9_000, 9_012)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_different(seed: int) -> None:
    """A world of this seed, with all kinds of faults, ends whole: every law of the checks held after every step."""
    result = run(seed, 100)
    assert result.violation == ""
    assert result.steps == 100
    assert result.counts["facts"] > 20


@pytest.mark.slow
def test_a_source_that_shifts_is_never_mixed() -> None:
    """Where rows come, go and move between pages, each recorded poll is of one moment of the source."""
    counts = Counter[str]()
    for seed in range(9_100, 9_104):
        result = run(seed, 80, "shifting")
        assert result.violation == ""
        counts.update(result.counts)
    made = polls(counts)
    assert made["made"] == made["stored"] + made["unstable"]
    assert made["stored"] > made["held against the source"] > made["held against a shifting source"] > 0


@pytest.mark.slow
def test_one_seed_is_one_history(capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed gives the same log to the byte, in another process with another hash seed and another zone."""
    assert main(["--seeds", "9200:9202", "--steps", "60", "--jobs", "1", "--twice"]) == 0
    assert '"unequal": []' in capsys.readouterr().out


def test_there_are_more_faults_than_were_asked_for() -> None:
    """At least 60 kinds of faults can come."""
    assert len(set(EVERY)) == len(EVERY) >= 60


Plant = Callable[[pytest.MonkeyPatch], None]


def _forgets_removals(patch: pytest.MonkeyPatch) -> None:
    real = differences.changes
    patch.setattr(reading, "changes", lambda *a: [change for change in real(*a) if change.operation != "removed"])


def _never_unchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "PollUnchanged", _Never)


class _Never:
    def __new__(cls, attempt: Any, generation: int, capture: str) -> Any:
        return PollUnchanged(attempt, generation + 1, capture)


def _records_part_of_a_failed_day(patch: pytest.MonkeyPatch) -> None:
    for name in ("_sweep", "_sweep_labor"):
        patch.setattr(WholeDay, name, lambda *_, **__: None)
    patch.setattr(Gathering, "compare_payments", lambda _: None)


def _reads_once_what_is_short(patch: pytest.MonkeyPatch) -> None:
    real = WholeDay._sweep

    def sweep(day: WholeDay, resource: str) -> None:
        if resource in {"checks", "payments", "time-entries"}:
            real(day, resource)

    patch.setattr(WholeDay, "_sweep", sweep)


def _forgets_the_last_part(patch: pytest.MonkeyPatch) -> None:
    real = differences.apply

    def applied(records: Any, changes: Any) -> None:
        real(records, changes[:-1] if len(changes) > 1 else changes)

    patch.setattr(folding, "apply", applied)


def _does_not_know_its_commands(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(polling, "recorded_outcome", lambda *_: None)
    patch.setattr("tests.support.fakes.MemoryJournal.receipt", lambda *_: None)


def _seals_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tests.support.fake_vault.MemoryVault.seal", lambda _self, _client, _person, fields: dict(fields))


def _as_of_forgets_the_moment(patch: pytest.MonkeyPatch) -> None:
    real = folding.fold
    calls = {"n": 0}

    def fold(facts: Any, day: BusinessDay = NEW_DAY) -> BusinessDay:
        calls["n"] += 1
        folded = real(facts, day)
        return dataclasses.replace(folded, attempts=folded.attempts) if calls["n"] % 97 else day

    patch.setattr("domain.business_day.fold", fold)


PLANTED: dict[str, Plant] = {
    "removals are forgotten": _forgets_removals,
    "an unchanged day counts on": _never_unchanged,
    "a day that changed while it was read is taken": _records_part_of_a_failed_day,
    "what is short is read once": _reads_once_what_is_short,
    "the last change of a part is lost": _forgets_the_last_part,
    "a command is recorded twice": _does_not_know_its_commands,
    "personal data is not sealed": _seals_nothing,
    "a load forgets what it read": _as_of_forgets_the_moment,
}
"""Bugs by what they do; each was or could be made."""

SHIFTING: dict[str, tuple[range, int, str]] = {
    "a day that changed while it was read is taken": (range(9_337, 9_352), 160, "shifting"),
    "what is short is read once": (range(21_006, 21_016), 25, "shifting"),
}
"""Those that are found where a source changes while it is read: from which worlds, in how many steps."""


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator has power: within a few seeds it finds a bug that is put in on purpose."""
    PLANTED[name](monkeypatch)
    # Some need a source that shifts just between two pages.
    seeds, steps, profile = SHIFTING.get(name, (range(9_301, 9_313), 160, "all"))
    assert any(run(seed, steps, profile).violation for seed in seeds if seed % 4)
