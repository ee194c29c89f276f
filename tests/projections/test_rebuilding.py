"""Rebuilding beside the live views, and the swap."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, text

from adapters.database import open_engine
from projections import queries
from projections.catching_up import catch_up
from projections.projector import Projector
from projections.rebuilding import RebuildRunning, UnknownView, rebuild
from projections.views import ALL
from tests.projections.stage import DATE, Stage, sale, varied_history

ROOT = Path(__file__).parents[2]

DYING_REBUILD = """
import os, sys
from adapters.database import open_engine
from adapters.journal import open_journal
from projections.rebuilding import rebuild
rebuild(open_engine(sys.argv[1]), open_journal(sys.argv[1]), progress=lambda done, total: os._exit(9), limit=3)
"""


def spoil(engine: Engine) -> None:
    """Damage the live views, as a bug in an older release might have."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE views.ticket SET net_cents = 1"))
        connection.execute(text("DELETE FROM views.poll"))


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_rebuilding_comes_to_what_catching_up_comes_to(stage: Stage, limit: int) -> None:
    """Whatever the live views hold, a rebuild puts the rows there that catching up gives, to the byte."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    expected = stage.dump()
    spoil(stage.engine)
    assert rebuild(stage.engine, stage.journal, limit=limit) == stage.journal.head()
    assert stage.dump() == expected


def test_views_that_never_were_caught_up_can_be_rebuilt(stage: Stage) -> None:
    """A rebuild needs nothing to be there but the empty tables."""
    varied_history(stage)
    rebuild(stage.engine, stage.journal)
    rebuilt = stage.dump()
    stage.forget()
    catch_up(stage.engine, stage.journal)
    assert stage.dump() == rebuilt


def test_one_view_alone(stage: Stage) -> None:
    """Named views are rebuilt; the others stay as they are."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    expected = stage.dump()
    spoil(stage.engine)
    rebuild(stage.engine, stage.journal, ["tickets"])
    found = stage.dump()
    assert found["ticket"] == expected["ticket"]
    assert found["poll"] == []
    rebuild(stage.engine, stage.journal, ["polls"])
    assert stage.dump() == expected


def test_a_view_of_no_such_name(stage: Stage) -> None:
    """A name that is no view's is refused with the names there are."""
    with pytest.raises(UnknownView, match=r"There is no view 'sales'.*tickets"):
        rebuild(stage.engine, stage.journal, ["tickets", "sales"])


def test_an_empty_journal(stage: Stage) -> None:
    """Where nothing is recorded, a rebuild leaves empty views."""
    assert rebuild(stage.engine, stage.journal) == 0
    assert {name: count for name, count in stage.counts().items() if count} == {"bookmark": len(ALL)}


def test_two_rebuilds_at_once(stage: Stage) -> None:
    """The second rebuild is refused, and the first goes on."""
    varied_history(stage)
    refused: list[RebuildRunning] = []

    def second(_done: int, _total: int) -> None:
        with pytest.raises(RebuildRunning, match="by somebody else already") as found:
            rebuild(stage.engine, stage.journal)
        refused.append(found.value)

    rebuild(stage.engine, stage.journal, progress=second, limit=10)
    assert refused
    assert rebuild(stage.engine, stage.journal) == stage.journal.head()


def test_a_killed_rebuild_leaves_the_views_as_they_were(stage: Stage, database_url: str) -> None:
    """A process that dies amid a rebuild changes nothing, and the next rebuild clears away what it left."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    expected = stage.dump()
    died = subprocess.run([sys.executable, "-c", DYING_REBUILD, database_url], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == 9
    assert stage.dump() == expected
    spoil(stage.engine)
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == expected


def test_a_rebuild_that_fails_at_any_statement(stage: Stage) -> None:
    """Whatever statement fails, the live views are the old ones or, after the swap, the new ones; nothing between."""
    varied_history(stage)
    catch_up(stage.engine, stage.journal)
    expected = stage.dump()
    statements = 0

    def failing(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == point:
            raise RuntimeError("The test said so.")

    event.listen(stage.engine, "before_cursor_execute", failing)
    failures = 0
    for point in range(1, 400, 9):  # noqa: B007 - read by `failing`
        statements = 0
        try:
            rebuild(stage.engine, stage.journal, limit=20)
        except RuntimeError:
            failures += 1
        else:
            break
        finally:
            statements = -10_000
        assert stage.dump() == expected
    event.remove(stage.engine, "before_cursor_execute", failing)
    assert failures > 5
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == expected


def test_readers_see_whole_views_throughout(stage: Stage, database_url: str) -> None:
    """While views are rebuilt again and again, every query answers every row, without an error."""
    stage.connect()
    for number in range(6):
        stage.poll(*[sale(f"{ticket}", 100 + number) for ticket in range(80)])
    catch_up(stage.engine, stage.journal)
    done = threading.Event()
    wrong: list[Any] = []
    reads = [0, 0]

    def read(reader: int) -> None:
        engine = open_engine(database_url)
        try:
            while not done.is_set():
                tickets = queries.tickets(engine, "C1", "L1", DATE, limit=500)
                day = queries.day(engine, "C1", "L1", DATE)
                polls = queries.polls(engine, "C1")
                seen = (len(tickets), {row.net_cents for row in tickets}, day and day.tickets, len(polls))
                if seen != (80, {105}, 80, 6) or queries.position(engine) < stage.journal.head():
                    wrong.append(seen)
                reads[reader] += 1
        except BaseException as error:  # noqa: BLE001 - the thread hands it to the test
            wrong.append(error)
        finally:
            engine.dispose()

    readers = [threading.Thread(target=read, args=(reader,)) for reader in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(5):
            rebuild(stage.engine, stage.journal)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert min(reads) > 5


@pytest.mark.slow
def test_rebuilding_while_the_log_goes_on(stage: Stage) -> None:
    """A projector and somebody who records go on during rebuilds: no fact is lost, none counts twice."""
    varied_history(stage)
    projector = Projector(stage.engine, stage.journal, tick_seconds=0.01)
    projector.start()
    done = threading.Event()

    def record() -> None:
        number = 0
        while not done.is_set():
            number += 1
            stage.poll(sale("1", number), day=stage.day("L2"))
            projector.wake()

    recorder = threading.Thread(target=record)
    recorder.start()
    try:
        for _ in range(2):
            rebuild(stage.engine, stage.journal, limit=10)
    finally:
        done.set()
        recorder.join()
        assert projector.stop()
    catch_up(stage.engine, stage.journal)
    found = stage.dump()
    stage.forget()
    catch_up(stage.engine, stage.journal, limit=100_000)
    assert stage.dump() == found


def test_nothing_is_left_of_a_rebuild(stage: Stage) -> None:
    """After a rebuild the building site is gone, schema or file."""
    varied_history(stage)
    rebuild(stage.engine, stage.journal)
    assert "views_next" not in inspect(stage.engine).get_schema_names()
    if stage.engine.dialect.name == "sqlite":
        folder = Path(str(stage.engine.url.database)).parent
        assert not (folder / "views-next.db").exists()
