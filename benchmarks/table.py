"""The table: one line for each ratio, with its aim and whether that holds; the same as JSON."""

import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from benchmarks.measuring import Side

HOLDS: Final = "holds"
MISSED: Final = "missed"
NO_AIM: Final = "-"
NOT_MEASURED: Final = "not measured"


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached.

    Attributes:
        text: as the table shows it.
        reached: whether a figure reaches it.
    """

    text: str
    reached: Callable[[float], bool]


def at_most(bound: float, unit: str = "") -> Aim:
    """The figure is to be no more than this."""
    return Aim(f"<= {bound:g}{unit}", lambda figure: figure <= bound)


def at_least(bound: float, unit: str = "") -> Aim:
    """The figure is to be no less than this."""
    return Aim(f">= {bound:,g}{unit}", lambda figure: figure >= bound)


class Shown(msgspec.Struct, frozen=True):
    """One variant of a line.

    Attributes:
        name: for example ``daybook``, ``floor`` or ``dlt``.
        seconds: the median.
        peak_mb: the most memory of all repetitions.
        repetitions: how many.
    """

    name: str
    seconds: float
    peak_mb: float
    repetitions: int


class Line(msgspec.Struct, frozen=True):
    """One line of the table.

    Attributes:
        letter: of the benchmark.
        database: ``sqlite`` or ``postgresql``.
        what: what was measured, and what the ratio is.
        ratio: of the medians; None where nothing was measured.
        low: the lowest ratio of one repetition.
        high: the highest.
        figure: what the aim is about, where that is not the ratio, for example a rate.
        aim: to be reached, or ``-``.
        verdict: ``holds``, ``missed``, ``-`` where there is no aim, or ``not measured``.
        sides: the variants, with their medians.
        note: a sentence, or empty.
    """

    letter: str
    database: str
    what: str
    ratio: float | None
    low: float | None
    high: float | None
    figure: str
    aim: str
    verdict: str
    sides: tuple[Shown, ...]
    note: str = ""


def line(
    letter: str,
    database: str,
    what: str,
    over: Side,
    under: Side,
    *,
    aim: Aim | None = None,
    figure: tuple[float, str] | None = None,
    note: str = "",
) -> Line:
    """The line of the ratio of two sides' times, ``over`` ÷ ``under``.

    Args:
        letter: of the benchmark.
        database: which.
        what: what was measured, and what the ratio is.
        over: the numerator.
        under: the denominator.
        aim: to be reached by the figure, or else by the ratio.
        figure: a number and how the table shows it.
        note: a sentence.
    """
    shared = min(len(over.runs), len(under.runs))  # rounds in which both took part
    over, under = Side(over.name, over.runs[:shared]), Side(under.name, under.runs[:shared])
    ratio = over.seconds / under.seconds
    each = [one.seconds / other.seconds for one, other in zip(over.runs, under.runs, strict=True)]
    return Line(
        letter,
        database,
        what,
        ratio,
        min(each),
        max(each),
        figure[1] if figure else "",
        aim.text if aim else NO_AIM,
        verdict_on(aim, figure[0] if figure else ratio),
        tuple(Shown(side.name, side.seconds, side.peak_mb, len(side.runs)) for side in (over, under)),
        note,
    )


def memory_line(
    letter: str,
    database: str,
    what: str,
    over: Side,
    under: Side,
    aim: Aim | None,
    *,
    of_ratio: bool = False,
    note: str = "",
) -> Line:
    """The line of the ratio of two sides' memory; the aim is about the megabytes of the first, or else the ratio."""
    each = [one.peak_mb / other.peak_mb for one, other in zip(over.runs, under.runs, strict=True)]
    ratio = over.peak_mb / under.peak_mb
    return Line(
        letter,
        database,
        what,
        ratio,
        min(each),
        max(each),
        f"{over.peak_mb:,.0f} MB",
        aim.text if aim else NO_AIM,
        verdict_on(aim, ratio if of_ratio else over.peak_mb),
        tuple(Shown(side.name, side.seconds, side.peak_mb, len(side.runs)) for side in (over, under)),
        note,
    )


def missing_line(letter: str, database: str, what: str, note: str) -> Line:
    """The line of something that could not be measured, and what to do about it."""
    return Line(letter, database, what, None, None, None, "", NO_AIM, NOT_MEASURED, (), note)


def verdict_on(aim: Aim | None, figure: float) -> str:
    """Whether an aim holds."""
    if aim is None:
        return NO_AIM
    return HOLDS if aim.reached(figure) else MISSED


def table(lines: Sequence[Line]) -> str:
    """The lines as text: what, ratio with its spread, figure, aim and verdict, and below them the medians."""
    width = max([len(line.what) for line in lines], default=0)
    head = (
        f"{'':4} {'database':10}  {'what':{width}}  {'ratio':>7}  {'(spread)':15}  {'figure':>18}  {'aim':>15}  verdict"
    )
    rows = [head, "-" * len(head)]
    for one in lines:
        rows.append(
            f"({one.letter})  {one.database:10}  {one.what:{width}}  {_number(one.ratio):>7}  {_spread(one):15}  "
            f"{one.figure:>18}  {one.aim:>15}  {one.verdict}"
        )
        medians = [f"{side.name} {_seconds(side.seconds)}, {side.peak_mb:,.0f} MB" for side in one.sides]
        rows += [f"{'':17}{text}" for text in (" | ".join(medians), one.note) if text]
    return "\n".join(rows)


def report(lines: Iterable[Line], sizes: Any) -> bytes:
    """The lines as JSON, with the sizes and the machine that they were measured with."""
    machine = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "implementation": sys.implementation.name,
    }
    content = {"sizes": sizes, "machine": machine, "lines": list(lines)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def _number(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _spread(one: Line) -> str:
    return "" if one.low is None or one.high is None else f"({one.low:.2f} to {one.high:.2f})"


def _seconds(seconds: float) -> str:
    return (
        f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1000:.1f} ms"
        if seconds >= 0.001
        else f"{seconds * 1e6:.0f} us"
    )
