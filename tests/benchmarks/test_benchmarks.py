"""The benchmarks themselves: the harness runs, checks what it measured, and prints its table; no figure is asserted."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from benchmarks.__main__ import LETTERS, main
from benchmarks.measuring import ROOT, Job, Run, Side, Taken, Unsound, alternate, answers, job, run, some_memory, timed
from benchmarks.table import Aim, Line, at_least, at_most, line, memory_line, missing_line, report, table


def side(name: str, *seconds: float, peak_mb: float = 50) -> Side:
    return Side(name, [Run(taken, peak_mb, {}) for taken in seconds])


def test_ratio_of_medians() -> None:
    """A line shows the ratio of the medians, and the lowest and highest ratio of one repetition."""
    made = line("a", "sqlite", "poll", side("daybook", 3, 9, 4), side("floor", 2, 3, 4), aim=at_most(2))
    assert (made.ratio, made.low, made.high, made.verdict) == (4 / 3, 1.0, 3.0, "holds")


def test_only_shared_rounds_are_compared() -> None:
    """A variant that took part in fewer rounds is compared with the others as they were in these."""
    made = line("a", "sqlite", "poll", side("dlt", 10), side("daybook", 5, 100, 100))
    assert (made.ratio, [shown.repetitions for shown in made.sides]) == (2.0, [1, 1])


@pytest.mark.parametrize(
    ("aim", "figure", "verdict"),
    [
        (at_most(2), 2.01, "missed"),
        (at_most(2), 2.0, "holds"),
        (at_least(0.8), 0.79, "missed"),
        (at_least(60_000, "/s"), 60_000, "holds"),
    ],
)
def test_verdicts(aim: Aim, figure: float, verdict: str) -> None:
    """The verdict is about the figure where there is one, and the bound itself is good enough."""
    made = line("c", "sqlite", "x", side("a", 1), side("b", 1), aim=aim, figure=(figure, "x"))
    assert made.verdict == verdict


def test_memory_is_judged_by_its_peak() -> None:
    """The aim for memory is about the most that any repetition took."""
    over = Side("daybook", [Run(1, 580, {}), Run(1, 610, {})])
    made = memory_line("e", "sqlite", "memory", over, side("floor", 1, 1), at_most(600, " MB"))
    assert (made.figure, made.verdict) == ("610 MB", "missed")


def test_growth_of_memory_is_judged_by_its_ratio() -> None:
    """Where memory is to be flat the aim is about how many times as much it is, whatever the megabytes."""
    few = side("a tenth", 1, peak_mb=100)
    lines = [
        memory_line("i", "sqlite", "memory", side("import", 1, peak_mb=peak), few, at_most(1.3), of_ratio=True)
        for peak in (130, 131)
    ]
    assert [(made.ratio, made.verdict) for made in lines] == [(1.3, "holds"), (1.31, "missed")]


def test_the_table_says_what_could_not_be_measured() -> None:
    """A peer that is not installed has a line that says how to install it."""
    text = table([missing_line("a", "sqlite", "dlt / daybook", "dlt is not installed: `make bench` installs it.")])
    assert "not measured" in text
    assert "`make bench` installs it" in text


def test_lines_survive_json() -> None:
    """The JSON holds every field of every line."""
    made = line("a", "sqlite", "poll", side("daybook", 3), side("floor", 2), note="A note.")
    found = msgspec.json.decode(report([made], {"name": "tiny"}))
    assert msgspec.convert(found["lines"], list[Line]) == [made]


def test_variants_take_turns() -> None:
    """The repetitions alternate, so that noise falls on all variants alike."""
    asked: list[str] = []

    def variant(name: str) -> Callable[[int], Job]:
        def answer(repetition: int) -> Job:
            asked.append(f"{name}{repetition}")
            return job(some_memory, size=10)

        return answer

    sides = alternate({"A": variant("A"), "B": variant("B")}, 2, lambda _: None)
    assert asked == ["A0", "B0", "A1", "B1"]
    assert [len(side.runs) for side in sides.values()] == [2, 2]


def test_memory_is_that_of_the_measured_process() -> None:
    """What a variant took is found, whatever this process has."""
    small, large = (run(job(some_memory, size=size)) for size in (1, 60_000_000))
    assert 55 < large.peak_mb - small.peak_mb < 70


def _nothing() -> Taken:
    """Lies outside of the benchmarks, so that no process runs it."""
    return Taken(0.0)


def test_a_failed_measurement_is_not_a_figure() -> None:
    """What fails in its process fails the benchmarks, with the last that it said."""
    with pytest.raises(Unsound, match="is no module of the benchmarks"):
        run(job(_nothing))


def test_a_wrong_answer_is_not_a_figure() -> None:
    """How long a way took that answered something else than it should says nothing."""
    taken = timed(lambda: 7)(0)
    sides = {"scan": Side("scan", [Run(taken.seconds, 50, taken.found)])}
    answers(sides, {"scan": 7})
    with pytest.raises(Unsound, match="'scan' answers 7, not 8"):
        answers(sides, {"scan": 8})


def test_unknown_letters_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A letter that no benchmark has is a wrong use."""
    assert main(["--only", "j"]) == 2
    assert "(j)" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("database", "letters"), [("sqlite", LETTERS), ("postgresql", "agy")])
def test_the_whole_harness_runs(tmp_path: Path, database: str, letters: str) -> None:
    """Every benchmark runs with tiny sizes, is sound, and has lines in the table and in the JSON."""
    file = tmp_path / "bench.json"
    arguments = [
        "--tiny",
        "--no-peer",
        "--quiet",
        "--database",
        database,
        "--only",
        ",".join(letters),
        "--json",
        str(file),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = msgspec.convert(msgspec.json.decode(file.read_bytes())["lines"], list[Line])
    assert {line.letter for line in lines} == set(letters)
    assert {line.database for line in lines} == {database}
    assert all(line.note for line in lines if line.verdict == "not measured")
    assert all(line.what in done.stdout for line in lines)
