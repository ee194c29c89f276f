"""Paging while others write: ``python -m tests.paging --rows 100000 --rate 110 [--database sqlite]``.

A store with so many facts, attempts and business days is paged through while somebody records so many a second, at
random places of the lists. What was there when paging began comes exactly once, nothing comes twice, and of the log
nothing at all is left out. Prints one line of JSON; the exit code is 1 where a list had another outcome.
"""

import argparse
import datetime as dt
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import insert, select

from api.composition import OpenHouse
from domain.facts import Attempt, PollFailed, Provenance
from domain.identifiers import DayId
from domain.ports.journal import Recording
from projections import tables
from projections.catching_up import catch_up
from tests.served.servers import a_database, some_servers

LISTS: Final = ("dss", "polls", "facts")
FIRST: Final = dt.date(2020, 1, 1)
AT_ONCE: Final = 20
"""Rows of one commit of whoever writes: days of twenty locations."""
_LOT: Final = 1000
_ROLE: Final = {"Daybook-Role": "operator"}
_BEGAN: Final = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@dataclass
class Walk:
    """A list that was paged through.

    Attributes:
        pages: how many.
        rows: how many.
        twice: rows that came more than once.
        missing: rows that were there when it began, and did not come.
        since: rows that came though they were not there when it began.
    """

    pages: int = 0
    rows: int = 0
    twice: int = 0
    missing: int = 0
    since: int = 0

    @property
    def sound(self) -> bool:
        """Everything came, and once."""
        return not self.twice and not self.missing


@dataclass
class Writing:
    """Somebody who records, until told to stop.

    Attributes:
        opened: where.
        rate: rows a second.
        written: how many by now.
    """

    opened: OpenHouse
    rate: float
    written: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Record attempts on days that are nowhere yet, anywhere among those that are."""
        rng = random.Random(1)
        began = time.monotonic()
        while not self.stopping.is_set():
            recordings = [self._somewhere(rng, self.written + more) for more in range(AT_ONCE)]
            _record(self.opened, recordings, f"writing-{self.written}")
            self.written += AT_ONCE
            self.stopping.wait(max(began + self.written / self.rate - time.monotonic(), 0))

    def _somewhere(self, rng: random.Random, number: int) -> Recording:
        date = FIRST + dt.timedelta(days=rng.randrange(2000))
        place = f"new-{number}" if number % 2 else f"l{rng.randrange(100):03}-{number}"
        return _attempts(self.opened, place, date, 1)


def _attempts(opened: OpenHouse, location: str, date: dt.date, count: int) -> Recording:
    attempt = Attempt("poll", "tray", 1, _BEGAN, _BEGAN)
    fact = PollFailed(attempt, "unavailable", "The source did not answer.", retryable=True)
    return Recording(DayId(opened.settings.client, location, date).stream, 0, (fact,) * count)


def _record(opened: OpenHouse, recordings: list[Recording], command: str) -> None:
    opened.journal.append(recordings, Provenance("test", command, reason="a test"))


def fill(opened: OpenHouse, rows: int) -> None:
    """So many facts and attempts, on a thousandth as many days; and so many rows of days beside them."""
    for lot in range(0, rows, _LOT):
        date = FIRST + dt.timedelta(days=lot // _LOT)
        _record(opened, [_attempts(opened, "busy", date, min(_LOT, rows - lot))], f"filling-{lot}")
    catch_up(opened.engine, opened.journal)
    with opened.engine.begin() as connection:
        asked = select(tables.day).where(tables.day.c.location == "busy").limit(1)
        row = dict(connection.execute(asked).mappings().one())
        for lot in range(0, rows, _LOT):
            copies = [{**row, **_place(number)} for number in range(lot, min(lot + _LOT, rows))]
            connection.execute(insert(tables.day), copies)


def _place(number: int) -> dict[str, str]:
    return {"location": f"l{number % 100:03}", "business_date": str(FIRST + dt.timedelta(days=number // 100))}


def there(opened: OpenHouse, name: str) -> set[Any]:
    """The keys of all rows of a list, as the store has them now."""
    with opened.engine.connect() as connection:
        if name == "dss":
            columns = tables.day.c
            return {tuple(row) for row in connection.execute(select(columns.business_date, columns.location))}
        if name == "polls":
            return set(connection.scalars(select(tables.poll.c.position)))
    return set(_positions(opened))


def _positions(opened: OpenHouse) -> Iterator[int]:
    after = 0
    while entries := opened.journal.log(after=after, limit=1000, client=opened.settings.client):
        yield from (entry.position for entry in entries)
        after = entries[-1].position


def walk(opened: OpenHouse, url: str, name: str, limit: int) -> Walk:
    """Page through a list, link by link."""
    walked, seen = Walk(), set[Any]()
    before = there(opened, name)
    path: str | None = f"/v1/{name}?limit={limit}&min_position={opened.journal.head()}"
    with httpx.Client(base_url=url, headers=_ROLE, timeout=60, trust_env=False) as http:
        while path is not None:
            answer = http.get(path)
            assert answer.status_code == 200, answer.text
            walked.pages += 1
            for row in answer.json()["data"]:
                key = (row["date"], row["location"]) if name == "dss" else row["position"]
                walked.rows += 1
                walked.twice += key in seen
                seen.add(key)
            path = answer.links["next"]["url"] if "next" in answer.links else None
    walked.missing = len(before - seen)
    walked.since = len(seen - before)
    if name == "facts":  # the log has an order that nobody comes into: whatever is before its last row came, too
        walked.missing = sum(one not in seen for one in there(opened, name) if one <= max(seen))
    return walked


def page(opened: OpenHouse, url: str, rate: float, limit: int) -> tuple[dict[str, Walk], float]:
    """Page through all lists while somebody writes; answers what came of each, and how many were written a second."""
    writing = Writing(opened, rate)
    thread = threading.Thread(target=writing.run, daemon=True)
    began = time.monotonic()
    thread.start()
    try:
        walks = {name: walk(opened, url, name, limit) for name in LISTS}
    finally:
        writing.stopping.set()
        thread.join()
    return walks, writing.written / (time.monotonic() - began)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, page and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.paging", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="of each list")
    parser.add_argument(
        "--rate", type=float, default=110.0, help="rows that are written a second meanwhile, twenty a commit"
    )
    parser.add_argument("--limit", type=int, default=100, help="rows of a page")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="daybook-paging-") as folder,
        a_database(asked.database) as url,
        some_servers(Path(folder), url, count=1) as servers,
    ):
        fill(servers.site.opened, asked.rows)
        walks, rate = page(servers.site.opened, servers.urls[0], asked.rate, asked.limit)
    told = {
        "database": asked.database,
        "written_a_second": round(rate, 1),
        **{name: {**vars(one), "sound": one.sound} for name, one in walks.items()},
        "wall_seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0 if all(one.sound for one in walks.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
