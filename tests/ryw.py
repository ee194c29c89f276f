"""Reading one's own writes: ``python -m tests.ryw --n 10000 [--database sqlite]``.

Whoever wrote at one server reads at another, with the position that the write answered: the answer shows it, or is 503
``projection-behind``, never a stale 200. At last the same at a server whose views stand still. Prints one line of JSON;
the exit code is 1 where an answer was stale.
"""

import argparse
import asyncio
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.api.site import LAST, LOCATIONS
from tests.served.servers import Patient, Servers, a_database, patient, some_servers

AT_ONCE: Final = 4
"""Clients at the same time."""

OF_ONE_DAY: Final = 20
"""Comments, so that what is read stays small."""

WAIT: Final = 2.0
"""Seconds that a read waits for the views."""

_ROLE: Final = {"Daybook-Role": "operator"}


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        fresh: reads that showed the write.
        stale: answers of 200 that did not.
        behind: reads that were told to come again.
        waits: seconds that each read took.
    """

    fresh: int = 0
    stale: int = 0
    behind: int = 0
    waits: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """For a line of JSON; times in milliseconds."""
        counts = {"fresh": self.fresh, "stale": self.stale, "behind": self.behind}
        if len(self.waits) < 2:
            return counts
        parts = statistics.quantiles(self.waits, n=100, method="inclusive")
        return {
            **counts,
            "read_ms": {"p50": round(parts[49] * 1000, 1), "p95": round(parts[94] * 1000, 1)},
            "longest_ms": round(max(self.waits) * 1000, 1),
        }


def read_own_writes(servers: Servers, count: int) -> Outcome:
    """Write at one server and read at the next, so many times."""
    outcome = Outcome()
    asyncio.run(_all(servers, count, outcome))
    return outcome


async def _all(servers: Servers, count: int, outcome: Outcome) -> None:
    async with patient(servers) as client:

        async def some(first: int) -> None:
            for number in range(first, count, AT_ONCE):
                await _once(client, number, outcome)

        await asyncio.gather(*[some(first) for first in range(min(AT_ONCE, count))])


async def _once(client: Patient, number: int, outcome: Outcome) -> None:
    servers = client.servers
    back, place = divmod(number, OF_ONE_DAY * len(LOCATIONS))
    day = f"/v1/days/{LOCATIONS[place % len(LOCATIONS)]}/{LAST - dt.timedelta(days=10 + back)}"
    body = {"text": f"comment {number}", "reason": "a test"}
    written = await client.ask(number % servers.count, "POST", f"{day}/comments", json=body, headers=_ROLE)
    assert written.status_code == 200, written.text
    position = written.headers["daybook-position"]
    url = servers.urls[(number + 1) % servers.count]
    began = time.perf_counter()
    read = await client.http.get(f"{url}{day}/overlays", params={"min_position": position}, headers=_ROLE)
    outcome.waits.append(time.perf_counter() - began)
    _count(read, f"comment {number}", outcome)


def _count(read: httpx.Response, text: str, outcome: Outcome) -> None:
    if read.status_code == 503:
        assert read.json()["type"] == "/problems/projection-behind", read.text
        outcome.behind += 1
        return
    assert read.status_code == 200, read.text
    found = any((row["ours"] or {}).get("text") == text for row in read.json()["data"])
    outcome.fresh += found
    outcome.stale += not found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, read and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.ryw", description=__doc__)
    parser.add_argument("--n", type=int, default=10_000, help="writes")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    with a_database(asked.database) as url, tempfile.TemporaryDirectory(prefix="daybook-ryw-") as folder:
        with some_servers(Path(folder) / "moving", url, wait=WAIT) as servers:
            moving = read_own_writes(servers, asked.n)
        # On an embedded store of its own: nobody else keeps these views up to date either.
        with some_servers(Path(folder) / "still", count=1, wait=WAIT, still=True) as servers:
            still = read_own_writes(servers, 20)
    told = {
        "database": asked.database,
        "writes": asked.n,
        "wait_ms": WAIT * 1000,
        **moving.told(),
        "views_that_stand_still": still.told(),
        "wall_seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if moving.stale or moving.behind or still.stale or still.fresh else 0


if __name__ == "__main__":
    raise SystemExit(main())
