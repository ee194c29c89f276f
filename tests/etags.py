"""Races for a version: ``python -m tests.etags --n 1000 [--database sqlite]``.

Eight requests that saw the same version are sent at the same moment, half of them to each of two servers. One of them
writes, every other is told that the version is not there any more, and what is there afterwards is what the one wrote.
Prints one line of JSON; the exit code is 1 where a race had another outcome.
"""

import argparse
import asyncio
import datetime as dt
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx

from tests.api.site import LAST
from tests.served.servers import Patient, Servers, a_database, patient, some_servers

AT_ONCE: Final = 8
MOST_TOLD: Final = 20
_ROLE: Final = {"Daybook-Role": "operator"}
_DAY: Final = "/v1/days/alpha/{date}"
OF_ONE_DAY: Final = 100
"""Races, of all kinds, before another day is raced for: there is an end to comments on one."""


@dataclass(frozen=True, slots=True)
class Prize:
    """What is raced for.

    Attributes:
        method: of the write.
        path: of the write.
        seen: where its version is read.
        body: what is written, with a mark in it.
        shows: the mark that is there now, from what ``shown`` answers.
        shown: where that is, if not where the version is.
    """

    method: str
    path: str
    seen: str
    body: Callable[[str], dict[str, Any]]
    shows: Callable[[Any], set[str]]
    shown: str = ""


PRIZES: Final = {
    "day": Prize(
        "POST",
        _DAY + "/comments",
        _DAY,
        lambda mark: {"text": mark},
        lambda told: {(row["ours"] or {}).get("text", "") for row in told["data"]},
        _DAY + "/overlays",
    ),
    "user": Prize("PATCH", "/v1/users/berta", "/v1/users/berta", lambda mark: {"name": mark}, lambda t: {t["name"]}),
    "accounts": Prize(
        "PUT",
        "/v1/accounts",
        "/v1/accounts",
        lambda mark: {"accounts": {"sales/Food/*": mark}, "defaults": True, "over_short_limit": "5.00"},
        lambda told: {str(told["accounts"]["sales/Food/*"])},
    ),
    "connection": Prize(
        "PATCH", "/v1/connections/tray", "/v1/connections/tray", lambda mark: {"name": mark}, lambda t: {t["name"]}
    ),
}


@dataclass
class Outcome:
    """What came of it: races by what was raced for, answers by status and type, and sentences of what does not hold."""

    races: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def race(servers: Servers, count: int) -> Outcome:
    """Race so many times, for each kind of prize in turn."""
    outcome = Outcome()
    asyncio.run(_race(servers, count, outcome))
    outcome.faults += [str(fault) for fault in servers.site.opened.journal.verify().faults]
    return outcome


async def _race(servers: Servers, count: int, outcome: Outcome) -> None:
    async with patient(servers) as client:
        added = {"login": "berta", "roles": ["auditor"], "locations": None, "reason": "set up"}
        await _set_up(client, "/v1/users", added)
        for number in range(count):
            date = LAST - dt.timedelta(days=10 + number // OF_ONE_DAY)
            if number % OF_ONE_DAY == 0:
                await _set_up(client, f"{_DAY}/comments".format(date=date), {"text": "first", "reason": "set up"})
            name = list(PRIZES)[number % len(PRIZES)]
            outcome.races[name] += 1
            await _once(client, _dated(PRIZES[name], date), f"{number:04}", outcome)


async def _set_up(client: Patient, path: str, body: dict[str, Any]) -> None:
    answer = await client.ask(0, "POST", path, json=body, headers=_ROLE)
    assert answer.status_code in {200, 201}, answer.text


def _dated(prize: Prize, date: dt.date) -> Prize:
    path, seen, shown = (one.format(date=date) for one in (prize.path, prize.seen, prize.shown))
    return replace(prize, path=path, seen=seen, shown=shown)


async def _once(client: Patient, prize: Prize, mark: str, outcome: Outcome) -> None:
    before = client.servers.site.opened.journal.head()
    read = {"headers": _ROLE, "params": {"min_position": before}}
    seen = (await client.ask(0, "GET", prize.seen, **read)).headers["etag"]
    marks = [f"{mark}{place}" for place in range(AT_ONCE)]

    async def write(place: int) -> httpx.Response:
        body = {**prize.body(marks[place]), "reason": "a race"}
        headers = {**_ROLE, "If-Match": seen}
        return await client.ask(place % client.servers.count, prize.method, prize.path, json=body, headers=headers)

    answers = await asyncio.gather(*[write(place) for place in range(AT_ONCE)])
    for answer in answers:
        outcome.answers[f"{answer.status_code} {answer.json().get('type', '')}".strip()] += 1
    won = [place for place, answer in enumerate(answers) if answer.status_code == 200]
    lost = {answer.status_code for answer in answers} - {200}
    head = client.servers.site.opened.journal.head()
    last = {"headers": _ROLE, "params": {"min_position": head}}
    shown = prize.shows((await client.ask(1, "GET", prize.shown or prize.seen, **last)).json())
    there = {place for place, one in enumerate(marks) if one in shown}
    commits = len(client.servers.site.opened.journal.log(after=before, limit=50))
    if len(won) != 1 or lost != {412} or there != set(won) or commits != 1:
        told = f"won by {won}, lost with {sorted(lost)}, there is {sorted(there)}, {commits} facts"
        outcome.faults.append(f"{prize.method} {prize.path} {mark}: {told}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Race and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.etags", description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="races")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="daybook-etags-") as folder,
        a_database(asked.database) as url,
        some_servers(Path(folder), url) as servers,
    ):
        outcome = race(servers, asked.n)
    for fault in outcome.faults[:MOST_TOLD]:
        sys.stderr.write(f"{fault}\n")
    told = {
        "database": asked.database,
        "races": dict(outcome.races),
        "at_once": AT_ONCE,
        "answers": dict(outcome.answers),
        "faults": len(outcome.faults),
        "wall_seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
