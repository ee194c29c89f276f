"""The process of one measurement: runs one function and answers its time and memory on standard output."""

import importlib
import os
import sys
from typing import get_type_hints

import msgspec

from benchmarks.measuring import Run, Taken, peak_mb


def main() -> None:
    """Run ``benchmarks.module:function`` with the arguments that come as JSON on standard input."""
    module, _, name = sys.argv[1].partition(":")
    if not module.startswith("benchmarks."):
        raise SystemExit(f"{module!r} is no module of the benchmarks.")
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=dict[str, msgspec.Raw])
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever prints while it is measured does not mix with the answer
    function = getattr(importlib.import_module(module), name)
    hints = get_type_hints(function)
    arguments = {key: msgspec.json.decode(value, type=hints[key]) for key, value in given.items()}
    taken: Taken = function(**arguments)
    run = Run(taken.seconds, peak_mb(), taken.found)
    with os.fdopen(answer, "wb") as out:
        out.write(msgspec.json.encode(run))


if __name__ == "__main__":
    main()
