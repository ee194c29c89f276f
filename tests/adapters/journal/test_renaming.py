"""How a fact is renamed: what a store has under the old name is read under the new one, whatever reads it."""

import pytest
from sqlalchemy import Engine

from adapters.database import open_engine
from domain.commands.loading import load_day
from domain.facts import FACTS, DayPolled, catalogue, load, storing
from domain.ports.journal import Journal
from projections import queries
from projections.catching_up import catch_up
from projections.history import history
from tests.projections.stage import DATE, Stage, sale
from tests.support.golden import FOLDER

OLD, NEW = "business-day.read", "business-day.polled"


@pytest.fixture
def engine(database_url: str) -> Engine:
    """An engine on ``database_url``."""
    return open_engine(database_url)


def test_a_store_of_before_the_renaming(journal: Journal, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier release called the polled day read: its facts fold, show and tell as those of today, and verify."""
    stage = Stage(journal, engine)
    with monkeypatch.context() as earlier:  # the release that wrote under the old name
        earlier.setitem(catalogue._NAMES, DayPolled, OLD)
        earlier.setitem(FACTS, OLD, FACTS[NEW])
        stage.poll(sale("1", 950))
    with pytest.raises(storing.UnknownFact, match=OLD):
        load_day(journal, stage.day())
    monkeypatch.setitem(storing.ALIASES, OLD, NEW)
    stage.poll(sale("1", 1050))
    assert load_day(journal, stage.day()).generation == 2
    catch_up(engine, journal)
    row = queries.day(engine, "C1", "L1", DATE)
    assert row is not None
    assert (row.generation, row.net_sales_cents) == (2, 1050)
    assert [step.name for step in history(journal, engine, "C1", "L1", DATE)] == [
        NEW,
        "business-day.records-changed",
    ] * 2
    assert journal.verify().faults == ()
    engine.dispose()


@pytest.mark.parametrize("version", [1, 2])
def test_golden_files_of_the_old_name(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    """Every version that was stored under the old name is lifted as that of the new name is."""
    state = (FOLDER / f"{NEW}.v{version}.json").read_bytes()
    monkeypatch.setitem(storing.ALIASES, OLD, NEW)
    assert load(OLD, state) == load(NEW, state)
