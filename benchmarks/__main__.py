"""The command: ``python -m benchmarks [--quick] [--only a,b,g] [--database sqlite] [--json FILE]``."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import (
    folding,
    frames,
    going_back,
    growth,
    importing,
    journal,
    peer,
    polling,
    sealing,
    sending,
    serving,
    translating,
    views,
    walls,
    watching,
)
from benchmarks.bench import Bench
from benchmarks.measuring import Unsound
from benchmarks.sizes import FULL, QUICK, TINY
from benchmarks.store import KINDS
from benchmarks.stores import stores_for
from benchmarks.table import Line, report, table

FAMILIES: Final = (
    polling,
    views,
    serving,
    folding,
    growth,
    journal,
    translating,
    importing,
    going_back,
    watching,
    sealing,
    walls,
    sending,
)
LETTERS: Final = "".join(sorted("".join(family.LETTERS for family in FAMILIES)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table; answers the exit code: 0 also where an aim is missed, since the table says so."""
    asked = _parser().parse_args(arguments)
    letters = LETTERS if asked.only is None else "".join(asked.only.replace(",", ""))
    unknown = sorted(set(letters) - set(LETTERS))
    if unknown:
        print(f"There is no benchmark ({unknown[0]}): they are {', '.join(LETTERS)}.", file=sys.stderr)
        return 2
    sizes = TINY if asked.tiny else QUICK if asked.quick else FULL
    kinds = KINDS if asked.database == "both" else (asked.database,)
    # Whoever ends us leaves no server and no folder behind: the exception passes through every `with`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with stores_for(kinds) as stores:
        dlt, polars = (there and not asked.no_peer for there in (peer.installed(), frames.installed()))
        bench = Bench(sizes, stores, kinds, peer=dlt, polars=polars, quiet=asked.quiet)
        found, unsound = _lines(bench, letters)
    found.sort(key=lambda line: line.letter)
    print(table(found))
    print(_summary(found))
    if asked.json:
        asked.json.write_bytes(report(found, sizes))
    for error in unsound:
        print(f"Not sound, and left out: {error}", file=sys.stderr)
    return 1 if unsound else 0


def _lines(bench: Bench, letters: str) -> tuple[list[Line], list[Unsound]]:
    """The lines of these letters, and what went wrong; a benchmark that fails takes away its own lines only."""
    found: list[Line] = []
    unsound: list[Unsound] = []
    for family in FAMILIES:
        wanted = "".join(letter for letter in family.LETTERS if letter in letters)
        if wanted:
            bench.note(f"({'), ('.join(wanted)})")
            try:
                found += family.lines(bench, wanted)
            except Unsound as error:
                unsound.append(error)
    return found, unsound


def _summary(found: Sequence[Line]) -> str:
    verdicts = [line.verdict for line in found]
    return ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in ("holds", "missed") if verdict in verdicts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two repetitions and smaller sizes: about two minutes")
    parser.add_argument("--tiny", action="store_true", help="see that it works; the figures mean nothing")
    parser.add_argument("--only", metavar="LETTERS", help=f"some of {LETTERS}, for example a,b,g")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--no-peer", action="store_true", help="leave dlt and polars out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the lines as JSON as well")
    parser.add_argument("--quiet", action="store_true", help="do not say how far it is")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
