"""The sweep: ``python -m tests.sweep [--database postgresql] [--flows …]``; one line of JSON says what came of it."""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.support.postgres import postgres_server
from tests.sweep.others import Forget, Project, PullPersonnel, WriteSchedule
from tests.sweep.posting import AtIntacct, AtOffice, Review
from tests.sweep.running import Flow, Stores, sweep

FLOWS: Final = {
    flow.name: flow for flow in (AtIntacct, AtOffice, WriteSchedule, PullPersonnel, Review, Forget, Project)
}
"""Every flow, by its name; each is made with what it needs closed at its end."""

_MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None


def run(names: list[str], *, server: Any = None, sample: int = 0, seed: int = 0) -> dict[str, Any]:
    """Sweep flows; answers how many points there are, how many were broken, and what must not be so and is."""
    told = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="daybook-sweep-", dir=_MEMORY) as folder, ExitStack() as closing:
            flow: Flow = FLOWS[name](closing)
            told.append(sweep(flow, Stores(Path(folder), server), sample=sample, seed=seed).plain)
    counted = {name: sum(one[name] for one in told) for name in ("points", "trials", "violations")}
    return {**counted, "database": "postgresql" if server else "sqlite", "flows": told}


def main(arguments: list[str] | None = None) -> int:
    """Break every point of every flow; 1 where something came out wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--flows", nargs="*", choices=sorted(FLOWS), default=list(FLOWS))
    parser.add_argument("--sample", type=int, default=0, help="break only so many of each flow; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    with ExitStack() as closing:
        server = closing.enter_context(postgres_server()) if asked.database == "postgresql" else None
        came = run(asked.flows, server=server, sample=asked.sample, seed=asked.seed)
    sys.stdout.write(json.dumps(came) + "\n")
    return 1 if came["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
