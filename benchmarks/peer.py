"""The peer that a user would pick: dlt, loading the same pages into the same database with its scd2 strategy."""

import importlib.util
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.floor import pages, questions, reader
from benchmarks.measuring import Stopwatch, Taken
from benchmarks.pos import Pos
from benchmarks.store import SQLITE, Store

HOW_TO_INSTALL: Final = "dlt is not installed: `make bench` installs it (requirements/bench.txt)."
DATASET: Final = "loaded"
RESOURCES: Final = ("staff", "jobs", "checks", "payments", "voids", "time-entries", "deposits", "paid-in-out")
_PER_VENUE: Final = frozenset({"staff", "jobs"})


def installed() -> bool:
    """Whether dlt is there."""
    return importlib.util.find_spec("dlt") is not None


def load_with_dlt(store: Store, pos: Pos) -> Taken:
    """Load all days in one run, as somebody who knows dlt would: merge by scd2, a day's absent rows retired per day."""
    _stay_at_home(Path(store.folder))
    import dlt  # noqa: PLC0415 - optional, and it reads its settings from the environment when it is imported

    if store.kind == SQLITE:
        destination = dlt.destinations.sqlalchemy(f"sqlite:///{Path(store.folder) / 'peer.db'}")
    else:
        destination = dlt.destinations.postgres(_with_password(store.url))
    pipeline = dlt.pipeline("bench", destination=destination, dataset_name=DATASET, pipelines_dir=store.folder)
    # CSV becomes COPY on PostgreSQL, which is the quickest way of dlt there.
    file_format = None if store.kind == SQLITE else "csv"
    watch = Stopwatch()
    with reader(pos) as http:
        resources = [_resource(dlt, http, pos, name) for name in RESOURCES]
        with watch.running():
            info = pipeline.run(resources, loader_file_format=file_format)
    info.raise_on_failed_jobs()
    versions, current = _tickets(store)
    return Taken(watch.seconds, {"versions": versions, "tickets": current})


def _resource(dlt: Any, http: Any, pos: Pos, name: str) -> Any:
    def rows() -> Iterator[list[dict[str, Any]]]:
        for date in pos.dates[:1] if name in _PER_VENUE else pos.dates:
            for page in pages(http, name, dict(questions(pos, date))[name]):
                # An overnight punch is listed on two days, and dlt fails where one row comes twice.
                yield [row for row in page if row["businessDate"] == str(date)] if name == "time-entries" else page

    # Without a merge key a load of some days would retire the rows of all the others.
    keys = {} if name in _PER_VENUE else {"merge_key": "businessDate"}
    strategy = {"disposition": "merge", "strategy": "scd2"}
    # Lists inside of checks become tables; what is inside of those stays JSON, which spares dlt half of its lines.
    return dlt.resource(rows, name=name, write_disposition=strategy, max_table_nesting=1, **keys)


def _with_password(url: str) -> str:
    """The URL with some password, which dlt insists on; our own server asks for none."""
    user, at, place = url.rpartition("@")
    return url if ":" in user.partition("://")[2] else f"{user}:none{at}{place}"


def _stay_at_home(folder: Path) -> None:
    """Nothing about this run leaves the machine, and nothing is written outside the store's folder."""
    os.environ.update(
        {
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "RUNTIME__LOG_LEVEL": "ERROR",
            "DLT_DATA_DIR": str(folder / "dlt"),
            "DLT_PROJECT_DIR": str(folder),
            "DLT_CONFIG_FOLDER": str(folder),
            "DO_NOT_TRACK": "1",
        }
    )


def _tickets(store: Store) -> tuple[int, int]:
    """Versions of tickets in all, and those that are current."""
    query = "SELECT count(*), count(*) FILTER (WHERE _dlt_valid_to IS NULL) FROM {}checks"
    if store.kind == SQLITE:
        connection = sqlite3.connect(Path(store.folder) / f"peer__{DATASET}.db")
        try:
            (versions, current) = connection.execute(query.format("")).fetchone()
        finally:
            connection.close()
    else:
        with psycopg.connect(store.url) as server:
            found = server.execute(query.format(f"{DATASET}.").encode()).fetchone()
            assert found is not None
            (versions, current) = found
    return int(versions), int(current)
