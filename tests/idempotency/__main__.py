"""Send keys eight times at once to servers that die: ``python -m tests.idempotency --n 1000 [--database sqlite]``."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.idempotency.duplicating import AT_ONCE, MOST_TOLD, duplicate
from tests.served.servers import a_database, some_servers


def main(arguments: Sequence[str] | None = None) -> int:
    """Send and print what came of it; the exit code is 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.idempotency", description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="keys")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="daybook-idempotency-") as folder,
        a_database(asked.database) as url,
        some_servers(Path(folder), url) as servers,
    ):
        outcome = duplicate(servers, asked.n)
        told = {
            "database": asked.database,
            "keys": outcome.keys,
            "at_once": AT_ONCE,
            "requests": outcome.requests,
            "answers": dict(sorted(outcome.answers.items())),
            "told_to_come_again": dict(servers.told),
            "killed": dict(outcome.killed),
            "deaths": servers.deaths,
            "faults": len(outcome.faults),
            "wall_seconds": round(time.perf_counter() - began, 1),
        }
    for fault in outcome.faults[:MOST_TOLD]:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
