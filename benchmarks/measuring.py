"""Measuring: every measurement in a fresh process, the variants in turn, so that noise falls on all of them alike."""

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec

ROOT: Final = Path(__file__).resolve().parents[1]
"""The repository: processes are started here, so that they find the packages."""

LONGEST_SECONDS: Final = 600
"""No measurement may take longer."""

ALL_IN_ONE: Final = "all ways in one process"
"""The note of a line whose sides took turns by :func:`alternate_within`."""


class Taken(msgspec.Struct, frozen=True):
    """What a measured function answers.

    Attributes:
        seconds: the time of what was to be measured, without preparing it.
        found: what it did, for the sanity checks.
    """

    seconds: float
    found: dict[str, Any] = {}


class Run(msgspec.Struct, frozen=True):
    """One measurement.

    Attributes:
        seconds: the time.
        peak_mb: the most memory that its process had, in MB of a million bytes.
        found: what it did, for the sanity checks.
    """

    seconds: float
    peak_mb: float
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A function to be measured in a process of its own.

    Attributes:
        function: ``benchmarks.module:function``; it answers :class:`Taken`.
        arguments: by name, of types that msgspec can encode.
    """

    function: str
    arguments: Mapping[str, Any]


def job(function: Callable[..., Taken], **arguments: Any) -> Job:
    """The job of calling a function of a module of the benchmarks."""
    return Job(f"{function.__module__}:{function.__name__}", arguments)


def always(asked: Job) -> Callable[[int], Job]:
    """The same job in every repetition."""
    return lambda _: asked


@dataclass(frozen=True, slots=True)
class Side:
    """One variant with all its repetitions.

    Attributes:
        name: as the table shows it.
        runs: in order.
    """

    name: str
    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The most of all repetitions."""
        return max(run.peak_mb for run in self.runs)


class Unsound(Exception):
    """What was measured did not happen as it should: its figures would mean nothing."""


def sound(holds: bool, sentence: str) -> None:
    """Make sure of something that the figures rest on.

    Raises:
        Unsound: it is not so.
    """
    if not holds:
        raise Unsound(sentence)


def run(asked: Job) -> Run:
    """Run a job in a fresh process.

    Raises:
        Unsound: it failed; the message ends with what it wrote.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
    done = subprocess.run(  # noqa: S603 - our own module in our own interpreter
        [sys.executable, "-m", "benchmarks.child", asked.function],
        input=msgspec.json.encode(asked.arguments),
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        raise Unsound(f"{asked.function} failed:\n{done.stderr.decode(errors='replace')[-3000:]}")
    return msgspec.json.decode(done.stdout, type=Run)


def alternate(
    variants: Mapping[str, Callable[[int], Job]],
    repetitions: int,
    note: Callable[[str], None],
    fewer: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Side]:
    """Run the variants in turn, A B A B …; each is told the repetition, from 0. Some may take part in fewer rounds."""
    sides = {name: Side(name) for name in variants}
    for repetition in range(repetitions):
        for name, job_for in variants.items():
            if repetition < fewer.get(name, repetitions):
                measured = run(job_for(repetition))
                sides[name].runs.append(measured)
                note(f"{name} {repetition + 1}/{repetitions}: {measured.seconds:.3f} s, {measured.peak_mb:.0f} MB")
    return sides


def alternate_within(variants: Mapping[str, Callable[[int], Taken]], repetitions: int) -> Taken:
    """The same inside one process, for what is too quick to be worth a process each time."""
    rounds: dict[str, list[Taken]] = {name: [] for name in variants}
    for repetition in range(repetitions):
        for name, measure in variants.items():
            gc.collect()  # nobody pays for what another left behind
            rounds[name].append(measure(repetition))
    return Taken(0.0, {"rounds": msgspec.to_builtins(rounds)})


def sides_of(measured: Run) -> dict[str, Side]:
    """The variants that a process ran in turn; the memory is that of them all."""
    rounds = msgspec.convert(measured.found["rounds"], dict[str, list[Taken]])
    return {
        name: Side(name, [Run(one.seconds, measured.peak_mb, one.found) for one in taken])
        for name, taken in rounds.items()
    }


def peak_mb() -> float:
    """The most memory that this process ever had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss where this is to be had: that one counts what the parent had at the time of the fork.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def peak_mb_of_others() -> float:
    """The most memory that any process had which this one started and waited for, in MB; 0 where there was none.

    What this one had when it started it counts there too, so that it is rather too much than too little.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


class Stopwatch:
    """Measures the seconds of a block.

    Attributes:
        seconds: 0 until the block ended.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the block."""
        began = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - began


def timed(way: Callable[[], int]) -> Callable[[int], Taken]:
    """The measurement of a call, for :func:`alternate_within`; what it answers is found under ``answer``."""

    def measure(_: int) -> Taken:
        watch = Stopwatch()
        with watch.running():
            answer = way()
        return Taken(watch.seconds, {"answer": answer})

    return measure


def answers(sides: Mapping[str, Side], expected: Mapping[str, int]) -> None:
    """Make sure of what each side answered in every repetition.

    Raises:
        Unsound: one answered something else.
    """
    for name, answer in expected.items():
        for one in sides[name].runs:
            sound(one.found["answer"] == answer, f"'{name}' answers {one.found['answer']}, not {answer}.")


def some_memory(size: int) -> Taken:
    """Take so many bytes: what the test of the harness measures."""
    watch = Stopwatch()
    with watch.running():
        taken = b"x" * size
    return Taken(watch.seconds, {"bytes": len(taken)})
