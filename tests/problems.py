"""Answers of 4xx and 5xx, all of them looked at: ``python -m tests.problems --examples 500``.

What the OpenAPI document describes, and what it does not, is sent in the names of several people; then bad requests one
by one, and bytes that are no HTTP to a real server. Prints how many types of problems were answered; the exit code is 1
where an answer is no ``application/problem+json`` of a registered type, with its status.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.access.problems import STATUSES, problem_in
from tests.access.town import OPERATOR, a_town
from tests.api.bad_requests import BAD, NONSENSE, raw
from tests.contract.conforming import WAIT, Outcome, conform
from tests.served.servers import some_servers


def problems(folder: Path, examples: int, seed: int = 0) -> Outcome:
    """Send so many requests of each operation, then those that are known to be bad."""
    with a_town(folder / "town", wait=WAIT) as town:
        outcome = conform(town, examples, seed)
        town.calm()
        for method, path, arguments, status, code in BAD:
            answer = town.ask(OPERATOR, method, path, **{**arguments, "headers": dict(arguments.get("headers", {}))})
            told = problem_in(answer.status_code, answer.headers, answer.content, empty=method == "HEAD")
            _count(outcome, f"{method} {path[:80]}", answer.status_code, told)
            if (answer.status_code, told[0]) != (status, f"/problems/{code}") and method != "HEAD":
                outcome.faults.setdefault(
                    f"{method} {path[:80]}", f"{answer.status_code} {told[0]}, not {status} {code}"
                )
    with some_servers(folder / "served", count=1) as servers:
        for nonsense in NONSENSE:
            status, headers, content = raw(servers.urls[0], nonsense)
            _count(outcome, repr(nonsense), status, problem_in(status, headers, content))
    return outcome


def _count(outcome: Outcome, what: str, status: int, told: tuple[str, str]) -> None:
    outcome.requests += 1
    outcome.statuses[status] += 1
    outcome.problems[told[0]] += 1
    if told[1]:
        outcome.faults.setdefault(what, told[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Send and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.problems", description=__doc__)
    parser.add_argument("--examples", type=int, default=500, help="requests of each operation")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other requests")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="daybook-problems-") as folder:
        outcome = problems(Path(folder), asked.examples, asked.seed)
    for name, fault in outcome.faults.items():
        sys.stderr.write(f"{name}\n{fault}\n\n")
    told = {
        "requests": outcome.requests,
        "answers_of_4xx_and_5xx": sum(count for status, count in outcome.statuses.items() if status >= 400),
        "statuses": dict(sorted(outcome.statuses.items())),
        "types": len(outcome.problems.keys() & STATUSES.keys()),
        "registered": len(STATUSES),
        "faults": len(outcome.faults),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
