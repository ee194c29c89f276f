"""Which connection a location is shown with, where several feed it."""

import datetime as dt
import itertools

import pytest

from domain.facts import ConnectionEstablished, LocationAdded
from domain.identifiers import ConnectionId
from domain.ports.journal import Recording
from projections import queries
from projections.catching_up import catch_up
from projections.rebuilding import rebuild
from tests.projections.stage import DATE, ZONE, Stage, sale


def connect(stage: Stage, name: str, system: str, *, version: int = 0) -> None:
    """A connection to a system that feeds the pier."""
    established = (ConnectionEstablished(system, name, "", ""),) if not version else ()
    source = {} if system == "files" else {"venue": name}
    added = LocationAdded("pier", name, ZONE, source, "04:00")
    stage.record(Recording(ConnectionId(stage.client, name).stream, version, (*established, added)))


@pytest.mark.parametrize("order", list(itertools.permutations(["a-files", "tray", "z-files"])))
@pytest.mark.parametrize("together", [True, False])
def test_a_location_is_shown_with_the_connection_that_polls_it(
    stage: Stage, order: tuple[str, ...], together: bool
) -> None:
    """Whatever came first, and in whatever batches it is read: who polls it is its connection, files are beside it."""
    for name in order:
        connect(stage, name, "files" if name.endswith("files") else "tray")
        if not together:
            catch_up(stage.engine, stage.journal)
    catch_up(stage.engine, stage.journal)
    found = queries.find_location(stage.engine, "C1", "pier")
    assert found is not None
    assert (found.connection, found.system, found.source) == ("tray", "tray", {"venue": "tray"})
    assert {row.connection for row in queries.connections(stage.engine, "C1")} == set(order)
    before = stage.dump()
    rebuild(stage.engine, stage.journal)
    assert stage.dump() == before


def test_a_location_that_only_files_feed(stage: Stage) -> None:
    """Without a connection that polls it, a location is shown with its files; of two that poll it, with the newer."""
    connect(stage, "files", "files")
    catch_up(stage.engine, stage.journal)
    found = queries.find_location(stage.engine, "C1", "pier")
    assert found is not None
    assert found.connection == "files"
    for name in ("z-old", "a-new"):
        connect(stage, name, "tray")
    catch_up(stage.engine, stage.journal)
    newest = queries.find_location(stage.engine, "C1", "pier")
    assert newest is not None
    assert newest.connection == "a-new"


def test_recorded_days(stage: Stage) -> None:
    """Days of a location that have a generation are counted, with the newest; a day that only failed is none."""
    stage.connect()
    assert queries.recorded_days(stage.engine, "C1", "L1") == (0, None)
    stage.poll(sale("1", 950))
    stage.fail(day=stage.day(date=DATE + dt.timedelta(days=1)))
    stage.poll(sale("2", 500), day=stage.day("L2"))
    catch_up(stage.engine, stage.journal)
    assert queries.recorded_days(stage.engine, "C1", "L1") == (1, DATE)
    assert queries.recorded_days(stage.engine, "C2", "L1") == (0, None)
