"""Reuse connections of the pool after errors, on a real PostgreSQL: ``python -m tests.authz --n 10000``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from adapters.database import migrate
from tests.authz.reusing import CLIENTS, reuse, two_clients
from tests.support.postgres import postgres_server


def main(arguments: Sequence[str] | None = None) -> int:
    """Reuse and print what came of it; the exit code is 1 where anything leaked."""
    parser = argparse.ArgumentParser(prog="python -m tests.authz", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="reads that break off")
    asked = parser.parse_args(arguments)
    with postgres_server() as server:
        url = server.url(server.create())
        migrate(url)
        two_clients(url)
        outcome = reuse(url, CLIENTS, asked.n)
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    return 1 if outcome.leaked else 0


if __name__ == "__main__":
    raise SystemExit(main())
